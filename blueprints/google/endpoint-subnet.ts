import { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork';
import { Construct } from 'constructs';
import { Address4 } from 'ip-address';
import { BlueprintError } from '../blueprint-error';
import { subnet, type AddressPlan } from '../policy/address-plan';
import { contentHash } from './content-hash';
import { nameProblems, resourceName } from './names';

/** What a subnet of endpoints needs. */
export interface GoogleEndpointSubnetProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly region: string;
  readonly networkId: string;
  /** A block in which no segment lies. */
  readonly cidr: string;
}

/** Google takes the first two and the last two. https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet */
const RESERVED_FRONT = 2;
const RESERVED_BACK = 2;
const QUARTER_BITS = 2;

/**
 * A subnet for addresses that stand for services: the Secure Web Proxy and published services. It
 * is in no segment: no tag belongs to it, no NAT serves it, and nothing should run there.
 *
 * Addresses follow names, so that a service that comes or goes moves no other.
 */
export class GoogleEndpointSubnet extends Construct {
  readonly subnetwork: ComputeSubnetwork;
  /** The address of the proxy: the first that is free. */
  readonly proxyAddress: string;
  private readonly cidr: string;

  constructor(scope: Construct, id: string, props: GoogleEndpointSubnetProps) {
    super(scope, id);
    this.cidr = props.cidr;
    const problems = nameProblems([resourceName(props.name, 'endpoints')]);
    if (problems.length > 0) throw new BlueprintError(this, problems);
    this.proxyAddress = addressAt(props.cidr, RESERVED_FRONT);
    this.subnetwork = new ComputeSubnetwork(this, 'subnet', {
      name: resourceName(props.name, 'endpoints'),
      // Fixed for life: Google replaces a subnet whose description changes. The review goes by it.
      description: ENDPOINTS_ONLY,
      network: props.networkId,
      region: props.region,
      ipCidrRange: props.cidr,
      privateIpGoogleAccess: true,
      stackType: 'IPV4_ONLY',
      logConfig: { aggregationInterval: 'INTERVAL_1_MIN', flowSampling: 1, metadata: 'INCLUDE_ALL_METADATA' },
    });
  }

  /**
   * The places of services among the addresses, by name; what a person wrote comes first.
   *
   * @param wanted the addresses that the policy file gives, by name.
   * @returns places counted from the start of the block, and what two names cannot share.
   */
  placesOf(names: readonly string[], wanted: ReadonlyMap<string, string> = new Map()): { readonly places: ReadonlyMap<string, number>; readonly problems: readonly string[] } {
    const first = RESERVED_FRONT + 1;
    const size = 2 ** (32 - Number(this.cidr.split('/')[1]));
    const free = size - first - RESERVED_BACK;
    const problems: string[] = [];
    const places = new Map([...names].sort().map((name): [string, number] => {
      const address = wanted.get(name);
      if (address === undefined) return [name, first + (contentHash(name) % free)];
      const place = Number(new Address4(address).bigInt() - new Address4(this.cidr).startAddress().bigInt());
      if (place < first || place >= first + free) problems.push(`google: address ${address} of '${name}' is no free address of ${this.cidr}; choose one from ${addressAt(this.cidr, first)} to ${addressAt(this.cidr, first + free - 1)}`);
      return [name, place];
    }));
    const owners = new Map<number, string>();
    for (const [name, place] of places) {
      const owner = owners.get(place);
      if (owner !== undefined) problems.push(`google: the published services '${owner}' and '${name}' fall on the same address ${addressAt(this.cidr, place)}; give one of them 'address: <another of ${this.cidr}>'`);
      else owners.set(place, name);
    }
    return { places, problems };
  }

  /** The address at a place. */
  addressAt(place: number): string {
    return addressAt(this.cidr, place);
  }
}

/** The parts of the address plan's block `endpoints`: its first quarter is a subnet, its last holds the one address of Google's APIs. */
export function endpointAddresses(addresses: AddressPlan<'google'>): { readonly subnet: string; readonly apis: string } {
  const block = addresses.infrastructure('endpoints');
  return { subnet: subnet(block, QUARTER_BITS, 0), apis: addressAt(subnet(block, QUARTER_BITS, 3), 1) };
}

/** The review goes by these words: nothing that runs somebody's code belongs there. */
export const ENDPOINTS_ONLY = 'Endpoints only: no machine belongs here';

/** The address that comes so many after the first of a block. */
export function addressAt(cidr: string, place: number): string {
  return Address4.fromBigInt(new Address4(cidr).startAddress().bigInt() + BigInt(place)).correctForm();
}
