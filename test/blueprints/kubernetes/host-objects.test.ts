/** Objects for pods with hosts: how hosts are written, and whose decisions are recorded. */
import { foreignCallers } from '../../../blueprints/kubernetes/flows';
import { clusterNetwork } from '../../../blueprints/kubernetes/cluster-network';
import { cluster } from '../../contract/kubernetes/scenes';
import { fixture, policyOf } from '../../fixtures/stacks';

const text = fixture('kubernetes');
const { policy } = policyOf(text);

test('a wildcard is a pattern of FQDNNetworkPolicy, and a host a name', () => {
  const wild = policyOf(text.replace('clouds: [aws, azure], ', '').replace('wildcard: registry shards, ', 'wildcard: registry shards, clouds: [aws, google, azure], ')).policy;
  const { objects } = cluster(wild, 'google', 'dataplane-v2-fqdn');
  const matches = objects.filter(({ kind, metadata }) => kind === 'FQDNNetworkPolicy' && metadata.name === 'hosts-api').flatMap(({ spec }) => spec.egress.flatMap((rule: { matches: object[] }) => rule.matches));
  expect(matches).toContainEqual({ pattern: '*.docker.io' });
  expect(matches).toContainEqual({ name: 'api.stripe.com' });
});

test('what namespaces without hosts refuse is not recorded', () => {
  const { objects } = cluster(policy, 'google', 'dataplane-v2');
  const marked = objects.filter(({ metadata }) => Object.keys(metadata.annotations ?? {}).some((key) => key.startsWith('policy.network.gke.io/'))).map(({ metadata }) => metadata.namespace ?? metadata.name);
  expect([...new Set(marked)]).toEqual(['payments']);
});

test('callers of no namespace are no callers from a namespace that nobody closes', () => {
  const callers = foreignCallers(clusterNetwork(policy, policy.environments[0]!.name, policy.environments[0]!.aws!));
  expect(callers.map(({ namespace, callee }) => `${namespace} ${callee.name}`)).toEqual(['ingress-nginx worker']);
});

test.each([['us-east-1', 'ec2.internal'], ['eu-west-1', 'eu-west-1.compute.internal']])('in %s names are answered with the search domain %s', (region, domain) => {
  const { objects } = cluster(policyOf(text.replace('region: us-east-1', `region: ${region}`)).policy, 'aws');
  expect(JSON.stringify(objects)).toContain(`"matchName":"api.stripe.com.${domain}"`);
});

test('addresses of a gateway endpoint are those of private segments, or of the segments that it names', () => {
  const part = policy.environments[0]!.aws!;
  const ranges = ['52.216.0.0/15'];
  const rangesOf = (segments?: readonly string[]) => ['edge', 'payments', 'reporting'].filter((segment) => clusterNetwork(policy, policy.environments[0]!.name, { ...part, gatewayEndpoints: { s3: { ranges, ...(segments ? { segments } : {}) } } }).serviceCidrs(segment).includes(ranges[0]!));
  expect([rangesOf(), rangesOf(['reporting'])]).toEqual([['payments', 'reporting'], ['reporting']]);
});
