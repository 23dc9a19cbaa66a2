/** Workloads in a plan: what they are, where they stand, and which public addresses are their own. */
import type { Resource } from '../../plan/resource-graph';
import type { Hop } from '../network-model';
import type { Attachment } from './attachments';
import type { Addresses } from './outbound';
import type { Pointed } from './read';

export interface Workload {
  /** Unique among places. */
  readonly id: string;
  readonly resource: Resource;
  /** Terraform addresses of the workload and its interfaces. */
  readonly addresses: readonly string[];
  /** The subnets that it may stand in; not set for one outside of any network. */
  readonly subnet: Pointed;
  /** Security groups of its interface. */
  readonly groups: Attachment;
  /** Its application security groups; undefined where nobody knows. */
  readonly memberships: ReadonlySet<Resource> | undefined;
  readonly publicAddresses: Addresses;
  /** Static private addresses; none unless it has no others. */
  readonly privateAddresses: readonly string[];
  /** It may send packets of other sources, which rules for its own addresses do not take in. */
  readonly forwards?: true;
  /** How it gets out past any network: a platform without a network of its own. `exit`: what it lets out; default: everything. */
  readonly direct?: { readonly label: string; readonly doubt?: string; readonly exit?: Hop };
  /** Why the routes of its subnet may not count: what its groups let out may then go straight to the internet. */
  readonly unrouted?: string;
}
