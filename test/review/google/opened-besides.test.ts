/** What a change opens of a machine of which something is not known either. */
import { parsePlan } from '../../../review/plan/load';
import type { EgressDiff } from '../../../review/result';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { asStack, type Part } from './random-networks';

const to = (name: string) => ({ ref: `google_${name}`, attr: 'id' });
const part = (type: string, name: string, values: object): Part => ({ type: `google_${type}`, name, values: { name, ...values } });
const TUNNEL = part('compute_route', 'office', { network: to('compute_network.n'), dest_range: '128.0.0.0/1', priority: 100, tags: [], next_hop_vpn_tunnel: 'projects/p/regions/r/vpnTunnels/elsewhere' });

function network(access_config: readonly object[], ...others: readonly Part[]): readonly Part[] {
  return [
    part('compute_network', 'n', { auto_create_subnetworks: false }),
    part('compute_subnetwork', 's', { network: to('compute_network.n'), region: 'r', ip_cidr_range: '10.0.0.0/24' }),
    part('compute_instance', 'app', { zone: 'r-a', network_interface: [{ subnetwork: to('compute_subnetwork.s'), access_config }], labels: { segment: 'one' } }),
    ...others,
  ];
}

function said(before: readonly Part[], after: readonly Part[]): readonly string[] {
  const [was, is] = [before, after].map((parts) => parsePlan(JSON.stringify(asStack(parts)), 'cdk.tf.json'));
  const { reach } = review({ inputs: [is!], base: [was!], today: TODAY }).diff as EgressDiff;
  return reach.filter(({ family }) => family === 4).map(({ change, what }) => `${change} ${what}`);
}

test('what becomes open to a part may let out the rest as well', () => {
  const closed = part('compute_firewall', 'f', { network: to('compute_network.n'), direction: 'EGRESS', deny: [{ protocol: 'all' }], destination_ranges: ['0.0.0.0/0'] });
  expect(said(network([{}], TUNNEL, closed), network([{}], TUNNEL))).toEqual(['became-open anything', 'became-unknown anything']);
});

// 199.36.153.4/30 and 199.36.153.8/30 are Google's own: https://cloud.google.com/vpc/docs/configure-private-google-access
test('what was open to the internet is not in doubt for the few addresses that Google keeps', () => {
  expect(said(network([{}]), network([{}], TUNNEL)).filter((each) => each.startsWith('became-unknown'))).toEqual([]);
});

test('a single address that was refused is one more', () => {
  const refused = part('compute_firewall', 'f', { network: to('compute_network.n'), direction: 'EGRESS', priority: 1, deny: [{ protocol: 'all' }], destination_ranges: ['8.8.8.8/32'] });
  expect(said(network([{}], refused), network([{}]))).toEqual(['became-open everything to 8.8.8.8/32']);
});
