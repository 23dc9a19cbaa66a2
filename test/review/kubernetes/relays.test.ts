/** Pods that policies close, and that may call a proxy which they do not close. */
import { modelOf, named, stackOf } from './policy-objects';

const workload = (name: string, namespace: string, containers: readonly object[], spec: object = {}, labels: object = {}) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { template: { metadata: { labels: { app: name, ...labels } }, spec: { containers, ...spec } } } });
const policy = (namespace: string, name: string, spec: object) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec: { podSelector: {}, ...spec } });
const cilium = (namespace: string, ...egress: readonly object[]) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'c', namespace }, spec: { endpointSelector: {}, egress } });
const within = (namespace: string, matchLabels?: object) => ({ namespaceSelector: { matchLabels: named(namespace) }, ...(matchLabels ? { podSelector: { matchLabels } } : {}) });
const calling = (namespace: string, peer: object, ports?: readonly object[]) => policy(namespace, 'calls', { policyTypes: ['Egress'], egress: [{ to: [peer], ...(ports ? { ports } : {}) }] });

const x = workload('x', 'a', [{ image: 'registry.example.com/app:1' }]);
const squid = workload('squid', 'ops', [{ image: 'docker.io/ubuntu/squid:6.6-24.04_edge', ports: [{ containerPort: 3128 }] }]);
const toOps = calling('a', within('ops'));
const closed = policy('ops', 'closed', { policyTypes: ['Egress'] });

const told = (...objects: readonly object[]) => modelOf(stackOf(objects)).podEgress;
const egressOf = (...objects: readonly object[]) => told(...objects).find(({ pods }) => pods === 'a/x')?.egress;

test.each<[string, readonly object[], string]>([
  ['may call it', [squid, toOps], 'unknown'],
  ['may call nobody', [squid, policy('a', 'deny', { policyTypes: ['Egress'] })], 'none'],
  ['may call others', [squid, calling('a', within('b'))], 'none'],
  ['may ask DNS alone', [squid, calling('a', within('kube-system'), [{ port: 53, protocol: 'UDP' }])], 'none'],
  ['are refused by it', [squid, toOps, policy('ops', 'in', { policyTypes: ['Ingress'], ingress: [{ from: [within('b')] }] })], 'none'],
  ['may call one that is closed itself', [squid, toOps, closed], 'none'],
  ['may call one that reaches what nobody knows', [squid, toOps, cilium('ops', { toGroups: [{ aws: {} }] })], 'unknown'],
  ['may call whatever is in the cluster', [squid, cilium('a', { toEntities: ['cluster'] })], 'unknown'],
  ['are open anyway', [squid], 'open'],
  ['may call one on the network of its node, by entity', [workload('squid', 'ops', [{ image: 'squid' }], { hostNetwork: true }), cilium('a', { toEntities: ['remote-node'] })], 'unknown'],
  ['may call one on the network of its node, by address', [workload('squid', 'ops', [{ image: 'squid' }], { hostNetwork: true }), calling('a', { ipBlock: { cidr: '10.0.0.0/8' } })], 'unknown'],
  ['may not call nodes', [workload('squid', 'ops', [{ image: 'squid' }], { hostNetwork: true }), toOps], 'none'],
  ['may call private addresses', [squid, calling('a', { ipBlock: { cidr: '10.0.0.0/8' } })], 'unknown'],
  ['may call private addresses on another port than it has', [squid, calling('a', { ipBlock: { cidr: '10.0.0.0/8' } }, [{ port: 5432 }])], 'none'],
  ['may call private addresses, among which Cilium takes no pods', [squid, cilium('a', { toCIDR: ['10.0.0.0/8'] })], 'none'],
  ['may call one address', [squid, calling('a', { ipBlock: { cidr: '169.254.20.10/32' } })], 'none'],
  ['may call one that calls another', [workload('gost', 'ops', [{ image: 'gogost/gost:3' }]), workload('squid', 'edge', [{ image: 'squid' }]), toOps, calling('ops', within('edge'))], 'unknown'],
  ['may call one that calls no other', [workload('gost', 'ops', [{ image: 'gogost/gost:3' }]), workload('squid', 'edge', [{ image: 'squid' }]), toOps, closed], 'none'],
])('pods that %s', (_, objects, expected) => expect(egressOf(x, ...objects)).toBe(expected));

test.each<[string, object, boolean]>([
  ['the egress gateway of a mesh', workload('istio-egressgateway', 'ops', [{ image: 'istio/proxyv2:1.24' }], {}, { istio: 'egressgateway' }), true],
  ['Envoy by its name', workload('egress-proxy', 'ops', [{ image: 'envoyproxy/envoy:v1.31' }]), true],
  ['a container beside others', workload('web', 'ops', [{ image: 'app' }, { image: 'ghcr.io/example/tinyproxy@sha256:abc' }]), true],
  ['SSH', workload('jump', 'ops', [{ image: 'linuxserver/openssh-server' }]), true],
  ['Tor', workload('t', 'ops', [{ image: 'dperson/torproxy' }]), true],
  ['an ordinary service', workload('api', 'ops', [{ image: 'example/api:1' }]), false],
  ['an ingress controller', workload('ingress-nginx-controller', 'ops', [{ image: 'registry.k8s.io/ingress-nginx/controller:v1' }]), false],
  ['what watches one', workload('squid-exporter', 'ops', [{ image: 'boynux/squid-exporter' }]), false],
  ['another product', workload('xray-daemon', 'ops', [{ image: 'amazon/aws-xray-daemon' }]), false],
  ['a database', workload('vector-db', 'ops', [{ image: 'library/vector' }]), false],
])('%s is taken for a proxy, or not', (_, object, expected) => {
  expect(egressOf(x, object, toOps)).toBe(expected ? 'unknown' : 'none');
});

test('hosts that a proxy reaches by name are told with it', () => {
  const names = cilium('ops', { toFQDNs: [{ matchName: 'api.stripe.com' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] });
  expect(told(x, squid, toOps, names).find(({ pods }) => pods === 'a/x')).toMatchObject({ egress: 'allowlisted', reached: ['api.stripe.com tcp/443 by ops/squid'], reasons: [] });
});

test('the reason names the proxy and what tells that it is one', () => {
  expect(told(x, squid, toOps).find(({ pods }) => pods === 'a/x')?.reasons).toEqual(['ops/squid forwards what others send (squid) and may call any address: whom it lets through its own configuration says']);
});

test('one that the input does not hold', () => {
  const gateway = calling('a', within('istio-system', { istio: 'egressgateway' }));
  expect(told(x, gateway).find(({ pods }) => pods === 'a/x')).toMatchObject({ egress: 'unknown', reasons: ['istio-system/istio=egressgateway forwards what others send (egressgateway), and what it may call is not in this input'] });
  expect(egressOf(x, calling('a', within('istio-system', { istio: 'ingressgateway' })))).toBe('none');
  // Where it is in the input its own policies decide.
  const known = workload('gateway', 'istio-system', [{ image: 'proxyv2' }], {}, { istio: 'egressgateway' });
  expect(egressOf(x, gateway, known, policy('istio-system', 'closed', { policyTypes: ['Egress'] }))).toBe('none');
});

test.each<[string, object, string]>([
  ['by an expression', { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: 'istio', operator: 'In', values: ['egressgateway'] }] } }, 'unknown'],
  ['not by one that leaves it out', { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: 'istio', operator: 'NotIn', values: ['egressgateway'] }] } }, 'none'],
  ['by its namespace', within('istio-egress'), 'unknown'],
  ['by the Gateway that makes it', within('mesh', { 'gateway.networking.k8s.io/gateway-name': 'egress-gateway' }), 'unknown'],
  ['not another Gateway', within('mesh', { 'gateway.networking.k8s.io/gateway-name': 'public' }), 'none'],
  ['not a namespace that only sounds like it', within('regression'), 'none'],
])('one that the input does not hold: %s', (_, peer, expected) => expect(egressOf(x, calling('a', peer))).toBe(expected));

test('a waypoint of a mesh, once hosts outside are bound to it', () => {
  const toWaypoint = calling('a', within('mesh', { 'gateway.networking.k8s.io/gateway-name': 'way' }), [{ port: 15008, protocol: 'TCP' }]);
  const entry = (labels: object, more: object = {}) => ({ apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata: { name: 'stripe', namespace: 'mesh', labels }, spec: { hosts: ['api.stripe.com'], resolution: 'DNS', ...more } });
  const bound = { 'istio.io/use-waypoint': 'way' };
  expect([[], [entry({})], [entry({ 'istio.io/use-waypoint': 'other' })], [entry(bound, { location: 'MESH_INTERNAL' })], [entry(bound)]].map((objects) => egressOf(x, toWaypoint, ...objects))).toEqual(['none', 'none', 'none', 'none', 'unknown']);
  expect(egressOf(x, toWaypoint, entry({}), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'mesh', labels: bound } })).toBe('unknown');
});

test('as blocks of the provider, with several containers', () => {
  const blocks = (image: string) => modelOf({ resource: { ...stackOf([x, toOps]).resource, kubernetes_deployment_v1: { p: { metadata: [{ name: 'p', namespace: 'ops' }], spec: [{ template: [{ metadata: [{ labels: { app: 'p' } }], spec: [{ container: [{ name: 'a', image: 'app' }, { name: 'b', image, port: [{ container_port: 8888 }] }] }] }] }] } } } }).podEgress.find(({ pods }) => pods === 'a/x')?.egress;
  expect([blocks('vimagick/tinyproxy'), blocks('example/api')]).toEqual(['unknown', 'none']);
});
