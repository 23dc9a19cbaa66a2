import { alikeChanges } from '../../../review/report/alike-changes';
import { changeSection } from '../../../review/report/html/sections';
import type { ReachChange } from '../../../review/result';

const opened = (who: string, more: Partial<ReachChange> = {}): ReachChange => ({ change: 'opened', input: 'plan', who, what: 'tls a.example.com:443', family: 4, ...more });
const many = (count: number, more?: Partial<ReachChange>) => Array.from({ length: count }, (_, at) => opened(`m${at}`, more));

test('what happens to many alike is told once, with the way of the first', () => {
  const path = [{ address: 'm0', kind: 'workload' as const }];
  expect(alikeChanges([opened('m', { path }), ...many(99)])).toEqual([opened('m, m0 and 98 more', { path })]);
});

test.each<[string, readonly ReachChange[]]>([
  ['what happens to few', many(3)],
  ['what some places of segments gain', many(9, { places: ['p'] })],
  ['what has owners of its own', many(9).map((change, at) => ({ ...change, owner: `team-${at}` }))],
  ['what differs in its kind', [...many(3), ...many(3, { change: 'closed' })]],
  ['what differs in its family', [...many(3), ...many(3, { family: 6 })]],
])('%s is told as it is', (_, changes) => {
  expect(alikeChanges(changes)).toEqual(changes);
});

test('the page counts all, and shows as many as somebody reads', () => {
  const html = changeSection({ reach: Array.from({ length: 2_000 }, (_, at) => opened('m', { what: `tls h${at}.example.com:443` })), ways: [] });
  expect(html).toContain('<h3>Opens <span class="number">2000</span></h3>');
  expect(html).toContain('500 changes left out here. The JSON report has all.');
  expect(html.match(/<li class="searchable">/g)).toHaveLength(1_500);
});
