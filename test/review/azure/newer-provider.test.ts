/** What azurerm 5 writes in other words: it means the same, and what is only shown decides nothing. */
import { parsePlan } from '../../../review/plan/load';
import { review as reviewAll } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { existingNetwork, existingPlan, existingState, idOf, routeValues, ruleValues, type Existing, type Values } from './existing-network';
import { closedNetwork, guardedNetwork, hosts, merge, openNetwork, subnet } from './small-stack';
import { review } from './reviewed';

const APP = 'azurerm_subnet.app';
const SHOWN = { network_security_group_id: idOf('networkSecurityGroups/app'), route_table_id: idOf('routeTables/app') };
const verdictsOf = (text: string) => Object.fromEntries(reviewAll({ inputs: [parsePlan(text, 'plan.json')], today: TODAY }).verdicts.map(({ place, verdict }) => [place, verdict]));
const closedBy = { group: { rules: [ruleValues()], routes: [routeValues({ next_hop_type: 'Internet' })] }, table: { rules: [ruleValues({ name: 'allow', access: 'Allow' })], routes: [routeValues()] } };

/** The network as azurerm 5 plans it: the subnet shows what it was given. */
function shown(closed: { rules: readonly Values[]; routes: readonly Values[] }, edit: (resource: Existing) => Existing | undefined = (resource) => resource): readonly Existing[] {
  return existingNetwork(closed).flatMap((each) => edit(each.address === APP ? { ...each, after: { ...each.after, ...SHOWN } } : each) ?? []);
}
const isAssociation = ({ address }: Existing) => /association/.test(address);
const deleted = (resource: Existing): Existing => ({ address: resource.address, before: resource.after! });

describe('what a subnet shows of its group and its table', () => {
  test('a first plan does not know it, and the associations say it', () => {
    const unknown = { network_security_group_id: true, route_table_id: true };
    const first = existingNetwork(closedBy.group).map((each) => (each.address === APP ? { ...each, unknown } : each));
    expect(verdictsOf(existingPlan(first))).toEqual({ [APP]: 'none' });
  });

  test.each([['group', 'network_security_group'], ['table', 'route_table']] as const)('is there for as long as its association: the %s', (what, of) => {
    expect(verdictsOf(existingPlan(shown(closedBy[what])))).toEqual({ [APP]: 'none' });
    expect(verdictsOf(existingPlan(shown(closedBy[what], (each) => (each.address.includes(`${of}_association`) ? deleted(each) : each))))).toEqual({ [APP]: 'open' });
  });

  test('what another plan gave it may lead out: a NAT gateway, a table', () => {
    const closed = { rules: [ruleValues({ name: 'allow', access: 'Allow', protocol: 'Udp' }), ruleValues({ priority: 4096 })], routes: [routeValues()] };
    const machine: readonly Existing[] = [
      { address: 'azurerm_network_interface.m', after: { id: idOf('networkInterfaces/m'), name: 'm', ip_configuration: [{ name: 'i', subnet_id: idOf('virtualNetworks/main/subnets/app'), public_ip_address_id: '' }] } },
      { address: 'azurerm_linux_virtual_machine.m', after: { id: idOf('virtualMachines/m'), name: 'm', network_interface_ids: [idOf('networkInterfaces/m')] } },
    ];
    const showing = (values: Values) => verdictsOf(existingPlan([...machine, ...existingNetwork(closed).filter(({ address }) => !address.includes('route_table')).map((each) => (
      each.address === APP ? { ...each, after: { ...each.after, route_table_id: '', default_outbound_access_enabled: false, ...values } } : each))]))['azurerm_linux_virtual_machine.m'];
    expect(showing({})).toBe('none');
    expect(showing({ nat_gateway_id: idOf('natGateways/theirs') })).toBe('open');
    expect(showing({ route_table_id: idOf('routeTables/theirs') })).toBe('unknown');
  });

  test('a state shows all there is', () => {
    expect(verdictsOf(existingState(shown(closedBy.group, (each) => (isAssociation(each) ? undefined : each))))).toEqual({ [APP]: 'none' });
    expect(verdictsOf(existingState(existingNetwork(closedBy.group).filter((each) => !isAssociation(each))))).toEqual({ [APP]: 'open' });
  });

  describe('given by attributes that no plan shows', () => {
    const given = (version: number | null, values: Values = {}) => (each: Existing): Existing | undefined => {
      if (isAssociation(each)) return undefined;
      if (each.address !== APP) return each;
      return {
        ...each,
        after: { ...each.after, ...values, network_security_group_id_wo: null, network_security_group_id_wo_version: version, route_table_id_wo: null, route_table_id_wo_version: version },
        written: { ...each.written, network_security_group_id_wo: ['azurerm_network_security_group.app.id'], network_security_group_id_wo_version: true, route_table_id_wo: ['azurerm_route_table.app.id'], route_table_id_wo_version: true },
      };
    };
    test.each(['group', 'table'] as const)('the %s counts', (what) => {
      expect(verdictsOf(existingPlan(shown(closedBy[what], given(1))))).toEqual({ [APP]: 'none' });
    });
    test('without their version they say nothing', () => {
      expect(verdictsOf(existingPlan(shown(closedBy.group, given(null))))).toEqual({ [APP]: 'open' });
    });
    test('what it shows is of before, when another is given', () => {
      const other = { network_security_group_id: idOf('networkSecurityGroups/old') };
      expect(verdictsOf(existingPlan(shown(closedBy.group, given(2, other))))).toEqual({ [APP]: 'none' });
    });
    test('from another plan, it is not known', () => {
      const elsewhere = (each: Existing): Existing | undefined => {
        const found = given(1)(each);
        return found?.address === APP ? { ...found, written: { ...found.written, network_security_group_id_wo: ['var.group'] } } : found;
      };
      expect(verdictsOf(existingPlan(shown(closedBy.group, elsewhere)))).toEqual({ [APP]: 'unknown' });
    });
  });
});

describe('service endpoints as blocks', () => {
  const list = { service_endpoints: ['Microsoft.Storage', 'Microsoft.KeyVault'] };
  const blocks = { service_endpoint: [{ service: 'Microsoft.Storage' }, { service: 'Microsoft.KeyVault' }] };
  const rules = { application_rule_collection: [hosts('Allow', ['api.example.com'])] };
  const seen = (source: object) => {
    const { verdicts, findings } = review(source);
    return { verdicts: verdicts.map(({ place, family, kind }) => `${place.id} ${family} ${kind}`), findings };
  };

  test.each<[string, (more: object) => object]>([
    ['behind a firewall', (more) => guardedNetwork(rules, { azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), ...more }, firewall: { ...subnet('10.0.0.0/26'), name: 'AzureFirewallSubnet' } } })],
    ['with a policy', (more) => guardedNetwork(rules, { azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), ...more, service_endpoint_policy_ids: ['${azurerm_subnet_service_endpoint_storage_policy.main.id}'] }, firewall: { ...subnet('10.0.0.0/26'), name: 'AzureFirewallSubnet' } } })],
    ['inside a network', (more) => openNetwork(merge({ azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/16'], subnet: [{ name: 'inside', address_prefixes: ['10.0.9.0/24'], ...more }] } } }, {}))],
  ])('mean what a list means: %s', (_, made) => {
    expect(seen(made(blocks))).toEqual(seen(made(list)));
    expect(seen(made(blocks))).not.toEqual(seen(made({})));
  });

  test('blocks that are not known may be any', () => {
    const [first, app, ...rest] = existingNetwork({ rules: [ruleValues({ name: 'storage', access: 'Allow', destination_address_prefix: 'Storage', destination_port_range: '443', protocol: 'Tcp' }), ruleValues({ priority: 200 })], routes: [routeValues()] });
    const plan = (unknown: Values) => verdictsOf(existingPlan([first!, { ...app!, unknown, before: { ...app!.after } }, ...rest]));
    expect(plan({})).toEqual({ [APP]: 'none' });
    expect(plan({ service_endpoint: true })).toEqual({ [APP]: 'unknown' });
  });
});

test('a link names its zone by id', () => {
  const network = (link: object) => closedNetwork({
    azurerm_private_dns_zone: { blob: { name: 'privatelink.blob.core.windows.net' } },
    azurerm_private_dns_zone_virtual_network_link: { blob: { name: 'main', virtual_network_id: '${azurerm_virtual_network.main.id}', ...link } },
  });
  const linked = (link: object) => review(network(link)).model.dnsZones.map(({ networks }) => networks.map(({ address }) => address));
  expect(linked({ private_dns_zone_name: '${azurerm_private_dns_zone.blob.name}' })).toEqual([['azurerm_virtual_network.main']]);
  expect(linked({ private_dns_zone_id: '${azurerm_private_dns_zone.blob.id}' })).toEqual([['azurerm_virtual_network.main']]);
});

test.each<[object, boolean]>([
  [{ internet_ingestion_access_type: 'Disabled', internet_query_access_type: 'Disabled' }, false],
  [{ internet_ingestion_access_type: 'SecuredByPerimeter', internet_query_access_type: 'Disabled' }, false],
  [{ internet_ingestion_access_type: 'Disabled', internet_query_access_type: 'Enabled' }, true],
  [{ internet_ingestion_enabled: false, internet_query_enabled: false }, false],
  [{}, true],
])('a workspace that says who reaches it in a word: %j', (values, found) => {
  expect(review(closedNetwork({ azurerm_log_analytics_workspace: { main: { name: 'main', ...values } } })).rules.includes('workspace-public-access')).toBe(found);
});
