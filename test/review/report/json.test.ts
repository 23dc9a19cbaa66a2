/** The JSON report, and the schema that says what it holds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonReport } from '../../../review/report/json';
import { resultJsonSchemaText, resultSchema } from '../../../review/report/result-schema';
import type { ReviewResult } from '../../../review/result';
import { hostileReview } from '../../fixtures/reviews/hostile';
import { largeReview } from '../../fixtures/reviews/large';
import { clean, dated, insideOfCluster, threeClouds, withChanges } from '../../fixtures/reviews/three-clouds';
import { resultValidator } from './schemas';

const REVIEWS: readonly (readonly [string, ReviewResult])[] = [['three clouds', threeClouds()], ['clean', clean()], ['a cluster', { ...clean(), ...insideOfCluster() }], ['changes', withChanges()], ['findings of each age', dated()], ['hostile', hostileReview()], ['large', largeReview(500)]];

it('is the result itself', () => {
  expect(JSON.parse(jsonReport(threeClouds()))).toEqual(JSON.parse(JSON.stringify(threeClouds())));
  expect(jsonReport(clean(), { indent: 0 }).trim()).not.toContain('\n');
});

it.each(REVIEWS)('keeps to the published schema: %s', (_, review) => {
  expect(resultValidator()(JSON.parse(jsonReport(review)))).toEqual([]);
});

it.each(REVIEWS)('has no field that the schema does not name: %s', (_, review) => {
  expect(resultValidator({ strict: true })(JSON.parse(jsonReport(review)))).toEqual([]);
});

it('publishes the schema that the code checks with', () => {
  expect(readFileSync(join(__dirname, '../../../docs/review.schema.json'), 'utf8')).toBe(resultJsonSchemaText());
});

it.each([
  ['a verdict that there is not', { verdicts: [{ ...threeClouds().verdicts[0], verdict: 'fine' }] }],
  ['a severity that there is not', { findings: [{ ...threeClouds().findings[0], severity: 'bad' }] }],
  ['a missing fingerprint', { findings: [{ ...threeClouds().findings[0], fingerprint: undefined }] }],
  ['another version', { version: 2 }],
])('refuses %s', (_, change) => {
  const broken = JSON.parse(JSON.stringify({ ...threeClouds(), ...change }));
  expect(resultValidator()(broken)).not.toEqual([]);
  expect(resultSchema.safeParse(broken).success).toBe(false);
});
