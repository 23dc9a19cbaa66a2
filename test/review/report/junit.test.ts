/** The JUnit report. */
import { junitReport } from '../../../review/report/junit';
import { hostileReview } from '../../fixtures/reviews/hostile';
import { clean, threeClouds, withChanges } from '../../fixtures/reviews/three-clouds';

const CHECKS = ['flow-logs-missing', 'route-bypasses-firewall'];
const report = junitReport(threeClouds(), { checksOf: () => CHECKS });

/** The state of each case, read back by a reader that is not ours. */
function states(xml: string): Record<string, string> {
  return Object.fromEntries([...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)" time="0"(\/>|>([\s\S]*?)<\/testcase>)/g)]
    .map(([, input, name, , body = '']) => [`${input} ${name}`, body.includes('<failure') ? 'failed' : body.includes('<skipped') ? 'skipped' : 'passed']));
}

it('has a case for each check and input, with those that found nothing', () => {
  expect(states(report)).toEqual({
    'aws-prod firewall-protection-off': 'skipped',
    'aws-prod flow-logs-missing': 'passed',
    'aws-prod route-bypasses-firewall': 'failed',
    'aws-prod wildcard-host': 'passed',
    'aws-prod new-egress edge': 'passed',
    'aws-prod new-egress payments': 'passed',
    'aws-prod every-verdict-known': 'passed',
    'azure-prod default-outbound-access': 'failed',
    'azure-prod flow-logs-missing': 'passed',
    'azure-prod route-bypasses-firewall': 'passed',
    'azure-prod new-egress': 'passed',
    'azure-prod every-verdict-known': 'passed',
    'google-prod flow-logs-missing': 'passed',
    'google-prod route-bypasses-firewall': 'passed',
    'google-prod verdict-unknown': 'failed',
    'google-prod new-egress': 'passed',
    'google-prod every-verdict-known': 'failed',
  });
  expect(report).toContain('<testsuites name="egress review" tests="17" failures="4" errors="0" skipped="1" time="0">');
});

it('fails what the exit code fails', () => {
  expect(states(junitReport(threeClouds(), { failOn: { severity: 'low' } }))['azure-prod flow-logs-missing']).toBe('failed');
  expect(states(junitReport(threeClouds(), { failOn: {}, allowUnknown: true }))).not.toMatchObject({ 'aws-prod route-bypasses-firewall': 'failed' });
  expect(Object.values(states(junitReport(threeClouds(), { failOn: {}, allowUnknown: true })))).not.toContain('failed');
  expect(states(junitReport(threeClouds(), { allowUnknown: true }))).toMatchObject({ 'google-prod verdict-unknown': 'passed', 'google-prod every-verdict-known': 'passed', 'aws-prod route-bypasses-firewall': 'failed' });
});

it('fails the segments that gain a way out, where that is asked for', () => {
  const gate = junitReport(threeClouds(), { failOn: { newEgress: true }, allowUnknown: true });
  expect(Object.entries(states(gate)).filter(([, state]) => state === 'failed').map(([name]) => name)).toEqual(['aws-prod new-egress edge', 'aws-prod new-egress payments']);
  expect(gate).toContain('message="payments reaches tls api.adyen.com:443, and did not before (payments-team: second card acquirer)"');
  expect(Object.entries(states(junitReport(withChanges(), { failOn: { newEgress: true } }))).filter(([, state]) => state === 'failed').map(([name]) => name))
    .toEqual(['aws-prod new-egress aws_subnet.vault', 'aws-prod new-egress aws_vpc_endpoint.s3', 'aws-prod new-egress pay/app=worker']);
  // Nothing was compared.
  expect(junitReport(clean(), { failOn: { newEgress: true } })).not.toContain('new-egress');
});

it('shows message, fix and path', () => {
  expect(report).toContain('fix: route 0.0.0.0/0 to the firewall endpoint of the same zone.');
  expect(report).toContain('-&#62; route table aws_route_table.edge-b');
});

it('passes a clean review', () => {
  expect(Object.values(states(junitReport(clean(), { checksOf: () => CHECKS })))).toEqual(['passed', 'passed', 'passed']);
});

it('lets no name make an element, and holds no character that XML refuses', () => {
  const hostile = junitReport(hostileReview());
  const tags = new Set([...hostile.matchAll(/<\/?([^\s>/]+)/g)].map(([, tag]) => tag));
  expect([...tags].sort()).toEqual(['?xml', 'failure', 'skipped', 'system-out', 'testcase', 'testsuite', 'testsuites']);
  expect(/[^\P{C}\n]/u.exec(hostile)?.[0]).toBeUndefined();
  expect(/&(?!#\d+;).{0,20}/.exec(hostile)?.[0]).toBeUndefined();
});
