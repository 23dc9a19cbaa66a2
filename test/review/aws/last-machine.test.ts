/** The last machine of a subnet goes, and the subnet stands in for what may come: that opens no more than the machine did. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { diffLines } from '../../fixtures/segment-verdicts';
import { TODAY } from '../../fixtures/stacks';
import type { Resources } from '../as-plan';
import { changePlan } from '../change-plan';
import { line, ref, WORLD } from '../sound-stack';

const vpc_id = ref('aws_vpc', 'main');
const HTTPS = line({ cidr_blocks: [WORLD] });

function network(egress: readonly object[], machines: Readonly<Record<string, object>>): Resources {
  return {
    aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
    aws_internet_gateway: { main: { vpc_id } },
    aws_subnet: { app: { vpc_id, cidr_block: '10.0.1.0/24', map_public_ip_on_launch: true } },
    aws_route_table: { app: { vpc_id, route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }] } },
    aws_route_table_association: { app: { subnet_id: ref('aws_subnet', 'app'), route_table_id: ref('aws_route_table', 'app') } },
    aws_security_group: { app: { vpc_id, ingress: [], egress } },
    aws_instance: machines,
  } as Resources;
}
const machine = { subnet_id: ref('aws_subnet', 'app'), vpc_security_group_ids: [ref('aws_security_group', 'app')], associate_public_ip_address: true };
const told = (before: Resources, after: Resources) => diffLines(review({ inputs: [parsePlan(JSON.stringify(changePlan(before, after)), 'plan.json')], today: TODAY }))?.filter((each) => each.startsWith('became-'));

test('nothing opens where it let out the same, or more', () => {
  expect(told(network([HTTPS], { app: machine }), network([HTTPS], {}))).toEqual([]);
  expect(told(network([line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD] })], { app: machine }), network([HTTPS], {}))).toEqual([]);
});

test('what it did not let out opens', () => {
  expect(told(network([HTTPS], { app: machine }), network([HTTPS, line({ from_port: 22, to_port: 22, cidr_blocks: [WORLD] })], {}))).toEqual([expect.stringMatching(/^became-open aws_subnet\.app .*tcp\/22/)]);
  expect(told(network([], { app: machine }), network([HTTPS], {}))).toEqual([expect.stringMatching(/^became-open aws_subnet\.app /)]);
});

test('and so does a subnet in which nothing stood', () => {
  expect(told(network([HTTPS], {}), { ...network([HTTPS], {}), aws_subnet: { ...network([HTTPS], {}).aws_subnet, more: { vpc_id, cidr_block: '10.0.2.0/24', map_public_ip_on_launch: true } }, aws_route_table_association: { ...network([HTTPS], {}).aws_route_table_association, more: { subnet_id: ref('aws_subnet', 'more'), route_table_id: ref('aws_route_table', 'app') } } } as Resources))
    .toEqual([expect.stringMatching(/^became-open aws_subnet\.more /)]);
});
