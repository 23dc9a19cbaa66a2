/** Rules of the DNS firewall that go by no list in the plan. */
import { ref, type Stack } from '../sound-stack';
import { changed } from './reviewed';

const RULES = 'aws_route53_resolver_firewall_rule';
const GROUP = { firewall_rule_group_id: ref('aws_route53_resolver_firewall_rule_group', 'main') };

function unfiltered(edit: (resource: Stack['resource'], stack: Stack) => void): readonly string[] {
  return changed(edit).findings.filter(({ rule }) => rule === 'dns-unfiltered').map(({ address, severity, message }) => `${severity ?? 'medium'} ${address} ${message.replace(/^the resolver of aws_vpc.main answers /, '')}`);
}

const detecting = (action: string, priority: number) => (resource: Stack['resource']) => void (resource[RULES]!['detect'] = { ...GROUP, action, priority, dns_threat_protection: 'DNS_TUNNELING', confidence_threshold: 'HIGH' });

test('one that only notes what looks like data lets it through before the block of everything', () => {
  expect(unfiltered(detecting('ALERT', 1))).toEqual([`medium ${RULES}.detect names that look like data, because ${RULES}.detect only notes them`]);
});

test('behind that block it is never asked, and one that blocks takes nothing away', () => {
  expect(unfiltered(detecting('ALERT', 9))).toEqual([]);
  expect(unfiltered(detecting('BLOCK', 1))).toEqual([]);
});

test('what AWS takes for data is no filter of names', () => {
  expect(unfiltered((resource) => {
    resource[RULES] = {};
    detecting('BLOCK', 1)(resource);
  })).toEqual(['medium aws_route53_resolver_firewall_rule_group_association.main exfiltration.example (A), because no rule decides on it']);
});

const LIST = 'aws_route53_resolver_firewall_domain_list';

test('nor is a list that AWS keeps', () => {
  expect(unfiltered((resource, stack) => {
    stack.data = { [LIST]: { bad: { managed_owner_name: 'Route 53 Resolver DNS Firewall' } } };
    resource[RULES] = { bad: { ...GROUP, action: 'BLOCK', priority: 1, firewall_domain_list_id: `\${data.${LIST}.bad.id}` } };
  })).toHaveLength(1);
});

test.each(['rslvr-fdl-1', `\${data.${LIST}.theirs.id}`])('what the list %s of elsewhere allows is told', (id) => {
  expect(unfiltered((resource, stack) => {
    stack.data = { [LIST]: { theirs: { id: 'rslvr-fdl-1' } } };
    resource[RULES]!['hosts']!['firewall_domain_list_id'] = id;
  })).toEqual([`low ${RULES}.hosts whatever the list of ${RULES}.hosts, which is not in the plan, has`]);
});

const GROUPS = 'aws_route53_resolver_firewall_rule_group';
const ASSOCIATION = `${GROUPS}_association`;

test.each([
  ['alone', 'rslvr-frg-1', [], `low ${ASSOCIATION}.main exfiltration.example (A), unless the rules that ${ASSOCIATION}.main names, which are not in the plan, block it`],
  ['found by a data source', `\${data.${GROUPS}.theirs.id}`, [], `low ${ASSOCIATION}.main exfiltration.example (A), unless the rules that ${ASSOCIATION}.main names, which are not in the plan, block it`],
  ['before the plan\'s own', 'rslvr-frg-1', [9], `low ${ASSOCIATION}.main whatever the rules that ${ASSOCIATION}.main names, which are not in the plan, allow`],
  ['behind a block of everything', 'rslvr-frg-1', [0], undefined],
])('a group of rules of elsewhere, %s', (_, firewall_rule_group_id, own, says) => {
  expect(unfiltered((resource, stack) => {
    stack.data = { [GROUPS]: { theirs: { name: 'theirs' } } };
    const association = resource[ASSOCIATION]!['main']!;
    resource[ASSOCIATION] = { ...Object.fromEntries(own.map((priority) => ['own', { ...association, priority }])), main: { ...association, priority: 5, firewall_rule_group_id } };
  })).toEqual(says === undefined ? [] : [says]);
});

test('what is answered before such a group is asked is answered', () => {
  expect(unfiltered((resource) => {
    const association = resource[ASSOCIATION]!['main']!;
    resource[ASSOCIATION] = { main: { ...association, priority: 1 }, theirs: { ...association, priority: 5, firewall_rule_group_id: 'rslvr-frg-1' } };
    resource[RULES]!['rest']!['action'] = 'ALLOW';
  })).toEqual([expect.stringContaining(`medium ${RULES}.rest exfiltration.example (A), because of ${RULES}.rest`)]);
});

test('a list of elsewhere may have every name whose HTTPS record is refused, or not', () => {
  const told = (domains: string) => changed((resource) => void (resource[RULES]!['https']!['firewall_domain_list_id'] = domains)).findings.filter(({ rule }) => rule === 'dns-https-answered').map(({ address, confidence }) => [address, confidence]);
  expect(told('rslvr-fdl-1')).toEqual([[`${RULES}.https`, 'possible']]);
});
