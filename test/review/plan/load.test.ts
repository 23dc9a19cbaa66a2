/** What can be reviewed is read, in every encoding; what cannot says what it is and the way out. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { loadPlan, parsePlan, PlanInputError } from '../../../review/plan/load';
import { graphOf, plan, planJson, stackJson } from './plans';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'load-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function refusal(read: () => unknown): PlanInputError {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(PlanInputError);
    return error as PlanInputError;
  }
  throw new Error('it was read');
}

const parse = (source: string | Uint8Array) => () => parsePlan(source, 'plan.json');
const MINIMAL = JSON.stringify({ format_version: '1.2', terraform_version: '1.11.4', resource_changes: [], configuration: {} });

describe('what is read', () => {
  test.each([
    ['nested-modules.plan', 'plan', '1.2'], ['lifecycle.state', 'state', '1.0'], ['cdktf.plan', 'plan', '1.2'], ['errored.plan', 'plan', '1.2'],
  ])('%s', (name, kind, formatVersion) => {
    const file = parsePlan(JSON.stringify(planJson(name)), name);
    expect(file).toMatchObject({ kind, formatVersion, terraformVersion: '1.11.4', warnings: [] });
  });

  test('format versions 1.0 to 1.2, and with a warning later ones of the same major version', () => {
    for (const version of ['1.0', '1.1', '1.2']) expect(parsePlan(JSON.stringify({ format_version: version, resource_changes: [] }), 'p').warnings).toEqual([]);
    expect(parsePlan('{"format_version":"1.7","resource_changes":[]}', 'p').warnings[0]).toMatch(/1\.7 is newer/);
  });

  test('formats before 1.0, as Terraform 0.12 to 1.0 wrote them, with a warning where nothing is marked as sensitive', () => {
    const old = (marks: object) => JSON.stringify({ format_version: '0.2', resource_changes: [{ address: 'a.b', change: { actions: ['create'], before: null, after: {}, after_unknown: {}, ...marks } }] });
    expect(parsePlan(old({}), 'p')).toMatchObject({ kind: 'plan', formatVersion: '0.2', warnings: [expect.stringMatching(/0\.2 does not mark sensitive/)] });
    expect(parsePlan(old({ after_sensitive: {} }), 'p').warnings).toEqual([]);
    const state = (marks: object) => JSON.stringify({ format_version: '0.1', values: { root_module: { resources: [{ address: 'a.b', values: {}, ...marks }] } } });
    expect(parsePlan(state({}), 's')).toMatchObject({ kind: 'state', warnings: [expect.stringMatching(/0\.1 does not mark sensitive/)] });
    expect(parsePlan(state({ sensitive_values: {} }), 's').warnings).toEqual([]);
  });

  test('the lines around a plan that the wrapper of hashicorp/setup-terraform writes are left out', () => {
    const head = '[command]/home/runner/work/_temp/1/terraform-bin show -json tfplan';
    for (const tail of ['', '\n', `\n::debug::Terraform exited with code 0.\n::debug::stdout: ${MINIMAL}%0A\n`]) {
      expect(parsePlan(`${head}\n${MINIMAL}${tail}`, 'plan.json')).toMatchObject({ kind: 'plan', formatVersion: '1.2' });
    }
    expect(refusal(parse(head)).what).toMatch(/not JSON|only blanks/);
    expect(refusal(parse(`${head}\nError: no such file`)).what).toMatch(/not JSON/);
  });

  test.each([
    ['a log before it', `time=12:00 level=info msg=running\n{"level":"info"}\n${MINIMAL}`],
    ['what Terraform says of a lock, in lines of Windows', `Acquiring state lock. This may take a few moments...\r\n${MINIMAL}\r\nReleasing state lock. This may take a few moments...\r\n`],
    ['a line after it', `${MINIMAL}\nDone.\n`],
  ])('the one line that is a plan: %s', (_, text) => {
    expect(parsePlan(text, 'plan.json')).toMatchObject({ kind: 'plan', formatVersion: '1.2' });
  });

  test('an empty state, with a warning', () => {
    const file = parsePlan('{"format_version":"1.0"}', 'state.json');
    expect(file).toMatchObject({ kind: 'state', warnings: [expect.stringMatching(/empty/)] });
  });

  test.each([
    ['UTF-8', Buffer.from(MINIMAL)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${MINIMAL}`)],
    ['UTF-16 little endian, as PowerShell writes it', Buffer.from(`\uFEFF${MINIMAL}`, 'utf16le')],
    ['UTF-16 big endian', Buffer.from(`\uFEFF${MINIMAL}`, 'utf16le').swap16()],
    ['UTF-16 little endian without a mark', Buffer.from(MINIMAL, 'utf16le')],
    ['UTF-16 big endian without a mark', Buffer.from(MINIMAL, 'utf16le').swap16()],
  ])('%s', (_, bytes) => {
    expect(parsePlan(new Uint8Array(bytes), 'plan.json').kind).toBe('plan');
  });

  test('text with a byte order mark', () => {
    expect(parsePlan(`\uFEFF${MINIMAL}`, 'plan.json').kind).toBe('plan');
  });

  test('a synthesized stack, with its name', () => {
    expect(parsePlan(JSON.stringify(stackJson()), 'cdk.tf.json')).toMatchObject({ kind: 'synthesized', stack: 'network', formatVersion: 'cdktf 0.21.0' });
  });
});

describe('folders', () => {
  function synthesize(...names: string[]): void {
    for (const name of names) {
      mkdirSync(join(folder, 'stacks', name), { recursive: true });
      writeFileSync(join(folder, 'stacks', name, 'cdk.tf.json'), JSON.stringify({ ...stackJson(), '//': { metadata: { stackName: name } } }));
    }
    writeFileSync(join(folder, 'manifest.json'), '{"version":"0.21.0","stacks":{}}');
  }

  test('every stack of a cdktf.out folder, sorted by name', () => {
    synthesize('zebra', 'aws');
    expect(loadPlan(folder).map(({ stack, kind }) => [stack, kind])).toEqual([['aws', 'synthesized'], ['zebra', 'synthesized']]);
  });

  test('one stack of it', () => {
    synthesize('aws', 'google');
    expect(loadPlan(join(folder, 'stacks', 'google')).map(({ stack }) => stack)).toEqual(['google']);
  });

  test('a folder around it is told where to look', () => {
    mkdirSync(join(folder, 'cdktf.out'));
    expect(refusal(() => loadPlan(folder)).wayOut).toBe(`did you mean ${join(folder, 'cdktf.out')}?`);
  });

  test('plans and states of any depth, and no other JSON', () => {
    for (const name of ['plans/vpc', 'plans/eks/nodes', 'plans/eks/.terraform', 'plans/old']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'plans/vpc/tfplan.json'), '{"format_version":"1.2","resource_changes":[]}');
    writeFileSync(join(folder, 'plans/eks/nodes/tfplan.json'), '\uFEFF{ "format_version": "1.0", "values": {"apiVersion": "v1", "kind": "x"} }');
    writeFileSync(join(folder, 'plans/eks/.terraform/tfplan.json'), '{"format_version":"1.2"}');
    writeFileSync(join(folder, 'plans/old/result.json'), '{"version":1,"inputs":[]}');
    expect(loadPlan(join(folder, 'plans')).map(({ name, kind }) => [relative(folder, name), kind])).toEqual([['plans/eks/nodes/tfplan.json', 'state'], ['plans/vpc/tfplan.json', 'plan']]);
    expect(refusal(() => loadPlan(join(folder, 'plans/old'))).what).toContain('and no plan');
    mkdirSync(join(folder, '.git'));
    expect(refusal(() => loadPlan(folder)).what).toContain('and no plan');
  });

  test('a folder of Terraform source, an empty one', () => {
    expect(refusal(() => loadPlan(folder)).wayOut).toMatch(/cdktf synth/);
    writeFileSync(join(folder, 'main.tf'), '');
    expect(refusal(() => loadPlan(folder)).wayOut).toMatch(/terraform plan -out/);
  });
});

describe('what is refused', () => {
  test('a missing file', () => {
    expect(refusal(() => loadPlan(join(folder, 'none.json'))).what).toBe('there is no such file');
  });

  test.each<[string, string | Uint8Array, RegExp, RegExp]>([
    ['an empty file', new Uint8Array(0), /is empty/, /terraform show -json/],
    ['blanks', '  \n', /only blanks/, /fail/],
    ['a binary plan', Buffer.from('PK\x03\x04tfplan'), /binary plan file/, /terraform show -json/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), /gzip/, /gunzip/],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), /UTF-32/, /UTF-8/],
    ['a truncated plan', MINIMAL.slice(0, -20), /ends in the middle/, /again/],
    ['a plan truncated in a string', '{"format_version":"1.', /ends in the middle/, /again/],
    ['an unknown text', 'hello', /not JSON/, /terraform show -json/],
    ['a plan for people', 'Terraform used the selected providers to generate\n  # aws_vpc.x will be created', /for people/, /terraform show -json/],
    ['Terraform source', 'resource "aws_vpc" "x" {\n}', /Terraform source/, /plan/],
    ['a state for people', '# aws_vpc.main:\nresource "aws_vpc" "main" {\n}', /state for people/, /show -json/],
    ['a state for people, in colours', '\u001b[0m\u001b[1m# module.a["b"].aws_vpc.main:\u001b[0m\u001b[0m\nresource "aws_vpc" "main" {\n}', /state for people/, /show -json/],
    ['an error instead of a plan', 'Error: Failed to read the given file as a state or plan file\n', /an error of the command/, /show -json/],
    ['several plans', `${MINIMAL}\n${MINIMAL}\n`, /holds 2 plans/, /split -l 1/],
    ['several plans after a log', `level=info\n${MINIMAL}\n${MINIMAL}\n${MINIMAL}\n`, /holds 3 plans/, /split -l 1/],
    ['a list of plans', `[${MINIMAL},${MINIMAL}]`, /list, with 2 plans in it/, /jq '\.\[0\]'/],
    ['a log around a plan in many lines', `level=info\n${JSON.stringify(JSON.parse(MINIMAL), null, 2)}`, /another program/, /take them out/],
    ['a prefix before the plan', `12:00:00.000 STDOUT terraform: ${MINIMAL}`, /another program/, /--tf-forward-stdout/],
    ['a redacted plan', '{"plan_format_version":"1.2","resource_changes":[],"provider_schemas":{}}', /redacted/, /json-output/],
    ['a web page', '<!DOCTYPE html><html>', /HTML/, /login/],
    ['NDJSON', '{"@level":"info","@message":"Terraform 1.11.4","type":"version"}\n{"@level":"info","@message":"x"}', /log of `terraform plan -json`/, /plan -out=tfplan && terraform show -json/],
    ['one line of NDJSON', '{"@level":"info","@message":"Terraform 1.11.4"}', /log of/, /show -json/],
    ['an array', '[]', /an array/, /expected/],
    ['a number', '12', /a number/, /expected/],
    ['a text', '"x"', /a string/, /expected/],
    ['null', 'null', /null/, /expected/],
    ['an empty object', '{}', /no format_version/, /expected/],
    ['some other JSON', '{"name":"x","version":"1"}', /no format_version/, /expected/],
    ['a raw state', '{"version":4,"serial":1,"lineage":"x"}', /raw state/, /show -json/],
    ['a plan one level down', '{"tfplan":{"format_version":"1.0","resource_changes":[]}}', /one level down/, /jq '\.tfplan'/],
    ['a plan below a strange key', '{"$(x)":{"format_version":"1.0"}}', /one level down/, /jq '\.\[\]'/],
    ['changes that are no list', '{"format_version":"1.0","resource_changes":{"aws_instance.a":{}}}', /are no list/, /show -json/],
    ['an object of Kubernetes', '{"apiVersion":"v1","kind":"List","items":[]}', /object of Kubernetes/, /ending \.yaml/],
    ['YAML of Kubernetes', '# rendered\napiVersion: v1\nkind: Pod\n', /Kubernetes YAML/, /ending \.yaml/],
    ['provider schemas', '{"format_version":"1.0","provider_schemas":{}}', /providers schema/, /show -json/],
    ['a raw state without lineage', '{"version":4,"terraform_version":"0.12.28","resources":[]}', /raw state/, /show -json/],
    ['a raw state of Terraform 0.11', '{"version":3,"terraform_version":"0.11.7","modules":[]}', /raw state/, /show -json/],
    ['format 2.0', '{"format_version":"2.0"}', /reads 0\.1 to 1\.x/, /update/],
    ['a format that is no version', '{"format_version":1.2}', /format_version/, /expected/],
    ['the same key twice', '{"format_version":"1.2","resource_changes":[],"resource_changes":[]}', /twice/, /merged/],
    ['the same key twice, once escaped', '{"format_version":"1.2","resource_changes":[],"resource_\\u0063hanges":[]}', /twice/, /merged/],
  ])('%s', (_, source, what, wayOut) => {
    const error = refusal(parse(source));
    expect(error.what).toMatch(what);
    expect(error.wayOut).toMatch(wayOut);
    expect(error.message).toBe(`plan.json: ${error.what}; ${error.wayOut}`);
  });

  test.each(['[', '{"a":', '[{"a":['])('nesting of 100,000 levels (%s)', (open) => {
    expect(refusal(parse(open.repeat(100_000))).what).toMatch(/nests deeper/);
    expect(refusal(parse(`{"format_version":"1.2","x":${open.repeat(100_000)}`)).what).toMatch(/nests deeper/);
  });

  test('no message quotes the file, or lets its name control the terminal', () => {
    const error = refusal(() => parsePlan('{"password": "correct-horse" oops', 'a\u001b[31m\nplan\u202e.json'));
    expect(error.message).not.toContain('correct-horse');
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('hostile JSON', () => {
  test('`__proto__` is a key like any other', () => {
    const text = JSON.stringify(plan([])).replace('"resource_changes":[]', `"__proto__":{"polluted":true},"resource_changes":[{"address":"a.b","type":"a","name":"b","change":{"actions":["create"],"after":{"__proto__":{"polluted":"yes"},"x":"s"},"after_unknown":{},"after_sensitive":{"x":true}}}]`);
    const graph = graphOf(JSON.parse(text));
    const resource = graph.byAddress('a.b');
    expect(resource?.values['x']).toBe('(sensitive value)');
    expect(({} as any).polluted).toBeUndefined();
    expect((resource?.values as any).polluted).toBeUndefined();
    expect(resource?.valueAt('constructor')).toBeUndefined();
  });

  test('huge numbers, and a number as key', () => {
    const graph = graphOf(JSON.parse('{"format_version":"1.2","resource_changes":[{"address":"a.b[0]","type":"a","name":"b","index":1e999,"change":{"actions":["create"],"after":{"n":123456789012345678901234567890},"after_unknown":{}}}]}'));
    expect(graph.resources[0]?.valueAt('n')).toBe(1.2345678901234568e29);
  });

  test('lists and objects where the other is due', () => {
    for (const value of [null, 1, 'x', [], {}, [[]], [null], { a: 1 }]) {
      for (const key of ['planned_values', 'resource_changes', 'configuration', 'prior_state', 'resource_drift', 'variables', 'deferred_changes']) {
        const odd = graphOf({ ...planJson('lifecycle.plan'), [key]: value });
        for (const resource of odd.resources) resource.references([]);
        odd.before();
      }
    }
  });

  test('settings of providers and backends are dropped', () => {
    const stack = stackJson();
    stack.provider.aws[0].secret_key = 'correct-horse';
    stack.terraform.backend.local.path = 'correct-horse';
    const file = parsePlan(JSON.stringify(stack), 's');
    expect(JSON.stringify(file.document)).not.toContain('"path":"correct-horse"');
    expect(file.document).not.toHaveProperty('provider');
    expect(JSON.stringify(parsePlan(JSON.stringify(planJson('errored.plan')), 'p').document)).not.toContain('AKIA');
  });
});
