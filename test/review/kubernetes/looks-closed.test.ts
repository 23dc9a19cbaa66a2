/** What looks closed at first sight, and is open to the pods: each of these was taken for closed once. */
import { kubernetesModels } from '../../../review/model/kubernetes/kubernetes-model';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

const metadata = (name: string, more: object = {}) => ({ name, namespace: 'a', ...more });
const pod = (more: object = {}) => ({ apiVersion: 'v1', kind: 'Pod', metadata: metadata('x', { labels: { app: 'x' }, ...more }), spec: {} });
const workload = (kind: string, spec: object) => ({ apiVersion: 'apps/v1', kind, metadata: metadata('x'), spec });
const network = (spec: object, name = 'n') => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: metadata(name), spec });
const deny = network({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, 'deny');
const opening = (matchLabels: object) => network({ podSelector: { matchLabels }, policyTypes: ['Egress'], egress: [{}] }, 'open');
const calico = (spec: object) => ({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'g' }, spec });
const cilium = (spec: object) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'w' }, spec });
const admin = (spec: object) => ({ apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name: 'c' }, spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, ...spec } });
const namespace = (labels: object) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', labels } });
const names = (...patterns: readonly string[]) => cilium({ endpointSelector: {}, egress: [{ toFQDNs: patterns.map((matchPattern) => ({ matchPattern })) }] });
const set = (kind: string, spec: object) => ({ apiVersion: 'projectcalico.org/v3', kind, metadata: { name: 's', labels: { app: 'x' } }, spec });

const manifests = (objects: readonly object[]) => ({ kubernetes_manifest: Object.fromEntries(objects.map((manifest, index) => [`o${index}`, { manifest }])) });
const egressIn = (resource: object) => kubernetesModels(buildGraph(parsePlan(JSON.stringify({ resource }), 'plan.json')))[0]!.podEgress.find(({ pods }) => pods === 'a/x');
const egressOf = (...objects: readonly object[]) => egressIn(manifests(objects))?.egress;

describe('policies that are not for pods', () => {
  test.each(['doNotTrack', 'preDNAT'])('of Calico with %s', (field) => {
    expect(egressOf(pod(), calico({ selector: 'all()', types: ['Ingress', 'Egress'], [field]: true, applyOnForward: true }))).toBe('open');
    expect(egressOf(pod(), calico({ selector: 'all()', types: ['Ingress', 'Egress'] }))).toBe('none');
  });

  test('of the network that pods have by default, on GKE', () => {
    const of = (network: string) => ({ ...deny, metadata: metadata('deny', { annotations: { 'networking.gke.io/network': network } }) });
    expect([egressOf(pod(), of('blue')), egressOf(pod(), of('default'))]).toEqual(['open', 'none']);
    // Nor does it open anything there.
    const opened = { ...opening({ app: 'x' }), metadata: metadata('open', { annotations: { 'networking.gke.io/network': 'blue' } }) };
    expect(egressOf(pod(), deny, opened)).toBe('none');
  });

  test.each(['k8s.v1.cni.cncf.io/networks', 'v1.multus-cni.io/default-network', 'networking.gke.io/interfaces', 'kubernetes.azure.com/static-gateway-configuration'])('pods with more interfaces, or a gateway of AKS, by %s', (annotation) => {
    const annotations = { [annotation]: 'macvlan' };
    expect(egressOf(pod({ annotations }), deny)).toBe('unknown');
    expect(egressOf(workload('Deployment', { template: { metadata: { labels: { app: 'x' }, annotations }, spec: {} } }), deny)).toBe('unknown');
    expect(egressOf(pod(), deny)).toBe('none');
  });
});

test.each<[string, object, object, string]>([
  ['by a template', { resourceClaimTemplateName: 'c' }, { kind: 'ResourceClaimTemplate', spec: { spec: { devices: { requests: [{ name: 'n', exactly: { deviceClassName: 'netdev.google.com' } }] } } } }, 'unknown'],
  ['by themselves', { resourceClaimName: 'c' }, { kind: 'ResourceClaim', spec: { devices: { requests: [{ name: 'n', firstAvailable: [{ deviceClassName: 'dranet' }] }] } } }, 'unknown'],
  ['of another device', { resourceClaimName: 'c' }, { kind: 'ResourceClaim', spec: { devices: { requests: [{ name: 'n', deviceClassName: 'gpu.nvidia.com' }] } } }, 'none'],
  ['of another name', { resourceClaimName: 'd' }, { kind: 'ResourceClaim', spec: { devices: { requests: [{ name: 'n', deviceClassName: 'dranet' }] } } }, 'none'],
])('pods that claim an interface %s', (_, claim, object, expected) => {
  const deployment = workload('Deployment', { template: { metadata: { labels: { app: 'x' } }, spec: { resourceClaims: [{ name: 'nic', ...claim }], containers: [] } } });
  expect(egressOf(deployment, deny, { apiVersion: 'resource.k8s.io/v1', metadata: metadata('c'), ...object })).toBe(expected);
});

test('pods that may be on the network of their node', () => {
  const deployment = (hostNetwork: unknown) => workload('Deployment', { template: { metadata: { labels: { app: 'x' } }, spec: { hostNetwork, containers: [] } } });
  expect(egressOf(deployment('${var.host}'), deny)).toBe('unknown');
  expect(egressOf(deployment(false), deny)).toBe('none');
  const blocks = (more: object) => ({ kubernetes_deployment_v1: { x: { metadata: metadata('x'), spec: { template: { metadata: {}, spec: more } } } } });
  expect(egressIn({ ...manifests([deny]), ...blocks({ host_network: '${var.host}' }) })?.egress).toBe('unknown');
  expect(egressIn({ ...manifests([deny]), ...blocks({}) })?.egress).toBe('none');
});

describe('selectors of Cilium by reserved labels', () => {
  const lacking = (operator: string) => ({ matchExpressions: [{ key: 'reserved:ingress', operator }] });
  const toWorld = { egress: [{ toEntities: ['world'] }] };

  test('that pods lack: the policy is for them', () => {
    expect(egressOf(pod(), deny, cilium({ endpointSelector: lacking('DoesNotExist'), ...toWorld }))).toBe('open');
    expect(egressOf(pod(), deny, cilium({ endpointSelector: lacking('Exists'), ...toWorld }))).toBe('none');
  });

  test.each<[object]>([[lacking('DoesNotExist')], [{ matchLabels: { 'cidr:8.8.8.0/24': '' } }], [{ matchLabels: { 'cidrgroup:partner': '' } }]])('to whatever is no pod: %j', (selector) => {
    expect(egressOf(pod(), cilium({ endpointSelector: {}, egress: [{ toEndpoints: [selector] }] }))).toBe('unknown');
    // And none of it is refused for certain.
    expect(egressOf(pod(), cilium({ endpointSelector: {}, ...toWorld, egressDeny: [{ toEndpoints: [selector] }] }))).toBe('open');
  });
});

describe('namespaces by what they lack, which Cilium takes for the world as well', () => {
  const lacks = (operator: string) => ({ key: 'team', operator, ...(operator === 'NotIn' ? { values: ['t'] } : {}) });
  const to = (peer: object) => network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [peer] }] });
  const its = cilium({ endpointSelector: { matchLabels: { app: 'other' } }, egress: [{}] });

  test.each(['NotIn', 'DoesNotExist'])('in NetworkPolicies: %s', (operator) => {
    const namespaceSelector = { matchExpressions: [lacks(operator)] };
    expect(egressOf(pod(), to({ namespaceSelector }), its)).toBe('unknown');
    expect(egressOf(pod(), to({ namespaceSelector, podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['y'] }] } }), its)).toBe('unknown');
    // What only pods and their namespaces have keeps it to these.
    for (const more of [{ podSelector: { matchLabels: { app: 'y' } } }, { namespaceSelector: { matchExpressions: [lacks(operator), { key: 'kubernetes.io/metadata.name', operator: 'Exists' }] } }, { namespaceSelector: {} }, { namespaceSelector: { matchExpressions: [] } }]) expect(egressOf(pod(), to({ namespaceSelector, ...more }), its)).toBe('none');
    // Nor does another engine.
    expect(egressOf(pod(), to({ namespaceSelector }))).toBe('none');
  });

  test.each<[string, object]>([
    ['Dataplane V2', { google_container_cluster: { c: { name: 'c', datapath_provider: 'ADVANCED_DATAPATH' } } }],
    ['Autopilot', { google_container_cluster: { c: { name: 'c', enable_autopilot: true } } }],
    ['AKS', { azurerm_kubernetes_cluster: { c: { name: 'c', network_profile: [{ network_plugin: 'azure', network_data_plane: 'cilium', network_policy: 'cilium' }] } } }],
    ['a chart', { helm_release: { c: { name: 'cni', chart: 'cilium' } } }],
  ])('by %s', (_, resource) => {
    expect(egressIn({ ...manifests([pod(), to({ namespaceSelector: { matchExpressions: [lacks('NotIn')] } })]), ...resource })?.egress).toBe('unknown');
    expect(egressIn({ ...manifests([pod(), to({ namespaceSelector: {} })]), ...resource })?.egress).toBe('none');
  });

  test('in its own, by the name or by labels of the namespace', () => {
    const own = (key: string, operator: string) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: metadata('c'), spec: { endpointSelector: {}, egress: [{ toEndpoints: [{ matchExpressions: [{ ...lacks(operator), key }] }] }] } });
    for (const key of ['io.kubernetes.pod.namespace', 'k8s:io.kubernetes.pod.namespace', 'k8s:io.cilium.k8s.namespace.labels.team']) expect([egressOf(pod(), own(key, 'NotIn')), egressOf(pod(), own(key, 'DoesNotExist')), egressOf(pod(), own(key, 'Exists'))]).toEqual(['unknown', 'unknown', 'none']);
    // Without a word of the namespace it is the policy's own.
    expect(egressOf(pod(), own('app', 'NotIn'))).toBe('none');
    // In those of the cluster labels of a namespace are of pods alone.
    const wide = (key: string) => { const { spec } = own(key, 'NotIn'); return cilium(spec); };
    expect([egressOf(pod(), wide('io.kubernetes.pod.namespace')), egressOf(pod(), wide('io.cilium.k8s.namespace.labels.team'))]).toEqual(['unknown', 'none']);
  });
});

describe('labels that no manifest has', () => {
  test.each(['pcns.team', 'pcsa.role', 'projectcalico.org/serviceaccount'])('of Calico: %s', (key) => {
    expect(egressOf(pod(), deny, calico({ order: 1, selector: `${key} == 't'`, types: ['Egress'], egress: [{ action: 'Allow' }] }))).toBe('open');
    expect(egressOf(pod(), calico({ selector: `${key} == 't'`, types: ['Egress'] }))).toBe('open');
  });

  test.each(['statefulset.kubernetes.io/pod-name', 'pod-template-hash', 'batch.kubernetes.io/job-name', 'topology.kubernetes.io/zone', 'service.istio.io/canonical-name'])('of pods: %s', (key) => {
    const set = workload('StatefulSet', { template: { metadata: { labels: { app: 'x' } }, spec: {} } });
    expect(egressOf(set, deny, opening({ [key]: 'x-0' }))).toBe('open');
    expect(egressOf(set, deny, opening({ app: 'y', [key]: 'x-0' }))).toBe('none');
    // And no policy closes them for certain.
    expect(egressOf(set, network({ podSelector: { matchLabels: { [key]: 'x-0' } }, policyTypes: ['Egress'] }))).toBe('open');
  });

  test('of namespaces: those that a platform gives, and those that are not known before an apply', () => {
    const open = (key: string) => cilium({ endpointSelector: { matchLabels: { [`io.cilium.k8s.namespace.labels.${key}`]: 't' } }, egress: [{ toEntities: ['world'] }] });
    expect(egressOf(namespace({}), pod(), deny, open('field.cattle.io/projectId'))).toBe('open');
    expect(egressOf(namespace({ team: '${var.team}' }), pod(), deny, open('team'))).toBe('open');
    expect(egressOf(namespace({ team: 'u' }), pod(), deny, open('team'))).toBe('none');
  });

  test('what kubernetes_labels adds to an object that stands elsewhere', () => {
    const labelled = (kind: string, name: string) => ({ kubernetes_labels: { l: { api_version: 'v1', kind, metadata: [{ name, ...(kind === 'Namespace' ? {} : { namespace: 'a' }) }], labels: { team: 't' } } } });
    const open = cilium({ endpointSelector: { matchLabels: { 'io.cilium.k8s.namespace.labels.team': 't' } }, egress: [{ toEntities: ['world'] }] });
    expect(egressIn({ ...manifests([namespace({}), pod(), deny, open]), ...labelled('Namespace', 'a') })?.egress).toBe('open');
    expect(egressIn({ ...manifests([namespace({}), pod(), deny, open]), ...labelled('Namespace', 'b') })?.egress).toBe('none');
    expect(egressIn({ ...manifests([pod(), deny, opening({ team: 't' })]), ...labelled('Pod', 'x') })?.egress).toBe('open');
  });

  test('that YAML takes for a number or a truth are text', () => {
    expect(egressOf({ ...pod(), metadata: metadata('x', { labels: { open: true, tier: 1 } }) }, deny, opening({ open: 'true', tier: 1 }))).toBe('open');
  });
});

describe('rules that refuse less than they seem to', () => {
  const everywhere = [{ networks: ['0.0.0.0/0', '::/0'] }];

  test('of protocols that are not known', () => {
    expect(egressOf(pod(), admin({ egress: [{ action: 'Deny', to: everywhere, protocols: [{ icmp: {} }] }] }))).toBe('open');
    expect(egressOf(pod(), admin({ egress: [{ action: 'Deny', to: everywhere, protocols: [{ tcp: {} }, { udp: {} }, { sctp: {} }] }] }))).toBe('open');
    expect(egressOf(pod(), admin({ egress: [{ action: 'Deny', to: everywhere }] }))).toBe('none');
  });
});

describe('policies that Cilium refuses as a whole', () => {
  const refusals = (...objects: readonly object[]) => review({ inputs: [parsePlan(JSON.stringify({ resource: manifests(objects) }), 'plan.json')], today: TODAY }).findings.filter(({ rule }) => rule === 'policy-refused').map(({ message }) => message);
  const dns = { rules: { dns: [{ matchPattern: '*' }] } };
  const ports = (item: object) => ({ toPorts: [{ ports: [{ port: '53', protocol: 'TCP' }], ...item }] });

  test.each<[string, object]>([
    ['it has no rules', { endpointSelector: {}, enableDefaultDeny: { ingress: true, egress: true } }],
    ['it has no rules', { endpointSelector: {}, ingress: [], egress: [] }],
    ['it has both endpointSelector and nodeSelector', { endpointSelector: {}, nodeSelector: {}, egress: [{}] }],
    ['it has neither endpointSelector nor nodeSelector', { egress: [{}] }],
    ['a rule combines toEndpoints and toCIDR', { endpointSelector: {}, egress: [{ toEndpoints: [{}], toCIDR: ['10.0.0.0/8'] }] }],
    ['a rule combines toCIDR and toFQDNs', { endpointSelector: {}, egress: [{ toCIDR: ['10.0.0.0/8'], toFQDNs: [{ matchName: 'a.com' }] }] }],
    ['a rule combines fromEndpoints and fromEntities', { endpointSelector: {}, egress: [{}], ingress: [{ fromEndpoints: [{}], fromEntities: ['host'] }] }],
    ['a rule combines icmps and toPorts', { endpointSelector: {}, egress: [{ icmps: [{ fields: [{ type: 8 }] }], ...ports({}) }] }],
    ["'internet' is no entity", { endpointSelector: {}, egressDeny: [{ toEntities: ['internet'] }] }],
    ["'10.0.0.0/33' is no block of addresses", { endpointSelector: {}, egress: [{ toCIDR: ['10.0.0.0/33'] }] }],
    ["'10.0.0.1' is no block of addresses", { endpointSelector: {}, egress: [{ toCIDRSet: [{ cidr: '10.0.0.1' }] }] }],
    ["'192.168.0.0/16' is taken out of 10.0.0.0/8, which does not hold it", { endpointSelector: {}, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['192.168.0.0/16'] }] }] }],
    ['a set has cidr and cidrGroupRef', { endpointSelector: {}, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', cidrGroupRef: 'g' }] }] }],
    ['DNS rules stand under ingress', { endpointSelector: {}, egress: [{}], ingress: [ports(dns)] }],
    ['DNS rules name no port', { endpointSelector: {}, egress: [{ toEndpoints: [{}], toPorts: [dns] }] }],
    ['rules of http are for TCP, and a port says nothing', { endpointSelector: {}, egress: [{ toEndpoints: [{}], toPorts: [{ ports: [{ port: '80' }], rules: { http: [{ method: 'GET' }] } }] }] }],
    ['one item has rules of http and dns', { endpointSelector: {}, egress: [{ toEndpoints: [{}], ...ports({ rules: { http: [{}], dns: [{ matchPattern: '*' }] } }) }] }],
    ['a set has no cidr', { endpointSelector: {}, egress: [{ toCIDRSet: [{ except: ['10.0.0.0/8'] }] }] }],
    ['a name has both matchName and matchPattern', { endpointSelector: {}, egress: [{ toFQDNs: [{ matchName: 'a.com', matchPattern: '*.a.com' }] }] }],
    ['a name has neither matchName nor matchPattern', { endpointSelector: {}, egress: [{ toFQDNs: [{}] }] }],
    ["'*.a.com' is no name", { endpointSelector: {}, egress: [{ toFQDNs: [{ matchName: '*.a.com' }] }] }],
    ["'8000-9000' is no port: the last of several stands in endPort", { endpointSelector: {}, egress: [{ toEndpoints: [{}], toPorts: [{ ports: [{ port: '8000-9000', protocol: 'TCP' }] }] }] }],
    ["'65536' is no port", { endpointSelector: {}, egressDeny: [{ toEndpoints: [{}], toPorts: [{ ports: [{ port: '65536' }] }] }] }],
    ['a port is not said', { endpointSelector: {}, egress: [{ toEndpoints: [{}], toPorts: [{ ports: [{ protocol: 'TCP' }] }] }] }],
    ['rules of http are for a port, and it is 0', { endpointSelector: {}, egress: [{ toEndpoints: [{}], toPorts: [{ ports: [{ port: '0', protocol: 'TCP' }], rules: { http: [{}] } }] }] }],
    ['a name in serverNames is empty', { endpointSelector: {}, egress: [{ toEndpoints: [{}], ...ports({ serverNames: [''] }) }] }],
    ['one item has serverNames and rules of http, and ends no TLS', { endpointSelector: {}, egress: [{ toEndpoints: [{}], ...ports({ serverNames: ['a.com'], rules: { http: [{}] } }) }] }],
    ['one item has a listener and rules of http', { endpointSelector: {}, egressDeny: [{ toEntities: ['none'] }], ingress: [{}], egress: [{ toEntities: ['all'], ...ports({ listener: { name: 'l' }, rules: { http: [{}] } }) }] }],
    ['a listener stands under ingress', { endpointSelector: {}, egress: [{}], ingress: [ports({ listener: { name: 'l' } })] }],
    ['41 ports in one item', { endpointSelector: {}, egress: [{ toEndpoints: [{}], toPorts: [{ ports: Array.from({ length: 41 }, (_, port) => ({ port: String(port + 1), protocol: 'TCP' })) }] }] }],
  ])('%s', (reason, spec) => {
    expect(egressOf(pod(), cilium(spec))).toBe('open');
    expect(refusals(pod(), cilium(spec))).toEqual([expect.stringContaining(`Cilium refuses w as a whole: ${reason}`)]);
  });

  test('of several specs none is taken where one is refused', () => {
    const specs = (...others: readonly object[]) => ({ ...cilium({}), spec: undefined, specs: [{ endpointSelector: {}, egress: [{ toEndpoints: [{}] }] }, ...others] });
    expect(egressOf(pod(), specs({ endpointSelector: {}, ingress: [] }))).toBe('open');
    expect(egressOf(pod(), specs({ endpointSelector: {}, ingress: [{}] }))).toBe('none');
  });

  test('its denies are none', () => {
    const open = cilium({ endpointSelector: {}, egress: [{ toEntities: ['world'] }] });
    const denying = (more: object) => ({ ...cilium({ endpointSelector: {}, egressDeny: [{ toEntities: ['all'], ...more }] }), metadata: { name: 'd' } });
    expect(egressOf(pod(), open, denying({ toCIDR: ['10.0.0.0/8'] }))).toBe('open');
    expect(egressOf(pod(), open, denying({}))).toBe('none');
  });

  test('not one that it takes, or of which something is not known yet', () => {
    const taken = { endpointSelector: {}, ingress: [{ fromEntities: ['host', 'remote-node', 'health'] }], egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] }, { toFQDNs: [{ matchName: 'a.com' }, { matchPattern: '*.a.com' }], ...ports({}) }, { toEndpoints: [{}], ...ports(dns) }, { toEndpoints: [{}], toPorts: [{ ports: [{ port: 'web-1' }, { port: '0' }, { port: '65535' }, { protocol: 'GRE' }, { port: '${var.port}' }] }, { ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['a.com'], terminatingTLS: {}, rules: { http: [{}] } }] }] };
    expect(refusals(pod(), cilium(taken), cilium({ endpointSelector: {}, egress: '${var.egress}' }), cilium({ endpointSelector: '${var.selector}', egress: [{}] }))).toEqual([]);
  });
});

describe('what rules refer to, and what of it is not known before an apply', () => {
  const group = (cidrs: readonly string[]) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'g' }, spec: { externalCIDRs: cidrs } });
  const toGroup = cilium({ endpointSelector: {}, egress: [{ toCIDRSet: [{ cidrGroupRef: 'g' }] }] });
  const toLabels = calico({ selector: 'all()', types: ['Egress'], egress: [{ action: 'Allow', destination: { selector: "app == 'x'" } }] });

  test('a group of blocks of Cilium', () => {
    expect(egressOf(pod(), group(['10.0.0.0/8', '${var.partner}']), toGroup)).toBe('unknown');
    expect(egressOf(pod(), group(['10.0.0.0/8']), toGroup)).toBe('none');
  });

  test('a listener of Envoy, which leads on', () => {
    const proxied = (item: object) => cilium({ endpointSelector: {}, egress: [{ toEndpoints: [{}], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], ...item }] }] });
    expect(egressOf(pod(), proxied({ listener: { envoyConfig: { name: 'c' }, name: 'l' } }))).toBe('unknown');
    expect(egressOf(pod(), proxied({}))).toBe('none');
  });

  test.each(['NetworkSet', 'GlobalNetworkSet'])('a %s of Calico', (kind) => {
    expect(egressOf(pod(), set(kind, { nets: ['10.0.0.0/8', '${var.partner}'] }), toLabels)).toBe('unknown');
    expect(egressOf(pod(), set(kind, { nets: ['10.0.0.0/8'] }), toLabels)).toBe('none');
    expect(egressOf(pod(), set(kind, { nets: ['10.0.0.0/8'], allowedEgressDomains: ['api.example.com'] }), toLabels)).toBe('allowlisted');
  });

  test('a peer of an administrator that is of no kind known here', () => {
    const allowing = (peer: object) => admin({ egress: [{ action: 'Accept', to: [peer] }] });
    expect(egressOf(pod(), deny, allowing({ vineyards: {} }))).toBe('unknown');
    expect(egressOf(pod(), deny, allowing({ networks: ['10.0.0.0/8'] }))).toBe('none');
  });

  test('of sets of Calico those with the label, and a deny of one is for its addresses alone', () => {
    const public8 = { ...set('GlobalNetworkSet', { nets: ['8.8.8.0/24'] }), metadata: { name: 'p', labels: { app: 'other' } } };
    expect(egressOf(pod(), set('GlobalNetworkSet', { nets: ['10.0.0.0/8'] }), public8, toLabels)).toBe('none');
    const denies = (label: string) => calico({ types: ['Egress'], egress: [{ action: 'Deny', destination: { selector: `app == '${label}'` } }, { action: 'Allow', destination: { nets: ['8.8.8.0/24'] } }] });
    expect(['x', 'other'].map((label) => egressOf(pod(), set('GlobalNetworkSet', { nets: ['10.0.0.0/8'] }), public8, denies(label)))).toEqual(['open', 'none']);
  });

  test('of sets of Calico in a namespace those that its label means, and a deny that is for some namespaces is for no set for certain', () => {
    const inNamespace = (name: string) => ({ ...set('NetworkSet', { nets: ['8.8.8.0/24'] }), metadata: { name: 's', namespace: name, labels: { role: 'r' } } });
    const rule = (action: string, destination: object) => ({ action, destination });
    const by = (...egress: readonly object[]) => calico({ types: ['Egress'], egress });
    expect(['a', 'b'].map((name) => egressOf(pod(), inNamespace(name), by(rule('Allow', { selector: "projectcalico.org/namespace == 'a'" }))))).toEqual(['open', 'none']);
    const refused = (destination: object) => egressOf(pod(), inNamespace('b'), by(rule('Deny', destination), rule('Allow', { nets: ['8.8.8.0/24'] })));
    expect([{ selector: "role == 'r'" }, { namespaceSelector: "team == 't'" }, { namespaceSelector: 'global()' }].map(refused)).toEqual(['none', 'open', 'open']);
  });

  test('a pass of Calico that is for some requests alone skips nothing', () => {
    const tier = { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 't' }, spec: { order: 1 } };
    const passing = (more: object) => calico({ tier: 't', selector: 'all()', types: ['Egress'], egress: [{ action: 'Pass', ...more }, { action: 'Allow' }] });
    expect(egressOf(pod(), deny, tier, passing({}))).toBe('none');
    expect(egressOf(pod(), deny, tier, passing({ protocol: 'TCP', http: { methods: ['GET'] } }))).toBe('open');
    expect(egressOf(pod(), deny, tier, passing({ source: { serviceAccounts: { names: ['a'] } } }))).toBe('open');
  });

  test('the order of a tier of Calico', () => {
    const tier = (order: unknown) => ({ apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 't' }, spec: { order } });
    const open = calico({ tier: 't', selector: 'all()', types: ['Egress'], egress: [{ action: 'Allow' }] });
    expect(egressOf(pod(), deny, tier('${var.order}'), open)).toBe('unknown');
    expect(egressOf(pod(), deny, tier(1), open)).toBe('open');
  });
});

describe('names that anybody can get', () => {
  test.each(['*example.com', '*.*.com', 'api.*.com', '*com', 'a*.co.uk', '**.github.io', 'api-*.net'])('%s', (pattern) => expect(egressOf(pod(), names(pattern))).toBe('open'));

  test.each(['*.example.com', '**.example.com', 'api-*.example.com', '*.*.example.co.uk', 'api.example.com'])('not %s', (pattern) => expect(egressOf(pod(), names(pattern))).toBe('allowlisted'));
});

test('an object as text in which something is not known', () => {
  const text = (cidr: string) => ({ kubectl_manifest: { m: { yaml_body: JSON.stringify(network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr } }] }] })) } }, ...manifests([pod()]) });
  expect(egressIn(text('${var.partner}'))?.egress).not.toBe('none');
  expect(egressIn(text('10.0.0.0/8'))?.egress).toBe('none');
});

describe('kinds that are called alike', () => {
  const fqdn = (version: string, rule: object) => ({ apiVersion: `networking.gke.io/${version}`, kind: 'FQDNNetworkPolicy', metadata: metadata('f'), spec: { podSelector: {}, egress: [{ ports: [{ port: 443 }], ...rule }] } });

  test.each<[string, object, string]>([
    ['of GKE', fqdn('v1alpha1', { matches: [{ name: 'api.example.com' }] }), 'allowlisted'],
    ['of the controller that was there before', fqdn('v1alpha3', { to: [{ fqdns: ['api.example.com'] }] }), 'allowlisted'],
    ['with hosts of neither', fqdn('v1beta1', { domains: ['api.example.com'] }), 'unknown'],
  ])('FQDNNetworkPolicy %s', (_, policy, expected) => expect(egressOf(pod(), deny, policy)).toBe(expected));

  test('of Calico, with something that is not read', () => {
    const denying = (destination: object) => calico({ selector: 'all()', types: ['Egress'], egress: [{ action: 'Deny', destination }, { action: 'Allow' }] });
    expect(egressOf(pod(), denying({ feeds: ['bad'] }))).toBe('open');
    expect(egressOf(pod(), denying({}))).toBe('none');
  });
});

test.each<[string, object, boolean]>([
  ['kyverno.io/v1 ClusterPolicy', { rules: [{ generate: { kind: 'NetworkPolicy' } }] }, true],
  ['kyverno.io/v1 Policy', { rules: [{ mutate: {} }] }, true],
  ['kyverno.io/v1 ClusterPolicy', { rules: [{ validate: {} }] }, false],
  ['policies.kyverno.io/v1alpha1 GeneratingPolicy', {}, true],
  ['mutations.gatekeeper.sh/v1 Assign', {}, true],
  ['templates.gatekeeper.sh/v1 ConstraintTemplate', {}, false],
  ['configsync.gke.io/v1beta1 RootSync', {}, true],
  ['kubernetes.crossplane.io/v1alpha2 Object', {}, true],
])('%s with %j makes objects that nobody sees: %s', (text, spec, expected) => {
  const [apiVersion, kind] = text.split(' ');
  const { findings } = review({ inputs: [parsePlan(JSON.stringify({ resource: manifests([{ apiVersion, kind, metadata: metadata('k'), spec }]) }), 'plan.json')], today: TODAY });
  expect(findings.some(({ rule }) => rule === 'objects-not-read')).toBe(expected);
});

describe('workloads whose pods stand deeper', () => {
  const template = (more: object = {}) => ({ template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ image: 'i' }], ...more } } });
  const workloadOf = (apiVersion: string, kind: string, spec: object) => ({ apiVersion, kind, metadata: metadata('w'), spec });
  const told = (...objects: readonly object[]) => kubernetesModels(buildGraph(parsePlan(JSON.stringify({ resource: manifests([deny, ...objects]) }), 'plan.json')))[0]!.podEgress.map(({ pods, egress }) => `${pods} ${egress}`);
  const host = { hostNetwork: true };

  test.each<[object, readonly string[]]>([
    [workloadOf('batch.volcano.sh/v1alpha1', 'Job', { tasks: [{ name: 't', ...template(host) }] }), ['a/w open']],
    [workloadOf('ray.io/v1', 'RayCluster', { headGroupSpec: template(host), workerGroupSpecs: [{ groupName: 'g', ...template() }] }), ['a/w (g) none', 'a/w (headGroupSpec) open']],
    [workloadOf('jobset.x-k8s.io/v1alpha2', 'JobSet', { replicatedJobs: [{ name: 'r', template: { spec: template(host) } }] }), ['a/w open']],
    [workloadOf('argoproj.io/v1alpha1', 'Workflow', { entrypoint: 'e', templates: [{ name: 'e', container: {} }], ...host }), ['a/w open']],
    [workloadOf('argoproj.io/v1alpha1', 'CronWorkflow', { workflowSpec: { templates: [], ...host } }), ['a/w open']],
    [workloadOf('batch/v1', 'CronJob', { jobTemplate: { spec: template(host) } }), ['a/w open']],
    [workloadOf('apps/v1', 'Deployment', {}), ['a/w none']],
    [workloadOf('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { versions: [template()] }), []],
    [workloadOf('example.com/v1', 'Thing', { size: 1 }), []],
  ])('%j', (object, expected) => expect(told(object)).toEqual(expected));
});

test("the cluster's own DNS, whose pods no input has, is no set of addresses", () => {
  const dns = (selector: string) => calico({ selector: 'all()', types: ['Egress'], egress: [{ action: 'Allow', protocol: 'UDP', destination: { selector, ports: [53] } }] });
  expect(egressOf(pod(), dns("k8s-app == 'kube-dns'"))).toBe('none');
  expect(egressOf(pod(), dns("app == 'partner'"))).toBe('unknown');
});

describe('what a tier of Calico passes on', () => {
  const tier = { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'security' }, spec: { order: 100 } };
  const passing = (destination: object = {}) => ({ ...calico({ tier: 'security', selector: 'all()', types: ['Ingress', 'Egress'], egress: [{ action: 'Pass', destination }] }), metadata: { name: 'pass' } });
  const later = (spec: object) => calico({ selector: 'all()', types: ['Egress'], ...spec });

  test.each<[string, readonly object[], string]>([
    ['is open where no other tier is for the pods', [passing()], 'open'],
    ['and where another one is for others', [passing(), later({ selector: "app == 'y'" })], 'open'],
    ['is decided by the next', [passing(), later({})], 'none'],
    ['or by NetworkPolicies', [passing(), deny], 'none'],
    ['or by the baseline', [passing(), admin({ tier: 'Baseline', egress: [{ action: 'Deny', to: [{ networks: ['0.0.0.0/0', '::/0'] }] }] })], 'none'],
    ['a part, which is open', [passing({ nets: ['8.8.8.0/24'] })], 'open'],
    ['a part that is private', [passing({ nets: ['10.0.0.0/8'] })], 'none'],
    ['beside what nobody knows', [passing(), later({ egress: [{ action: 'Allow', destination: { selector: "app == 'partner'" } }] })], 'unknown'],
  ])('%s', (_, objects, expected) => expect(egressOf(pod(), tier, ...objects)).toBe(expected));
});

test.each<[string, string, boolean]>([
  ['compute.cnrm.cloud.google.com/v1beta1', 'ComputeRoute', true],
  ['ec2.services.k8s.aws/v1alpha1', 'SecurityGroup', true],
  ['network.azure.com/v1api20240301', 'RouteTable', true],
  ['ec2.aws.upbound.io/v1beta1', 'Route', true],
  ['infrastructure.cluster.x-k8s.io/v1beta2', 'AWSMachineTemplate', true],
  ['iam.cnrm.cloud.google.com/v1beta1', 'IAMPolicyMember', false],
  ['apps/v1', 'Deployment', false],
])('what a controller makes in a cloud is in no plan: %s %s', (apiVersion, kind, expected) => {
  const { findings } = review({ inputs: [parsePlan(JSON.stringify({ resource: manifests([{ apiVersion, kind, metadata: metadata('x'), spec: {} }]) }), 'plan.json')], today: TODAY });
  const told = findings.filter(({ rule }) => rule === 'objects-not-read').map(({ severity, message }) => `${severity} ${message}`);
  expect(told).toEqual(expected ? [`medium kubernetes_manifest.o0 has a controller make a ${kind} of ${apiVersion.split('/')[0]}: a way out that it makes is in no plan`] : []);
});
