/** Which findings a change brings. Each attack makes a hole that could pass for an old finding; each harmless change brings none. */
import { parseEarlierResult } from '../../review/diff/earlier-result';
import { exitOf, parseFailOn } from '../../review/exit-code';
import { parsePlan } from '../../review/plan/load';
import { review, type ReviewRequest } from '../../review/review';
import type { Finding, ReviewResult } from '../../review/result';
import { TODAY } from '../fixtures/stacks';
import { asPlan, type Resources } from './as-plan';
import { changePlan, stateBefore, type Change } from './change-plan';
import { entry, line, ref, soundStack, WORLD } from './sound-stack';

const vpc_id = ref('aws_vpc', 'main');
const open = (port = 443) => line({ from_port: port, to_port: port, cidr_blocks: [WORLD] });
const machine = (group: string, more: object = {}) => ({ ami: 'ami-1', instance_type: 't3.micro', subnet_id: ref('aws_subnet', 'app'), vpc_security_group_ids: [ref('aws_security_group', group)], metadata_options: { http_tokens: 'required' }, ...more });
const group = (egress: readonly object[], more: object = {}) => ({ name: 'group', vpc_id, ingress: [], egress, ...more });

/** A network with a past: machines with addresses of their own, groups that let out whatever they like. */
function estate(): Resources {
  const { resource } = soundStack() as { resource: Record<string, Record<string, any>> };
  resource.aws_route_table!.app!.route = [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }];
  resource.aws_network_acl!.app!.egress = [entry({ protocol: '-1', from_port: 0, to_port: 0 })];
  Object.assign(resource.aws_security_group!, { legacy: group([open()]), narrow: group([line({ cidr_blocks: ['151.101.1.7/32'] })]), shut: group([]), idle: group([open()]) });
  Object.assign(resource.aws_instance!, { legacy: machine('legacy', { associate_public_ip_address: true }), narrow: machine('narrow', { associate_public_ip_address: true }), shut: machine('shut') });
  resource.aws_default_security_group!.main.egress = [open(53)];
  return resource;
}

function edited(edit: (resources: Record<string, Record<string, any>>) => void): Resources {
  const resources = estate();
  edit(resources);
  return resources;
}

const parsed = (document: object, name = 'plan.json') => parsePlan(JSON.stringify(document), name);
const run = (document: object, more: Partial<ReviewRequest> = {}) => review({ inputs: [parsed(document)], today: TODAY, ...more });

/** The same change in every form in which it may be compared. */
function forms(before: Resources, after: Resources, change: Change = {}): readonly (readonly [string, ReviewResult])[] {
  const plan = changePlan(before, after, change);
  const main = run(stateBefore(before));
  return [
    ['its prior state', run(plan)],
    ['a state', run(plan, { base: [parsed(stateBefore(before), 'main.json')] })],
    ['a plan', run(plan, { base: [parsed(asPlan(before, true), 'main.json')] })],
    ['a result', run(plan, { baseResults: parseEarlierResult(JSON.stringify(main), 'main-result.json') })],
  ];
}

const texts = (findings: readonly Pick<Finding, 'rule' | 'address'>[]) => [...new Set(findings.map(({ rule, address }) => `${rule} ${address}`))].sort();
const fresh = ({ findings }: ReviewResult) => findings.filter(({ baselineState }) => baselineState === 'new');
const gate = (result: ReviewResult, failOn: string) => exitOf(result, { failOn: parseFailOn(failOn)!, allowUnknown: true });

test('the estate has findings, and most of them are not mild', () => {
  expect(run(stateBefore(estate())).findings.filter(({ severity }) => severity === 'high').length).toBeGreaterThan(1);
});

describe('a harmless change brings nothing', () => {
  const swap = (resources: Record<string, Record<string, any>>, type: string, from: string, to: string) => {
    const text = JSON.stringify(resources).replaceAll(`${type}.${from}.`, `${type}.${to}.`);
    const all = JSON.parse(text);
    all[type][to] = all[type][from];
    delete all[type][from];
    return all;
  };

  it.each<[string, Resources, Change?]>([
    ['a tag', edited(({ aws_instance }) => (aws_instance!.legacy.tags = { team: 'a' }))],
    ['a group more that lets nothing out', edited(({ aws_security_group }) => (aws_security_group!.more = group([])))],
    ['another image', edited(({ aws_instance }) => (aws_instance!.legacy.ami = 'ami-2')), { replaced: { 'aws_instance.legacy': ['ami'] } }],
    ['another name with a moved block', swap(estate(), 'aws_security_group', 'legacy', 'old'), { moved: { 'aws_security_group.legacy': 'aws_security_group.old' } }],
  ])('%s', (_, after, change = {}) => {
    // Ids of a moved thing are those of before, which the plan of the other side does not know.
    for (const [form, result] of forms(withIds(estate()), withIds(after), change)) {
      expect([form, texts(fresh(result))]).toEqual([form, []]);
      expect(result.findings.every(({ baselineState }) => baselineState === 'unchanged')).toBe(true);
      expect(result.absent).toEqual([]);
      expect(gate(result, 'new-info').code).toBe(0);
    }
  });
});

/** A group keeps its id when it is moved. */
function withIds(resources: Resources): Resources {
  const copy = JSON.parse(JSON.stringify(resources));
  for (const name of ['legacy', 'old']) if (copy.aws_security_group[name]) copy.aws_security_group[name].id = 'sg-legacy';
  return copy;
}

describe('a hole is new', () => {
  it.each<[string, Resources, string, Change?]>([
    ['one group more', edited(({ aws_security_group }) => (aws_security_group!.more = group([open()]))), 'wide-group-egress aws_security_group.more'],
    ['another port in a group that has a finding', edited(({ aws_security_group }) => aws_security_group!.legacy.egress.push(open(22))), 'wide-group-egress aws_security_group.legacy'],
    ['every port where one was open', edited(({ aws_security_group }) => (aws_security_group!.legacy.egress = [line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD] })])), 'wide-group-egress aws_security_group.legacy'],
    ['the world where one address was reached, by the same port', edited(({ aws_security_group }) => aws_security_group!.narrow.egress.push(open())), 'open-egress aws_instance.narrow'],
    ['a rule more in the default group, whose finding names the first', edited(({ aws_default_security_group }) => (aws_default_security_group!.main.egress = [open(53), open(25)])), 'default-group-not-empty aws_default_security_group.main'],
    ['another name without a moved block', edited(({ aws_security_group: groups, aws_instance }) => {
      groups!.renamed = groups!.legacy;
      delete groups!.legacy;
      aws_instance!.legacy.vpc_security_group_ids = [ref('aws_security_group', 'renamed')];
    }), 'wide-group-egress aws_security_group.renamed'],
    ['two names that are swapped', edited(({ aws_instance, aws_security_group: groups }) => {
      [groups!.legacy, groups!.shut] = [groups!.shut, groups!.legacy];
      aws_instance!.legacy.vpc_security_group_ids = [ref('aws_security_group', 'shut')];
    }), 'wide-group-egress aws_security_group.shut'],
    ['a key that is used again for another network', edited(({ aws_security_group }) => (aws_security_group!.idle.vpc_id = 'vpc-of-prod')), 'wide-group-egress aws_security_group.idle', { replaced: { 'aws_security_group.idle': ['vpc_id'] } }],
    ['a machine that something else takes the address of', edited(({ aws_instance }) => (aws_instance!.legacy.subnet_id = ref('aws_subnet', 'vault'))), 'public-address-on-workload aws_instance.legacy', { replaced: { 'aws_instance.legacy': ['subnet_id', 'ami'] } }],
    ['a machine that moves to another subnet as it is', edited(({ aws_instance }) => (aws_instance!.legacy.subnet_id = ref('aws_subnet', 'vault'))), 'public-address-on-workload aws_instance.legacy'],
    ['another type by the same name', edited((resources) => {
      delete resources.aws_instance!.legacy;
      resources.aws_network_interface = { legacy: { subnet_id: ref('aws_subnet', 'app'), security_groups: [ref('aws_security_group', 'legacy')] } };
      resources.aws_eip!.legacy = { domain: 'vpc', network_interface: ref('aws_network_interface', 'legacy') };
    }), 'open-egress aws_network_interface.legacy'],
    ['a group that nobody carried', edited(({ aws_instance }) => (aws_instance!.legacy.vpc_security_group_ids = [ref('aws_security_group', 'idle')])), 'wide-group-egress aws_security_group.idle'],
  ])('%s', (_, after, expected, change = {}) => {
    for (const [form, result] of forms(estate(), after, change)) {
      expect([form, texts(fresh(result))]).toEqual([form, expect.arrayContaining([expected])]);
      expect(gate(result, 'new-info').code).toBe(1);
    }
  });

  test('a route elsewhere makes an old finding worse: its severity rises', () => {
    const before = edited(({ aws_route_table }) => (aws_route_table!.app!.route = []));
    for (const [, result] of forms(before, estate())) {
      const risen = fresh(result).find(({ rule, address }) => rule === 'wide-group-egress' && address === 'aws_security_group.legacy');
      expect(risen).toMatchObject({ severity: 'high', was: { severity: 'low', message: expect.stringContaining('no way leads there') } });
      expect(gate(result, 'new-high').reasons).toEqual([expect.stringMatching(/^\d+ new findings? of severity high or worse$/)]);
    }
    // The other way round it is milder, and said so: nothing that anybody has to agree to.
    for (const [, result] of forms(estate(), before)) {
      expect(result.findings.find(({ rule, address }) => rule === 'wide-group-egress' && address === 'aws_security_group.legacy')).toMatchObject({ severity: 'low', baselineState: 'updated', was: { severity: 'high' } });
      expect(result.absent!.length).toBeGreaterThan(0);
      expect(gate(result, 'new-info').code).toBe(0);
    }
  });

  test('what is moved to the address of an old finding is new, and so where the old one was suppressed', () => {
    const after = edited(({ aws_instance: machines, aws_security_group: groups }) => {
      delete groups!.shut;
      delete machines!.shut;
    });
    const suppressions = [{ rule: 'wide-group-egress', address: 'aws_security_group.legacy', statement: 'as ever', expires: '2031-01-01', place: 'egress-review.yaml:1' }];
    // `legacy` is destroyed, `shut` gets its name and is opened.
    const plan = changePlan(edited(({ aws_security_group: groups, aws_instance: machines }) => {
      delete groups!.legacy;
      delete machines!.legacy;
    }), after, { moved: { 'aws_security_group.shut': 'aws_security_group.legacy', 'aws_instance.shut': 'aws_instance.legacy' } });
    const main = run(stateBefore(estate()));
    for (const more of [{}, { base: [parsed(stateBefore(estate()), 'main.json')] }, { baseResults: parseEarlierResult(JSON.stringify(main), 'main-result.json') }]) {
      expect(texts(fresh(run(plan, more)))).toEqual(expect.arrayContaining(['open-egress aws_instance.legacy', 'wide-group-egress aws_security_group.legacy']));
      expect(run(plan, { ...more, suppressions }).suppressed.map(({ baselineState }) => baselineState)).toEqual(['new']);
    }
  });

  test('what is imported is new: it stands in the prior state, and nobody has seen it', () => {
    const imported = ['aws_security_group.legacy', 'aws_instance.legacy'];
    const result = run(changePlan(estate(), estate(), { imported }));
    expect(texts(fresh(result).filter(({ severity }) => severity === 'high' || severity === 'critical'))).toEqual(['open-egress aws_instance.legacy', 'wide-group-egress aws_security_group.legacy']);
    expect(fresh(result).every(({ anotherThing }) => anotherThing?.join() === 'import')).toBe(true);
  });

  test('a stack whose machine stands in another subnet', () => {
    const stack = (resource: Resources) => parsePlan(JSON.stringify({ resource }), 'stack.json');
    const moved = edited(({ aws_instance }) => (aws_instance!.legacy.subnet_id = ref('aws_subnet', 'nat')));
    const result = review({ inputs: [stack(moved)], base: [stack(estate())], today: TODAY });
    expect(texts(fresh(result))).toContain('public-address-on-workload aws_instance.legacy');
    expect(fresh(review({ inputs: [stack(estate())], base: [stack(estate())], today: TODAY }))).toEqual([]);
  });

  test('two states that are merged: what the base has not is new', () => {
    const [one, both] = [estate(), { ...estate(), aws_vpc: { ...estate().aws_vpc, other: { cidr_block: '10.9.0.0/16' } }, aws_security_group: { ...estate().aws_security_group, other: group([open()], { vpc_id: ref('aws_vpc', 'other') }) } }];
    const result = review({ inputs: [parsed(stateBefore(both), 'all.json')], base: [parsed(stateBefore(one), 'all.json'), parsed(stateBefore(both), 'other.json')], today: TODAY });
    expect(texts(fresh(result))).toContain('wide-group-egress aws_security_group.other');
  });
});

describe('what is not known is not old', () => {
  const first = asPlan(estate());

  test('a first plan alone is compared with nothing', () => {
    const result = run(first);
    expect(result.findings.some(({ baselineState }) => baselineState !== undefined)).toBe(false);
    expect(result.absent).toBeUndefined();
    expect(gate(result, 'new-low')).toEqual({ code: 2, reasons: ['new-low: there is nothing to compare with; give --base, or a plan with a prior state'] });
  });

  test('one beside a plan that has a prior state is new, in its findings and in its ways out', () => {
    const result = review({ inputs: [parsed(changePlan(estate(), estate()), 'old.json'), parsed(first, 'first.json')], today: TODAY });
    expect([...new Set(fresh(result).map(({ input }) => input))]).toEqual(['first.json']);
    expect(result.findings.filter(({ input, baselineState }) => input === 'first.json' && baselineState !== 'new')).toEqual([]);
    expect(result.notices).toEqual(['first.json: the plan has no prior state, unlike others, so it counts as new']);
    expect(gate(result, 'new-egress').code).toBe(1);
    expect(gate(result, 'new-high').code).toBe(1);
  });

  test('a state beside it may be of any age: its findings fail the gate', () => {
    const result = review({ inputs: [parsed(changePlan(estate(), estate()), 'old.json'), parsed(stateBefore(estate()), 'state.json')], today: TODAY });
    expect(fresh(result)).toEqual([]);
    expect(gate(result, 'new-high').reasons).toEqual([expect.stringMatching(/^\d+ findings of severity high or worse in state.json of which nobody knows whether they are new; --base may tell$/)]);
  });

  test('an input that no result has the name of is new', () => {
    const main = run(stateBefore(estate()));
    const result = review({ inputs: [parsed(changePlan(estate(), estate()), 'a.json'), parsed(changePlan(estate(), estate()), 'plan.json')], baseResults: parseEarlierResult(JSON.stringify(main), 'main.json'), today: TODAY });
    expect([...new Set(fresh(result).map(({ input }) => input))]).toEqual(['a.json']);
    expect(result.inputs.map(({ comparedWith }) => comparedWith)).toEqual(['nothing', 'main.json']);
  });
});

test('what no state tells is neither new nor old, but for what is made anew; a plan tells', () => {
  const partly = { vpc_id, name: 'partly', egress: [open()] };
  const before = edited(({ aws_security_group }) => (aws_security_group!.partly = partly));
  const after = edited(({ aws_security_group, aws_instance }) => {
    Object.assign(aws_security_group!, { partly, partly_more: partly });
    aws_instance!.shut.tags = { team: 'a' };
  });
  const states = (result: ReviewResult) => result.findings.filter(({ rule }) => rule === 'group-rules-unmanaged').map(({ address, baselineState }) => [address, baselineState]);
  const [[, prior], , [, plan], [, result]] = forms(before, after) as [[string, ReviewResult], [string, ReviewResult], [string, ReviewResult], [string, ReviewResult]];
  expect(states(prior)).toEqual([['aws_security_group.partly', undefined], ['aws_security_group.partly_more', 'new']]);
  expect(gate(prior, 'new-low').reasons).toContain('1 finding of severity low or worse in plan.json of which nobody knows whether it is new; --base may tell');
  expect(states(plan)).toEqual([['aws_security_group.partly', 'unchanged'], ['aws_security_group.partly_more', 'new']]);
  expect(states(result)).toEqual(states(prior));
});

test('a result that was cut off, or is of another version, is refused', () => {
  const text = JSON.stringify(run(stateBefore(estate())));
  expect(() => parseEarlierResult(text.slice(0, -9), 'r.json')).toThrow('r.json: the file looks like a result of a review and is not whole; write it anew with --json');
  expect(() => parseEarlierResult(text.replace('"version":1', '"version":2'), 'r.json')).toThrow('r.json: the file is no result of this version of the review (at version)');
});

test('a plan that changes nothing is judged once, and all that it has is old', () => {
  const same = changePlan(estate(), estate());
  const result = run(same);
  expect(result.findings.every(({ baselineState }) => baselineState === 'unchanged')).toBe(true);
  expect(gate(result, 'new-info').code).toBe(0);
  expect(gate(result, 'new-info,high').code).toBe(1);
});
