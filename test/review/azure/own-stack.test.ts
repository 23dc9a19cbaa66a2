/** Our own Azure stack: no finding and the right verdict; each mutation of the contract suite is caught. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planStacks } from '../../../providers/offline/plan';
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import type { ReviewResult } from '../../../review/result';
import { review as judge } from '../../../review/review';
import { HUB, OPTIONS, optionsText, SPOKE } from '../../blueprints/azure/options';
import { synthesizeAzure } from '../../blueprints/azure/synthesis';
import { mutations } from '../../contract/azure.observer';
import type { SynthesizedStack } from '../../contract/observation';
import { OPTION_MUTATIONS } from '../../contract/azure/mutations-options';
import { fixture, synthesized, TODAY, type Synthesized } from '../../fixtures/stacks';
import { testWithTerraform } from '../../fixtures/terraform';
import { asPlan, type Resources } from '../as-plan';
import { asStacks, differences } from '../split-stacks';
import { EDITS } from './own-stack-edits';
import { review, type Reviewed } from './reviewed';

/** A plan does not carry the settings of providers: they can hold credentials. */
const NOT_IN_A_PLAN = ['subscription-not-pinned'];

const EXPECTED = {
  edge: ['none', []],
  ledger: ['none', []],
  payments: ['allowlisted', ['151.101.1.69/32', '151.101.64.0/24', 'api.stripe.com', 'status.stripe.com']],
  platform: ['allowlisted', ['*.docker.io', 'deb.debian.org', 'status.stripe.com']],
  reporting: ['none', []],
};

let full: Synthesized;
beforeAll(async () => {
  full = await synthesized(fixture('full'));
});

function segments({ verdicts }: Reviewed): Record<string, unknown> {
  return Object.fromEntries(verdicts.filter(({ place }) => place.segment).map(({ place, kind, hosts }) => [place.segment, [kind, [...new Set(hosts.map(({ host }) => host))]]]));
}

test('the synthesized stack has no finding and the verdicts of the policy', () => {
  const reviewed = review(full.texts['azure-prod']!, full.policy);
  expect(reviewed.findings).toEqual([]);
  expect(segments(reviewed)).toEqual(EXPECTED);
});

test.each([
  ['a policy without hosts', () => fixture('closed').replace(/aws: \{.*\}/, 'azure: { region: westeurope, cidr: 10.99.0.0/20, subscription: 00000000-0000-0000-0000-000000000000 }')],
  ['the example policy', () => fixture('example')],
])('%s has no finding', async (_, text) => {
  const { policy, texts } = await synthesized(text());
  const stacks = Object.entries(texts).filter(([name]) => name.startsWith('azure'));
  expect(stacks.length).toBeGreaterThan(0);
  for (const [, stack] of stacks) {
    const reviewed = review(stack, policy);
    expect(reviewed.findings).toEqual([]);
    for (const { kind, place } of reviewed.verdicts) expect([place.id, kind]).toEqual([place.id, policy.allow.some(({ segments: from }) => from.includes(place.segment ?? '')) ? 'allowlisted' : 'none']);
  }
});

test('a spoke that exists, with a firewall of its own: rules for addresses that no plan tells are no finding, a host of nobody is one', () => {
  const { policy, text } = synthesizeAzure(optionsText({ spoke: SPOKE(Object.keys(EXPECTED).sort()) }));
  const reviewed = review(text, policy);
  expect(reviewed.findings).toEqual([]);
  expect(Object.fromEntries(Object.entries(segments(reviewed)).map(([segment, [kind]]: any) => [segment, kind]))).toEqual(Object.fromEntries(Object.entries(EXPECTED).map(([segment, [kind]]) => [segment, kind])));
  expect(review(text.replace('deb.debian.org', 'deb.example.org'), policy).rules).toEqual(['plan-and-policy-disagree']);
});

const CLUSTER = { segment: 'platform', addOns: ['os-updates'], adminGroups: ['22222222-2222-2222-2222-222222222222'] };
const STORAGE = { segments: ['reporting', 'platform'], storageAccounts: ['/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/x/providers/Microsoft.Storage/storageAccounts/acme'] };
test.each<[string, Record<string, unknown>]>([
  ["a cluster whose rules are in a hub's policy", { kubernetes: CLUSTER, hub: HUB }],
  ['a cluster in a network that exists', { kubernetes: CLUSTER, spoke: SPOKE(Object.keys(EXPECTED).sort()) }],
  ['a cluster in a network and behind a firewall that exist', { kubernetes: CLUSTER, hub: HUB, spoke: SPOKE(Object.keys(EXPECTED).sort()) }],
  ['storage by a service endpoint, and the rest to a hub', { serviceEndpoints: STORAGE, hub: HUB }],
])('%s is no finding', (_, change) => {
  const { policy, text } = synthesizeAzure(optionsText(change));
  const { findings } = review(text, policy);
  expect(findings).toEqual([]);
});

test("the tag of a cluster's names for another segment stays a finding, in a network that exists and in a hub's policy", () => {
  const spoke = SPOKE(Object.keys(EXPECTED).sort());
  for (const [change, rule] of [[{ kubernetes: CLUSTER, spoke }, 'wide-firewall-rule'], [{ kubernetes: CLUSTER, hub: HUB, spoke }, 'way-out-elsewhere']] as const) {
    const { policy, json } = synthesizeAzure(optionsText(change));
    const stack = json();
    for (const group of Object.values<any>(stack.resource!.azurerm_ip_group!)) if (group.tags.segment === 'platform') group.cidrs = [spoke.subnets['payments']!.cidr];
    expect(review(stack, policy).rules).toContain(rule);
  }
});

test.each([
  ['application rule for anybody', 'way-out-elsewhere'],
  ['an IP group with the whole network in it', 'way-out-elsewhere'],
  ['the internet let in by translation', 'firewall-dnat'],
  ["Azure's resolver left open", 'platform-dns-open'],
  ['names resolved by somebody else', 'dns-bypasses-firewall'],
])("caught behind a hub of others: %s", (name, rule) => {
  const { policy, json } = synthesizeAzure(optionsText({ hub: HUB }));
  const stack = json();
  expect(review(stack, policy).findings).toEqual([]);
  mutations.find((each) => each.name === name)!.mutate(stack);
  expect(review(stack, policy).rules).toContain(rule);
});

test.each(['a hub', 'a hub, and storage by a service endpoint'])('caught behind a hub of others: no routes that lead there (%s)', (name) => {
  const { policy, json } = synthesizeAzure(optionsText(name === 'a hub' ? { hub: HUB } : { hub: HUB, serviceEndpoints: STORAGE }));
  const stack = json();
  for (const table of Object.values<any>(stack.resource!.azurerm_route_table!)) table.route = [];
  delete stack.resource!.azurerm_route;
  expect(review(stack, policy).rules).toContain('wide-group-egress');
});

describe('with options', () => {
  const made = new Map<string, ReturnType<typeof synthesizeAzure>>();
  const synthesis = (option: string) => {
    if (!made.has(option)) made.set(option, synthesizeAzure(OPTIONS[option]!));
    return made.get(option)!;
  };
  /** Where packets go on to something that is not in the plan, nobody knows what it lets out. */
  const UNKNOWN = ['parent', 'hub-and-spoke', 'hub-of-others'];

  test.each(Object.keys(OPTIONS))('%s: no finding, and the right verdicts', (option) => {
    const { policy, text } = synthesis(option);
    const reviewed = review(text, policy);
    expect(reviewed.findings).toEqual([]);
    for (const { place, kind } of reviewed.verdicts.filter((verdict) => verdict.place.segment !== undefined)) {
      const hosted = ['payments', 'platform'].includes(place.segment!);
      expect([place.segment, kind]).toEqual([place.segment, !hosted ? 'none' : UNKNOWN.includes(option) ? 'unknown' : 'allowlisted']);
    }
    expect(new Set(reviewed.verdicts.flatMap(({ place }) => place.segment ?? []))).toEqual(new Set(['edge', 'ledger', 'payments', 'platform', 'reporting']));
  });

  test.each(OPTION_MUTATIONS.map((mutation) => [`${mutation.option}: ${mutation.name}`, mutation] as const))('caught: %s', (_, { option, mutate, fault }) => {
    const { policy, json } = synthesis(option);
    const stack = json();
    mutate(stack);
    // Some are faults only by what the policy says.
    expect([...review(stack).rules, ...review(stack, policy).rules]).toContain(fault);
  });

  test.each(EDITS)('caught: %s: %s', (option, _, fault, edit) => {
    const { policy, json } = synthesis(option);
    const stack = json();
    edit(stack.resource!);
    expect(review(stack, policy).rules).toContain(fault);
  });
});

test.each(['full', 'hub-and-spoke'])('in three files that are one network nothing is told otherwise: %s', (option) => {
  expect(differences(option === 'full' ? full.stack('azure-prod') : synthesizeAzure(OPTIONS[option]!).json(), 3, TODAY)).toEqual([]);
});

test('nodes of a cluster, in the stack beside the network: each reaches what its segment does, and nobody knows in another subscription', async () => {
  const made = await synthesized(fixture('example').replace('cluster: { cni: acns,', 'cluster: { name: main, nodes: { machine: Standard_D4s_v5 }, cni: acns,'));
  const planOf = ({ resource = {}, provider }: SynthesizedStack) => {
    const plan = asPlan(resource);
    return { ...plan, configuration: { ...plan.configuration, provider_config: { azurerm: { expressions: { subscription_id: { constant_value: (provider as any).azurerm[0].subscription_id } } } } } };
  };
  const files = (edit: (text: string) => string = (text) => text) => ['azure-prod', 'azure-prod-kubernetes'].map((name) => parsePlan((name === 'azure-prod' ? String : edit)(JSON.stringify(planOf(made.stack(name)))), `${name}.json`));
  const judged = (inputs: readonly PlanFile[]) => judge({ inputs, policy: made.policy, today: TODAY, together: true });
  const nodes = (result: ReviewResult) => Object.fromEntries(result.verdicts.filter(({ place }) => place.includes('node_pool')).map(({ segment, verdict }) => [segment, verdict]));
  const sound = judged(files());
  expect([nodes(sound), sound.findings]).toEqual([{ edge: 'none', payments: 'allowlisted', platform: 'allowlisted' }, []]);
  const elsewhere = judged(files((text) => text.replaceAll('/subscriptions/0', '/subscriptions/1')));
  expect(Object.values(nodes(elsewhere))).toEqual(['unknown', 'unknown', 'unknown']);
});

test('an address that a firewall of another file has is of that one where the networks are peered', () => {
  const ref = (type: string, name: string, attribute = 'id') => `\${${type}.${name}.${attribute}}`;
  const network = (name: string, range: string) => ({ azurerm_virtual_network: { [name]: { name, resource_group_name: name, location: 'x', address_space: [range] } } });
  const subnet = (name: string, of: string, range: string) => ({ name, resource_group_name: of, virtual_network_name: ref('azurerm_virtual_network', of, 'name'), address_prefixes: [range] });
  const spoke = {
    ...network('spoke', '10.1.0.0/16'), azurerm_subnet: { app: subnet('app', 'spoke', '10.1.0.0/24') },
    azurerm_network_interface: { n: { name: 'n', resource_group_name: 'spoke', location: 'x', ip_configuration: [{ name: 'i', subnet_id: ref('azurerm_subnet', 'app') }] } },
    azurerm_linux_virtual_machine: { m: { name: 'm', resource_group_name: 'spoke', network_interface_ids: [ref('azurerm_network_interface', 'n')] } },
    azurerm_route_table: { t: { name: 't', resource_group_name: 'spoke', location: 'x', route: [{ name: 'out', address_prefix: '0.0.0.0/0', next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: '10.9.9.4' }] } },
    azurerm_subnet_route_table_association: { a: { subnet_id: ref('azurerm_subnet', 'app'), route_table_id: ref('azurerm_route_table', 't') } },
  };
  const hub = {
    ...network('hub', '10.9.0.0/16'), azurerm_subnet: { firewall: subnet('AzureFirewallSubnet', 'hub', '10.9.9.0/24') }, azurerm_firewall_policy: { p: { name: 'p', resource_group_name: 'hub', location: 'x' } },
    azurerm_firewall: { f: { name: 'f', resource_group_name: 'hub', location: 'x', firewall_policy_id: ref('azurerm_firewall_policy', 'p'), ip_configuration: [{ name: 'c', subnet_id: ref('azurerm_subnet', 'firewall'), private_ip_address: '10.9.9.4' }] } },
  };
  const half = (from: string, to: string) => ({ name: to, resource_group_name: from, virtual_network_name: ref('azurerm_virtual_network', from, 'name'), remote_virtual_network_id: ref('azurerm_virtual_network', to), allow_virtual_network_access: true, allow_forwarded_traffic: true });
  const peered = { azurerm_virtual_network_peering: { out: half('spoke', 'hub'), back: half('hub', 'spoke') } };
  const verdicts = (resource: Resources, parts: number) => judge({ inputs: asStacks({ resource }, parts, (address) => (parts > 1 && /\.(hub|firewall|p|f)$/.test(address) ? 1 : 0)), today: TODAY, together: true })
    .verdicts.filter(({ place, family }) => place.endsWith('azurerm_linux_virtual_machine.m') && family === 4).map(({ verdict }) => verdict);
  const both = { ...spoke, ...hub, azurerm_virtual_network: { ...spoke.azurerm_virtual_network, ...hub.azurerm_virtual_network }, azurerm_subnet: { ...spoke.azurerm_subnet, ...hub.azurerm_subnet } };
  expect([verdicts(both, 1), verdicts(both, 2), verdicts({ ...both, ...peered }, 2)]).toEqual([['allowlisted'], ['unknown'], ['allowlisted']]);
});

test('a subnet that names the network of another file by its name alone may be in another one, unless both tell one subscription', () => {
  const whole = { resource_group_name: 'rg', location: 'x' };
  const hub = {
    azurerm_virtual_network: { net: { name: 'net', ...whole, address_space: ['10.0.0.0/16'] } },
    azurerm_subnet: { firewall: { name: 'AzureFirewallSubnet', resource_group_name: 'rg', virtual_network_name: 'net', address_prefixes: ['10.0.0.0/24'] } },
    azurerm_firewall_policy: { p: { name: 'p', ...whole } },
    azurerm_firewall: { f: { name: 'f', ...whole, firewall_policy_id: '${azurerm_firewall_policy.p.id}', ip_configuration: [{ name: 'c', subnet_id: '${azurerm_subnet.firewall.id}', private_ip_address: '10.0.0.4' }] } },
  };
  const app = {
    azurerm_subnet: { app: { name: 'app', resource_group_name: 'rg', virtual_network_name: 'net', address_prefixes: ['10.0.1.0/24'] } },
    azurerm_route_table: { t: { name: 't', ...whole, route: [{ name: 'out', address_prefix: '0.0.0.0/0', next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: '10.0.0.4' }] } },
    azurerm_subnet_route_table_association: { a: { subnet_id: '${azurerm_subnet.app.id}', route_table_id: '${azurerm_route_table.t.id}' } },
  };
  const verdict = (...subscriptions: readonly (string | undefined)[]) => {
    const files = [hub, app].map((resource, at) => parsePlan(JSON.stringify({ resource, provider: { azurerm: [{ features: {}, ...(subscriptions[at] === undefined ? {} : { subscription_id: subscriptions[at] }) }] } }), `${at}.json`));
    return judge({ inputs: files, today: TODAY, together: true }).verdicts.find(({ place, family }) => place === '1:azurerm_subnet.app' && family === 4)?.verdict;
  };
  expect([verdict('s', 's'), verdict(undefined, 's'), verdict(), verdict('s', 't')]).toEqual(['allowlisted', 'unknown', 'unknown', 'unknown']);
});

const planned = testWithTerraform();
planned('its offline plan reviews the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'azure-review-'));
  try {
    const stack = join(folder, 'azure-prod');
    mkdirSync(stack);
    writeFileSync(join(stack, 'cdk.tf.json'), full.texts['azure-prod']!);
    const [result] = await planStacks({ stackFolders: [stack], planFolder: join(folder, 'plans'), root: process.cwd() });
    expect(result).toMatchObject({ ok: true });
    const reviewed = review(readFileSync(join(folder, 'plans', 'azure-prod.json'), 'utf8'), full.policy);
    expect(reviewed.findings).toEqual([]);
    expect(segments(reviewed)).toEqual(EXPECTED);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

describe('mutations of the contract suite', () => {
  test.each(mutations.filter(({ fault, unreviewed }) => unreviewed === undefined && !NOT_IN_A_PLAN.includes(fault)).map((mutation) => [mutation.name, mutation] as const))('caught: %s', (_, mutation) => {
    const stack = full.stack('azure-prod');
    mutation.mutate(stack);
    const { findings, rules } = review(stack);
    expect(rules).toContain(mutation.fault);
    for (const finding of findings) expect(finding.message).not.toMatch(/undefined|\[object/);
  });

  test.each([
    '0/0 to the internet on a segment with hosts',
    'half of the internet routed around the firewall',
    'network rule from anybody to anywhere on 443',
    'security group allows the internet on any port',
    'application rule for every name',
  ])('the finding shows the way out: %s', (name) => {
    const stack = full.stack('azure-prod');
    const mutation = mutations.find((each) => each.name === name)!;
    mutation.mutate(stack);
    const finding = review(stack).findings.find(({ rule }) => rule === mutation.fault)!;
    expect(finding.witness?.length).toBeGreaterThan(1);
  });
});
