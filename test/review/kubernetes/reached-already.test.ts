/** What a change of policies lets pods call that they could call before, in other words. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

/** Pods that may call some blocks on some ports. */
function cluster(blocks: readonly object[], ports?: readonly object[]): object {
  const manifest = (each: object) => ({ manifest: each });
  return {
    kubernetes_manifest: {
      pod: manifest({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'a', labels: { app: 'x' } }, spec: { containers: [] } }),
      policy: manifest({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'n', namespace: 'a' }, spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: blocks.map((ipBlock) => ({ ipBlock })), ...(ports ? { ports } : {}) }] } }),
    },
  };
}

function opened(before: object, after: object): readonly string[] {
  const [was, is] = [before, after].map((resource) => parsePlan(JSON.stringify({ resource }), 'cdk.tf.json'));
  return (review({ inputs: [is!], base: [was!], today: TODAY }).diff?.connections ?? []).filter(({ change, internet }) => change === 'opened' && internet).map(({ to, port }) => `${to} ${port}`);
}

const ALL = { cidr: '0.0.0.0/0' };
const BUT = { cidr: '0.0.0.0/0', except: ['8.0.0.0/8'] };
const TLS = [{ protocol: 'TCP', port: 443 }];

test('a block within one that was open is nothing new, the other way round it is', () => {
  expect(opened(cluster([ALL]), cluster([BUT]))).toEqual([]);
  expect(opened(cluster([ALL]), cluster([{ cidr: '9.0.0.0/8' }]))).toEqual([]);
  expect(opened(cluster([BUT]), cluster([ALL]))).toEqual(['0.0.0.0/0 any']);
  expect(opened(cluster([BUT]), cluster([{ cidr: '8.8.0.0/16' }]))).toEqual(['8.8.0.0/16 any']);
});

test('neither is one port of all, nor a port of a range', () => {
  expect(opened(cluster([ALL]), cluster([ALL], TLS))).toEqual([]);
  expect(opened(cluster([ALL], [{ protocol: 'TCP', port: 400, endPort: 500 }]), cluster([ALL], TLS))).toEqual([]);
  expect(opened(cluster([ALL], TLS), cluster([ALL], [{ protocol: 'TCP', port: 400, endPort: 500 }]))).toEqual(['0.0.0.0/0 tcp/400-500']);
  expect(opened(cluster([ALL], TLS), cluster([ALL], [{ protocol: 'UDP', port: 443 }]))).toEqual(['0.0.0.0/0 udp/443']);
  expect(opened(cluster([ALL], TLS), cluster([ALL]))).toEqual(['0.0.0.0/0 any']);
});
