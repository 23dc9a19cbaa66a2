/** Pods reach what the policy says and nothing else, in every cluster; each control, once removed, is missed by name. */
import { parse, stringify } from 'yaml';
import { parsePolicy } from '../../blueprints/policy/load';
import { fixture, policyOf } from '../fixtures/stacks';
import { violations } from './kubernetes/contract';
import { Evaluator } from './kubernetes/evaluator';
import { MUTATIONS } from './kubernetes/mutations';
import { cluster, CNIS_AND_CLOUDS } from './kubernetes/scenes';
import { withPods } from './random-pods';

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

describe('hosts of one environment', () => {
  const file = parse(fixture('kubernetes'));
  const [written] = file.environments;
  file.allow[0].environments = ['prod'];
  file.allow[1].environments = ['staging'];
  file.allow[4].environments = ['staging'];
  const blocks: Record<string, string> = { aws: '10.21.0.0/16', google: '10.31.0.0/16', azure: '10.41.0.0/16' };
  file.environments.push({ name: 'staging', ...Object.fromEntries(Object.entries(blocks).map(([cloud, cidr]) => [cloud, { ...written[cloud], cidr, ...(cloud === 'google' ? { project: 'acme-staging' } : {}) }])) });
  const { policy: staged } = policyOf(stringify(file));

  test.each(CNIS_AND_CLOUDS)('are reached by pods of its cluster alone, with %s on %s', (cni, cloud) => {
    const [prod, staging] = staged.environments.map((environment) => cluster(staged, cloud, cni, environment));
    expect(violations(prod!.objects, prod!.scene)).toEqual([]);
    expect(violations(staging!.objects, staging!.scene)).toEqual([]);
    const hosts = ['api.stripe.com', 'status.stripe.com', '151.101.1.69'];
    const named = (made: typeof prod) => hosts.filter((host) => JSON.stringify(made!.objects).includes(host));
    expect(named(prod).filter((host) => host !== 'api.stripe.com')).toEqual([]);
    expect(named(staging)).not.toContain('api.stripe.com');
    // Where names are filtered each of them is told, where they are not the address is.
    expect(named(staging)).toContain('151.101.1.69');
  });
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
  const POLICY = {
    organization: 'acme',
    allow: [
      { host: 'api.stripe.com', from: ['a', 'b'] }, { host: 'status.stripe.com', from: ['a'], ports: [8443, 443] }, { host: '*.docker.io', wildcard: 'shards', from: ['b'], clouds: ['aws', 'azure'] },
      { host: 'deb.debian.org', from: ['a', 'b'], protocol: 'http' }, { host: 'sftp.partner.com', from: ['b'], protocol: 'tcp', ports: [22], addresses: ['151.101.1.69', '151.101.64.0/24'] },
    ].map((rule) => ({ ...rule, owner: 'team', reason: 'why' })),
    segments: [
      { name: 'edge', tier: 'public', accepts: [{ from: 'internet', ports: [443] }] }, { name: 'a', tier: 'private' }, { name: 'b', tier: 'private', accepts: [{ from: 'edge', ports: ['8000-8100'] }] },
      { name: 'c', tier: 'private' }, { name: 'machines', tier: 'private' }, { name: 'ledger', tier: 'data', accepts: [{ from: 'a', ports: [5432] }] },
    ],
    privateServices: ['secrets', 'kubernetes', 'container-registry'],
    environments: [{
      name: 'prod', aws: { region: 'us-east-1', cidr: '10.20.0.0/16' }, google: { region: 'europe-west1', cidr: '10.30.0.0/16', project: 'acme-prod' },
      azure: { region: 'westeurope', cidr: '10.40.0.0/16', subscription: '00000000-0000-0000-0000-000000000000' },
    }],
  };

  /** Every list the other way round. */
  const reversed = (value: unknown): unknown => (Array.isArray(value) ? value.map(reversed).reverse() : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, reversed(each)])) : value);
  const loaded = (input: unknown) => {
    const result = parsePolicy(stringify(input), { file: 'egress.yaml' });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result.policy;
  };

  test.each(Array.from({ length: 12 }, (_, index) => [index, CNIS_AND_CLOUDS[index % CNIS_AND_CLOUDS.length]!] as const))('pods reach exactly whom the statements name, whatever their order (%i: %s)', (seed, [cni, cloud]) => {
    const input = withPods(POLICY, cloud, seed);
    const { objects, scene } = cluster(loaded(input), cloud, cni);
    expect(violations(objects, scene)).toEqual([]);
    expect(cluster(loaded(reversed(input)), cloud, cni).objects).toEqual(objects);
  });
});
