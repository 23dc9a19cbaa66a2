import { groupRules, ruleCount } from '../../../blueprints/aws/group-rules';
import { outside } from '../../../blueprints/aws/outside';
import type { Segment } from '../../../blueprints/policy/model';
import { cidr, within } from '../../contract/aws/resources';
import { allow } from './policies';

const segment = (name: string, tier: Segment['tier'], accepts: Segment['accepts'] = []): Segment => ({ name, tier, accepts, slot: 4 });
const edge = segment('edge', 'public', [{ from: 'internet', ports: [{ from: 443, to: 443 }], protocol: 'tcp' }]);
const payments = segment('payments', 'private', [{ from: 'edge', ports: [{ from: 8443, to: 8443 }], protocol: 'tcp' }]);
const ledger = segment('ledger', 'data', [{ from: 'payments', ports: [{ from: 5432, to: 5432 }], protocol: 'tcp' }]);
const base = { vpcCidr: '10.20.0.0/16', segments: [edge, payments, ledger], rules: [], endpoints: false, gateways: [] };
const s3 = { service: 's3' as const, segments: ['payments'], interfaceEndpoint: true };
const dynamodb = { service: 'dynamodb' as const, segments: ['ledger', 'payments'], ranges: ['52.94.0.0/22'], interfaceEndpoint: true };
const describeRules = (of: Segment, over: Partial<Parameters<typeof groupRules>[1]> = {}) => groupRules(of, { ...base, ...over })
  .map((rule) => `${rule.direction} ${rule.protocol}/${rule.ports.from} ${rule.peer.kind === 'segment' ? rule.peer.segment : rule.peer.kind}`);

test('caller and callee name each other', () => {
  expect(describeRules(payments)).toEqual(['ingress tcp/8443 edge', 'egress tcp/5432 ledger']);
  expect(describeRules(ledger)).toEqual(['ingress tcp/5432 payments']);
});

test('only a segment with hosts may send to addresses, and only on their ports', () => {
  const rules = [allow('api.stripe.com'), allow('sftp.partner.com', { protocol: 'tcp', ports: [22], addresses: ['203.0.113.0/28'] })];
  expect(describeRules(payments, { rules })).toEqual(expect.arrayContaining(['egress tcp/443 addresses', 'egress tcp/22 addresses']));
  expect(groupRules(payments, { ...base, rules }).find((rule) => rule.ports.from === 22)!.peer).toEqual({ kind: 'addresses', cidrs: ['203.0.113.0/28'] });
  expect(describeRules(ledger, { rules })).toEqual(['ingress tcp/5432 payments']);
});

test('a group names the prefix lists of the gateways that serve its segment', () => {
  const over = { rules: [allow('api.stripe.com')], endpoints: true, gateways: [s3] };
  expect(describeRules(payments, over)).toContain('egress tcp/443 gateway-endpoints');
  expect(describeRules(ledger, over)).toEqual(['ingress tcp/5432 payments', 'egress tcp/443 endpoints']);
  const lists = (of: Segment) => groupRules(of, { ...base, gateways: [dynamodb, s3] }).flatMap(({ peer }) => (peer.kind === 'gateway-endpoints' ? [peer.services] : []));
  expect([lists(payments), lists(ledger), lists(edge)]).toEqual([[['dynamodb', 's3']], [['dynamodb']], []]);
  expect(ruleCount(groupRules(payments, { ...base, gateways: [dynamodb, s3] }), 'egress')).toBe(3);
});

test('descriptions hold only letters that AWS takes', () => {
  const all = base.segments.flatMap((each) => groupRules(each, { ...base, rules: [allow('api.stripe.com')], endpoints: true, gateways: [s3] }));
  for (const { description } of all) expect(description).toMatch(/^[A-Za-z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
});

test('the internet is every address but those of the network', () => {
  const blocks = outside('10.20.0.0/16');
  expect(blocks).toHaveLength(16);
  const size = blocks.reduce((sum, block) => sum + cidr(block).last - cidr(block).first + 1, 0);
  expect(size).toBe(2 ** 32 - 2 ** 16);
  expect(blocks.some((block) => within('10.20.5.0/24', block))).toBe(false);
  expect(ruleCount(groupRules(edge, base), 'ingress')).toBe(16);
});

test('with ranges for pods, the internet is what lies outside of the private ranges that the network is in', () => {
  const [ingress] = groupRules(edge, { ...base, secondaryCidrs: ['100.64.0.0/16', '10.21.0.0/22'] });
  const blocks = ingress!.peer.kind === 'addresses' ? ingress!.peer.cidrs : [];
  expect(blocks.some((block) => within('8.8.8.8', block))).toBe(true);
  for (const inside of ['10.20.3.4', '10.21.1.1', '100.64.7.7']) expect(blocks.some((block) => within(inside, block))).toBe(false);
  expect(blocks.length).toBeLessThanOrEqual(20);
});

test('the complement of several blocks is every other address, once', () => {
  const inner = ['10.20.0.0/16', '100.64.0.0/10', '10.20.1.0/24'];
  const blocks = outside(...inner);
  const size = (block: string) => cidr(block).last - cidr(block).first + 1;
  expect(blocks.reduce((sum, block) => sum + size(block), 0)).toBe(2 ** 32 - 2 ** 16 - 2 ** 22);
  expect(outside('0.0.0.0/0')).toEqual([]);
});
