/** What the policy file grants, beside what the plan lets through. */
import { allowRulesFor, type AllowRule, type Policy } from '../../../blueprints/policy/model';
import type { Step } from '../../paths/trace';
import type { Verdict } from '../../paths/verdict';
import type { AllowedHost, Place } from '../network-model';

/** A host that the plan lets through, with the rule of the policy file that grants it. */
export interface PlannedHost {
  readonly host: AllowedHost;
  readonly place: Place;
  readonly rule?: AllowRule;
  readonly witness?: readonly Step[];
}

export function plannedHosts(policy: Policy | undefined, verdicts: readonly Verdict[]): readonly PlannedHost[] {
  const rules = policy ? allowRulesFor(policy, 'google') : [];
  const seen = new Set<string>();
  return verdicts.flatMap(({ place, hosts, witness }) => hosts.flatMap((host) => {
    const key = `${place.segment ?? ''} ${host.host} ${host.ports.join()} ${host.rule}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const rule = rules.find((each) => (place.segment === undefined || each.segments.includes(place.segment)) && grantedHosts(each).includes(host.host) && each.ports.every((port) => host.ports.length === 0 || host.ports.includes(port)))
      ?? rules.find((each) => (place.segment === undefined || each.segments.includes(place.segment)) && grantedHosts(each).includes(host.host));
    return [{ host, place, ...(rule ? { rule } : {}), ...(witness ? { witness } : {}) }];
  }));
}

/** One segment: `api.stripe.com:443` as the plan has it, and as the file has it. */
export interface Grants {
  readonly place: Place;
  readonly granted: ReadonlyMap<string, AllowedHost>;
  readonly planned: ReadonlySet<string>;
  /** False where the plan does not tell what the segment reaches: `granted` may lack some then. */
  readonly isKnown: boolean;
  readonly witness?: readonly Step[];
}

/** Only segments that the file and the plan both have; without a segment there is nothing to compare with. */
export function grants(policy: Policy, verdicts: readonly Verdict[]): readonly Grants[] {
  const rules = allowRulesFor(policy, 'google');
  const names = new Set(policy.segments.map(({ name }) => name));
  const bySegment = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const { segment } = verdict.place;
    if (segment !== undefined && names.has(segment)) bySegment.set(segment, [...(bySegment.get(segment) ?? []), verdict]);
  }
  return [...bySegment].map(([segment, all]) => {
    const granted = new Map(all.flatMap(({ hosts }) => hosts.flatMap((host) => hostKeys(host).map((key) => [key, host] as const))));
    const planned = new Set(rules.filter((rule) => rule.segments.includes(segment)).flatMap((rule) => rule.ports.flatMap((port) => grantedHosts(rule).map((host) => `${host}:${port}`))));
    const witness = all.find((verdict) => verdict.witness)?.witness;
    return { place: (all[0] as Verdict).place, granted, planned, isKnown: all.every(({ kind }) => kind !== 'unknown'), ...(witness ? { witness } : {}) };
  });
}

function hostKeys({ host, ports }: AllowedHost): readonly string[] {
  return ports.length === 0 ? [`${host}:any port`] : ports.map((port) => `${host}:${port}`);
}

/** A rule over bare tcp holds for its addresses, because no name travels on the wire. */
function grantedHosts(rule: AllowRule): readonly string[] {
  return rule.protocol === 'tcp' ? rule.addresses.map((address) => (address.includes('/') ? address : `${address}/32`)) : [rule.host.text];
}
