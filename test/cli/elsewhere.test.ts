/** The command line, called from the folder of another repository; and paths that cannot be written. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileErrorText } from '../../cli/file-error';
import { missingTerraform } from '../../cli/plans';
import { sourceOf } from '../../cli/source-of';
import type { Finding } from '../../review/result';
import { availableClouds } from '../../stacks/app';

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
const egressWith = (environment: Record<string, string>, ...args: string[]) => spawnSync(process.execPath, [join(ROOT, 'cli', 'egress.mjs'), ...args], {
  cwd: folder, encoding: 'utf8', env: { ...inherited, CI: '', NO_COLOR: '1', ...environment },
});
const egress = (...args: string[]) => egressWith({}, ...args);

test('names of files are those of the folder that somebody stands in', () => {
  // A tsconfig of theirs says nothing about our code.
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { paths: { picocolors: ['./nowhere'] } } }));
  expect(egress('review', 'plan.json', '--html', 'out/review.html')).toMatchObject({ status: 0, stderr: 'wrote out/review.html\n' });
  expect(existsSync(join(folder, 'out', 'review.html'))).toBe(true);
}, 30 * SECONDS);

test('a report that cannot be written is a line and exit code 2, without a stack trace', () => {
  expect(egress('review', 'plan.json', '--html', '.')).toMatchObject({ status: 2, stderr: '.: it is a folder; name a file\n' });
}, 30 * SECONDS);

test('without files the last plans are reviewed, by the policy that they were made of', () => {
  mkdirSync(join(folder, 'cdktf.out', 'plans'), { recursive: true });
  writeFileSync(join(folder, 'cdktf.out', 'plans', 'aws-lab.json'), PLAN);
  writeFileSync(join(folder, 'egress.yaml'), 'organization: Sealed\n');
  expect(egress('review')).toMatchObject({ status: 2, stderr: expect.stringContaining("egress.yaml:1:15 organization 'Sealed'") });
  // Plans of others have nothing to do with it.
  expect(egress('review', 'plan.json').status).toBe(0);
}, 60 * SECONDS);

test('start without Terraform reviews the synthesized stacks; on a build server half of the job is a failure', () => {
  const [cloud] = availableClouds();
  const places = { aws: 'region: eu-central-1, zones: 1', google: 'region: europe-west1, project: sealed-lab', azure: 'region: westeurope, subscription: 00000000-0000-0000-0000-000000000000' };
  writeFileSync(join(folder, 'egress.yaml'), `organization: sealed\nsegments: [{ name: jobs, tier: private }]\nenvironments: [{ name: lab, ${cloud}: { ${places[cloud!]}, cidr: 10.99.0.0/20 } }]\n`);
  const { status, stdout } = egressWith({ PATH: folder, TERRAFORM_BINARY_NAME: '', CI: 'true' }, 'start');
  expect(stdout).toMatch(/no plans: neither terraform nor tofu .*; the review below is of the synthesized stacks\n\nReviewed\n {2}Nothing reaches the internet; no findings/);
  expect(existsSync(join(folder, 'cdktf.out', 'review.html'))).toBe(true);
  expect(status).toBe(1);
}, 60 * SECONDS);

test('a program that is named and not there is told by its name', () => {
  const before = process.env['TERRAFORM_BINARY_NAME'];
  try {
    process.env['TERRAFORM_BINARY_NAME'] = 'no-such-terraform';
    expect(missingTerraform()).toBe("no plans: TERRAFORM_BINARY_NAME is 'no-such-terraform', which is not on the PATH; correct it, or unset it to use terraform or tofu");
  } finally {
    if (before === undefined) delete process.env['TERRAFORM_BINARY_NAME'];
    else process.env['TERRAFORM_BINARY_NAME'] = before;
  }
});

test('a reader that goes away ends the run, without a stack trace and without success', () => {
  const command = `trap '' PIPE; { "${process.execPath}" "${join(ROOT, 'cli', 'egress.mjs')}" review plan.json; echo "code $?" >&2; } | exec true`;
  const { stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', env: { ...inherited, NO_COLOR: '1' } });
  expect(stderr).toBe('code 141\n');
}, 30 * SECONDS);

test('a finding in the plan of another repository is traced to no file of this one', () => {
  const [cloud] = availableClouds();
  const finding = { source: { constructPath: `${cloud}-prod/network/vpc` } } as Finding;
  expect(sourceOf(finding)).toMatchObject({ file: `stacks/${cloud}.ts` });
  const elsewhere = jest.spyOn(process, 'cwd').mockReturnValue(folder);
  try {
    expect(sourceOf(finding)).toBeUndefined();
    expect(sourceOf({ source: { constructPath: 'manifests/a.yaml:3' } } as Finding)).toEqual({ file: 'manifests/a.yaml', line: 3 });
  } finally {
    elsewhere.mockRestore();
  }
});

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
