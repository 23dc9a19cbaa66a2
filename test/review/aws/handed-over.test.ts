/** What goes from one file to another, or gets another address in one, is what it was as long as its id is: nothing opens and nothing closes by that. */
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import type { ReviewResult } from '../../../review/result';
import { review, type ReviewRequest } from '../../../review/review';
import { diffLines } from '../../fixtures/segment-verdicts';
import { TODAY } from '../../fixtures/stacks';

type Values = Readonly<Record<string, unknown>>;
interface Entry {
  readonly values: Values;
  readonly action?: string;
  readonly imported?: boolean;
  /** What it was before an update. */
  readonly was?: Values;
}
type Entries = Readonly<Record<string, Entry>>;

const partsOf = (address: string) => ({ address, mode: 'managed', type: address.split('.')[0], name: address.split('.')[1], provider_name: 'registry.terraform.io/hashicorp/aws' });
const valuesOf = (entries: Entries, pick: (entry: Entry) => Values = ({ values }) => values) => ({ root_module: { resources: Object.entries(entries).map(([address, entry]) => ({ ...partsOf(address), values: pick(entry) })) } });
const state = (name: string, entries: Entries): PlanFile => parsePlan(JSON.stringify({ format_version: '1.0', values: valuesOf(entries) }), `${name}/plan.json`);
/** As Terraform writes it: its prior state has what it imports as well. */
const plan = (name: string, entries: Entries): PlanFile => parsePlan(JSON.stringify({
  format_version: '1.2', terraform_version: '1.11.4',
  resource_changes: Object.entries(entries).map(([address, { values, action = 'no-op', imported, was = values }]) => ({
    ...partsOf(address), change: { actions: [action], before: was, after: action === 'forget' ? null : values, after_unknown: {}, ...(imported ? { importing: { id: values['id'] } } : {}) },
  })),
  prior_state: { format_version: '1.0', values: valuesOf(entries, ({ values, was = values }) => was) },
  configuration: { root_module: {} },
}), `${name}/plan.json`);

const [VPC, PUBLIC, PRIVATE, GATEWAY, TABLE, GROUP, MACHINE] = ['vpc-0123456789abcdef0', 'subnet-0123456789abcdef0', 'subnet-0123456789abcdef1', 'igw-0123456789abcdef0', 'rtb-0123456789abcdef0', 'sg-0123456789abcdef0', 'i-0123456789abcdef0'];
const NETWORK: Entries = {
  'aws_vpc.main': { values: { id: VPC, cidr_block: '10.0.0.0/16' } },
  'aws_subnet.public': { values: { id: PUBLIC, vpc_id: VPC, cidr_block: '10.0.1.0/24' } },
  'aws_subnet.private': { values: { id: PRIVATE, vpc_id: VPC, cidr_block: '10.0.2.0/24' } },
  'aws_internet_gateway.main': { values: { id: GATEWAY, vpc_id: VPC } },
  'aws_route_table.public': { values: { id: TABLE, vpc_id: VPC, route: [{ cidr_block: '0.0.0.0/0', gateway_id: GATEWAY }] } },
  'aws_route_table_association.public': { values: { id: 'rtbassoc-0123456789abcdef0', subnet_id: PUBLIC, route_table_id: TABLE } },
  'aws_security_group.web': { values: { id: GROUP, vpc_id: VPC, ingress: [], egress: [{ protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: ['0.0.0.0/0'] }] } },
};
const machine = (more: Values = {}): Values => ({ id: MACHINE, subnet_id: PUBLIC, vpc_security_group_ids: [GROUP], associate_public_ip_address: true, ...more });
const forgotten: Entries = { ...NETWORK, 'aws_instance.web': { values: machine(), action: 'forget' } };
const taking = (more: Partial<Entry> = {}): Entries => ({ 'aws_instance.front': { values: machine(), imported: true, ...more } });

const judge = (inputs: readonly PlanFile[], more: Partial<ReviewRequest> = {}): ReviewResult => review({ inputs, today: TODAY, together: true, ...more });
const openPlaces = ({ verdicts }: ReviewResult) => verdicts.filter(({ verdict, family }) => verdict === 'open' && family === 4).map(({ place }) => place);
const ages = ({ findings }: ReviewResult) => [...new Set(findings.filter(({ address }) => /instance/.test(address)).map(({ rule, address, baselineState }) => `${rule} ${address} ${baselineState}`))].sort();
const told = (result: ReviewResult) => ({ open: openPlaces(result), diff: diffLines(result), ages: ages(result), warnings: result.inputs.flatMap(({ warnings }) => warnings) });

const RULES = ['metadata-tokens-optional', 'open-egress', 'public-address-on-workload'];
const unchanged = (address: string) => RULES.map((rule) => `${rule} ${address} unchanged`);

describe('a machine that one plan forgets and another imports', () => {
  test('stands there once, and is what it was', () => {
    expect(told(judge([plan('network', forgotten), plan('app', taking())]))).toEqual({ open: ['app:aws_instance.front'], diff: [], ages: unchanged('app:aws_instance.front'), warnings: [] });
    expect(told(judge([plan('network', forgotten), plan('app', taking({ action: 'update', was: machine({ tags: { a: 'b' } }) }))]))).toEqual({ open: ['app:aws_instance.front'], diff: [], ages: unchanged('app:aws_instance.front'), warnings: [] });
  });

  test('and so it is against files of before, and between states', () => {
    const base = [state('network', { ...NETWORK, 'aws_instance.web': { values: machine() } }), state('app', {})];
    const after = { open: ['app:aws_instance.front'], diff: [], ages: unchanged('app:aws_instance.front'), warnings: [] };
    expect(told(judge([plan('network', forgotten), plan('app', taking())], { base }))).toEqual(after);
    expect(told(judge([state('network', NETWORK), state('app', { 'aws_instance.front': { values: machine() } })], { base }))).toEqual(after);
  });

  test('that is led elsewhere by the same plan is new there', () => {
    const closed = { values: machine({ subnet_id: PRIVATE }), action: 'forget' };
    const result = told(judge([plan('network', { ...NETWORK, 'aws_instance.web': closed }), plan('app', taking({ action: 'update', was: closed.values }))]));
    expect(result.diff).toEqual(['became-open app:aws_instance.front anything IPv4']);
    expect(result.ages).toContain('open-egress app:aws_instance.front new');
  });

  test('that nobody takes over is still there', () => {
    expect(openPlaces(judge([plan('network', forgotten), plan('app', taking({ values: machine({ id: 'i-0123456789abcdef1' }) }))]))).toEqual(['app:aws_instance.front', 'network:aws_instance.web']);
    expect(openPlaces(judge([plan('network', forgotten), plan('app', {})]))).toEqual(['network:aws_instance.web']);
  });

  test('that two take over, or that nobody lets go of, is told', () => {
    const both = told(judge([plan('network', forgotten), plan('app', taking()), plan('lab', taking())]));
    expect([both.open, both.warnings]).toEqual([['app:aws_instance.front', 'lab:aws_instance.front', 'network:aws_instance.web'], [
      'network and app both make aws_instance.front: is one network named twice?', 'network and lab both make aws_instance.front: is one network named twice?',
    ]]);
    const kept = told(judge([plan('network', { ...NETWORK, 'aws_instance.web': { values: machine() } }), plan('app', taking())]));
    expect(kept.warnings).toEqual(['network and app both make aws_instance.front: is one network named twice?']);
  });
});

describe('what one plan forgets and imports by another address', () => {
  const group = (egress: readonly object[] = NETWORK['aws_security_group.web']!.values['egress'] as readonly object[]): Values => ({ ...NETWORK['aws_security_group.web']!.values, egress });
  const alone = (more: Entries): ReviewResult => review({ inputs: [plan('network', { ...NETWORK, ...more })], today: TODAY });

  test('a machine is what it was', () => {
    const result = alone({ 'aws_instance.web': { values: machine(), action: 'forget' }, ...taking() });
    expect(told(result)).toEqual({ open: ['aws_instance.front'], diff: [], ages: unchanged('aws_instance.front'), warnings: [] });
  });

  test('a group is closed, or opened, by the import alone', () => {
    const renamed = (is: Values, was: Values) => told(alone({
      'aws_instance.web': { values: machine() }, 'aws_security_group.web': { values: was, action: 'forget' }, 'aws_security_group.front': { values: is, imported: true, action: 'update', was },
    }));
    expect(renamed(group([]), group())).toMatchObject({ open: [], diff: ['closed aws_instance.web anything IPv4'] });
    expect(renamed(group(), group([]))).toMatchObject({ open: ['aws_instance.web'], diff: ['became-open aws_instance.web anything IPv4'] });
    expect(renamed({ ...group(), name: 'front' }, group())).toMatchObject({ open: ['aws_instance.web'], diff: [] });
  });

  test('what nothing imports is still there', () => {
    const result = alone({ 'aws_instance.web': { values: machine(), action: 'forget' }, ...taking({ values: machine({ id: 'i-0123456789abcdef1' }) }) });
    expect(openPlaces(result)).toEqual(['aws_instance.front', 'aws_instance.web']);
  });
});

test('an import of what no file had is new', () => {
  expect(told(judge([plan('network', NETWORK), plan('app', taking())])).ages).toEqual(RULES.map((rule) => `${rule} app:aws_instance.front new`));
});

test('a name is no id: two accounts may have it', () => {
  const role = (name: string, action?: string, imported?: boolean): PlanFile => plan(name, { 'aws_iam_role.web': { values: { id: 'web', name: 'web' }, ...(action ? { action } : {}), ...(imported ? { imported } : {}) } });
  expect(judge([role('network', 'forget'), role('app', undefined, true)]).inputs.map(({ resources }) => resources)).toEqual([2]);
});

describe('another address for the same id, by `terraform state mv`', () => {
  const base = [state('network', { ...NETWORK, 'aws_instance.web': { values: machine() } })];
  const now = (values: Values) => [state('network', { ...NETWORK, 'aws_instance.front': { values } })];

  test('is the same machine', () => {
    expect(told(judge(now(machine()), { base }))).toEqual({ open: ['aws_instance.front'], diff: [], ages: unchanged('aws_instance.front'), warnings: [] });
  });

  test('of another id is another one', () => {
    expect(told(judge(now(machine({ id: 'i-0123456789abcdef1' })), { base })).ages).toEqual(RULES.map((rule) => `${rule} aws_instance.front new`));
  });

  test('of two addresses before, nobody knows which', () => {
    const twice = [state('network', { ...NETWORK, 'aws_instance.web': { values: machine() }, 'aws_instance.copy': { values: machine() } })];
    expect(told(judge(now(machine()), { base: twice })).ages).toEqual(RULES.map((rule) => `${rule} aws_instance.front new`));
  });
});
