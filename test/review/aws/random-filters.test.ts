/** Verdicts behind random groups and ACLs, against which single packets these let out. */
import fc from 'fast-check';
import { buildAwsModel } from '../../../review/model/aws/model';
import { trace } from '../../../review/paths/trace';
import { verdictOf, type Verdict } from '../../../review/paths/verdict';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { asPlan } from '../as-plan';
import type { Stack } from '../sound-stack';
import { estates, spellings, written } from './filter-estates';
import { getsOut, PACKETS, type Packet } from './filter-packets';
import { isIn } from './packet-in';

const READ_AS = ['cdk.tf.json', 'first plan', 'known plan'] as const;
const familyOf = ({ to }: Packet) => (to.includes(':') ? 6 : 4);

function verdictsOf(stack: Stack, readAs: (typeof READ_AS)[number]): Readonly<Record<4 | 6, Verdict>> {
  const text = JSON.stringify(readAs === 'cdk.tf.json' ? stack : asPlan(stack.resource, readAs === 'known plan'));
  const place = buildAwsModel(buildGraph(parsePlan(text, 'cdk.tf.json'))).places.find(({ id }) => id === 'aws_instance.app')!;
  return { 4: verdictOf(trace(place, 4)), 6: verdictOf(trace(place, 6)) };
}

type Word = 'right' | 'missed' | 'alarm' | 'doubt';

function compare(spoil: (resource: Stack['resource']) => void = () => undefined, numRuns = 350) {
  const seen = { right: 0, missed: 0, alarm: 0, doubt: 0, out: 0, shut: 0 };
  fc.assert(fc.property(estates, spellings, fc.constantFrom(...READ_AS), (estate, spelling, readAs) => {
    const stack = written(estate, spelling);
    spoil(stack.resource);
    const verdicts = verdictsOf(stack, readAs);
    const words = new Set(PACKETS.map((packet): Word => {
      const { openTraffic, doubtfulTraffic } = verdicts[familyOf(packet)];
      const isOut = getsOut(estate, packet);
      seen[isOut ? 'out' : 'shut'] += 1;
      if (isIn(openTraffic, packet)) return isOut ? 'right' : 'alarm';
      return isIn(doubtfulTraffic, packet) ? (isOut ? 'right' : 'doubt') : isOut ? 'missed' : 'right';
    }));
    seen[(['missed', 'alarm', 'doubt'] as const).find((word) => words.has(word)) ?? 'right'] += 1;
  }), { seed: 1, numRuns });
  return seen;
}

test('every packet that random groups and ACLs let out is told, and no other', () => {
  const { missed, alarm, doubt, out, shut } = compare();
  expect(missed).toBe(0);
  expect([out > 1_000, shut > 1_000]).toEqual([true, true]);
  expect(alarm).toBe(0);
  // Groups of a new machine beside the default one of a new network: the plan lists their references, and not which is which.
  expect(doubt).toBeLessThan(10);
});

test.each<[string, (resource: Stack['resource']) => void, number?]>([
  ['rules of their own', (resource) => void (resource.aws_vpc_security_group_egress_rule = {})],
  ['older rules', (resource) => void (resource.aws_security_group_rule = {})],
  ['groups that are attached', (resource) => void (resource.aws_network_interface_sg_attachment = {})],
  ['entries of their own', (resource) => Object.values(resource.aws_network_acl_rule!).forEach((entry) => void (entry.rule_action = 'deny'))],
  ['the order of entries', (resource) => [...Object.values(resource.aws_network_acl!), ...Object.values(resource.aws_default_network_acl!)].forEach((acl) => acl.egress?.forEach((entry: { rule_no: number }) => void (entry.rule_no = 1_000 - entry.rule_no))), 200],
  ['the lists of groups', (resource) => Object.values(resource.aws_ec2_managed_prefix_list!).forEach((list) => void (list.entry = []))],
])('a review that does not see %s is caught', (_, spoil, numRuns = 60) => {
  expect(compare(spoil, numRuns).missed).toBeGreaterThan(0);
});
