import type { Hit } from '../check';
import type { AzureCheck, AzureContext } from './azure-check';
import { askedAndMissing } from './asked-and-missing';
import { certainEnvironments } from './planned-environments';
import { clusterWords, grantWords, ruleWords, rulesOf, wordsFor } from './policy-hosts';
import { isUnset, text } from '../../model/azure/read';
import { doubtOf, type HeldRules } from '../../model/policy-rules';
import type { Policy } from '../../../blueprints/policy/model';

export const check: AzureCheck = {
  id: 'plan-and-policy-disagree',
  title: 'what plan and policy do not agree on',
  severity: 'high',
  why: 'What the plan lets through and the policy does not name has no owner and no reason; what the policy names and the plan stops is broken. Without its zone the name of a service leads to a public address, and workloads look for a way there. Rules of another parent policy are not the ones that somebody agreed to.',
  fix: 'Add the host, or the parent policy, to egress.yaml with an owner and a reason, or synthesize the stack again.',
  references: ['https://learn.microsoft.com/azure/firewall/overview'],
  comparable: [],
  *run(context) {
    const { verdicts, policy, model } = context;
    if (!policy) return;
    yield* otherParents(context);
    yield* askedAndMissing(context);
    // Of a subnet that is made elsewhere no plan tells the addresses, so that rules for any source may be for it.
    const elsewhere = new Set(model.views.filter(({ subnet }) => subnet.exists).map(({ address }) => address));
    const ofAnybody = new Set(elsewhere.size === 0 ? [] : policy.segments.flatMap(({ name }) => wordsFor(context, policy, name)));
    for (const { place, kind, hosts, witness, family } of verdicts) {
      const { segment } = place;
      if (family !== 4 || segment === undefined || !policy.segments.some(({ name }) => name === segment)) continue;
      const planned = new Set(hosts.flatMap(grantWords));
      const agreement = rulesOf(context).at(place);
      const { allowed, certain, isSure } = agreedIn(agreement, segment, policy);
      const address = place.addresses[0] ?? place.id;
      const more = [...planned].filter((host) => !allowed.has(host) && !(elsewhere.has(place.id) && ofAnybody.has(host)));
      const fewer = kind === 'allowlisted' || kind === 'none' ? [...certain].filter((host) => !planned.has(host)) : [];
      const doubtful = [...planned].filter((host) => allowed.has(host) && !isSure(host));
      if (more.length > 0) yield { address, segment, message: `the plan lets ${segment} reach ${more.join(', ')}, which the policy does not name`, ...(witness ? { witness } : {}) };
      if (doubtful.length > 0) yield { address, segment, severity: 'medium', confidence: 'possible', message: `the plan lets ${segment} reach ${doubtful.join(', ')}, and ${doubtOf(agreement)}`, ...(witness ? { witness } : {}) };
      if (fewer.length > 0) yield { address, segment, message: `the policy lets ${segment} reach ${fewer.join(', ')}, which the plan does not`, severity: 'medium' };
    }
  },
};

/** In words what the policy agrees to. */
interface Agreed {
  readonly allowed: ReadonlySet<string>;
  /** By rules that hold in each of the environments. */
  readonly certain: ReadonlySet<string>;
  /** Whether the policy agrees in each of them, for a cluster or by a rule. */
  readonly isSure: (host: string) => boolean;
}

const agreed = new WeakMap<HeldRules, Agreed>();

/** Once for each segment in its environments. */
function agreedIn(held: HeldRules, segment: string, policy: Policy): Agreed {
  let found = agreed.get(held);
  if (!found) {
    const clusters = held.environments.map((name) => new Set(clusterWords(policy, segment, [name])));
    const certain = new Set(held.certain.flatMap(ruleWords));
    const allowed = new Set([...held.rules.flatMap(ruleWords), ...clusters.flatMap((words) => [...words])]);
    agreed.set(held, (found = { allowed, certain, isSure: (host) => certain.has(host) || clusters.every((words) => words.has(host)) }));
  }
  return found;
}

/** A central team's rules come before these, and their denials hold. https://learn.microsoft.com/azure/firewall-manager/rule-hierarchy */
function* otherParents(context: AzureContext): Iterable<Hit> {
  const meant = new Set(certainEnvironments(context).flatMap(({ firewall, hub }) => (hub ? [] : firewall.parentPolicy ?? [])).map((id) => id.toLowerCase()));
  if (meant.size === 0) return;
  for (const policy of new Set([...context.model.firewalls.values()].flatMap(({ policies }) => policies.at(-1) ?? []))) {
    const id = text(policy.resource, 'base_policy_id')?.toLowerCase();
    if (id === undefined ? isUnset(policy.resource, 'base_policy_id') : !meant.has(id)) yield { address: policy.address, message: `it ${id === undefined ? 'has no parent' : `has the parent ${id}`}; the policy says ${[...meant].join(' or ')}`, severity: 'medium' };
  }
}
