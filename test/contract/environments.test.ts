/** Hosts of one environment are let through in it, and nowhere else; what another one has is told. */
import { parse, stringify } from 'yaml';
import { CLOUDS, type Cloud, type Policy } from '../../blueprints/policy/model';
import { parsePlan } from '../../review/plan/load';
import { review } from '../../review/review';
import { availableClouds } from '../../stacks/app';
import { fixture, policyOf, synthesized, TODAY } from '../fixtures/stacks';

const BLOCKS: Record<Cloud, Record<string, string>> = {
  aws: { prod: '10.20.0.0/16', staging: '10.21.0.0/16' },
  google: { prod: '10.30.0.0/16', staging: '10.31.0.0/16' },
  azure: { prod: '10.40.0.0/16', staging: '10.41.0.0/16' },
};

interface Named { host: string; environments?: string[]; [field: string]: unknown }

/** The full policy with two environments on one cloud, and rules that are only of one of them. */
function text(cloud: Cloud, rules: readonly Named[]): string {
  const policy = parse(fixture('full'));
  const [written] = policy.environments;
  policy.allow = [...policy.allow, ...rules.map((rule) => ({ from: ['payments'], owner: 'payments-team', reason: 'card capture', ...rule }))];
  policy.environments = Object.entries(BLOCKS[cloud]).map(([name, cidr]) => ({
    name, [cloud]: { ...written[cloud], cidr, ...(cloud === 'google' ? { project: `acme-${name}` } : {}) },
  }));
  return stringify(policy);
}

const LIVE = { host: 'live.partner.com', environments: ['prod'] };
const SANDBOX = { host: 'sandbox.partner.com', environments: ['staging'] };
const TRANSFER = { host: 'transfer.partner.com', protocol: 'tcp', ports: [2222], addresses: ['151.101.2.0/24'], environments: ['staging'] };
const RULES: readonly Named[] = [LIVE, SANDBOX, TRANSFER];
/** As if nobody had said which environment they are for. */
const anywhere = (rules: readonly Named[]) => rules.map(({ environments: _, ...rule }) => rule);

const reviewed = (texts: Readonly<Record<string, string>>, policy: Policy, stacks: readonly string[], together = false) => review({
  inputs: stacks.map((stack) => ({ ...parsePlan(texts[stack] as string, stack), stack })), policy, today: TODAY, together,
});
const disagreements = ({ findings }: ReturnType<typeof reviewed>) => findings.filter(({ rule }) => rule === 'plan-and-policy-disagree');
const mentions = (findings: readonly { readonly message: string }[], part: string) => findings.filter(({ message }) => message.includes(part));

describe.each(CLOUDS.filter((cloud) => availableClouds().includes(cloud)))('%s', (cloud) => {
  const [prod, staging] = [`${cloud}-prod`, `${cloud}-staging`];
  const { policy } = policyOf(text(cloud, RULES));

  test('each stack has the hosts of its environment, and those of every one', async () => {
    const { texts, summaries } = await synthesized(text(cloud, RULES));
    const hostsOf = (name: string) => summaries.find(({ stack }) => stack === name)!.segments.find((segment) => segment.name === 'payments')!.hosts;
    expect(hostsOf(prod)).toContain('live.partner.com:443');
    expect(hostsOf(staging)).toEqual(expect.arrayContaining(['sandbox.partner.com:443', 'transfer.partner.com:2222 (tcp)', 'api.stripe.com:443']));
    for (const other of ['sandbox.partner.com', 'transfer.partner.com', '151.101.2.0']) expect(texts[prod]).not.toContain(other);
    expect(texts[staging]).not.toContain('live.partner.com');
  });

  test('the review agrees with both, apart and together', async () => {
    const { texts } = await synthesized(text(cloud, RULES));
    for (const together of [false, true]) expect(reviewed(texts, policy, [prod, staging], together).findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  });

  test('a host of staging in production is told, and so is one that production lacks', async () => {
    const { texts } = await synthesized(text(cloud, [...anywhere([SANDBOX, TRANSFER]), { ...LIVE, environments: ['staging'] }]));
    const found = disagreements(reviewed(texts, policy, [prod]));
    for (const strange of ['sandbox.partner.com', '151.101.2.0/24']) {
      expect(mentions(found, strange)).toEqual([expect.objectContaining({ segment: 'payments', confidence: 'certain', severity: 'high' })]);
    }
    expect(mentions(found, 'live.partner.com')).toHaveLength(1);
    // In staging both are meant, and what is of production is not.
    const there = disagreements(reviewed(texts, policy, [staging]));
    expect(mentions(there, 'live.partner.com')).toEqual([expect.objectContaining({ segment: 'payments', severity: 'high' })]);
    expect([...mentions(there, 'sandbox.partner.com'), ...mentions(there, '151.101.2.0/24')]).toEqual([]);
  });

  test('beside the other environment in one review, too', async () => {
    const { texts } = await synthesized(text(cloud, anywhere(RULES)));
    const found = disagreements(reviewed(texts, policy, [prod, staging], true));
    expect(mentions(found, 'sandbox.partner.com')).toEqual([expect.objectContaining({ severity: 'high', confidence: 'certain' })]);
    expect(mentions(found, 'live.partner.com')).toEqual([expect.objectContaining({ severity: 'high', confidence: 'certain' })]);
  });

  test('a network whose addresses are in no environment: possible where one of them lacks the host', async () => {
    const elsewhere = text(cloud, anywhere(RULES)).replaceAll(BLOCKS[cloud].prod!, '10.99.0.0/16');
    const { texts } = await synthesized(elsewhere);
    const found = disagreements(reviewed(texts, policy, [prod]));
    expect(mentions(found, 'sandbox.partner.com')).toEqual([expect.objectContaining({ severity: 'medium', confidence: 'possible', message: expect.stringMatching(/prod, staging/) })]);
    expect(mentions(found, 'live.partner.com')).toEqual([expect.objectContaining({ severity: 'medium', confidence: 'possible' })]);
    // What every environment may reach is agreed wherever it is.
    expect(mentions(found, 'api.stripe.com')).toEqual([]);
  });

  test('a network that nothing tells, beside one of an environment, may be of another', async () => {
    const [known, elsewhere] = [await synthesized(text(cloud, RULES)), await synthesized(text(cloud, anywhere(RULES)).replaceAll(BLOCKS[cloud].staging!, '10.99.0.0/16'))];
    const found = disagreements(reviewed({ [prod]: known.texts[prod]!, [staging]: elsewhere.texts[staging]! }, policy, [prod, staging], true));
    for (const host of ['live.partner.com', 'sandbox.partner.com']) expect(mentions(found, host)).toEqual([expect.objectContaining({ severity: 'medium', confidence: 'possible' })]);
  });

  test('an expired rule is told in its environment alone, and the diff names the owner there', async () => {
    const old = [{ ...SANDBOX, host: 'one.partner.com', expires: '2026-11-30' }, { ...LIVE, host: 'one.partner.com', owner: 'shop-team' }];
    const { texts } = await synthesized(text(cloud, old));
    const before = await synthesized(text(cloud, []));
    const later = policyOf(text(cloud, old)).policy;
    const expired = (stack: string) => review({ inputs: [{ ...parsePlan(texts[stack] as string, stack), stack }], policy: later, today: '2026-12-01' }).findings.filter(({ rule }) => rule === 'expired-host');
    expect(expired(staging)).not.toEqual([]);
    expect(expired(prod)).toEqual([]);
    const opened = (stack: string) => review({ inputs: [parsePlan(texts[stack] as string, stack)], base: [parsePlan(before.texts[stack] as string, stack)], policy: later, today: TODAY }).diff?.reach.filter(({ what }) => what.includes('one.partner.com')).map(({ owner }) => owner);
    expect(opened(prod)).toEqual(['shop-team']);
    expect(opened(staging)).toEqual(['payments-team']);
  });
});
