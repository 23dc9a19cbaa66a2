import type { IConstruct } from 'constructs';
import { BlueprintError } from './blueprint-error';
import type { LogDestination } from './egress-control';
import type { AddressPlan } from './policy/address-plan';
import type { AllowRule, Cloud, Segment, Tier } from './policy/model';

/** A segment as it stands in one network; ids are tokens until deployed. */
export interface NetworkSegment {
  readonly name: string;
  readonly tier: Tier;
  /** Sorted by zone. */
  readonly cidrs: readonly string[];
  /** One per zone where subnets are zonal, else one. */
  readonly subnetIds: readonly string[];
  /** What a workload must carry to belong to the segment: security groups, secure tags, NSGs. */
  readonly groupIds: readonly string[];
}

/** A network in which segments reach each other only as the policy says, and nothing else. */
export interface ISegmentedNetwork extends IConstruct {
  readonly networkId: string;
  /** Sorted by name. */
  readonly segments: readonly NetworkSegment[];
  /** Where its flow logs go. */
  readonly logDestinations: readonly LogDestination[];
}

/**
 * The segment of a network that a workload is to be placed in, with all that the network's cloud says of it.
 *
 * @throws BlueprintError when the network has none of that name; it lists those that it has.
 */
export function segmentNamed<S extends NetworkSegment>(network: IConstruct & { readonly segments: readonly S[] }, name: string): S {
  const found = network.segments.find((segment) => segment.name === name);
  if (found) return found;
  throw new BlueprintError(network, [{ message: `'${name}' is no segment of this network; segments: ${network.segments.map((segment) => segment.name).join(', ')}` }]);
}

/** What the network of every cloud needs. */
export interface SegmentedNetworkProps<C extends Cloud = Cloud> {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly segments: readonly Segment[];
  /**
   * The rules that hold on this cloud. The network opens a segment's filters towards the egress
   * control only for segments that are named here, and only on their ports.
   */
  readonly rules: readonly AllowRule[];
  readonly addresses: AddressPlan<C>;
}
