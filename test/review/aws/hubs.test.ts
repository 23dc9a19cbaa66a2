/** What the hubs of other people showed: findings that said more than the plan does. */
import { changed } from './reviewed';
import { ref } from '../sound-stack';

const found = (rule: string, edit: Parameters<typeof changed>[0]) => changed(edit).findings.filter((finding) => finding.rule === rule).map(({ address, severity }) => `${address} ${severity ?? ''}`);

test('an egress-only gateway that no route leads to is there, and lets nothing out', () => {
  const gateway = (route: boolean) => found('ipv6-egress-open', (resource) => {
    resource['aws_egress_only_internet_gateway'] = { g: { vpc_id: ref('aws_vpc', 'main') } };
    if (route) resource['aws_route'] = { g: { route_table_id: ref('aws_vpc', 'main', 'main_route_table_id'), destination_ipv6_cidr_block: '::/0', egress_only_gateway_id: ref('aws_egress_only_internet_gateway', 'g') } };
  }).filter((text) => text.startsWith('aws_egress_only'));
  expect(gateway(false)).toEqual(['aws_egress_only_internet_gateway.g low']);
  expect(gateway(true)).toEqual(['aws_egress_only_internet_gateway.g ']);
});

test('a network that inspects is no part of a mesh', () => {
  const mesh = (...spokes: readonly string[]) => found('transit-full-mesh', (resource) => {
    const attachment = (network: string) => ({ transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub'), vpc_id: ref('aws_vpc', network), subnet_ids: [] });
    resource['aws_ec2_transit_gateway'] = { hub: {} };
    for (const name of spokes) Object.assign(resource['aws_vpc']!, { [name]: { cidr_block: '10.8.0.0/16' } });
    resource['aws_ec2_transit_gateway_vpc_attachment'] = Object.fromEntries(['main', ...spokes].map((name) => [name, attachment(name)]));
  });
  expect(mesh('one')).toEqual([]);
  expect(mesh('one', 'two')).toEqual(['aws_ec2_transit_gateway.hub ']);
});
