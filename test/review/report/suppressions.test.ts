/** The file of accepted findings. */
import { applySuppressions, type Suppression } from '../../../review/suppressions';
import { parseSuppressions } from '../../../review/suppressions-file';
import { threeClouds } from '../../fixtures/reviews/three-clouds';

const { findings } = threeClouds();
const TODAY = '2026-11-22';

function parsed(text: string): readonly Suppression[] {
  const result = parseSuppressions(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.suppressions;
}

const entry = (fields: Record<string, string>) => `- ${JSON.stringify({ rule: 'flow-logs-missing', address: 'azurerm_virtual_network.main', statement: 'logged centrally', expires: '2027-01-31', ...fields })}\n`;
const apply = (text: string) => applySuppressions(findings, parsed(text), TODAY);

it('reads entries, with dates as they are written', () => {
  expect(parsed(`# accepted\n- rule: flow-logs-missing\n  address: azurerm_virtual_network.main\n  statement: logged centrally\n  expires: 2027-01-31\n  owner: platform\n`)).toEqual([
    { rule: 'flow-logs-missing', address: 'azurerm_virtual_network.main', statement: 'logged centrally', expires: '2027-01-31', owner: 'platform', place: 'egress-review.yaml:2' },
  ]);
});

it.each(['', '# nothing\n', '[]'])('reads %j as none', (text) => {
  expect(parsed(text)).toEqual([]);
});

it('tells every problem at once, with its place', () => {
  const text = '- rule: Not An Id\n  address: "*"\n  statement: ""\n  expires: 2027-01-31\n  until: x\n- rule: flow-logs-missing\n  address: a.*.b\n';
  const result = parseSuppressions(text, 'accepted.yaml');
  expect(result.ok).toBe(false);
  expect(result.ok ? [] : result.problems.map(({ line, path, code }) => `${line} ${path} ${code}`)).toEqual([
    '1 [0].rule invalid', '2 [0].address invalid', '3 [0].statement empty-value', '5 [0].until unknown-key',
    '6 [1].expires missing-field', '6 [1].statement missing-field', '7 [1].address invalid',
  ]);
});

it.each(['rule: x', 'just text', '- just text', '- [1]', '{', '- rule: [a]', '\u0000', '- &a {rule: *a}'])('refuses %j and does not throw', (text) => {
  expect(parseSuppressions(text)).toMatchObject({ ok: false });
});

it('takes an accepted finding out, with why and until when', () => {
  const { findings: left, suppressed, notices } = apply(entry({ owner: 'platform' }));
  expect(left).toHaveLength(findings.length - 1);
  expect(suppressed).toEqual([{ ...findings.find(({ rule }) => rule === 'flow-logs-missing'), statement: 'logged centrally', expires: '2027-01-31', owner: 'platform' }]);
  expect(notices).toEqual([]);
});

it.each([
  ['the start of an address and *', { address: 'azurerm_virtual*' }, 1],
  ['an address that only begins alike', { address: 'azurerm_virtual_network' }, 0],
  ['another rule', { rule: 'wildcard-host' }, 0],
  ['another address', { address: 'azurerm_virtual_network.other' }, 0],
])('matches %s: %j', (_, fields, hits) => {
  expect(apply(entry(fields)).suppressed).toHaveLength(hits);
});

it.each([
  ['the last day', TODAY, 1],
  ['the day after', '2026-11-21', 0],
  ['no such day', '2027-02-30', 0],
  ['another form', '31.01.2027', 0],
  ['a word', 'never', 0],
  ['a number', '20270131', 0],
])('counts until %s: %s', (_, expires, hits) => {
  const { suppressed, notices } = apply(entry({ expires }));
  expect(suppressed).toHaveLength(hits);
  expect(notices).toHaveLength(1 - hits);
});

it('announces what has expired and what matches nothing', () => {
  expect(apply(entry({ expires: '2026-01-01' })).notices).toEqual(["the suppression of 'flow-logs-missing' for 'azurerm_virtual_network.main' (egress-review.yaml:1) expired on 2026-01-01: fix the finding or give the suppression a new date"]);
  expect(apply(entry({ expires: 'soon' })).notices[0]).toContain("has no valid date ('soon', not YYYY-MM-DD) and counts as expired");
  expect(apply(entry({ address: 'gone.away' })).notices).toEqual(["the suppression of 'flow-logs-missing' for 'gone.away' (egress-review.yaml:1) matches nothing: remove it, or correct its rule or address"]);
  expect(apply(entry({ address: 'gone.away', expires: '2026-01-01' })).notices[0]).toContain('expired on 2026-01-01 and matches nothing: remove it');
});

it('lets the one that lasts longest count, in any order', () => {
  const [short, long] = [entry({ expires: '2026-12-01', statement: 'short' }), entry({ expires: '2028-01-01', statement: 'long' })];
  for (const text of [short + long, long + short]) expect(apply(text)).toMatchObject({ suppressed: [{ statement: 'long' }], notices: [] });
});
