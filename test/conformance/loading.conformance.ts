/** The engine has nothing to say about the generated rules, however many there are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowSignatures, floorSignatures } from '../../blueprints/aws/firewall-rules';
import { shardRules } from '../../blueprints/aws/rule-shards';
import { allow, awsStack } from '../blueprints/aws/policies';
import { fixture, policyOf } from '../fixtures/stacks';
import { firewallOf, type Firewall } from './engine/firewall';
import { load } from './engine/run';
import { withSuricata } from './engine/with-suricata';

withSuricata.each([
  ['test/fixtures/policies/full.yaml', () => fixture('full')],
  ['test/fixtures/policies/example.yaml', () => fixture('example')],
  ['test/conformance/policy.yaml', () => readFileSync(join(__dirname, 'policy.yaml'), 'utf8')],
])('the rules of %s load without a word', (_, text) => {
  expect(load(firewallOf(awsStack(policyOf(text()).policy))).complaints).toEqual([]);
});

withSuricata('so do those that AWS makes of domain lists', () => {
  const text = fixture('full').replace('zones: 3,', 'zones: 3, firewall: { rules: domain-lists },');
  const firewall = firewallOf(awsStack(policyOf(text).policy));
  expect(firewall.rules.filter((rule) => rule.includes('allowlisted FQDNs')).length).toBeGreaterThan(3);
  expect(load(firewall).complaints).toEqual([]);
});

withSuricata('ten thousand hosts fit one policy and load', () => {
  const firewall = withHosts(10_000);
  const { complaints, seconds } = load(firewall);
  console.log(`${firewall.rules.length} rules of 10,000 hosts load in ${seconds.toFixed(1)} s`);
  expect(complaints).toEqual([]);
});

withSuricata('what the engine objects to is seen', () => {
  const firewall = withHosts(10);
  const changed = (change: (rule: string) => string): Firewall => ({ ...firewall, rules: firewall.rules.map(change) });
  expect(() => load(changed((rule) => rule.replace('startswith', 'startwith')))).toThrow(/startwith/);
  expect(() => load(changed((rule) => rule.replace(/sid:\d+/, 'sid:77')))).toThrow(/77/);
  expect(() => load(changed((rule) => rule.replace('http.start; bsize:>0;', 'http.host; content:"a"; nocase;')))).toThrow(/Warning: .*nocase is redundant/);
});

/** Exact names and wildcards, over TLS and HTTP. */
function withHosts(count: number): Firewall {
  const sources = [{ name: 'payments', cidrs: ['10.20.16.0/24', '10.20.17.0/24'] }];
  const rules = Array.from({ length: count }, (_, index) => {
    const host = `${index % 10 === 9 ? '*.' : ''}service-${index}.region-${index % 7}.example-${index % 101}.com`;
    return allow(host, index % 10 === 8 ? { protocol: 'http', ports: [80] } : {});
  });
  const { shards, problems } = shardRules(allowSignatures(rules, sources), floorSignatures(rules, sources));
  expect(problems).toEqual([]);
  return { rules: shards.flatMap((shard) => shard.lines), homeNet: ['10.20.0.0/16'], defaultActions: [], streamExceptionPolicy: 'DROP' };
}
