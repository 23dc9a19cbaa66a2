/** A plan that changes nothing: what exists before it is what exists after it, and is judged once. */
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { awsEstate } from '../../bench/estates/aws';
import { azureEstate } from '../../bench/estates/azure';
import { googleEstate } from '../../bench/estates/google';
import { planText } from '../../bench/estates/estate';
import { change, graphOf, plan } from './plans';

const VALUES = { id: 'vpc-0000000a', cidr_block: '10.0.0.0/16' };
const NOTHING = { actions: ['no-op'], before: VALUES, after: VALUES, after_unknown: {}, before_sensitive: {}, after_sensitive: {} };
const PRIOR = { prior_state: { format_version: '1.0', values: { root_module: { resources: [{ address: 'aws_vpc.v', mode: 'managed', type: 'aws_vpc', name: 'v', values: VALUES }] } } } };
const of = (details: object = {}, identity: Record<string, unknown> = {}, rest: object = {}) => graphOf(plan([change('aws_vpc.v', 'aws_vpc', 'v', { ...NOTHING, ...details }, identity)], {}, { ...PRIOR, ...rest }));

test('before is the very graph', () => {
  const graph = of();
  expect(graph.before()).toBe(graph);
});

test.each<[string, Parameters<typeof of>]>([
  ['a value changes', [{ actions: ['update'], after: { ...VALUES, cidr_block: '10.1.0.0/16' } }]],
  ['a value changes, and the action says otherwise', [{ after: { ...VALUES, cidr_block: '10.1.0.0/16' } }]],
  ['the action alone says that something changes', [{ actions: ['update'] }]],
  ['it is made anew', [{ actions: ['delete', 'create'] }]],
  ['it is forgotten', [{ actions: ['forget'] }]],
  ['it is moved', [{}, { previous_address: 'aws_vpc.old' }]],
  ['it is imported', [{ importing: { id: 'vpc-0000000a' } }]],
  ['a deposed object is left', [{}, { deposed: 'ab12cd34' }]],
  ['something drifted', [{}, {}, { resource_drift: [{ address: 'aws_vpc.v', change: { actions: ['update'], before: {}, after: VALUES } }] }]],
  ['Terraform stopped', [{}, {}, { errored: true }]],
  ['a change is deferred', [{}, {}, { deferred_changes: [{ resource_change: change('aws_nat_gateway.n', 'aws_nat_gateway', 'n') }] }]],
  ['an action is invoked', [{}, {}, { action_invocations: [{}] }]],
  ['the planned values name more', [{}, {}, { planned_values: { root_module: { resources: [{ address: 'aws_nat_gateway.n', mode: 'managed', type: 'aws_nat_gateway', name: 'n', values: {} }] } } }]],
])('it is the prior state when %s', (_, given) => {
  const before = of(...given).before();
  expect(before.kind).toBe('state');
  expect(before.byAddress('aws_vpc.v')?.valueAt('cidr_block')).toBe('10.0.0.0/16');
});

test('without a prior state there is nothing before', () => {
  expect(of({}, {}, { prior_state: undefined }).before().resources).toEqual([]);
});

test.each([['AWS', awsEstate()], ['Google Cloud', googleEstate()], ['Azure', azureEstate()]])('%s: the review says what it says of the two one after the other', (_, estate) => {
  const text = planText(estate, { resources: 80, exists: true });
  const document = JSON.parse(text) as { resource_changes: { change: { after: object } }[] };
  for (const each of document.resource_changes) each.change.after = Object.fromEntries(Object.entries(each.change.after).reverse());
  const [once, twice] = [text, JSON.stringify(document)].map((given) => parsePlan(given, 'plan'));
  if (!once || !twice) throw new Error('two plans');
  const graph = buildGraph(once);
  expect(graph.before()).toBe(graph);
  expect(buildGraph(twice).before().kind).toBe('state');
  const result = review({ inputs: [once], today: '2026-11-22' });
  expect(result.diff).toBeDefined();
  expect(result).toEqual(review({ inputs: [twice], today: '2026-11-22' }));
});
