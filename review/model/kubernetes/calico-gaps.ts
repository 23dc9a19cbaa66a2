/**
 * Pods that Calico may let pass though policies close them: where its rules come after those of others, and on Windows, where its
 * operator installs nothing unless it is told to.
 *
 * https://docs.tigera.io/calico/latest/reference/resources/felixconfig
 * https://docs.tigera.io/calico/latest/getting-started/kubernetes/windows-calico/operator
 */
import { own, ownObject, ownText, type JsonObject } from '../../plan/json';
import type { Surroundings } from './clusters';
import { enginesIn } from './engines';
import type { KubernetesObject } from './objects';
import { hasSetting, releaseText } from './switched-off';
import type { PodIdentity } from './workloads';

/** Why policies may not hold for pods; undefined when they do, as far as the input tells. */
export function calicoGaps(graph: Surroundings, objects: readonly KubernetesObject[]): (pods: PodIdentity) => string | undefined {
  const appended = appendedBy(graph, objects);
  const isOfLinux = installsWithoutWindows(graph, objects);
  return ({ id, onHost, node }) => {
    if (onHost) return undefined;
    if (appended !== undefined) return `${appended} has chainInsertMode Append: what other rules of a node let through, Calico is not asked about`;
    return isOfLinux && node === 'windows' ? `${id} runs on Windows, where Calico's operator installs nothing unless windowsDataplane is HNS, which is not in this input` : undefined;
  };
}

/** The data plane of eBPF has no such chains. */
function appendedBy(graph: Surroundings, objects: readonly KubernetesObject[]): string | undefined {
  const isAppend = (spec: JsonObject | undefined) => /^append$/i.test(ownText(spec, 'chainInsertMode') ?? '') && own(spec, 'bpfEnabled') !== true;
  const found = objects.find(({ kind, group, name, spec }) => (kind === 'FelixConfiguration' && group.endsWith('projectcalico.org') && isAppend(spec))
    || (kind === 'DaemonSet' && /calico|canal/i.test(name) && /FELIX_CHAININSERTMODE","value":"append"/i.test(JSON.stringify(spec))));
  return found?.address ?? charts(graph).find((release) => hasSetting(releaseText(release), ['chainInsertMode'], 'Append'))?.address;
}

function installsWithoutWindows(graph: Surroundings, objects: readonly KubernetesObject[]): boolean {
  if (!enginesIn(graph, objects).has('calico')) return false;
  const releases = charts(graph);
  const installations = objects.filter(({ kind, group }) => kind === 'Installation' && group === 'operator.tigera.io');
  const isInstalled = installations.some(({ spec }) => ownText(ownObject(spec, 'calicoNetwork'), 'windowsDataplane') === 'HNS') || releases.some((release) => hasSetting(releaseText(release), ['windowsDataplane'], 'HNS'));
  return (installations.length > 0 || releases.length > 0) && !isInstalled && !objects.some(({ kind, name }) => kind === 'DaemonSet' && /calico.*windows/i.test(name));
}

function charts(graph: Surroundings) {
  return graph.ofType('helm_release').filter(({ values }) => ['name', 'chart'].some((key) => /calico|tigera-operator/i.test(ownText(values, key) ?? '')));
}
