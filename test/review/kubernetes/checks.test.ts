/** Each check of clusters with YAML that is sound and YAML that is not; and YAML as an input. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Policy } from '../../../blueprints/policy/model';
import { CHECKS } from '../../../cli/review';
import { sourceOf } from '../../../cli/source-of';
import { kubernetesChecks } from '../../../review/checks/kubernetes';
import { PlanInputError, loadPlan } from '../../../review/plan/load';
import { sarifReport } from '../../../review/report/sarif';
import { textReport } from '../../../review/report/text';
import { markdownReport } from '../../../review/report/markdown';
import type { ReviewResult } from '../../../review/result';
import { exitOf } from '../../../review/exit-code';
import { review } from '../../../review/review';
import { MUTATIONS } from '../../contract/kubernetes/mutations';
import { cluster, CNIS_AND_CLOUDS } from '../../contract/kubernetes/scenes';
import { fixture, policyOf } from '../../fixtures/stacks';

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'review-yaml-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function reviewed(yaml: string, base?: string, policy?: Policy): ReviewResult {
  const write = (text: string) => {
    const place = join(folder, String(count++), 'cluster');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'all.yaml'), text);
    return loadPlan(join(place, '..'));
  };
  return review({ inputs: write(yaml), today: '2026-11-26', ...(policy ? { policy } : {}), ...(base === undefined ? {} : { base: write(base) }) });
}
const yamlOf = (objects: readonly any[]) => objects.map((object) => `---\n${stringify(object, { aliasDuplicateObjects: false })}`).join('');

const namespace = (name: string, labels: object = { 'pod-security.kubernetes.io/enforce': 'restricted' }) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
const policy = (name: string, spec: object, more: object = {}) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'a', ...more }, spec });
const deny = (of = 'a') => ({ ...policy('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }), metadata: { name: 'deny', namespace: of } });
const select = (app: string) => ({ matchLabels: { app } });
const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
const port = (number: number, protocol = 'TCP') => ({ protocol, port: number });
const dns = { to: [{ ...inNamespace('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }], ports: [port(53, 'UDP'), port(53)] };
const egress = (app: string, ...rules: object[]) => policy(`out-${app}`, { podSelector: select(app), policyTypes: ['Egress'], egress: rules });
const ingress = (app: string, ...rules: object[]) => policy(`in-${app}`, { podSelector: select(app), policyTypes: ['Ingress'], ingress: rules });
const closed = [namespace('a'), deny()];
const deployment = (name: string, app: string, spec: object = {}) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'a' }, spec: { selector: select(app), template: { metadata: { labels: { app } }, spec } } });
const cilium = (...rules: object[]) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'hosts', namespace: 'a' }, spec: { endpointSelector: select('x'), egress: rules } });
const ciliumDns = { toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }], toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }] };
const names = { toFQDNs: [{ matchName: 'a.com' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] };
const block = (cidr: string, except: readonly string[] = []) => ({ ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } });

const clusterwide = (spec: object) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'wide' }, spec });
const adminPolicy = (spec: object) => ({ apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', metadata: { name: 'admin' }, spec: { priority: 10, subject: { namespaces: {} }, ...spec } });
const baselineDeny = {
  apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'BaselineAdminNetworkPolicy', metadata: { name: 'default' },
  spec: { subject: { namespaces: {} }, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }], egress: [{ action: 'Deny', to: [{ namespaces: {} }, { networks: ['0.0.0.0/0', '::/0'] }] }] },
};

const calicoTier = { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'first' }, spec: { order: 1 } };
const calicoPolicy = (name: string, spec: object) => ({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name }, spec: { selector: 'all()', types: ['Ingress', 'Egress'], ...spec } });
const passing = { ingress: [{ action: 'Pass' }], egress: [{ action: 'Pass' }] };

const endingIn = (action: string) => [namespace('a'), deployment('x', 'x'), calicoTier, calicoPolicy('p', { tier: 'first', egress: [{ action: 'Allow', protocol: 'TCP', destination: { nets: ['10.9.9.0/24'], ports: [443] } }, { action }] })];

/** By check: objects that are sound, objects that are not. */
const CASES: Readonly<Record<string, readonly (readonly [sound: readonly object[], faulty: readonly object[]])[]>> = {
  'namespace-not-closed': [
    [closed, [namespace('a')]],
    [closed, [namespace('a'), policy('deny', { podSelector: {}, policyTypes: ['Ingress'] })]],
    [closed, [namespace('a'), policy('deny', { podSelector: select('x'), policyTypes: ['Ingress', 'Egress'] })]],
    // Without policyTypes an empty list of egress closes nothing.
    [[namespace('a'), policy('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [] })], [namespace('a'), policy('deny', { podSelector: {}, egress: [] })]],
    [[namespace('a'), clusterwide({ endpointSelector: {}, ingress: [{}], egress: [{}] })], [namespace('a'), clusterwide({ endpointSelector: {}, ingress: [], egress: [] })]],
    [[namespace('a'), clusterwide({ endpointSelector: {}, ingress: [{}], egress: [{}] })], [namespace('a'), clusterwide({ endpointSelector: {}, ingress: [{}], egress: [{}], enableDefaultDeny: { egress: false } })]],
    [[namespace('a'), clusterwide({ endpointSelector: {}, ingress: [{}], egress: [{}] })], [namespace('a'), clusterwide({ nodeSelector: {}, ingress: [{}], egress: [{}] })]],
    [[namespace('a'), baselineDeny], [namespace('a'), { ...baselineDeny, spec: { ...baselineDeny.spec, subject: { namespaces: select('b') } } }]],
    // The same kind of another group is another thing.
    [closed, [namespace('a'), { ...deny(), apiVersion: 'projectcalico.org/v3', spec: { selector: "app == 'x'", types: ['Ingress', 'Egress'] } }]],
    // A tier of Calico that passes on closes nothing; with another tier behind it, that one does.
    [[namespace('a'), calicoTier, calicoPolicy('pass', { tier: 'first', ...passing }), calicoPolicy('closed', {})], [namespace('a'), calicoTier, calicoPolicy('pass', { tier: 'first', ...passing })]],
    // An empty rule lets everything through.
    [closed, [namespace('a'), policy('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [{}] })]],
    [[namespace('kube-system')], [deployment('w', 'w')]],
  ],
  'dns-egress-missing': [
    [[...closed, egress('x', { to: [block('10.0.0.0/24')], ports: [port(443)] }, dns)], [...closed, egress('x', { to: [block('10.0.0.0/24')], ports: [port(443)] })]],
    [[...closed, egress('x')], [...closed, egress('x', { to: [block('10.0.0.0/24')], ports: [port(443)] }, { ...dns, ports: [port(53, 'UDP')] })]],
    // What is passed on, and no later tier closes, is open; so is what a block holds that is wide enough for the service.
    [endingIn('Pass'), endingIn('Deny')],
    [[...closed, egress('x', { to: [block('10.0.0.0/8')] })], [...closed, cilium({ toCIDR: ['10.0.0.0/8'] })]],
  ],
  'host-network-allowed': [
    [closed, [namespace('a', {}), deny()]],
    [[namespace('a', { 'pod-security.kubernetes.io/enforce': 'baseline' }), deny()], [namespace('a', { 'pod-security.kubernetes.io/enforce': 'privileged', 'pod-security.kubernetes.io/warn': 'restricted' }), deny()]],
    // Where something else refuses pods, nobody here knows which; and where no policy closes anything, none is gone past.
    [[namespace('a', {}), deny(), { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'p' }, spec: {} }], [namespace('a', {}), deny(), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'p', namespace: 'a' } }]],
    [[namespace('a', {})], [namespace('a', {}), deny()]],
  ],
  'pod-egress-open': [
    [[...closed, egress('x', { to: [block('10.0.0.0/24')] }, dns)], [...closed, egress('x', { to: [block('0.0.0.0/0')] }, dns)]],
    [[...closed, egress('x', { to: [block('8.8.8.0/24')] }, dns)], [...closed, egress('x', { to: [block('0.0.0.0/1'), block('128.0.0.0/1')] }, dns)]],
    // Much of the internet is open in any pieces: one, many, over several rules, and of IPv6 all that is in use.
    [closed, [...closed, egress('x', { to: [block('0.0.0.0/2')] }, dns)]],
    [[...closed, egress('x', ...['1.2.0.0/16', '3.4.0.0/16'].map((cidr) => ({ to: [block(cidr)] })), dns)], [...closed, egress('x', ...['8.0.0.0/8', '9.0.0.0/8', '11.0.0.0/8'].map((cidr) => ({ to: [block(cidr)] })), dns)]],
    [[...closed, egress('x', { to: [block('fd00::/8')] }, dns)], [...closed, egress('x', { to: [block('2000::/3')] }, dns)]],
    [closed, [...closed, egress('x', ...['8.0.0.0/9', '9.0.0.0/9'].map((cidr) => ({ to: [block(cidr)] })), dns), { ...egress('x', ...['11.0.0.0/9', '12.0.0.0/9'].map((cidr) => ({ to: [block(cidr)] }))), metadata: { name: 'more', namespace: 'a' } }]],
    // Names that stand for any.
    [[...closed, cilium(ciliumDns, { toFQDNs: [{ matchPattern: '*.docker.io' }] })], [...closed, cilium(ciliumDns, { toFQDNs: [{ matchPattern: '*' }] })]],
    [closed, [...closed, cilium(ciliumDns, { toFQDNs: [{ matchPattern: '*.com' }] })]],
    // An item without fields is a rule for everybody in a NetworkPolicy, and for nobody in one of Cilium.
    [[...closed, cilium({})], [...closed, policy('all', { podSelector: {}, policyTypes: ['Egress'], egress: [null] })]],
    // A deny that wins over it.
    [[...closed, cilium(ciliumDns, { toEntities: ['world'] }), clusterwide({ endpointSelector: {}, egressDeny: [{ toEntities: ['world'] }] })], [...closed, cilium(ciliumDns, { toEntities: ['world'] }), clusterwide({ endpointSelector: select('y'), egressDeny: [{ toEntities: ['world'] }] })]],
    [closed, [...closed, clusterwide({ endpointSelector: {}, egress: [{ toEntities: ['world'] }] })]],
    [closed, [...closed, adminPolicy({ egress: [{ action: 'Allow', to: [{ networks: ['0.0.0.0/0'] }] }] })]],
    [closed, [...closed, egress('x', {})]],
    [[...closed, cilium(ciliumDns, names)], [...closed, cilium(ciliumDns, { toEntities: ['world'] })]],
    [closed, [...closed, egress('x', { to: [block('::/0')] }, dns)]],
  ],
  // These two ask what the policy file wants: below.
  'metadata-deny-missing': [],
  'pods-on-any-node': [],
  'metadata-reachable': [
    [[...closed, egress('x', { to: [block('169.254.0.0/16', ['169.254.169.254/32'])], ports: [port(80)] }, dns)], [...closed, egress('x', { to: [block('169.254.0.0/16')], ports: [port(80)] }, dns)]],
    [[...closed, egress('x', { to: [block('fd00::/8', ['fd00:ec2::/32'])] }, dns)], [...closed, egress('x', { to: [block('fd00::/8')] }, dns)]],
    // A deny for other pods, or for other ports, does not count.
    [[...closed, cilium({ toCIDR: ['169.254.0.0/16'] }), clusterwide({ endpointSelector: {}, egressDeny: [{ toCIDR: ['169.254.169.254/32'] }] })], [...closed, cilium({ toCIDR: ['169.254.0.0/16'] }), clusterwide({ endpointSelector: select('y'), egressDeny: [{ toCIDR: ['169.254.169.254/32'] }] })]],
    [closed, [...closed, cilium({ toCIDR: ['169.254.0.0/16'] }), clusterwide({ endpointSelector: {}, egressDeny: [{ toCIDR: ['169.254.169.254/32'], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }] })]],
    [[...closed, egress('x', { to: [block('169.254.0.0/16')] }, dns), adminPolicy({ egress: [{ action: 'Deny', to: [{ networks: ['169.254.169.254/32'] }] }] })], [...closed, egress('x', { to: [block('169.254.0.0/16')] }, dns), adminPolicy({ egress: [{ action: 'Pass', to: [{ networks: ['169.254.0.0/16'] }] }, { action: 'Deny', to: [{ networks: ['169.254.169.254/32'] }] }] })]],
    [[...closed, egress('x', { to: [block('169.254.169.254/32')], ports: [port(53, 'UDP')] }, dns)], [...closed, egress('x', { to: [block('0.0.0.0/0')] }, dns)]],
    [[...closed, egress('x', { to: [block('168.63.129.0/24')] }, dns), { ...cilium(), spec: { endpointSelector: {}, egressDeny: [{ toCIDR: ['168.63.129.16/32'] }] } }], [...closed, egress('x', { to: [block('168.63.129.0/24')] }, dns)]],
    // What another policy passes on is not what this one opens.
    [[namespace('a'), calicoPolicy('audit', passing), calicoPolicy('b', { egress: [{ action: 'Allow', destination: { nets: ['10.0.0.0/8'] } }] })], [namespace('a'), calicoPolicy('b', { egress: [{ action: 'Allow', destination: { nets: ['169.254.0.0/16'] } }] })]],
  ],
  'host-network': [
    [[...closed, deployment('x', 'x')], [...closed, deployment('x', 'x', { hostNetwork: true })]],
    [closed, [...closed, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'a' }, spec: { hostNetwork: true } }]],
    [closed, [...closed, { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'p', namespace: 'a' }, spec: { jobTemplate: { spec: { template: { spec: { hostNetwork: true } } } } } }]],
  ],
  'root-on-node': [
    [[...closed, deployment('x', 'x')], [...closed, deployment('x', 'x', { containers: [{ name: 'c', securityContext: { privileged: true } }] })]],
    [[...closed, deployment('x', 'x', { initContainers: [{ securityContext: { privileged: false } }] })], [...closed, deployment('x', 'x', { initContainers: [{ securityContext: { privileged: true } }] })]],
    [[...closed, deployment('x', 'x', { hostPID: true, containers: [{ securityContext: { capabilities: { add: ['NET_ADMIN'] } } }] })], [...closed, deployment('x', 'x', { hostPID: true, containers: [{ securityContext: { capabilities: { add: ['SYS_PTRACE'] } } }] })]],
    [[...closed, deployment('x', 'x', { volumes: [{ name: 'v', hostPath: { path: '/var/log' } }] })], [...closed, deployment('x', 'x', { volumes: [{ name: 'v', hostPath: { path: '/var/run/docker.sock' } }] })]],
    // What is only read of the whole file system, as agents do, gives nobody root.
    [[...closed, deployment('x', 'x', { volumes: [{ name: 'v', hostPath: { path: '/' } }], containers: [{ volumeMounts: [{ name: 'v', mountPath: '/host', readOnly: true }] }] })], [...closed, deployment('x', 'x', { volumes: [{ name: 'v', hostPath: { path: '/' } }], containers: [{ volumeMounts: [{ name: 'v', mountPath: '/host' }] }] })]],
  ],
  'objects-not-read': [
    [closed, [...closed, { apiVersion: 'template.openshift.io/v1', kind: 'Template', metadata: { name: 't', namespace: 'a' }, objects: [deployment('x', 'x')] }]],
    [closed, [...closed, { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', metadata: { name: 'nginx', namespace: 'a' }, spec: {} }]],
  ],
  'host-policy-without-dns': [
    [[...closed, cilium(ciliumDns, names)], [...closed, cilium(names)]],
    // The name of a handshake needs no answer of DNS to be known.
    [[...closed, cilium({ toEntities: ['world'], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['api.example.com'] }] })], [...closed, cilium(names)]],
  ],
  'one-sided-ingress': [
    [[...closed, ingress('y', { from: [{ podSelector: select('x') }], ports: [port(80)] }), egress('x', { to: [{ podSelector: select('y') }], ports: [port(80)] }, dns)],
      [...closed, ingress('y', { from: [{ podSelector: select('x') }], ports: [port(80)] }), egress('x', { to: [{ podSelector: select('y') }], ports: [port(81)] }, dns)]],
    // Callers in a namespace that nobody closes can call.
    [[...closed, ingress('y', { from: [inNamespace('elsewhere')], ports: [port(80)] })], [...closed, deployment('x', 'x'), ingress('y', { from: [{ podSelector: select('x') }], ports: [port(80)] })]],
  ],
  'one-sided-egress': [
    [[...closed, ingress('y', { from: [{ podSelector: select('x') }], ports: [port(80)] }), egress('x', { to: [{ podSelector: select('y') }], ports: [port(80)] }, dns)],
      [...closed, deployment('y', 'y'), egress('x', { to: [{ podSelector: select('y') }], ports: [port(80)] }, dns)]],
  ],
  // Of clusters in the same plan, which YAML has none of: enforcement.test.ts.
  'policies-not-enforced': [],
  'policy-refused': [
    // A list without items is no rule, and a policy without rules none.
    [[...closed, cilium({})], [...closed, cilium()]],
  ],
  'selector-matches-nothing': [
    [[...closed, deployment('x', 'x'), ingress('x')], [...closed, deployment('x', 'x'), ingress('xx')]],
    [[...closed, ingress('y', { from: [inNamespace('elsewhere')] })], [...closed, namespace('monitoring'), ingress('y', { from: [inNamespace('monitorin')] })]],
    [[...closed, ingress('y', { from: [{ podSelector: select('y') }] })], [...closed, ingress('y', { from: [{ podSelector: select('z') }] })]],
    [closed, [...closed, ingress('y', { from: [{ namespaceSelector: { matchLabels: { name: 'a' } } }] })]],
    // Interfaces of nodes are no pods.
    [[...closed, deployment('x', 'x'), calicoPolicy('p', { selector: "role == 'node'", applyOnForward: true })], [...closed, deployment('x', 'x'), calicoPolicy('p', { selector: "role == 'node'" })]],
  ],
};

test('every check has its cases', () => {
  expect(Object.keys(CASES).sort()).toEqual(kubernetesChecks.map(({ id }) => id).sort());
});

describe.each(Object.entries(CASES).filter(([, cases]) => cases.length > 0))('%s', (id, cases) => {
  test.each(cases.map((each, index) => [index, ...each] as const))('case %i', (_, sound, faulty) => {
    const rules = (objects: readonly object[]) => reviewed(yamlOf(objects)).findings.map(({ rule }) => rule);
    expect(rules(sound)).not.toContain(id);
    expect(rules(faulty)).toContain(id);
  });
});

describe('our own manifests', () => {
  const own = policyOf(fixture('kubernetes')).policy;

  test.each(CNIS_AND_CLOUDS)('with %s on %s have no finding, but for names that the cloud filters', (cni, cloud) => {
    const { findings } = reviewed(yamlOf(cluster(own, cloud, cni).objects), undefined, own);
    const allowed = ['vpc-cni', 'dataplane-v2', 'azure-cilium'].includes(cni) ? [{ rule: 'pod-egress-open', severity: 'low' }] : [];
    expect(findings.map(({ rule, severity }) => ({ rule, severity }))).toEqual(allowed);
  });

  test('pods that call a private service at the address of Google\'s APIs leave for no host by it', () => {
    const { pods = [] } = reviewed(yamlOf(cluster(own, 'google', 'dataplane-v2-fqdn').objects));
    expect(pods.filter((each) => each.pods.endsWith('role=api')).map(({ egress, reached }) => [egress, reached])).toEqual([['allowlisted', ['api.stripe.com tcp/443', 'deb.debian.org tcp/80', 'status.stripe.com tcp/443 tcp/8443']]]);
  });

  test('a host on the port of DNS is filtered by the cloud like any other', () => {
    const named = policyOf(fixture('kubernetes').replace('host: deb.debian.org, from: [payments], protocol: http', 'host: deb.debian.org, from: [payments], ports: [53]').replace('hosts: [api.stripe.com, status.stripe.com, "*.docker.io", deb.debian.org]', 'hosts: [deb.debian.org]')).policy;
    expect(reviewed(yamlOf(cluster(named, 'azure', 'azure-cilium').objects)).findings.map(({ rule, severity }) => [rule, severity])).toEqual([['pod-egress-open', 'low']]);
  });

  /** Which check sees a control go; what only the policy can tell is not the review's. */
  const SEEN: Readonly<Record<string, string>> = {
    'no default deny': 'namespace-not-closed',
    'a default deny of ingress only': 'namespace-not-closed',
    'a default deny for some pods only': 'namespace-not-closed',
    'a default deny with an empty rule': 'namespace-not-closed',
    'no DNS': 'dns-egress-missing',
    'DNS over UDP only': 'dns-egress-missing',
    'no egress of a caller': 'one-sided-ingress',
    'no ingress of a callee': 'one-sided-egress',
    'a way to metadata': 'metadata-reachable',
    'everything open beside the names': 'pod-egress-open',
    'names without the rule for DNS': 'host-policy-without-dns',
  };
  /** The same, where the policy file says what is wanted. */
  const SEEN_BY_POLICY: Readonly<Record<string, string>> = {
    'pods on any node': 'pods-on-any-node',
    'pods that name their node': 'pods-on-any-node',
    'admission that looks at no new pod': 'pods-on-any-node',
    'admission that looks at no pod': 'pods-on-any-node',
    'admission that lets pods in when it fails': 'pods-on-any-node',
    'metadata that another policy may open': 'metadata-deny-missing',
  };
  test.each(MUTATIONS.filter(({ name }) => SEEN_BY_POLICY[name]).map((mutation) => [mutation.name, mutation] as const))('seen with the policy file: %s', (name, { cloud, mutate }) => {
    const rule = SEEN_BY_POLICY[name];
    const { objects } = cluster(own, cloud);
    const told = (policy?: Policy) => reviewed(yamlOf(objects), undefined, policy).findings.filter((finding) => finding.rule === rule).map(({ address }) => address);
    expect(told(own)).toEqual([]);
    mutate(objects);
    expect(told(own)).toEqual([expect.stringContaining('payments')]);
    expect(told()).toEqual([]);
  });
  test('every control that the two lists name is one of the contract', () => {
    const names = new Set(MUTATIONS.map(({ name }) => name));
    expect([...Object.keys(SEEN), ...Object.keys(SEEN_BY_POLICY)].filter((name) => !names.has(name))).toEqual([]);
  });

  test('what other admission engines ask for is not read, and no Cilium is asked for where none is', () => {
    const rules = (objects: readonly any[]) => reviewed(yamlOf(objects), undefined, own).findings.filter(({ rule }) => ['pods-on-any-node', 'metadata-deny-missing'].includes(rule)).map(({ rule, severity, message }) => `${rule} ${severity} ${message}`);
    const { objects } = cluster(own, 'google', 'dataplane-v2');
    expect(rules(objects)).toEqual([]);
    const without = objects.filter(({ kind }) => !kind.startsWith('ValidatingAdmission'));
    expect(rules(without).map((each) => each.split(' no ')[0])).toEqual(expect.arrayContaining(['pods-on-any-node medium']));
    const kyverno = { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'nodes' }, spec: { rules: [{ name: 'n', validate: { pattern: { spec: { nodeSelector: { 'zero-egress/segment': 'payments' } } } } }] } };
    expect(rules([...without, kyverno]).every((each) => each.startsWith('pods-on-any-node low whether something keeps'))).toBe(true);
    // A binding that leaves some pods out binds none of them.
    const narrow = structuredClone(objects) as any[];
    narrow.find(({ kind, metadata }) => kind === 'ValidatingAdmissionPolicyBinding' && metadata.name === 'segment-payments-nodes').spec.matchResources.objectSelector = { matchLabels: { app: 'x' } };
    expect(rules(narrow).length).toBe(1);
  });

  test.each(MUTATIONS.filter(({ name }) => SEEN[name]).map((mutation) => [mutation.name, mutation] as const))('seen: %s', (name, { cloud, mutate }) => {
    const { objects } = cluster(own, cloud);
    mutate(objects);
    expect(reviewed(yamlOf(objects)).findings.map(({ rule }) => rule)).toContain(SEEN[name]);
  });

  test('who may talk to whom, and what a change opens', () => {
    const { objects } = cluster(own, 'aws');
    const before = yamlOf(objects);
    const { connections } = reviewed(before);
    expect(connections).toContainEqual({ input: 'cluster', from: 'api-gateway/app=gateway', to: 'payments/app=payments,role=api', ports: ['tcp/8443'], internet: false });
    expect(connections?.filter(({ internet }) => internet).map(({ to }) => to).sort()).toEqual(['**.docker.io', '*.docker.io', '151.101.1.69/32', '151.101.64.0/24', 'api.stripe.com', 'deb.debian.org', 'status.stripe.com']);
    expect(connections?.filter(({ to, ports }) => to.startsWith('payments/') && ports.includes('any'))).toEqual([]);
    const api = objects.find(({ metadata }) => metadata.name === 'pods-api').spec;
    api.egress.push({ to: [{ ipBlock: { cidr: '10.9.0.0/24' } }], ports: [{ protocol: 'TCP', port: 22 }] });
    api.ingress.splice(0, 1);
    const result = reviewed(yamlOf(objects), before);
    expect(result.diff?.connections).toEqual(expect.arrayContaining([
      { change: 'opened', input: 'cluster', from: 'payments/app=payments,role=api', to: '10.9.0.0/24', port: 'tcp/22', internet: false },
    ]));
    const failOn = { newEgress: true };
    expect(exitOf(result, { failOn }).code).toBe(0);
    api.egress.push({ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ protocol: 'TCP', port: 443 }] });
    expect(exitOf(reviewed(yamlOf(objects), before), { failOn })).toMatchObject({ code: 1, reasons: ['1 way out that was not there before'] });
    expect(result.diff?.connections?.filter(({ change }) => change === 'closed').length).toBe(1);
    expect(textReport(result, { color: false })).toContain('opened: payments/app=payments,role=api → 10.9.0.0/24 tcp/22');
    expect(markdownReport(result)).toContain('10.9.0.0/24 tcp/22');
  });
});

describe('YAML as an input', () => {
  test('a finding stands at the line of its object, also in SARIF', () => {
    const result = reviewed(`# a comment\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: b }\n---\n# another\napiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: Namespace, metadata: { name: c } }\n`);
    const places = result.findings.map((finding) => [finding.address.replace(/^.* /, ''), sourceOf(finding)?.line]);
    expect(places).toEqual([['b', 3], ['c', 8]]);
    const sarif = JSON.parse(sarifReport(result, { checks: CHECKS, sourceOf }));
    expect(sarif.runs[0].results.map((each: any) => each.locations[0].physicalLocation.region.startLine)).toEqual([3, 8]);
    expect(sarif.runs[0].results[0].ruleId).toContain('namespace-not-closed');
  });

  test('what cannot be read is refused with its place', () => {
    const file = join(folder, 'broken.yaml');
    writeFileSync(file, 'apiVersion: v1\nkind: Namespace\nmetadata: [\n');
    expect(() => loadPlan(file)).toThrow(PlanInputError);
    expect(() => loadPlan(file)).toThrow(/broken\.yaml:\d+: this is not YAML/);
    writeFileSync(file, 'apiVersion: v1\nkind: {{ .Values.kind }}\n');
    expect(() => loadPlan(file)).toThrow(/helm template/);
    writeFileSync(file, 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a, name: b}\n');
    expect(() => loadPlan(file)).toThrow(/broken\.yaml:3: a key is here twice/);
  });

  const inFolder = (files: Readonly<Record<string, string>>) => {
    const place = mkdtempSync(join(folder, 'files-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(place, name, '..'), { recursive: true });
      writeFileSync(join(place, name), text);
    }
    return review({ inputs: loadPlan(place), today: '2026-11-26' });
  };
  const open = policy('open', { podSelector: {}, policyTypes: ['Egress'], egress: [{}] });
  const base = { 'base.yaml': yamlOf(closed) };

  test.each<[string, Readonly<Record<string, string>>]>([
    ['JSON beside YAML', { 'open.json': JSON.stringify(open, null, 2) }],
    ['a hidden file', { '.open.yaml': yamlOf([open]) }],
    ['a file that is called as settings are', { 'values-open.yaml': yamlOf([open]) }],
    ['a list of one kind, whose items do not repeat it', { 'list.yaml': stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicyList', items: [{ metadata: open.metadata, spec: open.spec }] }) }],
    ['a list in a list', { 'list.yaml': stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'List', items: [open] }] }) }],
    ['merge keys', { 'open.yaml': 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nx-base: &base\n  podSelector: {}\n  policyTypes: [Egress]\n  egress: [{}]\nmetadata: { name: open, namespace: a }\nspec:\n  <<: *base\n' }],
  ])('what kubectl would apply is read: %s', (_, files) => {
    expect(inFolder(base).findings).toEqual([]);
    expect(inFolder({ ...base, ...files }).findings.map(({ rule }) => rule)).toContain('pod-egress-open');
  });

  test('a pod on the network of its node is one in the words of YAML 1.1, too', () => {
    expect(inFolder({ ...base, 'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: a }\nspec: { hostNetwork: yes }\n' }).findings.map(({ rule }) => rule)).toContain('host-network');
  });

  test('what kustomize changes is told', () => {
    const { inputs, findings } = inFolder({ ...base, 'overlay/kustomization.yaml': 'namespace: other\n' });
    expect(inputs[0]?.warnings).toEqual([expect.stringMatching(/kustomization\.yaml changes what the files say/)]);
    expect(findings).toEqual([]);
    expect(inFolder({ ...base, 'kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: { name: k }\n' }).findings.map(({ rule }) => rule)).toContain('objects-not-read');
  });

  test('a namespace that the input does not hold is known by its name, in expressions too', () => {
    const named = (operator: string) => ({ matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator, values: ['b'] }] });
    const egressOf = (operator: string) => reviewed(yamlOf([deployment('x', 'x'), clusterwide({ endpointSelector: {}, egress: [{}] }), { ...clusterwide({ endpointSelector: named(operator), egress: [{ toEntities: ['world'] }] }), metadata: { name: 'b' } }])).pods?.map(({ pods, egress: kind }) => `${pods} ${kind}`);
    expect(egressOf('In')).toContain('a/x none');
    expect(egressOf('NotIn')).toContain('a/x open');
  });

  test('pods of a controller that nothing here makes are a milder doubt', () => {
    const [gateway, other] = ['gateway.networking.k8s.io/gateway-name', 'team'].map((label) => reviewed(yamlOf([...closed, deployment('x', 'x'), ingress('x', { from: [{ podSelector: { matchLabels: { [label]: 'out' } } }] })])).findings.find(({ rule }) => rule === 'selector-matches-nothing'));
    expect([gateway, other]).toMatchObject([{ severity: 'low', confidence: 'possible' }, { severity: 'medium', confidence: 'likely' }]);
  });

  test('YAML that holds no objects is not taken for manifests', () => {
    const place = mkdtempSync(join(folder, 'other-'));
    writeFileSync(join(place, 'egress.yaml'), fixture('full'));
    expect(() => loadPlan(place)).toThrow(/no synthesized stack/);
  });
});

test('a policy of Calico for interfaces of nodes opens pods perhaps', () => {
  const host = (labels: object) => ({ apiVersion: 'projectcalico.org/v3', kind: 'HostEndpoint', metadata: { name: 'h', labels }, spec: { node: 'n', interfaceName: 'eth0' } });
  const open = calicoPolicy('hosts', { selector: 'has(role)', egress: [{ action: 'Allow' }] });
  const severities = (...objects: readonly object[]) => reviewed(yamlOf([namespace('a'), open, ...objects])).findings.filter(({ rule }) => ['pod-egress-open', 'metadata-reachable'].includes(rule)).map(({ severity }) => severity);
  expect(severities()).toEqual(['high', 'high']);
  expect(severities(host({ role: 'edge' }))).toEqual(['low', 'low']);
  expect(severities(host({ other: 'edge' }))).toEqual(['high', 'high']);
  expect(severities(host({ role: 'edge' }), { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'a', labels: { role: 'web' } }, spec: {} })).toEqual(['high', 'high']);
});
