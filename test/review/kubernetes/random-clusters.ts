/** Small clusters by chance, and what a plan shows of them. */
import { stringify } from 'yaml';
import type { Dice } from '../dice';
import { EXPRESSIONS, NAMESPACE_EXPRESSIONS } from './calico-packets';
import type { Cluster, Engine, Labels, Manifest, Platform, PodAt } from './cluster-packets';

const BLOCKS = ['0.0.0.0/0', '8.0.0.0/8', '8.8.0.0/16', '8.8.8.0/24', '9.9.9.0/24', '10.0.0.0/8', '10.244.1.0/24', '::/0', '2600::/16'] as const;
const HOSTS = ['api.example.com', '*.example.com', 'a.example.org'] as const;
const NAMESPACES = ['a', 'b'] as const;
const VALUES: Readonly<Record<string, readonly string[]>> = { app: ['x', 'y', 'z'], tier: ['web', 'db'], team: ['t', 'u'] };

/** In how many of a hundred a thing is there. */
const sometimes = <T>(dice: Dice, percent: number, make: () => T): T | undefined => (dice.chance(percent) ? make() : undefined);
const several = <T>(dice: Dice, most: number, make: () => T): T[] => Array.from({ length: dice.below(most + 1) }, make);
const some = <T>(dice: Dice, most: number, make: () => T): T[] => [make(), ...several(dice, most - 1, make)];
/** Without what is not there. */
const lean = (object: Manifest): Manifest => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

function selector(dice: Dice, keys: readonly string[], prefix = ''): Manifest {
  const key = dice.of(keys);
  const values = VALUES[key] ?? NAMESPACES;
  const one = (): Manifest => {
    const operator = dice.of(['In', 'NotIn', 'Exists', 'DoesNotExist']);
    return { key: prefix + key, operator, ...(operator.endsWith('In') ? { values: [dice.of(values)] } : {}) };
  };
  return dice.of([() => ({}), () => ({ matchLabels: { [prefix + key]: dice.of(values) } }), () => ({ matchExpressions: [one()] }), () => ({ matchLabels: {}, matchExpressions: [one(), one()] })])();
}

const podSelector = (dice: Dice) => selector(dice, ['app', 'app', 'tier']);
const namespaceSelector = (dice: Dice) => selector(dice, ['team', 'kubernetes.io/metadata.name']);

function block(dice: Dice): Manifest {
  const cidr = dice.of(BLOCKS);
  const inner: Readonly<Record<string, string>> = { '0.0.0.0/0': '8.0.0.0/8', '8.0.0.0/8': '8.8.0.0/16', '8.8.0.0/16': '8.8.8.0/24', '::/0': '2600::/16' };
  return { cidr, ...(inner[cidr] !== undefined && dice.chance(35) ? { except: [inner[cidr]] } : {}) };
}

function ports(dice: Dice): Manifest[] | undefined {
  if (dice.chance(45)) return dice.of([undefined, []]);
  return some(dice, 2, () => dice.of<Manifest>([{ port: 443 }, { protocol: 'UDP', port: 53 }, { protocol: 'TCP' }, { port: 400, endPort: 500 }, { port: 'web' }, { protocol: 'SCTP', port: 443 }, {}, { protocol: 'UDP', port: null }]));
}

function networkPeer(dice: Dice): Manifest {
  return dice.of([() => ({ ipBlock: block(dice) }), () => ({ podSelector: podSelector(dice) }), () => ({ namespaceSelector: namespaceSelector(dice) }), () => ({ namespaceSelector: namespaceSelector(dice), podSelector: podSelector(dice) })])();
}

function networkRule(dice: Dice, peers: 'to' | 'from', peer = networkPeer): Manifest {
  return lean({ [peers]: dice.chance(20) ? dice.of([undefined, []]) : some(dice, 2, () => peer(dice)), ports: ports(dice) });
}

function networkSpec(dice: Dice, peer = networkPeer): Manifest {
  return lean({
    podSelector: podSelector(dice), policyTypes: dice.of([undefined, ['Egress'], ['Egress'], ['Ingress'], ['Ingress', 'Egress'], []]),
    egress: dice.of([undefined, [], some(dice, 2, () => networkRule(dice, 'to', peer)), some(dice, 2, () => networkRule(dice, 'to', peer))]),
    ingress: dice.of([undefined, [], some(dice, 2, () => networkRule(dice, 'from'))]),
  });
}

let count = 0;
const named = (dice: Dice, isNamespaced: boolean) => ({ name: `${dice.of(['k', 'l', 'm'])}${count += 1}`, ...(isNamespaced ? { namespace: dice.of(NAMESPACES) } : {}) });

const networkPolicy = (dice: Dice): Manifest => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: named(dice, true), spec: networkSpec(dice) });

function ofEks(dice: Dice): Manifest {
  const peer = (own: Dice) => (own.chance(50) ? { domainNames: [own.of(HOSTS)] } : networkPeer(own));
  return { apiVersion: 'networking.k8s.aws/v1alpha1', kind: 'ApplicationNetworkPolicy', metadata: named(dice, true), spec: networkSpec(dice, peer) };
}

function ofGke(dice: Dice): Manifest {
  const match = () => { const name = dice.of(HOSTS); return name.includes('*') ? { pattern: name } : { name }; };
  return { apiVersion: 'networking.gke.io/v1alpha1', kind: 'FQDNNetworkPolicy', metadata: named(dice, true), spec: { podSelector: podSelector(dice), egress: some(dice, 2, () => lean({ matches: some(dice, 2, match), ports: sometimes(dice, 70, () => [{ protocol: dice.of(['TCP', 'UDP']), port: 443 }]) })) } };
}

function administeredPeer(dice: Dice, isEgress: boolean, action: string): Manifest {
  const pods = () => ({ pods: { namespaceSelector: namespaceSelector(dice), podSelector: podSelector(dice) } });
  const choices: (() => Manifest)[] = [() => ({ namespaces: namespaceSelector(dice) }), pods];
  if (isEgress) choices.push(() => ({ networks: some(dice, 2, () => dice.of(BLOCKS)) }), () => ({ networks: ['0.0.0.0/0', '::/0'] }), () => ({ nodes: {} }));
  if (isEgress && /Allow|Accept/.test(action)) choices.push(() => ({ domainNames: [dice.of(HOSTS)] }));
  return dice.of(choices)();
}

function administrator(dice: Dice): Manifest {
  const [kind, apiVersion, tier] = dice.of<readonly [string, string, string]>([
    ['AdminNetworkPolicy', 'policy.networking.k8s.io/v1alpha1', 'Admin'], ['BaselineAdminNetworkPolicy', 'policy.networking.k8s.io/v1alpha1', 'Baseline'],
    ['ClusterNetworkPolicy', 'policy.networking.k8s.io/v1alpha2', dice.of(['Admin', 'Baseline'])], ['ClusterNetworkPolicy', 'networking.k8s.aws/v1alpha1', dice.of(['Admin', 'Baseline'])],
  ]);
  const isLater = kind === 'ClusterNetworkPolicy';
  const old = (): Manifest => dice.of<Manifest>([{ portNumber: { protocol: 'TCP', port: 443 } }, { portRange: { protocol: 'TCP', start: 400, end: 500 } }, { namedPort: 'web' }, { portNumber: { protocol: 'UDP', port: 53 } }]);
  const later = (): Manifest => dice.of<Manifest>([{ tcp: {} }, { tcp: { destinationPort: { number: 443 } } }, { udp: { destinationPort: { range: { start: 50, end: 60 } } } }, { destinationNamedPort: 'web' }]);
  const rule = (isEgress: boolean): Manifest => {
    const action = dice.of([isLater ? 'Accept' : 'Allow', 'Deny', ...(tier === 'Admin' || isLater ? ['Pass'] : [])]);
    return lean({ action, [isEgress ? 'to' : 'from']: some(dice, 2, () => administeredPeer(dice, isEgress, action)), [apiVersion.endsWith('alpha2') ? 'protocols' : 'ports']: sometimes(dice, 40, () => some(dice, 2, apiVersion.endsWith('alpha2') ? later : old)) });
  };
  const subject = dice.of([() => ({ namespaces: namespaceSelector(dice) }), () => ({ pods: { namespaceSelector: namespaceSelector(dice), podSelector: podSelector(dice) } })])();
  // Of equal priorities nobody says which comes first.
  const spec = lean({ tier: isLater ? tier : undefined, priority: kind === 'BaselineAdminNetworkPolicy' ? undefined : count + 1, subject, egress: sometimes(dice, 80, () => some(dice, 3, () => rule(true))), ingress: sometimes(dice, 30, () => some(dice, 2, () => rule(false))) });
  return { apiVersion, kind, metadata: kind === 'BaselineAdminNetworkPolicy' ? { name: 'default' } : named(dice, false), spec };
}

function cilium(dice: Dice): Manifest {
  const isWide = dice.chance(50);
  const labels = (): Manifest => dice.of([
    () => podSelector(dice), () => podSelector(dice), () => selector(dice, ['app', 'tier'], dice.of(['k8s:', 'any:'])), () => selector(dice, ['io.kubernetes.pod.namespace'], dice.of(['', 'k8s:'])),
    () => selector(dice, ['team', 'kubernetes.io/metadata.name'], 'k8s:io.cilium.k8s.namespace.labels.'), () => ({ matchLabels: { 'reserved:world': '' } }),
  ])();
  const toPorts = (): Manifest => dice.of<Manifest>([
    { toPorts: [{ ports: some(dice, 2, () => dice.of<Manifest>([{ port: '443', protocol: 'TCP' }, { port: '53', protocol: 'ANY' }, { port: '53' }, { port: '400', endPort: 500, protocol: 'TCP' }, { port: 'web', protocol: 'TCP' }, { port: '0' }, { port: '0', protocol: 'UDP' }, { port: '443', protocol: 'SCTP' }])) }] },
    { icmps: [{ fields: [{ type: 8, family: 'IPv4' }] }] },
  ]);
  /** In layers that a port tells nothing of: names in the handshake of TLS, questions of HTTP. */
  const layered = (): Manifest => {
    const items = some(dice, 2, () => ({ ports: [{ port: dice.of(['443', '450', '8080']), protocol: 'TCP' }], ...dice.of<Manifest>([{ serverNames: some(dice, 2, () => dice.of(HOSTS)) }, { serverNames: ['api.example.com'] }, { rules: { http: [{ method: 'GET' }] } }, {}]) }));
    return { toPorts: items };
  };
  const rule = (prefix: 'to' | 'from', isDeny: boolean): Manifest => {
    const kinds: (() => Manifest)[] = [
      () => ({ [`${prefix}Endpoints`]: several(dice, 2, labels) }), () => ({ [`${prefix}CIDR`]: some(dice, 2, () => dice.of(BLOCKS)) }), () => ({ [`${prefix}CIDRSet`]: some(dice, 2, () => (dice.chance(25) ? { cidrGroupRef: 'group' } : block(dice))) }),
      () => ({ [`${prefix}Entities`]: some(dice, 2, () => dice.of(['world', 'world', 'cluster', 'host', 'kube-apiserver', 'all', 'world-ipv4', 'world-ipv6', 'none', 'remote-node'])) }), () => ({}),
    ];
    if (prefix === 'to' && !isDeny) kinds.push(() => ({ toFQDNs: some(dice, 2, () => dice.of([{ matchName: 'api.example.com' }, { matchPattern: '*.example.com' }, { matchPattern: '*' }])) }), () => ({ toServices: [{ k8sService: { serviceName: dice.of(['pods', 'outside']), namespace: dice.of(NAMESPACES) } }] }));
    const peers = dice.of(kinds)();
    return { ...peers, ...(prefix === 'to' && !isDeny && dice.chance(12) ? layered() : dice.chance(45) ? toPorts() : {}) };
  };
  const endpointSelector = isWide && dice.chance(30) ? selector(dice, ['team'], 'io.cilium.k8s.namespace.labels.') : podSelector(dice);
  const spec = (): Manifest => lean({
    endpointSelector, egress: sometimes(dice, 75, () => some(dice, 2, () => rule('to', false))), egressDeny: sometimes(dice, 30, () => some(dice, 2, () => rule('to', true))),
    ingress: sometimes(dice, 20, () => some(dice, 2, () => rule('from', false))), ingressDeny: sometimes(dice, 10, () => [rule('from', true)]), enableDefaultDeny: sometimes(dice, 20, () => dice.of<Manifest>([{ egress: false }, { ingress: false }, { egress: true }])),
  });
  // Cilium refuses what has no rule at all. Of the cluster some are for nodes, and say nothing of pods.
  const whole = (): Manifest => { const own = spec(); const made = isWide && dice.chance(8) ? { ...own, endpointSelector: undefined, nodeSelector: {} } : own; return made.egress || made.egressDeny || made.ingress || made.ingressDeny ? made : { ...made, egress: [{}] }; };
  return { apiVersion: 'cilium.io/v2', kind: isWide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy', metadata: named(dice, !isWide), ...(dice.chance(15) ? { specs: some(dice, 2, whole) } : { spec: whole() }) };
}

function calico(dice: Dice): Manifest {
  const isGlobal = dice.chance(60);
  const expression = () => dice.of(Object.keys(EXPRESSIONS));
  const entity = (isDestination: boolean, protocol: boolean): Manifest => lean({
    nets: sometimes(dice, 45, () => some(dice, 2, () => dice.of(BLOCKS))), notNets: sometimes(dice, 15, () => [dice.of(BLOCKS)]),
    selector: sometimes(dice, 25, expression), notSelector: sometimes(dice, 8, expression), namespaceSelector: sometimes(dice, 20, () => dice.of([...Object.keys(NAMESPACE_EXPRESSIONS), 'global()'])),
    domains: sometimes(dice, 0, () => []), ports: isDestination && protocol ? sometimes(dice, 60, () => some(dice, 2, () => dice.of<number | string>([443, 53, '400:500', 'web']))) : undefined, notPorts: isDestination && protocol ? sometimes(dice, 12, () => [443]) : undefined,
  });
  const rule = (isEgress: boolean): Manifest => {
    const protocol = sometimes(dice, 45, () => dice.of(['TCP', 'UDP', 'ICMP', 'SCTP']));
    const usesPorts = protocol !== undefined && protocol !== 'ICMP';
    const destination = dice.chance(80) ? entity(true, usesPorts) : undefined;
    const more = isEgress && destination !== undefined && dice.chance(12) ? { domains: ['api.example.com'] } : undefined;
    return lean({ action: more ? 'Allow' : dice.of(['Allow', 'Allow', 'Deny', 'Deny', 'Pass', 'Log']), protocol, notProtocol: protocol ? undefined : sometimes(dice, 8, () => 'TCP'), ipVersion: more ? undefined : sometimes(dice, 8, () => dice.of([4, 6])), icmp: protocol === 'ICMP' ? sometimes(dice, 30, () => ({ type: dice.of([8, 3]) })) : undefined, destination: more ?? destination, source: sometimes(dice, isEgress ? 15 : 60, () => entity(false, false)) });
  };
  const spec = lean({
    tier: sometimes(dice, 40, () => dice.of(['first', 'middle', 'last'])), order: sometimes(dice, 75, () => dice.of([10, 20, 500, 2000, 30])), selector: sometimes(dice, 85, expression),
    namespaceSelector: isGlobal ? sometimes(dice, 25, () => dice.of(Object.keys(NAMESPACE_EXPRESSIONS))) : undefined, types: dice.of([undefined, ['Egress'], ['Egress'], ['Ingress'], ['Ingress', 'Egress']]),
    egress: sometimes(dice, 80, () => several(dice, 3, () => rule(true))), ingress: sometimes(dice, 25, () => several(dice, 2, () => rule(false))), applyOnForward: isGlobal ? sometimes(dice, 5, () => true) : undefined,
  });
  // For the interfaces of nodes alone.
  if (isGlobal && dice.chance(4)) Object.assign(spec, dice.of([{ preDNAT: true, applyOnForward: true }, { doNotTrack: true, applyOnForward: true }]));
  return { apiVersion: 'projectcalico.org/v3', kind: `${dice.chance(3) ? 'Staged' : ''}${isGlobal ? 'GlobalNetworkPolicy' : 'NetworkPolicy'}`, metadata: named(dice, !isGlobal), spec };
}

function set(dice: Dice): Manifest {
  const isGlobal = dice.chance(50);
  return { apiVersion: 'projectcalico.org/v3', kind: isGlobal ? 'GlobalNetworkSet' : 'NetworkSet', metadata: { ...named(dice, !isGlobal), labels: dice.of<Labels>([{ app: 'x' }, { app: 'z', tier: 'web' }, { tier: 'db' }, {}]) }, spec: { nets: some(dice, 2, () => dice.of(BLOCKS)) } };
}

const tier = (dice: Dice, name: string): Manifest => ({ apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name }, spec: lean({ order: { first: 100, middle: 5000, last: dice.of([2_000_000, undefined]) }[name], defaultAction: sometimes(dice, 35, () => dice.of(['Pass', 'Deny'])) }) });

/** A cluster of one engine: in each of two namespaces a pod or two, and some policies. */
export function randomCluster(dice: Dice, engine: Engine): Cluster {
  count = 0;
  const namespaces = Object.fromEntries(NAMESPACES.map((name) => [name, dice.of<Labels>([{ team: 't' }, { team: 'u' }, {}])]));
  const pods = NAMESPACES.flatMap((namespace, index) => some(dice, 2, () => lean({ kind: 'pod', namespace, labels: lean({ app: dice.of(VALUES.app!), tier: sometimes(dice, 40, () => dice.of(VALUES.tier!)) }), web: sometimes(dice, 30, () => 8080), hostNetwork: sometimes(dice, 4, () => true), workload: dice.of(['Pod', 'Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']) }) as Omit<PodAt, 'name' | 'address'>).map((pod, at): PodAt => ({ ...pod, name: `p${at}`, address: `10.244.${index + 1}.${at + 5}` })));
  const objects: Manifest[] = some(dice, 2, () => networkPolicy(dice));
  if (engine === 'kubernetes') objects.push(...several(dice, 2, () => dice.of([administrator, administrator, ofEks, ofGke])(dice)));
  if (engine === 'cilium') objects.push(...some(dice, 3, () => cilium(dice)), { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'group' }, spec: { externalCIDRs: some(dice, 2, () => dice.of(BLOCKS)) } }, ...NAMESPACES.flatMap((namespace): Manifest[] => [
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'pods', namespace }, spec: { selector: { app: 'x' } } }, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'outside', namespace }, spec: { externalAddresses: ['8.8.8.8'] } },
  ]));
  if (engine === 'calico') objects.push(...some(dice, 3, () => calico(dice)), ...several(dice, 2, () => set(dice)), ...several(dice, 1, () => administrator(dice)), ...['first', 'middle', 'last'].map((name) => tier(dice, name)));
  // Of baselines there is one.
  const platform = engine === 'kubernetes' ? sometimes(dice, 35, () => somePlatform(dice)) : undefined;
  return { engine, ...(platform ? { platform } : {}), namespaces, pods, objects: objects.filter((each, index) => each.kind !== 'BaselineAdminNetworkPolicy' || objects.findIndex(({ kind }) => kind === each.kind) === index) };
}

function somePlatform(dice: Dice): Platform {
  const isOn = dice.chance(80);
  return dice.of<() => Platform>([() => ({ kind: 'aks', isOn }), () => ({ kind: 'gke', isOn, byName: dice.chance(50) }), () => ({ kind: 'eks', isOn, ...(dice.chance(30) ? { fargate: [dice.of(NAMESPACES), dice.chance(50) ? dice.of(VALUES.app!) : undefined] } : {}) })])();
}

/** What makes such a cluster. */
function madeOf(dice: Dice, platform: Platform): Record<string, Record<string, Manifest>> {
  const { kind, isOn } = platform;
  switch (kind) {
    case 'aks': return { azurerm_kubernetes_cluster: { c: { name: 'c', network_profile: [{ network_plugin: 'azure', ...(isOn ? { network_policy: dice.of(['azure', 'calico', 'cilium']) } : dice.of([{}, { network_policy: 'none' }])) }] } } };
    case 'gke': return { google_container_cluster: { c: { name: 'c', ...(isOn ? dice.of<Manifest>([{ datapath_provider: 'ADVANCED_DATAPATH' }, { enable_autopilot: true }, { network_policy: [{ enabled: true }] }]) : dice.of<Manifest>([{}, { network_policy: [{ enabled: false }] }])), ...(platform.byName ? { enable_fqdn_network_policy: true } : {}) } } };
    case 'eks': return {
      aws_eks_cluster: { c: { name: 'c' } }, aws_eks_addon: { cni: { cluster_name: 'c', addon_name: 'vpc-cni', configuration_values: JSON.stringify(isOn ? { enableNetworkPolicy: 'true' } : dice.of<Manifest>([{}, { enableNetworkPolicy: 'false' }])) } },
      ...(platform.fargate ? { aws_eks_fargate_profile: { f: { cluster_name: 'c', fargate_profile_name: 'f', selector: [{ namespace: platform.fargate[0], ...(platform.fargate[1] === undefined ? {} : { labels: { app: platform.fargate[1] } }) }] } } } : {}),
    };
  }
}

/** What a plan shows less than there is: objects that it does not hold, and fields that are known only after an apply. */
export interface Shown {
  readonly resource: Record<string, Record<string, Manifest>>;
  readonly pods: readonly PodAt[];
  readonly isWhole: boolean;
}

/** Policies are always there, and what has addresses under labels of pods (network sets): of one that no plan has nobody can tell. */
export function shown(dice: Dice, cluster: Cluster, hides: boolean): Shown {
  const resource: Record<string, Record<string, Manifest>> = cluster.platform ? madeOf(dice, cluster.platform) : {};
  let isWhole = true;
  const put = (manifest: Manifest) => {
    const key = `r${Object.values(resource).flatMap((each) => Object.keys(each)).length}`;
    const isHelped = /^(NetworkPolicy|Namespace|Pod|Deployment|StatefulSet|DaemonSet|Job|CronJob)$/.test(manifest.kind) && manifest.apiVersion !== 'projectcalico.org/v3';
    const [type, value] = dice.of([['kubernetes_manifest', { manifest }], ['kubernetes_manifest', { manifest }], ['kubectl_manifest', { yaml_body: stringify(manifest) }], ...(isHelped ? [inBlocks(manifest)] : [])]) as [string, Manifest];
    (resource[type] ??= {})[key] = value;
  };
  const leavesOut = (percent: number) => { const out = hides && dice.chance(percent); isWhole &&= !out; return out; };
  for (const [name, labels] of Object.entries(cluster.namespaces)) if (!leavesOut(30)) {
    const made = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
    put(leavesOut(8) ? forgetful(dice, made, /labels/) : made);
  }
  const pods = cluster.pods.filter((_, index) => index === 0 || !leavesOut(20));
  for (const pod of pods) put(leavesOut(10) ? forgetful(dice, workloadOf(pod), /labels|hostNetwork/) : workloadOf(pod));
  for (const object of cluster.objects) {
    if (/Group$|^Service$/.test(object.kind) && leavesOut(40)) continue;
    const bare = object.kind === 'Service' && !object.spec.selector ? { ...object, spec: {} } : object;
    if (/Policy$/.test(object.kind) && leavesOut(12)) put(forgetful(dice, bare));
    else put(bare);
  }
  return { resource, pods, isWhole };
}

function workloadOf({ namespace, name, labels, web, hostNetwork, workload }: PodAt): Manifest {
  const spec = lean({ hostNetwork, containers: [lean({ name: 'c', image: 'i', ports: web === undefined ? undefined : [{ name: 'web', containerPort: web }] })] });
  const template = { metadata: { labels }, spec };
  const metadata = { name, namespace };
  switch (workload) {
    case 'Pod': return { apiVersion: 'v1', kind: workload, metadata: { ...metadata, labels }, spec };
    case 'Job': return { apiVersion: 'batch/v1', kind: workload, metadata, spec: { template } };
    case 'CronJob': return { apiVersion: 'batch/v1', kind: workload, metadata, spec: { schedule: '@daily', jobTemplate: { spec: { template } } } };
    default: return { apiVersion: 'apps/v1', kind: workload, metadata, spec: { selector: { matchLabels: labels }, template } };
  }
}

/** With something in it that is known only after an apply. @param where the path of it, as text */
function forgetful(dice: Dice, manifest: Manifest, where = /^specs?\b/): Manifest {
  const paths: (readonly string[])[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    if (where.test(path.join('.')) && !path.includes('selector')) paths.push(path);
    if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  walk(manifest, []);
  if (paths.length === 0) return manifest;
  const path = dice.of(paths);
  const copy = structuredClone(manifest);
  const parent = path.slice(0, -1).reduce((value, key) => value[key], copy);
  parent[path.at(-1)!] = '${random_pet.x.id}';
  return copy;
}

/** As the provider's own resources write it. */
function inBlocks({ kind, metadata, spec }: Manifest): [string, Manifest] {
  const type = `kubernetes_${(kind as string).replace(/(?!^)[A-Z]/g, '_$&').toLowerCase()}_v1`;
  return [type, { metadata: [metadata], ...(spec ? { spec: [snake(spec)] } : {}) }];
}

const SINGLE = new Set(['podSelector', 'namespaceSelector', 'ipBlock', 'template', 'jobTemplate', 'spec', 'metadata', 'selector']);
function snake(value: Manifest, key = ''): Manifest {
  if (Array.isArray(value)) return value.map((each) => snake(each, key));
  if (typeof value !== 'object' || value === null) return value;
  if (key === 'matchLabels' || key === 'labels') return value;
  const names: Readonly<Record<string, string>> = { containers: 'container', ports: key === 'containers' ? 'port' : 'ports' };
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null).map(([name, each]) => {
    const own = (names[name] ?? name).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const made = snake(each, name);
    return [own, SINGLE.has(name) ? [made] : name === 'port' && typeof made === 'number' ? String(made) : made];
  }));
}
