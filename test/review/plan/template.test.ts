/** Templates are read for their references. */
import * as fc from 'fast-check';
import { parseTemplate } from '../../../review/plan/template';
import { printTraversal } from '../../../review/plan/traversal';

function named(text: string): string[] {
  return parseTemplate(text).traversals.map(printTraversal);
}

test.each<[string, string[], boolean]>([
  ['${aws_nat_gateway.n.id}', ['aws_nat_gateway.n.id'], true],
  ['${ aws_nat_gateway.n.id }', ['aws_nat_gateway.n.id'], true],
  ['${~ aws_nat_gateway.n.id ~}', ['aws_nat_gateway.n.id'], true],
  ['${aws_subnet.b["z.1"].id}', ['aws_subnet.b["z.1"].id'], true],
  ['{"vpc":"${aws_vpc.a.id}","arn":"${aws_vpc.b.arn}"}', ['aws_vpc.a.id', 'aws_vpc.b.arn'], true],
  ['${aws_subnet.b[*].id}', ['aws_subnet.b'], false],
  ['${aws_subnet.b.*.id}', ['aws_subnet.b'], false],
  ['${aws_subnet.b[each.key].id}', ['aws_subnet.b', 'each.key'], false],
  ['${[for s in aws_subnet.b : s.id]}', ['aws_subnet.b'], false],
  ['${{for k, v in aws_subnet.b : k => v.id}}', ['aws_subnet.b'], false],
  ['${cidrsubnet(aws_vpc.a.cidr_block, 8, 1)}', ['aws_vpc.a.cidr_block'], false],
  ['${var.on ? aws_vpc.a.id : aws_vpc.b.id}', ['var.on', 'aws_vpc.a.id', 'aws_vpc.b.id'], false],
  ['${"${aws_vpc.a.id}-x"}', ['aws_vpc.a.id'], false],
  ['${lookup({ a = aws_vpc.a.id }, "a}", "${local.x}")}', ['aws_vpc.a.id', 'local.x'], false],
  ['%{ if var.on }${aws_vpc.a.id}%{ endif }', ['var.on', 'aws_vpc.a.id'], false],
  ['${merge(local.a, {"x.y" = 1.5e3})["k"].id}', ['local.a'], false],
  ['$${aws_vpc.a.id}', [], true],
  ['no template', [], true],
  ['100%', [], true],
])('%s', (text, references, plain) => {
  expect(named(text)).toEqual(references);
  expect(parseTemplate(text).plain).toBe(plain);
});

test('escapes are undone in literals', () => {
  expect(parseTemplate('$${a.b} %%{if} \\n').literal).toBe('${a.b} %{if} \\n');
  expect(parseTemplate('a${x.y}').literal).toBeUndefined();
});

test('broken and hostile templates end', () => {
  for (const text of ['${', '${aws_vpc.a', '${"', '${"${', '${a.b["', '%{', '${}}', '${[}', `${'${"'.repeat(50_000)}`, '${'.repeat(50_000)]) parseTemplate(text);
  expect(parseTemplate('${"'.repeat(50_000)).incomplete).toBe(true);
  fc.assert(fc.property(fc.array(fc.constantFrom('${', '%{', '}', '"', '\\', '[', ']', 'for ', ' in ', 'a.b', '.', '*', '1e', '$$', ' ')), (parts) => {
    parseTemplate(parts.join(''));
  }), { numRuns: 2000 });
});
