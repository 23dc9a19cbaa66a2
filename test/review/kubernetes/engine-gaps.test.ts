/** Policies that an engine has and does not enforce for some pods, or in some versions, and openings that are written in a roundabout way. */
import { review } from '../../../review/review';
import { parsePlan } from '../../../review/plan/load';
import { TODAY } from '../../fixtures/stacks';
import { deny, modelOf, network, pod, stackOf, X } from './policy-objects';

const named = (name: string, spec: object) => ({ ...network(spec), metadata: { name, namespace: 'a' } });
const workload = (spec: object = {}) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', namespace: 'a' }, spec: { template: { metadata: { labels: X }, spec: { containers: [], ...spec } } } });
const calico = (spec: object) => ({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'g' }, spec: { selector: 'all()', types: ['Egress'], ...spec } });
const egressTo = (...to: readonly object[]) => named('to', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to }] });
const allowing = (destination: object) => calico({ egress: [{ action: 'Allow', destination }] });
const egressIn = (resource: object) => modelOf({ resource }).podEgress.find(({ pods }) => pods === 'a/x')?.egress;
const egressOf = (objects: readonly object[], more: object = {}) => egressIn({ ...stackOf([workload(), ...objects]).resource, ...more });
const aks = (network_policy: string, more: object = {}) => ({ azurerm_kubernetes_cluster: { c: { name: 'c', network_profile: { network_plugin: 'azure', network_policy, ...more } } } });
const gkeCalico = { google_container_cluster: { c: { name: 'c', network_policy: { enabled: true } } } };

describe('Calico behind the rules of others', () => {
  const felix = (spec: object) => ({ apiVersion: 'projectcalico.org/v3', kind: 'FelixConfiguration', metadata: { name: 'default' }, spec });
  const node = (value: string) => ({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'calico-node', namespace: 'kube-system' }, spec: { template: { spec: { hostNetwork: true, containers: [{ name: 'n', env: [{ name: 'FELIX_CHAININSERTMODE', value }] }] } } } });
  const chart = (mode: string) => ({ helm_release: { r: { name: 'calico', chart: 'tigera-operator', values: [`defaultFelixConfiguration:\n  enabled: true\n  chainInsertMode: ${mode}\n`] } } });

  test.each<[string, readonly object[], object, string]>([
    ['as its configuration says', [felix({ chainInsertMode: 'Append' })], {}, 'unknown'],
    ['not as it comes', [felix({ chainInsertMode: 'Insert' })], {}, 'none'],
    ['not with the data plane of eBPF', [felix({ chainInsertMode: 'Append', bpfEnabled: true })], {}, 'none'],
    ['by a variable', [node('Append')], {}, 'unknown'],
    ['not by that variable', [node('insert')], {}, 'none'],
    ['by its chart', [], chart('Append'), 'unknown'],
    ['not by its chart', [], chart('Insert'), 'none'],
  ])('%s', (_, objects, more, expected) => expect(egressOf([calico({}), ...objects], more)).toBe(expected));
});

describe("Azure's own engine", () => {
  test('enforces nothing for IPv6', () => {
    const both = { ip_versions: ['IPv4', 'IPv6'] };
    expect([aks('azure', both), aks('azure', { ip_versions: ['IPv4'] }), aks('azure'), aks('cilium', both), aks('calico', both)].map((cluster) => egressOf([deny], cluster))).toEqual(['unknown', 'none', 'none', 'none', 'none']);
  });

  test.each<[string, object, string]>([
    ['a named port', { to: [{ podSelector: {} }], ports: [{ port: 'web' }] }, 'unknown'],
    ['SCTP', { to: [{ podSelector: {} }], ports: [{ port: 80, protocol: 'SCTP' }] }, 'unknown'],
    ['a part taken out', { to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }, 'unknown'],
    ['what lacks a label', { to: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['y'] }] } }] }, 'unknown'],
    ['nothing of these', { to: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['y'] }] } }], ports: [{ port: 80, protocol: 'TCP' }] }, 'none'],
  ])('reads not all of policies on Windows: %s', (_, rule, expected) => {
    const policy = named('n', { podSelector: {}, policyTypes: ['Egress'], egress: [rule] });
    const on = (os: string, network_policy: string) => egressIn({ ...stackOf([workload({ nodeSelector: { 'kubernetes.io/os': os } }), policy]).resource, ...aks(network_policy) });
    expect([on('windows', 'azure'), on('linux', 'azure'), on('windows', 'calico')]).toEqual([expected, 'none', 'none']);
  });
});

test('domains are no words of the Calico that clouds bring', () => {
  const objects = [allowing({ domains: ['api.example.com'] })];
  expect([gkeCalico, aks('calico'), {}].map((more) => egressOf(objects, more))).toEqual(['unknown', 'unknown', 'allowlisted']);
  expect(egressOf([allowing({ nets: ['10.0.0.0/8'] })], gkeCalico)).toBe('none');
});

test('names of hosts are read by EKS in Auto Mode alone', () => {
  const policy = { apiVersion: 'networking.k8s.aws/v1alpha1', kind: 'ClusterNetworkPolicy', metadata: { name: 'n' }, spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, egress: [{ action: 'Accept', to: [{ domainNames: ['api.example.com'] }] }] } };
  const blocks = { ...policy, spec: { ...policy.spec, egress: [{ action: 'Accept', to: [{ networks: ['10.0.0.0/8'] }] }] } };
  const eks = (more: object) => ({ aws_eks_cluster: { c: { name: 'c', ...more } }, aws_eks_addon: { cni: { cluster_name: 'c', addon_name: 'vpc-cni', configuration_values: '{"enableNetworkPolicy":"true"}' } } });
  expect([egressOf([deny, policy], eks({})), egressOf([deny, policy], eks({ compute_config: { enabled: true } })), egressOf([deny, blocks], eks({}))]).toEqual(['unknown', 'allowlisted', 'none']);
});

describe('what stands in no namespace, to Calico', () => {
  const set = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkSet', metadata: { name: 's', labels: { app: 'y' } }, spec: { nets: ['10.0.0.0/8'] } };

  test.each<[string, readonly object[], string]>([
    ['is a set that the input does not hold', [allowing({ namespaceSelector: 'global()' })], 'unknown'],
    ['whatever labels pods have', [pod('y'), allowing({ namespaceSelector: 'global()', selector: "app == 'y'" })], 'unknown'],
    ['or one that it holds', [set, allowing({ namespaceSelector: 'global()' })], 'none'],
    ['and pods are none of it', [allowing({ selector: 'all()' })], 'none'],
  ])('%s', (_, objects, expected) => expect(egressOf(objects)).toBe(expected));
});

describe('addresses that somebody gives a Service', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'a' }, spec: { selector: { app_name: 'y' } } };
  const policy = allowing({ services: { name: 's', namespace: 'a' } });

  test('by resources of the provider', () => {
    expect(egressOf([service, policy])).toBe('none');
    expect(egressOf([service, policy], { kubernetes_endpoint_slice_v1: { e: { metadata: { name: 's-1', namespace: 'a', labels: { 'kubernetes.io/service-name': 's' } }, endpoint: [{ addresses: ['8.8.8.8'] }] } } })).toBe('unknown');
    expect(egressOf([service, policy], { kubernetes_endpoints_v1: { e: { metadata: { name: 's', namespace: 'a' } } } })).toBe('unknown');
    expect(egressOf([service, policy], { kubernetes_endpoints: { e: { metadata: { name: 's', namespace: 'b' } } } })).toBe('none');
  });

  test('a Service of the provider leads to the pods that it selects', () => {
    const own = (more: object) => ({ kubernetes_service_v1: { s: { metadata: { name: 's', namespace: 'a' }, spec: { selector: { app_name: 'y' }, ...more } } } });
    expect([egressOf([policy], own({})), egressOf([policy], own({ type: 'ExternalName', external_name: 'api.example.com' })), egressOf([policy])]).toEqual(['none', 'unknown', 'unknown']);
  });
});

test('addresses of IPv4 that are written as IPv6 are both', () => {
  expect(egressOf([egressTo({ ipBlock: { cidr: '::ffff:8.8.8.0/120' } })])).toBe('open');
  expect(egressOf([allowing({ nets: ['::ffff:0:0/96'] })])).toBe('open');
  expect(egressOf([egressTo({ ipBlock: { cidr: '::ffff:10.0.0.0/104' } })])).toBe('none');
  // A deny of them denies nothing of IPv4 for certain.
  const refusing = calico({ egress: [{ action: 'Deny', destination: { nets: ['::ffff:8.8.8.0/120'] } }, { action: 'Allow', destination: { nets: ['8.8.8.0/24'] } }] });
  expect(egressOf([refusing])).toBe('open');
});

test('manifests of another provider are read as well', () => {
  const content = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: open, namespace: a}\nspec: {podSelector: {}, policyTypes: [Egress], egress: [{}]}\n';
  expect([egressOf([deny]), egressOf([deny], { k8s_manifest: { m: { content } } })]).toEqual(['none', 'open']);
});

test.each<[string, string, boolean]>([
  ['hnc.x-k8s.io/v1alpha2', 'HierarchyConfiguration', true],
  ['capsule.clastix.io/v1beta2', 'Tenant', true],
  ['k8s.otterize.com/v2alpha1', 'ClientIntents', true],
  ['kro.run/v1alpha1', 'ResourceGraphDefinition', true],
  ['operators.coreos.com/v1alpha1', 'Subscription', true],
  ['messaging.knative.dev/v1', 'Subscription', false],
  ['core.oam.dev/v1beta1', 'Application', true],
])('what a controller makes of %s %s is not in the input', (apiVersion, kind, expected) => {
  const { findings } = review({ inputs: [parsePlan(JSON.stringify(stackOf([deny, { apiVersion, kind, metadata: { name: 'x', namespace: 'a' }, spec: {} }])), 'plan.json')], today: TODAY });
  expect(findings.some(({ rule }) => rule === 'objects-not-read')).toBe(expected);
});
