/** Sets of numbers and of packets against what they hold one by one, by chance, and how small what many rules leave is kept. */
import { intersect, rangesOf, subtract, type Ranges } from '../../review/model/ranges';
import { both, either, except, IP_PROTOCOLS, leftBehind, repacked, traffic, type Traffic } from '../../review/model/traffic';
import { Dice } from './dice';

const TOP = 120;
const holds = (set: Ranges, number: number) => set.some(([from, to]) => from <= BigInt(number) && BigInt(number) <= to);
const numbers = Array.from({ length: TOP + 2 }, (_, at) => at);
const some = (dice: Dice, most: number): Ranges => rangesOf(Array.from({ length: dice.below(most + 1) }, () => {
  const from = dice.below(TOP);
  return [BigInt(from), BigInt(from + dice.below(6))] as const;
}));

test('what two sets share, and what one has alone, number by number', () => {
  const dice = new Dice(41);
  for (let round = 0; round < 3000; round += 1) {
    const [a, b] = [some(dice, dice.of([1, 3, 40])), some(dice, dice.of([1, 2, 40]))];
    const [shared, left] = [intersect(a, b), subtract(a, b)];
    expect(numbers.filter((each) => holds(shared, each))).toEqual(numbers.filter((each) => holds(a, each) && holds(b, each)));
    expect(numbers.filter((each) => holds(left, each))).toEqual(numbers.filter((each) => holds(a, each) && !holds(b, each)));
    // Sorted, apart, and the very object where nothing changes.
    expect([rangesOf(shared), rangesOf(left)]).toEqual([shared, left]);
    if (!numbers.some((each) => holds(a, each) && holds(b, each))) expect(left).toBe(a);
  }
});

const packets = ({ boxes }: Traffic) => {
  const found = new Set<string>();
  for (const { protocol, ports, destinations } of boxes) for (const port of numbers.filter((each) => holds(ports, each))) for (const to of numbers.filter((each) => holds(destinations, each))) found.add(`${protocol} ${port} ${to}`);
  return [...found].sort();
};

test('repacked traffic has the same packets, in no more boxes', () => {
  const dice = new Dice(42);
  const rounds = { fewer: 0, same: 0 };
  for (let round = 0; round < 60; round += 1) {
    const sets = Array.from({ length: dice.of([1, 2, 4, 30]) }, () => some(dice, 3)).filter((set) => set.length > 0);
    const from = either(4, [traffic(4, sets.length === 0 ? [] : Array.from({ length: 60 }, () => ({ protocol: dice.of(IP_PROTOCOLS), ports: dice.of(sets), destinations: some(dice, 2) })))]);
    const made = repacked(from);
    expect(made.boxes.length).toBeLessThanOrEqual(from.boxes.length);
    if (made === from) rounds.same += 1;
    else {
      rounds.fewer += 1;
      expect(packets(made)).toEqual(packets(from));
    }
  }
  expect(Math.min(rounds.fewer, rounds.same)).toBeGreaterThan(10);
});

test('what a filter leaves are the packets that it does not take, however it is cut', () => {
  const dice = new Dice(43);
  const wide = (): Ranges => {
    const from = dice.below(30);
    return rangesOf([[BigInt(from), BigInt(from + dice.below(20))]]);
  };
  const boxes = (most: number) => traffic(4, Array.from({ length: 1 + dice.below(most) }, () => ({ protocol: dice.of(IP_PROTOCOLS), ports: wide(), destinations: wide() })));
  const rounds = { byFilter: 0, byTaken: 0, whole: 0 };
  for (let round = 0; round < 300; round += 1) {
    const [from, filter] = [boxes(dice.of([1, 2, 30])), boxes(dice.of([1, 2, 20]))];
    const taken = both(from, filter);
    rounds[taken.boxes.length === 0 ? 'whole' : filter.boxes.length < taken.boxes.length ? 'byFilter' : 'byTaken'] += 1;
    const left = leftBehind(from, filter, taken);
    if (taken.boxes.length === 0) expect(left).toBe(from);
    const [had, gone] = [packets(from), new Set(packets(filter))];
    expect(packets(left)).toEqual(had.filter((each) => !gone.has(each)));
    expect(packets(left)).toEqual(packets(except(from, taken)));
  }
  expect(Math.min(...Object.values(rounds))).toBeGreaterThan(10);
});

test('packets to what one service alone answers stay apart', () => {
  const from = traffic(4, Array.from({ length: 100 }, (_, at) => ({ protocol: 'tcp' as const, ports: [[0n, 9n]] as const, destinations: [[BigInt(2 * at), BigInt(2 * at)]] as const, ...(at === 7 ? { service: 'storage' } : {}) })));
  expect(repacked(from)).toBe(from);
});
