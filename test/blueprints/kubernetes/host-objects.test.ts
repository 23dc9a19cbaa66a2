/** Objects for pods with hosts, on GKE: how hosts are written, and whose decisions are recorded. */
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
  const callers = foreignCallers(clusterNetwork(policy, policy.environments[0]!.aws!));
  expect(callers.map(({ namespace, callee }) => `${namespace} ${callee.name}`)).toEqual(['ingress-nginx worker']);
});
