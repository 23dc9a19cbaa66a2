/** A fork that needs one cloud deletes the others: what is left must compile and pass (ADR 3). */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { availableClouds } from '../../stacks/app';

const ROOT = join(__dirname, '../..');
const KEPT_OUT = new Set(['node_modules', '.git', '.cache', 'cdktf.out', 'coverage']);
const SECONDS = 1000;

/** What belongs to one cloud and to nothing else. */
const filesOf = (cloud: string) => [
  `blueprints/${cloud}`, `stacks/${cloud}.ts`, `stacks/${cloud}-kubernetes.ts`, `providers/${cloud}.ts`,
  `test/blueprints/${cloud}`, `test/contract/${cloud}.observer.ts`, `test/contract/${cloud}`, `test/review/${cloud}`, `test/review/endpoints/${cloud}.test.ts`,
  // Only AWS takes rules that an engine can be asked about; changes of endpoints are tried on its stack.
  ...(cloud === 'aws' ? ['test/conformance', 'test/review/endpoints/changes.test.ts'] : []),
];

/** A fork without clusters deletes these. The last cloud goes together with them: a copy and a compilation less. */
const KUBERNETES = [
  'blueprints/kubernetes', 'providers/kubernetes.ts', 'cli/manifests.ts', 'stacks/kubernetes-stack.ts', ...availableClouds().map((cloud) => `stacks/${cloud}-kubernetes.ts`),
  'test/blueprints/kubernetes', 'test/contract/kubernetes', 'test/contract/kubernetes.test.ts', 'test/review/kubernetes', 'test/stacks/kubernetes.test.ts', 'test/cli/manifests.test.ts',
];
const withoutClusters = (cloud: string) => cloud === availableClouds().at(-1);

function copyWithout(cloud: string): string {
  const copy = mkdtempSync(join(tmpdir(), `without-${cloud}-`));
  cpSync(ROOT, copy, { recursive: true, filter: (source) => !KEPT_OUT.has(source.slice(ROOT.length + 1)) });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  for (const file of [...filesOf(cloud), ...(withoutClusters(cloud) ? KUBERNETES : [])]) rmSync(join(copy, file), { recursive: true, force: true });
  return copy;
}

test('docs/changes.md names each of these files', () => {
  const page = readFileSync(join(ROOT, 'docs/changes.md'), 'utf8');
  const named = (file: string, cloud: string) => page.includes(file.replaceAll(cloud, '$cloud')) || page.includes(file) || page.includes(file.replace(/stacks\/[a-z]+-kubernetes/, 'stacks/*-kubernetes'));
  expect([...availableClouds().flatMap((cloud) => filesOf(cloud).filter((file) => !named(file, cloud))), ...KUBERNETES.filter((file) => !named(file, '-'))]).toEqual([]);
});

const clouds = availableClouds();

describe.each(clouds.length > 1 ? clouds : [])('without %s', (cloud) => {
  let copy: string;
  beforeAll(() => {
    copy = copyWithout(cloud);
  }, 60 * SECONDS);
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test('the files that go are the ones that exist', () => {
    for (const file of [...filesOf(cloud), ...KUBERNETES]) expect(existsSync(join(ROOT, file))).toBe(true);
  });

  test('the project compiles', () => {
    const result = spawnSync(process.execPath, ['node_modules/typescript-7/bin/tsc', '-p', '.'], { cwd: copy, encoding: 'utf8' });
    expect(result.stdout).toBe('');
    expect(result.status).toBe(0);
  }, 300 * SECONDS);

  test('the contract holds for the clouds that are left', () => {
    // What else is below test/contract asks one cloud at length, and is the same here as there.
    const output = execFileSync(process.execPath, ['node_modules/jest/bin/jest.js', 'test/contract/[a-z]*.test.ts', '--testPathIgnorePatterns', 'stability', '--json', '--cacheDirectory', join(ROOT, '.cache/jest-copy')], {
      cwd: copy, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'],
    });
    const result = JSON.parse(output);
    expect(result.success).toBe(true);
    expect(result.numPassedTests).toBeGreaterThan(20);
    expect(output).not.toContain(`"${cloud} caught`);
  }, 300 * SECONDS);

  test('a policy that still names it is refused with the way out', () => {
    const result = spawnSync(process.execPath, ['--require', 'tsx/cjs', 'stacks/main.ts'], {
      cwd: copy, encoding: 'utf8', env: { ...process.env, EGRESS_CONFIG: 'test/fixtures/policies/full.yaml' },
    });
    expect(result.status).toBe(2);
    expect(result.stderr).toContain(`names ${cloud}, and this checkout has no stacks/${cloud}.ts`);
  }, 60 * SECONDS);

  if (withoutClusters(cloud)) test('a policy that still names a cluster is refused with the way out, too', () => {
    const result = spawnSync(process.execPath, ['--require', 'tsx/cjs', 'stacks/main.ts'], {
      cwd: copy, encoding: 'utf8', env: { ...process.env, EGRESS_CONFIG: 'test/fixtures/policies/kubernetes.yaml' },
    });
    expect(result.status).toBe(2);
    expect(result.stderr).toContain("drop 'cluster' from the policy");
  }, 60 * SECONDS);
});
