/** A plan of a given size, as Terraform writes it: one module instance per network, ids known after apply. */

const PER_NETWORK = 20;

interface Instance {
  readonly type: string;
  readonly name: string;
  readonly values: Record<string, unknown>;
  readonly unknown: Record<string, unknown>;
}

/** The resources of one network: a way out through NAT, and machines in private subnets. */
function network(index: number): readonly Instance[] {
  const tags = { Name: `net-${index}`, team: `team-${index % 17}`, environment: 'prod' };
  const octet = index % 250;
  const subnets = ['a', 'b', 'c'].map((zone, place): Instance => ({
    type: 'aws_subnet', name: `private_${zone}`,
    values: { cidr_block: `10.${octet}.${place}.0/24`, availability_zone: `us-east-1${zone}`, map_public_ip_on_launch: false, tags },
    unknown: { id: true, arn: true, vpc_id: true, tags: {} },
  }));
  const machines = Array.from({ length: PER_NETWORK - 12 }, (_, place): Instance => ({
    type: 'aws_instance', name: `machine_${place}`,
    values: { ami: 'ami-0123456789abcdef0', instance_type: 't3.micro', associate_public_ip_address: false, tags: { ...tags, Name: `machine-${index}-${place}` } },
    unknown: { id: true, arn: true, subnet_id: true, vpc_security_group_ids: true, private_ip: true, public_ip: true, tags: {} },
  }));
  return [
    { type: 'aws_vpc', name: 'this', values: { cidr_block: `10.${octet}.0.0/16`, assign_generated_ipv6_cidr_block: false, tags }, unknown: { id: true, arn: true, main_route_table_id: true, default_security_group_id: true } },
    { type: 'aws_internet_gateway', name: 'this', values: { tags }, unknown: { id: true, vpc_id: true } },
    { type: 'aws_subnet', name: 'public', values: { cidr_block: `10.${octet}.9.0/24`, availability_zone: 'us-east-1a', map_public_ip_on_launch: false, tags }, unknown: { id: true, vpc_id: true } },
    ...subnets,
    { type: 'aws_nat_gateway', name: 'this', values: { connectivity_type: 'public', tags }, unknown: { id: true, subnet_id: true, allocation_id: true } },
    { type: 'aws_route_table', name: 'private', values: { tags, route: [{ cidr_block: '0.0.0.0/0' }] }, unknown: { id: true, vpc_id: true, route: [{ nat_gateway_id: true }] } },
    ...['a', 'b', 'c'].map((zone): Instance => ({ type: 'aws_route_table_association', name: `private_${zone}`, values: {}, unknown: { id: true, subnet_id: true, route_table_id: true } })),
    { type: 'aws_security_group', name: 'machine', values: { name: `machine-${index}`, description: 'machines', ingress: [], egress: [{ from_port: 443, to_port: 443, protocol: 'tcp', cidr_blocks: ['0.0.0.0/0'], ipv6_cidr_blocks: [], prefix_list_ids: [], security_groups: [], self: false, description: 'https' }] }, unknown: { id: true, arn: true, vpc_id: true } },
    ...machines,
  ];
}

/** Which attribute of the network's module names which resource. */
const REFERENCES: Readonly<Record<string, (name: string) => Record<string, { references: string[] }>>> = {
  aws_internet_gateway: () => ({ vpc_id: to('aws_vpc.this') }),
  aws_subnet: () => ({ vpc_id: to('aws_vpc.this') }),
  aws_nat_gateway: () => ({ subnet_id: to('aws_subnet.public') }),
  aws_route_table: () => ({ vpc_id: to('aws_vpc.this'), route: to('aws_nat_gateway.this') }),
  aws_route_table_association: (name) => ({ subnet_id: to(`aws_subnet.${name}`), route_table_id: to('aws_route_table.private') }),
  aws_security_group: () => ({ vpc_id: to('aws_vpc.this') }),
  aws_instance: (name) => ({ subnet_id: to(`aws_subnet.private_${'abc'[Number(name.split('_')[1]) % 3]}`), vpc_security_group_ids: to('aws_security_group.machine') }),
};

function to(address: string): { references: string[] } {
  return { references: [`${address}.id`, address] };
}

/** @returns the JSON text of a plan that creates about that many resources. */
export function largePlan(resources: number): string {
  const count = Math.max(1, Math.round(resources / PER_NETWORK));
  const provider = 'registry.terraform.io/hashicorp/aws';
  const modules = [];
  const changes = [];
  for (let index = 0; index < count; index++) {
    const address = `module.net["${index}"]`;
    const instances = network(index);
    modules.push({
      address,
      resources: instances.map(({ type, name, values }) => ({ address: `${address}.${type}.${name}`, mode: 'managed', type, name, provider_name: provider, schema_version: 1, values, sensitive_values: {} })),
    });
    changes.push(...instances.map(({ type, name, values, unknown }) => ({
      address: `${address}.${type}.${name}`, module_address: address, mode: 'managed', type, name, provider_name: provider,
      change: { actions: ['create'], before: null, after: values, after_unknown: unknown, before_sensitive: false, after_sensitive: {} },
    })));
  }
  const configured = network(0).map(({ type, name }) => ({
    address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'aws', schema_version: 1, expressions: REFERENCES[type]?.(name) ?? {},
  }));
  return JSON.stringify({
    format_version: '1.2', terraform_version: '1.11.4', complete: true, applyable: true, errored: false,
    planned_values: { root_module: { child_modules: modules } },
    resource_changes: changes,
    configuration: {
      provider_config: { aws: { name: 'aws', full_name: provider } },
      root_module: { module_calls: { net: { source: './net', for_each_expression: {}, module: { resources: configured } } } },
    },
  });
}
