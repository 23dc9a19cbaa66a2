/** Of several things that a check said of one resource, what a new one is shown beside. */
import { compareFindings, type Claim } from '../../review/diff/compare-findings';
import type { Moves } from '../../review/diff/moves';
import { finding } from '../fixtures/reviews/parts';

const MOVES = { before: (text: string) => text, sinceThen: (text: string) => text } as Moves;
const says = (message: string, more: object = {}) => finding({ rule: 'wide-firewall-rule', severity: 'high', input: 'plan', address: 'azurerm_firewall_policy_rule_collection_group.g', message, ...more });
const compared = (before: readonly string[], after: readonly string[]) => {
  const findings = after.map((message) => says(message));
  const absent = compareFindings('plan', findings, { claims: before.map((message): Claim => says(message)), moves: MOVES, anotherThing: () => undefined });
  return { told: findings.map(({ message, baselineState, was }) => `${baselineState}: ${message}${was?.message === undefined ? '' : `; was: ${was.message}`}`), gone: absent.map(({ message }) => message) };
};

test('rules of one group are compared each with the one that has its name', () => {
  expect(compared(["rule 'aks' holds for A", "rule 'monitor' holds for B"], ["rule 'aks' holds for A, C", "rule 'monitor' holds for B, C"])).toEqual({
    told: ["new: rule 'aks' holds for A, C; was: rule 'aks' holds for A", "new: rule 'monitor' holds for B, C; was: rule 'monitor' holds for B"], gone: [],
  });
  expect(compared(["rule 'monitor' holds for B", "rule 'aks' holds for A"], ["rule 'aks' holds for C"])).toEqual({
    told: ["new: rule 'aks' holds for C; was: rule 'aks' holds for A"], gone: ["rule 'monitor' holds for B"],
  });
});

test('thousands of them take no time', () => {
  const messages = (what: string) => Array.from({ length: 20_000 }, (_, at) => `rule '${at}' holds for ${what}`);
  const start = performance.now();
  expect(compared(messages('A'), messages('B')).gone).toEqual([]);
  expect(performance.now() - start).toBeLessThan(5_000);
});
