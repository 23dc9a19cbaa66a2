/**
 * Kinds of resources in Azure's own words, each with the type of azurerm that has the same, and its attributes.
 * https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworks
 */
import type { AttributePath } from './attribute-path';
import { FIREWALL_KINDS } from './azapi-firewalls';
import { at, both, each, isEnabled, isThere, lastOf, listOf, NOTHING, orFalse, texts, together, UNKNOWN, type Part } from './azapi-parts';

/** Attributes of azurerm, each with the one of azapi that it is written in. */
export type Words = Readonly<Record<string, readonly [from: 'body' | 'name' | 'location' | 'parent_id', part: Part]>>;

export interface Azure {
  readonly type: string;
  words(resource: Source): Words;
}

/** A resource as azapi has it. */
export class Source {
  constructor(private readonly values: Part, private readonly body: Part) {}

  own(name: string): Part {
    return at(this.values, name);
  }

  property(...path: AttributePath): Part {
    return at(this.body, 'properties', ...path);
  }

  sku(): Part {
    return at(this.body, 'sku', 'name');
  }
}

/** By the kind, lower case, without its version. */
export const AZURE_KINDS: Readonly<Record<string, Azure>> = {
  ...FIREWALL_KINDS,
  'microsoft.network/virtualnetworks': {
    type: 'azurerm_virtual_network',
    words: (source) => ({
      ...named(source),
      address_space: ['body', addressSpace(source.property('addressSpace'))],
      dns_servers: ['body', source.property('dhcpOptions', 'dnsServers')],
      subnet: ['body', each(source.property('subnets'), (subnet) => ({ name: at(subnet, 'name'), ...subnetOf((...path) => at(subnet, 'properties', ...path)), security_group: at(subnet, 'properties', 'networkSecurityGroup', 'id') }))],
    }),
  },
  'microsoft.network/virtualnetworks/subnets': {
    type: 'azurerm_subnet',
    words: (source) => ({
      name: ['name', source.own('name')],
      virtual_network_name: ['parent_id', source.own('parent_id')],
      ...fromBody({ ...subnetOf((...path) => source.property(...path)), network_security_group_id: source.property('networkSecurityGroup', 'id') }),
    }),
  },
  'microsoft.network/virtualnetworks/virtualnetworkpeerings': {
    type: 'azurerm_virtual_network_peering',
    words: (source) => ({
      name: ['name', source.own('name')],
      virtual_network_name: ['parent_id', source.own('parent_id')],
      ...fromBody({
        remote_virtual_network_id: source.property('remoteVirtualNetwork', 'id'),
        allow_virtual_network_access: source.property('allowVirtualNetworkAccess'),
        allow_forwarded_traffic: source.property('allowForwardedTraffic'),
        allow_gateway_transit: source.property('allowGatewayTransit'),
        use_remote_gateways: source.property('useRemoteGateways'),
        peer_complete_virtual_networks_enabled: source.property('peerCompleteVnets'), only_ipv6_peering_enabled: source.property('enableOnlyIPv6Peering'),
        remote_subnet_names: source.property('remoteSubnetNames'),
      }),
    }),
  },
  'microsoft.network/routetables': {
    type: 'azurerm_route_table',
    words: (source) => ({
      ...named(source),
      disable_bgp_route_propagation: ['body', source.property('disableBgpRoutePropagation')],
      route: ['body', each(source.property('routes'), (route) => ({ name: at(route, 'name'), ...routeOf((...path) => at(route, 'properties', ...path)) }))],
    }),
  },
  'microsoft.network/routetables/routes': {
    type: 'azurerm_route',
    words: (source) => ({ name: ['name', source.own('name')], route_table_name: ['parent_id', source.own('parent_id')], ...fromBody(routeOf((...path) => source.property(...path))) }),
  },
  'microsoft.network/networksecuritygroups': {
    type: 'azurerm_network_security_group',
    words: (source) => ({
      ...named(source),
      security_rule: ['body', each(source.property('securityRules'), (rule) => ({ name: at(rule, 'name'), ...ruleOf((...path) => at(rule, 'properties', ...path)) }))],
    }),
  },
  'microsoft.network/networksecuritygroups/securityrules': {
    type: 'azurerm_network_security_rule',
    words: (source) => ({ name: ['name', source.own('name')], network_security_group_name: ['parent_id', source.own('parent_id')], ...fromBody(ruleOf((...path) => source.property(...path))) }),
  },
  'microsoft.network/privateendpoints': {
    type: 'azurerm_private_endpoint',
    words: (source) => ({
      ...named(source),
      ...fromBody({
        subnet_id: source.property('subnet', 'id'),
        private_service_connection: both(connections(source.property('privateLinkServiceConnections'), false), connections(source.property('manualPrivateLinkServiceConnections'), true)),
        // A resource of its own, which is not read.
        private_dns_zone_group: UNKNOWN,
      }),
    }),
  },
  'microsoft.network/networksecurityperimeters/profiles/accessrules': {
    type: 'azurerm_network_security_perimeter_access_rule',
    words: (source) => ({
      name: ['name', source.own('name')],
      network_security_perimeter_profile_id: ['parent_id', source.own('parent_id')],
      ...fromBody({ direction: source.property('direction'), address_prefixes: source.property('addressPrefixes'), fqdns: source.property('fullyQualifiedDomainNames'), service_tags: source.property('serviceTags') }),
    }),
  },
  ...Object.fromEntries(['links', 'linkReferences'].map((kind) => [`microsoft.network/networksecurityperimeters/${kind.toLowerCase()}`, {
    type: `azurerm_network_security_perimeter_link${kind === 'links' ? '' : '_reference'}`,
    words: (source: Source): Words => ({ name: ['name', source.own('name')], ...fromBody({ auto_approved_remote_perimeter_resource_id: source.property('autoApprovedRemotePerimeterResourceId') }) }),
  } satisfies Azure])),
  'microsoft.network/networksecurityperimeters/resourceassociations': {
    type: 'azurerm_network_security_perimeter_association',
    words: (source) => ({
      name: ['name', source.own('name')],
      ...fromBody({ access_mode: source.property('accessMode'), network_security_perimeter_profile_id: source.property('profile', 'id'), resource_id: source.property('privateLinkResource', 'id') }),
    }),
  },
  ...Object.fromEntries(['', 'topics/', 'domains/', 'systemtopics/'].map((of) => [`microsoft.eventgrid/${of}eventsubscriptions`, {
    type: 'azurerm_eventgrid_event_subscription',
    words: (source: Source): Words => ({ name: ['name', source.own('name')], ...fromBody({ webhook_endpoint: listOf({ url: source.property('destination', 'properties', 'endpointUrl') }) }) }),
  } satisfies Azure])),
  'microsoft.insights/actiongroups': {
    type: 'azurerm_monitor_action_group',
    words: (source) => ({ ...named(source), ...fromBody({ webhook_receiver: each(source.property('webhookReceivers'), (receiver) => ({ service_uri: at(receiver, 'serviceUri') })) }) }),
  },
  'microsoft.containerregistry/registries/webhooks': {
    type: 'azurerm_container_registry_webhook',
    words: (source) => ({ name: ['name', source.own('name')], ...fromBody({ service_uri: source.property('serviceUri') }) }),
  },
  'microsoft.cdn/profiles/origingroups/origins': {
    type: 'azurerm_cdn_frontdoor_origin',
    words: (source) => ({ name: ['name', source.own('name')], ...fromBody({ host_name: source.property('hostName') }) }),
  },
  'microsoft.relay/namespaces/hybridconnections': { type: 'azurerm_relay_hybrid_connection', words: (source) => ({ name: ['name', source.own('name')] }) },
  'microsoft.network/applicationgateways': {
    type: 'azurerm_application_gateway',
    words: (source) => {
      const list = (property: string, words: (property: Property) => Readonly<Record<string, Part>>): Part => each(source.property(property), (element) => ({ name: at(element, 'name'), ...words((...path) => at(element, 'properties', ...path)) }));
      return {
        ...named(source),
        ...fromBody({
          gateway_ip_configuration: list('gatewayIPConfigurations', (property) => ({ subnet_id: property('subnet', 'id') })),
          frontend_ip_configuration: list('frontendIPConfigurations', (property) => ({
            subnet_id: property('subnet', 'id'), private_ip_address: property('privateIPAddress'), public_ip_address_id: property('publicIPAddress', 'id'), private_link_configuration_name: lastOf(property('privateLinkConfiguration', 'id')),
          })),
          frontend_port: list('frontendPorts', (property) => ({ port: property('port') })),
          backend_address_pool: list('backendAddressPools', (property) => ({ fqdns: texts(property('backendAddresses'), 'fqdn'), ip_addresses: texts(property('backendAddresses'), 'ipAddress') })),
          http_listener: together(...['httpListeners', 'listeners'].map((kind) => list(kind, (property) => ({ frontend_ip_configuration_name: lastOf(property('frontendIPConfiguration', 'id')) })))),
          // Those of the second name hand on TCP and TLS.
          request_routing_rule: together(...[['requestRoutingRules', 'httpListener'], ['routingRules', 'listener']].map(([kind, listener]) => list(kind as string, (property) => ({
            http_listener_name: lastOf(property(listener as string, 'id')), backend_address_pool_name: lastOf(property('backendAddressPool', 'id')), url_path_map_name: lastOf(property('urlPathMap', 'id')),
          })))),
        }),
      };
    },
  },
  'microsoft.network/natgateways': { type: 'azurerm_nat_gateway', words: (source) => ({ ...named(source), sku_name: ['body', source.sku()] }) },
  'microsoft.network/publicipaddresses': { type: 'azurerm_public_ip', words: (source) => ({ ...named(source), ip_version: ['body', source.property('publicIPAddressVersion')] }) },
  'microsoft.network/publicipprefixes': { type: 'azurerm_public_ip_prefix', words: (source) => ({ ...named(source), ip_version: ['body', source.property('publicIPAddressVersion')] }) },
  'microsoft.network/privatelinkservices': {
    type: 'azurerm_private_link_service',
    words: (source) => ({ ...named(source), ...fromBody({ destination_ip_address: source.property('destinationIPAddress'), auto_approval_subscription_ids: source.property('autoApproval', 'subscriptions') }) }),
  },
  ...Object.fromEntries([['disks', 'azurerm_managed_disk'], ['snapshots', 'azurerm_snapshot']].map(([kind, type]) => [`microsoft.compute/${kind}`, {
    type: type as string,
    words: (source: Source): Words => ({ ...named(source), ...fromBody({ network_access_policy: source.property('networkAccessPolicy'), public_network_access_enabled: isEnabled(source.property('publicNetworkAccess')) }) }),
  } satisfies Azure])),
  'microsoft.network/bastionhosts': {
    type: 'azurerm_bastion_host',
    words: (source) => ({ ...named(source), ...fromBody({ file_copy_enabled: source.property('enableFileCopy'), tunneling_enabled: source.property('enableTunneling'), shareable_link_enabled: source.property('enableShareableLink') }) }),
  },
  'microsoft.containerregistry/registries': {
    type: 'azurerm_container_registry',
    words: (source) => ({
      ...named(source),
      ...fromBody({ anonymous_pull_enabled: source.property('anonymousPullEnabled'), public_network_access_enabled: isEnabled(source.property('publicNetworkAccess')), export_policy_enabled: isEnabled(source.property('policies', 'exportPolicy', 'status')) }),
    }),
  },
  'microsoft.storage/storageaccounts': {
    type: 'azurerm_storage_account',
    words: (source) => ({
      ...named(source),
      ...fromBody({
        public_network_access_enabled: isEnabled(source.property('publicNetworkAccess')),
        // Of azurerm it is on by default, of Azure it is off. https://learn.microsoft.com/rest/api/storagerp/storage-accounts/create
        allow_nested_items_to_be_public: orFalse(source.property('allowBlobPublicAccess')),
        cross_tenant_replication_enabled: source.property('allowCrossTenantReplication'), https_traffic_only_enabled: source.property('supportsHttpsTrafficOnly'), min_tls_version: source.property('minimumTlsVersion'),
        network_rules: listOf({ default_action: source.property('networkAcls', 'defaultAction'), ip_rules: texts(source.property('networkAcls', 'ipRules'), 'value') }),
      }),
    }),
  },
  'microsoft.keyvault/vaults': {
    type: 'azurerm_key_vault',
    words: (source) => ({ ...named(source), ...fromBody({ public_network_access_enabled: isEnabled(source.property('publicNetworkAccess')), network_acls: listOf({ default_action: source.property('networkAcls', 'defaultAction') }) }) }),
  },
  'microsoft.sql/servers': {
    type: 'azurerm_mssql_server',
    words: (source) => ({
      ...named(source),
      ...fromBody({ public_network_access_enabled: isEnabled(source.property('publicNetworkAccess')), outbound_network_restriction_enabled: isEnabled(source.property('restrictOutboundNetworkAccess')) }),
    }),
  },
  'microsoft.web/connections': { type: 'azurerm_api_connection', words: (source) => ({ ...named(source), ...fromBody({ managed_api_id: source.property('api', 'id') }) }) },
  'microsoft.network/dnsforwardingrulesets/forwardingrules': {
    type: 'azurerm_private_dns_resolver_forwarding_rule',
    words: (source) => ({
      name: ['name', source.own('name')],
      ...fromBody({ domain_name: source.property('domainName'), target_dns_servers: each(source.property('targetDnsServers'), (server) => ({ ip_address: at(server, 'ipAddress') })), enabled: isEnabled(source.property('forwardingRuleState')) }),
    }),
  },
  'microsoft.managedservices/registrationdefinitions': {
    type: 'azurerm_lighthouse_definition',
    words: (source) => ({ name: ['name', source.own('name')], scope: ['parent_id', source.own('parent_id')], ...fromBody({ managing_tenant_id: source.property('managedByTenantId') }) }),
  },
};

type Property = (...path: AttributePath) => Part;

function subnetOf(property: Property): Readonly<Record<string, Part>> {
  return {
    address_prefixes: prefixes(property('addressPrefixes'), property('addressPrefix'), property('ipamPoolPrefixAllocations')),
    default_outbound_access_enabled: property('defaultOutboundAccess'),
    route_table_id: property('routeTable', 'id'),
    nat_gateway_id: property('natGateway', 'id'),
    service_endpoints: texts(property('serviceEndpoints'), 'service'),
    service_endpoint_policy_ids: texts(property('serviceEndpointPolicies'), 'id'),
    private_endpoint_network_policies: property('privateEndpointNetworkPolicies'),
    delegation: each(property('delegations'), (delegation) => ({ service_delegation: listOf({ name: at(delegation, 'properties', 'serviceName') }) })),
  };
}

function routeOf(property: Property): Readonly<Record<string, Part>> {
  return { address_prefix: property('addressPrefix'), next_hop_type: property('nextHopType'), next_hop_in_ip_address: property('nextHopIpAddress') };
}

function ruleOf(property: Property): Readonly<Record<string, Part>> {
  const sides = ['source', 'destination'].flatMap((side): [string, Part][] => [
    [`${side}_address_prefix`, property(`${side}AddressPrefix`)], [`${side}_address_prefixes`, property(`${side}AddressPrefixes`)],
    [`${side}_port_range`, property(`${side}PortRange`)], [`${side}_port_ranges`, property(`${side}PortRanges`)],
    [`${side}_application_security_group_ids`, texts(property(`${side}ApplicationSecurityGroups`), 'id')],
  ]);
  return { access: property('access'), direction: property('direction'), priority: property('priority'), protocol: property('protocol'), ...Object.fromEntries(sides) };
}

function connections(list: Part, isManual: boolean): Part {
  return each(list, (connection) => ({
    private_connection_resource_id: at(connection, 'properties', 'privateLinkServiceId'), subresource_names: at(connection, 'properties', 'groupIds'), is_manual_connection: { value: isManual, unknown: undefined },
  }));
}

/** In a group of resources, which its parent's id names last. */
function named(source: Source): Words {
  return { name: ['name', source.own('name')], location: ['location', source.own('location')], resource_group_name: ['parent_id', lastOf(source.own('parent_id'))] };
}

function fromBody(parts: Readonly<Record<string, Part>>): Words {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, ['body', part] as const]));
}

/** What a pool of addresses is going to hand out is in no plan. */
function addressSpace(space: Part): Part {
  return prefixes(at(space, 'addressPrefixes'), NOTHING, at(space, 'ipamPoolPrefixAllocations'));
}

function prefixes(several: Part, one: Part, pool: Part): Part {
  if (isThere(several)) return several;
  if (one.unknown === true || typeof one.value === 'string') return one.unknown === true ? UNKNOWN : { value: [one.value ?? null], unknown: undefined };
  return isThere(pool) ? UNKNOWN : NOTHING;
}
