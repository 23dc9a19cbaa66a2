/** What has the name of an engine and is none, engines that somebody switches off in another way than by their ConfigMap, and interfaces that no engine looks at. */
import { deny, modelOf, stackOf, X } from './policy-objects';

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', namespace: 'a' }, spec: { template: { metadata: { labels: X }, spec: { containers: [] } } } };
const aks = { azurerm_kubernetes_cluster: { c: { name: 'c', network_profile: { network_plugin: 'azure' } } } };
const eks = (values: string, more: object = {}) => ({ aws_eks_cluster: { c: { name: 'c', ...more } }, aws_eks_addon: { cni: { cluster_name: 'c', addon_name: 'vpc-cni', configuration_values: values } } });
const release = (name: string, chart = name, more: object = {}) => ({ helm_release: { r: { name, chart, ...more } } });
const daemonSet = (name: string, container: object = {}) => ({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name, namespace: 'kube-system' }, spec: { template: { spec: { hostNetwork: true, containers: [container] } } } });
const controlled = (apiVersion: string, kind: string, name: string, spec: object = {}) => ({ apiVersion, kind, metadata: { name, namespace: 'ops' }, spec });

const judged = (more: object, ...objects: readonly object[]) => {
  const { podEgress, unenforced } = modelOf({ resource: { ...stackOf([deployment, deny, ...objects]).resource, ...more } });
  return { egress: podEgress.find(({ pods }) => pods === 'a/x')?.egress, told: unenforced.map(({ certain, reason }) => `${certain ? 'certain' : 'possible'}: ${reason}`) };
};
const egressOf = (more: object, ...objects: readonly object[]) => judged(more, ...objects).egress;

describe('an engine beside a cluster that has none', () => {
  test.each<[string, object, readonly object[]]>([
    ['a chart of policies', release('network-policies'), []],
    ['a chart of policies of Cilium', release('policies', './charts/cilium-policies'), []],
    ['a chart of policies under the name of an engine', release('cilium', 'network-policies'), []],
    ['Weave GitOps', release('weave-gitops'), []],
    ['definitions of Calico alone', release('crd.projectcalico.org.v1'), []],
    ['a dashboard', {}, [daemonSet('cilium-exporter')]],
    ['an Application of policies', {}, [controlled('argoproj.io/v1alpha1', 'Application', 'network-policies')]],
    ['a HelmRelease of Weave GitOps', {}, [controlled('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'weave-gitops', { chart: { spec: { chart: 'weave-gitops' } } })]],
  ])('is not %s', (_, more, objects) => expect(egressOf({ ...aks, ...more }, ...objects)).toBe('unknown'));

  test.each<[string, object, readonly object[]]>([
    ['Calico by its operator', release('tigera-operator'), []],
    ['Cilium from a registry', release('cni', 'oci://registry.example.com/charts/cilium'), []],
    ['a chart that only the name tells', release('cilium', './charts/cni'), []],
    ['Canal of RKE2', {}, [controlled('helm.cattle.io/v1', 'HelmChart', 'rke2-canal')]],
    ['Weave Net', {}, [daemonSet('weave-net')]],
    ['kube-router', {}, [daemonSet('kube-router')]],
    ['the one of Kubernetes', {}, [daemonSet('kube-network-policies')]],
    ["EKS's agent as a DaemonSet", {}, [daemonSet('aws-network-policy-agent')]],
    ['an Application of Cilium under another name', {}, [controlled('argoproj.io/v1alpha1', 'Application', 'prod-network', { source: { chart: 'cilium' } })]],
    ['a HelmRelease of Calico under another name', {}, [controlled('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'network', { chart: { spec: { chart: 'tigera-operator' } } })]],
  ])('is %s', (_, more, objects) => expect(egressOf({ ...aks, ...more }, ...objects)).toBe('none'));
});

describe('Cilium switched off', () => {
  const config = (data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cilium-config', namespace: 'kube-system' }, data });
  const cilium = (more: object) => release('cilium', 'cilium', more);

  test.each<[string, object, readonly object[]]>([
    ['by a flag among values', cilium({ values: ['extraArgs:\n- --enable-policy=never\n'] }), []],
    ['by a flag in a list', cilium({ set_list: [{ name: 'extraArgs', value: ['--policy-audit-mode'] }] }), []],
    ['by a variable among values', cilium({ values: ['extraEnv:\n- name: CILIUM_ENABLE_POLICY\n  value: never\n'] }), []],
    ['by a value that nobody prints', cilium({ set_sensitive: [{ name: 'policyAuditMode', value: 'true' }] }), []],
    ['by a truth in capitals', {}, [config({ 'policy-audit-mode': 'True' })]],
    ['by a mode in capitals', {}, [config({ 'enable-policy': 'Never' })]],
    ['by a flag of its agent', {}, [daemonSet('cilium', { args: ['--config-dir=/tmp/cilium', '--policy-audit-mode'] })]],
    ['by a flag and its value', {}, [daemonSet('cilium', { args: ['--enable-policy', 'never'] })]],
    ['by a variable of its agent', {}, [daemonSet('cilium', { env: [{ name: 'CILIUM_POLICY_AUDIT_MODE', value: 'true' }] })]],
    ['by the values of RKE2', {}, [controlled('helm.cattle.io/v1', 'HelmChartConfig', 'rke2-cilium', { valuesContent: 'policyEnforcementMode: never\n' })]],
    ['by its own operator', {}, [controlled('cilium.io/v1alpha1', 'CiliumConfig', 'main', { policyAuditMode: true })]],
    ['by an Application under another name', {}, [controlled('argoproj.io/v1alpha1', 'Application', 'network', { source: { chart: 'cilium', helm: { valuesObject: { policyAuditMode: true } } } })]],
  ])('%s', (_, more, objects) => expect(judged(more, ...objects)).toEqual({ egress: 'unknown', told: [expect.stringMatching(/^certain: .* with which Cilium refuses nothing$/)] }));

  test.each<[string, object, readonly object[]]>([
    ['in force by a flag', {}, [daemonSet('cilium', { args: ['--enable-policy=default', '--policy-audit-mode=false'] })]],
    ['in force by a flag and its value', {}, [daemonSet('cilium', { args: ['--policy-audit-mode', 'false', '--enable-policy', 'always'] })]],
    ['in force by a variable', {}, [daemonSet('cilium', { env: [{ name: 'CILIUM_ENABLE_POLICY', value: 'default' }, { name: 'MODE', value: 'never' }] })]],
    ['of another agent', {}, [daemonSet('agent', { args: ['--policy-audit-mode'] })]],
  ])('not one %s', (_, more, objects) => expect(judged(more, ...objects)).toEqual({ egress: 'none', told: [] }));

  test.each<[string, object]>([
    ['by a value of the chart', cilium({ set: [{ name: 'policyAuditMode', value: '${var.audit}' }] })],
    ['by the ConfigMap', { kubernetes_config_map: { c: { metadata: [{ name: 'cilium-config' }], data: { 'enable-policy': '${var.mode}', 'cluster-name': 'c' } } } }],
  ])('perhaps, %s that is not known yet', (_, more) => expect(judged(more).told).toEqual([expect.stringMatching(/^possible: whether Cilium refuses anything is not known/)]));

  test('is no reason to pass over a cluster that has no engine', () => {
    const map = { kubernetes_config_map: { c: { metadata: [{ name: 'cilium-config' }], data: { 'enable-policy': '${var.mode}' } } } };
    expect(judged({ ...aks, ...map }).egress).toBe('unknown');
  });
});

describe('the engine of EKS', () => {
  const ON = '{"enableNetworkPolicy":"true"}';

  test.each<[string, object, object]>([
    ['by the add-on, in YAML', eks('enableNetworkPolicy: "true"\nenv:\n  WARM_IP_TARGET: "2"\n'), { egress: 'none', told: [] }],
    ['by the add-on, in YAML, switched off', eks('enableNetworkPolicy: "false"\n'), { egress: 'unknown', told: [expect.stringContaining('have no enableNetworkPolicy')] }],
    ['without its agent', eks('{"enableNetworkPolicy":"true","nodeAgent":{"enabled":"false"}}'), { egress: 'unknown', told: [expect.stringContaining('switch nodeAgent off')] }],
    ['by the chart', { aws_eks_cluster: { c: { name: 'c' } }, ...release('aws-vpc-cni', 'aws-vpc-cni', { values: ['enableNetworkPolicy: "true"'] }) }, { egress: 'none', told: [] }],
    ['by the chart without its agent', { aws_eks_cluster: { c: { name: 'c' } }, ...release('aws-vpc-cni', 'aws-vpc-cni', { values: ['enableNetworkPolicy: true\nnodeAgent:\n  enabled: false'] }) }, { egress: 'none', told: [expect.stringMatching(/^possible: no aws_eks_addon/)] }],
    ['by the chart as it comes', { aws_eks_cluster: { c: { name: 'c' } }, ...release('aws-vpc-cni') }, { egress: 'none', told: [expect.stringMatching(/^possible: no aws_eks_addon/)] }],
  ])('%s', (_, more, expected) => expect(judged(more)).toEqual(expected));

  const SIX = { kubernetes_network_config: { ip_family: 'ipv6' } };
  test.each<[string, object, string]>([
    ['in a cluster of IPv6', eks(ON, SIX), 'unknown'],
    ['the same with Calico', { ...eks(ON, SIX), ...release('tigera-operator') }, 'unknown'],
    ['the same with Cilium', { ...eks(ON, SIX), ...release('cilium') }, 'none'],
    ['in a cluster of IPv6 without IPv4', eks('{"enableNetworkPolicy":"true","env":{"ENABLE_V4_EGRESS":"false"}}', SIX), 'none'],
    ['in a cluster of IPv4', eks(ON, { kubernetes_network_config: { ip_family: 'ipv4' } }), 'none'],
    ['in a cluster of IPv4 with IPv6', eks('{"enableNetworkPolicy":"true","env":{"ENABLE_V6_EGRESS":"true"}}'), 'unknown'],
  ])('looks at one interface: %s', (_, more, expected) => expect(egressOf(more)).toBe(expected));
});
