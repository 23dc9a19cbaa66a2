/** Controls of a cluster, each taken away, and the name by which it has to be missed. */
import type { Cni } from '../../../blueprints/policy/pods';
import type { KubernetesObject } from './evaluator';

export interface KubernetesMutation {
  readonly name: string;
  readonly cloud: 'aws' | 'google' | 'azure';
  /** Default: the fixture's. */
  readonly cni?: Cni;
  /** Changes the list or what is in it. */
  readonly mutate: (objects: KubernetesObject[]) => void;
  /** The start of a violation's name. */
  readonly missed: string;
}

const find = (objects: KubernetesObject[], kind: string, name: string, namespace?: string): any => {
  const found = objects.find((each) => each.kind === kind && each.metadata.name === name && (namespace === undefined || each.metadata.namespace === namespace));
  if (!found) throw new Error(`no ${kind} ${namespace}/${name}`);
  return found;
};
const remove = (objects: KubernetesObject[], kind: string, name: string, namespace?: string): void => {
  objects.splice(objects.indexOf(find(objects, kind, name, namespace)), 1);
};
const policy = (objects: KubernetesObject[], name: string, namespace: string) => find(objects, 'NetworkPolicy', name, namespace).spec;

export const MUTATIONS: readonly KubernetesMutation[] = [
  { name: 'refusals that are not recorded', cloud: 'google', mutate: (all) => { delete find(all, 'Namespace', 'payments').metadata.annotations; }, missed: 'audit payments' },
  { name: 'allowed connections that are not recorded', cloud: 'google', mutate: (all) => { delete find(all, 'NetworkPolicy', 'pods-api', 'payments').metadata.annotations; }, missed: 'audit payments' },
  { name: 'flows that are not stored', cloud: 'azure', mutate: (all) => remove(all, 'ContainerNetworkLog', 'zero-egress-payments'), missed: 'audit payments' },
  { name: 'no default deny', cloud: 'aws', mutate: (all) => remove(all, 'NetworkPolicy', 'default-deny', 'payments'), missed: 'default-deny-ingress payments' },
  { name: 'a default deny of ingress only', cloud: 'google', mutate: (all) => { policy(all, 'default-deny', 'payments').policyTypes = ['Ingress']; }, missed: 'default-deny-egress payments' },
  { name: 'a default deny for some pods only', cloud: 'aws', mutate: (all) => { policy(all, 'default-deny', 'payments').podSelector = { matchLabels: { app: 'x' } }; }, missed: 'default-deny-ingress payments' },
  { name: 'a default deny with an empty rule', cloud: 'aws', mutate: (all) => { policy(all, 'default-deny', 'payments').egress = [{}]; }, missed: 'default-deny-egress payments' },
  { name: 'no DNS', cloud: 'google', mutate: (all) => remove(all, 'NetworkPolicy', 'allow-dns', 'monitoring'), missed: 'dns-udp monitoring/prometheus' },
  { name: 'DNS over UDP only', cloud: 'google', mutate: (all) => { policy(all, 'allow-dns', 'monitoring').egress[0].ports.pop(); }, missed: 'dns-tcp monitoring/prometheus' },
  { name: 'DNS without the cache of the node', cloud: 'google', mutate: (all) => { policy(all, 'allow-dns', 'monitoring').egress[0].to.splice(1); }, missed: 'node-local-dns monitoring/prometheus' },
  { name: 'no egress of a caller', cloud: 'aws', mutate: (all) => remove(all, 'NetworkPolicy', 'pods-gateway', 'api-gateway'), missed: 'missing-egress api-gateway/gateway' },
  { name: 'no ingress of a callee', cloud: 'aws', mutate: (all) => { delete policy(all, 'pods-api', 'payments').ingress; }, missed: 'missing-ingress api-gateway/gateway' },
  { name: 'a caller without its labels', cloud: 'aws', mutate: (all) => { for (const rule of policy(all, 'pods-api', 'payments').ingress) for (const peer of rule.from) delete peer.podSelector; policy(all, 'pods-logs', 'monitoring').egress.push({}); }, missed: 'unexpected monitoring/logs' },
  { name: 'a caller without its namespace', cloud: 'aws', mutate: (all) => { policy(all, 'pods-api', 'payments').ingress[0].from = [{ namespaceSelector: {} }]; }, missed: 'unexpected stranger' },
  { name: 'no ports', cloud: 'aws', mutate: (all) => { delete policy(all, 'pods-gateway', 'api-gateway').egress[0].ports; delete policy(all, 'pods-api', 'payments').ingress[1].ports; delete policy(all, 'pods-api', 'payments').ingress[2].ports; delete policy(all, 'pods-api', 'payments').ingress[0].ports; }, missed: 'unexpected api-gateway/gateway' },
  { name: 'a way to metadata', cloud: 'google', mutate: (all) => { policy(all, 'pods-api', 'payments').egress.push({ to: [{ ipBlock: { cidr: '169.254.169.254/32' } }] }); }, missed: 'metadata payments/api' },
  { name: 'everything open beside the names', cloud: 'aws', mutate: (all) => { policy(all, 'pods-api', 'payments').egress.push({ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }); }, missed: 'internet-by-address payments/api' },
  { name: 'no policy of hosts', cloud: 'google', mutate: (all) => remove(all, 'FQDNNetworkPolicy', 'hosts-api', 'payments'), missed: 'host-missing api.stripe.com' },
  { name: 'any name in a policy of hosts', cloud: 'aws', mutate: (all) => { find(all, 'CiliumNetworkPolicy', 'hosts-api', 'payments').spec.egress[2].toFQDNs.push({ matchPattern: '**.net' }); find(all, 'CiliumNetworkPolicy', 'hosts-api', 'payments').spec.egress[0].toPorts[0].rules.dns.push({ matchPattern: '*' }); find(all, 'CiliumNetworkPolicy', 'hosts-api', 'payments').spec.egress[1].toFQDNs.push({ matchPattern: '*' }); }, missed: 'dns-unfiltered payments/api' },
  { name: 'names without the rule for DNS', cloud: 'aws', mutate: (all) => { find(all, 'CiliumNetworkPolicy', 'hosts-api', 'payments').spec.egress.shift(); }, missed: 'dns-udp payments/api' },
  { name: 'DNS open beside the rule for names', cloud: 'aws', mutate: (all) => { policy(all, 'pods-api', 'payments').egress.push({ to: [{ namespaceSelector: {} }], ports: [{ protocol: 'UDP', port: 53 }] }); }, missed: 'dns-unfiltered payments/api' },
  { name: 'no search domains', cloud: 'aws', mutate: (all) => { const rules = find(all, 'CiliumNetworkPolicy', 'hosts-api', 'payments').spec.egress[0].toPorts[0].rules; rules.dns = rules.dns.filter((each: any) => !/^([*][.]){4,}cluster[.]local$/.test(each.matchPattern ?? '')); }, missed: 'search-domain payments/api' },
  { name: 'a namespace without pod security', cloud: 'aws', mutate: (all) => { delete find(all, 'Namespace', 'payments').metadata.labels['pod-security.kubernetes.io/enforce']; }, missed: 'pod-security payments' },
  { name: 'pods on any node', cloud: 'aws', mutate: (all) => remove(all, 'ValidatingAdmissionPolicyBinding', 'segment-payments-nodes'), missed: 'node-placement payments' },
  { name: 'pods without an owner', cloud: 'aws', cni: 'vpc-cni', mutate: (all) => { find(all, 'ValidatingAdmissionPolicy', 'segment-payments-nodes').spec.validations.pop(); }, missed: 'pods-without-owner payments' },
  { name: 'pods that name their node', cloud: 'aws', mutate: (all) => { find(all, 'ValidatingAdmissionPolicy', 'segment-payments-nodes').spec.validations.splice(1, 1); }, missed: 'node-name payments' },
  { name: 'admission that looks at no new pod', cloud: 'aws', mutate: (all) => { find(all, 'ValidatingAdmissionPolicy', 'segment-payments-nodes').spec.matchConstraints.resourceRules[0].operations = ['UPDATE']; }, missed: 'node-placement payments' },
  { name: 'admission that looks at no pod', cloud: 'aws', mutate: (all) => { delete find(all, 'ValidatingAdmissionPolicy', 'segment-payments-nodes').spec.matchConstraints; }, missed: 'node-placement payments' },
  { name: 'admission that lets pods in when it fails', cloud: 'aws', mutate: (all) => { find(all, 'ValidatingAdmissionPolicy', 'segment-payments-nodes').spec.failurePolicy = 'Ignore'; }, missed: 'node-placement payments' },
  { name: 'DNS by any namespace', cloud: 'google', mutate: (all) => { for (const { namespaceSelector } of policy(all, 'allow-dns', 'monitoring').egress[0].to) if (namespaceSelector) delete namespaceSelector.matchLabels; }, missed: 'other-resolver monitoring/prometheus' },
  { name: 'DNS by any pod of the system', cloud: 'google', mutate: (all) => { for (const peer of policy(all, 'allow-dns', 'monitoring').egress[0].to) delete peer.podSelector; }, missed: 'other-resolver monitoring/prometheus' },
  { name: 'DNS beside names by any pod of the system', cloud: 'aws', mutate: (all) => { for (const { matchLabels } of find(all, 'CiliumNetworkPolicy', 'hosts-api', 'payments').spec.egress[0].toEndpoints) delete matchLabels['k8s:k8s-app']; }, missed: 'other-resolver payments/api' },
  { name: 'hosts for every pod of the namespace', cloud: 'aws', mutate: (all) => { find(all, 'CiliumNetworkPolicy', 'hosts-api', 'payments').spec.endpointSelector = {}; }, missed: 'half-labelled-hosts payments/api' },
  { name: 'hosts for every pod of the namespace, on GKE', cloud: 'google', mutate: (all) => { find(all, 'FQDNNetworkPolicy', 'hosts-api', 'payments').spec.podSelector = {}; }, missed: 'half-labelled-hosts payments/api' },
  { name: 'callers of a group let in to pods of one of its labels', cloud: 'aws', mutate: (all) => { delete policy(all, 'pods-api', 'payments').podSelector.matchLabels.app; }, missed: 'half-labelled-entered payments/api' },
  { name: 'calls of a group by pods without its label', cloud: 'aws', mutate: (all) => { delete policy(all, 'pods-gateway', 'api-gateway').podSelector.matchLabels; }, missed: 'half-labelled-leaves api-gateway/gateway' },
  { name: 'callers by one of their labels', cloud: 'aws', mutate: (all) => { for (const { from } of policy(all, 'pods-api', 'payments').ingress) for (const { podSelector } of from) delete podSelector?.matchLabels.role; }, missed: 'half-labelled-accepted payments/api' },
  { name: 'callees by one of their labels', cloud: 'aws', mutate: (all) => { for (const { to } of policy(all, 'pods-gateway', 'api-gateway').egress) for (const { podSelector } of to) delete podSelector?.matchLabels.role; }, missed: 'half-labelled-called api-gateway/gateway' },
  { name: "a segment's nodes for the pods of all", cloud: 'aws', mutate: (all) => { find(all, 'ValidatingAdmissionPolicyBinding', 'segment-edge-nodes').spec.matchResources.namespaceSelector.matchLabels = {}; }, missed: 'node-placement payments' },
  { name: 'flows stored of tcp alone', cloud: 'azure', mutate: (all) => { for (const filter of find(all, 'ContainerNetworkLog', 'zero-egress-payments').spec.includefilters) filter.protocol = ['tcp']; }, missed: 'audit payments' },
  { name: 'an exception outside of its block', cloud: 'aws', mutate: (all) => { policy(all, 'pods-api', 'payments').egress.push({ to: [{ ipBlock: { cidr: '10.20.0.0/16', except: ['169.254.0.0/16'] } }] }); }, missed: 'exception-outside 10.20.0.0/16' },
  { name: 'metadata that another policy may open', cloud: 'aws', mutate: (all) => remove(all, 'CiliumNetworkPolicy', 'deny-metadata', 'payments'), missed: 'metadata-deny payments' },
  { name: 'names that end like an allowed one', cloud: 'aws', mutate: (all) => { find(all, 'CiliumNetworkPolicy', 'hosts-api', 'payments').spec.egress[0].toPorts[0].rules.dns.push({ matchPattern: '*api.stripe.com' }); }, missed: 'dns-unfiltered payments/api' },
  { name: 'a warning instead of a refusal', cloud: 'aws', mutate: (all) => { find(all, 'ValidatingAdmissionPolicyBinding', 'segment-payments-nodes').spec.validationActions = ['Warn']; }, missed: 'node-placement payments' },
];
