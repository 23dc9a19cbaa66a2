/**
 * Cilium with its policies switched off: in audit mode it logs what they would refuse, and with enforcement `never` it does
 * not ask them. Whatever kind they are of, they close nothing then.
 *
 * https://docs.cilium.io/en/stable/security/policy-creation/
 * https://docs.cilium.io/en/stable/security/network/policyenforcement/
 * https://docs.cilium.io/en/stable/configuration/per-node-config/
 */
import { own, ownText, ownTexts, type Json } from '../../plan/json';
import type { Surroundings } from './clusters';
import type { Unenforced } from './enforcement';
import type { KubernetesObject } from './objects';

/** As the ConfigMap has them, and as the chart does. */
const SETTINGS = [
  { keys: ['policy-audit-mode', 'policyAuditMode'], off: 'true' },
  { keys: ['enable-policy', 'policyEnforcementMode'], off: 'never' },
] as const;

const CONFIG = 'cilium-config';

export function switchedOff(graph: Surroundings, objects: readonly KubernetesObject[]): readonly Unenforced[] {
  return SETTINGS.flatMap(({ keys, off }) => saidIn(graph, objects, keys, off)).map(({ address, setting }) => ({ address, reason: `${setting}, with which Cilium refuses nothing`, certain: true }));
}

interface Said {
  readonly address: string;
  /** `policy-audit-mode is true` */
  readonly setting: string;
}

/** The first that gives Cilium a setting by one of its names; undefined where the input gives it none. */
export function settingIn(graph: Surroundings, objects: readonly KubernetesObject[], keys: readonly string[], value: string): Said | undefined {
  return saidIn(graph, objects, keys, value)[0];
}

function saidIn(graph: Surroundings, objects: readonly KubernetesObject[], keys: readonly string[], value: string): readonly Said[] {
  const found = (address: string, key: string | undefined): readonly Said[] => (key === undefined ? [] : [{ address, setting: `${key} is ${value}` }]);
  const inData = (data: Json | undefined) => keys.find((key) => String(own(data, key)) === value);
  const inText = (text: string) => keyIn(text, keys, value);
  return [
    // For some nodes, which may be all of them.
    ...objects.filter(({ kind, group }) => kind === 'CiliumNodeConfig' && group === 'cilium.io').flatMap(({ address, spec }) => found(address, inData(own(spec, 'defaults')))),
    ...objects.filter(({ kind, name }) => kind === 'ConfigMap' && name === CONFIG).flatMap(({ address, data }) => found(address, inData(data))),
    ...['kubernetes_config_map', 'kubernetes_config_map_v1', 'kubernetes_config_map_v1_data'].flatMap((type) => graph.ofType(type)).filter((map) => map.valueAt(['metadata', 0, 'name']) === CONFIG).flatMap((map) => found(map.address, inData(own(map.values, 'data')))),
    ...objects.filter(({ kind, name }) => /^(HelmRelease|HelmChart|Application)$/.test(kind) && /cilium/i.test(name)).flatMap(({ address, spec }) => found(address, inText(JSON.stringify(spec)))),
    ...graph.ofType('helm_release').filter(({ values }) => ['name', 'chart'].some((key) => /cilium/i.test(ownText(values, key) ?? ''))).flatMap((release) => found(release.address, inText([
      ...ownTexts(release.values, 'values') ?? [],
      ...release.elements('set').map((path) => `${String(release.valueAt([...path, 'name']))}: ${String(release.valueAt([...path, 'value']))}`),
    ].join('\n')))),
  ];
}

/** Of YAML or JSON, also one within the other: a key at whatever depth, or the name of a parameter. */
function keyIn(text: string, keys: readonly string[], value: string): string | undefined {
  const plain = text.replaceAll('\\n', '\n').replace(/(^|\s)#.*$/gm, '').replace(/["'\\]/g, '');
  return keys.find((key) => new RegExp(`(^|[\\s{,.:])${key}(,value)?\\s*:\\s*${value}\\b`, 'm').test(plain));
}
