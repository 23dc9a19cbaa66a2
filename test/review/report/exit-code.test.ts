/** What the command ends with. */
import { exitOf, parseFailOn, type ExitOptions } from '../../../review/exit-code';
import type { ReviewResult } from '../../../review/result';
import { clean, dated, threeClouds } from '../../fixtures/reviews/three-clouds';

const all = threeClouds();
const { diff: _, ...withoutDiff } = all;
const known: ReviewResult = { ...all, verdicts: all.verdicts.filter(({ verdict }) => verdict !== 'unknown') };
const closing: ReviewResult = { ...clean(), diff: { reach: [{ change: 'closed', input: 'aws-prod', who: 'a', what: 'b', family: 4 }], ways: [] } };
const clouded: ReviewResult = { ...clean(), diff: { reach: [{ change: 'became-unknown', input: 'aws-prod', who: 'a', what: 'b', family: 4 }], ways: [] } };
const only = (severity: string): ReviewResult => ({ ...clean(), findings: all.findings.filter((finding) => finding.severity === severity) });

const newEgress: ExitOptions = { failOn: { newEgress: true } };

it.each<[string, ReviewResult, ExitOptions | undefined, 0 | 1 | 2]>([
  ['clean', clean(), undefined, 0],
  ['findings of medium severity', only('medium'), undefined, 1],
  ['milder ones', only('low'), undefined, 0],
  ['milder ones, when asked for', only('low'), { failOn: { severity: 'low', newEgress: false } }, 1],
  ['worse ones than asked for', only('critical'), { failOn: { severity: 'high', newEgress: false } }, 1],
  ['nothing asked for', known, { failOn: { newEgress: false } }, 0],
  ['an unknown verdict', { ...all, findings: [] }, undefined, 1],
  ['an unknown verdict and nothing asked for', all, { failOn: { newEgress: false } }, 1],
  ['an unknown verdict that is allowed', { ...all, findings: [] }, { allowUnknown: true }, 0],
  ['a finding that only says so', { ...all, findings: all.findings.filter(({ rule }) => rule === 'verdict-unknown') }, { allowUnknown: true }, 0],
  ['the same, where unknown verdicts fail', { ...known, findings: all.findings.filter(({ rule }) => rule === 'verdict-unknown') }, undefined, 1],
  ['new egress', known, newEgress, 1],
  ['something closed', closing, newEgress, 0],
  ['something no longer known', clouded, newEgress, 1],
  ['new egress that nobody asked about', { ...known, findings: [] }, undefined, 0],
  ['nothing to compare with', withoutDiff, newEgress, 2],
  ['no input', { ...clean(), inputs: [] }, undefined, 2],
])('%s', (_name, result, options, code) => {
  expect(exitOf(result, options).code).toBe(code);
  expect(exitOf(result, options).reasons.length > 0).toBe(code > 0);
});

it('gives every reason', () => {
  expect(exitOf(all, { failOn: { severity: 'high', newEgress: true } }).reasons).toEqual([
    '2 findings of severity high or worse', '2 ways out that were not there before', '1 verdict unknown; --allow-unknown lets it pass',
  ]);
});

describe('new findings', () => {
  const ages = { ...dated(), verdicts: known.verdicts };
  const gate = (severity: 'critical' | 'high' | 'medium' | 'low' | 'info', result: ReviewResult = ages) => exitOf(result, { failOn: { newEgress: false, newSeverity: severity } });

  it('fail, old and milder ones do not', () => {
    expect(gate('high')).toEqual({ code: 1, reasons: ['2 new findings of severity high or worse'] });
    expect(gate('info').reasons).toEqual(['3 new findings of severity info or worse']);
    expect(gate('info', { ...ages, findings: ages.findings.filter(({ baselineState }) => baselineState !== 'new') }).code).toBe(0);
  });

  it('are counted once where old ones fail as well', () => {
    expect(exitOf(ages, { failOn: { newEgress: false, severity: 'high', newSeverity: 'low' } }).reasons).toEqual(['2 findings of severity high or worse', '1 new finding of severity low or worse']);
  });

  it('of unknown age fail, and say what was not compared', () => {
    const mixed = { ...ages, findings: ages.findings.map(({ baselineState: _state, ...rest }) => rest) };
    expect(gate('high', mixed).reasons).toEqual(['2 findings of severity high or worse in aws-prod and azure-prod of which nobody knows whether they are new; --base may tell']);
    expect(gate('low', { ...mixed, inputs: all.inputs })).toEqual({ code: 2, reasons: ['new-low: there is nothing to compare with; give --base, or a plan with a prior state'] });
  });

  it('do not change what fails by default', () => {
    expect(exitOf(ages)).toEqual(exitOf(known));
  });
});

it.each([
  ['high', { severity: 'high', newEgress: false }],
  ['new-egress', { newEgress: true }],
  ['low, new-egress', { severity: 'low', newEgress: true }],
  ['none', { newEgress: false }],
  ['new-medium', { newEgress: false, newSeverity: 'medium' }],
  ['critical,new-egress,new-low', { severity: 'critical', newEgress: true, newSeverity: 'low' }],
  ['new-bad', undefined], ['new-', undefined], ['new-low,new-high', undefined], ['none,new-low', undefined],
  ['', undefined], ['bad', undefined], ['high,low', undefined], ['none,high', undefined],
])('reads --fail-on %j', (text, expected) => {
  expect(parseFailOn(text)).toEqual(expected);
});
