/** What a data source finds during the apply may be anything in the plan, and what another resource stands for is that. */
import { review } from './reviewed';
import { entry, line, ref, soundStack, WORLD, type Stack } from '../sound-stack';

type Resources = Stack['resource'];
type Edit = (resource: Resources, stack: Stack) => void;

const ALL = { protocol: '-1', from_port: 0, to_port: 0 };
const found = (type: string, path: string, body: object = {}): [string, Edit] => [`\${data.${type}.found.${path}}`, (_, stack) => void (stack.data = { [type]: { found: body } })];
const natted = { cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'main') };

/** A network whose groups and ACLs stop nothing; the vault has no way out. */
function reviewed(...edits: readonly Edit[]) {
  const stack = soundStack();
  const { resource } = stack;
  for (const name of ['app', 'vault']) resource.aws_security_group![name]!.egress = [line({ ...ALL, cidr_blocks: [WORLD] })];
  for (const acl of Object.values(resource.aws_network_acl!)) acl.egress = [entry(ALL)];
  edits.forEach((edit) => edit(resource, stack));
  const { at, findings } = review(stack);
  const told = findings.filter(({ rule }) => rule === 'way-out-elsewhere').map(({ message }) => message);
  return { app: at('aws_instance.app').kind, vault: at('aws_instance.vault').kind, told };
}

test('without any of it', () => {
  expect(reviewed()).toEqual({ app: 'allowlisted', vault: 'none', told: [] });
});

describe('routes of a network', () => {
  test('a table for a subnet that is found', () => {
    const [subnet_id, data] = found('aws_subnets', 'ids[0]');
    const give: Edit = (resource) => void (resource.aws_route_table_association!.more = { subnet_id, route_table_id: ref('aws_route_table', 'firewall') });
    // A subnet with a table of its own takes no other.
    expect(reviewed(data, give)).toMatchObject({ app: 'allowlisted', vault: 'none' });
    expect(reviewed(data, give, (resource) => delete resource.aws_route_table_association!.vault)).toMatchObject({ app: 'allowlisted', vault: 'unknown' });
  });

  test('a main table for a network that is found, or is elsewhere', () => {
    const [vpc_id, data] = found('aws_vpcs', 'ids[0]');
    const give = (id: string): Edit => (resource) => {
      delete resource.aws_route_table_association!.vault;
      resource.aws_main_route_table_association = { more: { vpc_id: id, route_table_id: ref('aws_route_table', 'firewall') } };
    };
    expect(reviewed(data, give(vpc_id))).toMatchObject({ vault: 'unknown' });
    expect(reviewed(give('vpc-1'))).toMatchObject({ vault: 'none', told: ['aws_main_route_table_association.more gives every subnet of vpc-1, which is not in the plan, a table that leads 0.0.0.0/0 to aws_nat_gateway.main unless it has its own'] });
  });

  test('an ACL that is found, or is the network\'s own, in place of another', () => {
    const closed: Edit = (resource) => {
      resource.aws_network_acl!.vault!.egress = [];
      resource.aws_route_table!.vault!.route = [natted];
    };
    const give = (network_acl_id: string): Edit => (resource) => void (resource.aws_network_acl_association = { more: { subnet_id: ref('aws_subnet', 'vault'), network_acl_id } });
    const [id, data] = found('aws_network_acls', 'ids[0]');
    expect(reviewed(closed)).toMatchObject({ vault: 'none' });
    expect(reviewed(closed, data, give(id))).toMatchObject({ vault: 'unknown' });
    expect(reviewed(closed, give(ref('aws_network_acl', 'app')))).toMatchObject({ vault: 'open' });
    expect(reviewed(closed, give(ref('aws_vpc', 'main', 'default_network_acl_id')))).toMatchObject({ vault: 'none' });
    expect(reviewed(closed, give(ref('aws_vpc', 'main', 'default_network_acl_id')), (resource) => delete resource.aws_default_network_acl)).toMatchObject({ vault: 'unknown' });
  });

  test('a list that names longer prefixes than the route to everything', () => {
    const endpoint: Edit = (resource) => {
      resource.aws_ec2_managed_prefix_list = { halves: { name: 'halves', max_entries: 2, address_family: 'IPv4', entry: [{ cidr: '0.0.0.0/1' }, { cidr: '128.0.0.0/1' }] } };
      const [inspected] = resource.aws_route_table!.app!.route;
      resource.aws_route_table!.app!.route = [natted, { ...inspected, cidr_block: undefined, destination_prefix_list_id: ref('aws_ec2_managed_prefix_list', 'halves') }];
    };
    expect(reviewed(endpoint)).toMatchObject({ app: 'unknown' });
    expect(reviewed(endpoint, (resource) => void resource.aws_route_table!.app!.route.shift())).toMatchObject({ app: 'allowlisted' });
  });
});

describe('what is found by the attribute of one thing, and not as one of a list', () => {
  const [vpc_id, network] = found('aws_vpc', 'id', { tags: { name: '${aws_vpc.main.arn}' } });
  const withoutTable: Edit = (resource) => void delete resource.aws_route_table_association!.vault;

  test('a main table', () => {
    const give: Edit = (resource) => void (resource.aws_main_route_table_association = { more: { vpc_id, route_table_id: ref('aws_route_table', 'firewall') } });
    expect(reviewed(network, give, withoutTable)).toMatchObject({ vault: 'unknown' });
    expect(reviewed(network, give)).toMatchObject({ vault: 'none' });
  });

  test('a network\'s own table', () => {
    const give = (route: readonly object[]): Edit => (resource) => {
      withoutTable(resource, soundStack());
      resource.aws_default_route_table = { more: { default_route_table_id: '${data.aws_vpc.found.main_route_table_id}', route } };
    };
    expect(reviewed(network, give([natted]))).toMatchObject({ vault: 'unknown' });
    expect(reviewed(network, give([]))).toMatchObject({ vault: 'none' });
  });

  test('a table that hears of routes', () => {
    const [route_table_id, data] = found('aws_route_table', 'id', { tags: { name: 'vault' } });
    const give = (id: string): Edit => (resource) => {
      resource.aws_vpn_gateway = { more: { vpc_id: ref('aws_vpc', 'main') } };
      resource.aws_vpn_gateway_route_propagation = { more: { vpn_gateway_id: ref('aws_vpn_gateway', 'more'), route_table_id: id } };
    };
    expect(reviewed(data, give(route_table_id))).toMatchObject({ vault: 'unknown' });
    expect(reviewed(give(ref('aws_route_table', 'nat')))).toMatchObject({ vault: 'none' });
  });

  test.each<[string, string, (subnet: string, acl: string) => Edit]>([
    ['one subnet for an ACL', 'ids[0]', (subnet_id, network_acl_id) => (resource) => void (resource.aws_network_acl_association = { more: { subnet_id, network_acl_id } })],
    ['all subnets for an ACL', 'ids', (subnets, acl) => (resource) => void (resource.aws_network_acl![/\.(\w+)\.id/.exec(acl)![1]!]!.subnet_ids = subnets)],
  ])('%s', (_, path, give) => {
    const [subnets, data] = found('aws_subnets', path);
    const closed = (more: readonly object[]): Edit => (resource) => {
      resource.aws_network_acl!.vault!.egress = [];
      resource.aws_route_table!.vault!.route = [natted];
      resource.aws_network_acl!.more = { vpc_id: ref('aws_vpc', 'main'), ingress: [], egress: more };
    };
    expect(reviewed(data, closed([entry(ALL)]), give(subnets, ref('aws_network_acl', 'more')))).toMatchObject({ vault: 'unknown' });
    expect(reviewed(data, closed([]), give(subnets, ref('aws_network_acl', 'more')))).toMatchObject({ vault: 'none' });
    expect(reviewed(data, closed([entry(ALL)]), (resource) => void (resource.aws_network_acl!.more!.subnet_ids = [ref('aws_subnet', 'app')]))).toMatchObject({ vault: 'none' });
  });

  test('a list of addresses for an entry', () => {
    const [prefix_list_id, data] = found('aws_ec2_managed_prefix_list', 'id', { filter: [{ name: 'owner-id', values: ['${aws_vpc.main.owner_id}'] }] });
    const give = (id: string): Edit => (resource) => {
      resource.aws_ec2_managed_prefix_list = { own: { name: 'own', max_entries: 2, address_family: 'IPv4', entry: [{ cidr: '10.0.0.0/8' }] }, more: { name: 'more', max_entries: 2, address_family: 'IPv4' } };
      resource.aws_ec2_managed_prefix_list_entry = { more: { cidr: WORLD, prefix_list_id: id } };
      resource.aws_security_group!.vault!.egress = [line({ ...ALL, prefix_list_ids: [ref('aws_ec2_managed_prefix_list', 'own')] })];
      resource.aws_route_table!.vault!.route = [natted];
    };
    expect(reviewed(data, give(prefix_list_id))).toMatchObject({ vault: 'unknown' });
    expect(reviewed(give(ref('aws_ec2_managed_prefix_list', 'more')))).toMatchObject({ vault: 'none' });
  });

  test('a network that an exclusion of blocked public access is for', () => {
    const blocked: Edit = (resource) => {
      resource.aws_route_table!.vault!.route = [natted];
      resource.aws_vpc_block_public_access_options = { all: { internet_gateway_block_mode: 'block-bidirectional' } };
    };
    const give: Edit = (resource) => void (resource.aws_vpc_block_public_access_exclusion = { more: { vpc_id, internet_gateway_exclusion_mode: 'allow-bidirectional' } });
    expect(reviewed(blocked)).toMatchObject({ vault: 'none' });
    expect(reviewed(network, blocked, give)).toMatchObject({ vault: 'open' });
  });

  test.each([['aws_network_interface', 'id'], ['aws_instance', 'network_interface_id']])('a machine that is given another group, by data.%s', (type, path) => {
    const [network_interface_id, data] = found(type, path, { filter: [{ name: 'tag:name', values: ['vault'] }] });
    const give = (id: string, group: string): Edit => (resource) => {
      resource.aws_security_group!.vault!.egress = [];
      resource.aws_route_table!.vault!.route = [natted];
      resource.aws_network_interface_sg_attachment = { more: { network_interface_id: id, security_group_id: ref('aws_security_group', group) } };
    };
    expect(reviewed(data, give(network_interface_id, 'app'))).toMatchObject({ vault: 'unknown' });
    expect(reviewed(data, give(network_interface_id, 'vault'))).toMatchObject({ vault: 'none' });
    expect(reviewed(give(ref('aws_instance', 'app', 'primary_network_interface_id'), 'app'))).toMatchObject({ vault: 'none' });
    // AWS refuses groups of another network.
    expect(reviewed(data, give(network_interface_id, 'app'), (resource) => {
      resource.aws_vpc!.other = { cidr_block: '10.9.0.0/16' };
      resource.aws_security_group!.other = { vpc_id: ref('aws_vpc', 'other'), egress: [line({ ...ALL, cidr_blocks: [WORLD] })] };
      resource.aws_network_interface_sg_attachment!.more!.security_group_id = ref('aws_security_group', 'other');
    })).toMatchObject({ vault: 'none' });
  });
});

test('a public address for an instance that is found, or is elsewhere', () => {
  const direct: Edit = (resource) => void (resource.aws_route_table!.app!.route = [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }]);
  const give = (instance: string): Edit => (resource) => void (resource.aws_eip!.more = { instance });
  const [id, data] = found('aws_instances', 'ids[0]');
  expect(reviewed(direct)).toMatchObject({ app: 'none' });
  expect(reviewed(direct, data, give(id))).toMatchObject({ app: 'unknown', vault: 'none' });
  expect(reviewed(direct, give('i-1'))).toMatchObject({ app: 'none', told: ['aws_eip.more gives i-1, which is not in the plan, a public address'] });
  expect(reviewed(direct, give(ref('aws_instance', 'app')))).toMatchObject({ app: 'open', told: [] });
});

describe('transit gateways', () => {
  const attachment = (name: string) => ref('aws_ec2_transit_gateway_vpc_attachment', name);
  const accepter = (name: string) => ref('aws_ec2_transit_gateway_vpc_attachment_accepter', name);
  /** The application leaves by a hub that has a NAT gateway and no firewall. */
  const hub = (associated: string, target: string, table = ref('aws_ec2_transit_gateway_route_table', 'own')): Edit => (resource) => {
    const vpc_id = ref('aws_vpc', 'hub');
    const transit_gateway_id = ref('aws_ec2_transit_gateway', 'main');
    resource.aws_vpc!.hub = { cidr_block: '10.5.0.0/16' };
    resource.aws_subnet!.hub = { vpc_id, cidr_block: '10.5.1.0/24', availability_zone: 'us-east-1a' };
    resource.aws_nat_gateway!.hub = { subnet_id: ref('aws_subnet', 'nat') };
    resource.aws_route_table!.hub = { vpc_id, route: [{ cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'hub') }] };
    resource.aws_route_table_association!.hub = { subnet_id: ref('aws_subnet', 'hub'), route_table_id: ref('aws_route_table', 'hub') };
    resource.aws_ec2_transit_gateway = { main: {} };
    resource.aws_ec2_transit_gateway_vpc_attachment = { app: { transit_gateway_id, vpc_id: ref('aws_vpc', 'main'), subnet_ids: [ref('aws_subnet', 'vault')] }, hub: { transit_gateway_id, vpc_id, subnet_ids: [ref('aws_subnet', 'hub')] } };
    resource.aws_ec2_transit_gateway_vpc_attachment_accepter = { app: { transit_gateway_attachment_id: attachment('app') }, hub: { transit_gateway_attachment_id: attachment('hub') } };
    resource.aws_ec2_transit_gateway_route_table = { own: { transit_gateway_id } };
    resource.aws_ec2_transit_gateway_route_table_association = { app: { transit_gateway_attachment_id: associated, transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', 'own') } };
    resource.aws_ec2_transit_gateway_route = { out: { destination_cidr_block: WORLD, transit_gateway_attachment_id: target, transit_gateway_route_table_id: table } };
    resource.aws_route_table!.app!.route = [{ cidr_block: WORLD, transit_gateway_id }];
  };

  test.each([
    ['the attachments themselves', attachment('app'), attachment('hub')],
    ['an attachment as the other account accepts it, which is associated', accepter('app'), attachment('hub')],
    ['an attachment as the other account accepts it, to which a route leads', attachment('app'), accepter('hub')],
  ])('%s', (_, associated, target) => {
    expect(reviewed(hub(associated, target))).toMatchObject({ app: 'open' });
  });

  test('an association of an attachment that is found', () => {
    const [id, data] = found('aws_ec2_transit_gateway_vpc_attachment', 'id');
    expect(reviewed(data, hub(id, attachment('hub')))).toMatchObject({ app: 'unknown' });
  });

  test('a route of a table that is found', () => {
    const [id, data] = found('aws_ec2_transit_gateway_route_table', 'id');
    expect(reviewed(data, hub(attachment('app'), attachment('hub'), id))).toMatchObject({ app: 'unknown' });
    expect(reviewed(data, hub(attachment('app'), attachment('hub'), id), (resource) => void (resource.aws_ec2_transit_gateway_route!.out!.blackhole = true))).toMatchObject({ app: 'none' });
  });

  test('a table that is found, to which a VPN announces', () => {
    const [id, data] = found('aws_ec2_transit_gateway_route_table', 'id');
    const announced = (transit_gateway_route_table_id: string): Edit => (resource) => {
      hub(attachment('app'), attachment('hub'), ref('aws_ec2_transit_gateway_route_table', 'more'))(resource, soundStack());
      resource.aws_ec2_transit_gateway_route_table!.more = { transit_gateway_id: ref('aws_ec2_transit_gateway', 'main') };
      resource.aws_ec2_transit_gateway!.main = { default_route_table_association: 'disable', default_route_table_propagation: 'disable' };
      resource.aws_vpn_connection = { more: { customer_gateway_id: 'cgw-1', type: 'ipsec.1', transit_gateway_id: ref('aws_ec2_transit_gateway', 'main') } };
      resource.aws_ec2_transit_gateway_route_table_propagation = { more: { transit_gateway_attachment_id: ref('aws_vpn_connection', 'more', 'transit_gateway_attachment_id'), transit_gateway_route_table_id } };
    };
    expect(reviewed(data, announced(id))).toMatchObject({ app: 'unknown' });
    expect(reviewed(announced(ref('aws_ec2_transit_gateway_route_table', 'more')))).toMatchObject({ app: 'none' });
  });
});

describe('default tables of a transit gateway that somebody changes', () => {
  const transit_gateway_id = ref('aws_ec2_transit_gateway', 'main');
  const ATTACHMENT = 'aws_ec2_transit_gateway_vpc_attachment';
  const said = (kind: string) => `aws_ec2_transit_gateway_default_route_table_${kind}`;
  /** The application follows the new table, which has no routes; that of AWS has what is given. */
  const changedDefault = (give: Edit, more: object, options: object = {}): Edit => (resource) => {
    resource.aws_ec2_transit_gateway = { main: options };
    resource[ATTACHMENT] = { app: { transit_gateway_id, vpc_id: ref('aws_vpc', 'main'), subnet_ids: [ref('aws_subnet', 'vault')], ...more } };
    resource.aws_ec2_transit_gateway_route_table = { new: { transit_gateway_id } };
    for (const kind of ['association', 'propagation']) resource[said(kind)] = { new: { transit_gateway_id, transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', 'new') } };
    resource.aws_route_table!.app!.route = [{ cidr_block: WORLD, transit_gateway_id }];
    give(resource, soundStack());
  };
  const after = (kind: string) => ({ depends_on: [`${said(kind)}.new`] });
  const route: Edit = (resource) => void (resource.aws_ec2_transit_gateway_route = { out: { destination_cidr_block: WORLD, transit_gateway_attachment_id: 'tgw-attach-1', transit_gateway_route_table_id: ref('aws_ec2_transit_gateway', 'main', 'association_default_route_table_id') } });
  const vpn = (more: object): Edit => (resource) => void (resource.aws_vpn_connection = { more: { customer_gateway_id: 'cgw-1', type: 'ipsec.1', transit_gateway_id, ...more } });

  test('hold for attachments that come later', () => {
    expect(reviewed(changedDefault(route, {}))).toMatchObject({ app: 'unknown' });
    expect(reviewed(changedDefault(route, after('association')))).toMatchObject({ app: 'none' });
    expect(reviewed(changedDefault(route, { transit_gateway_default_route_table_association: false }, {}))).toMatchObject({ app: 'unknown' });
    expect(reviewed(changedDefault(() => undefined, {}))).toMatchObject({ app: 'none' });
    // Where AWS makes none there is no other.
    expect(reviewed(changedDefault(route, {}, { default_route_table_association: 'disable' }))).toMatchObject({ app: 'none' });
  });

  test('and for what these announce', () => {
    const associated = (more: object): Edit => (resource) => {
      vpn(more)(resource, soundStack());
      delete resource[said('association')];
    };
    expect(reviewed(changedDefault(associated({}), {}))).toMatchObject({ app: 'unknown' });
    expect(reviewed(changedDefault(associated(after('propagation')), {}))).toMatchObject({ app: 'none' });
    expect(reviewed(changedDefault(associated({}), {}, { default_route_table_propagation: 'disable' }))).toMatchObject({ app: 'none' });
  });
});
