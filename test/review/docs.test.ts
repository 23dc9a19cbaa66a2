import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedDocs } from '../../cli/generated-docs';
import { CLOUD_REVIEWS } from '../../review/clouds';
import { OTHER_TOOLS } from './other-tools';

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

test('comparable checks of other tools are ones that these tools have, and the list holds no others', () => {
  const named = CLOUD_REVIEWS.flatMap(({ checks }) => checks.flatMap(({ comparable }) => comparable));
  expect([...new Set(named)].sort()).toEqual(Object.keys(OTHER_TOOLS).sort());
  for (const [id, title] of Object.entries(OTHER_TOOLS)) {
    expect(id).toMatch(/^(checkov CKV2?_(AWS|AZURE|GCP|K8S)_\d+|trivy (AWS|AZU|GCP|KSV|KUBE)-\d{4})$/);
    expect(title.length).toBeGreaterThan(10);
  }
});
