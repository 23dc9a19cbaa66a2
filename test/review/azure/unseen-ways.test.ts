/** Ways that a plan does not show, and that it shows to be possible: each is told, and none is taken for closed. */
import { asPlan } from '../as-plan';
import { review } from './reviewed';
import { closedNetwork, finalDenies, guardedNetwork, hosts, merge, networkRule, openNetwork, rule, subnet, withoutStorage, type Blocks, type Stack } from './small-stack';

const APP = 'azurerm_subnet.app';
const kind = (input: Parameters<typeof review>[0]) => review(input).kind(APP);
const LETS_OUT: Blocks = { azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: 'Internet', destination_port_range: '443' }), ...finalDenies()] } } };

describe('routes that nobody sees may lead to an appliance, where those that are there lead nowhere', () => {
  const table = (id: string): Blocks => ({ azurerm_subnet_route_table_association: { app: { subnet_id: '${azurerm_subnet.app.id}', route_table_id: id } } });
  /** A machine that Azure's own routes lead nowhere: it has no public address, and its subnet lends none. */
  const machine = (stack: Stack) => review({ ...stack, resource: merge(stack.resource, { azurerm_network_interface: { n: { name: 'n', ip_configuration: { subnet_id: '${azurerm_subnet.app.id}' } } } }) }).kind('azurerm_network_interface.n');
  const ELSEWHERE = table('/subscriptions/x/routeTables/y');

  test('a table of another plan', () => {
    expect(machine(closedNetwork(merge(LETS_OUT, ELSEWHERE)))).toBe('unknown');
  });

  test('a table that is looked up', () => {
    const looked = { ...closedNetwork(merge(LETS_OUT, table('${data.azurerm_route_table.hub.id}'))), data: { azurerm_route_table: { hub: { name: 'hub', resource_group_name: 'hub' } } } };
    expect(machine(looked)).toBe('unknown');
  });

  test('a table with blocks that are not known', () => {
    const hidden = closedNetwork(LETS_OUT);
    (hidden.resource.azurerm_route_table!.app as any).route = '${var.routes}';
    expect(machine(hidden)).toBe('unknown');
  });

  test('a group that lets nothing out closes them all', () => {
    expect(machine(closedNetwork(ELSEWHERE))).toBe('none');
  });
});

describe('what is known of a rule in part', () => {
  const groupOf = (...rules: readonly Record<string, any>[]) => kind(openNetwork({ azurerm_network_security_group: { app: { name: 'app', security_rule: rules } } }));
  const DENY = rule({ access: 'Deny', protocol: '*', destination_port_range: '*', destination_address_prefix: '*', source_address_prefix: null });

  test('a deny for the whole subnet, and for who knows whom, denies', () => {
    expect([groupOf({ ...DENY, source_address_prefixes: ['10.0.1.0/24', '${var.more}'] }), groupOf({ ...DENY, source_address_prefixes: ['10.0.1.0/25', '${var.more}'] })]).toEqual(['none', 'open']);
  });

  test('an allow on ports that nobody knows may be for any', () => {
    expect([groupOf(rule({ destination_address_prefix: '*', destination_port_range: '${var.port}' }), ...finalDenies()), groupOf(rule({ destination_address_prefix: '*', destination_port_range: 'web' }), ...finalDenies())]).toEqual(['unknown', 'unknown']);
  });
});

test('a table of another plan that is written inside a network may lead to an appliance', () => {
  const inside = (more: object): Stack => ({ ...closedNetwork(), resource: {
    azurerm_virtual_network: { v: { name: 'v', address_space: ['10.9.0.0/16'], subnet: [{ name: 'a', address_prefixes: ['10.9.0.0/24'], default_outbound_access_enabled: false, ...more }] } },
    azurerm_network_interface: { n: { name: 'n', ip_configuration: { subnet_id: '${one(azurerm_virtual_network.v.subnet).id}' } } }, ...withoutStorage('n'),
  } });
  const machine = (more: object) => review(inside(more)).kind('azurerm_network_interface.n');
  expect([machine({}), machine({ route_table_id: '/subscriptions/x/routeTables/y' })]).toEqual(['none', 'unknown']);
});

test('a route past a firewall whose parent policy is elsewhere: what its own rules grant is enough to tell', () => {
  const past = (rules: object) => review(guardedNetwork(rules, {
    azurerm_firewall_policy: { main: { name: 'main', base_policy_id: '/subscriptions/x/firewallPolicies/y', threat_intelligence_mode: 'Deny', dns: { proxy_enabled: true } } },
    azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [{ name: 'r', address_prefix: '0.0.0.0/0', next_hop_type: 'Internet' }] } },
  })).rules.includes('internet-route-bypasses-firewall');
  expect([past({}), past({ network_rule_collection: [networkRule({ destination_addresses: ['151.101.1.69'] })] }), past({ application_rule_collection: [hosts('Allow', ['a.example.com'])] })]).toEqual([false, true, true]);
});

describe('a default route that a hub may not hand out', () => {
  const hub = (connection: object, allowed: readonly string[], more: Blocks = {}) => closedNetwork(merge(merge(LETS_OUT, {
    azurerm_route_table: { app: { name: 'app', route: [] } },
    azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), default_outbound_access_enabled: true } },
    azurerm_virtual_hub: { h: { name: 'h' } }, azurerm_firewall_policy: { p: { name: 'p' } },
    azurerm_firewall: { f: { name: 'f', firewall_policy_id: '${azurerm_firewall_policy.p.id}', virtual_hub: { virtual_hub_id: '${azurerm_virtual_hub.h.id}' } } },
    azurerm_firewall_policy_rule_collection_group: { g: { name: 'g', priority: 100, firewall_policy_id: '${azurerm_firewall_policy.p.id}', application_rule_collection: [hosts('Deny', ['*'], 100), ...(allowed.length > 0 ? [hosts('Allow', allowed, 90)] : [])] } },
    azurerm_virtual_hub_routing_intent: { i: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', routing_policy: [{ name: 'i', destinations: ['Internet'], next_hop: '${azurerm_firewall.f.id}' }] } },
    azurerm_virtual_hub_connection: { c: { virtual_hub_id: '${azurerm_virtual_hub.h.id}', remote_virtual_network_id: '${azurerm_virtual_network.main.id}', internet_security_enabled: true, ...connection } },
  }), more));
  const MAPPED = { routing: { outbound_route_map_id: '${azurerm_route_map.m.id}' } };

  test('a route map may drop it', () => {
    expect(kind(hub({}, []))).toBe('none');
    expect(kind(hub({ routing: { outbound_route_map_id: '/subscriptions/x/routeMaps/y' } }, []))).toBe('unknown');
  });

  const replacing = (route_prefix: readonly string[]) => ({ type: 'Replace', parameter: { route_prefix } });
  test.each<[string, string, object | undefined]>([
    ['without rules', 'none', undefined],
    ['that drops whatever it likes', 'unknown', { action: { type: 'Drop' } }],
    ['that drops what is private', 'none', { action: { type: 'Drop' }, match_criterion: { match_condition: 'Contains', route_prefix: ['10.0.0.0/8'] } }],
    ['that drops all but what is private', 'unknown', { action: { type: 'Drop' }, match_criterion: { match_condition: 'NotContains', route_prefix: ['10.0.0.0/8'] } }],
    ['that makes paths longer', 'none', { action: { type: 'Add', parameter: { as_path: ['64512'] } } }],
    ['that makes something wide of what is private', 'unknown', { action: replacing(['0.0.0.0/1']), match_criterion: { match_condition: 'Contains', route_prefix: ['10.0.0.0/8'] } }],
    ['that makes something private of what is private', 'none', { action: replacing(['10.0.0.0/8']), match_criterion: { match_condition: 'Contains', route_prefix: ['10.1.0.0/16'] } }],
    ['that makes nobody knows what', 'unknown', { action: { type: 'Replace', parameter: { route_prefix: '${var.prefixes}' } } }],
  ])('a route map %s: %s', (_, expected, rule) => {
    expect(kind(hub(MAPPED, [], { azurerm_route_map: { m: { name: 'm', ...(rule ? { rule: { name: 'r', ...rule } } : {}) } } }))).toBe(expected);
  });

  test.each<[string, string, Blocks]>([
    ['a firewall alone', 'none', {}],
    ['an appliance of Palo Alto, too', 'unknown', { azurerm_palo_alto_virtual_network_appliance: { p: { name: 'p', virtual_hub_id: '${azurerm_virtual_hub.h.id}' } } }],
    ['an appliance of the API, too', 'unknown', { azapi_resource: { a: { name: 'a', type: 'Microsoft.Network/networkVirtualAppliances@2024-05-01' } } }],
    ['something else of the API', 'none', { azapi_resource: { a: { name: 'a', type: 'Microsoft.Network/virtualHubs/routeMaps@2024-05-01' } } }],
  ])('an intent written by a dynamic block, where its next hop can be %s: %s', (_, expected, more) => {
    const plan = asPlan(hub({}, [], more).resource);
    const intent = plan.configuration.root_module.resources.find(({ type }: { type: string }) => type === 'azurerm_virtual_hub_routing_intent');
    delete intent.expressions.routing_policy;
    expect(kind(plan)).toBe(expected);
  });

  test('a firewall behind it that lets nothing through closes nothing while it is in doubt', () => {
    expect(kind(hub({ internet_security_enabled: '${var.secured}' }, []))).toBe('unknown');
  });

  test("a table's own route to nowhere goes before it", () => {
    const closed = { azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [{ name: 'none', address_prefix: '0.0.0.0/0', next_hop_type: 'None' }] } } };
    expect(kind(hub(MAPPED, [], merge(closed, { azurerm_route_map: { m: { name: 'm', rule: { name: 'r', action: { type: 'Drop' } } } } })))).toBe('none');
  });
});

describe('an environment of containers takes the routes of its subnet with workload profiles alone', () => {
  const guarded = (environment: object, more: Blocks = {}) => review(guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'])] }, merge({
    azurerm_container_app_environment: { e: { infrastructure_subnet_id: '${azurerm_subnet.app.id}', ...environment } },
  }, more))).kind('azurerm_container_app_environment.e');

  test('with and without', () => {
    expect(guarded({ workload_profile: [{ name: 'Consumption', workload_profile_type: 'Consumption' }] })).toBe('allowlisted');
    expect(guarded({})).toBe('unknown');
    expect(guarded({ workload_profile: '${var.profiles}' })).toBe('unknown');
  });

  test('its group counts all the same', () => {
    expect(guarded({}, { azurerm_network_security_group: { app: { name: 'app', security_rule: finalDenies() } } })).toBe('none');
  });
});

test('flow logs of all subnets record as much as one of their network', () => {
  const two: Blocks = { azurerm_subnet: { app: subnet('10.0.1.0/24'), more: subnet('10.0.2.0/24') } };
  const logs = (names: readonly string[], log: object = {}): Blocks => ({ azurerm_network_watcher_flow_log: { main: { target_resource_id: '/subscriptions/x/virtualNetworks/y' }, ...Object.fromEntries(names.map((name) => [name, { target_resource_id: `\${azurerm_subnet.${name}.id}`, enabled: true, traffic_analytics: { enabled: true }, ...log }])) } });
  const told = (names: readonly string[], log?: object) => review(closedNetwork(merge(two, logs(names, log)))).findings.filter(({ rule: id }) => id === 'flow-logs-missing').map(({ message }) => message);
  expect([told(['app', 'more']), told(['app']), told(['app', 'more'], { enabled: false }), told(['app', 'more'], { traffic_analytics: [] })])
    .toEqual([[], ['its flows are not recorded'], ['its flows are not recorded'], ['its flows are recorded and not analysed']]);
});

test('serverless compute of Databricks is told, unless the plan has a network policy for it', () => {
  const workspace = (more: Record<string, object>): Blocks => ({ azurerm_databricks_workspace: { w: { custom_parameters: { virtual_network_id: '${azurerm_virtual_network.main.id}', no_public_ip: true } } }, ...more } as Blocks);
  const told = (more: Record<string, object>) => review(closedNetwork(workspace(more))).findings.filter((finding) => finding.rule === 'managed-service-egress').map(({ address }) => address);
  expect(told({})).toEqual(['azurerm_databricks_workspace.w']);
  expect(told({ databricks_account_network_policy: { p: { network_policy_id: 'p' } } })).toEqual([]);
});

test('of several subnets inside a network each is told once that private endpoints may stand in it', () => {
  const inside: Blocks = {
    azurerm_virtual_network: { v: { name: 'v', address_space: ['10.9.0.0/16'], subnet: [{ name: 'a', address_prefixes: ['10.9.0.0/24'] }, { name: 'b', address_prefixes: ['10.9.1.0/24'] }] } },
    azurerm_private_endpoint: { e: { name: 'e', subnet_id: '${azurerm_virtual_network.v.id}/subnets/a', private_service_connection: { subresource_names: ['vault'] } } },
  };
  const told = review(closedNetwork(inside)).findings.filter((finding) => finding.rule === 'endpoint-network-policies-off').map(({ address, message, confidence }) => [address, /private endpoints may stand there$/.test(message), confidence]);
  expect(told).toEqual([['azurerm_virtual_network.v.subnet["a"]', true, 'possible'], ['azurerm_virtual_network.v.subnet["b"]', true, 'possible']]);
});

test('a subnet with one of several NAT gateways is one finding', () => {
  const nats: Blocks = {
    azurerm_nat_gateway: { n: { count: 2, name: 'n' } as any },
    azurerm_subnet_nat_gateway_association: { a: { subnet_id: '${azurerm_subnet.app.id}', nat_gateway_id: '${azurerm_nat_gateway.n[0].id}' }, b: { subnet_id: '${azurerm_subnet.app.id}', nat_gateway_id: '${azurerm_nat_gateway.n[1].id}' } },
  };
  expect(review(closedNetwork(nats)).findings.filter((finding) => finding.rule === 'nat-for-all-subnets')).toHaveLength(1);
});

describe('an application gateway leads whoever may call it to the hosts behind it', () => {
  const PRIVATE = { name: 'private', subnet_id: '${azurerm_subnet.gateway.id}', private_ip_address: '10.0.6.4' };
  const LISTENER = { name: 'l', frontend_ip_configuration_name: 'private', frontend_port_name: 'https' };
  const RULE = { name: 'r', http_listener_name: 'l', backend_address_pool_name: 'out', backend_http_settings_name: 's' };
  const gateway = (more: object = {}): Blocks => ({
    azurerm_subnet: { gateway: subnet('10.0.6.0/24') }, azurerm_public_ip: { g: { name: 'g' } },
    azurerm_application_gateway: {
      g: {
        gateway_ip_configuration: [{ name: 'g', subnet_id: '${azurerm_subnet.gateway.id}' }], frontend_port: [{ name: 'https', port: 443 }], http_listener: [LISTENER], request_routing_rule: [RULE],
        frontend_ip_configuration: [PRIVATE, { name: 'public', public_ip_address_id: '${azurerm_public_ip.g.id}' }],
        backend_address_pool: [{ name: 'out', fqdns: ['api.example.com'] }, { name: 'in', fqdns: ['site.azurewebsites.net'], ip_addresses: ['10.0.1.9'] }], ...more,
      },
    },
  });
  const CALLS = (to: string): Blocks => ({ azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: to, destination_port_range: '443' }), ...finalDenies()] } } });
  const reached = (more: object, to = '10.0.6.4', also: Blocks = {}) => {
    const app = review(closedNetwork(merge(merge(CALLS(to), gateway(more)), also))).verdicts.find(({ place }) => place.id === APP);
    return [app?.kind, ...new Set(app?.hosts.map(({ host }) => host))];
  };

  test.each<[string, readonly string[], object]>([
    ['a host on the internet', ['allowlisted', 'api.example.com'], {}],
    ['an address on the internet', ['allowlisted', '203.1.113.9'], { backend_address_pool: [{ name: 'out', ip_addresses: ['203.1.113.9', '10.0.1.9'] }] }],
    ['a label that anybody may have', ['allowlisted', 'relay.westeurope.cloudapp.azure.com'], { backend_address_pool: [{ name: 'out', fqdns: ['relay.westeurope.cloudapp.azure.com'] }] }],
    ["what is the cloud's own, or private", ['none'], { request_routing_rule: [{ ...RULE, backend_address_pool_name: 'in' }] }],
    ['a host behind the public frontend alone', ['none'], { http_listener: [{ ...LISTENER, frontend_ip_configuration_name: 'public' }] }],
    ['whatever a map of paths names', ['allowlisted', 'api.example.com'], { request_routing_rule: [{ ...RULE, backend_address_pool_name: null, url_path_map_name: 'm' }] }],
    ['no private frontend', ['none'], { frontend_ip_configuration: [{ name: 'private', public_ip_address_id: '${azurerm_public_ip.g.id}' }] }],
  ])('%s: %j', (_, expected, more) => expect(reached(more)).toEqual(expected));

  test('who may not call it, or is in another network, does not reach it', () => {
    expect(reached({}, '10.0.7.4')).toEqual(['none']);
    const other: Blocks = { azurerm_virtual_network: { other: { name: 'other', address_space: ['10.0.6.0/24'] } }, azurerm_subnet: { gateway: subnet('10.0.6.0/24', 'other') } };
    expect(reached({}, '10.0.6.4', other)).toEqual(['none']);
  });
});

test('an application gateway that is published leads whoever may call its endpoint, in whatever network', () => {
  const published = (frontend: object, target = '${azurerm_application_gateway.g.id}') => review(closedNetwork(merge({
    azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '10.0.7.0/24', destination_port_range: '443' }), ...finalDenies()] } },
    azurerm_virtual_network: { other: { name: 'other', address_space: ['10.1.0.0/16'] } }, azurerm_subnet: { gateway: subnet('10.1.6.0/24', 'other'), endpoint: subnet('10.0.7.0/24') },
  }, {
    azurerm_application_gateway: {
      g: {
        frontend_port: [{ name: 'https', port: 443 }], http_listener: [{ name: 'l', frontend_ip_configuration_name: 'f', frontend_port_name: 'https' }], frontend_ip_configuration: [{ name: 'f', public_ip_address_id: '/subscriptions/x/publicIPAddresses/y', ...frontend }],
        request_routing_rule: [{ name: 'r', http_listener_name: 'l', backend_address_pool_name: 'out' }], backend_address_pool: [{ name: 'out', fqdns: ['api.example.com'] }], private_link_configuration: [{ name: 'p' }],
      },
    },
    azurerm_private_endpoint: { e: { subnet_id: '${azurerm_subnet.endpoint.id}', private_service_connection: [{ private_connection_resource_id: target }] } },
  }))).verdicts.find(({ place }) => place.id === APP);
  const open = published({ private_link_configuration_name: 'p' });
  expect([open?.kind, open?.hosts.map(({ host }) => host)]).toEqual(['allowlisted', ['api.example.com']]);
  expect([published({})?.kind, published({ private_link_configuration_name: 'p' }, '/subscriptions/x/vaults/y')?.kind]).toEqual(['none', 'none']);
});

describe('a translation of the firewall leads its callers on', () => {
  const lets = (to: string, more: object = {}): Blocks => ({ azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: to, destination_port_range: '443', ...more }), ...finalDenies()] } } });
  const translated = (more: object, group = lets('*')) => {
    const nat = { name: 'n', priority: 100, action: 'Dnat', rule: [{ name: 'n', protocols: ['TCP'], source_addresses: ['10.0.1.0/24'], destination_address: '10.0.0.4', destination_ports: ['443'], translated_port: '443', ...more }] };
    const app = review(guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com']), hosts('Deny', ['*'], 300)], nat_rule_collection: [nat] }, group)).verdicts.find(({ place }) => place.id === APP);
    return [app?.kind, ...new Set(app?.hosts.map(({ host }) => host))];
  };
  const LISTED = ['allowlisted', 'a.example.com'];

  test.each<[string, readonly string[], object]>([
    ['to a name outside', [...LISTED, 'Other.example.net'.toLowerCase()], { translated_fqdn: 'Other.example.net' }],
    ['to an address outside', ['allowlisted', '203.1.113.9', 'a.example.com'], { translated_address: '203.1.113.9' }],
    ['to an address inside', LISTED, { translated_address: '10.0.1.9' }],
    ['for somebody else', LISTED, { translated_fqdn: 'other.example.net', source_addresses: ['10.0.2.0/24'] }],
  ])('%s', (_, expected, more) => expect(translated(more)).toEqual(expected));

  test('but not whom the group does not let call it', () => {
    expect(translated({ translated_fqdn: 'other.example.net' }, lets('Internet'))).toEqual(LISTED);
  });

  test.each<[string, readonly string[], string, readonly string[]]>([
    ['UDP by a rule for it', ['UDP'], 'Udp', ['allowlisted', 'other.example.net']],
    ['UDP by a rule for both', ['TCP', 'UDP'], 'Udp', ['allowlisted', 'other.example.net']],
    ['UDP by a rule for any', ['Any'], 'Udp', ['allowlisted', 'other.example.net']],
    ['no UDP by one for TCP', ['TCP'], 'Udp', ['none']],
    ['no TCP by one for UDP', ['UDP'], 'Tcp', ['none']],
  ])('%s', (_, protocols, protocol, expected) => {
    expect(translated({ translated_fqdn: 'other.example.net', protocols }, lets('10.0.0.4/32', { protocol }))).toEqual(expected);
  });
});

test('what sends mail and messages is told; a domain for mail alone sends none', () => {
  const told = (type: string) => review(closedNetwork({ [type]: { m: { name: 'm', resource_group_name: 'r', data_location: 'Europe' } } } as Blocks)).findings.filter(({ rule }) => rule === 'managed-service-egress').map(({ address }) => address);
  expect(told('azurerm_communication_service')).toEqual(['azurerm_communication_service.m']);
  expect(told('azurerm_email_communication_service')).toEqual([]);
});

test('services that call any address which a query names are told, unless they are restricted', () => {
  const told = (value: unknown) => review(closedNetwork({
    azurerm_mssql_server: { s: { outbound_network_restriction_enabled: value } }, azurerm_kusto_cluster: { k: { outbound_network_access_restricted: value } }, azurerm_cognitive_account: { c: { kind: 'OpenAI', outbound_network_access_restricted: value } },
  } as Blocks)).findings.filter((finding) => finding.rule === 'managed-service-egress').map(({ address, message }) => `${address} ${message.replace(/^.* is /, '')}`);
  expect(told(undefined)).toEqual(['azurerm_mssql_server.s not set', 'azurerm_kusto_cluster.k not set', 'azurerm_cognitive_account.c not set']);
  expect(told(false)).toHaveLength(3);
  expect(told('${var.restricted}')[0]).toBe('azurerm_mssql_server.s not known');
  expect(told(true)).toEqual([]);
});
