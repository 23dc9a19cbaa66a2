/** Hosts and ports of each segment, in the plan and in the policy file; and what else the file asks for. */
import type { AllowRule } from '../../../blueprints/policy/model';
import type { Verdict } from '../../paths/verdict';
import { askedAndMissing } from '../../model/aws/asked-and-missing';
import { listGroups, loosenessOf } from '../../model/aws/list-looseness';
import type { AwsModel } from '../../model/aws/model';
import { addressesOf, addressRange, cidrsOf } from '../../model/addresses';
import type { AllowedHost, Place } from '../../model/network-model';
import { doubtOf, policyRules, type HeldRules } from '../../model/policy-rules';
import { subtract, union, type Ranges } from '../../model/ranges';
import { inFull, type Check, type Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'plan-and-policy-disagree',
  title: 'plan that allows something else than the policy, or lacks what it asks for',
  severity: 'high',
  why: 'The policy file is what people have agreed on: a host that is only in the plan has no owner, and one that is only in the policy does not work. Without its private endpoint the name of a service leads to a public address, and workloads look for a way there.',
  fix: 'Change the policy file and synthesize again, or take the rule out of the plan.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-ips.html'],
  comparable: [],
  *run({ model, verdicts, policy }) {
    if (!policy) return;
    yield* askedAndMissing(model, policy);
    const names = new Set(policy.segments.map((segment) => segment.name));
    const own = new Set<unknown>(model.places);
    const held = policyRules(policy, 'aws', model.places);
    const planned = new Map<HeldRules, Planned>();
    const lists = listGroups(model);
    for (const verdict of verdicts) {
      const { place } = verdict;
      const { segment } = place;
      if (!own.has(place) || segment === undefined || !names.has(segment)) continue;
      const agreement = held.at(place);
      if (!planned.has(agreement)) planned.set(agreement, { segment, place, hosts: new Map(), addressed: new Map() });
      const { hosts, addressed } = planned.get(agreement)!;
      for (const host of verdict.hosts) {
        if (isAddressed(host)) {
          addressed.set(`${host.rule} ${host.host}:${host.ports.join()} ${host.addresses?.join() ?? ''}`, { host, verdict });
          continue;
        }
        // What a list cannot say is told by domain-list-loose.
        const loose = lists.has(host.rule) && host.ports.length > 0 ? loosenessOf(host, agreement.rules) : undefined;
        for (const text of loose?.agreed ?? textsOf(host)) hosts.set(text, verdict);
      }
    }
    for (const [agreement, { segment, place, hosts, addressed }] of planned) {
      const { rules, certain } = agreement;
      const [agreed, sure] = [new Set(namesIn(rules)), new Set(namesIn(certain))];
      const more = (text: string, rule: string, { witness }: Verdict) => ({ address: rule, segment, message: `the plan lets ${segment} reach ${text}, and the policy does not`, ...(witness ? { witness } : {}) }) satisfies Hit;
      const perhaps = (text: string, rule: string, { witness }: Verdict) => ({ address: rule, segment, severity: 'medium', confidence: 'possible', message: `the plan lets ${segment} reach ${text}, and ${doubtOf(agreement)}`, ...(witness ? { witness } : {}) }) satisfies Hit;
      for (const [text, verdict] of hosts) {
        if (sure.has(text)) continue;
        const rule = verdict.hosts.find((host) => text.includes(` ${host.host}:`))?.rule ?? verdict.place.id;
        yield (agreed.has(text) ? perhaps : more)(text, rule, verdict);
      }
      const [blocks, sureBlocks] = [blocksIn(rules), blocksIn(certain)];
      const passed = new Map<number, Ranges>();
      for (const { host: { host, ports, rule, addresses }, verdict } of addressed.values()) {
        const reached = addressesOf(addresses ?? [host], 4);
        for (const port of ports) {
          passed.set(port, union(passed.get(port) ?? [], reached));
          const strange = subtract(reached, blocks.get(port) ?? []);
          if (strange.length > 0) yield more(addressWords(strange, port).join(', '), rule, verdict);
          const doubtful = subtract(subtract(reached, strange), sureBlocks.get(port) ?? []);
          if (doubtful.length > 0) yield perhaps(addressWords(doubtful, port).join(', '), rule, verdict);
        }
      }
      const blocked = [...sureBlocks].flatMap(([port, own]) => addressWords(subtract(own, passed.get(port) ?? []), port));
      const lost = [...[...sure].filter((text) => !hosts.has(text)), ...blocked];
      if (lost.length > 0) yield { ...inFull(lost, 5), address: place.addresses[0] ?? place.id, segment, severity: 'low', message: `the policy lets ${segment} reach ${lost.slice(0, 5).join(', ')}, and the plan does not` };
    }
  },
};

/** What places of one segment in one environment may reach. */
interface Planned {
  readonly segment: string;
  /** The first of them. */
  readonly place: Place;
  readonly hosts: Map<string, Verdict>;
  readonly addressed: Map<string, { readonly host: AllowedHost; readonly verdict: Verdict }>;
}

function addressWords(addresses: Ranges, port: number): readonly string[] {
  return cidrsOf(addresses, 4).map((block) => `tcp ${block}:${port}`);
}

/** Addresses are compared as addresses: the plan may join what the policy has written apart. */
function isAddressed({ protocol, host, ports }: AllowedHost): boolean {
  return protocol !== 'tls' && protocol !== 'http' && ports.length > 0 && addressRange(host)?.family === 4;
}

function textsOf({ protocol, host, ports }: AllowedHost): readonly string[] {
  return (ports.length > 0 ? ports : ['*']).map((port) => `${protocol === 'any' ? 'tcp' : protocol} ${host}:${port}`);
}

function namesIn(rules: readonly AllowRule[]): readonly string[] {
  return rules.filter(({ protocol }) => protocol !== 'tcp').flatMap(({ protocol, host, ports }) => ports.map((port) => `${protocol} ${host.text}:${port}`));
}

function blocksIn(rules: readonly AllowRule[]): ReadonlyMap<number, Ranges> {
  const blocks = new Map<number, Ranges>();
  for (const { protocol, addresses, ports } of rules) {
    if (protocol === 'tcp') for (const port of ports) blocks.set(port, union(blocks.get(port) ?? [], addressesOf(addresses, 4)));
  }
  return blocks;
}
