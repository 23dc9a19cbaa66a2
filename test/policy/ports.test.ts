import fc from 'fast-check';
import { mergePorts, overlaps } from '../../blueprints/policy/ports';

const port = fc.integer({ min: 1, max: 30 });
const range = fc.tuple(port, port).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const ranges = fc.array(range, { maxLength: 8 });
const members = (all: readonly { from: number; to: number }[]) => all.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));

describe('ports', () => {
  it('merged are the same ports, sorted, with a gap between any two ranges', () => {
    fc.assert(fc.property(ranges, (all) => {
      const merged = mergePorts(all);
      expect(members(merged)).toEqual([...new Set(members(all))].sort((a, b) => a - b));
      merged.slice(1).forEach((each, index) => expect(each.from).toBeGreaterThan(merged[index]!.to + 1));
    }));
  });

  it('overlap exactly when some port is there twice', () => {
    fc.assert(fc.property(ranges, (all) => {
      const twice = members(all).length !== new Set(members(all)).size;
      expect(overlaps(all).length > 0).toBe(twice);
    }));
  });
});
