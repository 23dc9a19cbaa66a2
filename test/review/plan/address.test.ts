/** Addresses are parsed, never split: keys hold what they like. */
import * as fc from 'fast-check';
import { parseAddress, parseModuleAddress, printAddress, printModuleAddress, type ResourceAddress } from '../../../review/plan/address';
import { printPath, toPath } from '../../../review/plan/attribute-path';
import { parseReference, primaryReferences } from '../../../review/plan/reference';

const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_-]{0,12}$/).filter((text) => !['module', 'data', 'ephemeral'].includes(text));
const keys = fc.oneof(fc.nat(), fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('a.b', 'k[0].z', '"', '\\', '${x}', '%{if}', '$${', '', '].y["', '\n', '\u2028', '😀', '%%{', '$'));
const keyed = { key: fc.option(keys, { nil: undefined }) };
const modules = fc.array(fc.record({ name, ...keyed }), { maxLength: 3 });
const address = fc.record({ module: modules, mode: fc.constantFrom('managed' as const, 'data' as const), type: name, name, ...keyed });

function clean<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

test('every printed address is parsed back', () => {
  fc.assert(fc.property(address, (written) => {
    expect(clean(parseAddress(printAddress(written as ResourceAddress)))).toEqual(clean(written));
  }), { numRuns: 2000 });
});

test('every printed module address is parsed back', () => {
  fc.assert(fc.property(modules, (written) => {
    expect(clean(parseModuleAddress(printModuleAddress(written as any)))).toEqual(clean(written));
  }), { numRuns: 1000 });
});

test('every printed path is parsed back', () => {
  const step = fc.oneof(fc.nat(), keys);
  fc.assert(fc.property(name, fc.array(step), (first, rest) => {
    expect(toPath(printPath([first, ...rest]))).toEqual([first, ...rest]);
  }), { numRuns: 1000 });
});

test.each([
  ['aws_vpc.x', { module: [], mode: 'managed', type: 'aws_vpc', name: 'x' }],
  ['data.aws_vpc.x[3]', { module: [], mode: 'data', type: 'aws_vpc', name: 'x', key: 3 }],
  ['module.net["a.b"].aws_vpc.x["k[0].z"]', { module: [{ name: 'net', key: 'a.b' }], mode: 'managed', type: 'aws_vpc', name: 'x', key: 'k[0].z' }],
  ['module.a.module.b[0].data.x_y.z', { module: [{ name: 'a' }, { name: 'b', key: 0 }], mode: 'data', type: 'x_y', name: 'z' }],
  ['aws_vpc.x["say \\"hi\\" to $${all}"]', { module: [], mode: 'managed', type: 'aws_vpc', name: 'x', key: 'say "hi" to ${all}' }],
  ['aws_vpc.größe', { module: [], mode: 'managed', type: 'aws_vpc', name: 'größe' }],
])('%s', (text, parsed) => {
  expect(parseAddress(text)).toEqual(parsed);
});

test.each(['', 'x', 'a.', '.a', 'a.b.c', 'a.b[', 'a.b["x]', 'a.b["x"', 'a.b[*]', 'a b.c', 'a.b["${x}"]', 'module.a', 'module.a.b', 'a.b[-1]', 'a.b["\\q"]', 'a.b["\\uZZZZ"]', 'a.b["\\U00ffffff"]'])('%p is no address of a resource', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test('random text is parsed or not, and never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => {
    parseAddress(text);
    parseReference(text);
  }), { numRuns: 2000 });
});

describe('references', () => {
  test.each([
    ['var.gateway.nat', { kind: 'var', name: 'gateway', rest: ['nat'] }],
    ['local.x', { kind: 'local', name: 'x', rest: [] }],
    ['each.value.subnets[0]', { kind: 'each.value', rest: ['subnets', 0] }],
    ['each.key', { kind: 'each.key', rest: [] }],
    ['count.index', { kind: 'count.index', rest: [] }],
    ['module.net["a.b"].ids[0]', { kind: 'module', name: 'net', key: 'a.b', output: 'ids', rest: [0] }],
    ['module.net', { kind: 'module', name: 'net', rest: [] }],
    ['aws_subnet.b["z.1"].id', { kind: 'resource', mode: 'managed', type: 'aws_subnet', name: 'b', key: 'z.1', group: 'managed.aws_subnet.b', rest: ['id'] }],
    ['data.aws_vpc.x.id', { kind: 'resource', mode: 'data', type: 'aws_vpc', name: 'x', group: 'data.aws_vpc.x', rest: ['id'] }],
    ['path.module', { kind: 'setting', rest: [] }],
  ])('%s', (text, reference) => {
    expect(parseReference(text)).toEqual(reference);
  });

  test('beginnings that Terraform lists behind a reference are none of their own', () => {
    expect(primaryReferences(['aws_subnet.b["z.1"].id', 'aws_subnet.b["z.1"]', 'aws_subnet.b', 'module.n["k"].t[0]', 'module.n["k"].t', 'module.n["k"]', 'var.g.n', 'var.g'])).toEqual(['aws_subnet.b["z.1"].id', 'module.n["k"].t[0]', 'var.g.n']);
  });

  test('the same text elsewhere means all instances', () => {
    expect(primaryReferences(['aws_vpc.x.id', 'aws_vpc.x', 'aws_vpc.x'])).toEqual(['aws_vpc.x.id', 'aws_vpc.x']);
    expect(primaryReferences(['module.n["k"].o', 'module.n["k"]', 'module.n'])).toEqual(['module.n["k"].o', 'module.n']);
  });
});

test('a path that is none is a mistake of the caller', () => {
  expect(() => toPath('route[*].id')).toThrow(/is no attribute path/);
});
