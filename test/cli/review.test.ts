/** The review command: what goes in, what comes out, and the exit code. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ownNetwork, withNetworks } from '../../cli/own-network';
import { plan } from '../../cli/plans';
import { plansOf, renderConclusion, ReviewRefused, runReview, type ReviewFlags } from '../../cli/review';
import type { Cloud } from '../../blueprints/policy/model';
import { availableClouds } from '../../stacks/app';
import type { CloudContract } from '../contract/observation';
import { parsePlan } from '../../review/plan/load';
import type { ReviewResult } from '../../review/result';
import { testWithTerraform } from '../fixtures/terraform';
import { planStacks } from '../../providers/offline/plan';
import { fixture, synthesized, TODAY, type Synthesized } from '../fixtures/stacks';

const ROOT = join(__dirname, '../..');
const MINUTE = 60_000;
const CLOUD = availableClouds()[0] as Cloud;
const STACK = `${CLOUD}-prod`;

let folder: string;
let full: Synthesized;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'review-'));
  full = await synthesized(fixture('full'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const review = (paths: readonly string[], flags: Partial<ReviewFlags> = {}) => runReview(paths, { allowUnknown: false, today: TODAY, ...flags });

/** A stack whose first mutation that opens something was applied. */
function broken(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a fork may have deleted other clouds
  const { mutations } = require(`../contract/${CLOUD}.observer`) as CloudContract;
  const stack = full.stack(STACK);
  const wide = mutations.find(({ fault }) => fault === 'wide-group-egress' || fault === 'firewall-default-pass');
  wide?.mutate(stack);
  return written('broken.json', JSON.stringify(stack));
}

test('our own stack is clean: exit code 0, and every report is written', async () => {
  const file = written('good.json', full.texts[STACK] as string);
  const flags = { html: join(folder, 'r/page.html'), sarif: join(folder, 'r/log.sarif'), markdown: join(folder, 'r/comment.md'), summary: join(folder, 'r/summary.md'), junit: join(folder, 'r/tests.xml') };
  const { exit, result, written: files } = await review([file], { ...flags, policy: written('egress.yaml', fixture('full')) });
  expect(exit).toEqual({ code: 0, reasons: [] });
  expect(result.findings).toEqual([]);
  expect(files).toHaveLength(5);
  expect(readFileSync(flags.html, 'utf8')).toMatch(/^<!doctype html>/i);
  expect(JSON.parse(readFileSync(flags.sarif, 'utf8')).runs[0]).toMatchObject({ automationDetails: { id: 'egress-review/' }, tool: { driver: { version: expect.stringMatching(/^\d+\.\d+\.\d+/) } } });
  expect(readFileSync(flags.markdown, 'utf8')).toContain('<!-- egress-review -->');
  expect(readFileSync(flags.junit, 'utf8')).toContain('failures="0"');
  expect(renderConclusion(result, 'page.html')).toContain('No way out but the allowlist');
  // What is mild takes a line each, and a network that is not sound everything.
  const finding = { input: 'a', cloud: CLOUD, rule: 'protection-off', severity: 'low', confidence: 'certain', address: 'a.b', message: 'it is off', title: 't', why: 'w', fix: 'switch it on', references: [], fingerprint: 'f' } as unknown as ReviewResult['findings'][number];
  const mild = renderConclusion({ ...result, findings: Array<typeof finding>(12).fill(finding) }, 'page.html').split('\n').map((line) => line.trim());
  expect(mild.slice(2)).toEqual([...Array<string>(10).fill('low  protection-off  a.b'), '2 more; why, and how to fix: npm run review', 'the picture: page.html']);
  expect(renderConclusion({ ...result, findings: [{ ...finding, severity: 'medium' }] }, 'page.html')).toContain('it is off');
}, MINUTE);

test('a broken stack is exit code 1, points at our source, and can be accepted with a statement and an end', async () => {
  const file = broken();
  const sarif = join(folder, 'broken.sarif');
  const { exit, result } = await review([file], { sarif });
  expect(exit.code).toBe(1);
  expect(result.findings.length).toBeGreaterThan(0);
  const places = JSON.parse(readFileSync(sarif, 'utf8')).runs[0].results.map((each: any) => each.locations[0].physicalLocation.artifactLocation.uri);
  expect(places).toContain(`stacks/${CLOUD}.ts`);

  const suppressions = written('accepted.yaml', result.findings.map(({ rule, address }) => `- { rule: ${rule}, address: ${JSON.stringify(address)}, statement: known, expires: 2027-01-31 }`).join('\n'));
  const accepted = await review([file], { suppressions, allowUnknown: true });
  expect(accepted.result.findings).toEqual([]);
  expect(accepted.result.suppressed.length).toBe(result.findings.length);
}, MINUTE);

testWithTerraform()('a plan leaves no older one beside it that a review would take in', async () => {
  const plans = join(folder, 'stale', 'plans');
  mkdirSync(plans, { recursive: true });
  for (const name of ['aws-gone.json', 'notes.txt']) writeFileSync(join(plans, name), '{}');
  await plan({ stacks: [], outdir: join(folder, 'stale'), real: false });
  expect(readdirSync(plans)).toEqual(['notes.txt']);
});

testWithTerraform()('a plan finds the stack that it was made of, and with it our source', async () => {
  const stack = full.stack(STACK);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a fork may have deleted other clouds
  const { mutations } = require(`../contract/${CLOUD}.observer`) as CloudContract;
  mutations.find(({ fault }) => fault === 'wide-group-egress' || fault === 'firewall-default-pass')?.mutate(stack);
  const plans = join(folder, 'out', 'plans');
  const beside = join(folder, 'out', 'stacks', STACK);
  for (const each of [plans, beside]) mkdirSync(each, { recursive: true });
  writeFileSync(join(beside, 'cdk.tf.json'), JSON.stringify(stack));
  const [planned] = await planStacks({ stackFolders: [beside], planFolder: plans, root: ROOT });
  if (!planned?.ok) throw new Error(JSON.stringify(planned));
  const { result } = await review([planned.planFile], { allowUnknown: true });
  expect(result.findings.map(({ source }) => source?.stack)).toContain(STACK);
}, MINUTE);

test('new egress fails only when asked, and only when there is something to compare with', async () => {
  const good = written('good.json', full.texts[STACK] as string);
  const more = await synthesized(fixture('full').replace('segments:', '  - { host: api.github.com, from: [platform], owner: x, reason: x }\nsegments:'), full.lock);
  const grown = written('grown.json', more.texts[STACK] as string);
  expect((await review([grown], { base: [good] })).exit.code).toBe(0);
  expect((await review([grown], { base: [good], failOn: 'new-egress' })).exit.code).toBe(1);
  expect((await review([good], { base: [grown], failOn: 'new-egress' })).exit.code).toBe(0);
  expect((await review([good], { failOn: 'new-egress' })).exit).toMatchObject({ code: 2 });
}, MINUTE);

test('an earlier result tells which findings are new, and stands for no plan', async () => {
  const [good, bad] = [written('good.json', full.texts[STACK] as string), broken()];
  const resultOf = async (file: string) => written(`${file.split('/').at(-1)}-result.json`, JSON.stringify((await review([file], { allowUnknown: true })).result, null, 2));
  const [clean, found] = [await resultOf(good), await resultOf(bad)];
  const against = async (base: string) => (await review([bad], { base: [base], failOn: 'new-low', allowUnknown: true })).exit;
  expect(await against(clean)).toEqual({ code: 1, reasons: [expect.stringMatching(/^\d+ new findings? of severity low or worse$/)] });
  expect(await against(found)).toEqual({ code: 0, reasons: [] });
  // A result of other findings holds no network.
  await expect(review([bad], { base: [clean, good] })).rejects.toThrow(/is a result of a review, and .*good.json is none; name plans and states, or results, not both/);
  expect((await review([bad], { base: [clean], failOn: 'new-egress', allowUnknown: true })).exit.code).toBe(2);
});

test('everything that is wrong with what was given comes at once', async () => {
  const garbage = written('garbage.json', '{"truncated": ');
  const suppressions = written('bad.yaml', '- { rule: x }');
  await expect(review([garbage, join(folder, 'nowhere.json')], { suppressions, failOn: 'sometimes', policy: join(folder, 'nowhere.yaml') })).rejects.toThrow(ReviewRefused);
  const refused = await review([garbage, join(folder, 'nowhere.json')], { suppressions, failOn: 'sometimes', name: '-->', policy: join(folder, 'nowhere.yaml') }).catch((error: ReviewRefused) => error.messages);
  const text = (refused as readonly string[]).join('\n');
  for (const part of ['garbage.json', 'nowhere.json', 'bad.yaml', "--fail-on 'sometimes'", "--name '-->'", 'nowhere.yaml']) expect(text).toContain(part);
});

test('--environment says of which one plans are whose addresses do not', async () => {
  const file = parse(fixture('full'));
  file.allow.push({ host: 'sandbox.partner.com', from: ['payments'], owner: 'x', reason: 'y', environments: ['staging'] });
  file.environments.push({ name: 'staging', [CLOUD]: { ...file.environments[0][CLOUD], cidr: '10.77.0.0/16', ...(CLOUD === 'google' ? { project: 'acme-staging' } : {}) } });
  const policy = written('staged.yaml', stringify(file));
  file.environments[1][CLOUD].cidr = '10.99.0.0/16';
  const elsewhere = written('elsewhere.json', (await synthesized(stringify(file))).texts[`${CLOUD}-staging`] as string);
  const told = async (flags: Partial<ReviewFlags>) => (await review([elsewhere], { policy, ...flags })).result.findings.filter(({ rule }) => rule === 'plan-and-policy-disagree').map(({ severity, confidence }) => `${severity} ${confidence}`);
  expect(await told({})).toEqual(['medium possible']);
  expect(await told({ environment: 'staging' })).toEqual([]);
  expect(await told({ environment: 'prod' })).toEqual(['high certain']);
  await expect(told({ environment: 'stagin' })).rejects.toThrow(`--environment 'stagin' is none of ${policy}: did you mean 'staging'? environments: prod, staging`);
  await expect(review([elsewhere], { environment: 'staging' })).rejects.toThrow('name its file with --policy');
}, MINUTE);

test('a report that cannot be written is named, and is no finding', async () => {
  const good = written('good.json', full.texts[STACK] as string);
  const refused = await review([good], { name: 'prod', markdown: folder, junit: join(good, 'tests.xml'), sarif: join(folder, 'written.sarif') }).catch((error: ReviewRefused) => error.messages);
  expect(refused).toEqual([`${folder}: it is a folder; name a file`, expect.stringMatching(/tests.xml: .*(a file where a folder is needed|a file and no folder)/)]);
  expect(JSON.parse(readFileSync(join(folder, 'written.sarif'), 'utf8')).runs[0].automationDetails.id).toBe('egress-review/prod/');
});

test('without inputs it takes the plans of the last run, and says so when there are none', () => {
  expect(() => plansOf(folder)).toThrow("run 'npm run plan' first");
  mkdirSync(join(folder, 'plans'));
  writeFileSync(join(folder, 'plans', 'b.json'), '{}');
  writeFileSync(join(folder, 'plans', 'a-kubernetes.json'), '{}');
  writeFileSync(join(folder, 'plans', 'a.json'), '{}');
  expect(plansOf(folder)).toEqual([join(folder, 'plans', 'a.json'), join(folder, 'plans', 'a-kubernetes.json'), join(folder, 'plans', 'b.json')]);
  for (const name of ['aws-prod', 'aws-prod-kubernetes', 'aws-prod-eu', 'azure-prod']) writeFileSync(join(folder, 'plans', `${name}.json`), '{}');
  expect(plansOf(folder, 'prod')).toEqual(['aws-prod', 'aws-prod-kubernetes', 'azure-prod'].map((name) => join(folder, 'plans', `${name}.json`)));
  expect(() => plansOf(folder, 'staging')).toThrow("--environment 'staging' has no plan");
});

test("a plan with nodes of a cluster is judged together with its network's", () => {
  const keys = (type: string) => ['aws-prod.json', 'aws-prod-kubernetes.json'].map((name) => ownNetwork(parsePlan(JSON.stringify({ format_version: '1.2', resource_changes: [{ address: `${type}.a`, type, name: 'a', mode: 'managed', change: { actions: ['create'] } }] }), `plans/${name}`)));
  expect(keys('google_container_node_pool')).toEqual(['aws-prod', 'aws-prod']);
  expect(keys('kubernetes_namespace_v1')).toEqual(['aws-prod', 'aws-prod-kubernetes']);
  const outdir = join(folder, 'with-network');
  for (const [name, type] of [['aws-prod', 'aws_vpc'], ['aws-prod-kubernetes', 'aws_eks_node_group'], ['azure-prod-kubernetes', 'kubernetes_namespace_v1']] as const) {
    mkdirSync(join(outdir, 'stacks', name), { recursive: true });
    writeFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), JSON.stringify({ resource: { [type]: { a: {} } } }));
  }
  expect(withNetworks(['aws-prod-kubernetes', 'azure-prod-kubernetes'], outdir)).toEqual(['aws-prod-kubernetes', 'aws-prod', 'azure-prod-kubernetes']);
  expect(withNetworks(['aws-prod', 'aws-prod-kubernetes'], outdir)).toEqual(['aws-prod', 'aws-prod-kubernetes']);
});

test('the command itself: exit codes, JSON on standard output, no stack trace for bad input', () => {
  const run = (...args: string[]) => runWith('', ...args);
  const runWith = (input: string, ...args: string[]) => spawnSync(process.execPath, ['--require', 'tsx/cjs', 'cli/main.ts', 'review', ...args], { cwd: ROOT, encoding: 'utf8', input, env: { ...process.env, NO_COLOR: '1' } });
  const good = run(written('good.json', full.texts[STACK] as string), '--policy', written('egress.yaml', fixture('full')), '--json');
  expect(good.status).toBe(0);
  expect(JSON.parse(good.stdout)).toMatchObject({ version: 1, findings: [] });
  expect(run(broken()).status).toBe(1);
  expect(runWith(full.texts[STACK] as string, '-', '--policy', written('egress.yaml', fixture('full')), '--fail-on', 'none').status).toBe(0);
  const together = run(join(folder, 'good.json'), join(folder, 'broken.json'), '--together', '--json');
  expect(JSON.parse(together.stdout).inputs).toMatchObject([{ name: `${STACK} + ${STACK}-2`, together: [{ prefix: `${STACK}:` }, { prefix: `${STACK}-2:` }] }]);
  const bad = run(written('empty.json', ''));
  expect(bad).toMatchObject({ status: 2, stdout: '' });
  expect(bad.stderr).not.toMatch(/\n\s+at /);
}, MINUTE);

test('a review loads what it needs: no CDKTF, no schema, no layout', () => {
  const script = "require('./cli/main.ts'); require('./cli/review.ts'); process.stdout.write(JSON.stringify(Object.keys(require.cache)))";
  const { stdout } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '-e', `process.argv.push('help'); process.exit = () => {}; ${script}`], { cwd: ROOT, encoding: 'utf8' });
  const loaded = JSON.parse(stdout.slice(stdout.indexOf('["'))) as readonly string[];
  const packages = new Set(loaded.flatMap((file) => /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1] ?? []));
  expect([...packages]).toContain('commander');
  expect(['cdktf', 'constructs', '@grpc/grpc-js', 'zod', 'elkjs'].filter((name) => packages.has(name))).toEqual([]);
});

test('this Node knows the flags that it is given', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- plain JavaScript
  const { NODE_FLAGS } = require('../../cli/node-flags.cjs') as { readonly NODE_FLAGS: readonly string[] };
  const { status, stderr } = spawnSync(process.execPath, [...NODE_FLAGS, '-e', '0'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
