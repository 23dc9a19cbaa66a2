import fc from 'fast-check';
import { shard } from '../../../blueprints/google/shards';

const LIMIT = 5;
const lists = fc.uniqueArray(fc.domain(), { maxLength: 120 });

describe('shards', () => {
  test('hold every item once, none more than the limit, at places of their own', () => {
    fc.assert(fc.property(lists, (items) => {
      const shards = shard(items, LIMIT)!;
      expect(shards.flatMap((each) => each.items).sort()).toEqual([...items].sort());
      expect(shards.every((each) => each.items.length > 0 && each.items.length <= LIMIT)).toBe(true);
      expect(new Set(shards.map(({ place }) => place)).size).toBe(shards.length);
      expect(new Set(shards.map(({ label }) => label)).size).toBe(shards.length);
      expect(shards.every(({ place }) => place >= 0 && place <= 255)).toBe(true);
    }));
  });

  test('depend on the set, not on order or repetition', () => {
    fc.assert(fc.property(lists, (items) => {
      expect(shard([...items].reverse().concat(items), LIMIT)).toEqual(shard(items, LIMIT));
    }));
  });

  test('an item that comes touches the shard that it joins or splits; the others stay as they were', () => {
    fc.assert(fc.property(lists, fc.domain(), (items, added) => {
      const before = shard(items, LIMIT)!;
      const after = new Map(shard([...items, added], LIMIT)!.map((each) => [each.place, each]));
      const changed = before.filter((each) => JSON.stringify(after.get(each.place)) !== JSON.stringify(each));
      expect(changed.length).toBeLessThanOrEqual(1);
    }));
  });
});
