/** Network Security Perimeters: what they let in or out counts for their resources whatever these say themselves. */
import { review } from './reviewed';
import { closedNetwork, type Blocks } from './small-stack';

const PROFILE = '${azurerm_network_security_perimeter_profile.p.id}';
const BASE: Blocks = {
  azurerm_network_security_perimeter_profile: { p: { name: 'p' }, other: { name: 'other' } },
  azurerm_key_vault: { v: { name: 'v', public_network_access_enabled: false } },
  azurerm_storage_account: { s: { name: 's', public_network_access_enabled: false } },
};
const associated = (more: object = {}, ...names: readonly string[]): Blocks => ({ azurerm_network_security_perimeter_association: Object.fromEntries(names.map((name) => [name, { name, access_mode: 'Enforced', network_security_perimeter_profile_id: PROFILE, resource_id: `\${${name}.id}`, ...more }])) });
const rule = (values: object): Blocks => ({ azurerm_network_security_perimeter_access_rule: { r: { name: 'r', direction: 'Inbound', network_security_perimeter_profile_id: PROFILE, ...values } } });
const told = (id: string, ...blocks: readonly Blocks[]) => review(closedNetwork(Object.assign({}, BASE, ...blocks))).findings.filter((finding) => finding.rule === id)
  .map(({ address, message, severity, confidence }) => [address, message, severity, confidence].filter((part) => part !== undefined).join(' | '));
const RULE = 'azurerm_network_security_perimeter_access_rule.r';
const VAULT = associated({}, 'azurerm_key_vault.v');

test.each<[string, object, readonly string[]]>([
  ['the world', { address_prefixes: ['0.0.0.0/1', '128.0.0.0/1'] }, [`${RULE} | rule 'r' lets 0.0.0.0/1, 128.0.0.0/1 in to azurerm_key_vault.v, also where public network access is off`]],
  ['every customer of a service', { service_tags: ['AzureCloud'] }, [`${RULE} | rule 'r' lets whoever uses AzureCloud in to azurerm_key_vault.v, also where public network access is off`]],
  ['nobody knows whom', { address_prefixes: '${var.prefixes}' }, [`${RULE} | rule 'r' lets addresses that are not known in to azurerm_key_vault.v, also where public network access is off | possible`]],
  ['an office', { address_prefixes: ['20.1.2.0/28'] }, []],
  ['a subscription', { subscription_ids: ['/subscriptions/x'] }, []],
  ['any host', { direction: 'Outbound', fqdns: ['*'] }, [`${RULE} | rule 'r' lets azurerm_key_vault.v call any host`]],
  ['a host', { direction: 'Outbound', fqdns: ['partner.example.net'] }, []],
])('a rule for %s', (_, values, expected) => expect(told('perimeter-open', VAULT, rule(values))).toEqual(expected));

test('a rule names what its profile holds', () => {
  const world = rule({ address_prefixes: ['0.0.0.0/0'] });
  const first = (...blocks: readonly Blocks[]) => told('perimeter-open', ...blocks, world)[0]?.replace(/.* in to (.*), also .*/, '$1');
  expect([first(), first(associated({}, 'azurerm_storage_account.s', 'azurerm_key_vault.v')), first(associated({ network_security_perimeter_profile_id: '${azurerm_network_security_perimeter_profile.other.id}' }, 'azurerm_key_vault.v'))])
    .toEqual(['what is associated with its profile', 'azurerm_key_vault.v and 1 more', 'what is associated with its profile']);
});

test('hosts that it lets its resources call are deliveries', () => {
  const out = (...fqdns: readonly string[]) => told('managed-service-egress', VAULT, rule({ direction: 'Outbound', fqdns }));
  expect([out('partner.example.net'), out('ours.vault.azure.net'), out('*')]).toEqual([[`${RULE} | ${RULE} delivers to partner.example.net`], [], []]);
});

test('one that only watches stops nothing', () => {
  const watched = (access_mode: string) => told('perimeter-open', associated({ access_mode }, 'azurerm_key_vault.v'));
  expect([watched('Learning').length, watched('Audit').length, watched('Enforced').length]).toEqual([1, 1, 0]);
});

test('two perimeters that are joined', () => {
  const joined = (auto_approved_remote_perimeter_resource_id: string | null) => told('perimeter-open', { azurerm_network_security_perimeter: { other: { name: 'other' } }, azurerm_network_security_perimeter_link: { l: { name: 'l', auto_approved_remote_perimeter_resource_id } } });
  const LINK = 'azurerm_network_security_perimeter_link.l | it joins the perimeter with';
  expect([joined('/theirs'), joined('${azurerm_network_security_perimeter.other.id}'), joined(null)]).toEqual([
    [`${LINK} /theirs, which the plan does not make: resources of both call each other | likely`], [], [`${LINK} whatever perimeter its owner accepts it with, which the plan does not make: resources of both call each other | likely`]]);
});
