/** What the pages promise and a program can check: links, names of files, commands, options, fields. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parse } from 'yaml';
import { policyJsonSchema } from '../../blueprints/policy/json-schema';
import { CLOUD_REVIEWS } from '../../review/clouds';
import { availableClouds } from '../../stacks/app';
import { CLOUDS } from '../../blueprints/policy/model';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const pages = ['README.md', 'SECURITY.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
const withoutCode = (text: string) => text.replace(/```[^]*?```/g, '');

/** What a fork deleted with a cloud or its clusters is no broken promise. */
const gone = [...CLOUDS.filter((cloud) => !availableClouds().includes(cloud)), ...(existsSync(join(ROOT, 'blueprints/kubernetes')) ? [] : ['kubernetes', 'manifests'])];
const isDeleted = (path: string) => gone.some((name) => path.includes(name)) || (gone.includes('aws') && /conformance|e2e|endpoints\/changes/.test(path));

/** As GitHub makes anchors of headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const headings = withoutCode(text).split('\n').filter((line) => /^#+ /.test(line)).map((line) => line.replace(/^#+ /, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
  return new Set(headings.map((heading) => {
    const slug = heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  }));
}
const anchors = new Map(pages.map((page) => [page, anchorsOf(read(page))]));

describe.each(pages)('%s', (page) => {
  const text = read(page);

  test('links lead to files and headings that are there', () => {
    const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^https?:/.test(link));
    const broken = links.filter((link) => {
      const [path, anchor] = link.split('#') as [string, string | undefined];
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(ROOT, target))) return !isDeleted(target);
      return anchor !== undefined && !anchors.get(target)?.has(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('names of files of this project are right', () => {
    const paths = [...withoutCode(text).matchAll(/`((?:blueprints|cli|docs|providers|review|stacks|test)\/[^`\s<*{]*)/g)].map(([, path = '']) => path);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)) && !isDeleted(path))).toEqual([]);
  });

  test('commands and their options are ones that there are', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    const cli = read('cli/main.ts');
    const commands = [...cli.matchAll(/\.command\('([a-z]+)'\)/g)].map(([, name]) => name);
    const options = new Set([...cli.matchAll(/\.option\('(?:-\w, )?(--[a-z-]+)/g)].map(([, name]) => name));
    expect(commands).toEqual(expect.arrayContaining(['start', 'synth', 'plan', 'review', 'docs']));
    expect([...text.matchAll(/npm run (?:--silent )?([a-z0-9]+)/g)].map(([, name]) => name).filter((name) => !scripts.includes(name!))).toEqual([]);
    const calls = [...text.matchAll(/(?:npx egress|egress\.mjs|^\s*egress|npm run) ([a-z]+)([^\n`]*)/gm)];
    expect(calls.filter(([call, name]) => !call.startsWith('npm') && !commands.includes(name)).map(([call]) => call)).toEqual([]);
    const ours = calls.filter(([, name]) => commands.includes(name)).flatMap(([, , rest = '']) => [...rest.replace(/[|;&#].*/, '').matchAll(/ (--[a-z][a-z-]*)/g)].map(([, option]) => option));
    expect(ours.filter((option) => !options.has(option!))).toEqual([]);
  });
});

test('every option of the review is explained on one of its pages', () => {
  const explained = ['docs/review.md', 'docs/review-reports.md', 'docs/ci.md'].map(read).join('\n');
  const [, review = ''] = /program\.command\('review'\)([^]*?)\.action/.exec(read('cli/main.ts')) ?? [];
  const options = [...review.matchAll(/'(--[a-z-]+)/g)].map(([, option]) => option!);
  expect(options.length).toBeGreaterThan(8);
  expect(options.filter((option) => !explained.includes(option))).toEqual([]);
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
}

/** The names of all fields below a schema. */
function fieldsOf(schema: Schema): ReadonlySet<string> {
  const { properties = {}, items, additionalProperties, anyOf = [] } = schema;
  const below = [...Object.values(properties), ...anyOf, ...(items ? [items] : []), ...(typeof additionalProperties === 'object' ? [additionalProperties] : [])];
  return new Set([...Object.keys(properties), ...below.flatMap((each) => [...fieldsOf(each)])]);
}

test('docs/policy.md names every field of the policy, and its tables name no others', () => {
  const fields = fieldsOf(policyJsonSchema() as Schema);
  const page = read('docs/policy.md');
  expect([...fields].filter((field) => !new RegExp(`\\b${field}\\b`).test(page))).toEqual([]);
  const [, tables = ''] = /^## Fields\n([^]*?)^## Hosts/m.exec(page) ?? [];
  const named = [...tables.matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`\.?([a-zA-Z.]+)(?:\[\])?`/g)].flatMap(([, name = '']) => name.split('.')));
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((name) => !fields.has(name))).toEqual([]);
});

test('failure modes name checks of the review', () => {
  const ids = new Set(CLOUD_REVIEWS.flatMap(({ checks }) => checks.map(({ id }) => id)));
  const named = [...read('docs/aws-failure-modes.md').matchAll(/\*\*review\*\*: ([^\n]*)/g)].flatMap(([, list = '']) => [...list.matchAll(/`([a-z0-9-]+)`/g)].map(([, id]) => id!));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((id) => !ids.has(id))).toEqual([]);
});

describe('docs/ci.md', () => {
  const jobs = [...read('docs/ci.md').matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text);

  test('holds YAML, whose actions are pinned as those of the workflows here', () => {
    expect(jobs.length).toBeGreaterThan(2);
    const pinned = new Set(readdirSync(join(ROOT, '.github/workflows')).flatMap((name) => [...read(`.github/workflows/${name}`).matchAll(/uses: (\S+@\S+)/g)].map(([, action]) => action)));
    const used = jobs.flatMap((text) => [...text.matchAll(/uses: (\S+@\S+)/g)].map(([, action = '']) => action));
    for (const text of jobs) expect(parse(text)).toEqual(expect.any(Object));
    for (const action of used) expect(action).toMatch(/@[0-9a-f]{40}$/);
    // Nothing here uploads to code scanning.
    expect(used.filter((action) => !pinned.has(action)).map((action) => action.split('@')[0])).toEqual(['github/codeql-action/upload-sarif']);
  });

  test('runs the Node of the workflows here', () => {
    const versions = (text: string) => [...text.matchAll(/node-version: (\d+)|image: node:(\d+)/g)].map(([, version, image]) => version ?? image);
    const here = versions(readdirSync(join(ROOT, '.github/workflows')).map((name) => read(`.github/workflows/${name}`)).join('\n'));
    const there = versions(jobs.join('\n'));
    expect(Math.min(here.length, there.length)).toBeGreaterThan(2);
    const tried = /\)@(\d+)\./.exec(read('.ci/run'))?.[1];
    expect(new Set([...here, ...there, tried]).size).toBe(1);
  });

  test('puts no expression into a shell', () => {
    for (const { run = '' } of jobs.flatMap((text) => Object.values<{ steps?: { run?: string }[] }>(parse(text).jobs ?? {}).flatMap(({ steps = [] }) => steps))) expect(run).not.toContain('${{');
  });
});

test('no test depends on the policy that a fork edits', () => {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts') && !/^(bench|project)\//.test(name));
  const readers = files.filter((name) => /(?:readFileSync|join)\([^)\n]*(?:'|\/)\.\.(?:\/\.\.)*(?:', '|\/)egress\.yaml'|loadPolicyFile\('egress\.yaml'/.test(read(join('test', name))));
  // That it is a sound policy is all that one asks.
  expect(readers).toEqual(['policy/load.test.ts']);
});
