/** The terminal report. */
import { stripVTControlCharacters } from 'node:util';
import { textReport } from '../../../review/report/text';
import { withEndpoints } from '../../fixtures/reviews/endpoints';
import { hostileReview } from '../../fixtures/reviews/hostile';
import { largeReview } from '../../fixtures/reviews/large';
import { verdict } from '../../fixtures/reviews/parts';
import { clean, insideOfCluster, threeClouds } from '../../fixtures/reviews/three-clouds';
import type { EndpointChange, ReachChange } from '../../../review/result';

const report = textReport(threeClouds(), { color: false, width: 150 });

it('begins with the verdict', () => {
  expect(report.split('\n').slice(0, 2)).toEqual([
    '2 of 15 segments reach the internet without control, 1 cannot be judged',
    '5 findings (1 critical, 1 high, 1 medium, 1 low, 1 info), 1 suppressed; this change opens 2 ways out and closes 1',
  ]);
});

it('tells the change before everything else, with path, owner and reason', () => {
  expect(report.indexOf('What this change opens')).toBeLessThan(report.indexOf('aws-prod  plan'));
  expect(report).toContain('+ became open: edge → anything, in aws-prod');
  expect(report).toContain('→ internet gateway aws_internet_gateway.main');
  expect(report).toContain('+ opened: payments → tls api.adyen.com:443, in aws-prod (payments-team: second card acquirer)');
  expect(report).toContain('- closed: platform → tls registry.npmjs.org:443, in azure-prod');
  expect(report.replace(/\n {4}/g, ' ')).toContain('~ NAT changed: google_compute_router_nat.main, source_subnetwork_ip_ranges_to_nat: LIST_OF_SUBNETWORKS → ALL_SUBNETWORKS_ALL_IP_RANGES; nat_ips: + google_compute_address.c, − google_compute_address.a, in google-prod');
});

it('tells endpoints of which the same is to be said once', () => {
  const reached = (label: string, who: string): EndpointChange => ({ change: 'reached', input: 'aws-prod', address: `aws_vpc_endpoint.${label}`, label, serves: 'own', why: 'its policy names what it serves', who: [who], wayOut: false });
  const diff = { reach: [], ways: [], endpoints: [reached('s3', 'batch'), reached('ecr.api', 'batch'), reached('logs', 'edge')] };
  const text = textReport({ ...threeClouds(), diff }, { color: false, width: 180 });
  expect(text.split('\n').filter((line) => line.includes('private endpoint'))).toEqual([
    "  + private endpoints reached: s3, ecr.api, now also by batch; serves what is one's own: its policy names what it serves, in aws-prod",
    "  + private endpoint reached: logs (aws_vpc_endpoint.logs), now also by edge; serves what is one's own: its policy names what it serves, in aws-prod",
  ]);
});

it('has a line per segment and verdict with hosts and way', () => {
  const line = report.split('\n').find((text) => text.startsWith('│ payments'));
  expect(line).toMatch(/payments +│ allowlisted ×3 +│ api\.adyen\.com:443 +│ route table → firewall → NAT → internet gateway → internet/);
  expect(report).toMatch(/│ edge +│ open +│ tcp\/443 to 0\.0\.0\.0\/0 +│ route table → internet gateway → internet/);
  expect(report).toMatch(/│ ledger +│ closed ×3 +│ none +│ route table → ⊣/);
  expect(report).toContain("'match.dest_fqdns' is known only");
});

it('says whom policies let pods call, from the worst', () => {
  const text = textReport({ ...clean(), ...insideOfCluster() }, { color: false, width: 150 });
  expect(text.split('\n').filter((line) => line.includes('policies let them'))).toEqual([
    '  ● policies let them call addresses on the internet: pay/app=web',
    '  ● whom policies let them call is not known: pay/app=worker',
    '  ● policies let them call listed hosts alone: pay/app=api',
    '  ● policies let them call nobody on the internet: pay/app=batch',
  ]);
});

it('says what is reached privately, and by whom', () => {
  const text = textReport(withEndpoints(threeClouds(), { names: ['sts', 'ecr.api'], by: ['edge', 'platform'] }, { names: ['logs'], by: ['edge', 'payments', 'platform', 'reporting', 'ledger'] }, { names: ['ec2'], by: [] }), { color: false, width: 150 });
  expect(text.split('\n').filter((line) => line.includes('reached privately')).slice(0, 3)).toEqual([
    '  reached privately by edge and platform: ecr.api, sts', '  reached privately by every segment: logs', '  reached privately by nobody: ec2',
  ]);
});

it('groups findings by severity, the worst first, each with its path and fix', () => {
  const order = ['CRITICAL (1)', 'HIGH (1)', 'MEDIUM (1)', 'LOW (1)', 'INFO (1)', 'Suppressed (1)'].map((heading) => report.indexOf(heading));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
  expect(report).toContain('fix: route 0.0.0.0/0 to the firewall endpoint of the same zone.');
  expect(report).toContain('from aws-prod/network/edge/b/route-table');
});

it('ends with warnings and notices', () => {
  expect(report).toContain('! synthesized JSON holds no provider defaults');
  expect(report.trimEnd()).toMatch(/matches nothing: remove\s+it$/);
});

it.each([60, 80, 120, 160])('keeps to %d columns', (width) => {
  const long = textReport(threeClouds(), { color: true, width }).split('\n').filter((line) => [...stripVTControlCharacters(line)].length > width);
  expect(long).toEqual([]);
});

it('breaks the line behind a long file name between words', () => {
  const { inputs: [first, ...others], ...rest } = threeClouds();
  for (const name of [`builds/${'x'.repeat(65)}.json`, `builds/${'x'.repeat(100)}.json`]) {
    const lines = textReport({ ...rest, inputs: [{ ...first!, name }, ...others] }, { color: false, width: 80 }).split('\n');
    const line = lines.indexOf(name);
    expect(lines[line + 1]).toMatch(/^ {2}plan, \d+ resources/);
  }
});

it('is coloured only when asked to be, and says the same', () => {
  expect(report).toBe(stripVTControlCharacters(report));
  const coloured = textReport(threeClouds(), { color: true, width: 150 });
  expect(coloured).toContain('\u001b[');
  expect(stripVTControlCharacters(coloured)).toBe(report);
});

it('says in one line that all is well', () => {
  expect(textReport(clean(), { color: false }).split('\n')[0]).toBe('No way out but the allowlist: 2 of 4 segments reach 5 hosts');
});

it('lets no name steer the terminal', () => {
  const hostile = textReport(hostileReview(), { color: false });
  expect(/[^\P{C}\n]/u.exec(hostile)?.[0]).toBeUndefined();
  expect(hostile).toContain('\\u{1b}');
});

it('stays small for a big plan, and says how much there is beside', () => {
  const text = textReport(largeReview(), { color: false });
  expect(text.split('\n').length).toBeLessThan(800);
  expect(text).toMatch(/CRITICAL \(12\)/);
  expect(text).toMatch(/LOW \(2,000\)[\s\S]*and 1,980 more of flow-logs-missing: --json has them all/);
  expect(text.match(/● flow-logs-missing/g)).toHaveLength(20);
});

it('shows the worst rows of a long table, in their order, and counts the others by verdict', () => {
  const place = (n: number, kind: 'open' | 'none') => verdict({ input: 'plan', cloud: 'aws', place: `place-${n}`, segment: `segment-${String(n).padStart(3, '0')}`, tier: n % 2 === 0 ? 'public' : 'data', verdict: kind });
  const verdicts = Array.from({ length: 130 }, (_, n) => place(n, n >= 120 ? 'open' : 'none'));
  const text = textReport({ version: 1, inputs: [{ name: 'plan', kind: 'plan', resources: 130, warnings: [] }], verdicts, findings: [], suppressed: [], notices: [], topology: { nodes: [], edges: [] } }, { color: false });
  const shown = [...text.matchAll(/│ (segment-\d+)/g)].map(([, name]) => name);
  expect(shown).toHaveLength(50);
  expect(shown).toEqual(expect.arrayContaining(Array.from({ length: 10 }, (_, n) => `segment-${120 + n}`)));
  expect(text).toContain('and 80 more segments (80 closed): --json has them all');
});

it('of many changes shows first what is opened', () => {
  const change = (n: number, what: 'opened' | 'closed'): ReachChange => ({ input: 'plan', who: 'payments', change: what, what: `tls ${what}-${n}.example.com:443`, family: 4 });
  const reach = [...Array.from({ length: 150 }, (_, n) => change(n, 'closed')), ...Array.from({ length: 30 }, (_, n) => change(n, 'opened'))];
  const text = textReport({ ...clean(), diff: { reach, ways: [] } }, { color: false });
  expect(text.match(/\+ opened: payments/g)).toHaveLength(30);
  expect(text.match(/- closed: payments/g)).toHaveLength(70);
  expect(text).toContain('and 80 more changes of what is reached: --json has them all');
});

it('puts a question mark to what was open, and is not known to be closed, before what is closed', () => {
  const change = { change: 'perhaps-closed' as const, input: 'aws-prod', who: 'edge', what: 'anything', family: 4 as const, reasons: ['it is hidden'] };
  const lines = textReport({ ...clean(), diff: { ways: [], reach: [{ ...change, change: 'closed', who: 'app', reasons: [] }, change] } }, { color: false, width: 120 }).split('\n').filter((line) => line.includes('anything'));
  expect(lines).toEqual(['  ? perhaps closed: edge → anything (it is hidden)', '  - closed: app → anything']);
});
