/** What each kind of policy opens and closes, one after the other and together: nothing that is open may be told as closed. */
import { stringify } from 'yaml';
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { exitOf } from '../../../review/exit-code';
import { TODAY } from '../../fixtures/stacks';
import { X, named, pod, namespace, network, deny, cilium, wide, stackOf, modelOf, calls, world, port } from './policy-objects';

describe('NetworkPolicy', () => {
  test.each<[string, object, readonly string[]]>([
    ['no policyTypes and no egress: egress stays open', { podSelector: {} }, ['anything any !']],
    ['no policyTypes and an empty list of egress: likewise', { podSelector: {}, egress: [] }, ['anything any !']],
    ['no policyTypes and some egress', { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }, ['10.0.0.0/8 any']],
    ['egress rules that the types leave out', { podSelector: {}, policyTypes: ['Ingress'], egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }, ['anything any !']],
    ['pods of its own namespace', { podSelector: { matchLabels: X }, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: { matchLabels: { app: 'y' } } }] }] }, ['app=y any']],
    ['an empty item', { podSelector: {}, policyTypes: ['Egress'], egress: [null] }, ['anything any !']],
    ['no destination, and ports', { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 443 }] }] }, ['anything tcp/443 !']],
    ['a null destination', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: null, ports: [{ port: 443 }] }] }, ['anything tcp/443 !']],
    ['a null selector beside one of namespaces', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: null, namespaceSelector: { matchLabels: named('b') } }] }] }, ['b/* any']],
    ['a peer that names nobody', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{}] }] }, ['a peer that is not known any !']],
    ['a block without a part of it', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '8.0.0.0/8', except: ['8.0.0.0/8'] } }] }] }, []],
    ['a block without a CIDR', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: {} }] }] }, ['a block that is not known any !']],
    ['a span of ports, and a named one', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 80, endPort: 90 }, { protocol: 'UDP', port: 'dns' }] }] }, ['10.0.0.0/8 tcp/80-90 udp/any']],
  ])('%s', (_, spec, expected) => {
    expect(calls([pod('x'), network(spec)])).toEqual(expected);
  });

  test('names, in the kinds that add them', () => {
    const aws = { apiVersion: 'networking.k8s.aws/v1alpha1', kind: 'ApplicationNetworkPolicy', metadata: { name: 'n', namespace: 'a' }, spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ domainNames: ['api.example.com'] }], ports: [{ port: 443 }] }] } };
    expect(calls([pod('x'), deny, aws])).toEqual(['api.example.com tcp/443 !']);
  });

  test('namespaces by labels: one that the input does not hold may have them', () => {
    const rule = network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ namespaceSelector: { matchLabels: { team: 't' } } }] }] });
    expect(calls([pod('x'), pod('y', 'b'), rule])).toContain('b/y any');
    expect(calls([pod('x'), pod('y', 'b'), namespace('b', { team: 't' }), rule])).toContain('b/y any');
    expect(calls([pod('x'), pod('y', 'b'), namespace('b'), namespace('a'), rule])).toEqual(['namespaces with team=t/* any']);
    // No call is told as refused by a namespace whose labels nobody knows.
    const into = network({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 't' } } }] }] });
    expect(calls([pod('x'), pod('y', 'b'), into], 'b/y')).toContain('x any');
  });

  test('pods on the network of their node call what they like, whatever selects them', () => {
    expect(calls([pod('x', 'a', { hostNetwork: true }), deny])).toEqual(['anything any !']);
    expect(calls([pod('x'), deny])).toEqual([]);
  });

  test('pods whose labels are not known may be those that a policy opens something for, and not those that it closes', () => {
    const unknown = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', namespace: 'a' }, spec: { template: { metadata: { labels: { app: '${var.app}' } }, spec: { containers: [] } } } };
    const open = network({ podSelector: { matchLabels: { app: 'y' } }, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '8.8.8.0/24' } }] }] });
    expect(calls([unknown, deny, open])).toEqual(['8.8.8.0/24 any !']);
    expect(calls([unknown, open])).toEqual(['anything any !']);
  });

  test('whatever has a template of pods is a workload', () => {
    const knative = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'x', namespace: 'a' }, spec: { template: { metadata: { labels: X }, spec: { containers: [{ image: 'i' }] } } } };
    const virtual = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: { name: 'x', namespace: 'a' }, spec: { template: { metadata: { labels: X }, spec: { domain: {} } } } };
    for (const workload of [knative, virtual]) expect(calls([workload])).toEqual(['anything any !']);
    expect(calls([{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x', namespace: 'a' }, spec: { selector: X } }])).toEqual([]);
  });
});

describe('Cilium', () => {
  test.each<[string, readonly object[], readonly string[]]>([
    ['a policy of the cluster opens what one of the namespace does not', [deny, wide({ endpointSelector: {}, egress: [world] })], ['world any !']],
    ['for the pods that it selects', [deny, wide({ endpointSelector: { matchLabels: { 'k8s:app': 'y' } }, egress: [world] })], []],
    ['by the label of a namespace', [deny, wide({ endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'a' } }, egress: [world] })], ['world any !']],
    ['of another namespace', [deny, wide({ endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'b' } }, egress: [world] })], []],
    ['by labels of namespaces that the input does not hold', [deny, wide({ endpointSelector: { matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': 't' } }, egress: [world] })], ['world any !']],
    ['by an account, which no manifest has: it may be for these', [deny, wide({ endpointSelector: { matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 's' } }, egress: [world] })], ['world any !']],
    ['and may not, and so closes nothing', [wide({ endpointSelector: { matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 's' } }, egress: [{}] })], ['anything any !']],
    ['by expressions with the source of a label', [deny, wide({ endpointSelector: { matchExpressions: [{ key: 'any:app', operator: 'In', values: ['x'] }] }, egress: [world] })], ['world any !']],
    ['for nodes: it says nothing of pods', [deny, wide({ nodeSelector: {}, egress: [world] })], []],
    ['for what has a reserved label: likewise', [deny, wide({ endpointSelector: { matchLabels: { 'reserved:ingress': '' } }, egress: [world] })], []],
    ['several specs', [deny, wide({}, { specs: [{ endpointSelector: { matchLabels: { app: 'y' } }, egress: [{}] }, { endpointSelector: {}, egress: [world] }] })], ['world any !']],
    ['a rule without fields closes', [cilium({ endpointSelector: {}, egress: [{}] })], []],
    ['an empty list does not', [cilium({ endpointSelector: {}, egress: [] })], ['anything any !']],
    ['a list of nobody', [cilium({ endpointSelector: {}, egress: [{ toEndpoints: [] }] })], []],
    ['ports alone', [cilium({ endpointSelector: {}, egress: [port('443')] })], ['anything tcp/443 !']],
    ['default deny switched off: allows open nothing new, and close nothing', [cilium({ endpointSelector: {}, egress: [world], enableDefaultDeny: { egress: false } })], ['anything any !']],
    ['and still add to what others allow', [deny, cilium({ endpointSelector: {}, egress: [world], enableDefaultDeny: { egress: false } })], ['world any !']],
    ['entities', [cilium({ endpointSelector: {}, egress: [{ toEntities: ['host', 'remote-node', 'kube-apiserver', 'none'] }] })], ['host any', 'kube-apiserver any', 'remote-node any']],
    ['the cluster', [cilium({ endpointSelector: {}, egress: [{ toEntities: ['cluster'] }] })], ['cluster any']],
    ['a reserved label', [cilium({ endpointSelector: {}, egress: [{ toEndpoints: [{ matchLabels: { 'reserved:world': '' } }] }] })], ['world any !']],
    ['all', [cilium({ endpointSelector: {}, egress: [{ toEntities: ['all'] }] })], ['anything any !']],
    ['ICMP, by types', [cilium({ endpointSelector: {}, egress: [{ ...world, icmps: [{ fields: [{ type: 8, family: 'IPv4' }] }] }] })], ['world icmp !']],
    ['ICMP for everybody', [cilium({ endpointSelector: {}, egress: [{ icmps: [{ fields: [{ type: 8 }] }] }] })], ['anything icmp !']],
    ['ICMP where ports stand', [cilium({ endpointSelector: {}, egress: [{ ...world, ...port('8', 'ICMP') }] })], ['world icmp !']],
    ['names in the handshake of TLS', [cilium({ endpointSelector: {}, egress: [{ ...world, toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['api.example.com'] }] }] })], ['api.example.com tcp/443 !']],
    ['such names for everybody', [cilium({ endpointSelector: {}, egress: [{ toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['api.example.com'] }] }] })], ['api.example.com tcp/443 !', 'cluster tcp/443']],
    ['such names at addresses of networks', [cilium({ endpointSelector: {}, egress: [{ toCIDR: ['10.9.0.0/16'], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['api.example.com'] }] }] })], ['10.9.0.0/16 tcp/443']],
    ['such names beside a port without', [cilium({ endpointSelector: {}, egress: [{ ...world, toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['api.example.com'] }, { ports: [{ port: '80', protocol: 'TCP' }] }] }] })], ['api.example.com tcp/443 !', 'world tcp/80 !']],
    ['nodes', [cilium({ endpointSelector: {}, egress: [{ toNodes: [{}] }] })], ['nodes any']],
    ['machines of a cloud', [cilium({ endpointSelector: {}, egress: [{ toGroups: [{ aws: {} }] }] })], ['machines of a cloud group any !']],
    ['a service that nobody knows', [cilium({ endpointSelector: {}, egress: [{ toServices: [{ k8sService: { serviceName: 's', namespace: 'b' } }] }] })], ['service b/s any !']],
    ['a service of pods', [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'b' }, spec: { selector: { app: 'y' } } }, cilium({ endpointSelector: {}, egress: [{ toServices: [{ k8sService: { serviceName: 's', namespace: 'b' } }] }] })], ['b/app=y any']],
    ['a group of blocks that the input does not hold', [cilium({ endpointSelector: {}, egress: [{ toCIDRSet: [{ cidrGroupRef: 'g' }] }] })], ['CIDR group g any !']],
    ['a group of blocks', [{ apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'g' }, spec: { externalCIDRs: ['8.8.8.0/24'] } }, cilium({ endpointSelector: {}, egress: [{ toCIDRSet: [{ cidrGroupRef: 'g' }] }] })], ['8.8.8.0/24 any !']],
  ])('%s', (_, objects, expected) => {
    expect(calls([pod('x'), ...objects])).toEqual(expected);
  });

  const allow = cilium({ endpointSelector: {}, egress: [{ toCIDR: ['8.8.0.0/16'] }, { toFQDNs: [{ matchName: 'a.com' }] }, world] });
  test.each<[string, object, readonly string[]]>([
    ['of the world takes addresses and names', { egressDeny: [world] }, []],
    ['of one port takes that port', { egressDeny: [{ ...world, ...port('443') }] }, ['8.8.0.0/16', 'a.com', 'world'].map((to) => `${to} icmp other sctp/any tcp/1-442 tcp/444-65535 udp/any !`)],
    ['of a part of a block takes the part', { egressDeny: [{ toCIDR: ['8.8.0.0/17'] }] }, ['8.8.128.0/17 any !', 'a.com any !', 'world any !']],
    ['of one family leaves the other', { egressDeny: [{ toCIDR: ['0.0.0.0/0'] }] }, ['a.com any !', 'world any !']],
    ['of a named port takes nothing for certain', { egressDeny: [{ ...world, ...port('web') }] }, ['8.8.0.0/16 any !', 'a.com any !', 'world any !']],
    ['of one type of ICMP takes nothing for certain', { egressDeny: [{ ...world, icmps: [{ fields: [{ type: 8 }] }] }] }, ['8.8.0.0/16 any !', 'a.com any !', 'world any !']],
    ['for an account is perhaps not for these', { endpointSelector: { matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 's' } }, egressDeny: [world] }, ['8.8.0.0/16 any !', 'a.com any !', 'world any !']],
    ['of a part, for an account', { endpointSelector: { matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 's' } }, egressDeny: [{ toCIDR: ['8.8.0.0/17'] }] }, ['8.8.0.0/16 any !', 'a.com any !', 'world any !']],
    ['that requires more of the other side', { egressDeny: [{ ...world, toRequires: [{ matchLabels: X }] }] }, ['8.8.0.0/16 any !', 'a.com any !', 'world any !']],
    ['of a group that nobody knows', { egressDeny: [{ toCIDRSet: [{ cidrGroupRef: 'g' }] }] }, ['8.8.0.0/16 any !', 'a.com any !', 'world any !']],
  ])('a deny %s', (_, spec, expected) => {
    expect(calls([pod('x'), allow, wide({ endpointSelector: {}, ...spec })])).toEqual(expected);
  });

  test('a deny on either side stops a call between pods', () => {
    const open = [pod('x'), pod('y'), cilium({ endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }], egress: [{ toEndpoints: [{}] }] })];
    expect(calls(open)).toEqual(['y any']);
    expect(calls([...open, wide({ endpointSelector: { matchLabels: X }, egressDeny: [{ toEndpoints: [{ matchLabels: { app: 'y' } }] }] })])).toEqual([]);
    expect(calls([...open, wide({ endpointSelector: { matchLabels: { app: 'y' } }, ingressDeny: [{ fromEndpoints: [{ matchLabels: X }], ...port('22') }] })])).toEqual(['y icmp other sctp/any tcp/1-21 tcp/23-65535 udp/any']);
  });

  test('an allow of the cluster lets callers of every namespace in', () => {
    const objects = [pod('x'), pod('z', 'b'), cilium({ endpointSelector: { matchLabels: X }, ingress: [{}] })];
    expect(calls(objects, 'b/z')).toEqual(['anything any !']);
    expect(calls([...objects, wide({ endpointSelector: { matchLabels: X }, ingress: [{ fromEndpoints: [{ matchLabels: { app: 'z' } }] }] })], 'b/z')).toEqual(['x any', 'anything any !']);
  });
});

describe('what is not read', () => {
  const reviewed = (stack: object) => review({ inputs: [parsePlan(JSON.stringify(stack), 'plan.json')], today: TODAY });
  const unknown = (stack: object) => reviewed(stack).verdicts.map(({ verdict, reasons }) => `${verdict}: ${reasons.join()}`);
  const other = (apiVersion: string, kind: string, namespaced = true) => ({ apiVersion, kind, metadata: { name: 'p', ...(namespaced ? { namespace: 'a' } : {}) }, spec: { selector: 'all()' } });

  test.each<[string, object, string]>([
    ['of Calico, in a tier that nobody knows', { ...other('projectcalico.org/v3', 'NetworkPolicy'), spec: { tier: 'security', types: ['Egress'] } }, 'NetworkPolicy of projectcalico.org is not read: it may open anything for pods of namespace a'],
    ['of Calico, of the cluster', { ...other('crd.projectcalico.org/v1', 'GlobalNetworkPolicy', false), spec: { tier: 'security' } }, 'GlobalNetworkPolicy of crd.projectcalico.org is not read: it may open anything for pods of every namespace'],
    ['of Antrea', other('crd.antrea.io/v1beta1', 'ClusterNetworkPolicy', false), 'ClusterNetworkPolicy of crd.antrea.io is not read: it may open anything for pods of every namespace'],
    ['of NSX', other('crd.nsx.vmware.com/v1alpha1', 'SecurityPolicy'), 'SecurityPolicy of crd.nsx.vmware.com is not read: it may open anything for pods of namespace a'],
    ['as the agent of EKS has it', other('networking.k8s.aws/v1alpha1', 'PolicyEndpoint'), 'PolicyEndpoint of networking.k8s.aws is not read: it may open anything for pods of namespace a'],
    ['of nobody that we know', other('example.com/v1', 'TeamNetworkPolicy'), 'TeamNetworkPolicy of example.com is not read: it may open anything for pods of namespace a'],
  ])('a policy %s makes an unknown verdict', (_, object, reason) => {
    const stack = stackOf([deny, pod('x'), object]);
    expect(unknown(stack)).toEqual([`unknown: kubernetes_manifest.o2: ${reason}`]);
    expect(exitOf(reviewed(stack), { failOn: { newEgress: false } }).code).toBe(1);
  });

  test('what Envoy takes over and leads elsewhere makes one, too', () => {
    const cluster = (more: object) => ({ '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster', name: 'out', ...more });
    const envoy = (services: object[], ...resources: object[]) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumEnvoyConfig', metadata: { name: 'e', namespace: 'a' }, spec: { services, resources } });
    const services = [{ name: 's', namespace: 'a' }];
    const UNKNOWN = ['unknown: kubernetes_manifest.o1: CiliumEnvoyConfig of cilium.io is not read: it may open anything for pods of namespace a'];
    expect(unknown(stackOf([deny, envoy(services, cluster({ type: 'LOGICAL_DNS' }))]))).toEqual(UNKNOWN);
    expect(unknown(stackOf([deny, envoy(services, cluster({}))]))).toEqual(UNKNOWN);
    // Endpoints of services, as Cilium tells them; and what takes nothing over.
    expect(unknown(stackOf([deny, envoy(services, cluster({ type: 'EDS' }), { '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener' })]))).toEqual([]);
    expect(unknown(stackOf([deny, envoy([], cluster({ type: 'LOGICAL_DNS' }))]))).toEqual([]);
  });

  test('what opens nothing does not', () => {
    expect(unknown(stackOf([deny, other('projectcalico.org/v3', 'StagedNetworkPolicy'), other('k8s.ovn.org/v1', 'EgressFirewall'), other('gateway.envoyproxy.io/v1alpha1', 'SecurityPolicy')]))).toEqual([]);
  });

  test('an object that is not known before an apply, whole or in part', () => {
    expect(unknown({ resource: { kubernetes_manifest: { m: { manifest: '${yamldecode(data.http.x.body)}' } } } })[0]).toContain('which object it makes is not known');
    expect(unknown(stackOf([network({ podSelector: {}, policyTypes: ['Egress'], egress: '${var.egress}' })]))[0]).toContain('part of this NetworkPolicy is not known');
    for (const rules of ['spec', 'specs']) expect(unknown(stackOf([{ ...wide({}), [rules]: '${var.rules}' }]))[0]).toContain('part of this CiliumClusterwideNetworkPolicy is not known');
    expect(unknown({ resource: { kubectl_manifest: { m: { yaml_body: '${data.http.x.body}' } } } })[0]).toContain('which object it makes is not known');
    expect(unknown({ resource: { kubectl_manifest: { m: { yaml_body: '{ not: [yaml' } } } })[0]).toContain('which object it makes is not known');
  });

  test('an object whose namespace is not known', () => {
    const metadata = { name: 'n', namespace: '${random_pet.x.id}' };
    expect(unknown(stackOf([{ ...deny, metadata }]))[0]).toContain('part of this NetworkPolicy is not known');
    expect(unknown({ resource: { kubernetes_network_policy_v1: { n: { metadata: [metadata], spec: [{ pod_selector: [{}], policy_types: ['Egress'] }] } } } })[0]).toContain('part of this NetworkPolicy is not known');
    // Its pods are in no namespace that a policy closes.
    const stray = { apiVersion: 'v1', kind: 'Pod', metadata, spec: {} };
    expect(modelOf(stackOf([{ ...deny, metadata: { name: 'n' } }, stray])).connections.map(({ to }) => to)).toContain('anything');
  });

  test('objects as text of the kubectl and kustomization providers, and lists of objects, are read', () => {
    const objects = [pod('x'), deny, wide({ endpointSelector: {}, egress: [world] })];
    const opened = (stack: object) => modelOf(stack).connections.map(({ from, to }) => `${from} ${to}`);
    expect(opened({ resource: { kubectl_manifest: { m: { yaml_body: objects.map((each) => `---\n${stringify(each)}`).join('') } } } })).toEqual(['a/x world']);
    expect(opened({ resource: { kustomization_resource: Object.fromEntries(objects.map((each, index) => [`r${index}`, { manifest: JSON.stringify(each) }])) } })).toEqual(['a/x world']);
    expect(opened(stackOf([{ apiVersion: 'v1', kind: 'List', items: objects }]))).toEqual(['a/x world']);
    expect(opened({ resource: { kubectl_manifest: { m: { yaml_body: stringify(pod('x')), override_namespace: 'b' } } } })).toEqual(['anything b/x', 'b/x anything']);
  });

  test('a chart is told, mildly: nobody knows what is in it', () => {
    const { findings, verdicts } = reviewed({ resource: { helm_release: { nginx: { name: 'nginx', chart: 'nginx' } } } });
    expect(findings.map(({ rule, severity, address }) => [rule, severity, address])).toEqual([['objects-not-read', 'low', 'helm_release.nginx']]);
    expect(verdicts).toEqual([]);
  });

  test('so is a repository that a cluster is told to follow', () => {
    const { findings } = reviewed({ resource: { kubernetes_namespace: { a: { metadata: { name: 'a' } } }, azurerm_kubernetes_flux_configuration: { f: { name: 'f' } }, argocd_application: { f: {} }, google_gke_hub_feature: { f: { name: 'multiclusteringress' } }, google_gke_hub_feature_membership: { f: { feature: 'configmanagement', configmanagement: [{ config_sync: [{ git: [{ sync_repo: 'https://git.example.net/r' }] }] }] } } } });
    expect(findings.filter(({ rule }) => rule === 'objects-not-read').map(({ message }) => message)).toEqual(['argocd_application.f installs', 'azurerm_kubernetes_flux_configuration.f installs', 'google_gke_hub_feature_membership.f has Config Sync install'].map((text) => `${text} what a repository holds: its objects are not in this input`));
  });
});

test('blocks of the provider, as a plan has them', () => {
  const values = { metadata: [{ name: 'd', namespace: 'a' }], spec: [{ pod_selector: [{}], policy_types: ['Egress'], egress: [{ to: [{ ip_block: [{ cidr: '8.8.8.0/24', except: [] }] }], ports: [] }], ingress: [] }] };
  const deployment = { metadata: [{ name: 'x', namespace: 'a' }], spec: [{ template: [{ metadata: [{ labels: X }], spec: [{ host_network: true }] }] }] };
  const stack = (host: object) => ({ resource: { kubernetes_network_policy_v1: { n: values }, kubernetes_deployment_v1: { x: host } } });
  expect(modelOf(stack(deployment)).connections.map(({ from, to }) => `${from} ${to}`)).toContain('a/x anything');
  const ordinary = { ...deployment, spec: [{ template: [{ metadata: [{ labels: X }], spec: [{}] }] }] };
  expect(modelOf(stack(ordinary)).connections.filter(({ from }) => from === 'a/x').map(({ to }) => to)).toEqual(['8.8.8.0/24']);
});

describe('what policies let pods reach on the internet', () => {
  const egressOf = (objects: readonly object[], pods = 'a/x') => {
    const { egress, reached, reasons } = modelOf(stackOf(objects)).podEgress.find((each) => each.pods === pods)!;
    return [egress, ...(egress === 'unknown' ? reasons : reached)];
  };
  const names = (...matches: readonly object[]) => cilium({ endpointSelector: {}, egress: [{ toFQDNs: matches, ...port('443') }] });
  const antrea = (metadata: object) => ({ apiVersion: 'crd.antrea.io/v1beta1', kind: 'NetworkPolicy', metadata: { name: 't', ...metadata }, spec: {} });
  const unread = 'kubernetes_manifest.o2: NetworkPolicy of crd.antrea.io is not read: it may open anything for pods of namespace a';

  test.each<[string, readonly object[], readonly string[]]>([
    ['everything without a policy', [], ['open', 'anything any']],
    ['nothing under a policy that closes', [deny], ['none']],
    ['nothing but private addresses', [network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] })], ['none']],
    ['a block', [network({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '8.8.8.0/24' } }] }] })], ['open', '8.8.8.0/24 any']],
    ['ICMP', [cilium({ endpointSelector: {}, egress: [{ ...world, icmps: [{ fields: [{ type: 8 }] }] }] })], ['open', 'world icmp']],
    ['names', [names({ matchName: 'a.com' }, { matchPattern: '*.b.com' })], ['allowlisted', '*.b.com tcp/443', 'a.com tcp/443']],
    ['any name', [names({ matchName: 'a.com' }, { matchPattern: '*' })], ['open', '* tcp/443']],
    ['any name below a public suffix', [names({ matchPattern: '*.co.uk' })], ['open', '*.co.uk tcp/443']],
    ['a name and an address', [names({ matchName: 'a.com' }), cilium({ endpointSelector: {}, egress: [{ toCIDR: ['8.8.8.0/24'] }] })], ['open', '8.8.8.0/24 any']],
    ['whom nobody knows', [cilium({ endpointSelector: {}, egress: [{ toCIDRSet: [{ cidrGroupRef: 'g' }] }] })], ['unknown', 'CIDR group g: whom this stands for is not in the input']],
    ['what a policy that is not read may open', [deny, antrea({ namespace: 'a' })], ['unknown', unread]],
    ['nothing that a policy of another namespace could open', [deny, antrea({ namespace: 'b' })], ['none']],
    ['what is open, whatever else may be', [antrea({ namespace: 'a' })], ['open', 'anything any']],
  ])('%s', (_, objects, expected) => expect(egressOf([pod('x'), ...objects])).toEqual(expected));

  test('everything from the network of the node', () => {
    expect(egressOf([pod('x', 'a', { hostNetwork: true }), deny])).toEqual(['open', 'anything any']);
  });

  test('is in the result, beside verdicts and not among them', () => {
    const { pods, verdicts } = review({ inputs: [parsePlan(JSON.stringify(stackOf([pod('x'), deny])), 'plan.json')], today: TODAY });
    expect({ pods, verdicts }).toEqual({ verdicts: [], pods: [{ input: 'plan.json', pods: 'a/x', address: 'kubernetes_manifest.o0', egress: 'none', reached: [], reasons: [] }] });
  });
});
