/** What `npm start` says of a cluster: both sides of each conversation, from one statement. */
import { clusterNetwork } from '../../../blueprints/kubernetes/cluster-network';
import { podTable } from '../../../blueprints/kubernetes/pod-table';
import { fixture, policyOf } from '../../fixtures/stacks';

const { policy } = policyOf(fixture('example'));

test('the example: who accepts whom, and the same call in the row of the caller', () => {
  const environment = policy.environments[0]!;
  const part = (environment.aws ?? environment.google ?? environment.azure)!;
  const rows = Object.fromEntries(podTable(clusterNetwork(policy, policy.environments[0]!.name, part)).map((row) => [row.pods, row]));
  expect(rows['payments/api']).toMatchObject({
    accepts: ['api-gateway/* tcp/8443', 'monitoring/prometheus tcp/9090'],
    calls: ['segment ledger tcp/5432'],
    hosts: ['api.stripe.com:443'],
  });
  expect(rows['api-gateway/gateway']).toMatchObject({ calls: ['payments/api tcp/8443'], hosts: [] });
  expect(rows['monitoring/prometheus']).toMatchObject({ accepts: [], calls: ['payments/api tcp/9090', 'API server tcp/443'] });
});
