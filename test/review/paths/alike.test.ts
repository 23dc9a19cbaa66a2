/** Places that start alike are traced once: as often for ten times as many, and with the verdict that each would have by itself. */
import { buildAwsModel } from '../../../review/model/aws/model';
import { buildAzureModel } from '../../../review/model/azure/azure-model';
import { buildGoogleModel } from '../../../review/model/google/google-model';
import type { Place } from '../../../review/model/network-model';
import { verdictsOf } from '../../../review/paths/alike';
import { trace } from '../../../review/paths/trace';
import { verdictOf } from '../../../review/paths/verdict';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import type { ResourceGraph } from '../../../review/plan/resource-graph';
import { awsEstate } from '../../bench/estates/aws';
import { azureEstate } from '../../bench/estates/azure';
import { link, many, one, planText, to, type Estate } from '../../bench/estates/estate';
import { googleEstate } from '../../bench/estates/google';

const graphOf = (estate: Estate, resources: number, exists = false): ResourceGraph => buildGraph(parsePlan(planText(estate, { resources, exists }), 'p'));

/** A subnet with machines that name one group each, of as many as there are. */
function machines(count: number, groups: number): Estate {
  const estate = awsEstate();
  const group = (at: number) => `g${at % groups}`;
  return {
    ...estate,
    network: () => [
      one('aws_vpc', 'this', { cidr_block: '10.0.0.0/16' }),
      one('aws_subnet', 'a', { cidr_block: '10.0.0.0/24', availability_zone: 'us-east-1a', vpc_id: link('aws_vpc.this') }, { vpc_id: to('aws_vpc.this') }),
      ...Array.from({ length: groups }, (_, at) => one('aws_security_group', group(at), {
        vpc_id: link('aws_vpc.this'), egress: [{ cidr_blocks: [`${at + 1}.0.0.0/8`], from_port: 443, to_port: 443, protocol: 'tcp', ipv6_cidr_blocks: [], prefix_list_ids: [], security_groups: [], self: false, description: '' }],
      }, { vpc_id: to('aws_vpc.this') })),
      ...Array.from({ length: groups }, (_, at) => many('aws_instance', `m${at}`, count / groups, () => ({ subnet_id: link('aws_subnet.a'), vpc_security_group_ids: [link(`aws_security_group.${group(at)}`)] }), { subnet_id: to('aws_subnet.a'), vpc_security_group_ids: to(`aws_security_group.${group(at)}`) })),
    ],
  };
}

/** How often the first hops are asked while all places get their verdicts. */
function asked(places: readonly Place[]): number {
  let calls = 0;
  const counted = new Map<Place['start']['forward'], Place['start']['forward']>();
  const watched = places.map((place) => {
    const { forward } = place.start;
    if (!counted.has(forward)) counted.set(forward, (traffic) => { calls += 1; return forward(traffic); });
    return { ...place, start: { ...place.start, forward: counted.get(forward)! } };
  });
  verdictsOf(watched);
  return calls;
}

test.each([[1, 20, 1], [1, 200, 1], [4, 200, 4]])('%i groups for %i machines: %i traces', (groups, count, traces) => {
  const { places } = buildAwsModel(graphOf(machines(count, groups), 1));
  expect(places.filter(({ kind }) => kind === 'workload')).toHaveLength(count);
  expect(asked(places)).toBe(traces);
});

test('machines of networks that look the same are not taken for one another', () => {
  const { places } = buildAwsModel(graphOf(machines(20, 1), 69));
  expect(new Set(places.map(({ network }) => network)).size).toBe(3);
  expect(asked(places)).toBe(3);
});

const ESTATES = [['aws', awsEstate, buildAwsModel], ['google', googleEstate, buildGoogleModel], ['azure', azureEstate, buildAzureModel]] as const;

describe.each(ESTATES)('%s', (_, estate, build) => {
  test.each([[false, false], [true, false], [false, true]])('each verdict is what the place has by itself (every machine differs: %s, exists: %s)', (distinct, exists) => {
    const { places } = build(graphOf(estate(distinct), 250, exists)) as { readonly places: readonly Place[] };
    expect(places.length).toBeGreaterThan(10);
    expect(verdictsOf(places)).toEqual(places.flatMap((place) => place.families.map((family) => verdictOf(trace(place, family)))));
  });
});

test('a first hop that says nothing about being shared is asked for each place', () => {
  const forward: Place['start']['forward'] = (traffic) => [{ kind: 'blocked', traffic, reason: 'closed' }];
  const place = (id: string): Place => ({ id, kind: 'workload', cloud: 'aws', addresses: [id], cidrs: [], families: [4], hypothetical: false, start: { address: id, kind: 'workload', forward } });
  expect(asked([place('a'), place('b')])).toBe(2);
});
