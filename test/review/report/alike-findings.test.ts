import { alikeFindings } from '../../../review/report/alike-findings';
import { markdownReport } from '../../../review/report/markdown';
import { textReport } from '../../../review/report/text';
import type { Finding } from '../../../review/result';
import { finding } from '../../fixtures/reviews/parts';
import { clean } from '../../fixtures/reviews/three-clouds';

const endpoint = (key: string, more: Partial<Finding> = {}): Finding => finding({ rule: 'endpoint-policy-full-access', severity: 'medium', input: 'aws-prod', address: `aws_vpc_endpoint.interface["${key}"]`, message: `aws_vpc_endpoint.interface["${key}"] (${key}): it has no policy`, ...more });
const KEYS = ['ec2', 'ecr.api', 'ecr.dkr', 'logs', 'sts'];
const many = (more?: Partial<Finding>) => KEYS.map((key) => endpoint(key, more));

test('what is said of many is said once, of the first, with the addresses of the others', () => {
  expect(alikeFindings(many())).toEqual([{ finding: endpoint('ec2'), others: KEYS.slice(1).map((key) => endpoint(key).address) }]);
});

test.each<[string, readonly Finding[]]>([
  ['of few', many().slice(0, 3)],
  ['in other words', many().map((each, at) => ({ ...each, message: `${each.message} ${at}` }))],
  ['of different severity', many().map((each, at) => ({ ...each, severity: at % 2 ? 'low' : 'medium' }))],
  ['of different age', many().map((each, at) => ({ ...each, baselineState: at % 2 ? 'new' : 'unchanged' }))],
  ['of what was something else before', many().map((each, at) => ({ ...each, ...(at % 2 ? { was: { message: 'it had another' } } : {}) }))],
  ['of ports', ['22', '443', '3389', '5432'].map((port) => endpoint(port, { message: `callers come in on ${port}` }))],
  ['of blocks', ['10.0.0.0/8', '0.0.0.0/0', '::/0', 'fd00::/8'].map((block) => endpoint(block, { message: `leads to ${block}` }))],
  ['in several inputs', many().map((each, at) => ({ ...each, input: at % 2 ? 'aws-prod' : 'aws-test' }))],
  ['of segments', many().map((each, at) => ({ ...each, segment: `s${at}` }))],
])('%s it is said of each', (_, findings) => {
  expect(alikeFindings(findings).every(({ others }) => others.length === 0)).toBe(true);
  const byAddress = (some: readonly Finding[]) => [...some].sort((a, b) => (a.address < b.address ? -1 : 1));
  expect(byAddress(alikeFindings(findings).map((each) => each.finding))).toEqual(byAddress(findings));
});

test('the comment and the terminal name ten of them, and count the rest', () => {
  const result = { ...clean(), findings: Array.from({ length: 30 }, (_, at) => endpoint(`k${at}`, { baselineState: 'new' })) };
  const comment = markdownReport(result);
  expect(comment.match(/\*\*`endpoint-policy-full-access`\*\*/g)).toHaveLength(1);
  expect(comment).toContain('<br>The same of 29 others: `aws_vpc_endpoint.interface["k1"]`, ');
  expect(comment).toContain('`aws_vpc_endpoint.interface["k10"]` and 19 more<br>**Fix:**');
  const text = textReport(result, { color: false });
  expect(text).toContain('the same of 29 others: aws_vpc_endpoint.interface["k1"], ');
  expect(text).toMatch(/MEDIUM \(30\)/);
  expect(text.match(/● endpoint-policy-full-access/g)).toHaveLength(1);
});
