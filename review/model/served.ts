/** Whose things answer behind a private endpoint. */

/**
 * `own`: what the plan makes, or what the endpoint's policy names. `anybody`: things of every customer
 * of the cloud. `another`: a service of somebody else. `unknown`: the plan does not tell.
 */
export type ServedKind = 'own' | 'anybody' | 'another' | 'unknown';

export interface Served {
  readonly kind: ServedKind;
  /** Half a sentence: `it has no policy, so AWS allows everything`. */
  readonly why: string;
  /** What a policy names of resources, accounts and organizations, or what is behind an endpoint of VPC Lattice, sorted. */
  readonly names?: readonly string[];
}
