/** What a change of a cluster's policies lets pods call on the internet, against single packets before and after it. */
import { kubernetesModels } from '../../../review/model/kubernetes/kubernetes-model';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import type { ConnectionChange } from '../../../review/result';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { Dice } from '../dice';
import { arrives, type Cluster, type Engine, type Manifest, type PodAt } from './cluster-packets';
import { randomCluster, shown } from './random-clusters';
import { ADDRESSES, CALLS, covers, NAMED } from './told-connections';

const isPolicy = ({ kind }: Manifest): boolean => /Policy$/.test(kind);

/** The same pods with a policy more, fewer, or another instead. */
function changed(cluster: Cluster, other: Cluster, dice: Dice): Cluster {
  const policies = cluster.objects.filter(isPolicy);
  const old = dice.of(policies);
  const one = dice.of(other.objects.filter((each) => isPolicy(each) && each.kind !== 'BaselineAdminNetworkPolicy'));
  const fresh = one && { ...one, metadata: { ...one.metadata, name: `n${one.metadata.name as string}` }, ...(one.spec?.priority === undefined ? {} : { spec: { ...one.spec, priority: 900 } }) };
  switch (dice.below(3)) {
    case 0: return { ...cluster, objects: cluster.objects.filter((each) => each !== old) };
    case 1: return fresh ? { ...cluster, objects: [...cluster.objects, fresh] } : cluster;
    default: return fresh ? { ...cluster, objects: cluster.objects.map((each) => (each === old ? fresh : each)) } : cluster;
  }
}

interface Seen {
  told: number;
  silent: number;
  hidden: number;
  readonly missed: string[];
  readonly alarms: string[];
}

/** @param spoil what the diff is made to overlook */
function compare(engine: Engine, first: number, runs: number, spoil: (each: ConnectionChange) => boolean = () => true): Seen {
  const seen: Seen = { told: 0, silent: 0, hidden: 0, missed: [], alarms: [] };
  for (let seed = first; seed < first + runs; seed += 1) {
    const dice = new Dice(seed * 7919 + 3);
    const own = randomCluster(dice, engine);
    const { platform: _, ...cluster } = own;
    const [before, after] = [cluster, changed(cluster, randomCluster(dice, engine), dice)];
    const [was, is] = [before, after].map((each) => parsePlan(JSON.stringify({ resource: shown(new Dice(seed), each, false).resource }), 'plan.json'));
    const { diff } = review({ inputs: [is!], base: [was!], today: TODAY });
    const told = (diff?.connections ?? []).filter((each) => each.change === 'opened' && each.internet && spoil(each));
    const models = [was, is].map((each) => kubernetesModels(buildGraph(each!))[0]);
    for (const pod of cluster.pods) judge(`${engine} ${seed}`, { before, after, pod, told }, models, seen);
  }
  return seen;
}

type Model = ReturnType<typeof kubernetesModels>[number] | undefined;

/** What is not known of a pod's policies, the review tells in words of its own. */
function isVague(model: Model, { namespace, name }: PodAt): boolean {
  const id = `${namespace}/${name}`;
  return !model || model.podEgress.some(({ pods, reasons }) => pods === id && reasons.length > 0) || model.connections.some(({ from, by }) => from === id && by === 'unknown');
}

interface Case { readonly before: Cluster; readonly after: Cluster; readonly pod: PodAt; readonly told: readonly ConnectionChange[] }

function judge(where: string, { before, after, pod, told }: Case, [was, is]: readonly Model[], seen: Seen): void {
  const id = `${pod.namespace}/${pod.name}`;
  const own = told.filter(({ from }) => from === id);
  const gained = [...ADDRESSES, ...NAMED].flatMap((end) => CALLS.filter((call) => arrives(after, pod, end, call) && !arrives(before, pod, end, call)).map((call) => ({ end, call })));
  const untold = gained.find(({ end, call }) => !own.some(({ to, port }) => covers({ ports: [port] }, to, end, call)));
  // A block that is refused to pods which may call anything is not taken out of that.
  const isHidden = untold !== undefined && was!.connections.some((each) => each.from === id && covers(each, each.to, untold.end, untold.call));
  if (isHidden) seen.hidden += 1;
  else if (untold && !isVague(was, pod) && !isVague(is, pod)) seen.missed.push(`${where}: ${id} ${JSON.stringify(untold)} ${JSON.stringify(own)}`);
  else if (gained.length > 0) seen.told += 1;
  else if (own.length > 0 && !isVague(is, pod)) seen.alarms.push(`${where}: ${id} ${own.map(({ to, port }) => `${to} ${port}`).join('; ')}`);
  else seen.silent += 1;
}

test.each<[Engine]>([['kubernetes'], ['cilium'], ['calico']])('what a random change of policies of %s lets out is told', (engine) => {
  const { told, silent, hidden, missed, alarms } = compare(engine, 100, 60);
  expect(missed).toEqual([]);
  expect([told > 10, silent > 50]).toEqual([true, true]);
  expect(hidden).toBeLessThan(4);
  // The rest of several blocks together.
  expect(alarms.length).toBeLessThan(6);
});

test('a diff that does not see what is open on every port is caught', () => {
  expect(compare('kubernetes', 1, 40, ({ port }) => port !== 'any').missed.length).toBeGreaterThan(0);
});
