/** What no engine of the input reads, what Cilium leaves out of what it knows of pods, and what stands in other objects than those that look closed. */
import { review } from '../../../review/review';
import { parsePlan } from '../../../review/plan/load';
import { TODAY } from '../../fixtures/stacks';
import { admin, cilium, clusterPolicy, deny, internet, modelOf, stackOf, wide, X } from './policy-objects';

const deployment = (labels: object = X) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', namespace: 'a' }, spec: { template: { metadata: { labels }, spec: { containers: [] } } } });
const calico = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'g' }, spec: { selector: 'all()', types: ['Egress'] } };
const closed = cilium({ endpointSelector: {}, egress: [{}] });
const baseline = admin(0, { egress: [{ name: 'd', action: 'Deny', to: internet }] }, 'BaselineAdminNetworkPolicy');
const tiered = clusterPolicy('Baseline', { egress: [{ name: 'd', action: 'Deny', to: internet }] });
const inNamespace = (apiVersion: string, kind: string, spec: object, name = 'p') => ({ apiVersion, kind, metadata: { name, namespace: 'a' }, spec });
const byName = (rule: object = { matches: [{ name: 'api.example.com' }] }) => inNamespace('networking.gke.io/v1alpha1', 'FQDNNetworkPolicy', { podSelector: {}, egress: [{ ...rule, ports: [{ port: 443 }] }] });
const application = inNamespace('networking.k8s.aws/v1alpha1', 'ApplicationNetworkPolicy', { podSelector: {}, policyTypes: ['Egress'] });
const policy = (spec: object) => inNamespace('networking.k8s.io/v1', 'NetworkPolicy', { policyTypes: ['Egress'], ...spec });

const release = (name: string, more: object = {}) => ({ helm_release: { r: { name, chart: name, ...more } } });
const gke = { google_container_cluster: { c: { name: 'c', datapath_provider: 'ADVANCED_DATAPATH', enable_fqdn_network_policy: true, enable_cilium_clusterwide_network_policy: true } } };
const aks = { azurerm_kubernetes_cluster: { c: { name: 'c', network_profile: { network_plugin: 'azure', network_policy: 'cilium' } } } };
const eks = { aws_eks_cluster: { c: { name: 'c' } }, aws_eks_addon: { cni: { cluster_name: 'c', addon_name: 'vpc-cni', configuration_values: '{"enableNetworkPolicy":"true"}' } } };
const flags = (data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cilium-config', namespace: 'kube-system' }, data });

const stack = (objects: readonly object[], more: object) => ({ resource: { ...stackOf(objects).resource, ...more } });
const egressOf = (objects: readonly object[], more: object = {}) => modelOf(stack(objects, more)).podEgress.find(({ pods }) => pods === 'a/x')?.egress;
const refusals = (objects: readonly object[], more: object = {}) => review({ inputs: [parsePlan(JSON.stringify(stack(objects, more)), 'plan.json')], today: TODAY }).findings.filter(({ rule }) => rule === 'policy-refused').map(({ message }) => message);

test.each<[string, object, object, string]>([
  ["Calico's where Cilium is brought", calico, release('cilium'), 'unknown'],
  ["Calico's where both are", calico, { helm_release: { r: { name: 'cilium', chart: 'cilium' }, s: { name: 'tigera-operator', chart: 'tigera-operator' } } }, 'none'],
  ["Calico's where another is", calico, release('antrea'), 'none'],
  ["Cilium's where Calico is brought", closed, release('tigera-operator'), 'unknown'],
  ["Cilium's where Cilium is brought", closed, release('cilium'), 'none'],
  ["the administrator's where Cilium is brought", baseline, release('cilium'), 'unknown'],
  ["the administrator's where Calico is brought", baseline, release('tigera-operator'), 'none'],
  ["the administrator's, newer, where Cilium is brought", tiered, release('cilium'), 'unknown'],
  ["the administrator's, newer, where Cilium is told to read them", tiered, release('cilium', { values: ['extraConfig:\n  enable-k8s-cluster-network-policy: "true"'] }), 'none'],
  ["the administrator's, older, where Cilium is told to read the newer", baseline, release('cilium', { values: ['extraConfig:\n  enable-k8s-cluster-network-policy: "true"'] }), 'unknown'],
  ["GKE's by name on EKS", byName(), eks, 'open'],
  ["GKE's by name on AKS", byName(), aks, 'open'],
  ["GKE's by name on GKE", byName(), gke, 'allowlisted'],
  ["GKE's by name where Cilium is brought", byName(), release('cilium'), 'unknown'],
  ["a controller's by name on EKS", byName({ to: [{ fqdns: ['api.example.com'] }] }), eks, 'allowlisted'],
  ["a controller's by name where Calico is brought", byName({ to: [{ fqdns: ['api.example.com'] }] }), release('tigera-operator'), 'allowlisted'],
  ["EKS's on AKS", application, aks, 'open'],
  ["EKS's on GKE", application, gke, 'open'],
  ["EKS's on EKS", application, eks, 'unknown'],
  ["EKS's in Auto Mode", application, { aws_eks_cluster: { c: { name: 'c', compute_config: { enabled: true } } } }, 'none'],
  ["EKS's where Auto Mode is not known", application, { ...eks, aws_eks_cluster: { c: { name: 'c', compute_config: { enabled: '${var.auto}' } } } }, 'none'],
  ["EKS's where Calico is brought", application, release('tigera-operator'), 'unknown'],
])('policies of another engine: %s', (_, object, more, expected) => {
  expect(egressOf([deployment(), object], more)).toBe(expected);
  expect(refusals([deployment(), object], more)).toHaveLength(expected === 'open' ? 1 : 0);
});

describe('kinds that Cilium is told not to look at', () => {
  const clusterwide = wide({ endpointSelector: {}, egress: [{}] });

  test.each<[string, object, object, object]>([
    ['NetworkPolicy, by the ConfigMap', deny, flags({ 'enable-k8s-networkpolicy': 'false' }), {}],
    ['NetworkPolicy, by values', deny, {}, release('cilium', { values: ['k8sNetworkPolicy:\n  enabled: false\n'] })],
    ['NetworkPolicy, by values in JSON', deny, {}, release('cilium', { values: ['{"k8sNetworkPolicy":{"enabled":false}}'] })],
    ['NetworkPolicy, by a value', deny, {}, release('cilium', { set: [{ name: 'k8sNetworkPolicy.enabled', value: 'false' }] })],
    ['CiliumNetworkPolicy', closed, flags({ 'enable-cilium-network-policy': 'false' }), {}],
    ['CiliumClusterwideNetworkPolicy', clusterwide, flags({ 'enable-cilium-clusterwide-network-policy': 'false' }), {}],
  ])('%s', (_, object, config, more) => {
    const objects = [deployment(), object, ...('kind' in config ? [config] : [])];
    expect(egressOf(objects, more)).toBe('open');
    expect(refusals(objects, more)).toEqual([expect.stringContaining('Cilium looks at no ')]);
    expect(egressOf([deployment(), object], release('cilium', { values: ['k8sNetworkPolicy:\n  enabled: true\nenvoy:\n  enabled: false\n'] }))).toBe('none');
  });

  test('close nothing, and the others do', () => {
    const off = flags({ 'enable-k8s-networkpolicy': 'false' });
    expect(egressOf([deployment(), deny, closed, off])).toBe('none');
    expect(egressOf([deployment(), closed, { ...policy({ podSelector: {}, egress: [{}] }), metadata: { name: 'o', namespace: 'a' } }, off])).toBe('open');
  });
});

describe('labels that Cilium leaves out', () => {
  const opening = (podSelector: object) => ({ ...policy({ podSelector, egress: [{}] }), metadata: { name: 'open', namespace: 'a' } });

  test.each(['kubernetes.io/name', 'beta.kubernetes.io/tier', 'node.beta.kubernetes.io/x', 'k8s.io/role', 'io.kubernetes.x/y', 'etcd_node'])('%s', (key) => {
    const pods = deployment({ ...X, [key]: 'x' });
    const closing = policy({ podSelector: { matchLabels: { [key]: 'x' } } });
    expect([egressOf([pods, closing], gke), egressOf([pods, closing])]).toEqual(['open', 'none']);
    const absent = opening({ matchExpressions: [{ key, operator: 'DoesNotExist' }] });
    expect([egressOf([pods, deny, absent], gke), egressOf([pods, deny, absent])]).toEqual(['open', 'none']);
    // What it asks for besides still counts.
    const others = opening({ matchLabels: { app: 'y' }, matchExpressions: [{ key, operator: 'DoesNotExist' }] });
    expect(egressOf([pods, deny, others], gke)).toBe('none');
  });

  test.each(['app.kubernetes.io/name', 'k8s-app', 'team'])('not %s', (key) => {
    expect(egressOf([deployment({ [key]: 'x' }), policy({ podSelector: { matchLabels: { [key]: 'x' } } })], gke)).toBe('none');
  });

  test('refuse none in a deny of Cilium', () => {
    const denying = (key: string) => modelOf(stackOf([deployment(), { ...deployment({ app: 'y', [key]: 'y' }), metadata: { name: 'y', namespace: 'a' } }, cilium({ endpointSelector: {}, egress: [{ toEndpoints: [{}] }], egressDeny: [{ toEndpoints: [{ matchLabels: { [key]: 'y' } }] }] })])).connections.filter(({ from, to }) => from === 'a/x' && to === 'a/y').length;
    expect(['kubernetes.io/name', 'role'].map(denying)).toEqual([1, 0]);
  });
});

describe('a Service with more than the pods that it selects', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'a' }, spec: { selector: { app: 'z' } } };
  const slice = (name: string, namespace = 'a') => ({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 's-1', namespace, labels: { 'kubernetes.io/service-name': name } }, endpoints: [{ addresses: ['203.0.113.9'] }] });
  const toService = cilium({ endpointSelector: {}, egress: [{ toServices: [{ k8sService: { serviceName: 's', namespace: 'a' } }] }] });
  const rest = [deployment(), service, toService];

  test.each<[string, readonly object[], string]>([
    ['by a slice', [slice('s')], 'unknown'],
    ['by endpoints', [{ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 's', namespace: 'a' }, subsets: [] }], 'unknown'],
    ['not by a slice of another', [slice('t')], 'none'],
    ['not by one of another namespace', [slice('s', 'b')], 'none'],
    ['not by itself', [], 'none'],
  ])('%s', (_, objects, expected) => expect(egressOf([...rest, ...objects])).toBe(expected));
});

describe('annotations that another resource gives', () => {
  const given = (kind: string, name: string, more: object) => ({ kubernetes_annotations: { l: { api_version: 'v1', kind, metadata: [{ name, namespace: 'a' }], ...more } } });
  const attach = { 'k8s.v1.cni.cncf.io/networks': 'macvlan' };

  test('interfaces of other networks', () => {
    expect(egressOf([deployment(), deny], given('Deployment', 'x', { template_annotations: attach }))).toBe('unknown');
    expect(egressOf([deployment(), deny], given('Deployment', 'y', { template_annotations: attach }))).toBe('none');
    expect(egressOf([deployment(), deny], given('Deployment', 'x', { annotations: attach }))).toBe('none');
    expect(egressOf([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: 'a' }, spec: {} }, deny], given('Pod', 'x', { annotations: attach }))).toBe('unknown');
  });

  test('the network that a policy is for', () => {
    const blue = { annotations: { 'networking.gke.io/network': 'blue' } };
    expect([egressOf([deployment(), deny], given('NetworkPolicy', 'n', blue)), egressOf([deployment(), deny], given('NetworkPolicy', 'm', blue))]).toEqual(['open', 'none']);
  });
});
