/** What a person or a pipeline sees: exit codes, output, and what stands on disk afterwards. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cloud } from '../../blueprints/policy/model';
import { availableClouds } from '../../stacks/app';
import { fixture } from '../fixtures/stacks';

const ROOT = join(__dirname, '../..');
// eslint-disable-next-line @typescript-eslint/no-require-imports -- plain JavaScript, which has no types
const { NODE_FLAGS } = require('../../cli/node-flags.cjs') as { readonly NODE_FLAGS: readonly string[] };
/** A fork may have deleted clouds; whichever is left will do here. */
const CLOUD = availableClouds()[0] as Cloud;
const PLACE: Readonly<Record<Cloud, string>> = {
  aws: 'region: eu-central-1, zones: 1',
  google: 'region: europe-west1, project: sealed-lab',
  azure: 'region: westeurope, subscription: 00000000-0000-0000-0000-000000000000',
};
const STACK = `${CLOUD}-lab`;
const GOOD = `organization: sealed
segments:
  - { name: jobs, tier: private }
  - { name: vault, tier: data, accepts: [{ from: jobs, ports: [5432] }] }
environments:
  - name: lab
    ${CLOUD}: { ${PLACE[CLOUD]}, cidr: 10.99.0.0/20 }
`;
const SECONDS = 1000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-line-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Jest forces colours on, which Node warns about beside NO_COLOR. */
const { FORCE_COLOR: _, ...inherited } = process.env;

function run(script: string, args: readonly string[], environment: Record<string, string> = {}) {
  // As `cli/run.mjs` starts it: later Nodes warn of what cdktf calls.
  return spawnSync(process.execPath, [...NODE_FLAGS, '--require', 'tsx/cjs', script, ...args], {
    cwd: ROOT, encoding: 'utf8', env: { ...inherited, CI: '', NO_COLOR: '1', ...environment },
  });
}

const outdir = () => join(folder, 'out');
const config = (text: string, name = 'egress.yaml') => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const egress = (args: readonly string[], environment?: Record<string, string>) => run('cli/main.ts', args, environment);
const stackFile = () => join(outdir(), 'stacks', STACK, 'cdk.tf.json');

test('says which version it is', () => {
  expect(egress(['--version'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
}, 30 * SECONDS);

describe('check', () => {
  const other = (text: string) => config(GOOD.replaceAll('lab', 'more').replace('10.99.0.0/20', text), 'more.yaml');

  test('says what files have, and synthesizes nothing', () => {
    const files = [config(GOOD), other('10.98.0.0/20')];
    expect(egress(['check', ...files])).toMatchObject({ status: 0, stdout: `${files[0]}: no problem (lab)\n${files[1]}: no problem (more)\n`, stderr: '' });
    expect(readdirSync(folder).sort()).toEqual(['egress.yaml', 'more.yaml']);
  }, 30 * SECONDS);

  test('ends with 2 where two files have the same, in words and as JSON', () => {
    const files = [config(GOOD), other('10.99.0.0/19')];
    expect(egress(['check', ...files])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(`${files[1]}:7:`) });
    const { status, stdout } = egress(['check', '--json', ...files]);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ code: 'cidr-overlap', file: files[1] })]);
  }, 30 * SECONDS);

  test('without a file is of the one that builds take', () => {
    expect(egress(['check'], { EGRESS_CONFIG: config(GOOD) })).toMatchObject({ status: 0, stdout: expect.stringContaining('no problem (lab)') });
    expect(egress(['check'], { EGRESS_CONFIG: config(GOOD.replace('tier: private', 'tier: secret')) })).toMatchObject({ status: 2, stderr: expect.stringContaining('tier') });
  }, 30 * SECONDS);
});

test('help names defaults, but not that a switch is off', () => {
  const { status, stdout } = egress(['plan', '--help']);
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('(default: EGRESS_CONFIG or egress.yaml)') });
  expect(stdout).not.toContain('default: false');
}, 30 * SECONDS);

describe('synth', () => {
  test('writes the stacks, the manifest and the lock file, and says where', () => {
    const result = egress(['synth', '--config', config(GOOD), '--outdir', outdir()]);
    expect(result).toMatchObject({ status: 0, stdout: `${stackFile()}\n` });
    expect(readdirSync(outdir()).sort()).toEqual(['manifest.json', 'stacks']);
    expect(existsSync(join(folder, 'egress.lock.json'))).toBe(true);
  }, 30 * SECONDS);

  test('EGRESS_CONFIG and CDKTF_OUTDIR select policy and folder, for the app of the cdktf CLI too', () => {
    const result = run('stacks/main.ts', [], { EGRESS_CONFIG: config(GOOD, 'other.yaml'), CDKTF_OUTDIR: outdir() });
    expect(result).toMatchObject({ status: 0, stdout: '' });
    expect(existsSync(stackFile())).toBe(true);
    expect(existsSync(join(folder, 'other.lock.json'))).toBe(true);
  }, 30 * SECONDS);

  test('on a build server a lock file that is out of step stops the build, and a missing one is not written', () => {
    const policy = config(GOOD);
    expect(egress(['synth', '--config', policy, '--outdir', outdir()], { CI: 'true' }).status).toBe(0);
    expect(existsSync(join(folder, 'egress.lock.json'))).toBe(false);
    egress(['synth', '--config', policy, '--outdir', outdir()]);
    config(GOOD.replace('name: jobs', 'name: batch').replace('from: jobs', 'from: batch'));
    const result = egress(['synth', '--config', policy, '--outdir', outdir()], { CI: 'true' });
    expect(result.status).toBe(2);
    expect(result.stderr).toContain("egress.lock.json is out of step");
  }, 60 * SECONDS);

  test('a stack that was deployed from here and has left the policy is told, until its folder goes', () => {
    const left = join(outdir(), 'stacks', 'aws-gone');
    mkdirSync(join(left, '.terraform'), { recursive: true });
    mkdirSync(join(outdir(), 'stacks', 'aws-never-deployed'));
    const { status, stderr } = egress(['synth', '--config', config(GOOD), '--outdir', outdir()]);
    expect(status).toBe(0);
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/egress\.yaml: warning: 'aws-gone' is not in it any more, .* 'npx cdktf destroy aws-gone' first; .* remove .*aws-gone$/)]);
  }, 30 * SECONDS);

  test('--json is JSON and nothing else on standard output', () => {
    const result = egress(['synth', '--config', config(GOOD), '--outdir', outdir(), '--json']);
    expect(JSON.parse(result.stdout)).toEqual({ outdir: outdir(), stacks: [STACK] });
  }, 30 * SECONDS);
});

describe('a policy with problems', () => {
  const bad = GOOD.replace('tier: data', 'tier: date').replace('cidr: 10.99.0.0/20', 'cidr: 10.99.0.0/24');

  test.each([
    ['the command line', (policy: string) => egress(['synth', '--config', policy, '--outdir', outdir()])],
    ['the app of the cdktf CLI', (policy: string) => run('stacks/main.ts', [], { EGRESS_CONFIG: policy, CDKTF_OUTDIR: outdir() })],
  ])('ends %s with exit code 2, all problems on standard error, and no output left', (_, build) => {
    expect(build(config(GOOD)).status).toBe(0);
    const result = build(config(bad));
    expect(result).toMatchObject({ status: 2, stdout: '' });
    const lines = result.stderr.trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/egress\.yaml:4:\d+ segments\[1\]\.tier 'date': .*did you mean 'data'/);
    expect(lines[1]).toMatch(/egress\.yaml:7:\d+ .*cidr '10\.99\.0\.0\/24': .*\/20/);
    expect(lines[2]).toContain('2 problems; nothing was synthesized');
    expect(existsSync(stackFile())).toBe(false);
    expect(existsSync(join(outdir(), 'manifest.json'))).toBe(false);
  }, 60 * SECONDS);

  test('a missing file and a wrong option say so and end with 2', () => {
    const missing = egress(['synth', '--config', join(folder, 'nowhere.yaml'), '--outdir', outdir()]);
    expect(missing.status).toBe(2);
    expect(missing.stderr).toContain('nowhere.yaml');
    expect(missing.stderr).not.toMatch(/\n\s+at /);
    expect(egress(['synth', '--colour']).status).toBe(2);
    expect(egress(['plan', 'aws-moon', '--config', config(GOOD), '--outdir', outdir()])).toMatchObject({
      status: 2, stderr: expect.stringContaining("no stack 'aws-moon'; there are " + STACK),
    });
  }, 60 * SECONDS);
});

if (availableClouds().includes('google')) {
  test('a rule that a cloud cannot enforce is refused with its place and the way out, before anything is written', () => {
    const wildcard = fixture('full').split('\n')
      .filter((line) => !line.includes('host: registry-1'))
      .map((line) => line.replace('clouds: [aws, azure], ', ''))
      .join('\n');
    const result = egress(['synth', '--config', config(wildcard), '--outdir', outdir()]);
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(/egress\.yaml:6:\d+ google: '\*\.docker\.io' needs secureWebProxy/);
    expect(existsSync(join(outdir(), 'stacks'))).toBe(false);
  }, 30 * SECONDS);
}

describe('start', () => {
  test('shows each segment with its hosts and way out, and plain text under NO_COLOR', () => {
    const result = egress(['start', '--config', config(GOOD), '--outdir', outdir()]);
    expect(result.stdout).toMatch(/jobs .* private .* none .* none/);
    expect(result.stdout).toMatch(/vault .* data .* none .* none/);
    expect(result.stdout).toContain('residual risks:');
    expect(result.stdout).not.toMatch(/\u001b/);
  }, 60 * SECONDS);

  test('a file of accepted findings that is wrong ends it with its lines and exit code 2', () => {
    const where = { cwd: folder, encoding: 'utf8' as const, env: { ...inherited, CI: '', NO_COLOR: '1', TERRAFORM_BINARY_NAME: 'no-such-terraform' } };
    config('- rule: flow-logs-missing\n', 'egress-review.yaml');
    const result = spawnSync(process.execPath, [join(ROOT, 'cli/egress.mjs'), 'start', '--config', config(GOOD), '--outdir', outdir()], where);
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(/^egress-review\.yaml:1:3 .*'address' is missing/m);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  }, 60 * SECONDS);

  test('--json carries segments, risks and plans', () => {
    const result = egress(['start', '--config', config(GOOD), '--outdir', outdir(), '--json']);
    const { stacks } = JSON.parse(result.stdout);
    expect(stacks[0]).toMatchObject({ stack: STACK, cloud: CLOUD, segments: [{ name: 'jobs', hosts: [], wayOut: 'none' }, { name: 'vault', hosts: [], wayOut: 'none' }] });
  }, 60 * SECONDS);
});
