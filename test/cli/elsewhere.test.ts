/** The command line, called from the folder of another repository; and paths that cannot be written. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileErrorText } from '../../cli/file-error';

const ROOT = join(__dirname, '../..');
const PLAN = JSON.stringify({ format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: {} }, resource_changes: [], configuration: { root_module: {} } });
const SECONDS = 1000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'elsewhere-'));
  writeFileSync(join(folder, 'plan.json'), PLAN);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { FORCE_COLOR: _, ...inherited } = process.env;
const egress = (...args: string[]) => spawnSync(process.execPath, [join(ROOT, 'cli', 'egress.mjs'), ...args], { cwd: folder, encoding: 'utf8', env: { ...inherited, NO_COLOR: '1' } });

test('names of files are those of the folder that somebody stands in', () => {
  // A tsconfig of theirs says nothing about our code.
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { paths: { picocolors: ['./nowhere'] } } }));
  expect(egress('review', 'plan.json', '--html', 'out/review.html')).toMatchObject({ status: 0, stderr: 'wrote out/review.html\n' });
  expect(existsSync(join(folder, 'out', 'review.html'))).toBe(true);
}, 30 * SECONDS);

test('a report that cannot be written is a line and exit code 2, without a stack trace', () => {
  expect(egress('review', 'plan.json', '--html', '.')).toMatchObject({ status: 2, stderr: '.: it is a folder; name a file\n' });
}, 30 * SECONDS);

test('what the system says of a path becomes a reason and a way out; any other error stays what it is', () => {
  const failure = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      return fileErrorText(error);
    }
    throw new Error('nothing failed');
  };
  const at = (...parts: string[]) => join(folder, ...parts);
  expect(failure(() => mkdirSync(at('plan.json', 'reports'), { recursive: true }))).toMatch(/plan\.json.*: (there is a file where a folder is needed|a part of its path is a file and no folder); name another place$/);
  expect(failure(() => writeFileSync(at('nowhere', 'a'), ''))).toBe(`${at('nowhere', 'a')}: its folder does not exist; make it, or name another place`);
  expect(failure(() => writeFileSync(at('plan.json', 'a'), ''))).toBe(`${at('plan.json', 'a')}: a part of its path is a file and no folder; name another place`);
  expect(fileErrorText(spawnSync(at('no-such-program')).error)).toBeUndefined();
  expect(failure(() => JSON.parse('{'))).toBeUndefined();
});
