/** Labels that Cilium is told to keep or to leave out, and what its agent refuses a policy for by its flags. */
import { cilium, modelOf, network, stackOf, wide } from './policy-objects';

const deployment = (labels: object) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', namespace: 'a' }, spec: { template: { metadata: { labels: { app: 'x', ...labels } }, spec: { containers: [] } } } });
const config = (data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cilium-config', namespace: 'kube-system' }, data });
const release = (more: object) => ({ helm_release: { r: { name: 'cilium', chart: 'cilium', ...more } } });
const egressOf = (objects: readonly object[], more: object = {}) => modelOf({ resource: { ...stackOf([deployment({ tier: 'closed', 'app.kubernetes.io/name': 'x' }), ...objects]).resource, ...more } }).podEgress.find(({ pods }) => pods === 'a/x')?.egress;

describe('a list of labels', () => {
  const closing = (matchLabels: object) => cilium({ endpointSelector: { matchLabels }, egress: [{}] });
  const TIER = closing({ tier: 'closed' });

  test.each<[string, string, object, string]>([
    ['that has none of the policy', 'k8s:app k8s:name', TIER, 'open'],
    ['that has it', 'k8s:app k8s:tier', TIER, 'none'],
    ['that has the beginning of it', 'tie', TIER, 'none'],
    ['that leaves it out', 'k8s:!tier', TIER, 'open'],
    ['that leaves out another', 'k8s:!job-name', TIER, 'none'],
    ['of which the longer pattern counts', 'k8s:!ti k8s:tier', TIER, 'none'],
    ['of which the longer pattern leaves it out', 'k8s:!tier k8s:ti', TIER, 'open'],
    ['that stands beside what is always kept', 'k8s:app$', closing({ 'app.kubernetes.io/name': 'x' }), 'none'],
    ['that is no pattern', 'k8s:tier(', TIER, 'open'],
    ['that is empty', '', TIER, 'none'],
    ['that does not matter to a policy for all', 'k8s:app', cilium({ endpointSelector: {}, egress: [{}] }), 'none'],
  ])('%s', (_, labels, policy, expected) => expect(egressOf([policy, config({ labels })])).toBe(expected));

  test.each<[string, object]>([
    ['by the chart', release({ values: ['labels: "k8s:app"\n'] })],
    ['by a value of the chart', release({ set: [{ name: 'labels', value: 'k8s:app' }] })],
    ['by a flag', release({ values: ['extraArgs:\n- --labels=k8s:app\n'] })],
    ['by a value that is not known', release({ set: [{ name: 'labels', value: '${var.labels}' }] })],
    ['by a ConfigMap that is not known', { kubernetes_config_map: { c: { metadata: [{ name: 'cilium-config' }], data: { labels: '${var.labels}' } } } }],
    ['by a file', { kubernetes_config_map: { c: { metadata: [{ name: 'cilium-config' }], data: { 'label-prefix-file': '/etc/labels.json' } } } }],
  ])('%s', (_, more) => expect(egressOf([TIER], more)).toBe('open'));

  test('is none of what is not known beside it', () => {
    expect(egressOf([TIER], { kubernetes_config_map: { c: { metadata: [{ name: 'cilium-config' }], data: { 'cluster-name': '${var.name}' } } } })).toBe('none');
  });

  test('is none of what other values of the chart are called', () => {
    expect(egressOf([TIER], release({ values: ['podLabels:\n  labels: none\nprometheus:\n  serviceMonitor:\n    labels: {}\n'] }))).toBe('none');
  });

  test('holds for NetworkPolicies, and for what they leave out', () => {
    const closed = network({ podSelector: {}, policyTypes: ['Egress'] });
    const opening = (operator: string) => wide({ endpointSelector: { matchExpressions: [{ key: 'tier', operator }] }, egress: [{ toEntities: ['world'] }] });
    // To Cilium no pod has the label then.
    expect([egressOf([closed, opening('DoesNotExist')]), egressOf([closed, opening('DoesNotExist'), config({ labels: 'app' })])]).toEqual(['none', 'open']);
    expect(egressOf([network({ podSelector: { matchLabels: { tier: 'closed' } }, policyTypes: ['Egress'] }), config({ labels: 'app' })], release({}))).toBe('open');
    // A deny by such labels denies nothing for certain.
    const denying = (key: string) => wide({ endpointSelector: {}, egress: [{ toEntities: ['world'] }], egressDeny: [{ toEntities: ['world'] }] }, { metadata: { name: key } });
    const labelled = { ...denying('d'), spec: { endpointSelector: { matchLabels: { tier: 'closed' } }, egress: [{ toEntities: ['world'] }], egressDeny: [{ toEntities: ['world'] }] } };
    expect([egressOf([labelled]), egressOf([labelled, config({ labels: 'app' })])]).toEqual(['none', 'open']);
  });

  test('may leave out labels of namespaces', () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', labels: { team: 't' } } };
    const closed = wide({ endpointSelector: { matchLabels: { 'io.cilium.k8s.namespace.labels.team': 't' } }, egress: [{}] });
    expect([egressOf([namespace, closed]), egressOf([namespace, closed, config({ labels: 'k8s:app' })])]).toEqual(['none', 'none']);
    expect(egressOf([namespace, closed, config({ labels: 'k8s:!io\\.cilium\\.k8s\\.namespace\\.labels\\.team' })])).toBe('open');
  });
});

test.each<[string, object, object, string]>([
  ['rules of ICMP where they are off', { icmps: [{ fields: [{ type: 8 }] }] }, { 'enable-icmp-rules': 'false' }, 'open'],
  ['rules of ICMP', { icmps: [{ fields: [{ type: 8 }] }] }, {}, 'none'],
  ['names of DNS on a range of ports', { toPorts: [{ ports: [{ port: '53', endPort: 5353, protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }] } }] }, {}, 'open'],
  ['names of DNS on a port', { toPorts: [{ ports: [{ port: '53', endPort: 53, protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }] } }] }, {}, 'none'],
])('%s', (_, rule, data, expected) => expect(egressOf([cilium({ endpointSelector: {}, egress: [{ toEndpoints: [{ matchLabels: { app: 'y' } }], ...rule }] }), config(data)])).toBe(expected));

test('services with ports are refused by some versions', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'a' }, spec: { selector: { app: 'y' } } };
  const policy = (more: object) => cilium({ endpointSelector: {}, egress: [{ toServices: [{ k8sService: { serviceName: 's' } }], ...more }] });
  expect([egressOf([service, policy({})]), egressOf([service, policy({ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] })])]).toEqual(['none', 'unknown']);
});
