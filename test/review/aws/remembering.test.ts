/** Hops answer again what they answered, and what they answer to a search stays apart where they have doubts. */
import { doubtfully } from '../../../review/model/aws/doubt';
import { fateOf } from '../../../review/model/aws/fate';
import { remembering } from '../../../review/model/aws/remembering';
import { hop } from '../../../review/model/aws/router';
import type { Hop, Outcome } from '../../../review/model/network-model';
import { everythingToInternet, type Traffic } from '../../../review/model/traffic';

const ALL = everythingToInternet(4);
const OUT = hop('igw', 'gateway', undefined, (flow) => [{ kind: 'internet', traffic: flow }]);
const kinds = (outcomes: readonly Outcome[]) => outcomes.map(({ kind }) => kind);

function counting(forward: Hop['forward']): { readonly hop: Hop; calls: number } {
  const counted = { calls: 0, hop: remembering(hop('counted', 'route', undefined, (flow) => { counted.calls += 1; return forward(flow); })) };
  return counted;
}

test('a hop without doubts is asked once per traffic, for a search and without', () => {
  const counted = counting((flow) => [{ kind: 'next', to: OUT, traffic: flow }]);
  const other: Traffic = { family: 4, boxes: ALL.boxes.slice(0, 1) };
  expect(fateOf(hop('start', 'subnet', undefined, (flow) => [{ kind: 'next', to: counted.hop, traffic: flow }]), ALL).leaks).toBe(true);
  expect(kinds(counted.hop.forward(ALL))).toEqual(['next']);
  expect(kinds(counted.hop.forward(ALL))).toEqual(['next']);
  expect(counted.calls).toBe(1);
  expect(counted.hop.forward(other)[0]?.traffic).toBe(other);
  expect(counted.hop.forward(other)[0]?.traffic).toBe(other);
  expect(counted.calls).toBe(2);
});

test.each(['a search first', 'a place first'])('a hop with a doubt answers each in its own way: %s', (order) => {
  const counted = counting((flow) => [doubtfully(OUT, flow, 'nobody knows')]);
  const around = hop('around', 'subnet', undefined, (flow) => [{ kind: 'next', to: counted.hop, traffic: flow }]);
  if (order === 'a place first') expect(kinds(counted.hop.forward(ALL))).toEqual(['unknown']);
  expect(fateOf(around, ALL).leaks).toBe(true);
  expect(kinds(counted.hop.forward(ALL))).toEqual(['unknown']);
  expect(kinds(counted.hop.forward(ALL))).toEqual(['unknown']);
  expect(counted.calls).toBe(2);
});

test('a hop that repeats the answer of one with a doubt has the doubt, too', () => {
  const inner = counting((flow) => [doubtfully(OUT, flow, 'nobody knows')]);
  const outer = counting((flow) => inner.hop.forward(flow));
  // The inner one remembers both answers before the outer one is asked at all.
  expect(fateOf(inner.hop, ALL).leaks).toBe(true);
  expect(kinds(inner.hop.forward(ALL))).toEqual(['unknown']);
  expect(fateOf(hop('around', 'subnet', undefined, (flow) => [{ kind: 'next', to: outer.hop, traffic: flow }]), ALL).leaks).toBe(true);
  expect(kinds(outer.hop.forward(ALL))).toEqual(['unknown']);
});

test('the fates of many traffics are told apart, and those of equal ones are not', () => {
  const shut = hop('acl', 'acl', undefined, (flow) => [flow.boxes.some(({ protocol }) => protocol === 'tcp') ? { kind: 'internet', traffic: flow } : { kind: 'blocked', traffic: flow, reason: 'not tcp' }]);
  const only = (protocol: string): Traffic => ({ family: 4, boxes: ALL.boxes.filter((box) => box.protocol === protocol).map((box) => ({ ...box })) });
  expect(['tcp', 'udp', 'icmp', 'udp', 'tcp'].map((protocol) => fateOf(shut, only(protocol)).leaks)).toEqual([true, false, false, false, true]);
});
