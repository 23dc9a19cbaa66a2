/** The smallest objects of Kubernetes that tests of policies put together, and whom the pods of namespace a may call with them. */
import { kubernetesModels } from '../../../review/model/kubernetes/kubernetes-model';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';

export const X = { app: 'x' };
export const named = (name: string) => ({ 'kubernetes.io/metadata.name': name });
export const pod = (name: string, namespace = 'a', spec: object = {}) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: { app: name } }, spec });
export const namespace = (name: string, labels: object = {}) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
export const network = (spec: object, apiVersion = 'networking.k8s.io/v1') => ({ apiVersion, kind: 'NetworkPolicy', metadata: { name: 'n', namespace: 'a' }, spec });
export const deny = network({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
export const cilium = (spec: object) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'c', namespace: 'a' }, spec });
export const wide = (spec: object, more: object = {}) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'w' }, ...(Object.keys(spec).length > 0 ? { spec } : {}), ...more });
export const admin = (priority: number, spec: object, kind = 'AdminNetworkPolicy') => ({ apiVersion: 'policy.networking.k8s.io/v1alpha1', kind, metadata: { name: `admin-${priority}` }, spec: { ...(kind === 'AdminNetworkPolicy' ? { priority } : {}), subject: { namespaces: {} }, ...spec } });
export const baseline = (spec: object) => admin(0, spec, 'BaselineAdminNetworkPolicy');
export const clusterPolicy = (tier: string, spec: object, apiVersion = 'policy.networking.k8s.io/v1alpha2') => ({ apiVersion, kind: 'ClusterNetworkPolicy', metadata: { name: tier }, spec: { tier, priority: 1, subject: { namespaces: {} }, ...spec } });

export const stackOf = (objects: readonly object[]) => ({ resource: { kubernetes_manifest: Object.fromEntries(objects.map((manifest, index) => [`o${index}`, { manifest }])) } });
export const modelOf = (stack: object) => kubernetesModels(buildGraph(parsePlan(JSON.stringify(stack), 'plan.json')))[0]!;
/** `x -> y tcp/80`, of the pods of namespace a; what leads to the internet ends with `!`. */
export const calls = (objects: readonly object[], from = 'a/x') => modelOf(stackOf(objects)).connections.filter((each) => each.from === from).map(({ to, ports, internet }) => `${to.replace(/^a\//, '')} ${ports.join(' ')}${internet ? ' !' : ''}`);
export const world = { toEntities: ['world'] };
export const port = (number: string, protocol = 'TCP') => ({ toPorts: [{ ports: [{ port: number, protocol }] }] });
export const internet = [{ networks: ['0.0.0.0/0', '::/0'] }];
