/**
 * What a plan knows of blocks only after the apply: its configuration leaves out what a `dynamic` block
 * makes, so a block that is not there and not known may have been written, and closes nothing.
 */
import { review } from './reviewed';
import { refusesStorage } from './small-stack';

type Body = Record<string, any>;

/** One resource of a plan that creates it, with the expressions of its configuration. */
interface Planned {
  readonly type: string;
  readonly name: string;
  readonly after: Body;
  readonly unknown: Body;
  readonly references?: Readonly<Record<string, readonly string[]>>;
  /** Instead of what its references say. */
  readonly expressions?: Body;
}

const subnet = (name: string, more: Body = {}): Planned => ({
  type: 'azurerm_subnet', name, after: { name, virtual_network_name: 'v', address_prefixes: ['10.0.1.0/24'], default_outbound_access_enabled: false, ...more }, unknown: { id: true },
  references: { virtual_network_name: ['azurerm_virtual_network.v.name', 'azurerm_virtual_network.v'] },
});
const NETWORK: Planned = { type: 'azurerm_virtual_network', name: 'v', after: { name: 'v', address_space: ['10.0.0.0/16'] }, unknown: { id: true } };
const to = (address: string): readonly string[] => [`${address}.id`, address];

function plan(...resources: readonly Planned[]): object {
  return {
    format_version: '1.2', terraform_version: '1.11.4',
    resource_changes: resources.map(({ type, name, after, unknown }) => ({
      address: `${type}.${name}`, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/azurerm',
      change: { actions: ['create'], before: null, after, after_unknown: unknown, before_sensitive: false, after_sensitive: {} },
    })),
    planned_values: { root_module: {} },
    configuration: {
      provider_config: {},
      root_module: {
        resources: resources.map(({ type, name, after, references = {}, expressions = {} }) => ({
          address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'azurerm', schema_version: 0,
          expressions: {
            ...Object.fromEntries(Object.entries(after).filter(([, value]) => value !== undefined && typeof value !== 'object').map(([key, value]) => [key, { constant_value: value }])),
            ...Object.fromEntries(Object.entries(references).map(([key, list]) => [key, { references: list }])),
            ...expressions,
          },
        })),
      },
    },
  };
}
const kindOf = (place: string, ...resources: readonly Planned[]) => review(plan(NETWORK, ...resources)).verdicts.find(({ place: each }) => each.id === place && each.addresses.length > 0)?.kind;

const APP = subnet('app');
/** What else leaves the subnet than calls of storage needs an address. */
const PAST_STORAGE: readonly Planned[] = [
  { type: 'azurerm_network_security_group', name: 'past', after: { name: 'past', security_rule: [refusesStorage()] }, unknown: { id: true } },
  { type: 'azurerm_subnet_network_security_group_association', name: 'past', after: {}, unknown: { id: true, subnet_id: true, network_security_group_id: true }, references: { subnet_id: to('azurerm_subnet.app'), network_security_group_id: to('azurerm_network_security_group.past') } },
];

test('front ends of a load balancer', () => {
  const balancer = (known: boolean): Planned => ({ type: 'azurerm_lb', name: 'lb', after: { name: 'lb', frontend_ip_configuration: known ? [{ name: 'private', private_ip_address: '10.0.1.9' }] : undefined }, unknown: { id: true, ...(known ? {} : { frontend_ip_configuration: true }) } });
  const pool: Planned = { type: 'azurerm_lb_backend_address_pool', name: 'p', after: { name: 'p' }, unknown: { id: true, loadbalancer_id: true }, references: { loadbalancer_id: to('azurerm_lb.lb') } };
  const rule: Planned = { type: 'azurerm_lb_outbound_rule', name: 'o', after: { name: 'o' }, unknown: { id: true, backend_address_pool_id: true }, references: { backend_address_pool_id: to('azurerm_lb_backend_address_pool.p') } };
  const nic: Planned = { type: 'azurerm_network_interface', name: 'n', after: { name: 'n', ip_configuration: [{ name: 'a' }] }, unknown: { id: true, ip_configuration: [{ subnet_id: true }] } };
  const association: Planned = {
    type: 'azurerm_network_interface_backend_address_pool_association', name: 'a', after: {}, unknown: { id: true, network_interface_id: true, backend_address_pool_id: true },
    references: { network_interface_id: to('azurerm_network_interface.n'), backend_address_pool_id: to('azurerm_lb_backend_address_pool.p') },
  };
  const all = (known: boolean, lb = balancer(known)) => kindOf('azurerm_network_interface.n', APP, ...PAST_STORAGE, lb, pool, rule, nic, association);
  expect(all(true)).toBe('none');
  expect(all(false)).toBe('unknown');
  // The provider leaves a prefix open where nobody writes one.
  const front = (frontend: Body, block: Body): Planned => ({ ...balancer(true), unknown: { id: true, frontend_ip_configuration: [{ public_ip_prefix_id: true, ...block }] }, expressions: { frontend_ip_configuration: [frontend] } });
  expect(all(true, front({ name: { constant_value: 'private' }, subnet_id: { references: to('azurerm_subnet.app') } }, { subnet_id: true }))).toBe('none');
  expect(all(true, front({ name: { constant_value: 'public' }, public_ip_prefix_id: { references: ['var.prefix'] } }, {}))).not.toBe('none');
});

test('public addresses of a scale set\'s instances', () => {
  const set = (hidden: Body): Planned => ({
    type: 'azurerm_linux_virtual_machine_scale_set', name: 's', after: { name: 's', network_interface: [{ name: 'n', ip_configuration: [{ name: 'i' }] }] },
    unknown: { id: true, network_interface: [{ ip_configuration: [{ subnet_id: true, ...hidden }] }] },
  });
  expect(kindOf('azurerm_linux_virtual_machine_scale_set.s', APP, ...PAST_STORAGE, set({}))).toBe('none');
  expect(kindOf('azurerm_linux_virtual_machine_scale_set.s', APP, ...PAST_STORAGE, set({ public_ip_address: true }))).toBe('unknown');
});

describe('behind a firewall', () => {
  const firewallSubnet: Planned = { ...subnet('fw'), after: { name: 'AzureFirewallSubnet', virtual_network_name: 'v', address_prefixes: ['10.0.0.0/26'], default_outbound_access_enabled: false } };
  const address: Planned = { type: 'azurerm_public_ip', name: 'fw', after: { name: 'fw' }, unknown: { id: true } };
  const policy: Planned = { type: 'azurerm_firewall_policy', name: 'p', after: { name: 'p' }, unknown: { id: true } };
  const firewall: Planned = { type: 'azurerm_firewall', name: 'f', after: { name: 'f', sku_tier: 'Standard', ip_configuration: [{ name: 'a', private_ip_address: '10.0.0.4' }] }, unknown: { id: true, firewall_policy_id: true }, references: { firewall_policy_id: to('azurerm_firewall_policy.p') } };
  const group = (hidden: Body): Planned => ({ type: 'azurerm_firewall_policy_rule_collection_group', name: 'g', after: { name: 'g', priority: 100, application_rule_collection: [{ name: 'no', priority: 100, action: 'Deny', rule: [{ name: 'all', source_addresses: ['*'], destination_fqdns: ['*'], protocols: [{ type: 'Https', port: 443 }, { type: 'Http', port: 80 }] }] }] }, unknown: { id: true, firewall_policy_id: true, ...hidden }, references: { firewall_policy_id: to('azurerm_firewall_policy.p') } });
  const table: Planned = { type: 'azurerm_route_table', name: 't', after: { name: 't', bgp_route_propagation_enabled: true, route: [{ name: 'd', address_prefix: '0.0.0.0/0', next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: '10.0.0.4' }] }, unknown: { id: true } };
  const association: Planned = { type: 'azurerm_subnet_route_table_association', name: 'a', after: {}, unknown: { id: true, subnet_id: true, route_table_id: true }, references: { subnet_id: to('azurerm_subnet.app'), route_table_id: to('azurerm_route_table.t') } };
  const guarded = (...more: readonly Planned[]) => kindOf('azurerm_subnet.app', APP, firewallSubnet, address, policy, firewall, table, association, ...more);

  test('rule collections', () => {
    expect(guarded(group({}))).toBe('none');
    expect(guarded(group({ network_rule_collection: true }))).toBe('unknown');
  });

  test('the place of a gateway that learns routes', () => {
    const gateway = (known: boolean): Planned => ({ type: 'azurerm_virtual_network_gateway', name: 'g', after: { name: 'g', type: 'ExpressRoute', ip_configuration: known ? [{ subnet_id: '/subscriptions/x/virtualNetworks/elsewhere/subnets/GatewaySubnet' }] : undefined }, unknown: { id: true, ...(known ? {} : { ip_configuration: true }) } });
    expect(guarded(group({}), gateway(true))).toBe('none');
    expect(guarded(group({}), gateway(false))).toBe('unknown');
  });
});

/**
 * Blocks that azurerm fills in where nobody writes them are not known as a whole in a first plan.
 * https://github.com/hashicorp/terraform-provider-azurerm/tree/v4.50.0/internal/services
 */
describe('what nobody writes and the provider fills in', () => {
  test('parameters of a Databricks workspace: it is in a network of its own', () => {
    const workspace: Planned = { type: 'azurerm_databricks_workspace', name: 'd', after: { name: 'd', sku: 'premium' }, unknown: { id: true, custom_parameters: true } };
    const { verdicts, rules } = review(plan(workspace));
    expect(verdicts.map(({ place, kind }) => `${place.id} ${kind}`)).toEqual(['azurerm_databricks_workspace.d open']);
    expect(rules).not.toContain('public-address-on-workload');
  });

  test('who may call a cluster: everybody', () => {
    const cluster = (after: Body, unknown: Body): Planned => ({ type: 'azurerm_kubernetes_cluster', name: 'c', after: { name: 'c', private_cluster_enabled: false, ...after }, unknown: { id: true, ...unknown } });
    const isReported = (after: Body, unknown: Body) => review(plan(cluster(after, unknown))).rules.includes('aks-api-public');
    expect(isReported({}, { api_server_access_profile: true, api_server_authorized_ip_ranges: true })).toBe(true);
    expect(isReported({ api_server_access_profile: [{}] }, { api_server_access_profile: [{ authorized_ip_ranges: true }] })).toBe(false);
    expect(isReported({ api_server_authorized_ip_ranges: ['203.0.113.0/24'] }, { api_server_access_profile: true })).toBe(false);
  });

  test('rules of a key vault: everything reaches it', () => {
    const vault = (after: Body, unknown: Body): Planned => ({ type: 'azurerm_key_vault', name: 'k', after: { name: 'k', public_network_access_enabled: true, ...after }, unknown: { id: true, ...unknown } });
    const checksOf = (resource: Planned) => review(plan(resource)).rules;
    expect(checksOf(vault({}, { network_acls: true }))).toContain('key-vault-public-access');
    expect(checksOf(vault({ network_acls: [{ bypass: 'None' }] }, { network_acls: [{ default_action: true }] }))).not.toContain('key-vault-public-access');
  });
});
