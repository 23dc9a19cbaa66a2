/** What the pictures are drawn from: nothing that gets out may be lost on the way to them. */
import { pictures, type Picture } from '../../../review/report/picture/picture';
import type { ReviewResult, TopologyEdge } from '../../../review/result';
import { largeReview } from '../../fixtures/reviews/large';
import { threeClouds } from '../../fixtures/reviews/three-clouds';

/** `edge -open-> gateway`, sorted. */
function waysOf({ rows, hops, ways }: Picture): readonly string[] {
  const hop = (id: number) => hops.find((one) => one.id === id)!.kind;
  return ways.map(({ from, to, kind }) => `${'row' in from ? rows[from.row]!.name : hop(from.hop)} -${kind}-> ${typeof to === 'number' ? hop(to) : to}`).sort();
}

const AWS = [
  'edge -guarded-> firewall', 'edge -open-> gateway', 'firewall -guarded-> nat', 'gateway -guarded-> internet',
  'gateway -open-> internet', 'nat -guarded-> gateway', 'payments -guarded-> firewall', 'platform -guarded-> firewall',
];
const withEdges = (change: (edges: readonly TopologyEdge[]) => readonly TopologyEdge[]): ReviewResult => {
  const result = threeClouds();
  return { ...result, topology: { ...result.topology, edges: change(result.topology.edges) } };
};

it('joins places to what decides, through any number of filters', () => {
  expect(waysOf(pictures(threeClouds())[0]!)).toEqual(AWS);
});

it('draws the same from the paths alone when there is no topology', () => {
  expect(waysOf(pictures({ ...threeClouds(), topology: { nodes: [], edges: [] } })[0]!)).toEqual(AWS);
});

it('draws an open way even when the topology forgets it', () => {
  const forgetful = withEdges((edges) => edges.filter(({ kind }) => kind !== 'open'));
  expect(waysOf(pictures(forgetful)[0]!)).toContain('edge -open-> internet');
  expect(waysOf(pictures(forgetful)[1]!)).toContain('reporting -open-> internet');
});

it('ends where ways lead in a circle', () => {
  const round = withEdges((edges) => [...edges, { from: 'gateway aws_internet_gateway.main', to: 'firewall aws_networkfirewall_firewall.egress', kind: 'guarded' }]);
  expect(waysOf(pictures(round)[0]!)).toContain('gateway -guarded-> firewall');
});

it('keeps the order of input edges and nodes out of the picture', () => {
  const result = threeClouds();
  const shuffled: ReviewResult = { ...result, topology: { nodes: [...result.topology.nodes].reverse(), edges: [...result.topology.edges].reverse() } };
  expect(pictures(shuffled).map(waysOf)).toEqual(pictures(result).map(waysOf));
});

it('puts thousands of hops that do the same into a few', () => {
  const [picture] = pictures(largeReview());
  expect(picture!.hops.map(({ kind, nodes }) => [kind, nodes.length])).toEqual(expect.arrayContaining([['gateway', 150], ['nat', 450], ['firewall', 150]]));
  expect(picture!.rows).toHaveLength(40);
});
