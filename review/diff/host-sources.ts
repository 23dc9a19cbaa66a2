/** Who wanted a host that a change opens, and what for, as the policy file has it. */
import { CLOUDS, type Cloud, type Policy } from '../../blueprints/policy/model';
import type { AllowedHost, Place } from '../model/network-model';
import { policyRules, type PolicyRules } from '../model/policy-rules';
import type { Verdict } from '../paths/verdict';
import type { ReachChange } from '../result';

export type HostSource = Pick<ReachChange, 'owner' | 'reason'>;

/** The rules that hold where the places of one input are. */
export class HostSources {
  private readonly rules = new Map<Cloud, PolicyRules>();

  /** @param policy without one nobody is known */
  constructor(private readonly policy: Policy | undefined, private readonly verdicts: readonly Verdict[]) {}

  /** By the exact text: a host that only a wildcard covers has no owner of its own. Nobody for a place of no segment. */
  of({ host }: AllowedHost, place: Place | undefined): HostSource {
    const cloud = CLOUDS.find((each) => each === place?.cloud);
    if (!this.policy || !place || !cloud || place.segment === undefined) return {};
    const [rule] = this.rulesOn(cloud, this.policy).at(place).naming(host);
    return rule ? { owner: rule.owner, reason: rule.reason } : {};
  }

  /** Of each host the first place that reaches it. */
  placesIn(verdicts: readonly Verdict[]): ReadonlyMap<AllowedHost, Place> {
    const lists = new Map<readonly AllowedHost[], Place>();
    if (this.policy) for (const { hosts, place } of verdicts) if (!lists.has(hosts)) lists.set(hosts, place);
    const places = new Map<AllowedHost, Place>();
    for (const [hosts, place] of lists) for (const host of hosts) if (!places.has(host)) places.set(host, place);
    return places;
  }

  private rulesOn(cloud: Cloud, policy: Policy): PolicyRules {
    let found = this.rules.get(cloud);
    if (!found) this.rules.set(cloud, (found = policyRules(policy, cloud, this.verdicts.map(({ place }) => place).filter((place) => place.cloud === cloud))));
    return found;
  }
}
