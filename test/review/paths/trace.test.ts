/** What a trace does with networks that nobody draws on purpose. */
import { INTERNET } from '../../../review/model/addresses';
import type { Hop, Outcome, Place } from '../../../review/model/network-model';
import { ALL_PORTS, traffic } from '../../../review/model/traffic';
import { trace } from '../../../review/paths/trace';
import { verdictOf } from '../../../review/paths/verdict';

/** Machines that all forward to each other; `ends` says what else each may do. */
function mesh(size: number, ends: (address: string) => readonly Outcome['kind'][]): Place {
  const hops: Hop[] = Array.from({ length: size }, (_, index): Hop => ({
    address: `machine ${index}`,
    kind: 'workload',
    forward: (flow) => [
      ...ends(`machine ${index}`).map((kind) => ({ kind, traffic: flow, reason: 'no way' }) as Outcome),
      ...hops.filter((_hop, other) => other !== index).map((to): Outcome => ({ kind: 'next', to, traffic: flow })),
    ],
  }));
  return { id: 'a place', kind: 'workload', cloud: 'aws', addresses: ['a place'], cidrs: [], families: [4], hypothetical: false, start: hops[0]! };
}

test('a circle of a few is followed to its end', () => {
  expect(verdictOf(trace(mesh(4, () => ['blocked']), 4))).toMatchObject({ kind: 'none' });
});

test('a mesh of many, of which every order is a path, ends as unknown and not in days', () => {
  const { kind, reasons } = verdictOf(trace(mesh(30, () => ['blocked']), 4));
  expect({ kind, reasons }).toEqual({ kind: 'unknown', reasons: ['there are more than 20000 hops to follow'] });
});

test('what has not been followed then is told, too', () => {
  const all = mesh(30, () => ['blocked']);
  const rest = traffic(4, [{ protocol: 'tcp', ports: ALL_PORTS, destinations: INTERNET[4] }]);
  const last: Hop = { address: 'last', kind: 'route', forward: (flow) => [{ kind: 'blocked', traffic: flow, reason: 'no way' }] };
  const start: Hop = { address: 'start', kind: 'workload', forward: (flow) => [{ kind: 'next', to: last, traffic: rest }, { kind: 'next', to: all.start, traffic: flow }] };
  expect(verdictOf(trace({ ...all, start }, 4)).doubtfulTraffic).toContain(rest);
});

test('no packet at all arrives nowhere, whatever a hop says of it', () => {
  const nothing = (kind: Outcome['kind']): Place => ({ ...mesh(1, () => []), start: { address: 'machine 0', kind: 'workload', forward: ({ family }) => [{ kind, traffic: { family, boxes: [] }, reason: 'no way' } as Outcome] } });
  expect((['internet', 'unknown'] as const).map((kind) => verdictOf(trace(nothing(kind), 4)).kind)).toEqual(['none', 'none']);
});

test('what was found until then is not lost', () => {
  expect(verdictOf(trace(mesh(30, (address) => (address === 'machine 29' ? ['internet'] : ['blocked'])), 4))).toMatchObject({ kind: 'open' });
});
