import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedDocs } from '../../cli/review';
import { CLOUD_REVIEWS } from '../../review/clouds';

const DOCS = join(__dirname, '../../docs');

test.each(Object.entries(generatedDocs()))('docs/%s is what npm run docs writes', (name, text) => {
  expect(readFileSync(join(DOCS, name), 'utf8')).toBe(text);
});

describe.each(CLOUD_REVIEWS)('the checks of $title', ({ checks }) => {
  test('are sorted, and none is there twice', () => {
    const ids = checks.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  test.each(checks.map((check) => [check.id, check] as const))('%s says why, how to fix it, and where the cloud says so', (_, check) => {
    expect(check.title).not.toBe('');
    expect(check.why.length).toBeGreaterThan(20);
    expect(check.fix.length).toBeGreaterThan(10);
    expect(check.references.length).toBeGreaterThan(0);
    for (const url of check.references) expect(url).toMatch(/^https:\/\//);
  });
});
