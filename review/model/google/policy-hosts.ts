/** What the policy file grants, beside what the plan lets through. */
import type { AllowRule, Policy } from '../../../blueprints/policy/model';
import { append } from '../../append';
import type { Step } from '../../paths/trace';
import type { Verdict } from '../../paths/verdict';
import type { AllowedHost, Place } from '../network-model';
import { policyRules, type HeldRules } from '../policy-rules';

/** A host that the plan lets through, with the rule of the policy file that grants it. */
export interface PlannedHost {
  readonly host: AllowedHost;
  readonly place: Place;
  readonly rule?: AllowRule;
  readonly witness?: readonly Step[];
}

export function plannedHosts(policy: Policy | undefined, verdicts: readonly Verdict[]): readonly PlannedHost[] {
  const held = policy && policyRules(policy, 'google', verdicts.map(({ place }) => place));
  const seen = new Set<string>();
  return verdicts.flatMap(({ place, hosts, witness }) => hosts.flatMap((host) => {
    const agreement = held?.at(place);
    const key = `${place.segment ?? ''} ${host.host} ${host.ports.join()} ${host.rule} ${agreement?.environments.join() ?? ''}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const rules = agreement?.naming(host.host) ?? [];
    const rule = rules.find(({ ports }) => ports.every((port) => host.ports.length === 0 || host.ports.includes(port))) ?? rules[0];
    return [{ host, place, ...(rule ? { rule } : {}), ...(witness ? { witness } : {}) }];
  }));
}

/** One segment in one environment: `api.stripe.com:443` as the plan has it, and as the file has it. */
export interface Grants {
  readonly place: Place;
  readonly agreement: HeldRules;
  readonly granted: ReadonlyMap<string, AllowedHost>;
  readonly planned: ReadonlySet<string>;
  /** Of `planned` what holds in every environment that the segment may be in. */
  readonly certain: ReadonlySet<string>;
  /** False where the plan does not tell what the segment reaches: `granted` may lack some then. */
  readonly isKnown: boolean;
  readonly witness?: readonly Step[];
}

/** Only segments that the file and the plan both have; without a segment there is nothing to compare with. */
export function grants(policy: Policy, verdicts: readonly Verdict[]): readonly Grants[] {
  const held = policyRules(policy, 'google', verdicts.map(({ place }) => place));
  const names = new Set(policy.segments.map(({ name }) => name));
  const byAgreement = new Map<HeldRules, Verdict[]>();
  for (const verdict of verdicts) {
    const { segment } = verdict.place;
    if (segment !== undefined && names.has(segment)) append(byAgreement, held.at(verdict.place), verdict);
  }
  return [...byAgreement].map(([agreement, all]) => {
    const granted = new Map(all.flatMap(({ hosts }) => hosts.flatMap((host) => hostKeys(host).map((key) => [key, host] as const))));
    const witness = all.find((verdict) => verdict.witness)?.witness;
    return { place: (all[0] as Verdict).place, agreement, granted, planned: keysOf(agreement.rules), certain: keysOf(agreement.certain), isKnown: all.every(({ kind }) => kind !== 'unknown'), ...(witness ? { witness } : {}) };
  });
}

function keysOf(rules: readonly AllowRule[]): ReadonlySet<string> {
  return new Set(rules.flatMap((rule) => rule.ports.flatMap((port) => grantedHosts(rule).map((host) => `${host}:${port}`))));
}

function hostKeys({ host, ports }: AllowedHost): readonly string[] {
  return ports.length === 0 ? [`${host}:any port`] : ports.map((port) => `${host}:${port}`);
}

/** A rule over bare tcp holds for its addresses, because no name travels on the wire. */
function grantedHosts(rule: AllowRule): readonly string[] {
  return rule.protocol === 'tcp' ? rule.addresses.map((address) => (address.includes('/') ? address : `${address}/32`)) : [rule.host.text];
}
