import fc from 'fast-check';
import { contains, coveredBlocks, knownBlock, uncovered } from '../../blueprints/policy/cidr';

/** Blocks of few addresses and many sizes, so that most draws hold some that begin alike or lie in another. */
const block = fc.tuple(fc.integer({ min: 0, max: 31 }), fc.integer({ min: 24, max: 32 })).map(([last, prefix]) => knownBlock(`10.0.0.${last}/${prefix}`).text);

test.each([
  ['the narrow one first', ['10.0.0.0/24', '10.0.0.0/16'], ['10.0.0.0/16']],
  ['the wide one first', ['10.0.0.0/16', '10.0.0.0/24'], ['10.0.0.0/16']],
  ['at its end', ['10.0.255.0/24', '10.1.0.0/24', '10.0.0.0/16'], ['10.1.0.0/24', '10.0.0.0/16']],
  ['neighbours', ['10.0.0.0/25', '10.0.0.128/25'], ['10.0.0.0/25', '10.0.0.128/25']],
])('a block in another is left out: %s', (_, given, expected) => {
  expect(uncovered(given)).toEqual(expected);
});

test('of any blocks, what is left lies in no other and holds all that is gone', () => {
  fc.assert(fc.property(fc.array(block, { maxLength: 10 }), (texts) => {
    const left = uncovered(texts).map(knownBlock);
    for (const each of left) expect(left.filter((other) => other !== each && contains(other, each))).toEqual([]);
    for (const text of texts) expect(left.some((other) => contains(other, knownBlock(text)))).toBe(true);
    const distinct = [...new Set(texts)].map(knownBlock);
    for (const { index, by } of coveredBlocks(distinct)) expect(contains(distinct[by]!, distinct[index]!)).toBe(true);
  }));
});
