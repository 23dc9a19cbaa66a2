import { addressesOfType, independentOf } from './stack-order';

const STACK = {
  resource: {
    aws_vpc: { net: { cidr_block: '10.0.0.0/16' } },
    aws_subnet: { wall: { vpc_id: '${aws_vpc.net.id}' } },
    aws_firewall: { wall: { subnet_id: '${aws_subnet.wall.id}', tags: { Name: 'acme.net' } } },
    aws_route_table: {
      open: { route: [{ gateway_id: '${one([for s in aws_firewall.wall.status[0].states : s.id if s.zone == "a"])}' }] },
      closed: { vpc_id: '${aws_vpc.net.id}' },
    },
    aws_association: { 'open-a': { table: '${aws_route_table.open.id}' }, closed: { table: '${aws_route_table.closed.id}' } },
    aws_log: { late: { depends_on: ['aws_association.open-a'] }, read: { group: '${data.aws_groups.found.ids}' } },
  },
  data: { aws_groups: { found: { filter: [{ values: ['${aws_firewall.wall.arn}'] }] } } },
};

test('what needs the firewall waits for it, through tables, depends_on and data sources; the rest does not', () => {
  expect(independentOf(STACK, 'aws_firewall.wall')).toEqual(['aws_association.closed', 'aws_route_table.closed', 'aws_subnet.wall', 'aws_vpc.net']);
});

test('everything needs the network', () => {
  expect(independentOf(STACK, 'aws_vpc.net')).toEqual([]);
});

test('an address is found by its type', () => {
  expect(addressesOfType(STACK, 'aws_route_table')).toEqual(['aws_route_table.closed', 'aws_route_table.open']);
  expect(addressesOfType(STACK, 'aws_nothing')).toEqual([]);
});
