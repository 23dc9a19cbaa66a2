/** What the pictures are drawn from: nothing that gets out may be lost on the way to them. */
import { pictures, type Picture } from '../../../review/report/picture/picture';
import type { ReviewResult, TopologyEdge } from '../../../review/result';
import { withEndpoints } from '../../fixtures/reviews/endpoints';
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

describe('what is reached privately', () => {
  const chips = ({ rows, privately }: Picture) => privately.map((hop) => [hop.label, hop.rows.map((row) => rows[row]!.name).join(), hop.nodes.length]);
  const many = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `service-${from + n}`);

  it('is drawn by name with who reaches it, through a group or not, and what nobody reaches comes last', () => {
    const result = withEndpoints(threeClouds(), { names: ['sts', 'ecr.api'], by: ['edge', 'platform'] }, { names: ['s3'], by: ['ledger'] }, { names: ['ec2'], by: [] }, { names: ['s3'], by: ['edge'] });
    expect(chips(pictures(result)[0]!)).toEqual([['ecr.api', 'edge,platform', 1], ['s3 ×2', 'edge,ledger', 2], ['sts', 'edge,platform', 1], ['ec2', '', 1]]);
  });

  it('misses an edge that is taken away', () => {
    const result = withEndpoints(threeClouds(), { names: ['sts', 'ecr.api'], by: ['edge', 'platform'] });
    const without: ReviewResult = { ...result, topology: { ...result.topology, edges: result.topology.edges.filter(({ from, kind }) => kind !== 'private' || !from.startsWith('aws_subnet.edge')) } };
    expect(chips(pictures(without)[0]!)).toEqual([['ecr.api', 'platform', 1], ['sts', 'platform', 1]]);
  });

  it('is counted by who reaches it where there are many names', () => {
    const result = withEndpoints(threeClouds(), { names: many(0, 200), by: ['edge', 'platform'] }, { names: many(200, 300), by: ['ledger'] }, { names: ['only'], by: ['payments'] });
    expect(chips(pictures(result)[0]!)).toEqual([['100 endpoints', 'ledger', 100], ['200 endpoints', 'edge,platform', 200], ['only', 'payments', 1]]);
  });

  it('is no way to the internet', () => {
    const result = withEndpoints(threeClouds(), { names: ['sts', 'ecr.api'], by: ['edge'] });
    expect(waysOf(pictures(result)[0]!)).toEqual(AWS);
  });
});
