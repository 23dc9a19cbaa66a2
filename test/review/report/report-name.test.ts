/** Several reviews of one commit: none replaces what another said. */
import type { Log } from 'sarif';
import { htmlReport } from '../../../review/report/html/page';
import { junitReport } from '../../../review/report/junit';
import { markdownReport } from '../../../review/report/markdown';
import { isReportName, LONGEST_NAME } from '../../../review/report/report-name';
import { sarifReport } from '../../../review/report/sarif';
import { clean, threeClouds } from '../../fixtures/reviews/three-clouds';

const NAME = 'prod/eu-network';

it('is in the mark and the heading of the comment, with a change and without one', () => {
  expect(markdownReport(threeClouds(), { name: NAME }).split('\n\n').slice(0, 2)).toEqual(['<!-- egress-review prod/eu-network -->', '## ❌ `prod/eu-network`: This change opens 2 ways out and closes 1']);
  expect(markdownReport(clean(), { name: NAME }).split('\n\n')[1]).toMatch(/^## ✅ `prod\/eu-network`: /);
});

it('makes categories of its own in SARIF', () => {
  const categories = (name?: string) => (JSON.parse(sarifReport(threeClouds(), name === undefined ? {} : { name })) as Log).runs.map(({ automationDetails }) => automationDetails!.id!);
  expect(categories(NAME)[0]).toBe('egress-review/prod/eu-network/');
  expect(new Set([...categories(NAME), ...categories('prod/us-network'), ...categories()]).size).toBe(3 * categories().length);
});

it('names the page and the JUnit suites', async () => {
  expect(await htmlReport(clean(), { name: NAME })).toContain('<title>Egress review: prod/eu-network</title>');
  expect(junitReport(clean(), { name: NAME })).toContain('<testsuites name="egress review: prod/eu-network" ');
});

it.each(['a', 'aws-prod', 'prod/eu.1', 'a_b', 'x'.repeat(LONGEST_NAME)])('takes %s', (name) => expect(isReportName(name)).toBe(true));

// What ends the HTML comment, what starts another line, and what no category can be.
it.each(['', ' ', 'a b', '-->', 'a--b', 'a->', 'a\nb', '<!--', '/a', 'a/', 'a//b', '`', 'ä', 'x'.repeat(LONGEST_NAME + 1)])('refuses %j', (name) => {
  expect(isReportName(name)).toBe(false);
  expect(() => markdownReport(clean(), { name })).toThrow('is no name of a review');
});
