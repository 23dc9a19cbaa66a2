/**
 * Cilium with its policies switched off: in audit mode it logs what they would refuse, and with enforcement `never` it does
 * not ask them. Whatever kind they are of, they close nothing then. Its agent has the settings from the ConfigMap, from flags,
 * or from variables (`CILIUM_ENABLE_POLICY`).
 *
 * https://docs.cilium.io/en/stable/security/policy-creation/
 * https://docs.cilium.io/en/stable/security/network/policyenforcement/
 * https://docs.cilium.io/en/stable/configuration/per-node-config/
 * https://docs.cilium.io/en/stable/cmdref/cilium-agent/
 */
import { own, ownText, ownTexts, type Json } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';
import { objectsInText } from '../../plan/yaml-objects';
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
  const off = SETTINGS.flatMap(({ keys, off: value }) => saidIn(graph, objects, keys, value)).map(({ address, setting }): Unenforced => ({ address, reason: `${setting}, with which Cilium refuses nothing`, certain: true }));
  if (off.length > 0) return off;
  return SETTINGS.flatMap(({ keys }) => unknownIn(graph, keys)).map(({ address, setting }): Unenforced => ({ address, reason: `whether Cilium refuses anything is not known before the plan is applied (${setting})`, certain: false, unknown: true }));
}

interface Said {
  readonly address: string;
  /** `policy-audit-mode is true` */
  readonly setting: string;
}

/** The first that gives Cilium a setting by one of its names; undefined where the input gives it none. @param keys with a dot for what stands deeper in values */
export function settingIn(graph: Surroundings, objects: readonly KubernetesObject[], keys: readonly string[], value: string): Said | undefined {
  return saidIn(graph, objects, keys, value)[0];
}

function saidIn(graph: Surroundings, objects: readonly KubernetesObject[], keys: readonly string[], value: string): readonly Said[] {
  const found = (address: string, key: string | undefined): readonly Said[] => (key === undefined ? [] : [{ address, setting: `${key} is ${value}` }]);
  const isValue = new RegExp(`^${SPELLINGS[value] ?? value}$`, 'i');
  const inData = (data: Json | undefined) => keys.find((key) => isValue.test(String(own(data, key))));
  const inText = (text: string) => keyIn(text, keys, value);
  return [
    // For some nodes, which may be all of them.
    ...objects.filter(({ kind, group }) => kind === 'CiliumNodeConfig' && group === 'cilium.io').flatMap(({ address, spec }) => found(address, inData(own(spec, 'defaults')))),
    ...objects.filter(({ kind, name }) => kind === 'ConfigMap' && name === CONFIG).flatMap(({ address, data }) => found(address, inData(data))),
    ...configMaps(graph).flatMap((map) => found(map.address, inData(own(map.values, 'data')))),
    ...objects.filter(isOfCilium).flatMap(({ address, spec }) => found(address, inText(JSON.stringify(spec)))),
    ...releases(graph).flatMap((release) => found(release.address, inText(releaseText(release)))),
  ];
}

/** What gives a value to the setting that is known after the apply only. */
function unknownIn(graph: Surroundings, keys: readonly string[]): readonly Said[] {
  const ofMaps = configMaps(graph).flatMap((map) => keys.filter((key) => map.unknownAt(['data', key]) !== undefined).map((key) => ({ address: map.address, setting: key })));
  const ofReleases = releases(graph).flatMap((release) => ['set', 'set_sensitive'].flatMap((block) => release.elements(block))
    .filter((path) => keys.includes(String(release.valueAt([...path, 'name']))) && release.unknownAt([...path, 'value']) !== undefined)
    .map((path) => ({ address: release.address, setting: String(release.valueAt([...path, 'name'])) })));
  return [...ofMaps, ...ofReleases];
}

/**
 * The list of labels that Cilium is told to keep or to leave out; empty where it is told none, undefined for one that is not known.
 * https://docs.cilium.io/en/stable/operations/performance/scalability/identity-relevant-labels/
 */
export function labelList(graph: Surroundings, objects: readonly KubernetesObject[]): string | undefined {
  const key = 'labels';
  const within = (value: Json | undefined, ...path: readonly string[]) => path.reduce<Json | undefined>((at, name) => own(at, name), value);
  const inText = (text: Json | undefined) => (objectsInText(text) ?? []).map((values) => own(values, key));
  const data = [...objects.filter(({ kind, name }) => kind === 'ConfigMap' && name === CONFIG).map((map) => map.data), ...configMaps(graph).map((map) => own(map.values, 'data'))];
  const charts = objects.filter(isOfCilium).flatMap(({ spec }) => [within(spec, 'values', key), within(spec, 'source', 'helm', 'valuesObject', key), ...[within(spec, 'valuesContent'), within(spec, 'source', 'helm', 'values')].flatMap(inText)]);
  const ofReleases = releases(graph).flatMap((release) => [
    ...(ownTexts(release.values, 'values') ?? []).flatMap(inText),
    ...['set', 'set_sensitive'].flatMap((block) => release.elements(block)).filter((path) => release.valueAt([...path, 'name']) === key).map((path) => release.valueAt([...path, 'value']) ?? null),
  ]);
  const said = [...data.map((each) => own(each, key)), ...data.map((each) => own(each, 'label-prefix-file') && null), ...charts, ...ofReleases].filter((each) => each !== undefined && each !== '');
  // A template of a synthesized stack, a flag, or a file are not known.
  const isHidden = configMaps(graph).some((map) => map.unknownAt(['data', key]) !== undefined) || said.some((each) => typeof each !== 'string' || each.includes('${')) || objects.filter(isOfCilium).some(({ spec }) => /--label(s|-prefix-file)\b/.test(JSON.stringify(spec))) || releases(graph).some((release) => /--label(s|-prefix-file)\b/.test(releaseText(release)));
  return isHidden ? undefined : said.join(' ');
}

function configMaps(graph: Surroundings): readonly Resource[] {
  return ['kubernetes_config_map', 'kubernetes_config_map_v1', 'kubernetes_config_map_v1_data'].flatMap((type) => graph.ofType(type)).filter((map) => map.valueAt(['metadata', 0, 'name']) === CONFIG);
}

function releases(graph: Surroundings): readonly Resource[] {
  return graph.ofType('helm_release').filter(({ values }) => ['name', 'chart'].some((key) => /cilium/i.test(ownText(values, key) ?? '')));
}

/** Its agent, what installs its chart, and what gives values to that of RKE2 (https://docs.rke2.io/helm#customizing-packaged-components-with-helmchartconfig). */
function isOfCilium({ kind, group, name, spec }: KubernetesObject): boolean {
  if (kind === 'CiliumConfig') return group === 'cilium.io';
  return /^(HelmRelease|HelmChart|HelmChartConfig|Application|DaemonSet)$/.test(kind) && (/cilium/i.test(name) || /"chart":"[^"]*cilium"/i.test(JSON.stringify(spec)));
}

/** The values that a release gives its chart, as lines. */
export function releaseText(release: Resource): string {
  const blocks = ['set', 'set_list', 'set_sensitive'].flatMap((block) => release.elements(block));
  return [...ownTexts(release.values, 'values') ?? [], ...blocks.map((path) => `${String(release.valueAt([...path, 'name']))}: ${textOf(release.valueAt([...path, 'value']))}`)].join('\n');
}

function textOf(value: Json | undefined): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function hasSetting(text: string, keys: readonly string[], value: string): boolean {
  return keyIn(text, keys, value) !== undefined;
}

/** What Go and YAML take for truths. */
const SPELLINGS: Readonly<Record<string, string>> = { true: '(true|t|yes|on|1)', false: '(false|f|no|off|0)' };

/** Of YAML or JSON, also one within the other: a key at whatever depth, the name of a parameter, a flag or a variable. */
function keyIn(text: string, keys: readonly string[], value: string): string | undefined {
  const plain = text.replaceAll('\\n', '\n').replace(/(^|\s)#.*$/gm, '').replace(/["'\\]/g, '');
  return keys.find((key) => {
    const path = key.replaceAll('.', '(?:\\.|\\s*:\\s*(?:\\{\\s*)?)');
    const name = `(?:${path}|CILIUM_${key.replaceAll('-', '_')})`;
    const isGiven = new RegExp(`(^|[\\s{,.:[-])${name}([,\\s]\\s*value)?(\\s*:\\s*|=|,\\s*)${SPELLINGS[value] ?? value}\\b`, 'im').test(plain);
    return isGiven || (value === 'true' && new RegExp(`--${path}(?=[\\s,\\]]|$)`, 'm').test(plain) && !new RegExp(`--${path},\\s*${SPELLINGS.false as string}\\b`, 'im').test(plain));
  });
}
