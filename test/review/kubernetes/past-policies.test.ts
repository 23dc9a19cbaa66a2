/** Pods that policies hold for, and that get past them: by answers of DNS that somebody else gives, or as root on their node. */
import { cilium, deny, modelOf, pod, stackOf, X } from './policy-objects';

const workload = (spec: object) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', namespace: 'a' }, spec: { template: { metadata: { labels: X }, spec } } });
const told = (resource: object) => modelOf({ resource }).podEgress.find(({ pods }) => pods === 'a/x');
const egressOf = (...objects: readonly object[]) => told(stackOf(objects).resource)?.egress;

describe('names that Cilium learns from answers', () => {
  const names = { toFQDNs: [{ matchName: 'api.stripe.com' }] };
  const dns = (peer: object, rules: object = { dns: [{ matchPattern: '*' }] }) => ({ ...peer, toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules }] });
  const within = (namespace: string, labels: object = {}) => ({ toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': namespace, ...labels } }] });

  test.each<[string, object, string]>([
    ['of the cluster', within('kube-system', { 'k8s-app': 'kube-dns' }), 'allowlisted'],
    ['of its namespace', within('kube-system'), 'allowlisted'],
    ['of OpenShift', within('openshift-dns'), 'allowlisted'],
    ['by its label alone', { toEndpoints: [{ matchLabels: { 'k8s-app': 'kube-dns' } }] }, 'allowlisted'],
    ['by an expression', { toEndpoints: [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['coredns'] }] }] }, 'allowlisted'],
    ['on the node', { toEntities: ['host'] }, 'allowlisted'],
    ['at an address', { toCIDR: ['169.254.20.10/32'] }, 'allowlisted'],
    ['that is any pod of the namespace', { toEndpoints: [{}] }, 'unknown'],
    ['that is a pod of another one', within('tools', { app: 'web' }), 'unknown'],
    ['that is anything in the cluster', { toEntities: ['cluster'] }, 'unknown'],
  ])('by a resolver %s', (_, peer, expected) => expect(egressOf(workload({}), cilium({ endpointSelector: {}, egress: [names, dns(peer)] }))).toBe(expected));

  test('matter to names that are asked of DNS alone', () => {
    const handshake = { toEntities: ['world'], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['api.stripe.com'] }] };
    const everybody = dns({ toEndpoints: [{}] });
    expect([egressOf(workload({}), cilium({ endpointSelector: {}, egress: [handshake, everybody] })), egressOf(workload({}), cilium({ endpointSelector: {}, egress: [everybody] }))]).toEqual(['allowlisted', 'none']);
    // Questions that nobody looks into teach nothing.
    expect(egressOf(workload({}), cilium({ endpointSelector: {}, egress: [names, { toEndpoints: [{}], toPorts: [{ ports: [{ port: '53' }] }] }] }))).toBe('allowlisted');
  });
});

describe('root on the node', () => {
  const container = (securityContext: object, more: object = {}) => ({ containers: [{ name: 'c', securityContext, ...more }] });
  const mounted = (path: string, mount: object = {}) => ({ volumes: [{ name: 'data', emptyDir: {} }, { name: 'v', hostPath: { path } }], ...container({}, { volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }] }) });

  test.each<[string, object, string]>([
    ['of a privileged container', container({ privileged: true }), 'unknown'],
    ['of one that is not', container({ privileged: false, capabilities: { add: ['NET_ADMIN'] } }), 'none'],
    ['with the processes of the node', { hostPID: true, ...container({ capabilities: { add: ['SYS_ADMIN'] } }) }, 'unknown'],
    ['with its processes alone', { hostPID: true, ...container({}) }, 'none'],
    ['with the socket of Docker', mounted('/var/run/docker.sock'), 'unknown'],
    ['with that of containerd, to read', mounted('/run/k3s/containerd/containerd.sock', { readOnly: true }), 'unknown'],
    ['with the folder of sockets', mounted('/var/run'), 'unknown'],
    ['with the whole file system', mounted('/'), 'unknown'],
    ['with the whole file system to read', mounted('/', { readOnly: true }), 'none'],
    ['with the logs of containers', mounted('/var/lib/docker/containers'), 'none'],
  ])('%s', (_, spec, expected) => expect(egressOf(workload(spec), deny)).toBe(expected));

  test('as blocks of the provider', () => {
    const blocks = (spec: object) => told({ ...stackOf([pod('y'), deny]).resource, kubernetes_deployment_v1: { x: { metadata: [{ name: 'x', namespace: 'a' }], spec: [{ template: [{ metadata: [{ labels: X }], spec: [spec] }] }] } } })?.egress;
    expect([blocks({ container: [{ name: 'a' }, { name: 'b', security_context: [{ privileged: true }] }] }), blocks({ container: [{ name: 'a' }] })]).toEqual(['unknown', 'none']);
    expect(blocks({ container: [{ name: 'a' }], volume: [{ name: 'd', empty_dir: [{}] }, { name: 'v', host_path: [{ path: '/var/run/docker.sock' }] }] })).toBe('unknown');
  });

  test('is open where nothing closes it', () => {
    expect(egressOf(workload(container({ privileged: true })))).toBe('open');
  });
});
