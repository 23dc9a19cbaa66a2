/** The stack as a whole: what it makes, in which order, and what a change of the policy leaves alone. */
import { parse, stringify } from 'yaml';
import { all, named, policyText, SEALED, synthesizeAzure, synthesizeParts, type AzureSynthesis } from './synthesis';
import { AzureEgressControl } from '../../../blueprints/azure/egress-control';

let full: AzureSynthesis;
beforeAll(() => {
  full = synthesizeAzure(policyText());
});

describe('a policy without hosts', () => {
  test('makes no hub, no firewall, no peering, no public address and no route out', () => {
    const stack = synthesizeAzure(SEALED).json();
    for (const type of ['firewall', 'firewall_policy', 'firewall_policy_rule_collection_group', 'public_ip', 'virtual_network_peering', 'nat_gateway']) {
      expect(all(stack, `azurerm_${type}`)).toEqual([]);
    }
    expect(all(stack, 'azurerm_virtual_network')).toHaveLength(1);
    expect(all(stack, 'azurerm_virtual_network')[0]!.dns_servers).toEqual([]);
    const hops = all(stack, 'azurerm_route_table').map(({ tags, route }) => [tags.tier, route.map((each: any) => each.next_hop_type)]);
    expect(hops.filter(([tier]) => tier !== 'public').every(([, next]) => next.join() === 'None')).toBe(true);
    expect(stack.output).not.toHaveProperty('firewall_id');
  });

  test('links its zones to the spoke, and says that DNS stays open', () => {
    const { stack, json } = synthesizeAzure(SEALED);
    expect(all(json(), 'azurerm_private_dns_zone_virtual_network_link').every(({ name }) => name === 'acme-prod-spoke')).toBe(true);
    expect(stack.summary.residualRisks.map(({ id }) => id)).toEqual(['answers-leave', 'cloud-administration', 'dns-tunnelling', 'platform-addresses']);
  });
});

test('an endpoint for a resource of another subscription is told, one of the own is not', () => {
  const vault = (subscription: string) => `/subscriptions/${subscription}/resourceGroups/acme/providers/Microsoft.KeyVault/vaults/acme`;
  const risks = (...ids: string[]) => synthesizeAzure(policyText((policy) => { policy.environments[0].azure.privateEndpoints = { secrets: ids }; })).stack.summary.residualRisks;
  const own = '00000000-0000-0000-0000-000000000000';
  const other = '33333333-3333-3333-3333-333333333333';
  expect(risks(vault(own), vault(other)).find(({ id }) => id === 'endpoints-elsewhere')?.summary).toContain(`another subscription, ${other}:`);
  expect(risks(vault(own)).map(({ id }) => id)).not.toContain('endpoints-elsewhere');
  const storage = synthesizeAzure(policyText((policy) => { policy.environments[0].azure.serviceEndpoints = { segments: ['ledger'], storageAccounts: [`/subscriptions/${other}/resourceGroups/acme/providers/Microsoft.Storage/storageAccounts/acme`] }; }));
  expect(storage.stack.summary.residualRisks.find(({ id }) => id === 'endpoints-elsewhere')?.summary).toContain(`another subscription, ${other}:`);
});

test('an endpoint of a resource whose name has a hyphen where it is cut', () => {
  const id = `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/acme/providers/Microsoft.Sql/servers/${'a'.repeat(30)}-b`;
  const { json } = synthesizeAzure(policyText((policy) => { policy.privateServices = ['database']; policy.environments[0].azure.privateEndpoints = { database: [id] }; }));
  expect(all(json(), 'azurerm_private_endpoint').map(({ name }) => name)).toEqual([expect.stringMatching(/^acme-prod-database-a{30}-[0-9a-f]{8}$/)]);
});

test('a resource of another kind than its service is refused before anything is made', () => {
  const id = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/acme/providers/Microsoft.Storage/storageAccounts/acme';
  const text = policyText((policy) => { policy.environments[0].azure.privateEndpoints = { secrets: [id] }; });
  expect(() => synthesizeAzure(text)).toThrow(/storageAccounts\/acme' is not of the kind Microsoft\.KeyVault\/vaults, which 'secrets' stands for/);
});

describe('stability', () => {
  test('the order of lists in the policy changes not one byte', () => {
    const reversed = (value: any): any => (Array.isArray(value) ? value.map(reversed).reverse()
      : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).reverse().map(([key, each]) => [key, reversed(each)])) : value);
    expect(synthesizeAzure(stringify(reversed(parse(policyText())))).text).toBe(full.text);
  });

  test.each<[string, (policy: any) => void]>([
    ['a host', (policy) => policy.allow.push({ host: 'a.first.com', from: ['payments'], owner: 'x', reason: 'x' })],
    ['the first host of a segment', (policy) => policy.allow.push({ host: 'a.first.com', from: ['reporting'], owner: 'x', reason: 'x' })],
    ['a segment', (policy) => policy.segments.unshift({ name: 'aaa', tier: 'private', accepts: [{ from: 'edge', ports: [9000] }] })],
    ['a service', (policy) => policy.privateServices.unshift('database')],
  ])('adding %s moves no address, no prefix, no priority', (_, edit) => {
    const before = places(full);
    const after = new Map(places(synthesizeAzure(policyText(edit), full.lock)));
    expect(before.filter(([address, place]) => after.get(address) !== place)).toEqual([]);
  });

  test('with other zones only the public address has another name, as it keeps its own for life', () => {
    const after = new Map(places(synthesizeAzure(policyText((policy) => { policy.environments[0].azure.zones = [1, 2]; }), full.lock)));
    expect(places(full).filter(([address, place]) => after.get(address) !== place).map(([address]) => address)).toEqual([expect.stringMatching(/^azurerm_public_ip\./)]);
  });

  test('the first host of a network changes routes and servers in place', () => {
    const sealed = synthesizeAzure(SEALED);
    const opened = synthesizeAzure(policyText(), sealed.lock);
    const after = new Map(places(opened));
    expect(places(sealed).filter(([address]) => !after.has(address))).toEqual([]);
  });
});

/** Addresses, and what places a resource: prefixes, priorities of groups and of each rule by name. */
function places({ json }: AzureSynthesis): [string, string][] {
  return Object.entries(json().resource!).flatMap(([type, instances]) => Object.entries(instances).flatMap(([name, config]): [string, string][] => [
    [`${type}.${name}`, JSON.stringify([config.name, config.address_prefixes, config.address_space, config.priority])],
    ...(config.security_rule ?? []).map((rule: any): [string, string] => [`${type}.${name}/${rule.name}`, String(rule.priority)]),
  ]));
}

describe('names and limits that Azure checks', () => {
  test('names are short enough and made of the letters that Azure takes', () => {
    const long = policyText((policy) => {
      policy.organization = 'o'.repeat(20);
      policy.environments[0].name = 'prod';
      policy.segments.push({ name: 's'.repeat(20), tier: 'private', accepts: [{ from: 'payments', ports: [1] }] });
    });
    for (const [type, instances] of Object.entries(synthesizeAzure(long).json().resource!)) {
      for (const config of Object.values(instances)) {
        if (typeof config.name !== 'string' || config.name.startsWith('$')) continue;
        const longest = type === 'azurerm_storage_account' ? 24 : type === 'azurerm_log_analytics_workspace' ? 63 : type === 'azurerm_virtual_network' ? 64 : 80;
        expect(config.name.length).toBeLessThanOrEqual(longest);
        expect(config.name).toMatch(type === 'azurerm_storage_account' ? /^[a-z0-9]{3,24}$/ : /^[a-zA-Z0-9][a-zA-Z0-9._-]*[a-zA-Z0-9_]$/);
        for (const { name, description } of config.security_rule ?? []) {
          expect(name.length).toBeLessThanOrEqual(80);
          expect(description.length).toBeLessThanOrEqual(140);
        }
      }
    }
  });

  test('addresses in Terraform are made of letters, digits, - and _', () => {
    for (const instances of Object.values(full.json().resource!)) for (const name of Object.keys(instances)) expect(name).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  test('a storage account is another one in another subscription', () => {
    const other = synthesizeAzure(policyText((policy) => { policy.environments[0].azure.subscription = '11111111-1111-1111-1111-111111111111'; }));
    expect(all(other.json(), 'azurerm_storage_account')[0]!.name).not.toBe(all(full.json(), 'azurerm_storage_account')[0]!.name);
  });
});

describe('order', () => {
  test('the firewall waits for its rules, the rules for the deny, the peering for filtered subnets', () => {
    const stack = full.json();
    expect(named(stack, 'azurerm_firewall', 'acme-prod-egress').depends_on).toHaveLength(3);
    expect(named(stack, 'azurerm_firewall_policy_rule_collection_group', 'segment-payments').depends_on).toEqual([expect.stringContaining('deny-all')]);
    expect(named(stack, 'azurerm_firewall_policy_rule_collection_group', 'segment-platform').depends_on).toEqual([expect.stringContaining('payments')]);
    expect(named(stack, 'azurerm_virtual_network_peering', 'acme-prod-to-hub').depends_on).toHaveLength(6);
    expect(named(stack, 'azurerm_virtual_network_peering', 'acme-prod-to-spoke').depends_on).toEqual([expect.stringContaining('to-hub')]);
  });

  test('the references make no circle', () => {
    const stack = full.json();
    const edges = new Map(Object.entries(stack.resource!).flatMap(([type, instances]) => Object.entries(instances).map(([name, config]): [string, string[]] => [
      `${type}.${name}`, [...JSON.stringify(config).matchAll(/(azurerm_\w+\.[\w-]+)/g)].map(([reference]) => reference),
    ])));
    const done = new Set<string>();
    const visit = (node: string, path: readonly string[]) => {
      expect(path).not.toContain(node);
      if (done.has(node)) return;
      for (const next of edges.get(node) ?? []) if (edges.has(next) && next !== node) visit(next, [...path, node]);
      done.add(node);
    };
    for (const node of edges.keys()) visit(node, []);
  });
});

test('the egress control stands alone: no network, only plain data', () => {
  const stack = synthesizeParts((parts) => {
    const control = new AzureEgressControl(parts, 'egress', {
      name: 'hub', location: 'westeurope', rules: full.policy.allow.filter(({ clouds }) => clouds.includes('azure')),
      segments: full.policy.segments.map(({ name, slot }) => ({ name, slot, cidrs: [`10.${slot}.0.0/16`, `10.${slot + 100}.0.0/16`] })),
      hubAddressSpace: ['10.0.0.0/22'], firewallSubnetCidr: '10.0.0.0/26',
      flowLogs: { networkWatcherName: 'w', networkWatcherResourceGroupName: 'w', storageAccountId: 's', workspaceResourceId: 'r', workspaceGuid: 'g', workspaceRegion: 'westeurope', retentionDays: 400 },
    });
    expect(control.protectedSegments).toEqual(['payments', 'platform']);
  });
  expect(Object.keys(stack.resource!)).not.toContain('azurerm_virtual_network_peering');
  expect(all(stack, 'azurerm_ip_group').find(({ tags }) => tags?.segment === 'payments')!.cidrs).toHaveLength(2);
});

test('50 segments and 10,000 hosts synthesize', () => {
  const text = policyText((policy) => {
    policy.segments = Array.from({ length: 50 }, (_, index) => ({ name: `s${index}`, tier: 'private', accepts: [{ from: `s${(index + 1) % 50}`, ports: [8000 + index] }] }));
    policy.allow = Array.from({ length: 10_000 }, (_, index) => ({ host: `h${index}.x${index}.com`, from: [`s${index % 50}`], owner: 'x', reason: 'x' }));
  });
  const { policy } = synthesizeAzure(text);
  expect(policy.allow).toHaveLength(10_000);
}, 60_000);

