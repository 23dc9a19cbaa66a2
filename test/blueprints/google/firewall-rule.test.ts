import { attributesOf, type FirewallRule } from '../../../blueprints/google/firewall-rule';

const RULE: FirewallRule = { id: 'r', priority: 1, action: 'allow', direction: 'INGRESS', ruleName: 'r', description: 'r', target: 'ledger', layer4: [{ ipProtocol: 'tcp', ports: ['5432', '5433'] }] };

test('Google counts a rule by its target, its protocols and ports, and each range of the other side', () => {
  expect(attributesOf(RULE)).toBe(4);
  expect(attributesOf({ ...RULE, from: { ranges: ['10.0.0.0/24', '10.0.1.0/24'] } })).toBe(6);
  // A segment is known by its tag, or by its ranges where that cannot be.
  expect(attributesOf({ ...RULE, from: { segment: 'payments', subnetRange: '10.0.0.0/24', podRanges: [] } })).toBe(5);
  expect(attributesOf({ ...RULE, from: { segment: 'payments', subnetRange: '10.0.0.0/24', podRanges: ['100.64.0.0/16'] } })).toBe(6);
});
