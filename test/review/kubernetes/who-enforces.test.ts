/** Policies that nobody enforces though the cluster has an engine: of another engine's kinds, on nodes where it does not run, or of a name that another object has. */
import { review } from '../../../review/review';
import { parsePlan } from '../../../review/plan/load';
import { TODAY } from '../../fixtures/stacks';
import { admin, calls, cilium, deny, modelOf, network, pod, port, stackOf, wide, X } from './policy-objects';

const everywhere = [{ networks: ['0.0.0.0/0', '::/0'] }];
const calico = (spec: object, name = 'g', apiVersion = 'projectcalico.org/v3') => ({ apiVersion, kind: 'GlobalNetworkPolicy', metadata: { name }, spec: { selector: 'all()', types: ['Egress'], ...spec } });
const tier = { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 't' }, spec: { order: 10 } };
const named = (name: string, spec: object) => ({ ...network(spec), metadata: { name, namespace: 'a' } });
const open = named('open', { podSelector: {}, policyTypes: ['Egress'], egress: [{}] });
const workload = (spec: object, more: object = {}) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', namespace: 'a' }, spec: { template: { metadata: { labels: X }, spec: { containers: [], ...spec } } }, ...more });

const gke = (more: object = { datapath_provider: 'ADVANCED_DATAPATH' }) => ({ google_container_cluster: { c: { name: 'c', ...more } } });
const gkeCalico = gke({ network_policy: { enabled: true } });
const aks = (network_policy: string) => ({ azurerm_kubernetes_cluster: { c: { name: 'c', network_profile: { network_plugin: 'azure', network_policy } } } });
const eks = { aws_eks_cluster: { c: { name: 'c' } }, aws_eks_addon: { cni: { cluster_name: 'c', addon_name: 'vpc-cni', configuration_values: '{"enableNetworkPolicy":"true"}' } } };
const chart = (name: string) => ({ helm_release: { r: { name, chart: name } } });

const stack = (objects: readonly object[], more: object = {}) => ({ resource: { ...stackOf(objects).resource, ...more } });
const egressOf = (objects: readonly object[], more: object = {}, id = 'a/x') => modelOf(stack(objects, more)).podEgress.find(({ pods }) => pods === id)?.egress;
const refusals = (objects: readonly object[], more: object) => review({ inputs: [parsePlan(JSON.stringify(stack(objects, more)), 'plan.json')], today: TODAY }).findings.filter(({ rule }) => rule === 'policy-refused').map(({ message }) => message);

describe('kinds of another engine', () => {
  const CALICO = calico({});
  const CILIUM = cilium({ endpointSelector: {}, egress: [{}] });
  const ADMIN = admin(0, { egress: [{ name: 'd', action: 'Deny', to: everywhere }] }, 'BaselineAdminNetworkPolicy');

  test.each<[string, object, object, string]>([
    ["Calico's under Dataplane V2", CALICO, gke(), 'open'],
    ["Calico's as its own store has them, under Autopilot", calico({}, 'g', 'crd.projectcalico.org/v1'), gke({ enable_autopilot: true }), 'open'],
    ["Calico's where GKE has Calico", CALICO, gkeCalico, 'none'],
    ["Calico's where the datapath is not known", CALICO, gke({ datapath_provider: '${var.datapath}' }), 'none'],
    ["Cilium's where GKE has Calico", CILIUM, gkeCalico, 'open'],
    ["the administrator's on GKE", ADMIN, gke(), 'unknown'],
    ["the administrator's where GKE has Calico", ADMIN, gkeCalico, 'unknown'],
    ["Calico's on AKS with Azure's engine", CALICO, aks('azure'), 'open'],
    ["Calico's on AKS with Cilium", CALICO, aks('cilium'), 'open'],
    ["Calico's on AKS with Calico", CALICO, aks('calico'), 'none'],
    ["Cilium's on AKS with Azure's engine", CILIUM, aks('azure'), 'open'],
    ["Cilium's on AKS with Calico", CILIUM, aks('calico'), 'open'],
    ["Cilium's on AKS with Cilium", CILIUM, aks('cilium'), 'none'],
    ["the administrator's on AKS with Azure's engine", ADMIN, aks('azure'), 'open'],
    ["the administrator's on AKS with Cilium", ADMIN, aks('cilium'), 'unknown'],
    ["Calico's on EKS", CALICO, eks, 'unknown'],
    ["Cilium's on EKS", CILIUM, eks, 'unknown'],
    ["Calico's where a chart brings it", CALICO, { ...eks, ...chart('tigera-operator') }, 'none'],
    ["the administrator's without a cluster in the input", ADMIN, {}, 'none'],
    ["Calico's where one of two clusters reads them", CALICO, { ...gke(), ...aks('calico') }, 'none'],
    ["Calico's where neither of two clusters reads them for certain", CALICO, { ...gke(), ...eks }, 'unknown'],
  ])('%s', (_, policy, cluster, expected) => {
    expect(egressOf([pod('x'), policy], cluster)).toBe(expected);
    expect(refusals([pod('x'), policy], cluster)).toHaveLength(expected === 'open' ? 1 : 0);
  });

  test('refuse nothing, and what they would open counts', () => {
    const opening = calico({ order: 1, egress: [{ action: 'Allow' }] });
    expect(egressOf([pod('x'), deny, opening], gke())).toBe('open');
    // A deny, or a pass that keeps a later deny from being asked, is none.
    expect(egressOf([pod('x'), open, calico({ order: 1, egress: [{ action: 'Deny' }] })], gke())).toBe('open');
    expect(egressOf([pod('x'), open, admin(1, { egress: [{ name: 'd', action: 'Deny', to: everywhere }] })], aks('azure'))).toBe('open');
    expect(egressOf([pod('x'), open, admin(1, { egress: [{ name: 'd', action: 'Deny', to: everywhere }] })])).toBe('none');
  });
});

describe('nodes where no policy holds', () => {
  test.each<[string, object]>([
    ['by their selector', { nodeSelector: { 'kubernetes.io/os': 'windows' } }],
    ['by the older label', { nodeSelector: { 'beta.kubernetes.io/os': 'windows' } }],
    ['by the field', { os: { name: 'windows' } }],
    ['by affinity', { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: ['windows'] }] }] } } } }],
  ])('those of Windows, %s', (_, spec) => {
    expect([gke(), gkeCalico, eks, aks('cilium'), chart('cilium')].map((cluster) => egressOf([workload(spec), deny], cluster))).toEqual(Array(5).fill('unknown'));
    // Calico and Azure's engine run there; where Calico's operator brings it, once it is told to.
    const told = { helm_release: { r: { name: 'calico', chart: 'tigera-operator', values: ['installation:\n  calicoNetwork:\n    windowsDataplane: HNS\n'] } } };
    expect([aks('azure'), aks('calico'), { ...eks, ...told }, {}].map((cluster) => egressOf([workload(spec), deny], cluster))).toEqual(Array(4).fill('none'));
    expect(egressOf([workload(spec), deny], { ...eks, ...chart('tigera-operator') })).toBe('unknown');
    const installation = (calicoNetwork: object) => ({ apiVersion: 'operator.tigera.io/v1', kind: 'Installation', metadata: { name: 'default' }, spec: { calicoNetwork } });
    expect([{}, { windowsDataplane: 'Disabled' }, { windowsDataplane: 'HNS' }].map((network) => egressOf([workload(spec), deny, installation(network)]))).toEqual(['unknown', 'unknown', 'none']);
    expect(egressOf([workload({}), deny, installation({})])).toBe('none');
  });

  test.each<[string, object, string]>([
    ['by their selector', { nodeSelector: { type: 'virtual-kubelet' } }, 'unknown'],
    ['of the second kind', { nodeSelector: { virtualization: 'virtualnode2' } }, 'unknown'],
    ['where they tolerate one', { tolerations: [{ key: 'gpu' }, { key: 'virtual-kubelet.io/provider', operator: 'Exists' }] }, 'unknown'],
    ['that tolerate something else', { tolerations: [{ key: 'gpu' }] }, 'none'],
    ['of Linux', { nodeSelector: { 'kubernetes.io/os': 'linux' } }, 'none'],
  ])('virtual ones of AKS: pods %s', (_, spec, expected) => expect(egressOf([workload(spec), deny], aks('cilium'))).toBe(expected));

  test('as blocks of the provider', () => {
    const blocks = (spec: object) => egressOf([deny], { kubernetes_deployment_v1: { x: { metadata: { name: 'x', namespace: 'a' }, spec: { template: { metadata: { labels: X }, spec } } } }, ...aks('cilium') });
    expect(blocks({ node_selector: { 'kubernetes.io/os': 'windows' } })).toBe('unknown');
    expect(blocks({ toleration: [{ key: 'gpu' }, { key: 'virtual-kubelet.io/provider' }] })).toBe('unknown');
    expect(blocks({ toleration: [{ key: 'gpu' }] })).toBe('none');
  });
});

test('Flannel enforces nothing, unless its chart brings what does', () => {
  const set = (name: string) => ({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name, namespace: 'kube-flannel' }, spec: { template: { spec: { hostNetwork: true, containers: [] } } } });
  expect(egressOf([pod('x'), deny, set('kube-flannel-ds')])).toBe('unknown');
  expect(egressOf([pod('x'), deny], chart('flannel'))).toBe('unknown');
  expect(egressOf([pod('x'), deny, set('kube-flannel-ds'), set('kube-network-policies')])).toBe('none');
  expect(egressOf([pod('x'), deny], { helm_release: { r: { name: 'flannel', chart: 'flannel', values: ['netpol:\n  enabled: true'] } } })).toBe('none');
});

describe('rules of Cilium by host, or of layer 7', () => {
  const plain = { toEndpoints: [{}] };
  const rules = { http: { ...plain, toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ method: 'GET' }] } }] }, names: { toFQDNs: [{ matchName: 'a.com' }] }, handshake: { toEntities: ['world'], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['a.com'] }] } };
  const of = (rule: object, ...others: readonly object[]) => [pod('x'), wide({ endpointSelector: {}, egress: [rule] }), ...others];
  const gkeCilium = gke({ enable_autopilot: true, enable_cilium_clusterwide_network_policy: true });
  const acns = (security_enabled: unknown) => ({ azurerm_kubernetes_cluster: { c: { name: 'c', network_profile: { network_plugin: 'azure', network_policy: 'cilium', advanced_networking: { security_enabled } } } } });

  test('may be none of GKE', () => {
    expect(Object.values(rules).map((rule) => egressOf(of(rule), gkeCilium))).toEqual(['unknown', 'unknown', 'unknown']);
    expect(egressOf(of(plain), gkeCilium)).toBe('none');
  });

  test('are none of AKS without its service for them', () => {
    expect(Object.values(rules).map((rule) => egressOf(of(rule), aks('cilium')))).toEqual(['unknown', 'unknown', 'unknown']);
    expect(Object.values(rules).map((rule) => egressOf(of(rule), acns(true)))).toEqual(['none', 'allowlisted', 'allowlisted']);
    expect([egressOf(of(rules.names), acns(false)), egressOf(of(rules.names), acns('${var.security}')), egressOf(of(plain), aks('cilium'))]).toEqual(['unknown', 'allowlisted', 'none']);
  });

  test('are refused as a whole where the proxy is off', () => {
    const off = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cilium-config', namespace: 'kube-system' }, data: { 'enable-l7-proxy': 'false' } };
    expect([egressOf(of(rules.http, off)), egressOf(of(rules.http)), egressOf(of(plain, off))]).toEqual(['open', 'none', 'none']);
    expect(egressOf(of(rules.http), { helm_release: { r: { name: 'cilium', chart: 'cilium', values: ['l7Proxy: false'] } } })).toBe('open');
  });
});

test('rules of Cilium for nodes need a flag', () => {
  const policy = (key: string) => wide({ endpointSelector: {}, ...(key === 'fromNodes' ? { egress: [{}] } : {}), [key === 'fromNodes' ? 'ingress' : 'egress']: [{ [key]: [{ matchLabels: { role: 'db' } }] }] });
  for (const key of ['toNodes', 'fromNodes']) {
    expect(egressOf([pod('x'), policy(key)])).toBe('unknown');
    expect(egressOf([pod('x'), policy(key)], { helm_release: { r: { name: 'cilium', chart: 'cilium', values: ['nodeSelectorLabels: true'] } } })).toBe('none');
    expect(egressOf([pod('x'), policy(key), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cilium-config', namespace: 'kube-system' }, data: { 'enable-node-selector-labels': 'true' } }])).toBe('none');
  }
});

test('of two policies with one name either may be the last', () => {
  const closed = named('n', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  expect(egressOf([pod('x'), closed, named('n', { podSelector: {}, policyTypes: ['Ingress'] })])).toBe('unknown');
  expect(egressOf([pod('x'), closed, closed])).toBe('none');
  expect(egressOf([pod('x'), closed, named('m', { podSelector: {}, policyTypes: ['Ingress'] })])).toBe('none');
});

describe('what is passed on by ports that are not known', () => {
  test.each<[string, object, string]>([
    ['a name', { protocol: 'TCP', destination: { ports: ['https'] } }, 'open'],
    ['one port beside a name', { protocol: 'TCP', destination: { ports: [443, 'https'] } }, 'open'],
    ['a protocol without a name', { protocol: 47 }, 'open'],
    ['nothing', { protocol: 'TCP', destination: { nets: ['10.0.0.0/8'] } }, 'none'],
  ])('of Calico: %s', (_, rule, expected) => {
    expect(egressOf([pod('x'), tier, calico({ tier: 't', egress: [{ action: 'Pass', ...rule }, { action: 'Deny' }] }), open])).toBe(expected);
  });

  test.each([['Pass', 'open'], ['pass', 'open'], ['Deny', 'none']])('by a tier whose default is %s', (defaultAction, expected) => {
    expect(egressOf([pod('x'), { ...tier, spec: { order: 10, defaultAction } }, calico({ tier: 't' }), open])).toBe(expected);
  });

  test('of the administrator', () => {
    const pods = [{ pods: { namespaceSelector: {}, podSelector: {} } }];
    const rules = (ports: object) => [pod('x'), pod('y'), deny, named('o', { podSelector: {}, policyTypes: ['Egress', 'Ingress'], egress: [{ to: [{ podSelector: {} }] }], ingress: [{ from: [{ podSelector: {} }] }] }), admin(1, { egress: [{ name: 'p', action: 'Pass', to: pods, ports: [ports] }, { name: 'd', action: 'Deny', to: pods }] })];
    expect(calls(rules({ namedPort: 'web' }))).toContain('y any');
    expect(calls(rules({ portNumber: { protocol: 'TCP', port: 80 } }))).toContain('y tcp/80');
  });
});

describe('names asked of the handshake', () => {
  const policy = (protocol: object) => cilium({ endpointSelector: {}, egress: [{ toEntities: ['world'], toPorts: [{ ports: [{ port: '443', ...protocol }], serverNames: ['a.com'] }] }] });

  test('are asked of TCP alone', () => {
    expect([{ protocol: 'TCP' }, { protocol: 'UDP' }, { protocol: 'ANY' }, {}].map((protocol) => egressOf([pod('x'), policy(protocol)]))).toEqual(['allowlisted', 'unknown', 'unknown', 'unknown']);
  });

  test('any protocol is SCTP as well, and a deny of it is for certain of two', () => {
    const world = { toEntities: ['world'] };
    expect(calls([pod('x'), cilium({ endpointSelector: {}, egress: [{ ...world, ...port('443', 'ANY') }] })])).toEqual(['world sctp/443 tcp/443 udp/443 !']);
    expect(calls([pod('x'), cilium({ endpointSelector: {}, egress: [{ ...world, ...port('443', 'SCTP') }, { ...world, ...port('443', 'UDP') }], egressDeny: [{ ...world, ...port('443', 'ANY') }] })])).toEqual(['world sctp/443 !']);
  });
});

describe('pods of controllers', () => {
  const closed = named('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  const opening = (matchLabels: object) => named('open', { podSelector: { matchLabels }, policyTypes: ['Egress'], egress: [{}] });
  const workflow = (...templates: readonly object[]) => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'x', namespace: 'a' }, spec: { podMetadata: { labels: X }, templates } });

  test('steps of a workflow with labels of their own', () => {
    const steps = workflow({ name: 'plain', container: {} }, { name: 'fetch', container: {}, metadata: { labels: { role: 'fetch' } } });
    expect(['a/x', 'a/x (fetch)'].map((id) => egressOf([closed, steps, opening({ ...X, role: 'fetch' })], {}, id))).toEqual(['none', 'open']);
    expect(egressOf([closed, workflow({ name: 'f', container: {}, podSpecPatch: 'hostNetwork: true' })])).toBe('open');
  });

  test.each(['serving.knative.dev/service', 'ray.io/cluster', 'tekton.dev/task', 'jobset.sigs.k8s.io/jobset-name', 'kubevirt.io/domain', 'rollouts-pod-template-hash', 'eks.amazonaws.com/fargate-profile'])('have %s', (key) => {
    expect(egressOf([closed, workload({}), opening({ [key]: 'v' })])).toBe('open');
  });

  test('machines of KubeVirt on other networks', () => {
    const machine = (network: object) => ({ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: { name: 'x', namespace: 'a' }, spec: { template: { metadata: { labels: X }, spec: { domain: {}, networks: [{ name: 'default', ...network }] } } } });
    expect([{ multus: { networkName: 'lan' } }, { pod: {} }].map((each) => egressOf([closed, machine(each)]))).toEqual(['unknown', 'none']);
  });
});
