/** Only paths with the very steps of one of the last, and of its kind, count as the same. */
import { RecentTails } from '../../../review/paths/recent-tails';
import type { Step } from '../../../review/paths/trace';

const step = (address: string): Step => ({ address, kind: 'route' });
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(step) as [Step, Step, Step, Step];

test.each<[string, readonly Step[], string, boolean]>([
  ['another first step', [d, b, c], 'open', true],
  ['another kind', [d, b, c], 'none', false],
  ['another step on the way', [d, a, c], 'open', false],
  ['an equal step that is another object', [d, step('b'), c], 'open', false],
  ['a shorter way', [d, c], 'open', false],
  ['the first step alone', [a], 'open', false],
])('%s', (_, path, kind, isKnown) => {
  const recent = new RecentTails();
  expect(recent.has([a, b, c], 'open')).toBe(false);
  expect(recent.has(path, kind)).toBe(isKnown);
});

test('a way of one step is never the same as another', () => {
  const recent = new RecentTails();
  expect([recent.has([a], 'open'), recent.has([b], 'open'), recent.has([], 'open'), recent.has([], 'open')]).toEqual([false, false, false, false]);
});

test('what was long ago is forgotten, and known again after that', () => {
  const recent = new RecentTails();
  expect(recent.has([a, b], 'open')).toBe(false);
  for (let at = 0; at < 16; at += 1) recent.has([a, step(String(at))], 'open');
  expect(recent.has([a, b], 'open')).toBe(false);
  expect(recent.has([c, b], 'open')).toBe(true);
});
