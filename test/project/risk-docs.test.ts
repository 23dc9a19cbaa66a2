/** Every residual risk that the code knows is explained on a page, and the pages name none that it does not know. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLOUDS } from '../../blueprints/policy/model';
import { availableClouds } from '../../stacks/app';

const ROOT = join(__dirname, '../..');
const sources = readdirSync(join(ROOT, 'blueprints'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => readFileSync(join(ROOT, 'blueprints', file), 'utf8'));
const known = new Set(sources.filter((text) => text.includes('ResidualRisk')).flatMap((text) => [...text.matchAll(/\bid: '([a-z]+(?:-[a-z]+)+)'/g)].map(([, id]) => id!)));
const page = (name: string) => readFileSync(join(ROOT, 'docs', name), 'utf8');
const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md') && name !== 'ways-out.md').map(page).join('\n');

/** A fork may delete clouds, with their pages and tests. */
const isWhole = availableClouds().length === CLOUDS.length && readdirSync(join(ROOT, 'blueprints')).includes('kubernetes');

test('each risk is on a page of its cloud', () => {
  expect(known.size).toBeGreaterThan(10);
  expect([...known].filter((id) => !pages.includes(`\`${id}\``))).toEqual([]);
});

test('the ways out name no risk that no page explains', () => {
  const named = [...page('ways-out.md').matchAll(/\*`([a-z-]+)`\*/g)].map(([, id]) => id!);
  expect(named.length).toBeGreaterThan(20);
  const unknown = named.filter((id) => !pages.includes(`\`${id}\``));
  expect(isWhole ? unknown : []).toEqual([]);
});

test('what is said to be missed is reported by a test of some cloud', () => {
  const contract = readdirSync(join(ROOT, 'test/contract'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => readFileSync(join(ROOT, 'test/contract', file), 'utf8')).join('\n');
  const missed = page('ways-out.md').split('\n').filter((line) => line.startsWith('| ')).flatMap((line) => [...line.split('|').at(-2)!.matchAll(/`([a-z0-9-]+)`/g)].map(([, id]) => id!));
  expect(missed.length).toBeGreaterThan(20);
  const unreported = missed.filter((id) => !contract.includes(`'${id}'`));
  expect(isWhole ? unreported : []).toEqual([]);
});
