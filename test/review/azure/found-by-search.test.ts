/** What a data source finds during the apply may be anything of its kind that the plan makes. */
import { asPlan } from '../as-plan';
import { review } from './reviewed';
import { closedNetwork, merge, openNetwork, refusesStorage, route, rule, type Blocks } from './small-stack';

const MACHINE: Blocks = {
  azurerm_network_interface: { n: { name: 'n', ip_configuration: { name: 'i', subnet_id: '${azurerm_subnet.app.id}' } } },
  azurerm_linux_virtual_machine: { m: { name: 'm', network_interface_ids: ['${azurerm_network_interface.n.id}'] } },
  // A machine calls storage without any address.
  azurerm_network_security_group: { app: { name: 'app', security_rule: [refusesStorage(), rule({ protocol: '*', destination_address_prefix: '*', destination_port_range: '*' })] } },
};

/** The verdict where `type` is found by words that the plan does not know yet, or is another plan's. */
function kindWith(resource: Blocks, type: string, isRead = true): string | undefined {
  const plan = asPlan(resource);
  if (isRead) {
    plan.resource_changes.push({ address: `data.${type}.q`, mode: 'data', type, name: 'q', provider_name: 'registry.terraform.io/hashicorp/azurerm', change: { actions: ['read'], before: null, after: {}, after_unknown: { id: true, name: true } } });
    plan.configuration.root_module.resources.push({ address: `data.${type}.q`, mode: 'data', type, name: 'q', provider_config_key: 'azurerm', expressions: { name: { references: ['terraform_data.t.output', 'terraform_data.t'] } } });
  }
  return review(plan).kind('azurerm_linux_virtual_machine.m');
}

describe('a NAT gateway', () => {
  const given = (subnet_id: string, more: Blocks = {}) => openNetwork(merge(merge(MACHINE, { azurerm_nat_gateway: { g: { name: 'g' } }, azurerm_subnet_nat_gateway_association: { a: { subnet_id, nat_gateway_id: '${azurerm_nat_gateway.g.id}' } } }), more)).resource;
  test('for a subnet that is found', () => expect(kindWith(given('${data.azurerm_subnet.q.id}'), 'azurerm_subnet')).toBe('unknown'));
  test('for a subnet of another plan', () => expect(kindWith(given('/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/s'), 'azurerm_subnet', false)).toBe('none'));
});

describe('a route table', () => {
  const PUBLIC: Blocks = { azurerm_public_ip: { x: { name: 'x' } }, azurerm_network_interface: { n: { name: 'n', ip_configuration: { name: 'i', subnet_id: '${azurerm_subnet.app.id}', public_ip_address_id: '${azurerm_public_ip.x.id}' } } } };
  const given = (hop: string) => openNetwork(merge(merge(MACHINE, PUBLIC), {
    azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [route('0.0.0.0/0', 'None')] }, other: { name: 'other', bgp_route_propagation_enabled: false, route: [route('0.0.0.0/0', hop)] } },
    azurerm_subnet_route_table_association: { app: { subnet_id: '${azurerm_subnet.app.id}', route_table_id: '${azurerm_route_table.app.id}' }, other: { subnet_id: '${data.azurerm_subnet.q.id}', route_table_id: '${azurerm_route_table.other.id}' } },
  })).resource;
  test('for a subnet that is found is not for one that has another', () => expect(kindWith(given('Internet'), 'azurerm_subnet')).toBe('none'));
});

test('the pool of a public load balancer, for an interface that is found', () => {
  const lent = (network_interface_id: string) => closedNetwork(merge(MACHINE, {
    azurerm_route_table: { app: { name: 'app', route: [] } },
    azurerm_public_ip: { lb: { name: 'lb' } }, azurerm_lb: { lb: { sku: 'Standard', frontend_ip_configuration: [{ name: 'f', public_ip_address_id: '${azurerm_public_ip.lb.id}' }] } }, azurerm_lb_backend_address_pool: { p: { loadbalancer_id: '${azurerm_lb.lb.id}' } },
    azurerm_lb_outbound_rule: { r: { loadbalancer_id: '${azurerm_lb.lb.id}', backend_address_pool_id: '${azurerm_lb_backend_address_pool.p.id}', frontend_ip_configuration: [{ name: 'f' }] } },
    azurerm_network_interface_backend_address_pool_association: { a: { network_interface_id, backend_address_pool_id: '${azurerm_lb_backend_address_pool.p.id}' } },
  })).resource;
  expect(kindWith(lent('${data.azurerm_network_interface.q.id}'), 'azurerm_network_interface')).toBe('unknown');
  expect(kindWith(lent('/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/networkInterfaces/n'), 'azurerm_network_interface', false)).toBe('none');
});
