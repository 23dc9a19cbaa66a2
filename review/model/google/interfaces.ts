/** A network interface of a machine that the plan makes, or that could be made. */
import type { Carrier } from './firewall-decision';
import type { Family } from '../addresses';
import type { GoogleNetwork, GoogleSubnet } from './networks';

/** `unknown`: with the reason. */
export type Having = 'yes' | 'no' | { readonly unknown: string };

/** A public address that is not the interface's own, but that it may send from. */
export interface LentAddress {
  /** The Terraform address of what gives it: a load balancer's forwarding rule, say. */
  readonly address: string;
  /** What kind of address it is, in words. */
  readonly what: string;
  /** Absent: not known. */
  readonly family?: Family;
  /** Why it may not have it. */
  readonly doubt?: string;
}

export interface Interface {
  /** The Terraform address of the machine or subnet. */
  readonly address: string;
  /** More than one where the plan does not tell which. */
  readonly networks: readonly GoogleNetwork[];
  readonly subnets: readonly GoogleSubnet[];
  readonly carrier: Carrier;
  readonly hasIpv4: Having;
  readonly publicIpv4: Having;
  readonly publicIpv6: Having;
  /** Of passthrough load balancers that it is behind, and of what keeps the state of a group. Default: none. */
  readonly lent?: readonly LentAddress[];
  /** An IPv6 address of any kind. */
  readonly hasIpv6: Having;
  /** Why it may not stand there: another interface stands for where it most likely does. Absent: it does, as far as anybody can tell. */
  readonly doubt?: string;
  /** Its internal addresses, as far as known: what a route's next hop may name. */
  readonly ips: readonly string[];
  /** Whether it may send from addresses that are not its own. Default: false. https://cloud.google.com/vpc/docs/using-routes#canipforward */
  readonly forwards?: true;
  /** Whether all of its addresses are of the primary range of its subnet. Default: some may be of others. https://cloud.google.com/vpc/docs/alias-ip */
  readonly isOfPrimary?: true;
}
