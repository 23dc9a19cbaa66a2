/** Sums over cost items, whatever the cloud. */
import { cents, totalOf, zoneShare, type CostItem } from '../../blueprints/cost';

const item = (id: string, monthlyUsd: number, over: Partial<CostItem> = {}): CostItem => ({
  id, what: id, quantity: 1, unit: 'piece', monthlyUsd, ...over,
});

test('the total is the sum of the items, in cents', () => {
  expect(totalOf([])).toBe(0);
  expect(totalOf([item('a', 0.1), item('b', 0.2)])).toBe(0.3);
  expect(cents(288.35 * 3)).toBe(865.05);
});

test("a zone's share is that of the items that each zone has", () => {
  const items = [item('endpoint', 21.9, { perZone: true }), item('once', 100)];
  expect(zoneShare(items, 3)).toBe(7.3);
  expect(zoneShare([item('once', 100)], 3)).toBe(0);
});
