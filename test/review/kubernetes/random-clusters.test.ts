/**
 * Small clusters by chance: what single packets of their pods do by each engine's own rules (`cluster-packets.ts`) is held
 * against what the review tells, of plans that show all of the cluster and of such that do not.
 */
import { kubernetesModels, type KubernetesModel } from '../../../review/model/kubernetes/kubernetes-model';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { Dice } from '../dice';
import { arrives, type Cluster, type End, type Engine, type PodAt } from './cluster-packets';
import { randomCluster, shown, type Shown } from './random-clusters';
import { ADDRESSES, CALLS, covers, NAMED } from './told-connections';

interface Seen {
  /** Packets that arrive and that the review does not tell. */
  readonly missed: string[];
  /** Pods of plans that show everything, whose verdict is worse than what any packet does. */
  readonly alarms: string[];
  readonly verdicts: Record<string, number>;
}

function compare(engine: Engine, runs: number, hides: boolean, spoil: (resource: Shown['resource']) => Shown['resource'] = (resource) => resource): Seen {
  const seen: Seen = { missed: [], alarms: [], verdicts: {} };
  for (let seed = 1; seed <= runs; seed += 1) {
    const dice = new Dice(seed * 7919);
    const cluster = randomCluster(dice, engine);
    const plan = shown(dice, cluster, hides);
    const model = kubernetesModels(buildGraph(parsePlan(JSON.stringify({ resource: spoil(plan.resource) }), 'plan.json')))[0];
    if (model) for (const pod of plan.pods) judge(`${engine} ${seed}`, cluster, plan, pod, model, seen);
  }
  return seen;
}

function judge(where: string, cluster: Cluster, plan: Shown, pod: PodAt, model: KubernetesModel, { missed, alarms, verdicts }: Seen): void {
  const id = `${pod.namespace}/${pod.name}`;
  const told = model.podEgress.find(({ pods }) => pods === id);
  if (told === undefined) {
    // One whose object is not known is told as a doubt of its own.
    if (model.places.length === 0) missed.push(`${where}: ${id}`);
    return;
  }
  const { egress, reasons, reached } = told;
  verdicts[egress] = (verdicts[egress] ?? 0) + 1;
  const own = model.connections.filter(({ from }) => from === id);
  const arriving = (to: readonly End[]) => to.flatMap((end) => CALLS.filter((call) => arrives(cluster, pod, end, call)).map((call) => [end, call] as const));
  const [addresses, names] = [arriving(ADDRESSES), arriving(NAMED)];
  const isVague = reasons.length > 0 || own.some(({ by }) => by === 'unknown');
  for (const [end, call] of [...addresses, ...names]) {
    const isTold = own.some((each) => each.internet && covers(each, each.to, end, call)) && egress !== 'none' && (egress !== 'allowlisted' || (end.kind === 'outside' && end.name !== undefined));
    if (!isTold && !isVague) missed.push(`${where}: ${id} to ${end.kind === 'outside' ? end.name ?? end.address : end.name}, ${call.protocol} ${call.port}: ${egress}`);
  }
  for (const [end, call] of arriving(plan.pods.filter((each) => each !== pod))) {
    const { namespace, name } = end as PodAt;
    // From either side: a block is told as it is written.
    const isTold = own.some((each) => covers(each, each.to, end, call)) || model.connections.some((each) => each.to === `${namespace}/${name}` && covers(each, each.from, pod, call));
    // What is not known of one end's policies is a doubt of the whole.
    if (!isTold && !isVague && model.places.length === 0) missed.push(`${where}: ${id} to ${namespace}/${name}, ${call.protocol} ${call.port}`);
  }
  const isAnyName = reached.some((text) => text.startsWith('* ')) && names.length > 0;
  const isTrue = egress === 'none' || (egress === 'open' ? addresses.length > 0 || isAnyName : addresses.length + names.length > 0);
  if (!isTrue && plan.isWhole) alarms.push(`${where}: ${id} ${egress} ${[...reached, ...reasons].join()}`);
}

describe.each<[Engine]>([['kubernetes'], ['cilium'], ['calico']])('of %s', (engine) => {
  test('every packet that arrives is told', () => {
    const { missed, alarms, verdicts } = compare(engine, 75, false);
    expect(missed).toEqual([]);
    // Named ports may be of anybody, and what narrows a rule of Calico is not followed to the end.
    expect(alarms.length).toBeLessThan(engine === 'calico' ? 13 : 7);
    expect([verdicts.none! > 20, verdicts.allowlisted! > 0, verdicts.open! > 80]).toEqual([true, true, true]);
  });

  test('also where the plan shows less than the cluster holds', () => {
    const { missed, verdicts } = compare(engine, 50, true);
    expect(missed).toEqual([]);
    expect(verdicts.unknown).toBeGreaterThan(2);
  });
});

const instead = (text: string, other: string) => (resource: Shown['resource']) => JSON.parse(JSON.stringify(resource).replaceAll(text, other)) as Shown['resource'];

test.each<[string, Engine, (resource: Shown['resource']) => Shown['resource']]>([
  ['pods on the network of their node', 'kubernetes', (resource) => instead('host_network', 'hostname')(instead('hostNetwork', 'hostname')(resource))],
  ['which directions a policy is for', 'kubernetes', (resource) => instead('policy_types', 'directions')(instead('policyTypes', 'directions')(resource))],
  ['what Cilium opens by entity', 'cilium', instead('toEntities', 'toNothing')],
  ['what Calico passes on', 'calico', instead('"Pass"', '"Deny"')],
])('a review that does not see %s is caught', (_, engine, spoil) => {
  expect(compare(engine, 40, false, spoil).missed.length).toBeGreaterThan(0);
});
