/** Private endpoints in the topology: joined to who reaches them, in as many edges as there are places and endpoints. */
import { privateServices, type EndpointClass, type PrivateEndpoint, type PrivateServices } from '../../../review/endpoints/private-services';
import { privateTopology } from '../../../review/endpoints/topology';
import type { Place } from '../../../review/model/network-model';

const place = (id: string): Place => ({ id, kind: 'workload', cloud: 'aws', addresses: [id], cidrs: [], families: [4], hypothetical: false, start: { address: id, kind: 'workload', forward: () => [] } });
const endpoint = (name: string, network = 'vpc'): PrivateEndpoint => ({ address: `endpoint.${name}`, label: name, kind: 'endpoint', serves: { kind: 'own', why: '' }, network });

/** Endpoints that places reach as a matrix says: `reaches(place, endpoint)` by their numbers. */
function services(endpoints: readonly PrivateEndpoint[], reaches: (place: number, endpoint: number) => boolean, mostQuestions?: number): PrivateServices {
  const classes = endpoints.map((each): EndpointClass => ({ endpoints: [each] }));
  return privateServices<Place, EndpointClass>({
    classes, callerOf: ({ id }) => id, near: () => classes, reaches: ({ id }, each) => reaches(Number(id.slice(1)), classes.indexOf(each)),
  }, mostQuestions);
}

function drawn(places: number, own: PrivateServices) {
  return privateTopology({ input: 'in', cloud: 'aws', services: own, places: Array.from({ length: places }, (_, n) => ({ id: `p${n}`, place: place(`p${n}`) })) });
}

test('one endpoint is joined directly; several that the same places reach through one group', () => {
  const { nodes, edges } = drawn(2, services(['a', 'b', 'c'].map((name) => endpoint(name)), (caller, called) => caller === 0 || called === 2));
  expect(nodes.map(({ id, label, members }) => [id, label, members])).toEqual([
    ['in endpoint endpoint.a', 'a', undefined], ['in endpoint endpoint.b', 'b', undefined], ['in endpoint endpoint.c', 'c', undefined],
    ['in endpoints endpoint.a and 1 more', '2 endpoints', 2],
  ]);
  expect(edges).toEqual([
    { from: 'p0', to: 'in endpoints endpoint.a and 1 more', kind: 'private' },
    { from: 'p0', to: 'in endpoint endpoint.c', kind: 'private' },
    { from: 'p1', to: 'in endpoint endpoint.c', kind: 'private' },
    { from: 'in endpoints endpoint.a and 1 more', to: 'in endpoint endpoint.a', kind: 'private' },
    { from: 'in endpoints endpoint.a and 1 more', to: 'in endpoint endpoint.b', kind: 'private' },
  ]);
});

test('an endpoint that nobody reaches is there, and joined to nothing', () => {
  const { nodes, edges } = drawn(1, services([endpoint('a')], () => false));
  expect([nodes.map(({ label }) => label), edges]).toEqual([['a'], []]);
});

test.each<[string, (place: number, endpoint: number) => boolean]>([
  ['all reach all', () => true],
  ['every place reaches others', (caller, called) => (caller * 7 + called * 13) % 5 < 2],
  ['half of the bits of its number', (caller, called) => ((caller >> (called % 12)) & 1) === 1],
])('10,000 places and 300 endpoints stay linear: %s', (_, reaches) => {
  const { edges } = drawn(10_000, services(Array.from({ length: 300 }, (__, n) => endpoint(`e${n}`, `vpc${n % 3}`)), reaches));
  expect(edges.length).toBeGreaterThan(300);
  expect(edges.length).toBeLessThanOrEqual(8 * 10_000 + 300);
});

test('where each place differs too much a network\'s endpoints are one, and the label says so', () => {
  const many = Array.from({ length: 12 }, (_, n) => endpoint(`e${n}`, n < 6 ? 'one' : 'two'));
  const { nodes, edges } = drawn(2_000, services(many, (caller, called) => caller === 0 || ((caller >> called) & 1) === 1 || (called + caller) % 2 === 0));
  expect(nodes.flatMap(({ label, members }) => (members === undefined ? [] : [label]))).toEqual(['some of 6 endpoints', 'some of 6 endpoints']);
  expect(edges.filter(({ from }) => from.startsWith('p'))).toHaveLength(2 * 2_000);
});

test('when too much is asked, what is near counts as reached', () => {
  const own = services([endpoint('a'), endpoint('b')], () => false, 3);
  expect(own.reachedFrom(place('p0'))).toEqual([]);
  expect(own.reachedFrom(place('p1')).map(({ label }) => label)).toEqual(['b']);
  expect(own.reachedFrom(place('p2')).map(({ label }) => label)).toEqual(['a', 'b']);
});

test('the order of places changes nothing', () => {
  const own = services(['a', 'b', 'c'].map((name) => endpoint(name)), (caller, called) => caller % 2 === called % 2);
  const places = Array.from({ length: 5 }, (_, n) => ({ id: `p${n}`, place: place(`p${n}`) }));
  const topology = (all: typeof places) => JSON.stringify(privateTopology({ input: 'in', cloud: 'aws', services: own, places: all }));
  expect(topology([...places].reverse())).toBe(topology(places));
});
