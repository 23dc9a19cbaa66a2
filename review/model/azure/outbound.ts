/**
 * As which address packets leave whose route says `Internet`: a NAT gateway's, their own, a load
 * balancer's, or one that Azure lends.
 * https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
 */
import type { Resource } from '../../plan/resource-graph';
import { INTERNET, type Family } from '../addresses';
import type { Hop, HopKind, Outcome } from '../network-model';
import { both, except, isNothing, traffic as trafficOf, type Traffic } from '../traffic';
import { doubted, isDoubted } from './doubt';
import { isUnset, text } from './read';
import { ofService, servicePorts } from './service-ports';
import type { Refusals } from './service-refusals';
import type { AzureSubnet } from './subnet';

/** Public addresses of one workload. */
export interface OwnAddress {
  /** The public address, or what brings it: a load balancer, a scale set. */
  readonly address: string;
  readonly kind: 'gateway' | 'nat' | 'provider-default';
  readonly label: string;
  /** What it is an address of; undefined: perhaps of both. */
  readonly family?: Family;
  /** Why it may not have it. */
  readonly doubt?: string;
}

/** A workload that is not in the plan may carry any address. */
export type Addresses = readonly OwnAddress[] | 'any';

/** The last hop before the internet. */
export class ExitHop implements Hop {
  constructor(readonly address: string, readonly kind: HopKind, readonly label: string) {}

  forward(traffic: Traffic): readonly Outcome[] {
    return [{ kind: 'internet', traffic }];
  }
}

/**
 * Accounts in the region, whoever's they are: a machine calls them without any public address, also where its subnet lends none.
 * https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access#limitations-of-private-subnets
 */
const STORAGE = ofService('Microsoft.Storage', 4);
const STORAGE_PORTS = trafficOf(4, [{ protocol: 'tcp', ports: servicePorts('Microsoft.Storage'), destinations: INTERNET[4] }]);

/** How paths and messages call them. */
export const STORAGE_OF_REGION = "storage accounts of the region, anybody's, which Azure lets a machine call without a public address";

/** What becomes of traffic that a subnet's routes send to the internet. */
export class Outbound {
  private readonly nats: readonly Hop[];
  /** NAT gateways of SKU StandardV2 take IPv6, too, where they have such an address. https://learn.microsoft.com/azure/nat-gateway/nat-sku */
  private readonly nats6: readonly Hop[];
  private readonly own: readonly { readonly hop: Hop; readonly family?: Family }[];
  private readonly lent?: Hop;
  /** Nothing where a service endpoint takes what goes to storage. */
  private readonly storage?: Hop;
  /** The workload is not in the plan. */
  private readonly isOpen: boolean;

  /** @param refused what the groups on the way here refuse of storage by its tag */
  constructor(private readonly subnet: AzureSubnet, addresses: Addresses, private readonly refused?: Refusals) {
    const { candidates, mayBeNone, unknown } = subnet.natGateways;
    const isSure = candidates.length > 0 && !mayBeNone;
    const hops = candidates.map((nat) => new ExitHop(nat.address, 'nat', 'NAT gateway'));
    this.nats = [
      ...hops.map((hop) => (isSure ? hop : doubted(hop, `whether ${subnet.address} has a NAT gateway is not known`))),
      ...(unknown === undefined ? [] : [new ExitHop(subnet.natGateways.by[0]?.address ?? subnet.address, 'nat', 'a NAT gateway outside of the plan')]),
    ];
    this.nats6 = candidates.flatMap((nat, index) => (text(nat, 'sku_name')?.toLowerCase() === 'standard' || isUnset(nat, 'sku_name') ? [] : [doubted(hops[index] as Hop, `whether ${nat.address} has an IPv6 address is not known`)]));
    this.own = addresses === 'any'
      ? [{ hop: new ExitHop(subnet.address, 'gateway', 'a public address, if a workload carries one') }]
      : addresses.map(({ address, kind, label, family, doubt }) => {
        const hop = new ExitHop(address, kind, label);
        return { hop: doubt === undefined ? hop : doubted(hop, doubt), ...(family === undefined ? {} : { family }) };
      });
    this.isOpen = addresses === 'any';
    if (!subnet.serviceEndpoints.items.some((service) => /^microsoft\.storage(\.global)?$/i.test(service))) this.storage = new ExitHop(subnet.address, 'provider-default', STORAGE_OF_REGION);
    if (subnet.defaultOutbound) this.lent = new ExitHop(subnet.address, 'provider-default', 'default outbound access');
  }

  forward(traffic: Traffic): readonly Outcome[] {
    const ways = this.ways(traffic.family).map((to): Outcome => ({ kind: 'next', to, traffic }));
    if (ways.some((way) => way.kind === 'next' && !isDoubted(way.to))) return ways;
    const answered: Traffic = traffic.family === 4 ? both(traffic, STORAGE) : { family: 6, boxes: [] };
    const stored = this.refused && !isNothing(answered) ? except(answered, this.refused('Microsoft.Storage', 4)) : answered;
    const storage: readonly Outcome[] = !this.storage || isNothing(stored) ? [] : [{ kind: 'next', to: this.storage, traffic: stored }];
    if (ways.length > 0) return [...ways, ...storage];
    return [...storage, { kind: 'blocked', traffic: storage.length === 0 ? traffic : except(traffic, STORAGE_PORTS), reason: `nothing gives a packet from ${this.subnet.address} a public address: no NAT gateway, no address of its own, no default outbound access` }];
  }

  /** A NAT gateway takes everything over IPv4. Azure lends no address for IPv6, and none beside one of its own. */
  private ways(family: Family): readonly Hop[] {
    const lent = this.lent && family === 4 ? [this.lent] : [];
    if (family === 4 && this.nats.length > 0) return this.nats;
    const own = this.own.flatMap(({ hop, family: only = family }) => (only === family ? [hop] : []));
    if (this.isOpen) return lent.length > 0 ? lent : own;
    return own.some((hop) => !isDoubted(hop)) ? own : [...own, ...lent, ...this.nats6];
  }
}

/** For places that are in no subnet of the plan. */
export function exitOf(resource: Resource, label: string): Hop {
  return new ExitHop(resource.address, 'gateway', label);
}
