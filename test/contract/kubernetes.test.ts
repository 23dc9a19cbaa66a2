/** Pods reach what the policy says and nothing else, in every cluster; each control, once removed, is missed by name. */
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { parsePolicy } from '../../blueprints/policy/load';
import { fixture, policyOf } from '../fixtures/stacks';
import { violations } from './kubernetes/contract';
import { Evaluator } from './kubernetes/evaluator';
import { MUTATIONS } from './kubernetes/mutations';
import { cluster, CNIS_AND_CLOUDS } from './kubernetes/scenes';

const { policy } = policyOf(fixture('kubernetes'));

test.each(CNIS_AND_CLOUDS)('with %s on %s, pods reach what the policy says', (cni, cloud) => {
  const { objects, scene } = cluster(policy, cloud, cni);
  expect(violations(objects, scene)).toEqual([]);
});

test.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))('caught: %s', (_, { cloud, cni, mutate, missed }) => {
  const { objects, scene } = cluster(policy, cloud, cni);
  const before = JSON.stringify(objects);
  mutate(objects);
  expect(JSON.stringify(objects)).not.toEqual(before);
  expect(violations(objects, scene).filter((name) => name.startsWith(missed))).not.toEqual([]);
});

describe('the probes of the lesson: payments takes 8443 from the gateway and scraping, and nothing else', () => {
  const evaluator = new Evaluator(cluster(policy, 'aws').objects);
  const api = { namespace: 'payments', labels: { app: 'payments', role: 'api' } };
  const gateway = { namespace: 'api-gateway', labels: { app: 'gateway' } };
  const prometheus = { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'prometheus' } };
  const tcp = (port: number) => ({ protocol: 'TCP', port }) as const;

  test.each<[string, any, any, number, boolean]>([
    ['the gateway on 8443', gateway, api, 8443, true],
    ['the gateway on 9090', gateway, api, 9090, false],
    ['the gateway on 22', gateway, api, 22, false],
    ['prometheus on 9090', prometheus, api, 9090, true],
    ['prometheus on 8443', prometheus, api, 8443, false],
    ['other pods of monitoring on 9090', { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'loki' } }, api, 9090, false],
    ['pods with the labels of prometheus elsewhere', { ...prometheus, namespace: 'default' }, api, 9090, false],
    ['the api to the gateway', api, gateway, 443, false],
    ['the internet to the gateway', '8.8.8.8', gateway, 443, true],
    ['the internet to the api', '8.8.8.8', api, 8443, false],
    ['the api to a public address', api, '8.8.8.8', 443, false],
    ['the api to metadata', api, '169.254.169.254', 80, false],
  ])('%s', (_, from, to, port, expected) => {
    expect(evaluator.reaches(from, to, tcp(port))).toBe(expected);
  });

  test.each([
    ['api.stripe.com', 443, true], ['api.stripe.com', 80, false], ['evil.api.stripe.com', 443, false], ['stripe.com', 443, false],
    ['auth.docker.io', 443, true], ['a.b.docker.io', 443, true], ['docker.io', 443, false], ['notdocker.io', 443, false],
    ['deb.debian.org', 80, true], ['deb.debian.org', 443, false],
  ])('the api to %s on %i: %s', (name, port, expected) => {
    expect(evaluator.reachesHost(api, name, tcp(port))).toBe(expected);
  });
});

test('pods that call a service reach what the gateway endpoints of their segment serve, and nothing beside it', () => {
  const [environment, ...more] = policy.environments;
  const gatewayEndpoints = { s3: { ranges: ['52.216.0.0/15'], segments: ['payments'] }, dynamodb: { ranges: ['52.94.0.0/22'], segments: ['platform'] } };
  const served = { ...policy, environments: [{ ...environment!, aws: { ...environment!.aws!, gatewayEndpoints } }, ...more] };
  const evaluator = new Evaluator(cluster(served, 'aws', 'cilium').objects);
  const api = { namespace: 'payments', labels: { app: 'payments', role: 'api' } };
  const worker = { namespace: 'payments', labels: { app: 'payments', role: 'worker' } };
  const reaches = (from: typeof api, to: string, port = 443) => evaluator.reaches(from, to, { protocol: 'TCP', port });
  expect([reaches(api, '52.217.1.1'), reaches(api, '52.217.1.1', 22), reaches(api, '52.94.1.1'), reaches(worker, '52.217.1.1')]).toEqual([true, false, false, false]);
  expect(new Evaluator(cluster(policy, 'aws', 'cilium').objects).reaches(api, '52.217.1.1', { protocol: 'TCP', port: 443 })).toBe(false);
});

describe('whatever the policy', () => {
  const NAMES = ['a', 'b', 'c'];
  const PORTS = [443, 8080];
  const caller = fc.oneof(
    fc.record({ segment: fc.constantFrom(...NAMES, 'machines') }),
    fc.record({ pods: fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom('one', 'two')).map(([segment, pods]) => `ns-${segment}/${pods}`) }),
    fc.record({ namespace: fc.constantFrom(...NAMES.map((name) => `ns-${name}`), 'foreign') }),
  );
  const accepts = fc.array(fc.record({
    from: caller,
    ports: fc.uniqueArray(fc.constantFrom(...PORTS), { minLength: 1 }),
    protocol: fc.constantFrom('tcp', 'udp'),
  }), { maxLength: 4 });
  /** Every segment accepts every other, so that only the pods decide. */
  const openNetwork = [...NAMES, 'machines'].flatMap((from) => ['tcp', 'udp'].map((protocol) => ({ from, protocol, ports: [53, 10250, ...PORTS] })));
  const policies = fc.tuple(...NAMES.map(() => fc.tuple(accepts, accepts))).map((all) => ({
    organization: 'acme',
    segments: [
      ...NAMES.map((name, index) => ({
        name,
        tier: 'private',
        accepts: openNetwork,
        pods: ['one', 'two'].map((pods, which) => ({ name: pods, namespace: `ns-${name}`, labels: { app: pods }, accepts: all[index]![which] })),
      })),
      { name: 'machines', tier: 'private' },
    ],
    environments: [{ name: 'prod', aws: { region: 'us-east-1', cidr: '10.20.0.0/16', cluster: { cni: 'vpc-cni', system: 'a' } } }],
  }));

  test('pods reach exactly whom the statements name, whatever their order', () => {
    fc.assert(fc.property(policies, (input) => {
      const loaded = parsePolicy(stringify(input), { file: 'egress.yaml' });
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
      const { objects, scene } = cluster(loaded.policy, 'aws');
      expect(violations(objects, scene)).toEqual([]);
      const shuffled = { ...input, segments: [...input.segments].reverse().map((segment) => ('pods' in segment ? { ...segment, pods: [...segment.pods].reverse().map((pods) => ({ ...pods, accepts: [...pods.accepts!].reverse() })) } : segment)) };
      const again = parsePolicy(stringify(shuffled), { file: 'egress.yaml' });
      expect(again.ok && cluster(again.policy, 'aws').objects).toEqual(objects);
    }), { numRuns: 20 });
  });
});
