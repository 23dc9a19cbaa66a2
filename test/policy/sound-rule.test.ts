/** Rules that somebody wrote by hand open no more than the policy file may. */
import type { AllowRule } from '../../blueprints/policy/model';
import { ruleProblem } from '../../blueprints/policy/sound-rule';
import { policyOf, withHost } from './policies';

const EXACT = { text: 'api.acme.com', kind: 'exact', domain: 'api.acme.com' } as const;
const SOUND: AllowRule = { ...policyOf(withHost('api.acme.com')).allow[0]!, host: EXACT };
const TCP = { ...SOUND, protocol: 'tcp', ports: [22], addresses: ['8.8.8.8/32'] } as const;

test('what the reader makes is sound', () => {
  for (const rule of [SOUND, TCP, ...policyOf(withHost('"*.acme.com"', 'wildcard: x')).allow]) expect(ruleProblem(rule)).toBeUndefined();
});

test.each<readonly [string, AllowRule, string]>([
  ['the whole internet', { ...SOUND, host: { text: '*', kind: 'subdomains', domain: '' } }, 'whole internet'],
  ['a whole registry', { ...SOUND, host: { text: '*.com', kind: 'subdomains', domain: 'com' } }, "public suffix 'com'"],
  ["everybody's buckets", { ...SOUND, host: { text: '*.s3.amazonaws.com', kind: 'subdomains', domain: 's3.amazonaws.com' } }, 'anybody'],
  ['a kind that is not that of the text', { ...SOUND, host: { ...EXACT, kind: 'subdomains' } }, "is exact of 'api.acme.com', and the rule says subdomains"],
  ['a domain that is not that of the text', { ...SOUND, host: { ...EXACT, domain: 'com' } }, "the rule says exact of 'com'"],
  ['no port', { ...SOUND, ports: [] }, 'name one or more'],
  ['a port that is none', { ...SOUND, ports: [443, 0] }, 'the ports [443, 0]'],
  ['every address', { ...TCP, addresses: ['0.0.0.0/0'] }, 'not a public address'],
  ['half of all addresses', { ...TCP, addresses: ['8.8.8.8/32', '128.0.0.0/1'] }, "'128.0.0.0/1', which is not a public address"],
  ['a wide block', { ...TCP, addresses: ['8.8.0.0/16'] }, 'at most a /24'],
  ['the metadata service', { ...TCP, addresses: ['169.254.169.254'] }, 'not a public address'],
])('%s is refused', (_, rule, part) => {
  expect(ruleProblem(rule)).toContain(part);
});
