/**
 * Of a plan that Terraform could not finish nothing is known to be closed: what it did not come to may open anything, and
 * what it takes away stays, as Terraform applies no such plan (`applyable` is false).
 * https://developer.hashicorp.com/terraform/internals/json-format
 */
import type { Cloud, Place } from '../model/network-model';
import { everythingToInternet } from '../model/traffic';
import { stepOf } from './trace';
import type { Verdict } from './verdict';

const REASON = 'terraform stopped with an error: the plan is not whole, and cannot be applied';

/** What is open stays so; whatever else is not known. */
export function unfinished(verdict: Verdict): Verdict {
  const { place, family, kind, reasons } = verdict;
  if (kind === 'open') return verdict;
  const { blocker: _, ...rest } = verdict;
  return { ...rest, kind: 'unknown', witness: verdict.witness ?? [stepOf(place.start)], doubtfulTraffic: [everythingToInternet(family)], reasons: [...new Set([...reasons, REASON])].sort() };
}

/** Stands for all that such a plan does not hold, where it has no place itself: a review of nothing is none. */
export function nothingReached(cloud: Cloud): Place {
  const id = 'what Terraform did not come to';
  return { id, kind: 'subnet', cloud, addresses: [], cidrs: [], families: [4], hypothetical: true, start: { address: id, kind: 'subnet', forward: (traffic) => [{ kind: 'unknown', traffic, reason: REASON }] } };
}
