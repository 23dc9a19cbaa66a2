/** `egress manifests` as a person and a pipeline use it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'manifests-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function egress(...args: readonly string[]) {
  return spawnSync(process.execPath, ['--require', 'tsx/cjs', 'cli/main.ts', ...args], { cwd: ROOT, encoding: 'utf8' });
}

test('writes one folder per cluster, and the same bytes again', () => {
  const out = join(folder, 'out');
  const run = () => egress('manifests', '-c', 'test/fixtures/policies/kubernetes.yaml', '-o', out, '--json');
  const first = run();
  expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' });
  const files: readonly string[] = JSON.parse(first.stdout);
  expect(readdirSync(out).sort()).toEqual(['aws-prod', 'azure-prod', 'google-prod']);
  expect(readdirSync(join(out, 'aws-prod'))).toEqual(['0-namespaces.yaml', '1-deny.yaml', '2-allow.yaml']);
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  expect(run().stdout).toBe(first.stdout);
  expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(texts);
}, 60_000);

test('says what to do when there is no cluster, and when the policy has problems', () => {
  const none = egress('manifests', '-c', 'test/fixtures/policies/full.yaml', '-o', join(folder, 'none'));
  expect(none.status).toBe(2);
  expect(none.stderr).toContain("add 'cluster'");
  const missing = egress('manifests', '-c', 'nowhere.yaml');
  expect(missing.status).toBe(2);
  expect(missing.stderr).toContain('no such file');
}, 60_000);
