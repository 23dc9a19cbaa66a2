/** A plan and the Terraform files that it was made of: which lines, which files, and what is wrong with either. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan, PlanInputError, type PlanFile } from '../../../review/plan/load';
import { withSource } from '../../../review/source/with-source';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'source-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

interface Block {
  readonly address: string;
  /** Of its instances; the block's own where none is given. */
  readonly instances?: readonly string[];
  readonly expressions?: Readonly<Record<string, readonly string[]>>;
}

/** @param module the root's blocks, and those of modules by the names of their calls */
function planOf(blocks: readonly Block[], modules: Readonly<Record<string, readonly Block[]>> = {}): PlanFile {
  const configured = (all: readonly Block[]) => all.map(({ address, expressions = {} }) => {
    const [type, name] = address.replace('data.', '').split('.').slice(-2);
    return { address, mode: address.startsWith('data.') ? 'data' : 'managed', type, name, expressions: Object.fromEntries(Object.entries(expressions).map(([key, references]) => [key, { references }])) };
  });
  const changes = [...blocks, ...Object.values(modules).flat()].flatMap(({ address, instances = [address], expressions = {} }) => instances.map((instance) => {
    const [type, name] = address.replace('data.', '').split('.').slice(-2);
    const module = instance.slice(0, Math.max(0, instance.lastIndexOf(`.${type}.`)));
    return { address: instance, ...(module === '' ? {} : { module_address: module }), mode: 'managed', type, name, change: { actions: ['create'], before: null, after: {}, after_unknown: Object.fromEntries(Object.keys(expressions).map((key) => [key, true])) } };
  }));
  return parsePlan(JSON.stringify({
    format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: {} }, resource_changes: changes,
    configuration: { root_module: { resources: configured(blocks), module_calls: Object.fromEntries(Object.entries(modules).map(([name, own]) => [name, { source: `./${name}`, module: { resources: configured(own.map((each) => ({ ...each, address: each.address.split('.').slice(-2).join('.') }))) } }])) } },
  }), 'plan.json');
}

function ofOpenTofu(plan: PlanFile): PlanFile {
  for (const change of plan.document['resource_changes'] as any[]) change.provider_name = 'registry.opentofu.org/x/x';
  return plan;
}

/** Where each resource is made, by its address; below the folder. */
function places(plan: PlanFile): Record<string, string | undefined> {
  return Object.fromEntries(buildGraph(plan).resources.map(({ address, source }) => [address, source?.constructPath?.replace(`${relative('', root)}/`, '')]));
}

const refused = (plan: PlanFile) => withSource(plan, root).then(() => '', (error: unknown) => {
  if (!(error instanceof PlanInputError)) throw error;
  return error.message.replaceAll(root, 'ROOT');
});

describe('lines', () => {
  test('of blocks, for all of their instances, in modules too', async () => {
    write({
      'main.tf': '\n\nresource "x_a" "one" {}\n  resource x_a two {\n}\nmodule "net" {\n  source = "./net"\n}\n',
      'other.tf': 'data "x_a" "one" {}\n',
      'net/main.tf': '# resource "x_b" "b" {\n/*\nresource "x_b" "b" {\n*/\nresource "x_c" "c" {\n  text = <<-EOT\nresource "x_b" "b" {\n  EOT\n}\nresource "x_b" "b" {}\n',
    });
    const plan = planOf([{ address: 'x_a.one' }, { address: 'x_a.two', instances: ['x_a.two["k.1"]', 'x_a.two[0]'] }], { net: [{ address: 'module.net.x_b.b', instances: ['module.net["a"].x_b.b[0]', 'module.net["b"].x_b.b[0]'] }] });
    const told = await withSource(plan, root);
    expect(places(told)).toEqual({ 'x_a.one': 'main.tf:3', 'x_a.two["k.1"]': 'main.tf:4', 'x_a.two[0]': 'main.tf:4', 'module.net["a"].x_b.b[0]': 'net/main.tf:10', 'module.net["b"].x_b.b[0]': 'net/main.tf:10' });
    expect(told.warnings).toEqual([]);
    expect(places(plan)).toEqual(Object.fromEntries(Object.keys(places(plan)).map((address) => [address, undefined])));
  });

  test('of the call for what terraform init downloads, as that is in no repository', async () => {
    write({
      'main.tf': '\nmodule "net" {\n  source = "someone/net/x"\n}\n',
      '.terraform/modules/modules.json': JSON.stringify({ Modules: [{ Key: '', Source: '', Dir: '.' }, { Key: 'net', Source: 'registry.terraform.io/someone/net/x', Dir: '.terraform/modules/net' }] }),
      '.terraform/modules/net/main.tf': 'resource "x_b" "b" {}\n',
    });
    expect(places(await withSource(planOf([], { net: [{ address: 'module.net.x_b.b' }] }), root))).toEqual({ 'module.net.x_b.b': 'main.tf:2' });
  });

  test('of JSON syntax, of OpenTofu, and of what an override changes', async () => {
    write({
      'main.tf.json': '{\n  "//": {},\n  "resource": {\n    "x_a": {\n      "one": {\n      }\n    }\n  }\n}',
      'two.tf': 'resource "x_a" "two" {}', 'two.tofu': '\nresource "x_a" "two" {}',
      'three.tf': '\n\n\nresource "x_a" "three" {}', 'three_override.tf': 'resource "x_a" "three" {}',
    });
    const plan = planOf([{ address: 'x_a.one' }, { address: 'x_a.two' }, { address: 'x_a.three' }]);
    expect(places(await withSource(plan, root))).toEqual({ 'x_a.one': 'main.tf.json:5', 'x_a.two': 'two.tf:1', 'x_a.three': 'three.tf:4' });
    expect(places(await withSource(ofOpenTofu(plan), root))).toEqual({ 'x_a.one': 'main.tf.json:5', 'x_a.two': 'two.tofu:2', 'x_a.three': 'three.tf:4' });
  });
});

describe('expressions', () => {
  const TAKING = (value: string) => `resource "x_s" "s" {}\nresource "x_a" "a" {\n  of = ${value}\n}\n`;
  const BLOCKS: readonly Block[] = [{ address: 'x_s.s' }, { address: 'x_a.a', expressions: { of: ['x_s.s', 'each.key'] } }];
  const references = async () => (((await withSource(planOf(BLOCKS), root)).document['configuration'] as any).root_module.resources[1].expressions.of.references as readonly string[]);

  test('stay as they are where the key is plain', async () => {
    write({ 'main.tf': TAKING('x_s.s[each.key].id') });
    expect(await references()).toEqual(['x_s.s', 'each.key']);
  });

  test.each([
    ['a function', { 'main.tf': TAKING('x_s.s[upper(each.key)].id') }],
    ['an override', { 'main.tf': TAKING('x_s.s[each.key].id'), 'override.tf': 'resource "x_a" "a" {\n  of = x_s.s[upper(each.key)].id\n}\n' }],
    ['JSON syntax', { 'main.tf': 'resource "x_s" "s" {}', 'a.tf.json': JSON.stringify({ resource: [{ x_a: { a: [{ of: '${x_s.s["${each.key}-b"].id}' }] } }] }) }],
    ['an attribute that the files do not have', { 'main.tf': 'resource "x_s" "s" {}\nresource "x_a" "a" {}\n' }],
  ])('lose their key by %s, and a warning says so', async (_, files) => {
    write(files);
    expect(await references()).toEqual(['x_s.s', 'terraform.composed_key']);
    expect((await withSource(planOf(BLOCKS), root)).warnings.filter((text) => !text.includes('was the plan made'))).toEqual(['keys are made by functions, texts or maps in x_a.a.of: which instance is meant is not known before its id is']);
  });

  test('no warning where the id is known', async () => {
    write({ 'main.tf': TAKING('x_s.s[upper(each.key)].id') });
    const plan = planOf(BLOCKS);
    const changes = plan.document['resource_changes'] as any[];
    changes[1].change.after_unknown = { of: false };
    expect((await withSource(plan, root)).warnings).toEqual([]);
  });
});

describe('locals', () => {
  const BLOCKS: readonly Block[] = [{ address: 'x_s.one' }, { address: 'x_s.two' }, { address: 'x_a.a', expressions: { of: ['local.id'] } }];
  const FILE = (local: string, of = 'local.id') => `resource "x_s" "one" {}\nresource "x_s" "two" {}\nresource "x_a" "a" {\n  of = ${of}\n}\nlocals {\n  other = x_s.two.id\n  id = ${local}\n}\n`;
  const meant = (plan: PlanFile) => {
    const { targets, exact, unknown } = buildGraph(plan).resources.find(({ address }) => address === 'x_a.a')!.references('of', { types: ['x_s'] });
    return `${targets.map(({ name }) => name).join(' ')}${exact ? '' : ' perhaps'}${unknown === undefined ? '' : ', or unknown'}`;
  };

  test.each([
    ['x_s.one.id', 'one'],
    ['try(x_s.one.id, null)', 'one'],
    ['local.other', 'two'],
    ['var.on ? x_s.one.id : x_s.two.id', 'one two perhaps'],
    ['{ a = x_s.one.id, b = local.other }["a"]', 'one two perhaps'],
    ['join("", [for x_s in [x_s.one] : x_s.id])', 'one'],
    ['"${x_s.two.id}"', 'two'],
    ['keys({ (x_s.one.id) = 1 })[0]', 'one'],
    ['{ (x_s.one.id) = x_s.two.id }', 'two one perhaps'],
    ['[{ (x_s.two.id) = 1 }]', 'two'],
    // Comments and quotes in them end nothing.
    ['try( # don\'t "\n    x_s.two.id, /* " */ null)', 'two'],
    // What is read as it stands by no parser may be anything, as without the files.
    ['"%{ if var.on }${x_s.one.id}%{ endif }"', 'one two perhaps'],
  ])('%s: %s', async (local, expected) => {
    write({ 'main.tf': FILE(local) });
    const plan = planOf(BLOCKS);
    expect(meant(plan)).toBe('one two perhaps');
    expect(meant(await withSource(plan, root))).toBe(expected);
  });

  test('files that say something else than the plan tell of none, and a warning says so', async () => {
    write({ 'main.tf': FILE('x_s.one.id', 'local.other') });
    const told = await withSource(planOf(BLOCKS), root);
    expect(meant(told)).toBe('one two perhaps');
    expect(told.warnings.map((text) => text.replaceAll(root, 'ROOT'))).toEqual(['ROOT does not have x_a.a.of: was the plan made of these files?']);
  });

  test('which of two files tells it, the plan says: where it does not, neither does', async () => {
    write({ 'main.tf': FILE('x_s.one.id'), 'main.tofu': FILE('x_s.two.id') });
    const plan = planOf(BLOCKS);
    expect(meant(await withSource(plan, root))).toBe('one two perhaps');
    expect(meant(await withSource(ofOpenTofu(plan), root))).toBe('two');
  });

  test('hidden files, which Terraform passes over, say nothing, be they no HCL or links to nowhere', async () => {
    write({ 'main.tf': FILE('x_s.two.id'), '.old.tf': 'locals {\n  id = x_s.one.id\n}\n', '.override.tf': 'locals {\n  id = x_s.one.id\n}\n', '._main.tf': '\u0000\u0005{' });
    symlinkSync('nobody@nowhere', join(root, '.#main.tf'));
    expect(meant(await withSource(planOf(BLOCKS), root))).toBe('two');
  });

  test('names in keys are there', async () => {
    write({ 'main.tf': FILE('x_s.one.id', '{ (local.id) = 1 }') });
    const told = await withSource(planOf(BLOCKS), root);
    expect(told.warnings).toEqual([]);
    expect(meant(told)).toBe('one');
  });

  test('nor is a local that the files do not have anything less than before', async () => {
    write({ 'main.tf': FILE('x_s.one.id').replace('  id =', '  id_of_one =') });
    expect(meant(await withSource(planOf(BLOCKS), root))).toBe('one two perhaps');
  });
});

describe('what is not there', () => {
  test('some blocks: a warning', async () => {
    write({ 'main.tf': 'resource "x_a" "one" {}' });
    expect((await withSource(planOf([{ address: 'x_a.one' }, ...['b', 'c', 'd', 'e'].map((name) => ({ address: `x_a.${name}` }))]), root)).warnings.map((text) => text.replaceAll(root, 'ROOT')))
      .toEqual(['ROOT does not have x_a.b, x_a.c, x_a.d and 1 more: was the plan made of these files?']);
  });

  test('what a check reads, and what is never kept, is there', async () => {
    write({ 'main.tf': 'resource "x_a" "one" {}\nephemeral "x_e" "e" {}\ncheck "c" {\n  data "x_d" "d" {\n    of = x_a.one.id\n  }\n}\n' });
    const plan = planOf([{ address: 'x_a.one' }, { address: 'data.x_d.d', expressions: { of: ['x_a.one'] } }, { address: 'x_e.e' }]);
    ((plan.document['configuration'] as any).root_module.resources as any[]).at(-1).mode = 'ephemeral';
    const told = await withSource(plan, root);
    expect(told.warnings).toEqual([]);
    expect(places(told)).toMatchObject({ 'x_a.one': 'main.tf:1', 'data.x_d.d': 'main.tf:4' });
  });

  test('a module that was not downloaded: a warning', async () => {
    write({ 'main.tf': 'resource "x_a" "one" {}\nmodule "net" {\n  source = "someone/net/x"\n}\n' });
    expect((await withSource(planOf([{ address: 'x_a.one' }], { net: [{ address: 'module.net.x_b.b' }] }), root)).warnings.map((text) => text.replaceAll(root, 'ROOT')))
      .toEqual(['the files of module.net are not there, so that keys in them are taken as they are listed; run `terraform init` in ROOT first']);
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['no file of Terraform', { 'a.txt': '' }, /^ROOT: this folder holds no Terraform file; name the folder in which `terraform plan` was run$/],
    ['none of its blocks', { 'main.tf': 'resource "x_z" "z" {}' }, /^ROOT: this is not what plan\.json was made of: it has none of its 1 blocks; /],
    ['broken HCL', { 'main.tf': 'resource "x_a" "one" {\n' }, /^ROOT\/main\.tf: Terraform could not read this \(line 1,.*Unclosed/],
    ['broken JSON', { 'main.tf.json': '{' }, /^ROOT\/main\.tf\.json: this is not JSON; /],
    ['a broken list of modules', { 'main.tf': 'resource "x_a" "one" {}', '.terraform/modules/modules.json': '{' }, /modules\.json: this is not JSON; run `terraform init` again$/],
  ])('%s: a clear refusal', async (_, files, expected) => {
    write(files);
    expect(await refused(planOf([{ address: 'x_a.one' }]))).toMatch(expected);
  });

  test('a module without files, as Terraform takes it', async () => {
    write({ 'main.tf': 'resource "x_a" "one" {}\nmodule "net" {\n  source = "./net"\n}\n', 'net/README.md': '' });
    expect((await withSource(planOf([{ address: 'x_a.one' }], { net: [] }), root)).warnings).toEqual([]);
  });

  test('a file instead of a folder, a link to nothing, and how many blocks are missed', async () => {
    write({ 'main.tf': 'resource "x_z" "z" {}' });
    expect(await refused(planOf([{ address: 'x_a.one', expressions: { of: ['x_a.two'], and: ['x_a.two'] } }]))).toMatch(/has none of its 1 blocks/);
    expect(await withSource(planOf([]), join(root, 'main.tf')).catch(({ message }: Error) => message.replaceAll(root, 'ROOT'))).toBe('ROOT/main.tf: this is no folder that can be read; name the folder in which `terraform plan` was run');
    symlinkSync('nowhere.tf', join(root, 'other.tf'));
    expect(await refused(planOf([{ address: 'x_z.z' }]))).toBe('ROOT/other.tf: the file cannot be read; is it a link to nothing?');
  });

  test('no folder at all, and no plan', async () => {
    rmSync(root, { recursive: true });
    expect(await refused(planOf([{ address: 'x_a.one' }]))).toBe('ROOT: there is no such folder; name the folder in which `terraform plan` was run');
    expect(await refused(parsePlan('{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{}}}', 'state.json'))).toBe('state.json: this says nothing of its configuration, as a state does; --source is for plans: leave it out');
    expect(await refused(parsePlan('{"resource":{"x_a":{"b":{}}}}', 'cdk.tf.json'))).toBe('cdk.tf.json: a synthesized stack is its own source; leave out --source');
  });
});

test('names that every object has are ordinary names', async () => {
  write({ 'main.tf': 'resource "x_a" "constructor" {}\nresource "x_a" "__proto__" {}\nlocals {\n  toString = x_a.constructor\n}\nmodule "hasOwnProperty" {\n  source = "./m"\n}\n', 'm/main.tf': 'resource "x_b" "valueOf" {}\n' });
  const told = await withSource(planOf([{ address: 'x_a.constructor' }, { address: 'x_a.__proto__' }], { hasOwnProperty: [{ address: 'module.hasOwnProperty.x_b.valueOf' }] }), root);
  expect(Object.values(places(told))).toEqual(['main.tf:1', 'main.tf:2', 'm/main.tf:1']);
});
