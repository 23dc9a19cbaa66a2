/** Routes that plain HCL writes into their table: a first plan lists in one what all of them refer to. */
import { review } from './reviewed';

const planned = (type: string, name: string, after: object, after_unknown: object) => ({
  address: `${type}.${name}`, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/aws', change: { actions: ['create'], before: null, after, after_unknown: { id: true, ...after_unknown }, before_sensitive: false, after_sensitive: {} },
});
const configured = (type: string, name: string, references: Readonly<Record<string, readonly string[]>>) => ({
  address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'aws',
  expressions: Object.fromEntries(Object.entries(references).map(([attribute, names]) => [attribute, { references: names.flatMap((each) => [each, each.split('.').slice(0, 2).join('.')]) }])),
});
const inVpc = { vpc_id: ['aws_vpc.main.id'] };
const ENDPOINT = 'aws_networkfirewall_firewall.main.firewall_status';

/** A NAT gateway behind a firewall: its table leads out, and back to the firewall. */
function plan(): object {
  const subnet = (name: string, cidr_block: string) => planned('aws_subnet', name, { cidr_block, availability_zone: 'us-east-1a' }, { vpc_id: true });
  const table = (name: string, ...route: readonly (readonly [string, string])[]) => planned('aws_route_table', name, { route: route.map(([cidr_block]) => ({ cidr_block })) }, { vpc_id: true, route: route.map(([, target]) => ({ [target]: true })) });
  const names = ['app', 'firewall', 'nat'] as const;
  return {
    format_version: '1.2', terraform_version: '1.11.4',
    resource_changes: [
      planned('aws_vpc', 'main', { cidr_block: '10.0.0.0/16' }, {}), planned('aws_internet_gateway', 'main', {}, { vpc_id: true }), planned('aws_nat_gateway', 'main', { connectivity_type: 'public' }, { subnet_id: true }),
      subnet('app', '10.0.1.0/24'), subnet('firewall', '10.0.2.0/24'), subnet('nat', '10.0.3.0/24'),
      table('app', ['0.0.0.0/0', 'vpc_endpoint_id']), table('firewall', ['0.0.0.0/0', 'nat_gateway_id']), table('nat', ['0.0.0.0/0', 'gateway_id'], ['10.0.1.0/24', 'vpc_endpoint_id']),
      ...names.map((name) => planned('aws_route_table_association', name, {}, { subnet_id: true, route_table_id: true })),
      planned('aws_networkfirewall_firewall', 'main', { subnet_mapping: [{}] }, { vpc_id: true, firewall_policy_arn: true, firewall_status: true, subnet_mapping: [{ subnet_id: true }] }),
    ],
    configuration: { root_module: { resources: [
      configured('aws_vpc', 'main', {}), configured('aws_internet_gateway', 'main', inVpc), configured('aws_nat_gateway', 'main', { subnet_id: ['aws_subnet.nat.id'] }),
      ...names.map((name) => configured('aws_subnet', name, inVpc)),
      configured('aws_route_table', 'app', { ...inVpc, route: [ENDPOINT] }), configured('aws_route_table', 'firewall', { ...inVpc, route: ['aws_nat_gateway.main.id'] }), configured('aws_route_table', 'nat', { ...inVpc, route: ['aws_internet_gateway.main.id', ENDPOINT] }),
      ...names.map((name) => configured('aws_route_table_association', name, { subnet_id: [`aws_subnet.${name}.id`], route_table_id: [`aws_route_table.${name}.id`] })),
      { ...configured('aws_networkfirewall_firewall', 'main', inVpc), expressions: { vpc_id: { references: ['aws_vpc.main.id', 'aws_vpc.main'] }, subnet_mapping: [{ subnet_id: { references: ['aws_subnet.firewall.id', 'aws_subnet.firewall'] } }] } },
    ] } },
  };
}

test('a table with a gateway and an endpoint: the gateway is what is called so', () => {
  const { model, rules } = review(plan());
  const { routes } = model.tables.find(({ address }) => address === 'aws_route_table.nat')!;
  const likely = routes.filter(({ target }) => target.resources.likely.length > 0).map(({ destination, target }) => `${destination} ${target.kind}`);
  expect(likely).toEqual(['0.0.0.0/0 internet-gateway', '10.0.1.0/24 firewall']);
  expect(rules).not.toContain('internet-route-bypasses-firewall');
});

describe('a variable beside the gateway that a route names', () => {
  /** A module's subnets, of which one is public; the module is called by the root. */
  function withVariable(value: string, isHanded: boolean): object {
    const at = (address: string) => `module.net.${address}`;
    const inside = (each: ReturnType<typeof planned>) => ({ ...each, address: at(each.address), module_address: 'module.net' });
    const resources = [
      inside(planned('aws_vpc', 'main', { cidr_block: '10.0.0.0/16' }, {})), inside(planned('aws_internet_gateway', 'main', {}, { vpc_id: true })),
      inside(planned('aws_vpc_endpoint', 'other', { vpc_endpoint_type: 'GatewayLoadBalancer', service_name: 'com.amazonaws.vpce.us-east-1.vpce-svc-1' }, { vpc_id: true })),
      inside(planned('aws_subnet', 'a', { cidr_block: '10.0.1.0/24', availability_zone: 'us-east-1a' }, { vpc_id: true })),
      inside(planned('aws_route_table', 'a', { route: [{ cidr_block: '0.0.0.0/0' }] }, { vpc_id: true, route: [{ gateway_id: true }] })),
      inside(planned('aws_route_table_association', 'a', {}, { subnet_id: true, route_table_id: true })),
    ];
    const table = configured('aws_route_table', 'a', { ...inVpc, route: ['aws_internet_gateway.main.id'] });
    (table.expressions.route as { references: string[] }).references.push('var.world');
    const module = {
      resources: [
        configured('aws_vpc', 'main', {}), configured('aws_internet_gateway', 'main', inVpc), configured('aws_vpc_endpoint', 'other', inVpc), configured('aws_subnet', 'a', inVpc), table,
        configured('aws_route_table_association', 'a', { subnet_id: ['aws_subnet.a.id'], route_table_id: ['aws_route_table.a.id'] }),
      ],
      variables: { world: isHanded ? {} : { default: value } },
    };
    return {
      format_version: '1.2', terraform_version: '1.11.4', resource_changes: resources,
      ...(isHanded ? { variables: { cidr: { value } } } : {}),
      configuration: { root_module: { module_calls: { net: { source: './net', expressions: isHanded ? { world: { references: ['var.cidr'] } } : {}, module } }, ...(isHanded ? { variables: { cidr: {} } } : {}) } },
    };
  }
  const targets = (value: string, isHanded: boolean) => {
    const { routes } = review(withVariable(value, isHanded)).model.tables.find(({ address }) => address === 'module.net.aws_route_table.a')!;
    return routes.filter(({ destination }) => destination === '0.0.0.0/0').flatMap(({ target: { kind, resources } }) => [...resources.likely.map(() => kind), ...resources.others.map(() => `perhaps ${kind}`)]);
  };

  test.each([true, false])('leaves no doubt where it is the CIDR of the route (handed in: %s)', (isHanded) => expect(targets('0.0.0.0/0', isHanded)).toEqual(['internet-gateway']));

  test.each([true, false])('may be what is meant where it is an id (handed in: %s)', (isHanded) => expect(targets('vpce-0123456789abcdef0', isHanded)).toEqual(['internet-gateway', 'perhaps endpoint']));
});
