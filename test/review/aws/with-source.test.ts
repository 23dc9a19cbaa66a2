/** Keys of which a first plan shows only what they are made of, with the Terraform files that the plan was made of. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Log } from 'sarif';
import { runReview } from '../../../cli/review';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import { textReport } from '../../../review/report/text';
import { review } from '../../../review/review';
import { ExpressionTrees } from '../../../review/source/expression-tree';
import { folderOfCall, readModule } from '../../../review/source/terraform-files';
import { withSource } from '../../../review/source/with-source';
import { HCL, plannedOffline, withPlanned } from '../../fixtures/planned-hcl';
import { testWithTerraform } from '../../fixtures/terraform';

/** Two subnets, and two tables with the same keys: that of `app` leads nowhere, that of `web` to the internet. */
const NETWORK = `
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_subnet" "s" {
  for_each   = { app = 1, web = 2 }
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.\${each.value}.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table" "t" {
  for_each = toset(["app", "web"])
  vpc_id   = aws_vpc.main.id
}
resource "aws_route" "out" {
  route_table_id         = aws_route_table.t["web"].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}
`;

const associated = (subnet: string, table: string, more = '') => `${NETWORK}
resource "aws_route_table_association" "a" {
  for_each       = toset(["app", "web"])
  subnet_id      = ${subnet}
  route_table_id = ${table}
}
${more}`;

/** The verdict on the subnet `app`, without and with the files. */
async function verdicts(files: Readonly<Record<string, string>>): Promise<readonly [string, string]> {
  return withPlanned('aws', files, async (text, folder) => {
    const plan = parsePlan(text, 'plan.json');
    const said = [plan, await withSource(plan, folder)].map((input) => review({ inputs: [input], today: '2026-11-28' }).verdicts.find(({ place, family }) => family === 4 && place.includes('aws_subnet.s["app"]'))?.verdict);
    return said as [string, string];
  });
}

const PLAIN = 'aws_subnet.s[each.key].id';
const MODULE = (value: string) => ({ 'net/main.tf': `${NETWORK}\noutput "tables" { value = ${value} }\noutput "subnets" { value = { for k, s in aws_subnet.s : k => s.id } }` });
const USING = (table: string) => `
module "net" { source = "./net" }
resource "aws_route_table_association" "a" {
  for_each       = toset(["app", "web"])
  subnet_id      = module.net.subnets[each.key]
  route_table_id = ${table}
}`;

testWithTerraform().each<[string, Readonly<Record<string, string>>, readonly [string, string]]>([
  ['the key as it is', { 'main.tf': associated(PLAIN, 'aws_route_table.t[each.key].id') }, ['none', 'none']],
  ['a function of the key', { 'main.tf': associated(PLAIN, 'aws_route_table.t[replace(each.key, "app", "web")].id') }, ['none', 'unknown']],
  ['a condition of the key', { 'main.tf': associated(PLAIN, 'aws_route_table.t[each.key == "app" ? "web" : "app"].id') }, ['none', 'unknown']],
  ['a map that gives one the table of another', { 'main.tf': associated(PLAIN, 'local.tables[each.key]', 'locals {\n  tables = { app = aws_route_table.t["web"].id, web = aws_route_table.t["app"].id }\n}') }, ['none', 'unknown']],
  ['a map that has the same keys', { 'main.tf': associated(PLAIN, 'local.tables[each.key]', 'locals {\n  tables = { for k, t in aws_route_table.t : k => t.id }\n}') }, ['none', 'none']],
  ['a map written out with the same keys', { 'main.tf': associated(PLAIN, 'local.tables[each.key]', 'locals {\n  tables = { app = aws_route_table.t["app"].id, web = aws_route_table.t["web"].id }\n}') }, ['none', 'none']],
  ['a map with other keys', { 'main.tf': associated(PLAIN, 'local.tables[each.key]', 'locals {\n  tables = { for k, t in aws_route_table.t : (k == "app" ? "web" : "app") => t.id }\n}') }, ['none', 'unknown']],
  ['an output with other keys, by a written key', { ...MODULE('{ for k, t in aws_route_table.t : (k == "app" ? "web" : "app") => t.id }'), 'main.tf': USING('module.net.tables["app"]') }, ['none', 'unknown']],
  ['an output with the same keys, by a written key', { ...MODULE('{ for k, t in aws_route_table.t : k => t.id }'), 'main.tf': USING('module.net.tables["app"]') }, ['none', 'none']],
  ['an output with other keys, by a name', { ...MODULE('{ for k, t in aws_route_table.t : (k == "app" ? "web" : "app") => t.id }'), 'main.tf': USING('module.net.tables.app') }, ['none', 'unknown']],
  ['an output of a set of names', { ...MODULE('{ for k in toset(["app", "web"]) : k => aws_route_table.t[k].id }'), 'main.tf': USING('module.net.tables[each.key]') }, ['none', 'none']],
  ['a map of locals that are called like one and are the other', { 'main.tf': associated(PLAIN, 'local.tables[each.key]', 'locals {\n  app    = aws_route_table.t["web"].id\n  web    = aws_route_table.t["app"].id\n  tables = { app = local.app, web = local.web }\n}') }, ['none', 'unknown']],
  ['keys of the elements that it goes through', { 'main.tf': `${NETWORK}
resource "aws_route_table_association" "a" {
  for_each       = { for k, t in aws_route_table.t : (k == "app" ? "web" : "app") => t }
  subnet_id      = aws_subnet.s[each.key].id
  route_table_id = each.value.id
}` }, ['none', 'unknown']],
])('%s', async (_, files, expected) => {
  expect(await verdicts(files)).toEqual(expected);
}, 60_000);

/** What the parser names in each expression, against what Terraform itself lists in the plan. */
testWithTerraform().each(['aws-eks-modules', 'aws-handed-modules', 'aws-registry-modules'])('the files of %s name in every expression what its plan lists', async (project) => {
  const trees = new ExpressionTrees();
  const differing: string[] = [];
  let compared = 0;
  const named = (texts: readonly string[]) => [...new Set(texts.map((text) => /^(?:data\.)?[\w-]+\.[\w-]+/.exec(text)?.[0]))].sort();
  const compare = async (node: any, source: any, at: string): Promise<void> => {
    if (Array.isArray(node)) for (const [index, each] of node.entries()) await compare(each, [source].flat()[index], at);
    else if (Array.isArray(node?.references)) {
      compared += 1;
      const own = await trees.references(source ?? null);
      if (JSON.stringify(named(own ?? [])) !== JSON.stringify(named(node.references))) differing.push(at);
    } else if (typeof node === 'object' && node !== null && !('constant_value' in node)) for (const [key, each] of Object.entries(node)) await compare(each, [source].flat()[0]?.[key], `${at}.${key}`);
  };
  const inModule = async (config: any, folder: string): Promise<void> => {
    const files = await readModule(folder);
    for (const { mode, type, name, expressions } of config.resources ?? []) await compare(expressions, files.blocks.get(`${mode}.${type}.${name}`)?.body, `${type}.${name}`);
    for (const [name, call] of Object.entries<any>(config.module_calls ?? {})) {
      await compare(call.expressions, files.calls.get(name)?.body, name);
      await inModule(call.module, folderOfCall(folder, files.calls.get(name)!.body)!);
    }
    for (const [name, { expression }] of Object.entries<any>(config.outputs ?? {})) await compare(expression, files.outputs.get(name), `output.${name}`);
  };
  await inModule(JSON.parse(await plannedOffline(project)).configuration.root_module, join(HCL, project));
  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(20);
}, 60_000);

testWithTerraform()('a local is what it names, and not whatever its module can refer to', async () => {
  const HANDED = `
variable "id" { default = null }
locals { id = var.id == null ? concat(aws_security_group.this[*].id, [""])[0] : var.id }
resource "aws_security_group" "this" {
  name   = "own"
  vpc_id = "vpc-1"
}
resource "aws_security_group" "other" {
  name   = "other"
  vpc_id = "vpc-1"
}
resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = local.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}`;
  await withPlanned('aws', { 'main.tf': HANDED }, async (text, folder) => {
    const plan = parsePlan(text, 'plan.json');
    const groups = (input: PlanFile) => buildGraph(input).ofType('aws_vpc_security_group_egress_rule')[0]!.references('security_group_id', { types: ['aws_security_group'] }).targets.map(({ name }) => name);
    expect(groups(plan)).toEqual(['other', 'this']);
    expect(groups(await withSource(plan, folder))).toEqual(['this']);
  });
}, 60_000);

/** A machine with a public address and these groups: `app` lets nothing out, and `web`, which is called like the other, everything. */
const machine = (groups: string, more: string) => `
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}
module "groups" {
  source = "./groups"
  vpc    = aws_vpc.main.id
}
resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = module.groups.web
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_instance" "i" {
  ami                         = "ami-1"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.main.id
  associate_public_ip_address = true
  vpc_security_group_ids      = ${groups}
}
${more}`;
const GROUPS = `
variable "vpc" {}
resource "aws_security_group" "g" {
  for_each = { app = "web", web = "app" }
  vpc_id   = var.vpc
  name     = each.value
}
output "app" { value = aws_security_group.g["app"].id }
output "web" { value = aws_security_group.g["web"].id }
output "all" { value = aws_security_group.g }
output "by_name" { value = { for g in aws_security_group.g : g.name => g.id } }
`;

testWithTerraform().each<[string, string, string, readonly [string, string]]>([
  ['a local of one', 'local.groups', 'locals { groups = [module.groups.app] }', ['open', 'none']],
  ['a local of one and an id', 'local.groups', 'locals { groups = [module.groups.app, "sg-0123456789abcdef0"] }', ['open', 'unknown']],
  ['a local of one and a local of an id', 'local.groups', 'locals {\n  more   = ["sg-0123456789abcdef0"]\n  groups = concat([module.groups.app], local.more)\n}', ['open', 'unknown']],
  ['a local of one and what a variable holds', 'local.groups', 'variable "more" { default = ["sg-0123456789abcdef0"] }\nlocals { groups = concat([module.groups.app], var.more) }', ['open', 'unknown']],
  ['one and an id', '[module.groups.app, "sg-0123456789abcdef0"]', '', ['none', 'unknown']],
  ['a text that is no id', '[try(module.groups.app, "sg-")]', '', ['none', 'none']],
  // What stands beside one of its own parts is not that part.
  ['a local of one by its key and another of all', '[local.group.id]', 'locals { group = element([module.groups.all["app"], values(module.groups.all)[1]], 1) }', ['open', 'open']],
  ['a map by names, which are not the keys', '[module.groups.by_name["app"]]', '', ['none', 'open']],
  ['a map by keys', '[module.groups.all["app"].id]', '', ['none', 'none']],
])('groups: %s', async (_, groups, more, expected) => {
  await withPlanned('aws', { 'main.tf': machine(groups, more), 'groups/main.tf': GROUPS }, async (text, folder) => {
    const plan = parsePlan(text, 'plan.json');
    const said = [plan, await withSource(plan, folder)].map((input) => review({ inputs: [input], today: '2026-11-28' }).verdicts.find(({ place, family }) => family === 4 && place.includes('aws_instance.i'))?.verdict);
    expect(said).toEqual(expected);
  });
}, 60_000);

/** What hands on a network of another key than its own. */
testWithTerraform().each<[string, readonly [string, string]]>([
  ['aws_vpc.v[each.key].id', ['none', 'none']],
  ['aws_vpc.v[each.value].id', ['open', 'open']],
  ['aws_vpc.v[each.key == "a" ? "b" : "a"].id', ['none', 'unknown']],
])('a subnet of the network that a range with its key has by %s', async (network, expected) => {
  const HANDING = `
resource "aws_vpc" "v" {
  for_each   = { a = "10.0.0.0/16", b = "10.1.0.0/16" }
  cidr_block = each.value
}
resource "aws_internet_gateway" "b" { vpc_id = aws_vpc.v["b"].id }
resource "aws_default_route_table" "b" {
  default_route_table_id = aws_vpc.v["b"].default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.b.id
  }
}
resource "aws_vpc_ipv4_cidr_block_association" "r" {
  for_each   = { a = "b", b = "a" }
  vpc_id     = ${network}
  cidr_block = "100.64.0.0/16"
}
resource "aws_subnet" "s" {
  for_each                = toset(["a", "b"])
  vpc_id                  = aws_vpc_ipv4_cidr_block_association.r[each.key].vpc_id
  cidr_block              = "100.64.0.0/24"
  map_public_ip_on_launch = true
}`;
  await withPlanned('aws', { 'main.tf': HANDING }, async (text, folder) => {
    const plan = parsePlan(text, 'plan.json');
    const said = [plan, await withSource(plan, folder)].map((input) => review({ inputs: [input], today: '2026-11-28' }).verdicts.find(({ place, family }) => family === 4 && place.includes('aws_subnet.s["a"]'))?.verdict);
    expect(said).toEqual(expected);
  });
}, 60_000);

testWithTerraform()('every report says which line of the files a finding is of', async () => {
  await withPlanned('aws', { 'main.tf': `module "net" { source = "./net" }\n`, 'net/main.tf': NETWORK }, async (text, folder) => {
    const file = join(folder, 'plan.json');
    writeFileSync(file, text);
    const [sarif, html, markdown, junit] = ['log.sarif', 'page.html', 'comment.md', 'tests.xml'].map((name) => join(folder, name)) as [string, string, string, string];
    const { result } = await runReview([file], { allowUnknown: true, source: [folder], sarif, html, markdown, junit });
    const line = NETWORK.split('\n').findIndex((each) => each.includes('"aws_vpc"')) + 1;
    const place = `${relative('', folder)}/net/main.tf`;
    const found = result.findings.filter(({ address }) => address === 'module.net.aws_vpc.main');
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(({ source }) => source?.constructPath))).toEqual(new Set([`${place}:${line}`]));
    const places = (JSON.parse(readFileSync(sarif, 'utf8')) as Log).runs[0]!.results!.filter(({ message }) => message.text?.includes('aws_vpc.main')).map(({ locations }) => locations?.[0]?.physicalLocation);
    expect(places).toContainEqual({ artifactLocation: { uri: place }, region: { startLine: line } });
    expect(textReport(result, { color: false, width: 200 })).toContain(`from ${place}:${line}`);
    expect(readFileSync(html, 'utf8')).toContain(`${place}:${line}`);
    expect(readFileSync(markdown, 'utf8')).toContain(`\`module.net.aws_vpc.main\` at \`${place}:${line}\``);
    expect(readFileSync(junit, 'utf8')).toContain(`\nat ${place}:${line}\n`);
  });
}, 60_000);

testWithTerraform()('folders are those of the inputs, in their order, or one for all; bases are read with the same files', async () => {
  await withPlanned('aws', { 'main.tf': associated(PLAIN, 'aws_route_table.t[replace(each.key, "app", "web")].id') }, async (text, folder) => {
    const [one, two] = ['one.json', 'two.json'].map((name) => join(folder, name)) as [string, string];
    for (const file of [one, two]) writeFileSync(file, text);
    const kinds = async (source: readonly string[]) => (await runReview([one, two], { allowUnknown: true, source })).result.verdicts.filter(({ place, family }) => family === 4 && place.includes('["app"]')).map(({ verdict }) => verdict);
    expect(await kinds([folder])).toEqual(['unknown', 'unknown']);
    expect(await kinds([folder, folder])).toEqual(['unknown', 'unknown']);
    await expect(runReview([one], { allowUnknown: true, source: [folder, folder] })).rejects.toThrow('--source names 2 folders for 1 plan: name one for each, in their order, or one for all');
    await expect(runReview([one], { allowUnknown: true, source: [join(folder, 'absent')] })).rejects.toThrow(/absent: there is no such folder/);
    const { result } = await runReview([one], { allowUnknown: true, source: [folder], base: [two] });
    expect(result.diff?.reach).toEqual([]);
  });
}, 60_000);

testWithTerraform()('a state beside plans needs no folder, and alone it has none; what cannot be read is told by itself', async () => {
  await withPlanned('aws', { 'main.tf': associated(PLAIN, 'aws_route_table.t[replace(each.key, "app", "web")].id') }, async (text, folder) => {
    const [state, plan, garbage] = ['state.json', 'plan.json', 'garbage.json'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(plan, text);
    writeFileSync(garbage, '{');
    writeFileSync(state, JSON.stringify({ format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: [{ address: 'aws_vpc.shared', mode: 'managed', type: 'aws_vpc', name: 'shared', provider_name: 'registry.terraform.io/hashicorp/aws', schema_version: 1, values: { id: 'vpc-1', cidr_block: '10.9.0.0/16' } }] } } }));
    for (const together of [true, false]) {
      const { result } = await runReview([state, plan], { allowUnknown: true, together, source: [folder] });
      expect(result.verdicts.filter(({ place, family }) => family === 4 && place.includes('["app"]')).map(({ verdict }) => verdict)).toEqual(['unknown']);
    }
    await expect(runReview([state, plan], { allowUnknown: true, source: [folder, folder] })).rejects.toThrow('--source names 2 folders for 1 plan: name');
    await expect(runReview([state], { allowUnknown: true, source: [folder] })).rejects.toThrow('--source is for plans: leave it out');
    await expect(runReview([garbage, plan], { allowUnknown: true, source: [folder, folder] })).rejects.toThrow(/^(?![^]*--source)[^]*garbage\.json/);
  });
}, 60_000);
