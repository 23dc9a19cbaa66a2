/** Plans that change a network which exists: all ids are known, and the provider has read everything back. */

export type Values = Record<string, unknown>;

export interface Existing {
  readonly address: string;
  /** Undefined: the plan deletes it. */
  readonly after?: Values;
  /** Default: as it will be. */
  readonly before?: Values;
  readonly unknown?: Values;
  /** References and constants of its configuration, by attribute. */
  readonly written?: Readonly<Record<string, readonly string[] | true>>;
}

const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg';
export const idOf = (path: string, group = GROUP) => `${group}/providers/Microsoft.Network/${path}`;

/** A plan with its prior state. */
export function existingPlan(resources: readonly Existing[]): string {
  const named = resources.map((resource) => {
    const [type, name] = resource.address.split('.') as [string, string];
    return { ...resource, type, name, identity: { address: resource.address, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/azurerm' } };
  });
  return JSON.stringify({
    format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: {} },
    resource_changes: named.map(({ identity, after, before = after, unknown = {} }) => ({
      ...identity,
      change: { actions: [after === undefined ? 'delete' : before === after ? 'no-op' : 'update'], before, after: after ?? null, after_unknown: unknown, before_sensitive: {}, after_sensitive: {} },
    })),
    prior_state: { values: { root_module: { resources: named.map(({ identity, after, before = after }) => ({ ...identity, values: before })) } } },
    configuration: {
      root_module: {
        resources: named.filter(({ after }) => after !== undefined).map(({ identity: { address, mode, type, name }, written = {} }) => ({
          address, mode, type, name, provider_config_key: 'azurerm',
          expressions: { name: {}, ...Object.fromEntries(Object.entries(written).map(([attribute, references]) => [attribute, references === true ? {} : { references: references.flatMap((each) => [each, each.split('.').slice(0, 2).join('.')]) }])) },
        })),
      },
    },
  });
}

/** The same after an apply, as a state. */
export function existingState(resources: readonly Existing[]): string {
  return JSON.stringify({
    format_version: '1.0', terraform_version: '1.11.4',
    values: { root_module: { resources: resources.filter(({ after }) => after !== undefined).map(({ address, after }) => ({ address, mode: 'managed', type: address.split('.')[0], name: address.split('.')[1], provider_name: 'registry.terraform.io/hashicorp/azurerm', values: after })) } },
  });
}

export const ruleValues = (more: Values = {}): Values => ({
  name: 'deny-all', priority: 100, direction: 'Outbound', access: 'Deny', protocol: '*', source_port_range: '*', source_address_prefix: '*',
  destination_port_range: '*', destination_address_prefix: '*', ...more,
});

export const routeValues = (more: Values = {}): Values => ({ name: 'out', address_prefix: '0.0.0.0/0', next_hop_type: 'None', next_hop_in_ip_address: '', ...more });

/** A network `main` with a subnet `app`, its group and its table, and what the provider read back into them. */
export function existingNetwork({ rules = [], routes = [] }: { readonly rules?: readonly Values[]; readonly routes?: readonly Values[] }): readonly Existing[] {
  const [network, subnet, group, table] = [idOf('virtualNetworks/main'), idOf('virtualNetworks/main/subnets/app'), idOf('networkSecurityGroups/app'), idOf('routeTables/app')];
  const at = { resource_group_name: 'rg' };
  return [
    {
      address: 'azurerm_virtual_network.main', written: { address_space: true },
      after: { id: network, name: 'main', ...at, address_space: ['10.0.0.0/16'], subnet: [{ id: subnet, name: 'app', address_prefixes: ['10.0.1.0/24'], security_group: group, route_table_id: table, default_outbound_access_enabled: true }] },
    },
    {
      address: 'azurerm_subnet.app', written: { address_prefixes: true, virtual_network_name: ['azurerm_virtual_network.main.name'] },
      after: { id: subnet, name: 'app', ...at, virtual_network_name: 'main', address_prefixes: ['10.0.1.0/24'], default_outbound_access_enabled: true },
    },
    { address: 'azurerm_network_security_group.app', after: { id: group, name: 'app', ...at, security_rule: rules } },
    { address: 'azurerm_route_table.app', after: { id: table, name: 'app', ...at, bgp_route_propagation_enabled: false, route: routes } },
    {
      address: 'azurerm_subnet_network_security_group_association.app', after: { id: subnet, subnet_id: subnet, network_security_group_id: group },
      written: { subnet_id: ['azurerm_subnet.app.id'], network_security_group_id: ['azurerm_network_security_group.app.id'] },
    },
    {
      address: 'azurerm_subnet_route_table_association.app', after: { id: subnet, subnet_id: subnet, route_table_id: table },
      written: { subnet_id: ['azurerm_subnet.app.id'], route_table_id: ['azurerm_route_table.app.id'] },
    },
  ];
}
