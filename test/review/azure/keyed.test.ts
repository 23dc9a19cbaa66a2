/**
 * First plans of published modules: which subnet has which group stands in maps that no plan shows. What is taken
 * out of them by a key is what has this key, or this name.
 */
import { review } from './reviewed';

type References = readonly string[];
interface Made {
  readonly type: string;
  readonly name: string;
  readonly keys: readonly (string | number)[];
  readonly values?: (key: string | number) => object;
  readonly refers: Readonly<Record<string, References>>;
}

const DENY = { name: 'deny', priority: 4096, direction: 'Outbound', access: 'Deny', protocol: '*', source_port_range: '*', source_address_prefix: '*', destination_port_range: '*', destination_address_prefix: '*' };

/** A plan with two subnets, one closed, and what is said of their groups. */
function plan(inModule: readonly Made[], outside: readonly Made[] = [], output: References = []): object {
  const address = ({ type, name }: Made, key: string | number, module: string) => `${module}${type}.${name}[${JSON.stringify(key)}]`;
  const changes = (all: readonly Made[], module: string) => all.flatMap((made) => made.keys.map((key) => ({
    address: address(made, key, module), ...(module === '' ? {} : { module_address: module.slice(0, -1) }), mode: 'managed', type: made.type, name: made.name, index: key, provider_name: 'registry.terraform.io/hashicorp/azurerm',
    change: { actions: ['create'], before: null, after: made.values?.(key) ?? {}, after_unknown: { id: true, ...Object.fromEntries(Object.keys(made.refers).map((attribute) => [attribute, true])) } },
  })));
  const configured = (all: readonly Made[]) => all.map(({ type, name, refers }) => ({
    address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'azurerm', for_each_expression: { references: ['var.subnets'] },
    expressions: Object.fromEntries(Object.entries(refers).map(([attribute, references]) => [attribute, { references }])),
  }));
  return {
    format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: {} }, resource_changes: [...changes(inModule, 'module.net.'), ...changes(outside, '')],
    configuration: { root_module: { resources: configured(outside), module_calls: { net: { source: './net', expressions: {}, module: { outputs: { ids: { expression: { references: output } } }, resources: configured(inModule) } } } } },
  };
}

const KEYS = ['closed', 'open'];
const network: Made = { type: 'azurerm_virtual_network', name: 'main', keys: [0], values: () => ({ name: 'main', address_space: ['10.0.0.0/16'] }), refers: {} };
const subnets = (keys: readonly (string | number)[] = KEYS, nameOf = (key: string | number) => `snet-${key}`): Made => ({
  type: 'azurerm_subnet', name: 'this', keys, refers: { virtual_network_name: ['azurerm_virtual_network.main[0].name', 'azurerm_virtual_network.main[0]', 'azurerm_virtual_network.main'] },
  values: (key) => ({ name: nameOf(key), address_prefixes: [`10.0.${keys.indexOf(key)}.0/24`] }),
});
const groups: Made = { type: 'azurerm_network_security_group', name: 'this', keys: KEYS, values: (key) => ({ name: `nsg-${key}`, security_rule: key === 'closed' ? [DENY] : [] }), refers: {} };
const associations = (subnet: References, group: References = ['azurerm_network_security_group.this', 'each.key']): Made => ({
  type: 'azurerm_subnet_network_security_group_association', name: 'this', keys: KEYS, refers: { subnet_id: subnet, network_security_group_id: group },
});
const BY_KEY = ['azurerm_subnet.this', 'each.key'];
const kinds = (document: object) => review(document).verdicts.map(({ kind }) => kind);

test.each<[string, readonly Made[], readonly string[]]>([
  ['azurerm_subnet.this[each.key].id', [subnets(), associations(BY_KEY)], ['none', 'open']],
  ['local.subnet_ids[each.key], by the keys of the subnets', [subnets(), associations(['local.subnet_ids', 'each.key'])], ['none', 'open']],
  ['local.subnet_ids[each.key], by their names', [subnets([0, 1], (key) => KEYS[Number(key)]!), associations(['local.subnet_ids', 'each.key'])], ['none', 'open']],
  // Which of them is meant another value says.
  ['azurerm_subnet.this[each.value.subnet].id', [subnets(), associations(['azurerm_subnet.this', 'each.value.subnet', 'each.value'])], ['unknown', 'unknown']],
  // One of the instances is another one than its own: which, no plan says.
  ['each.key == "x" ? azurerm_subnet.this["open"].id : azurerm_subnet.this[each.key].id', [subnets(), associations(['each.key', 'azurerm_subnet.this["open"].id', 'azurerm_subnet.this["open"]', 'azurerm_subnet.this', 'azurerm_subnet.this', 'each.key'])], ['unknown', 'unknown']],
  ['azurerm_subnet.this[each.key == "x" ? "open" : each.key].id', [subnets(), associations(['azurerm_subnet.this', 'each.key', 'each.key'])], ['unknown', 'unknown']],
  ['each.key == "x" ? azurerm_subnet.this[each.key].id : azurerm_subnet.this[each.key].id', [subnets(), associations(['each.key', 'azurerm_subnet.this', 'each.key', 'azurerm_subnet.this', 'each.key'])], ['none', 'open']],
  ['local.subnet_ids[each.value.subnet]', [subnets(), associations(['local.subnet_ids', 'each.value.subnet', 'each.value'])], ['unknown', 'unknown']],
  ['the group out of a local', [subnets(), associations(BY_KEY, ['local.group_of', 'each.key'])], ['unknown', 'unknown']],
  ['neither key nor name', [subnets(['x', 'y']), associations(['local.subnet_ids', 'each.key'])], ['unknown', 'unknown']],
])('%s', (_, made, expected) => {
  expect(kinds(plan([network, groups, ...made]))).toEqual(expected);
});

test.each<[string, References, References, string]>([
  ['by its key', ['module.net.ids["closed"]', 'module.net.ids', 'module.net'], ['local.subnet_ids'], 'none'],
  ['by another', ['module.net.ids["open"]', 'module.net.ids', 'module.net'], ['local.subnet_ids'], 'open'],
  ['by a key that no subnet has', ['module.net.ids["x"]', 'module.net.ids', 'module.net'], ['local.subnet_ids'], 'unknown'],
  ['by a number', ['module.net.ids[0]', 'module.net.ids', 'module.net'], ['azurerm_subnet.this'], 'unknown'],
])('out of what a module hands out, %s', (_, reference, output, kind) => {
  const nic: Made = { type: 'azurerm_network_interface', name: 'nic', keys: ['a'], refers: {} };
  const document = plan([network, subnets(), groups, associations(BY_KEY)], [nic], output) as any;
  const [change] = document.resource_changes.slice(-1);
  Object.assign(change.change, { after: { name: 'a', ip_configuration: [{ name: 'i' }] }, after_unknown: { id: true, ip_configuration: [{ subnet_id: true }] } });
  document.configuration.root_module.resources[0].expressions = { ip_configuration: [{ name: { constant_value: 'i' }, subnet_id: { references: reference } }] };
  expect(review(document).kind('azurerm_network_interface.nic["a"]')).toBe(kind);
});

test('a machine has the name of its own, and so has its public address', () => {
  const [each, nics] = [['count.index'], [0, 1]];
  const address: Made = { type: 'azurerm_public_ip', name: 'ip', keys: nics, values: (key) => ({ name: `ip${key}` }), refers: {} };
  const nic: Made = { type: 'azurerm_network_interface', name: 'nic', keys: nics, values: (key) => ({ name: `n${key}` }), refers: {} };
  const machine: Made = { type: 'azurerm_linux_virtual_machine', name: 'vm', keys: nics, refers: { network_interface_ids: ['azurerm_network_interface.nic', ...each] } };
  const document = plan([network, subnets()], [address, nic, machine], ['azurerm_subnet.this']) as any;
  for (const { type, change } of document.resource_changes) {
    if (type === 'azurerm_network_interface') Object.assign(change, { after: { ...change.after, ip_configuration: [{ name: 'i' }] }, after_unknown: { id: true, ip_configuration: [{ subnet_id: true, public_ip_address_id: true }] } });
  }
  const expressions = { ip_configuration: [{ name: { constant_value: 'i' }, subnet_id: { references: ['module.net.ids["open"]', 'module.net.ids', 'module.net'] }, public_ip_address_id: { references: ['azurerm_public_ip.ip', ...each] } }] };
  document.configuration.root_module.resources.find(({ type }: any) => type === 'azurerm_network_interface').expressions = expressions;
  const found = review(document).findings.filter(({ rule }) => rule === 'public-address-on-workload').map(({ message }) => message);
  expect(found).toEqual([0, 1].map((at) => `azurerm_linux_virtual_machine.vm[${at}] has its own public address: azurerm_public_ip.ip[${at}]`));
});

test('of two interfaces for each machine numbers do not tell whose they are', () => {
  const named = (nics: readonly number[]) => {
    const nic: Made = { type: 'azurerm_network_interface', name: 'nic', keys: nics, values: (key) => ({ name: `n${key}` }), refers: {} };
    const machine: Made = { type: 'azurerm_linux_virtual_machine', name: 'vm', keys: [0, 1], refers: { network_interface_ids: ['azurerm_network_interface.nic', 'count.index'] } };
    return review(plan([network, subnets()], [nic, machine])).verdicts.map(({ place }) => place.id).filter((id) => id.includes('network_interface') || id.includes('.vm'));
  };
  expect(named([0, 1])).toEqual(['azurerm_linux_virtual_machine.vm[0]', 'azurerm_linux_virtual_machine.vm[1]']);
  expect(named([0, 1, 2, 3])).toEqual([0, 1, 2, 3].map((at) => `azurerm_network_interface.nic[${at}]`));
});

describe('what a caller hands in', () => {
  const called = (handed: References, output: References = ['azurerm_subnet.this'], inner: References = []) => {
    const document = plan([network, subnets(), groups, associations(BY_KEY)], [], output) as any;
    document.resource_changes.push({ address: 'module.vm.azurerm_network_interface.n', module_address: 'module.vm', mode: 'managed', type: 'azurerm_network_interface', name: 'n', provider_name: 'registry.terraform.io/hashicorp/azurerm',
      change: { actions: ['create'], before: null, after: { name: 'n', ip_configuration: [{ name: 'i' }] }, after_unknown: { id: true, ip_configuration: [{ subnet_id: true }] } } });
    document.configuration.root_module.module_calls.vm = { source: './vm', expressions: { subnet_id: { references: handed }, subnet: { references: handed } }, module: { resources: [{ address: 'azurerm_network_interface.n', mode: 'managed', type: 'azurerm_network_interface', name: 'n', provider_config_key: 'azurerm', expressions: { ip_configuration: [{ name: { constant_value: 'i' }, subnet_id: { references: inner } }] } }] } };
    return review(document).kind('module.vm.azurerm_network_interface.n');
  };

  const ID: References = ['var.subnet_id'];

  test.each<[string, string, References, References]>([
    ['module.net.ids["closed"]', 'none', ['module.net.ids["closed"]', 'module.net.ids', 'module.net'], ID],
    ['module.net.ids["all"]["closed"].id', 'none', ['module.net.ids["all"]["closed"].id', 'module.net.ids["all"]["closed"]', 'module.net.ids["all"]', 'module.net.ids', 'module.net'], ID],
    ['module.net.ids["all"]["closed"], whose id the module takes', 'none', ['module.net.ids["all"]["closed"]', 'module.net.ids["all"]', 'module.net.ids', 'module.net'], ['var.subnet.id', 'var.subnet']],
    ['module.net.ids["x"]', 'unknown', ['module.net.ids["x"]', 'module.net.ids', 'module.net'], ID],
    ['module.net.ids[0]', 'unknown', ['module.net.ids[0]', 'module.net.ids', 'module.net'], ID],
    ['module.net.ids', 'unknown', ['module.net.ids', 'module.net'], ID],
  ])('%s: %s', (_, kind, handed, inner) => {
    // The network of the module has no key, and is not what is meant by an expression without one.
    expect(called(handed, ['azurerm_subnet.this', 'azurerm_virtual_network.main[0]', 'azurerm_virtual_network.main'], inner)).toBe(kind);
  });
});

describe('keys that the plan\'s variables tell', () => {
  const SUBNETS = { x: { subnet: 'closed', group: 'closed', none: null }, y: { subnet: 'open', group: 'open' } };
  const associated: Made = { ...associations(['azurerm_subnet.this', 'each.value.subnet', 'each.value'], ['azurerm_network_security_group.this', 'each.value.group', 'each.value']), keys: ['x', 'y'] };
  const told = (refers: Partial<Made['refers']> = {}, { value = SUBNETS as object, forEach = ['var.subnets'] as References, sensitive = false } = {}) => {
    const document = plan([network, subnets(), groups, { ...associated, refers: { ...associated.refers, ...(refers as Made['refers']) } }]) as any;
    const { root_module: root } = document.configuration;
    root.module_calls.net.expressions = { subnets: { references: ['var.all'] } };
    root.variables = { all: sensitive ? { sensitive: true } : {} };
    root.module_calls.net.module.resources.at(-1).for_each_expression = { references: forEach };
    return kinds({ ...document, variables: { all: { value } } });
  };
  const [CLOSED, DOUBT] = [['none', 'open'], ['unknown', 'unknown']];

  test.each<[string, readonly string[], Parameters<typeof told>]>([
    ['this[each.value.subnet]', CLOSED, []],
    ['by the name of another attribute', DOUBT, [{ subnet_id: ['azurerm_subnet.this', 'each.value.other', 'each.value'] }]],
    ['what may be null counts for nothing', CLOSED, [{ subnet_id: ['each.value.none', 'each.value', 'azurerm_subnet.this', 'each.value.subnet', 'each.value'] }]],
    ['a condition behind the name', DOUBT, [{ network_security_group_id: ['azurerm_network_security_group.this', 'each.value.subnet', 'each.value', 'each.value.group', 'each.value'] }]],
    ['what may be null behind the name', DOUBT, [{ network_security_group_id: ['azurerm_network_security_group.this', 'each.value.none', 'each.value', 'each.value.group', 'each.value'] }]],
    ['once more behind the name again', CLOSED, [{ network_security_group_id: ['azurerm_network_security_group.this', 'each.value.group', 'each.value', 'azurerm_network_security_group.this', 'each.value.group', 'each.value'] }]],
    ['one key or the other', DOUBT, [{ network_security_group_id: ['azurerm_network_security_group.this', 'each.value.subnet', 'each.value', 'each.key'] }, { value: { x: { subnet: 'closed', group: 'closed' }, closed: { subnet: 'open' } } }]],
    ['a literal key beside', DOUBT, [{ network_security_group_id: ['each.value.group', 'each.value', 'azurerm_network_security_group.this["closed"].id', 'azurerm_network_security_group.this["closed"]', 'azurerm_network_security_group.this', 'azurerm_network_security_group.this', 'each.value.group', 'each.value'] }, { value: { x: { subnet: 'closed', group: 'open' }, y: { subnet: 'open', group: 'open' } } }]],
    ['by a table of keys', DOUBT, [{ network_security_group_id: ['azurerm_network_security_group.this', 'var.subnets', 'each.value.group', 'each.value'] }]],
    ['a group out of a local', DOUBT, [{ network_security_group_id: ['local.groups', 'each.value.group', 'each.value'] }]],
    ['a number of instances that the plan does not tell', DOUBT, [{}, { forEach: ['local.subnets'] }]],
    ['a list by one of its attributes', CLOSED, [{}, { value: [{ name: 'x', ...SUBNETS.x }, { name: 'y', ...SUBNETS.y }] }]],
    ['a list by what two of it have', DOUBT, [{}, { value: [{ name: 'x', ...SUBNETS.x }, { name: 'y', ...SUBNETS.y }, { name: 'z', of: 'x' }, { name: 'u', of: 'y' }] }]],
    ['two maps merged', DOUBT, [{}, { forEach: ['var.subnets', 'var.subnets'] }]],
    ['a sensitive variable', DOUBT, [{}, { sensitive: true }]],
  ])('%s: %j', (_, expected, [refers, more]) => expect(told(refers, more)).toEqual(expected));
});

test('numbers of two blocks with as many instances are taken for the same', () => {
  const numbered = (made: Made, keys: readonly number[]): Made => ({ ...made, keys, values: (key) => ({ name: `s${key}`, address_prefixes: [`10.0.${key}.0/24`], security_rule: key === 0 ? [DENY] : [] }) });
  const by = (subnet: References, group: References = ['azurerm_network_security_group.this', 'count.index'], keys = [0, 1]) => kinds(plan([network, numbered(subnets(), [0, 1]), numbered(groups, keys), { ...associations(subnet, group), keys: [0, 1] }]));
  const NUMBER = ['azurerm_subnet.this', 'count.index'];
  expect(by(NUMBER)).toEqual(['none', 'open']);
  expect(by(NUMBER, undefined, [0, 1, 2])).toEqual(['unknown', 'unknown']);
  // `count.index % length(azurerm_subnet.this)`, and an offset that a variable gives.
  expect(by([...NUMBER, 'azurerm_subnet.this'])).toEqual(['unknown', 'unknown']);
  expect(by([...NUMBER, 'var.first'])).toEqual(['unknown', 'unknown']);
});

test('a machine that lists as many interfaces as its expression names carries them all', () => {
  const named = (count: number) => {
    const nic = (name: string): Made => ({ type: 'azurerm_network_interface', name, keys: ['a'], values: () => ({ name }), refers: {} });
    const machine: Made = { type: 'azurerm_linux_virtual_machine', name: 'vm', keys: ['x'], refers: { network_interface_ids: ['one', 'two'].flatMap((name) => [`azurerm_network_interface.${name}["a"].id`, `azurerm_network_interface.${name}["a"]`, `azurerm_network_interface.${name}`]) } };
    const document = plan([network, subnets()], [nic('one'), nic('two'), machine]) as any;
    Object.assign(document.resource_changes.at(-1).change, { after: { network_interface_ids: Array.from({ length: count }, () => null) }, after_unknown: { id: true, network_interface_ids: Array.from({ length: count }, () => true) } });
    return review(document).verdicts.map(({ place }) => place.id).filter((id) => id.includes('interface'));
  };
  const [one, two] = ['one', 'two'].map((name) => `azurerm_network_interface.${name}["a"]`) as [string, string];
  expect(named(2)).toEqual([one, two].map((each) => `azurerm_linux_virtual_machine.vm["x"] + ${each}`));
  expect(named(1)).toEqual([one, two]);
});


describe('several blocks of a kind, in another order than they are written', () => {
  /** Interfaces with two addresses each, whose blocks refer to these. */
  const interfaces = (...written: readonly References[]): object => {
    const whole = plan([network, groups, subnets(), associations(BY_KEY)]) as any;
    const nic = (key: string) => ({
      address: `module.net.azurerm_network_interface.this["${key}"]`, module_address: 'module.net', mode: 'managed', type: 'azurerm_network_interface', name: 'this', index: key, provider_name: 'registry.terraform.io/hashicorp/azurerm',
      change: { actions: ['create'], before: null, after: { name: key, ip_configuration: [{ name: 'a' }, { name: 'b' }] }, after_unknown: { id: true, ip_configuration: [{ subnet_id: true }, { subnet_id: true }] } },
    });
    whole.resource_changes.push(...KEYS.map(nic));
    whole.configuration.root_module.module_calls.net.module.resources.push({
      address: 'azurerm_network_interface.this', mode: 'managed', type: 'azurerm_network_interface', name: 'this', provider_config_key: 'azurerm', for_each_expression: { references: ['var.subnets'] },
      expressions: { name: {}, ip_configuration: written.map((references) => ({ name: {}, subnet_id: { references } })) },
    });
    return whole;
  };
  const OPEN = ['azurerm_subnet.this["open"].id', 'azurerm_subnet.this["open"]', 'azurerm_subnet.this'];

  test.each<[string, readonly References[], readonly string[]]>([
    ['both by the own key', [BY_KEY, BY_KEY], ['none', 'open']],
    ['one by another', [BY_KEY, OPEN], ['unknown', 'unknown']],
    ['one that another block makes as well', [BY_KEY], ['unknown', 'unknown']],
  ])('%s', (_, written, expected) => {
    expect(review(interfaces(...written)).verdicts.filter(({ place }) => place.id.includes('network_interface')).map(({ kind }) => kind)).toEqual(expected);
  });
});

// What stands behind a name is its key, also where arithmetic or a condition makes another one of it.
test.each<[string, readonly (string | number)[], string, readonly string[]]>([
  ['azurerm_virtual_network.this[1 - count.index].id', [0, 1], 'count.index', ['1, sure', '0, sure']],
  ['azurerm_virtual_network.this[each.key == "a" ? "b" : "a"].id', ['a', 'b'], 'each.key', ['b, sure', 'a, sure']],
  ['azurerm_virtual_network.this[(count.index + 1) % 3].id', [0, 1, 2], 'count.index', ['1 2, in doubt', '0 2, in doubt', '0 1, in doubt']],
  ['azurerm_virtual_network.this[count.index].id, of the only one', [0], 'count.index', ['0, sure']],
])('no network is its own peer: %s', (_, keys, own, expected) => {
  const all: Made = { type: 'azurerm_virtual_network', name: 'this', keys, values: (key) => ({ name: `n${key}`, address_space: [`10.${keys.indexOf(key)}.0.0/16`] }), refers: {} };
  const peering: Made = { type: 'azurerm_virtual_network_peering', name: 'this', keys, values: (key) => ({ name: `p${key}`, virtual_network_name: `n${key}` }), refers: { remote_virtual_network_id: ['azurerm_virtual_network.this', own] } };
  const document = plan([all, peering]) as any;
  for (const { change, type } of document.resource_changes) if (type === 'azurerm_virtual_network_peering') change.after_unknown = { id: true, remote_virtual_network_id: true };
  expect(review(document).model.peerings.map(({ remote: { targets, exact } }) => `${targets.map(({ key }) => key).join(' ')}, ${exact ? 'sure' : 'in doubt'}`)).toEqual(expected);
});
