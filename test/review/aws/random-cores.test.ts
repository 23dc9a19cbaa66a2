/** Verdicts on random core networks of Cloud WAN, against what becomes of single packets. */
import fc from 'fast-check';
import { parsePlan } from '../../../review/plan/load';
import { review as compared } from '../../../review/review';
import { asPlan } from '../as-plan';
import { changePlan } from '../change-plan';
import type { Stack } from '../sound-stack';
import { estates, isTold, written } from './core-estates';
import { ADDRESSES, fateOf, type Action, type Estate, type Route, type Segment } from './core-packets';
import { judge, verdictIn, type Word } from './judged-packets';
import { review } from './reviewed';
import type { Fate } from './single-packets';

const READ_AS = ['cdk.tf.json', 'first plan', 'known plan'] as const;
type ReadAs = (typeof READ_AS)[number];

const DOCUMENT = 'aws_networkmanager_core_network_policy_document';

/** A data source that waits for ids is read during the apply: the plan has its blocks. */
function textOf(estate: Estate, readAs: ReadAs): string {
  const isText = readAs === 'known plan' || (readAs === 'first plan' && isTold(estate));
  const { resource, data = {} } = written(estate, isText ? 'text' : 'blocks');
  if (readAs === 'cdk.tf.json') return JSON.stringify({ resource, data });
  const plan = asPlan({ ...resource, ...data }, readAs === 'known plan');
  for (const each of [...plan.resource_changes, ...plan.configuration.root_module.resources]) {
    if (each.type === DOCUMENT) Object.assign(each, { mode: 'data', address: `data.${each.address}` }, 'change' in each ? { change: { ...each.change, actions: ['read'] } } : {});
  }
  return JSON.stringify(plan);
}

const without = (kind: Action['kind']) => (estate: Estate): Estate => ({ ...estate, actions: estate.actions.filter((each) => each.kind !== kind) });
const segments = (isolated: boolean, denies: readonly Segment[]) => (estate: Estate): Estate => ({ ...estate, segments: { red: { isolated, denies }, blue: { isolated, denies }, green: { isolated, denies } } });

/** What a reader of core networks may overlook. */
const OVERLOOKED: Readonly<Record<string, (estate: Estate) => Estate>> = {
  'static routes': without('route'), 'what a group takes': without('send-to'), 'what is redirected': without('send-via'), shares: without('share'),
  'that attachments of one segment know of each other': segments(true, []), 'which rule is asked first': (estate) => ({ ...estate, rules: estate.rules.map((rule) => ({ ...rule, number: 200 - rule.number })) }),
};

const isOut = (fate: Fate): boolean => fate !== 'none';

test('every packet that gets out by a random core network is told, and no other', () => {
  const seen = { right: 0, missed: 0, alarm: 0, doubt: 0 };
  const fates: Record<Fate, number> = { open: 0, perhaps: 0, named: 0, none: 0 };
  const caught = Object.fromEntries(Object.keys(OVERLOOKED).map((name) => [name, 0]));
  fc.assert(fc.property(estates, fc.constantFrom(...READ_AS), (estate, readAs) => {
    const verdict = verdictIn(textOf(estate, readAs));
    const ends = ADDRESSES.map((to) => ({ to, fate: fateOf(estate, to) }));
    const words = new Set(ends.map(({ to, fate }): Word => {
      fates[fate] += 1;
      return judge(verdict, to, fate);
    }));
    seen[(['missed', 'alarm', 'doubt'] as const).find((word) => words.has(word)) ?? 'right'] += 1;
    for (const [name, spoil] of Object.entries(OVERLOOKED)) if (ends.some(({ to, fate }) => isOut(fate) && !isOut(fateOf(spoil(estate), to)))) caught[name]! += 1;
  }), { seed: 6, numRuns: 90 });
  expect([seen.missed, seen.alarm, seen.doubt]).toEqual([0, 0, 0]);
  for (const fate of ['open', 'perhaps', 'named', 'none'] as const) expect([fate, fates[fate] > 5]).toEqual([fate, true]);
  // Packets that get out by this alone.
  expect(Object.entries(caught).filter(([, count]) => count === 0)).toEqual([]);
});

describe('a core network', () => {
  const world = '0.0.0.0/0';
  const route = (target: Route['target']) => [{ to: world, target }];
  const estate: Estate = {
    routes: { spoke: route('core'), 'spoke-nat': route('internet'), egress: route('firewall'), 'egress-firewall': route('nat'), 'egress-nat': route('internet'), inspect: route('firewall'), 'inspect-firewall': route('nat'), 'inspect-nat': route('internet') },
    isPublic: false, firewalls: { egress: 'names', inspect: 'drops' }, segments: { red: { isolated: false, denies: [] }, blue: { isolated: false, denies: [] }, green: { isolated: false, denies: [] } },
    tags: { spoke: { segment: 'red' }, egress: { segment: 'blue' }, inspect: { segment: 'blue' }, remote: { segment: 'green' } }, remote: 'connect',
    rules: [{ number: 1, logic: 'or', conditions: [{ type: 'tag-exists', operator: 'equals', key: 'segment', value: '' }], then: 'by tag' }],
    actions: [{ kind: 'route', segment: 'red', to: world, target: 'egress' }],
  };
  const policy = (resource: Stack['resource']) => resource.aws_networkmanager_core_network_policy_attachment!;
  const asFirstPlan = (edit: (resource: Stack['resource']) => void) => { const { resource } = written(estate, 'text'); edit(resource); return verdictIn(JSON.stringify(asPlan(resource))); };
  const asStack = (edit: (resource: Stack['resource']) => void) => { const stack = written(estate, 'text'); edit(stack.resource); return review(stack); };

  test.each<[string, (resource: Stack['resource']) => void, string]>([
    ['whose policy is JSON with ids that nobody knows', () => undefined, 'the policy of aws_networkmanager_core_network_policy_attachment.core is known after the apply: before it, as blocks of aws_networkmanager_core_network_policy_document alone'],
    ['without a policy', (resource) => void (policy(resource).core = undefined!), 'the policy of aws_networkmanager_core_network.core is not in the plan'],
    ['with two policies', (resource) => void (policy(resource).other = policy(resource).core!), 'which policy aws_networkmanager_core_network.core has is not in the plan'],
    ['whose policy is no JSON', (resource) => void (policy(resource).core!.policy_document = '{'), 'the policy of aws_networkmanager_core_network_policy_attachment.core is not JSON'],
  ])('%s leaves it unknown', (_, edit, reason) => expect(asFirstPlan(edit)).toMatchObject({ kind: 'unknown', reasons: [reason] }));

  test.each<[string, object, string]>([
    ['a VPN', { attachment_type: 'SITE_TO_SITE_VPN' }, 'unknown'], ['a network', { attachment_type: 'VPC' }, 'none'],
    ['a VPN in its segment', { attachment_type: 'SITE_TO_SITE_VPN', segment_name: 'red' }, 'unknown'], ['a VPN in another one', { attachment_type: 'SITE_TO_SITE_VPN', segment_name: 'green' }, 'none'],
  ])('that accepts %s of another account', (_, accepter, kind) => {
    const { resource, data } = written({ ...estate, actions: [] }, 'blocks');
    resource.aws_networkmanager_attachment_accepter = { theirs: { attachment_id: 'attachment-0123456789abcdef0', ...accepter } };
    expect(verdictIn(JSON.stringify({ resource, data })).kind).toBe(kind);
  });

  test.each<[string, object, object, 'none' | 'unknown']>([
    ['what comes in', {}, {}, 'unknown'],
    ['what segments share', { 'routing-policy-direction': 'outbound' }, { action: 'share', segment: 'green', 'share-with': ['blue'], 'routing-policy-names': ['sum'] }, 'unknown'],
    ['what edges tell each other', { 'routing-policy-direction': 'outbound' }, { action: 'associate-routing-policy', segment: 'red', 'edge-location-association': { 'routing-policy-names': ['sum'], 'edge-location': 'us-east-1', 'peer-edge-location': 'eu-west-1' } }, 'unknown'],
    ['what goes out by an attachment', { 'routing-policy-direction': 'outbound' }, {}, 'none'],
  ])('that makes one route for everything of %s: %s', (_, more, action, kind) => {
    const summed = (value: string): string => {
      const { resource } = written({ ...estate, actions: [], tags: { ...estate.tags, remote: {} } }, 'text');
      const core = policy(resource).core!;
      const document = JSON.parse(core.policy_document);
      document['segment-actions'] = 'action' in action ? [action] : [];
      document['routing-policies'] = [{ 'routing-policy-name': 'sum', 'routing-policy-direction': 'inbound', ...more, 'routing-policy-rules': [{ 'rule-number': 1, 'rule-definition': { 'match-conditions': [{ type: 'prefix-in-cidr', value: '10.0.0.0/8' }], action: { type: 'summarize', value } } }] }];
      core.policy_document = JSON.stringify(document);
      return verdictIn(JSON.stringify({ resource })).kind;
    };
    expect([summed('0.0.0.0/0'), summed('10.0.0.0/8')]).toEqual([kind, 'none']);
  });

  const way: Action = { kind: 'route', segment: 'red', to: world, target: 'egress' };
  const US = { region: 'us-east-1', allowed_account_ids: ['111122223333'] };
  const EUROPE = { alias: 'eu', region: 'eu-west-1', allowed_account_ids: ['444455556666'] };
  test.each<[string, string, string, string, readonly object[], string | undefined, 'none' | 'allowlisted']>([
    ['its region', 'region', 'equals', 'us-east-1', [US, EUROPE], undefined, 'none'],
    ['another region', 'region', 'equals', 'eu-west-1', [US, EUROPE], undefined, 'allowlisted'],
    ['all but its region', 'region', 'not-equals', 'us-east-1', [US, EUROPE], undefined, 'allowlisted'],
    ['the region of its network, whose provider block is another', 'region', 'equals', 'us-east-1', [US, EUROPE], 'aws_vpc', 'allowlisted'],
    ['its region, and not that of the provider block that attaches it', 'region', 'equals', 'us-east-1', [US, EUROPE], 'aws_networkmanager_vpc_attachment', 'none'],
    ['a region, and nobody tells its own', 'region', 'equals', 'us-east-1', [{}], undefined, 'allowlisted'],
    ['its account', 'account-id', 'equals', '111122223333', [US, EUROPE], undefined, 'none'],
    ['the account of the provider block that attaches it', 'account-id', 'equals', '111122223333', [US, EUROPE], 'aws_networkmanager_vpc_attachment', 'allowlisted'],
    ['an account, and nobody tells its own', 'account-id', 'equals', '111122223333', [{ region: 'us-east-1' }], undefined, 'allowlisted'],
    ['an account, and it may be one of two', 'account-id', 'equals', '111122223333', [{ region: 'us-east-1', allowed_account_ids: ['111122223333', '444455556666'] }], undefined, 'allowlisted'],
  ])('puts what a rule asks for by %s into a segment without routes', (_, type, operator, value, aws, european, kind) => {
    const rules = [{ number: 1, logic: 'and' as const, conditions: [{ type, operator, key: 'segment', value } as Estate['rules'][number]['conditions'][number]], then: 'green' as const }, ...estate.rules.map((rule) => ({ ...rule, number: 2 }))];
    const { resource, data } = written({ ...estate, rules, actions: [way] }, 'blocks');
    // Nothing announces anything, and the hub is where the rule does not ask for it.
    delete resource.aws_networkmanager_connect_attachment;
    Object.assign(resource.aws_networkmanager_vpc_attachment!.egress!, { edge_location: 'ap-south-1', owner_account_id: '999999999999' });
    if (operator === 'not-equals') Object.assign(resource.aws_networkmanager_vpc_attachment!.egress!, { edge_location: value });
    if (european !== undefined) Object.assign(resource[european]!.spoke!, { provider: 'aws.eu' });
    expect(verdictIn(JSON.stringify({ provider: { aws }, resource, data })).kind).toBe(kind);
  });

  test('is followed to the firewall of its hub, and the checks for transit gateways look at it', () => {
    const { at, rules, findings } = asStack(() => undefined);
    expect(at('aws_instance.app')).toMatchObject({ kind: 'allowlisted' });
    expect(rules).toEqual(expect.arrayContaining(['home-net-missing', 'transit-appliance-mode-off']));
    expect(rules).not.toContain('transit-route-skips-inspection');
    // What lies behind the others no plan tells.
    expect(findings.filter(({ rule }) => rule === 'uninspected-path').map(({ address }) => address)).toEqual(['aws_networkmanager_connect_attachment.remote']);
    expect(asStack(({ aws_networkfirewall_firewall, aws_route_table }) => { delete aws_networkfirewall_firewall!.egress; aws_route_table!.egress!.route = aws_route_table!['egress-firewall']!.route; }).rules).toContain('transit-route-skips-inspection');
  });

  test('that joins networks in one segment is a mesh', () => {
    const meshes = (isolated: boolean) => {
      const stack = written({ ...estate, tags: { ...estate.tags, inspect: { segment: 'red' } }, segments: { ...estate.segments, red: { isolated, denies: [] } } }, 'text');
      delete stack.resource.aws_networkfirewall_firewall!.inspect;
      return review(stack).findings.filter(({ rule }) => rule === 'transit-full-mesh').map(({ message }) => message);
    };
    expect(meshes(false)).toEqual(['segment red of aws_networkmanager_core_network.core is the table of 2 networks that all propagate into it']);
    expect(meshes(true)).toEqual([]);
  });

  test.each<[string, Partial<Estate>, Partial<Estate>, readonly string[]]>([
    ['a static route', {}, { actions: [way] }, ['became-open']],
    ['a share with a segment of a VPN', {}, { actions: [{ kind: 'share', segment: 'green', with: ['red'] }] }, ['became-unknown']],
    ['another tag', { actions: [way], tags: { ...estate.tags, spoke: { segment: 'green' } }, remote: 'connect' }, { actions: [way] }, ['became-open']],
    ['a group in between', { actions: [way] }, { actions: [{ kind: 'send-to', segment: 'red' }], tags: { ...estate.tags, inspect: {} }, rules: [...estate.rules, { number: 2, logic: 'or', conditions: [{ type: 'any', operator: 'equals', key: 'team', value: '' }], then: 'inspection' }] }, ['closed']],
  ])('%s is told in the diff', (_, before, after, expected) => {
    const routes = { ...estate.routes, egress: route('nat'), inspect: route('core') };
    const [was, is] = [before, after].map((each) => written({ ...estate, actions: [], routes, ...each }, 'text').resource) as [Stack['resource'], Stack['resource']];
    const { diff } = compared({ inputs: [{ ...parsePlan(JSON.stringify(changePlan(was, is)), 'plan.json'), name: 'plan' }], today: '2026-11-27' });
    expect(diff?.reach.filter(({ who, family }) => who === 'aws_instance.app' && family === 4).map(({ change }) => change)).toEqual(expected);
  });
});
