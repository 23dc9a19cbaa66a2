/** Two policy files of one company: what each has for itself, no other may have. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPolicyFiles } from '../../blueprints/policy/load-together';
import { TODAY } from './policies';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'policies-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Written {
  readonly organization?: string;
  readonly segments?: readonly string[];
  readonly services?: string;
  readonly rule?: string;
}

/** Environments in flow style, one a line; the first is on line 5. */
function file(name: string, environments: readonly string[], { organization = 'acme', segments = ['app'], services = '[]', rule = '' }: Written = {}): string {
  const path = join(folder, name);
  const allow = rule ? `[{ host: api.acme.com, from: [${segments[0]}], owner: x, reason: y${rule} }]` : '[]';
  writeFileSync(path, [`organization: ${organization}`, `allow: ${allow}`, `segments: [${segments.map((segment) => `{ name: ${segment}, tier: private }`).join(', ')}]`, `environments:`, ...environments.map((each) => `  - { ${each} }`), `privateServices: ${services}`, ''].join('\n'));
  return path;
}

const found = (...paths: readonly string[]) => {
  const { problems, warnings } = loadPolicyFiles(paths, { today: TODAY });
  const told = (all: typeof problems) => all.map(({ file: path, line, code }) => `${path.slice(folder.length + 1)}:${line} ${code}`);
  return { errors: told(problems), warnings: told(warnings), messages: [...problems, ...warnings].map(({ message }) => message) };
};

const AWS = (name: string, cidr: string, more = '') => `name: ${name}, aws: { region: us-east-1, cidr: ${cidr}${more} }`;
const GOOGLE = (name: string, cidr: string, project: string, more = '') => `name: ${name}, google: { region: europe-west1, cidr: ${cidr}, project: ${project}${more} }`;
const ID = (path: string) => `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/central/providers/Microsoft.Network/${path}`;
const AZURE = (name: string, cidr: string, more = '') => `name: ${name}, azure: { region: westeurope, cidr: ${cidr}, subscription: 00000000-0000-0000-0000-000000000000${more} }`;
const HUB = (more = '') => `, hub: { firewall: ${ID('azureFirewalls/hub')}, privateAddress: 10.0.0.4, policy: ${ID('firewallPolicies/hub')}${more} }`;

test('files that share nothing have no problem, and say which environments they have', () => {
  const [one, other] = [file('a.yaml', [AWS('prod', '10.20.0.0/16'), AWS('audit', '10.22.0.0/16')]), file('b.yaml', [AWS('staging', '10.21.0.0/16')])];
  const result = loadPolicyFiles([one, other], { today: TODAY });
  expect([...result.problems, ...result.warnings]).toEqual([]);
  expect([...result.environments]).toEqual([[one, ['audit', 'prod']], [other, ['staging']]]);
});

test('a block that overlaps one of another file, with the place of that', () => {
  const [one, other] = [file('a.yaml', [AWS('prod', '10.20.0.0/16')]), file('b.yaml', [AWS('audit', '10.22.0.0/16'), AWS('staging', '10.20.16.0/20')])];
  expect(loadPolicyFiles([one, other], { today: TODAY }).problems).toEqual([expect.objectContaining({
    code: 'cidr-overlap', severity: 'error', file: other, line: 6, column: 54, path: 'environments[1].aws.cidr', value: '10.20.16.0/20',
    message: `overlaps 10.20.0.0/16 of prod on aws, environments[0].aws.cidr of ${one} (line 5)`,
  })]);
});

test.each([
  ['across clouds', [AWS('prod', '10.20.0.0/16')], [GOOGLE('staging', '10.20.0.0/16', 'acme-staging')]],
  ['in an added block', [AWS('prod', '10.20.0.0/16', ', secondaryCidrs: { app: 10.99.0.0/16 }')], [AWS('staging', '10.99.0.0/16')]],
])('addresses %s', (_, one, other) => {
  expect(found(file('a.yaml', one), file('b.yaml', other)).errors).toEqual([expect.stringContaining('b.yaml:5 ')]);
});

test('blocks of the shared space may be those of both', () => {
  const pods = ', secondaryCidrs: { app: 100.64.0.0/16 }';
  expect(found(file('a.yaml', [AWS('prod', '10.20.0.0/16', pods)]), file('b.yaml', [AWS('staging', '10.21.0.0/16', pods)])).errors).toEqual([]);
});

describe('the name of an environment', () => {
  test('is of one file on a cloud', () => {
    const { errors, messages } = found(file('a.yaml', [AWS('prod', '10.20.0.0/16')]), file('b.yaml', [AWS('prod', '10.21.0.0/16')]));
    expect(errors).toEqual(['b.yaml:5 duplicate-environment']);
    expect(messages[0]).toContain("a.yaml (line 5), too: both would make the stack 'aws-prod'");
  });

  test('may be in two that make other stacks: of other clouds, or of another organization', () => {
    expect(found(file('a.yaml', [AWS('prod', '10.20.0.0/16')]), file('b.yaml', [GOOGLE('prod', '10.21.0.0/16', 'acme-prod')])).errors).toEqual([]);
    expect(found(file('a.yaml', [AWS('prod', '10.20.0.0/16')]), file('b.yaml', [AWS('prod', '10.21.0.0/16')], { organization: 'other' })).errors).toEqual([]);
  });

  test('is compared where both say whose it is', () => {
    const [one, other] = ['a.yaml', 'b.yaml'].map((name, index) => file(name, [AWS('prod', `10.2${index}.0.0/16`)], { organization: '5' }));
    expect(found(one!, other!).errors).toEqual([expect.stringContaining('a.yaml:1 '), expect.stringContaining('b.yaml:1 ')]);
  });

  test('that is an object of JavaScript by chance is a name like others', () => {
    expect(found(file('a.yaml', [AWS('constructor', '10.20.0.0/16')]), file('b.yaml', [AWS('to-string', '10.21.0.0/16')])).errors).toEqual([]);
  });
});

test('what an account switches for everybody in a region', () => {
  const block = ', blockPublicAccess: account';
  const one = file('a.yaml', [AWS('prod', '10.20.0.0/16', block)]);
  expect(found(one, file('b.yaml', [AWS('staging', '10.21.0.0/16', block)])).errors).toEqual(['b.yaml:5 public-access-block-twice']);
  expect(found(one, file('b.yaml', [AWS('staging', '10.21.0.0/16')])).errors).toEqual(['b.yaml:5 public-access-blocked']);
  expect(found(one, file('b.yaml', [AWS('staging', '10.21.0.0/16', ', blockPublicAccess: exclusions')])).errors).toEqual([]);
});

describe('a project of Google Cloud', () => {
  test('has one of some things', () => {
    const only = ', denyExternalAddresses: true';
    const one = file('a.yaml', [GOOGLE('prod', '10.20.0.0/16', 'acme-all', only)]);
    expect(found(one, file('b.yaml', [GOOGLE('staging', '10.21.0.0/16', 'acme-all', only)])).errors).toEqual(['b.yaml:5 one-per-project']);
    expect(found(one, file('b.yaml', [GOOGLE('staging', '10.21.0.0/16', 'acme-staging', only)])).errors).toEqual([]);
  });

  test('takes a name once, which begins with the organization', () => {
    const [one, other] = [file('a.yaml', [GOOGLE('prod', '10.20.0.0/16', 'acme-all')], { segments: ['eu-app'] }), [GOOGLE('prod-eu', '10.21.0.0/16', 'acme-all')]];
    expect(found(one, file('b.yaml', other)).errors).toEqual(['b.yaml:5 names-collide']);
    expect(found(one, file('b.yaml', other, { organization: 'other' })).errors).toEqual([]);
    // Segments are those of each file: what only one has is no name in the other's networks.
    expect(found(file('a.yaml', [GOOGLE('prod', '10.20.0.0/16', 'acme-all')]), file('b.yaml', other, { segments: ['app', 'eu-app'] })).errors).toEqual([]);
  });

  test('has a network that a file makes and another one names', () => {
    const other = file('b.yaml', [GOOGLE('staging', '10.21.0.0/16', 'acme-all', ', network: { name: acme-prod }')]);
    expect(found(file('a.yaml', [GOOGLE('prod', '10.20.0.0/16', 'acme-all')]), other).errors).toEqual(['b.yaml:5 one-per-project']);
    expect(found(file('a.yaml', [GOOGLE('prod', '10.20.0.0/16', 'acme-all')], { organization: 'more' }), other).errors).toEqual([]);
  });
});

describe('a hub of Azure', () => {
  test('has priorities for one after the other', () => {
    const one = file('a.yaml', [AZURE('prod', '10.20.0.0/16', HUB())]);
    expect(found(one, file('b.yaml', [AZURE('staging', '10.21.0.0/16', HUB())])).errors).toEqual([expect.stringContaining('priorities-taken')]);
    expect(found(one, file('b.yaml', [AZURE('staging', '10.21.0.0/16', HUB(', firstPriority: 7401'))])).errors).toEqual([]);
  });

  test.each([
    ['both have private zones', '[secrets]', ['b.yaml']],
    ['one has none', '[]', []],
  ])('resolves names for one: %s', (_, services, told) => {
    const network = (priority: number) => HUB(`, network: ${ID('virtualNetworks/hub')}, firstPriority: ${priority}`);
    const one = file('a.yaml', [AZURE('prod', '10.20.0.0/16', network(1000))], { services: '[secrets]' });
    const { errors } = found(one, file('b.yaml', [AZURE('staging', '10.21.0.0/16', network(7401))], { services }));
    expect(errors.filter((each) => each.includes('hub-resolves-once')).map((each) => each.split(':')[0])).toEqual(told);
  });
});

test('quotas of an account are those of all its environments that have hosts', () => {
  const many = (name: string) => AWS(name, `10.${name.charCodeAt(0)}.0.0/16`, ', zones: 3');
  const one = file('a.yaml', [many('a')], { rule: ', clouds: [aws]' });
  expect(found(one).warnings).toEqual([]);
  expect(found(one, file('b.yaml', [many('b')], { rule: ', environments: [b]' })).warnings).toEqual([expect.stringContaining('b.yaml:5 quota-likely')]);
  expect(found(one, file('b.yaml', [many('b')])).warnings).toEqual([]);
  expect(found(one, file('b.yaml', [many('b'), many('c').replace('us-east-1', 'eu-west-1')], { rule: ', environments: [c]' })).warnings).toEqual([]);
  expect(found(one, file('b.yaml', [`${many('b')}, google: { region: europe-west1, project: acme-b, cidr: 10.200.0.0/16 }`], { rule: ', clouds: [google]' })).warnings).toEqual([]);
});

describe('what one file has by itself', () => {
  const wrong = () => file('a.yaml', [AWS('prod', '10.20.0.0/16'), AWS('prod', '10.20.16.0/20')]);

  test('is told once, beside what it has with others', () => {
    expect(found(wrong()).errors).toEqual(['a.yaml:6 duplicate-environment', 'a.yaml:6 cidr-overlap']);
    const { errors } = found(wrong(), file('b.yaml', [AWS('staging', '10.20.128.0/20')]));
    expect(errors).toEqual(['a.yaml:6 duplicate-environment', 'a.yaml:6 cidr-overlap', 'b.yaml:5 cidr-overlap']);
  });

  test('hides nothing that is sound', () => {
    expect(found(file('a.yaml', [AWS('prod', '10.20.0.0/16', ', zones: 9')]), file('b.yaml', [AWS('staging', '10.20.16.0/20')])).errors).toEqual([expect.stringContaining('a.yaml:5 '), 'b.yaml:5 cidr-overlap']);
  });

  test.each([['nothing', ''], ['a list', '[]'], ['no YAML', '{'], ['environments that are none', 'organization: acme\nenvironments: 5\n'], ['an environment that is none', 'environments: [5, { name: 5 }, null]\n']])('is %s, and a problem', (_, text) => {
    const path = join(folder, 'c.yaml');
    writeFileSync(path, text);
    const { errors } = found(file('a.yaml', [AWS('prod', '10.20.0.0/16')]), path, join(folder, 'missing.yaml'));
    expect(errors).toEqual(expect.arrayContaining([expect.stringContaining('c.yaml:'), 'missing.yaml:1 file-missing']));
    expect(errors.filter((each) => each.startsWith('a.yaml'))).toEqual([]);
  });
});

test('a file that is named twice is one', () => {
  const path = file('a.yaml', [AWS('prod', '10.20.0.0/16')]);
  expect(found(path, join(folder, '.', 'a.yaml'), `${folder}/../${folder.split('/').at(-1)}/a.yaml`).errors).toEqual([]);
});
