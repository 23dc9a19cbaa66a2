/** Modules that are called once for each subnet: what a call hands in by its key is that of the module's instance. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { withSource } from '../../../review/source/with-source';
import { withPlanned } from '../../fixtures/planned-hcl';
import { testWithTerraform } from '../../fixtures/terraform';

const SUBNETS = `
resource "azurerm_virtual_network" "main" {
  name                = "main"
  location            = "westeurope"
  resource_group_name = "main"
  address_space       = ["10.6.0.0/16"]
}
resource "azurerm_subnet" "s" {
  for_each                        = var.subnets
  name                            = "snet-\${each.key}"
  resource_group_name             = "main"
  virtual_network_name            = azurerm_virtual_network.main.name
  address_prefixes                = ["10.6.\${each.value}.0/24"]
  default_outbound_access_enabled = true
}
variable "subnets" {
  type    = map(number)
  default = { app = 1, web = 2 }
}
`;

const group = (name: string, access: string) => `
resource "azurerm_network_security_group" "${name}" {
  name                = var.name
  location            = "westeurope"
  resource_group_name = "main"
}
resource "azurerm_network_security_rule" "${name}" {
  name                        = "all"
  priority                    = 4000
  direction                   = "Outbound"
  access                      = ${access}
  protocol                    = "*"
  source_port_range           = "*"
  destination_port_range      = "*"
  source_address_prefix       = "*"
  destination_address_prefix  = "*"
  resource_group_name         = "main"
  network_security_group_name = azurerm_network_security_group.${name}.name
}
variable "name" {}`;

/** The group of one subnet, with its association: that of \`app\` denies. */
const GROUP = `${group('g', 'var.name == "app" ? "Deny" : "Allow"')}
variable "subnet_id" {}
resource "azurerm_subnet_network_security_group_association" "a" {
  subnet_id                 = var.subnet_id
  network_security_group_id = azurerm_network_security_group.g.id
}`;

const called = (subnet: string) => `
module "group" {
  source    = "SOURCE"
  for_each  = var.subnets
  name      = each.key
  subnet_id = ${subnet}
}`;

/** The verdicts on the subnets \`app\` and \`web\`, without and with the files. */
async function verdicts(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return withPlanned('azurerm', files, async (json, folder) => {
    const plan = parsePlan(json, 'plan.json');
    return [plan, await withSource(plan, folder)].map((input) => {
      const found = review({ inputs: [input], today: '2026-11-28' }).verdicts.filter(({ family }) => family === 4);
      return ['app', 'web'].map((key) => found.find(({ place }) => place.endsWith(`azurerm_subnet.s["${key}"]`))?.verdict).join();
    });
  });
}

const inRoot = (subnet: string): Readonly<Record<string, string>> => ({ 'main.tf': SUBNETS + called(subnet).replace('SOURCE', './group'), 'group/main.tf': GROUP });
const inModule = (subnet: string): Readonly<Record<string, string>> => ({ 'main.tf': 'module "net" { source = "./net" }', 'net/main.tf': SUBNETS + called(subnet).replace('SOURCE', './group'), 'net/group/main.tf': GROUP });
const TWO_DEEP = (subnet: string): Readonly<Record<string, string>> => ({
  ...inRoot(subnet),
  'group/main.tf': 'variable "name" {}\nvariable "subnet_id" {}\nmodule "inner" {\n  source = "./inner"\n  name = var.name\n  subnet_id = var.subnet_id\n}',
  'group/inner/main.tf': GROUP,
});
const OWN = 'azurerm_subnet.s[each.key].id';

testWithTerraform().each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['the key as it is', inRoot(OWN), ['none,open', 'none,open']],
  ['in a module of its own', inModule(OWN), ['none,open', 'none,open']],
  ['handed on into a second module', TWO_DEEP(OWN), ['none,open', 'none,open']],
  ['a function of the key', inRoot('azurerm_subnet.s[replace(each.key, "app", "web") == "web" ? "app" : "web"].id'), ['none,open', 'unknown,unknown']],
  ['a map of outputs', { 'main.tf': `${called('module.net.subnets[each.key]').replace('SOURCE', './group')}\nvariable "subnets" { default = { app = 1, web = 2 } }\nmodule "net" {\n  source = "./net"\n  subnets = var.subnets\n}`, 'net/main.tf': `${SUBNETS}\noutput "subnets" { value = { for k, s in azurerm_subnet.s : k => s.id } }`, 'group/main.tf': GROUP }, ['none,open', 'none,open']],
  ['another key than the own one', inRoot('azurerm_subnet.s[each.key == "app" ? "web" : "app"].id'), ['none,open', 'unknown,unknown']],
  ['a variable that picks within what it is handed', { ...inRoot('{ id = azurerm_subnet.s[each.key].id }'), 'group/main.tf': GROUP.replace('= var.subnet_id', '= var.subnet_id.id') }, ['unknown,unknown', 'unknown,unknown']],
])('%s', async (_, files, expected) => {
  expect(await verdicts(files)).toEqual(expected);
}, 60_000);
