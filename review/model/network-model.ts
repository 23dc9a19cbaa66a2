/**
 * The cloud-neutral network that every cloud's plan is read into: places that packets start from,
 * and hops that pass them on. The clouds differ in which hops they make; how a path is followed,
 * judged and shown is the same for all (`review/paths`).
 */
import type { Family } from './addresses';
import type { Traffic } from './traffic';

export type Cloud = 'aws' | 'google' | 'azure' | 'kubernetes';

/** What a hop is, for words and pictures. */
export type HopKind =
  | 'workload' | 'group' | 'acl' | 'subnet' | 'route' | 'firewall' | 'proxy' | 'nat' | 'gateway'
  | 'endpoint' | 'peering' | 'transit' | 'network-policy' | 'provider-default' | 'internet';

/** One name that a firewall lets through. */
export interface AllowedHost {
  /** `api.stripe.com`, `*.docker.io` (subdomains only), `.docker.io` (apex and subdomains), `*` (any name), or a CIDR where a rule lists addresses. */
  readonly host: string;
  /** `any` where the control cannot tell. */
  readonly protocol: 'tls' | 'http' | 'any';
  /** Sorted; empty means every port. */
  readonly ports: readonly number[];
  /** CIDRs: to these addresses alone, as the rule, or what is asked before the control, lets it out to no others. Absent where that is half of the internet or more. */
  readonly addresses?: readonly string[];
  /** Sorted names that `host` stands for too, and that the control refuses before it lets the rest through. */
  readonly except?: readonly string[];
  /** The Terraform address of the rule. */
  readonly rule: string;
}

/** A control that lets traffic through by host name. */
export interface Guard {
  /** The Terraform address of the firewall, policy or proxy. */
  readonly control: string;
  /** Sorted by host, protocol, ports. */
  readonly hosts: readonly AllowedHost[];
}

/** What becomes of some traffic at a hop. One hop may do several of these to parts of it. */
export type Outcome =
  /** It goes on. `guard`: from here on only to the hosts that the guard lets through. */
  | { readonly kind: 'next'; readonly to: Hop; readonly traffic: Traffic; readonly guard?: Guard }
  /** It is on the internet. `address`: as which public address, where known. */
  | { readonly kind: 'internet'; readonly traffic: Traffic; readonly guard?: Guard }
  /** It ends at a private service, another network or nowhere that is the internet. */
  | { readonly kind: 'elsewhere'; readonly traffic: Traffic; readonly where: string }
  | { readonly kind: 'blocked'; readonly traffic: Traffic; readonly reason: string }
  /** The plan does not say. Never treated as blocked. */
  | { readonly kind: 'unknown'; readonly traffic: Traffic; readonly reason: string };

/** A filter, route table, gateway, … that traffic passes. */
export interface Hop {
  /** The Terraform address; for what a provider adds by itself, the address it belongs to. */
  readonly address: string;
  readonly kind: HopKind;
  /** A few words beside the address: `0.0.0.0/0 -> nat`, `built-in rule AllowInternetOutBound`. */
  readonly label?: string;
  forward(traffic: Traffic): readonly Outcome[];
  /**
   * True for a place's first hop whose `forward` says nothing of this very place, not even in a
   * reason. Places that begin with the same function, the very object, are then traced once, and
   * differ in their first step alone. Default: false.
   */
  readonly isShared?: boolean;
}

/**
 * Where packets start: a workload, or, where a plan has none, a subnet together with the groups
 * that a workload in it would carry.
 */
export interface Place {
  /** Unique; the Terraform address of the workload or subnet, with `+ group` where groups stand in. */
  readonly id: string;
  readonly kind: 'workload' | 'subnet';
  readonly cloud: Cloud;
  /** Terraform addresses of the workload or subnet and the groups. */
  readonly addresses: readonly string[];
  /** The name in the policy file, from the resource's own tags, labels or name, where it can be told. */
  readonly segment?: string;
  readonly tier?: 'public' | 'private' | 'data';
  /** The Terraform address of its network. */
  readonly network?: string;
  readonly zone?: string;
  /** The subnet's CIDRs, as far as known. */
  readonly cidrs: readonly string[];
  /** Families that it can have an address of. */
  readonly families: readonly Family[];
  /** True when no workload in the plan is known to be like this: the groups were paired with the subnet by what they share. */
  readonly hypothetical: boolean;
  readonly start: Hop;
}
