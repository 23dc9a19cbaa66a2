/** Clusters that take policies and enforce none: their pods are not closed, whatever the policies say. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

const metadata = { name: 'x', namespace: 'a' };
const objects = {
  pod: { manifest: { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template: { metadata: { labels: { app: 'x' } }, spec: { containers: [] } } } } },
  deny: { manifest: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } } },
};
const reviewed = (resource: object, manifests: object = objects) => {
  const { findings, pods } = review({ inputs: [parsePlan(JSON.stringify({ resource: { kubernetes_manifest: manifests, ...resource } }), 'plan.json')], today: TODAY });
  return { egress: pods?.find(({ pods: id }) => id === 'a/x')?.egress, told: findings.filter(({ rule }) => rule === 'policies-not-enforced').map(({ severity, message }) => `${severity} ${message}`) };
};
const aks = (profile?: object) => ({ azurerm_kubernetes_cluster: { c: profile ? { network_profile: profile } : {} } });
const gke = (settings: object) => ({ google_container_cluster: { c: settings } });
const eks = (values?: object, more: object = {}) => ({ aws_eks_cluster: { c: more }, ...(values ? { aws_eks_addon: { cni: { addon_name: 'vpc-cni', cluster_name: 'c', configuration_values: JSON.stringify(values) } } } : {}) });
const chart = (name: string) => ({ helm_release: { r: { name, chart: name } } });

test.each<[string, object]>([
  ['AKS as it comes', aks()],
  ['AKS with a plugin and no engine', aks({ network_plugin: 'azure' })],
  ['GKE as it comes', gke({})],
  ['GKE with the engine switched off', gke({ network_policy: { enabled: false }, datapath_provider: 'LEGACY_DATAPATH' })],
  ['EKS with the add-on as it comes', eks({})],
  ['EKS with the engine switched off', eks({ enableNetworkPolicy: 'false' })],
])('%s', (_, cluster) => {
  expect(reviewed(cluster)).toEqual({ egress: 'unknown', told: [expect.stringMatching(/^high the policies of this input are not in force in \w+\.c: /)] });
  // Nothing to enforce.
  expect(reviewed(cluster, { pod: objects.pod }).told).toEqual([]);
});

test.each<[string, object]>([
  ['AKS with Cilium', aks({ network_plugin: 'azure', network_policy: 'cilium', network_data_plane: 'cilium' })],
  ["AKS with somebody's own plugin", aks({ network_plugin: 'none' })],
  ['GKE with Dataplane V2', gke({ datapath_provider: 'ADVANCED_DATAPATH' })],
  ['GKE with Calico', gke({ network_policy: { enabled: true } })],
  ['Autopilot', gke({ enable_autopilot: true })],
  ['EKS with the engine', eks({ enableNetworkPolicy: 'true' })],
  ['EKS with the engine, as a truth', eks({ enableNetworkPolicy: true })],
  ['a chart that brings one', { ...aks(), ...chart('tigera-operator') }],
  ['another', { ...eks(), ...chart('cilium') }],
])('not %s', (_, cluster) => expect(reviewed(cluster)).toEqual({ egress: 'none', told: [] }));

test.each<[object]>([
  [aks({ network_policy: '${var.engine}' })],
  [gke({ datapath_provider: '${var.datapath}' })],
  [{ aws_eks_cluster: { c: {} }, aws_eks_addon: { cni: { addon_name: 'vpc-cni', configuration_values: '${var.values}' } } }],
])('an engine that is not known yet: %j', (cluster) => expect(reviewed(cluster)).toEqual({ egress: 'none', told: [expect.stringMatching(/^low .* may be not in force in .* is not known/)] }));

describe('policies of Cilium in GKE', () => {
  const spec = { endpointSelector: {}, ingress: [{}], egress: [{}] };
  const cilium = (kind: string) => ({ pod: objects.pod, policy: { manifest: { apiVersion: 'cilium.io/v2', kind, metadata: kind === 'CiliumNetworkPolicy' ? metadata : { name: 'x' }, spec } } });
  const egress = (cluster: object, kind: string) => {
    const { pods, findings } = review({ inputs: [parsePlan(JSON.stringify({ resource: { kubernetes_manifest: cilium(kind), ...cluster } }), 'plan.json')], today: TODAY });
    return [pods?.find(({ pods: id }) => id === 'a/x')?.egress, ...findings.filter(({ rule }) => rule === 'policy-refused').map(({ message }) => message.replace(/^.* as a whole: /, ''))];
  };
  const V2 = { datapath_provider: 'ADVANCED_DATAPATH' };

  test('of a namespace close nothing', () => {
    expect(egress(gke(V2), 'CiliumNetworkPolicy')).toEqual(['open', expect.stringMatching(/^GKE reads no CiliumNetworkPolicy/)]);
    expect(egress({}, 'CiliumNetworkPolicy')).toEqual(['none']);
    // Whose it is, nobody knows; or Cilium's own agent reads it.
    expect(egress({ ...gke(V2), ...aks({ network_policy: 'cilium' }) }, 'CiliumNetworkPolicy')).toEqual(['none']);
    expect(egress({ ...gke(V2), ...chart('cilium') }, 'CiliumNetworkPolicy')).toEqual(['none']);
  });

  test('of the cluster close once they are enabled', () => {
    const flag = (value: unknown) => gke({ ...V2, enable_cilium_clusterwide_network_policy: value });
    expect(egress(gke(V2), 'CiliumClusterwideNetworkPolicy')).toEqual(['open', expect.stringMatching(/unless the cluster sets/)]);
    expect(egress(flag(false), 'CiliumClusterwideNetworkPolicy')[0]).toBe('open');
    expect(egress(flag(true), 'CiliumClusterwideNetworkPolicy')).toEqual(['none']);
    expect(egress(flag('${var.enabled}'), 'CiliumClusterwideNetworkPolicy')).toEqual(['none']);
  });
});

test('EKS whose engine may be switched on elsewhere', () => {
  expect(reviewed({ ...eks(), ...chart('nginx') })).toEqual({ egress: 'none', told: [expect.stringMatching(/^medium .*no aws_eks_addon here/)] });
  const auto = eks(undefined, { compute_config: { enabled: true } });
  expect(reviewed(auto)).toEqual({ egress: 'none', told: [expect.stringMatching(/^medium .*Auto Mode/)] });
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'amazon-vpc-cni', namespace: 'kube-system' }, data: { 'enable-network-policy-controller': 'true' } };
  expect(reviewed(auto, { ...objects, map: { manifest: map } }).told).toEqual([]);
  expect(reviewed({ ...auto, kubernetes_config_map_v1: { m: { metadata: map.metadata, data: map.data } } }).told).toEqual([]);
});

describe('pods of EKS for which nothing is enforced', () => {
  const enforcing = eks({ enableNetworkPolicy: 'true' });
  const alone = { ...objects, pod: { manifest: { apiVersion: 'v1', kind: 'Pod', metadata, spec: {} } } };
  const fargate = (...selector: readonly object[]) => ({ ...enforcing, aws_eks_fargate_profile: { f: { selector } } });

  test('those without an owner', () => {
    expect(reviewed(enforcing, alone).egress).toBe('unknown');
    expect(reviewed({ ...enforcing, ...chart('cilium') }, alone).egress).toBe('none');
    expect(reviewed(gke({ enable_autopilot: true }), alone).egress).toBe('none');
  });

  test.each<[object, string]>([
    [{ namespace: 'a' }, 'unknown'], [{ namespace: '*' }, 'unknown'], [{ namespace: '${var.namespace}' }, 'unknown'], [{ namespace: 'a', labels: { app: 'x' } }, 'unknown'],
    [{ namespace: 'b' }, 'none'], [{ namespace: 'a.' }, 'none'], [{ namespace: 'a', labels: { app: 'y' } }, 'none'],
  ])('those on Fargate: %j', (selector, expected) => expect(reviewed(fargate({ namespace: 'z' }, selector)).egress).toBe(expected));

  test('those on Fargate by labels that are not known yet', () => {
    const hidden = { ...objects, pod: { manifest: { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template: { metadata: { labels: { app: '${var.app}' } }, spec: {} } } } } };
    expect([{ namespace: 'a', labels: { app: 'x' } }, { namespace: 'b', labels: { app: 'x' } }].map((selector) => reviewed(fargate(selector), hidden).egress)).toEqual(['unknown', 'none']);
  });
});

describe('Cilium with its policies switched off', () => {
  const config = (data: object, name = 'cilium-config') => ({ kubernetes_config_map_v1: { c: { metadata: [{ name, namespace: 'kube-system' }], data } } });
  const manifest = (data: object) => ({ ...objects, config: { manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cilium-config', namespace: 'kube-system' }, data } } });
  const release = (more: object) => ({ helm_release: { r: { name: 'cilium', chart: 'cilium', ...more } } });
  const flux = (spec: object) => ({ ...objects, chart: { manifest: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', metadata: { name: 'cilium', namespace: 'kube-system' }, spec } } });

  test.each<[string, object, object]>([
    ['by the ConfigMap', config({ 'policy-audit-mode': 'true' }), objects],
    ['by the ConfigMap, not asking at all', config({ 'enable-policy': 'never' }), objects],
    ['for some nodes', {}, { ...objects, config: { manifest: { apiVersion: 'cilium.io/v2', kind: 'CiliumNodeConfig', metadata: { name: 'audit', namespace: 'kube-system' }, spec: { nodeSelector: {}, defaults: { 'policy-audit-mode': 'true' } } } } }],
    ['by a manifest', {}, manifest({ 'policy-audit-mode': 'true' })],
    ['by a value of the chart', release({ set: [{ name: 'policyAuditMode', value: 'true' }] }), objects],
    ['by values of the chart', release({ values: ['ipam:\n  mode: kubernetes\npolicyEnforcementMode: "never"\n'] }), objects],
    ['by values of the chart in JSON', release({ values: [JSON.stringify({ policyAuditMode: true })] }), objects],
    ['by values of a release', {}, flux({ values: { policyAuditMode: true } })],
    ['by a text within a release', {}, flux({ source: { helm: { values: 'policyEnforcementMode: never\n' } } })],
    ['by a parameter of a release', {}, flux({ source: { helm: { parameters: [{ name: 'policyAuditMode', value: 'true' }] } } })],
    ['beside a cluster of a cloud', { ...gke({ datapath_provider: 'ADVANCED_DATAPATH' }), ...config({ 'enable-policy': 'never' }) }, objects],
  ])('%s', (_, resource, manifests) => {
    const { egress, told } = reviewed(resource, manifests);
    expect(told.filter((text) => /^high the policies of this input are not in force in .* with which Cilium refuses nothing$/.test(text))).toHaveLength(1);
    expect(egress).toBe('unknown');
  });

  test.each<[string, object, object]>([
    ['in force', config({ 'policy-audit-mode': 'false', 'enable-policy': 'default' }), objects],
    ["of somebody else's ConfigMap", config({ 'enable-policy': 'never' }, 'others'), objects],
    ['of a comment', release({ values: ['# policyAuditMode: true\npolicyEnforcementMode: always\n'] }), objects],
    ['of another chart', { helm_release: { r: { name: 'app', chart: 'app', values: ['policyAuditMode: true'] } } }, objects],
  ])('not those %s', (_, resource, manifests) => expect(reviewed(resource, manifests).told).toEqual([]));
});

describe('policies by name of GKE', () => {
  const byName = (egress: object) => ({ ...objects, deny: { manifest: { apiVersion: 'networking.gke.io/v1alpha1', kind: 'FQDNNetworkPolicy', metadata, spec: { podSelector: {}, egress: [egress] } } } });
  const own = byName({ matches: [{ name: 'api.example.com' }], ports: [{ protocol: 'TCP', port: 443 }] });
  const cluster = (more: object) => gke({ datapath_provider: 'ADVANCED_DATAPATH', ...more });
  const refused = (resource: object, manifests: object) => review({ inputs: [parsePlan(JSON.stringify({ resource: { kubernetes_manifest: manifests, ...resource } }), 'plan.json')], today: TODAY }).findings.filter(({ rule }) => rule === 'policy-refused').map(({ message }) => message);

  test.each<[string, object, string]>([
    ['that are not enabled close nothing', cluster({}), 'open'],
    ['that are switched off close nothing', cluster({ enable_fqdn_network_policy: false }), 'open'],
    ['that are enabled close', cluster({ enable_fqdn_network_policy: true }), 'allowlisted'],
    ['that may be enabled close', cluster({ enable_fqdn_network_policy: '${var.names}' }), 'allowlisted'],
    ['of a cluster that is not here close', {}, 'allowlisted'],
  ])('%s', (_, resource, expected) => expect(reviewed(resource, own).egress).toBe(expected));

  test('are told, and those of a controller of one\'s own are none', () => {
    expect(refused(cluster({}), own)).toEqual([expect.stringMatching(/^the cluster takes nothing of .*x: GKE reads no FQDNNetworkPolicy unless the cluster sets enable_fqdn_network_policy$/)]);
    expect(refused(cluster({}), byName({ to: [{ fqdns: ['api.example.com'] }] }))).toEqual([]);
  });
});

describe('clusters of two files', () => {
  const file = (resource: object, stack: string) => ({ ...parsePlan(JSON.stringify({ resource }), 'cdk.tf.json'), stack });
  const told = (...files: readonly object[]): readonly string[] => {
    const { pods = [], findings } = review({ inputs: files.map((resource, index) => file(resource, `f${index}`)), today: TODAY, together: true });
    return [...pods.filter(({ pods: id }) => id.endsWith('a/x')).map(({ egress }) => egress), ...findings.filter(({ rule }) => rule === 'policies-not-enforced').map(({ severity, address }) => `${severity} ${address}`)];
  };
  const pods = { kubernetes_manifest: objects };
  const on = { enableNetworkPolicy: 'true' };

  test.each<[string, object, object]>([
    ['objects of its own', { ...pods, ...aks() }, { kubernetes_manifest: { pod: { manifest: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'y', namespace: 'b' } } } } }],
    ['a chart that brings an engine', { ...pods, ...aks() }, { ...aks(), ...chart('tigera-operator') }],
    ['the add-on of another cluster', { ...pods, ...eks() }, eks(on)],
    ['the setting of Auto Mode', { ...pods, ...eks({}, { compute_config: { enabled: true } }) }, { kubernetes_config_map: { cni: { data: { 'enable-network-policy-controller': 'true' } } } }],
    ['policies by another provider', { kubernetes_manifest: { pod: objects.pod } }, { kubectl_manifest: { deny: { yaml_body: JSON.stringify(objects.deny.manifest) } } }],
    ['another kind of cluster', { kubernetes_manifest: { pod: objects.pod, policy: { manifest: { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec: { endpointSelector: {}, egress: [{}] } } } }, ...gke({ datapath_provider: 'ADVANCED_DATAPATH' }) }, aks({ network_policy: 'cilium' })],
  ])('%s in the other file close nothing', (_, own, other) => {
    const alone = told(own, {});
    expect(alone).not.toEqual(['none']);
    expect(told(own, other)).toEqual(alone);
  });

  test('a cluster, what is installed in it and what runs there in a file each are one', () => {
    expect(told(aks(), pods)).toEqual(['unknown', 'high f0:azurerm_kubernetes_cluster.c']);
    expect(told(aks(), chart('tigera-operator'), pods)).toEqual(['none']);
    expect(told(eks(on), pods)).toEqual(['none']);
  });

  test('the add-on of one cluster switches nothing on in another of its file', () => {
    const two = { aws_eks_cluster: { c: { name: 'c' }, d: { name: 'd' } }, aws_eks_addon: eks(on).aws_eks_addon };
    expect(reviewed(two).told).toEqual([expect.stringMatching(/aws_eks_cluster\.d: /)]);
  });
});
