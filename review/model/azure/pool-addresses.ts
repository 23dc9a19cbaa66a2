/**
 * Pools of load balancers that list addresses: whoever has one of them is behind the balancer, and is lent its
 * public address, or one of Azure's, also where its subnet has no default outbound access.
 * https://learn.microsoft.com/azure/load-balancer/backend-pool-management
 * https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access#limitations-of-private-subnets
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { addressRange, addressesOf } from '../addresses';
import { includes } from '../ranges';
import type { OwnAddress } from './outbound';
import { isUnset, pointsTo, text, texts, under, type Pointed } from './read';

const NETWORK = 'azurerm_virtual_network';

interface Listed {
  /** Of the address; undefined where the plan does not tell. */
  readonly network: Resource | undefined;
  readonly lends: readonly OwnAddress[];
}

export class PoolAddresses {
  private readonly byAddress = new Map<string, Listed[]>();
  private readonly byInterface = new Map<Resource, OwnAddress[]>();
  /** Of addresses that the plan does not tell. */
  private readonly hidden: Listed[] = [];
  private readonly bySubnet = new Map<Resource, readonly OwnAddress[]>();

  /** @param ofBalancer what the balancer of the pool lends; nothing for one that lends nothing */
  add(entry: Resource, at: AttributePath, ofBalancer: readonly OwnAddress[]): void {
    const path = under(at, 'ip_address');
    // A balancer of balancers lists these.
    if (isUnset(entry, path)) return;
    const lends: readonly OwnAddress[] = [...ofBalancer, { address: entry.address, kind: 'provider-default', label: 'default outbound access, which whoever a pool lists by address has' }];
    const networks = pointsTo(entry, under(at, 'virtual_network_id'), NETWORK);
    const network = networks.exact ? networks.targets[0] : undefined;
    const address = text(entry, path);
    if (address !== undefined) {
      this.byAddress.set(address, [...(this.byAddress.get(address) ?? []), { network, lends }]);
      return;
    }
    const { targets, exact } = pointsTo(entry, path, 'azurerm_network_interface');
    for (const nic of targets) this.byInterface.set(nic, [...(this.byInterface.get(nic) ?? []), ...(exact ? lends : doubtful(lends))]);
    if (targets.length === 0) this.hidden.push({ network, lends: doubtful(lends) });
  }

  /**
   * @param addresses its private addresses; none where the plan does not tell them
   * @param subnet where it stands
   */
  of(workload: Resource, addresses: readonly string[], subnet: Pointed): readonly OwnAddress[] {
    if (this.byAddress.size + this.byInterface.size + this.hidden.length === 0) return [];
    const known = addresses.length > 0
      ? addresses.flatMap((address) => this.byAddress.get(address) ?? []).filter((listed) => mayBeIn(listed, subnet.targets)).flatMap(({ lends }) => lends)
      : subnet.targets.flatMap((each) => this.inSubnet(each));
    return [...(this.byInterface.get(workload) ?? []), ...known, ...this.hidden.filter((listed) => mayBeIn(listed, subnet.targets)).flatMap(({ lends }) => lends)];
  }

  /** For somebody in a subnet, who may have any address of it. */
  private inSubnet(subnet: Resource): readonly OwnAddress[] {
    let found = this.bySubnet.get(subnet);
    if (!found) {
      const all = [...this.byAddress].flatMap(([address, each]) => each.filter((listed) => mayBeIn(listed, [subnet]) && mayHold(subnet, address))).flatMap(({ lends }) => lends);
      this.bySubnet.set(subnet, (found = [...new Map(doubtful(all).map((each) => [each.address, each])).values()]));
    }
    return found;
  }
}

function mayBeIn({ network }: Listed, subnets: readonly Resource[]): boolean {
  if (!network) return true;
  const networks = subnets.map((subnet) => (subnet.type === NETWORK ? [subnet] : pointsTo(subnet, 'virtual_network_name', NETWORK).targets));
  return networks.length === 0 || networks.some((each) => each.length === 0 || each.includes(network));
}

function mayHold(subnet: Resource, address: string): boolean {
  const prefixes = texts(subnet, subnet.type === NETWORK ? 'address_space' : 'address_prefixes');
  const found = addressRange(address);
  return !found || prefixes.unknown !== undefined || prefixes.items.length === 0 || includes(addressesOf(prefixes.items, found.family), [found.range]);
}

function doubtful(lends: readonly OwnAddress[]): readonly OwnAddress[] {
  return lends.map((each) => ({ ...each, doubt: each.doubt ?? `who has the addresses behind ${each.address} is not known` }));
}
