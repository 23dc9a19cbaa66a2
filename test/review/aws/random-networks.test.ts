/** Verdicts on random networks, against what becomes of single packets in them. */
import fc from 'fast-check';
import { buildAwsModel } from '../../../review/model/aws/model';
import { trace } from '../../../review/paths/trace';
import { verdictOf, type Verdict } from '../../../review/paths/verdict';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { isIn } from './packet-in';
import { fateOf, PACKETS, type Fate, type Packet } from './packets';
import { networks, written, type Resources } from './small-networks';

/** Whether a verdict says of each packet what is true: what gets out is told, and an open way is one for some packet. */
function judge({ kind, openTraffic = [] }: Verdict, fates: readonly (readonly [Packet, Fate])[]): 'right' | 'missed' | 'alarm' {
  if (fates.some(([packet, fate]) => fate === 'open' && !isIn(openTraffic, packet))) return 'missed';
  if (kind === 'none' && fates.some(([, fate]) => fate === 'named')) return 'missed';
  return fates.some(([packet, fate]) => fate !== 'open' && isIn(openTraffic, packet)) ? 'alarm' : 'right';
}

/** Holds random networks against their packets; the review sees them after a change that the packets do not know of. */
function compare(spoil: (resource: Resources) => void = () => undefined, numRuns = 300) {
  const seen = { right: 0, missed: 0, alarm: 0, open: 0, named: 0 };
  fc.assert(fc.property(networks, (network) => {
    const stack = written(network);
    spoil(stack.resource);
    const place = buildAwsModel(buildGraph(parsePlan(JSON.stringify(stack), 'cdk.tf.json'))).places.find(({ id }) => id === 'aws_instance.app')!;
    const fates = PACKETS.map((packet) => [packet, fateOf(network, packet)] as const);
    seen[judge(verdictOf(trace(place, 4)), fates)] += 1;
    for (const fate of ['open', 'named'] as const) if (fates.some(([, own]) => own === fate)) seen[fate] += 1;
  }), { seed: 7, numRuns });
  return seen;
}

test('every packet that gets out of a random network is told', () => {
  const { missed, alarm, open, named } = compare();
  expect(missed).toBe(0);
  expect([open > 100, named > 20]).toEqual([true, true]);
  expect(alarm).toBe(0);
});

test.each<[string, (resource: Resources) => void]>([
  ['its routes', (resource) => void (resource.aws_route_table!.app!.route = [])],
  ['the passes of its firewall', (resource) => {
    const source = resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source;
    source.rules_string = source.rules_string.split('\n').filter((text: string) => !text.startsWith('pass')).join('\n');
  }],
  ['what its ACL allows', (resource) => void (resource.aws_network_acl!.app && (resource.aws_network_acl!.app.egress = []))],
])('a review that does not see %s is caught', (_, spoil) => {
  expect(compare(spoil, 40).missed).toBeGreaterThan(0);
});
