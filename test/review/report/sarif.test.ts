/** The SARIF report against the schema of SARIF 2.1.0, and within GitHub's limits. */
import { gzipSync } from 'node:zlib';
import type { Log, Result, Run } from 'sarif';
import { sarifReport, type SarifOptions } from '../../../review/report/sarif';
import type { CheckText } from '../../../review/report/check-text';
import type { ReviewResult } from '../../../review/result';
import { hostileReview } from '../../fixtures/reviews/hostile';
import { largeReview } from '../../fixtures/reviews/large';
import { newWaysOut } from '../../../review/report/words';
import { clean, threeClouds, withChanges } from '../../fixtures/reviews/three-clouds';
import { sarifValidator } from './schemas';

const validate = sarifValidator();
const runOf = (result: ReviewResult, options?: SarifOptions): Run => (JSON.parse(sarifReport(result, options)) as Log).runs[0]!;
const resultOf = (rule: string, options?: SarifOptions): Result => runOf(threeClouds(), options).results!.find(({ ruleId }) => ruleId === rule)!;

const CHECK: CheckText = {
  id: 'route-bypasses-firewall', title: 'route around the firewall', severity: 'high', why: 'Traffic that goes around is not filtered.',
  fix: 'Point the route at the firewall.', references: ['https://docs.example/routes'], comparable: ['checkov CKV_X'],
};

it.each([['three clouds', threeClouds()], ['clean', clean()], ['hostile', hostileReview()], ['large', largeReview(2_000)]])('keeps to the official schema: %s', (_, review) => {
  expect(validate(JSON.parse(sarifReport(review, { checks: [CHECK], toolVersion: '1.0.0' })))).toEqual([]);
});

it('is checked by a schema that refuses', () => {
  expect(validate({ version: '2.1.0', runs: [{}] })).not.toEqual([]);
  expect(validate({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [{ message: {}, level: 'bad' }] }] })).not.toEqual([]);
});

it('has a rule for each check, with help and a severity that GitHub reads', () => {
  const unused = { ...CHECK, id: 'unused-check', severity: 'low' as const };
  const rules = runOf(threeClouds(), { checks: [unused, CHECK] }).tool.driver.rules!;
  expect(rules.map(({ id }) => id)).toEqual(['default-outbound-access', 'firewall-protection-off', 'flow-logs-missing', 'route-bypasses-firewall', 'unused-check', 'verdict-unknown', 'wildcard-host']);
  expect(rules[3]).toMatchObject({
    shortDescription: { text: 'route around the firewall' }, fullDescription: { text: CHECK.why }, helpUri: 'https://docs.example/routes',
    defaultConfiguration: { level: 'error' }, properties: { 'security-severity': '9.5' },
  });
  expect(rules[3]!.help!.markdown).toContain('<https://docs.example/routes>');
  expect(rules[3]!.help!.text).toContain(CHECK.fix);
  expect(rules[4]!.properties).toMatchObject({ 'security-severity': '3.0' });
});

it('points every result at its rule', () => {
  const { results, tool } = runOf(threeClouds());
  for (const { ruleId, ruleIndex } of results!) expect(tool.driver.rules![ruleIndex!]!.id).toBe(ruleId);
});

it('points at our source where that is known, else at the file that was reviewed', () => {
  const sourceOf: SarifOptions['sourceOf'] = ({ source }) => (source ? { file: 'stacks/aws app.ts', line: 12 } : undefined);
  expect(resultOf('route-bypasses-firewall', { sourceOf }).locations![0]!.physicalLocation).toEqual({ artifactLocation: { uri: 'stacks/aws%20app.ts' }, region: { startLine: 12 } });
  expect(resultOf('verdict-unknown', { sourceOf }).locations![0]!.physicalLocation!.artifactLocation!.uri).toBe('cdktf.out/stacks/google-prod/cdk.tf.json');
  expect(resultOf('flow-logs-missing', { fileOf: () => './plans/azure.json' }).locations![0]!.physicalLocation!.artifactLocation!.uri).toBe('plans/azure.json');
  expect(resultOf('flow-logs-missing').locations![0]!.logicalLocations![0]).toMatchObject({ fullyQualifiedName: 'azurerm_virtual_network.main' });
});

it('shows the path as a code flow', () => {
  const steps = resultOf('route-bypasses-firewall').codeFlows![0]!.threadFlows[0]!.locations.map(({ location }) => location!.message!.text);
  expect(steps).toHaveLength(5);
  expect(steps[3]).toBe('route table aws_route_table.edge-b (0.0.0.0/0 -> aws_internet_gateway.main)');
});

it('gives fingerprints that know no line', () => {
  const moved: SarifOptions = { sourceOf: () => ({ file: 'elsewhere.ts', line: 99 }) };
  expect(resultOf('route-bypasses-firewall', moved).partialFingerprints).toEqual(resultOf('route-bypasses-firewall').partialFingerprints);
});

it('carries suppressed findings with their justification', () => {
  expect(resultOf('firewall-protection-off').suppressions).toEqual([{ kind: 'external', status: 'accepted', justification: 'the sandbox is torn down every night (until 2031-01-31, platform)' }]);
  expect(resultOf('flow-logs-missing').suppressions).toEqual([]);
});

describe('what a change opens', () => {
  const runs = (result: ReviewResult, options?: SarifOptions) => (JSON.parse(sarifReport(result, options)) as Log).runs;
  const opened = runs(threeClouds())[1]!;

  it('is a run of its own with a category of its own, new in all of its results', () => {
    expect(runs(threeClouds()).map(({ automationDetails }) => automationDetails!.id)).toEqual(['egress-review/', 'egress-review/new-egress/']);
    expect(opened.results!.map(({ ruleId, ruleIndex, level, baselineState, message }) => [opened.tool.driver.rules![ruleIndex!]!.id, ruleId, level, baselineState, message.text!.split('. Fix: ')[0]])).toEqual([
      ['new-egress', 'new-egress', 'error', 'new', 'edge reaches the internet with no control by host name, and did not before'],
      ['new-egress', 'new-egress', 'warning', 'new', 'payments reaches tls api.adyen.com:443, and did not before (payments-team: second card acquirer)'],
    ]);
    expect(runs(threeClouds())[0]!.results!.filter(({ baselineState }) => baselineState !== undefined)).toEqual([]);
    expect(opened.results![0]!.codeFlows![0]!.threadFlows[0]!.locations.length).toBeGreaterThan(2);
    expect(new Set(opened.results!.map(({ partialFingerprints }) => partialFingerprints!['egressReview/v1'])).size).toBe(2);
  });

  it('counts what the gate counts, endpoints and connections too', () => {
    const review = withChanges();
    const { results } = runs(review)[1]!;
    expect(results).toHaveLength(newWaysOut(review.diff!));
    expect(results!.map(({ locations }) => locations![0]!.logicalLocations![0]!.name)).toEqual(['aws_subnet.vault', 'aws_vpc_endpoint.s3', 'pay/app=worker']);
  });

  it('is an empty run where nothing opens, and none where nothing was compared', () => {
    expect(runs({ ...clean(), diff: { reach: [], ways: [] } }).map(({ results }) => results)).toEqual([[], []]);
    expect(runs(clean())).toHaveLength(1);
  });

  it('is the last to be left out', () => {
    expect(runs(threeClouds(), { limits: { results: 2, gzippedBytes: 10_000_000 } }).map(({ results }) => results!.length)).toEqual([0, 2]);
  });
});

it('tells warnings and notices of the run', () => {
  const texts = runOf(threeClouds()).invocations![0]!.toolExecutionNotifications!.map(({ message }) => message.text);
  expect(texts).toHaveLength(2);
  expect(texts[1]).toContain('matches nothing');
});

it('leaves the mildest out where there are too many, and says so', () => {
  // Two ways that are new come before.
  const { results, invocations } = runOf(threeClouds(), { limits: { results: 5, gzippedBytes: 10_000_000 } });
  expect(results!.map(({ properties }) => properties!['severity'])).toEqual(['critical', 'high', 'medium']);
  expect(invocations![0]!.toolExecutionNotifications![0]!.message.text).toMatch(/^3 findings left out/);
});

it('keeps to a size', () => {
  const text = sarifReport(largeReview(), { limits: { results: 25_000, gzippedBytes: 20_000 } });
  expect(gzipSync(text).length).toBeLessThanOrEqual(20_000);
  expect((JSON.parse(text) as Log).runs[0]!.results!.length).toBeGreaterThan(50);
});

it('lets no name make a link, a placeholder or an address of another host', () => {
  const text = sarifReport(hostileReview());
  const messages = [...text.matchAll(/^ *"text": (".*")$/gm)].map(([, message]) => message!);
  expect(messages.length).toBeGreaterThan(20);
  expect(messages.filter((message) => message.includes('](') || /\{\d/.test(message)).map((message) => message.slice(0, 80))).toEqual([]);
  for (const { locations } of (JSON.parse(text) as Log).runs.flatMap(({ results }) => results!)) {
    const { uri } = locations![0]!.physicalLocation!.artifactLocation!;
    expect(new URL(uri!, 'file:///repository/').href.startsWith('file:///repository/')).toBe(true);
  }
});
