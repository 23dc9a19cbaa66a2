/** Where a network is not as the address plan has it, the policies of its cluster name the addresses that it really has. */
import { parse, stringify } from 'yaml';
import { clusterNetwork } from '../../../blueprints/kubernetes/cluster-network';
import { clusterStages } from '../../../blueprints/kubernetes/manifests';
import type { Cloud } from '../../../blueprints/policy/model';
import { Evaluator, type KubernetesObject } from '../../contract/kubernetes/evaluator';
import { fixture, policyOf } from '../../fixtures/stacks';

const SEGMENTS = ['edge', 'payments', 'platform', 'reporting', 'ledger'];
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/central/providers/Microsoft.Network/virtualNetworks/given';

/** Whom the pods of the fixture reach and are reached by, with one cloud's part changed. */
function evaluator(cloud: Cloud, change: object, edit: (policy: any) => void = () => undefined): Evaluator {
  const input = parse(fixture('kubernetes'));
  const [{ [cloud]: part }] = input.environments;
  input.environments = [{ name: 'prod', [cloud]: { ...part, ...change } }];
  edit(input);
  const { policy } = policyOf(stringify(input));
  const objects = clusterStages(clusterNetwork(policy, policy.environments[0]!.name, policy.environments[0]![cloud]!)).flatMap(({ manifests }) => manifests);
  return new Evaluator(objects as unknown as KubernetesObject[]);
}

const api = { namespace: 'payments', labels: { app: 'payments', role: 'api' } };
const prometheus = { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'prometheus' } };
const tcp = (port: number) => ({ protocol: 'TCP', port }) as const;

const onAws = evaluator('aws', {
  zones: ['us-east-1a', 'us-east-1b'],
  existingNetwork: {
    vpcId: 'vpc-0a1b2c3d4e5f60718', internetGatewayId: 'igw-0a1b2c3d4e5f60718', freeCidr: '10.20.240.0/22',
    subnets: Object.fromEntries(SEGMENTS.map((segment, index) => [segment, {
      'us-east-1a': { id: `subnet-0a1b2c3d4e5f6070${index}`, cidr: `10.20.${index}.0/24` },
      'us-east-1b': { id: `subnet-0a1b2c3d4e5f6071${index}`, cidr: `10.20.${100 + index}.0/24` },
    }])),
  },
});
const onAzure = evaluator('azure', {
  spoke: {
    network: SUBSCRIPTION,
    subnets: Object.fromEntries(SEGMENTS.map((segment, index) => [segment, { id: `${SUBSCRIPTION}/subnets/${segment}`, cidr: `10.60.${index}.0/24` }])),
    privateEndpoints: { id: `${SUBSCRIPTION}/subnets/endpoints`, cidr: '10.60.200.0/24' },
  },
});

test.each<[string, Evaluator, readonly [yes: readonly string[], no: readonly string[]], string]>([
  ['a VPC that was there', onAws, [['10.20.4.9', '10.20.104.9'], ['10.20.3.9', '10.20.103.9', '10.20.52.9']], '10.20.102.9'],
  ['a spoke that was there', onAzure, [['10.60.4.9'], ['10.60.3.9', '10.40.52.9']], '10.60.2.9'],
])('%s: pods call the subnets of a segment and the API server where they are', (_, pods, [yes, no], apiServer) => {
  for (const address of yes) expect([address, pods.leaves(api, address, tcp(5432)), pods.leaves(api, address, tcp(5433))]).toEqual([address, true, false]);
  for (const address of no) expect([address, pods.leaves(api, address, tcp(5432))]).toEqual([address, false]);
  expect([pods.leaves(prometheus, apiServer, tcp(443)), pods.leaves(api, apiServer, tcp(443))]).toEqual([true, false]);
});

test('a spoke that was there: callers are its subnets, and services its endpoints, and nothing of the address plan', () => {
  expect([onAzure.enters('10.60.3.9', api, tcp(8443)), onAzure.enters('10.60.4.9', api, tcp(8443))]).toEqual([true, false]);
  expect([onAzure.leaves(api, '10.60.200.9', tcp(443)), onAzure.leaves(api, '10.40.12.9', tcp(443))]).toEqual([true, false]);
});

test('a range that was added to a segment is the segment, in the zones in use', () => {
  const pods = evaluator('aws', { zones: ['us-east-1a'], secondaryCidrs: { ledger: '100.64.0.0/16' } });
  expect([pods.leaves(api, '100.64.0.9', tcp(5432)), pods.leaves(api, '100.64.200.9', tcp(5432))]).toEqual([true, false]);
});

test("a control plane that has a block of its own is where it says", () => {
  const gke = [{ segment: 'platform', pods: '100.64.0.0/16', services: '100.65.0.0/20', controlPlane: '192.168.7.0/28' }];
  const pods = evaluator('google', { gke }, (policy) => { policy.privateServices.push('container-registry', 'logs'); });
  expect([pods.leaves(prometheus, '192.168.7.2', tcp(443)), pods.leaves(prometheus, '10.30.12.2', tcp(443))]).toEqual([true, false]);
});

test('hosts of pods may be spelled as people spell them', () => {
  const pods = evaluator('aws', {}, (policy) => { policy.segments[1].pods[0].hosts = ['API.Stripe.com.', 'status.stripe.com']; });
  expect(['api.stripe.com', 'status.stripe.com', 'deb.debian.org'].map((host) => pods.reachesHost(api, host, tcp(443)))).toEqual([true, true, false]);
});
