/** World egress on a group, worse where nothing guards the path; rules are judged one by one, whatever form they have. */
import { INTERNET, type Family } from '../../model/addresses';
import { isWorldly, ownedRules, placesByGroup, ruleText, VerdictIndex } from '../../model/aws/facts';
import { namedTraffic, type AwsGroup, type AwsGroupRule } from '../../model/aws/groups';
import type { AwsPlace } from '../../model/aws/places';
import { rangesOf, unionOf } from '../../model/ranges';
import { ALL_PORTS, both, except, traffic, type Traffic } from '../../model/traffic';
import type { Verdict } from '../../paths/verdict';
import type { AwsModel } from '../../model/aws/model';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'wide-group-egress',
  title: 'security group open to the world',
  severity: 'medium',
  why: 'The group is the last filter before the route: with a world-wide rule one changed route is enough to reach any host.',
  fix: 'Allow only the ports that firewall rules name for hosts of this segment; where nothing outside is allowed, drop the rule.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  comparable: ['checkov CKV_AWS_382', 'trivy AWS-0104'],
  *run({ model, verdicts }) {
    const places = placesByGroup(model);
    const index = new VerdictIndex(verdicts);
    const owned = ownedRules(model);
    for (const group of model.groups) {
      if (group.isDefault) continue;
      for (const rule of group.rules) {
        if (rule.direction !== 'egress' || (rule.possible !== undefined && owned.has(rule.address))) continue;
        const hit = worst(rule, group, places.get(group.address) ?? [], index);
        if (hit) yield hit;
      }
    }
  },
};

function worst(rule: AwsGroupRule, group: AwsGroup, places: readonly AwsPlace[], index: VerdictIndex): Hit | undefined {
  const service = rule.prefixLists.find((list) => list.service !== undefined);
  if (service && !(rule.protocol === 'tcp' && rule.fromPort === 443 && rule.toPort === 443)) {
    return hitOf(rule, group, `reaches the addresses of ${service.service} by ${ruleText(rule)}, of which only tcp/443 is of use`, 'medium');
  }
  // One rule may be shut in one family and open in the other.
  let found: Hit | undefined;
  for (const family of [4, 6] as const) {
    const hit = inFamily(rule, group, family, places, index);
    if (hit?.severity === 'high') return hit;
    if (hit && (!found || (found.severity === 'low' && hit.severity === 'medium'))) found = hit;
  }
  return found;
}

function inFamily(rule: AwsGroupRule, group: AwsGroup, family: Family, places: readonly AwsPlace[], index: VerdictIndex): Hit | undefined {
  const reach = namedTraffic(rule, family, INTERNET[family]);
  if (!isWorldly(unionOf(reach.boxes.map((box) => box.destinations)), family)) return undefined;
  const seen = places.flatMap((place) => index.of(place, family) ?? []);
  const opened = seen.filter((verdict) => verdict.kind === 'open');
  // What another group of the same place is shown to let out, this one does as well.
  const open = opened.find((verdict) => verdict.witness?.some((step) => step.address === group.address))
    ?? opened.find((verdict) => verdict.openTraffic?.some((traffic) => both(traffic, reach).boxes.length > 0));
  if (open) return hitOf(rule, group, `allows ${ruleText(rule)}, and nothing on the way looks at host names`, 'high', open.witness);
  if (seen.some((verdict) => verdict.kind === 'unknown')) return hitOf(rule, group, `allows ${ruleText(rule)}, and the plan does not show what guards it`, 'medium');
  if (seen.length === 0 && places.length > 0) return hitOf(rule, group, `allows ${ruleText(rule)}, though nothing that carries it has an IPv${family} address`, 'low');
  if (seen.length === 0) return { ...hitOf(rule, group, `allows ${ruleText(rule)}, and no workload of the plan shows who carries it`, 'low'), confidence: 'possible' };
  const excess = except(reach, guardedPorts(seen, family));
  if (excess.boxes.length === 0) return undefined;
  const isUsed = seen.some((verdict) => verdict.kind === 'allowlisted');
  return hitOf(rule, group, isUsed
    ? `allows ${ruleText(rule)}, which is more than the firewall lets through`
    : `allows ${ruleText(rule)}, though ${whatStops(seen)} more, and it is open`, 'low');
}

/** A route and an address in the same words: that the one stops it now and the other did before makes no new finding. */
function whatStops(verdicts: readonly Verdict[]): string {
  return verdicts.some(({ blocker }) => blocker?.path.at(-1)?.kind === 'acl') ? 'the network ACL stops it: one entry' : 'no way leads there: one route or public address';
}

/** What the firewall lets through for every place that carries the group: tcp to the ports of its hosts. */
function guardedPorts(verdicts: readonly Verdict[], family: Family): Traffic {
  const hosts = verdicts.flatMap((verdict) => verdict.hosts);
  const ports = hosts.some((host) => host.ports.length === 0) ? ALL_PORTS : rangesOf(hosts.flatMap((host) => host.ports.map((port) => [BigInt(port), BigInt(port)] as const)));
  return traffic(family, [{ protocol: 'tcp', ports, destinations: INTERNET[family] }]);
}

function hitOf(rule: AwsGroupRule, group: AwsGroup, what: string, severity: Hit['severity'], witness?: Hit['witness']): Hit {
  const owner = rule.address === group.address ? group.address : `${rule.address} (${group.address})`;
  return {
    address: rule.address,
    message: `${owner} ${what}`,
    ...(severity === undefined ? {} : { severity }),
    ...(group.segment === undefined ? {} : { segment: group.segment }),
    ...(witness ? { witness } : {}),
  };
}
