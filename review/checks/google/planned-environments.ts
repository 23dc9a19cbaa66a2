/** Which environments of the policy file a plan is of. */
import { planAddresses } from '../../../blueprints/policy/address-plan';
import type { GoogleEnvironment, Policy } from '../../../blueprints/policy/model';

export interface PlannedEnvironment {
  readonly environment: GoogleEnvironment;
  /** The range that the address plan gives each segment, by segment. */
  readonly ranges: ReadonlyMap<string, string>;
}

/** Those of which a subnet has the range that a segment was given. @param built the ranges of the plan's subnets */
export function plannedEnvironments(policy: Policy | undefined, built: readonly (string | undefined)[]): readonly PlannedEnvironment[] {
  if (!policy) return [];
  const there = new Set(built);
  return policy.environments.flatMap(({ google: environment }) => {
    if (!environment) return [];
    const addresses = planAddresses(policy, environment);
    const ranges = new Map(policy.segments.map(({ name }) => [name, addresses.segment(name)]));
    return [...ranges.values()].some((range) => there.has(range)) ? [{ environment, ranges }] : [];
  });
}
