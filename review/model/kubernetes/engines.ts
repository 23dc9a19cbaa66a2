/** The engines of network policies that an input installs by itself, beside what its cloud brings. */
import { own, ownText, type Json, type JsonObject } from '../../plan/json';
import type { Surroundings } from './clusters';
import type { KubernetesObject } from './objects';

/** `other`: one that reads the kinds that it reads, which this review does not ask. */
export type EngineBrought = 'calico' | 'cilium' | 'other';

const CALICO = /calico|tigera|\bcanal\b/i;
const OTHERS = /antrea|kube-router|kube-ovn|ovn-?kube|\bweave(-net)?$|^kube-network-policies|network-policy-(agent|manager)/i;

/** What has the name of an engine and is none: charts of policies, of definitions, of dashboards; Weave's other products. */
const NO_ENGINE = /gitops|scope|exporter|dashboard|monitor|metrics|tetragon|(^|[-.])(ui|crds?)([-.]|$)|(?<!^kube-network-)policies|policy(?!-(agent|manager))/i;

/** By the name of a chart, a release or a DaemonSet; a chart may stand in a folder or a registry. */
function engineCalled(text: string | undefined): EngineBrought | undefined {
  const name = (text ?? '').replace(/\/$/, '').replace(/^.*\//, '');
  if (NO_ENGINE.test(name)) return undefined;
  return CALICO.test(name) ? 'calico' : /cilium/i.test(name) ? 'cilium' : OTHERS.test(name) ? 'other' : undefined;
}

/** Of a release the chart decides, and where that is called otherwise, the name. */
function engineOf(name: string | undefined, chart: string | undefined): EngineBrought | undefined {
  return engineCalled(chart) ?? (NO_ENGINE.test(chart ?? '') ? undefined : engineCalled(name));
}

/** Empty where the input brings none. */
export function enginesIn(graph: Surroundings, objects: readonly KubernetesObject[]): ReadonlySet<EngineBrought> {
  return new Set([
    ...graph.surelyOfType('helm_release').map((release) => (release.hasUnknown('chart') ? 'other' : engineOf(ownText(release.values, 'name'), ownText(release.values, 'chart')))),
    ...objects.map(({ kind, group, name, spec }) => {
      if (group === 'operator.tigera.io') return 'calico';
      if (kind === 'DaemonSet') return engineCalled(name);
      return /^(HelmRelease|HelmChart|Application)$/.test(kind) ? engineOf(name, chartOf(spec)) : undefined;
    }),
  ].filter((each) => each !== undefined));
}

/** Of Flux, of k3s and of Argo CD. */
function chartOf(spec: JsonObject): string | undefined {
  const within = (value: Json | undefined, ...path: readonly string[]) => path.reduce<Json | undefined>((at, key) => own(at, key), value);
  const found = [['chart', 'spec', 'chart'], ['chart'], ['source', 'chart']].map((path) => within(spec, ...path)).find((each) => typeof each === 'string');
  return typeof found === 'string' ? found : undefined;
}
