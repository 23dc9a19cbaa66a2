/** Keys and numbers of which a first plan shows only what they are made of, with the Terraform files that the plan was made of. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { withSource } from '../../../review/source/with-source';
import { withPlanned } from '../../fixtures/planned-hcl';
import { testWithTerraform } from '../../fixtures/terraform';

const group = (name: string, access: string, repeated: string) => `
resource "azurerm_network_security_group" "${name}" {
  ${repeated}
  name                = "${name}-\${${repeated.startsWith('count') ? 'count.index' : 'each.key'}}"
  location            = "westeurope"
  resource_group_name = "main"
  security_rule {
    name                       = "all"
    priority                   = 4000
    direction                  = "Outbound"
    access                     = ${access}
    protocol                   = "*"
    source_port_range          = "*"
    destination_port_range     = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "*"
  }
}`;

/** Two subnets, and two groups with the same keys: that of `app` (of number 0) denies, that of `web` (1) does not. */
const network = (repeated: string, number: string, access: string) => `
resource "azurerm_virtual_network" "main" {
  name                = "main"
  location            = "westeurope"
  resource_group_name = "main"
  address_space       = ["10.6.0.0/16"]
}
resource "azurerm_subnet" "s" {
  ${repeated}
  name                            = "snet-\${${repeated.startsWith('count') ? 'count.index' : 'each.key'}}"
  resource_group_name             = "main"
  virtual_network_name            = azurerm_virtual_network.main.name
  address_prefixes                = ["10.6.\${${number}}.0/24"]
  default_outbound_access_enabled = true
}
${group('g', access, repeated)}
`;

const associated = (subnet: string, of: string, more = '') => `${network('for_each = { app = 1, web = 2 }', 'each.value', 'each.key == "app" ? "Deny" : "Allow"')}
resource "azurerm_subnet_network_security_group_association" "a" {
  for_each                  = toset(["app", "web"])
  subnet_id                 = ${subnet}
  network_security_group_id = ${of}
}
${more}`;

const counted = (subnet: string, of: string) => `${network('count = 2', 'count.index', 'count.index == 0 ? "Deny" : "Allow"')}
resource "azurerm_subnet_network_security_group_association" "a" {
  count                     = 2
  subnet_id                 = ${subnet}
  network_security_group_id = ${of}
}`;

/** The verdict on the subnet `app`, or 0, without and with the files. */
async function verdicts(text: string): Promise<readonly [string, string]> {
  return withPlanned('azurerm', { 'main.tf': text }, async (json, folder) => {
    const plan = parsePlan(json, 'plan.json');
    const said = [plan, await withSource(plan, folder)].map((input) => review({ inputs: [input], today: '2026-11-28' }).verdicts.find(({ place, family }) => family === 4 && /azurerm_subnet\.s\[(?:"app"|0)\]/.test(place))?.verdict);
    return said as [string, string];
  });
}

const SUBNET = 'azurerm_subnet.s[each.key].id';
const OWN = 'azurerm_network_security_group.g[each.key].id';

testWithTerraform().each<[string, string, readonly [string, string]]>([
  ['the key as it is', associated(SUBNET, OWN), ['none', 'none']],
  ['a function of the key', associated(SUBNET, 'azurerm_network_security_group.g[replace(each.key, "app", "web")].id'), ['none', 'unknown']],
  ['a condition of the key', associated('azurerm_subnet.s[each.key == "app" ? "web" : "app"].id', OWN), ['none', 'unknown']],
  ['the number as it is', counted('azurerm_subnet.s[count.index].id', 'azurerm_network_security_group.g[count.index].id'), ['none', 'none']],
  ['the number of a list', counted('element(azurerm_subnet.s[*].id, count.index)', 'azurerm_network_security_group.g.*.id[count.index]'), ['none', 'none']],
  ['a number that is reckoned with', counted('azurerm_subnet.s[count.index].id', 'azurerm_network_security_group.g[1 - count.index].id'), ['none', 'unknown']],
  ['a list in another order', counted('azurerm_subnet.s[count.index].id', 'reverse(azurerm_network_security_group.g[*].id)[count.index]'), ['none', 'unknown']],
  ['a map of subnets with other keys', associated('local.subnets[each.key]', OWN, 'locals {\n  subnets = { for k, s in azurerm_subnet.s : (k == "app" ? "web" : "app") => s.id }\n}'), ['none', 'unknown']],
  ['a map of subnets by their keys', associated('local.subnets[each.key]', OWN, 'locals {\n  subnets = { for k, s in azurerm_subnet.s : k => s.id }\n}'), ['none', 'none']],
  ['a map of subnets that is written out, one for the other', associated('local.subnets[each.key]', OWN, 'locals {\n  subnets = { app = azurerm_subnet.s["web"].id, web = azurerm_subnet.s["app"].id }\n}'), ['none', 'unknown']],
  ['an id that is composed of the key', associated('"${azurerm_virtual_network.main.id}/subnets/snet-${replace(each.key, "app", "web")}"', OWN), ['none', 'unknown']],
])('%s', async (_, text, expected) => {
  expect(await verdicts(text)).toEqual(expected);
}, 60_000);

/** Subnets whose names are those of the others' keys, in a module that hands them out by these. */
testWithTerraform()('a map by names is taken by a written key for either, where one is called like the key of the other', async () => {
  const NETWORK = network('for_each = { app = 1, web = 2 }', 'each.value', 'each.key == "app" ? "Deny" : "Allow"').replace('"snet-${each.key}"', '{ app = "web", web = "app" }[each.key]');
  const files = {
    'main.tf': `module "net" { source = "./net" }
${['app', 'web'].map((key) => `resource "azurerm_subnet_network_security_group_association" "${key}" {
  subnet_id                 = module.net.subnets["${key}"]
  network_security_group_id = module.net.groups["${key}"]
}`).join('\n')}`,
    'net/main.tf': `${NETWORK}
output "subnets" { value = { for s in azurerm_subnet.s : s.name => s.id } }
output "groups" { value = { for k, g in azurerm_network_security_group.g : k => g.id } }`,
  };
  await withPlanned('azurerm', files, async (json, folder) => {
    const told = await withSource(parsePlan(json, 'plan.json'), folder);
    const { verdicts: all } = review({ inputs: [told], today: '2026-11-28' });
    // The subnet with the key `app` is called `web`, and has the group that lets all out.
    expect(all.filter(({ place, family }) => family === 4 && place.includes('azurerm_subnet.s')).map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown']);
  });
}, 60_000);
