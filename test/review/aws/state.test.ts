/** An applied state: no configuration, and ids that join everything. */
import { review } from './reviewed';
import { soundStack } from '../sound-stack';

const idOf = (type: string, name: string) => `${type}-${name}`;

/** What references and expressions became. */
function applied(value: any): any {
  if (typeof value === 'string') {
    const zone = /availability_zone == "([^"]+)"/.exec(value)?.[1];
    if (zone) return `vpce-${zone}`;
    return value.replace(/^\$\{(\w+)\.([\w-]+)\.(\w+)\}$/, (_, type: string, name: string, attribute: string) => (attribute === 'id' ? idOf(type, name) : attribute === 'name' ? name : `${attribute}:${idOf(type, name)}`));
  }
  if (Array.isArray(value)) return value.map(applied);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, applied(item)]));
}

function stateOf(edit: (resource: Record<string, Record<string, any>>) => void = () => undefined) {
  const { resource } = soundStack();
  edit(resource);
  const vpc = idOf('aws_vpc', 'main');
  const extra: Record<string, object> = {
    aws_vpc: Object.fromEntries(['default_network_acl_id', 'default_route_table_id', 'main_route_table_id', 'default_security_group_id'].map((name) => [name, `${name}:${vpc}`])),
    aws_default_network_acl: { id: `default_network_acl_id:${vpc}`, vpc_id: vpc },
    aws_default_route_table: { id: `default_route_table_id:${vpc}`, vpc_id: vpc },
    aws_networkfirewall_firewall: { firewall_status: [{ sync_states: [{ availability_zone: 'us-east-1a', attachment: [{ endpoint_id: 'vpce-us-east-1a', subnet_id: idOf('aws_subnet', 'firewall') }] }] }] },
  };
  const resources = Object.entries(resource).flatMap(([type, named]) => Object.entries(named).map(([name, body]) => ({
    address: `${type}.${name}`, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/aws', sensitive_values: {},
    values: { id: idOf(type, name), arn: `arn:${idOf(type, name)}`, ...blocks(applied(body)), ...extra[type] },
  })));
  return { format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources } } };
}

/** A state has nested blocks as lists. */
function blocks(body: any): any {
  const nested = ['rule_group', 'firewall_policy', 'logging_configuration', 'metadata_options', 'rules_source', 'stateful_rule_options', 'stateful_engine_options', 'policy_variables', 'ip_set'];
  if (Array.isArray(body)) return body.map(blocks);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([key, item]) => [key, nested.includes(key) ? [blocks(item)] : blocks(item)]));
}

test('the same verdicts as from the plan, and no finding', () => {
  const reviewed = review(stateOf());
  expect(reviewed.findings).toEqual([]);
  expect(reviewed.at('aws_instance.app')).toMatchObject({ kind: 'allowlisted', hosts: [{ host: 'api.example.com', ports: [443] }] });
  expect(reviewed.at('aws_instance.vault')).toMatchObject({ kind: 'none' });
});

test('AWS reads a route to a firewall endpoint back as one to a gateway', () => {
  const reviewed = review(stateOf((resource) => {
    for (const table of Object.values(resource.aws_route_table!)) {
      for (const route of table.route) {
        if (route.vpc_endpoint_id) route.gateway_id = route.vpc_endpoint_id;
        delete route.vpc_endpoint_id;
      }
    }
  }));
  expect(reviewed.findings).toEqual([]);
  expect(reviewed.at('aws_instance.app').witness).toContainEqual({ address: 'aws_networkfirewall_firewall.main', kind: 'firewall', label: 'endpoint in us-east-1a' });
});

test('the endpoint of another zone is found by its id', () => {
  const reviewed = review(stateOf((resource) => void (resource.aws_subnet!.app!.availability_zone = 'us-east-1b')));
  expect(reviewed.findings).toContainEqual(expect.objectContaining({ rule: 'firewall-zone-missing', severity: 'low', message: expect.stringContaining('comes back the same way') }));
});

/** Rules that stand alone, as the provider reads them back: into the lists of their group, too. */
const readBack = (resource: Record<string, Record<string, any>>): void => {
  resource.aws_vpc_security_group_egress_rule = Object.fromEntries(resource.aws_security_group!.app!.egress.map((line: any, at: number) => [`app${at}`, {
    security_group_id: '${aws_security_group.app.id}', description: line.description, ip_protocol: line.protocol, from_port: line.from_port, to_port: line.to_port,
    ...(line.cidr_blocks.length > 0 ? { cidr_ipv4: line.cidr_blocks[0] } : { referenced_security_group_id: line.security_groups[0] }),
  }]));
};

test('rules that were read back into their group are no rules beside it', () => {
  const reviewed = review(stateOf(readBack));
  expect(reviewed.findings).toEqual([]);
  expect(reviewed.model.groups.find(({ address }) => address === 'aws_security_group.app')?.rules.filter(({ direction, inline }) => direction === 'egress' && inline)).toEqual([]);
});

test('a rule that somebody added by hand beside them is told', () => {
  const reviewed = review(stateOf((resource) => {
    readBack(resource);
    resource.aws_security_group!.app!.egress.push({ ...resource.aws_security_group!.app!.egress[0], from_port: 22, to_port: 22 });
  }));
  expect(reviewed.rules).toContain('group-rules-unmanaged');
});

test('a data source that reads a subnet of the state is that subnet', () => {
  const state = stateOf();
  const { resources } = state.values.root_module;
  const subnet = resources.find(({ address }) => address === 'aws_subnet.app')!;
  resources.push({ ...subnet, address: 'data.aws_subnet.again', mode: 'data', name: 'again' });
  const told = (from: object) => review(from).verdicts.map(({ place, family, kind, witness }) => [place.id, family, kind, witness]);
  expect(told(state)).toEqual(told(stateOf()));
});

test('a default ACL that still lists a subnet is not the one of a subnet that another lists', () => {
  const state = stateOf();
  const { resources } = state.values.root_module;
  const listed = (address: string): any => resources.find((each) => each.address === address)!.values;
  listed('aws_default_network_acl.main').subnet_ids = [idOf('aws_subnet', 'app'), idOf('aws_subnet', 'vault')];
  listed('aws_default_network_acl.main').egress = [{ rule_no: 1, action: 'allow', protocol: '-1', from_port: 0, to_port: 0, cidr_block: '0.0.0.0/0' }];
  const reviewed = review(state);
  expect(reviewed.model.subnets.filter(({ address }) => /app|vault/.test(address)).map(({ acls }) => acls.map(({ address }) => address))).toEqual([['aws_network_acl.app'], ['aws_network_acl.vault']]);
});
