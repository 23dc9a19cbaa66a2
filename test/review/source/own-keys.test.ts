/** Which expressions take something by their own key as it is: what is not known to is not. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getExpressionAst } from '@cdktf/hcl2json';
import { ExpressionTrees, type Node } from '../../../review/source/expression-tree';
import type { Scope } from '../../../review/source/kept-keys';
import { OwnKeys } from '../../../review/source/own-keys';
import { readModule } from '../../../review/source/terraform-files';

let root: string;
let scope: Scope;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'source-'));
  mkdirSync(join(root, 'net'));
  writeFileSync(join(root, 'main.tf'), `
locals {
  same      = { for k, s in x_subnet.s : k => s.id }
  by_name   = { for s in x_subnet.s : s.name => s.id }
  by_tag    = { for s in x_subnet.s : s.tags.role => s.id }
  other     = { for k, s in x_subnet.s : "\${k}-x" => s.id }
  groups    = { for k, s in x_subnet.s : k => s.id... }
  some      = { for k, s in x_subnet.s : k => s.id if k != "b" }
  beside    = { for k, v in var.settings : k => x_subnet.s[k].id }
  shifted   = { for k, v in var.settings : k => x_subnet.s["\${k}-x"].id }
  through   = { for k, v in var.settings : k => local.other[k] }
  nested    = { for k, s in x_subnet.s : k => { id = s.id, table = x_table.t[k].id } }
  list      = [for s in x_subnet.s : s.id]
  part      = [for s in x_subnet.s : s.id if s.public]
  splat     = x_subnet.c[*].id
  old       = x_subnet.c.*.id
  backwards = reverse(x_subnet.c[*].id)
  joined    = concat(x_subnet.c[*].id, x_subnet.d[*].id)
  behind    = concat([], x_subnet.c[*].id)
  padded    = concat(x_subnet.c[*].id, [])
  chosen    = var.on ? { for k, s in x_subnet.s : k => s.id } : {}
  merged    = merge(local.same, local.beside)
  mixed     = merge(local.same, local.other)
  written   = { a = x_subnet.s["a"].id, b = x_subnet.s["b"].id }
  crossed   = { a = x_subnet.s["b"].id, b = x_subnet.s["a"].id }
  named     = { one = x_subnet.one.id, two = x_subnet.two.id }
  misnamed  = { one = x_subnet.two.id, two = x_subnet.one.id }
  plain     = { a = "10.0.0.0/24", b = var.b }
  zipped    = zipmap(keys(x_subnet.s), values(x_subnet.s)[*].id)
  circle    = local.circle
  two       = [x_subnet.one.id, x_subnet.two.id]
  text      = "nothing"
  module    = module.net.ids
  with_key  = { for k, s in x_subnet.s : k => { key = k, id = s.id } }
  own_name  = { for s in x_called.s : s.name => s.id }
  azure     = { for s in azurerm_subnet.s : s.name => s.id }
  of_set    = { for k in toset(["a", "b"]) : k => x_subnet.s[k].id }
  of_names  = { for v in var.settings : v.name => x_subnet.s[v.name].id }
  of_other  = { for v in var.settings : v.name => x_subnet.s[v.other].id }
  of_keys   = { for k in keys(x_subnet.s) : k => x_subnet.s[k].id }
  of_ids    = { for s in x_subnet.s : s.role => s.id }
  fixed     = { for k, v in var.settings : k => x_subnet.s["a"].id }
  handed    = { for k, v in x_passing.s : k => v.subnet_id }
  handed_by = { for k, v in var.settings : k => x_passing.s[k].subnet_id }
  passed    = { for k, v in x_own.s : k => v.subnet_id }
  passed_by = { for k, v in var.settings : k => x_own.s[k].subnet_id }
  whole     = { for k, v in x_passing.s : k => v }
  entries   = { a = x_passing.s["a"].subnet_id }
  hand_over = { a = x_own.s["a"].subnet_id }
  a         = x_subnet.s["b"].id
  b         = x_subnet.s["b"].id
  by_local  = { a = local.a, b = local.b }
  by_b      = { b = local.b }
  single    = { first = x_subnet.one.id, second = x_subnet.two.id, third = "x" }
  unread    = { a = "%{ if var.on }\${x_subnet.s["b"].id}%{ endif }" }
  one       = x_subnet.one.id
  single_by = { first = local.one, second = module.net.one, third = var.on }
  several   = { first = local.one, second = module.net.subnet, third = local.splat }
  counted   = { first = x_subnet.c.id }
  azured    = { first = azurerm_subnet.one.id, one = azurerm_subnet.two.id }
  modules   = { for k, m in module.many : k => m.subnet }
  of_module = { for k, m in module.many : k => m.given }
  entry_of  = { a = module.many["a"].subnet }
  given_of  = { a = module.many["a"].given }
}
resource "x_subnet" "one" {}
resource "x_subnet" "two" {}
resource "x_subnet" "c" { count = 2 }
resource "x_subnet" "s" { for_each = var.settings }
resource "x_called" "s" {
  for_each = var.settings
  name     = each.key
}
resource "x_passing" "s" {
  for_each  = var.settings
  subnet_id = x_subnet.s[upper(each.key)].id
}
resource "x_own" "s" {
  for_each  = var.settings
  subnet_id = x_subnet.s[each.key].id
  one       = x_subnet.one.id
  setting   = each.value.setting
}
resource "azurerm_subnet" "one" { name = "one" }
resource "azurerm_subnet" "two" { name = "two" }
resource "azurerm_subnet" "s" { for_each = {} }
module "many" {
  source   = "./net"
  for_each = var.settings
  given    = x_subnet.s[upper(each.key)].id
}
module "net" {
  source = "./net"
  given  = local.other
  kept   = local.same
}
`);
  writeFileSync(join(root, 'net/main.tf'), `
resource "x_subnet" "s" {}
resource "x_subnet" "one" {}
output "one" { value = x_subnet.one.id }
output "subnet" { value = x_subnet.s.id }
output "ids" { value = { for k, s in x_subnet.s : k => s.id } }
output "other" { value = { for k, s in x_subnet.s : upper(k) => s.id } }
output "given" { value = var.given }
variable "unset" { default = {} }
output "unset" { value = var.unset }
output "kept" { value = var.kept }
`);
  scope = await scopeOf(root, join(root, 'net'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function scopeOf(folder: string, called: string): Promise<Scope> {
  const own: Scope = { source: await readModule(folder), called: async (name) => (name === 'net' || name === 'many' ? { source: await readModule(called), caller: { scope: own, call: own.source.calls.get(name)!.body }, called: async () => undefined } : undefined) };
  return own;
}

const keys = new OwnKeys();

test.each([
  'x_subnet.s[each.key].id', 'x_subnet.c[count.index].id', 'x_subnet.c.*.id[count.index]', 'x_subnet.c[*].id[count.index]', 'element(x_subnet.c[*].id, count.index)', 'lookup(local.same, each.key, null)',
  'try(x_subnet.s[each.key].id, null)', 'var.on ? x_subnet.s[each.key].id : x_subnet.t[each.key].id', '[x_subnet.s[each.key].id]', 'x_subnet.s[each.value].id', 'x_subnet.s[each.value.subnet].id', 'x_subnet.s[var.name].id',
  'module.net[each.key].id', 'module.net[each.key].ids["a"]', 'module.net["a"].id', 'module.net.ids["a"]', 'module.net.ids[each.key]', 'module.net.kept[each.key]', 'module.far.ids[each.key]', 'module.net.unset[each.key]', 'var.given[each.key]',
  ...['same', 'some', 'beside', 'nested', 'chosen', 'merged', 'written', 'named', 'plain', 'module'].map((name) => `local.${name}[each.key]`), 'local.same["a"]', 'local.same.a', 'local.single.first', 'module.net.ids.a',
  ...['with_key', 'single_by', 'own_name', 'azure', 'of_set', 'of_names', 'of_keys', 'passed', 'passed_by', 'whole', 'hand_over', 'by_b', 'single', 'misnamed', 'modules', 'entry_of'].map((name) => `local.${name}[each.key]`), 'local.whole[each.key].id', 'local.beside[each.key].id', 'x_passing.s[each.key].subnet_id',
  ...['list', 'splat', 'old', 'padded', 'two', 'text'].map((name) => `local.${name}[count.index]`),
])('%s is by the key as it is', async (expression) => {
  expect(await keys.isPlain(`\${${expression}}`, scope)).toBe(true);
});

test.each([
  'x_subnet.s[replace(each.key, "a", "b")].id', 'x_subnet.s["${each.key}-b"].id', 'x_subnet.s[each.key == "a" ? "b" : "a"].id', 'x_subnet.s[lower(each.value.subnet)].id', 'x_subnet.s["${var.name}-b"].id', 'x_subnet.c[count.index + 1].id', 'x_subnet.c[(count.index + 1) % 2].id',
  'x_subnet.c[1 - count.index].id', 'element(x_subnet.c[*].id, count.index + 1)', 'element(reverse(x_subnet.c[*].id), count.index)', 'slice(x_subnet.c[*].id, 1, 2)[count.index]', 'lookup(local.other, each.key, null)', 'values(x_subnet.s)[count.index].id',
  'each.key == "a" ? x_subnet.one.id : x_subnet.two.id', '[for k in [each.key] : x_subnet.s[k].id]', '{ a = x_subnet.s, b = x_subnet.t }[each.key].id', 'x_subnet.s[local.crossed[each.key]].id', 'format("%s", each.key)',
  'module.net.other["a"]', 'module.net.other[each.key]', 'module.net.given[each.key]', 'module.net["a"].other["a"]', 'module.net[each.key].other["a"]', 'module.net[each.key].other[each.value.subnet]', 'module.net.missing[each.key]',
  'local.other.a', 'local.crossed.a', 'module.net.other.a', 'module.net["a"].other.a', 'local.whole[each.key].subnet_id', 'module.net.given.a',
  ...['by_name', 'of_other', 'of_ids', 'fixed', 'handed', 'handed_by', 'entries', 'by_local', 'unread', 'several', 'counted', 'azured', 'of_module', 'given_of'].map((name) => `local.${name}[each.key]`),
  ...['by_tag', 'other', 'groups', 'shifted', 'through', 'mixed', 'crossed', 'zipped', 'circle', 'absent'].map((name) => `local.${name}[each.key]`), 'local.other["a"]', 'local.crossed["a"]',
  ...['part', 'backwards', 'joined', 'behind'].map((name) => `local.${name}[count.index]`),
])('%s is not', async (expression) => {
  expect(await keys.isPlain(`\${${expression}}`, scope)).toBe(false);
});

test.each<[string, boolean]>([
  ['${x_network.n.id}/subnets/${each.key}', true],
  ['${x_network.n.id}/subnets/${each.key}/x', true],
  ['${x_network.n.id}/subnets/${each.key}-b', false],
  ['${x_network.n.id}/subnets/snet-${each.key}', false],
  ['${x_network.n.id}/subnets/${lower(each.key)}', false],
  ['${x_network.n.id}/%{ if each.key == "a" }b%{ endif }', false],
  ['${x_network.n.id}/${{ a = each.key }["a"]}', false],
  ['${x_subnet.s[each.key].id}:${x_subnet.s["b"].id}', true],
  ['${x_subnet.s["b"].id}:${x_subnet.s[each.key}', false],
  ['no template', true],
])('%s: %s', async (text, expected) => {
  expect(await keys.isPlain(text, scope)).toBe(expected);
});

test.each(['x_s.s', 'x_s.s.id', 'data.x_s.s["a"].id', 'x_s.s[0].ids[1]', 'module.m["a b"].out["c.d"]', ' local.x ', 'x-y.z-1_2.__proto__'])('%s is read as the parser reads it', async (text) => {
  const { fullAccessor, traversal } = (await getExpressionAst('a.tf', text.trim()) as Node).meta!;
  expect(await new ExpressionTrees().of(`\${${text}}`)).toEqual({ type: 'scopeTraversal', children: [], meta: { fullAccessor, traversal: traversal!.map(({ type, segment }) => ({ type, segment })) } });
});

test('maps that are merged over and over, and long chains, take no time', async () => {
  const folder = join(root, 'deep');
  mkdirSync(folder);
  const lines = Array.from({ length: 200 }, (_, at) => `  m${at} = merge(local.m${at + 1}, local.m${at + 1}, local.m${at + 1})\n  c${at} = local.c${at + 1}\n`);
  writeFileSync(join(folder, 'main.tf'), `locals {\n${lines.join('')}  m200 = x_s.s\n  c200 = { for k, s in x_s.s : k => s.id }\n}\n`);
  const deep = { source: await readModule(folder), called: async () => undefined };
  expect(await keys.isPlain('${local.m0[each.key]}', deep)).toBe(true);
  expect(await keys.isPlain('${local.c0[each.key]}', deep)).toBe(true);
});

test('in a list or a block each of its texts counts', async () => {
  expect(await keys.isPlain([{ subnet: '${x_subnet.s[each.key].id}' }, { subnet: ['${x_subnet.s[upper(each.key)].id}'] }], scope)).toBe(false);
  expect(await keys.isPlain([{ subnet: '${x_subnet.s[each.key].id}' }, { subnet: 5 }], scope)).toBe(true);
});
