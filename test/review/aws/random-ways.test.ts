/** Verdicts on random networks of two families, against what becomes of single packets in them. */
import fc from 'fast-check';
import { addressRange } from '../../../review/model/addresses';
import { buildAwsModel } from '../../../review/model/aws/model';
import type { Traffic } from '../../../review/model/traffic';
import { trace } from '../../../review/paths/trace';
import { verdictOf, type Verdict } from '../../../review/paths/verdict';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { asPlan } from '../as-plan';
import type { Stack } from '../sound-stack';
import { estates, spellings, written } from './way-estates';
import { ADDRESSES, embedded, familyOf, fateOf, type Estate, type Family, type Fate } from './way-packets';

/** The same network as synthesized, as a first plan and as a plan of what exists. */
const READ_AS = ['cdk.tf.json', 'first plan', 'known plan'] as const;

/** Of the machine, and of an interface that is attached to it. */
function verdictsOf(stack: Stack, readAs: (typeof READ_AS)[number], family: Family): readonly Verdict[] {
  const text = JSON.stringify(readAs === 'cdk.tf.json' ? stack : asPlan(stack.resource, readAs === 'known plan'));
  const places = buildAwsModel(buildGraph(parsePlan(text, 'cdk.tf.json'))).places.filter(({ id }) => id === 'aws_instance.app' || id === 'aws_network_interface.second');
  return places.map((place) => verdictOf(trace(place, family)));
}

/** Behind NAT64 a packet goes to an IPv4 address. */
function isIn(flows: readonly Traffic[], to: string): boolean {
  return [to, ...(to.startsWith('64:ff9b::') ? [embedded(to)] : [])].some((each) => {
    const address = addressRange(each)!.range[0];
    return flows.some(({ family, boxes }) => family === familyOf(each) && boxes.some((box) => box.destinations.some(([from, last]) => from <= address && address <= last)));
  });
}

type Word = 'right' | 'missed' | 'alarm' | 'doubt';

function judge(verdicts: readonly Verdict[], to: string, fate: Fate): Word {
  const isOpen = isIn(verdicts.flatMap(({ openTraffic = [] }) => openTraffic), to);
  const isDoubtful = isIn(verdicts.flatMap(({ doubtfulTraffic = [] }) => doubtfulTraffic), to);
  if (fate === 'open' || fate === 'perhaps') return isOpen || isDoubtful ? 'right' : 'missed';
  if (fate === 'named' && verdicts.every(({ kind }) => kind === 'none')) return 'missed';
  return isOpen ? 'alarm' : isDoubtful ? 'doubt' : 'right';
}

function compare(spoil: (resource: Stack['resource']) => void = () => undefined, numRuns = 250) {
  const seen = { right: 0, missed: 0, alarm: 0, doubt: 0 };
  const fates: Record<Fate, number> = { open: 0, perhaps: 0, named: 0, none: 0 };
  fc.assert(fc.property(estates, spellings, fc.constantFrom(...READ_AS), (estate, spelling, readAs) => {
    const stack = written(estate, spelling);
    spoil(stack.resource);
    const verdicts = { 4: verdictsOf(stack, readAs, 4), 6: verdictsOf(stack, readAs, 6) };
    const words = new Set(ADDRESSES.map((to): Word => {
      const fate = fateOf(estate, to);
      fates[fate] += 1;
      return judge(verdicts[familyOf(to)], to, fate);
    }));
    seen[(['missed', 'alarm', 'doubt'] as const).find((word) => words.has(word)) ?? 'right'] += 1;
  }), { seed: 1, numRuns });
  return { ...seen, fates };
}

test('every packet that gets out of a random network of two families is told', () => {
  const { missed, alarm, doubt, fates } = compare();
  expect(missed).toBe(0);
  for (const fate of ['open', 'perhaps', 'named', 'none'] as const) expect([fate, fates[fate] > 40]).toEqual([fate, true]);
  // Which of a new table's routes to lists has which target a first plan leaves open.
  expect(alarm).toBeLessThan(8);
  expect(doubt).toBeLessThan(90);
});

test.each<[string, (resource: Stack['resource']) => void]>([
  ['Elastic IPs', (resource) => void ['aws_eip', 'aws_eip_association'].forEach((type) => Object.keys(resource[type]!).filter((name) => name !== 'nat').forEach((name) => delete resource[type]![name]))],
  ['the second interface', (resource) => void delete resource.aws_network_interface!.second],
  ['entries of prefix lists', (resource) => void [resource.aws_ec2_managed_prefix_list_entry, resource.aws_ec2_managed_prefix_list].forEach((lists) => Object.values(lists!).forEach((list) => void (list.cidr ? list.cidr = '10.9.0.0/16' : delete list.entry)))],
  ['addresses that subnets give', (resource) => Object.values(resource.aws_subnet!).forEach((subnet) => void (subnet.assign_ipv6_address_on_creation = false))],
  ['routes that are announced', (resource) => {
    resource.aws_vpn_gateway_route_propagation = {};
    for (const table of [...Object.values(resource.aws_route_table!), ...Object.values(resource.aws_default_route_table ?? {})]) delete table.propagating_vgws;
  }],
  ['the routes of main tables', (resource) => void (delete resource.aws_main_route_table_association, delete resource.aws_default_route_table)],
])('a review that does not see %s is caught', (_, spoil) => {
  expect(compare(spoil, 60).missed).toBeGreaterThan(0);
});

const PLAIN = { subnetGivesPublic: false, subnetGivesSix: false, asksPublic: undefined, sixAddresses: undefined, elastic: false, ownResource: false };
const CLOSED: Estate = {
  routes: { app: [], second: [], main: [], nat: [{ to: '0.0.0.0/0', target: 'internet' }], private: [], firewall: [{ to: '0.0.0.0/0', target: 'nat' }], relay: [] },
  followsMain: [], app: PLAIN, second: undefined, relay: PLAIN, firewall: 'names', announced: undefined, propagated: [],
};
const kindIn = (estate: Estate) => verdictsOf(written(estate, { inline: true, mainBy: 'default', listEntries: 'inline', elasticBy: 'eip', attachedBy: 'block', propagatedBy: 'table', gatewayBy: 'argument', ingressTable: false }), 'cdk.tf.json', 4).map(({ kind }) => kind)[0];

test('behind a firewall an appliance may send on by itself what has a name', () => {
  const routes = { ...CLOSED.routes, app: [{ to: '0.0.0.0/0', target: 'firewall' as const }], firewall: [{ to: '0.0.0.0/0', target: 'appliance' as const }] };
  expect(kindIn({ ...CLOSED, routes })).toBe('allowlisted');
});

test('of equal routes the one to addresses goes before the one to a list', () => {
  const app = [{ to: '0.0.0.0/0', target: 'peering' as const }, { to: 'all', target: 'nat' as const }];
  expect([app, app.slice(1)].map((routes) => kindIn({ ...CLOSED, routes: { ...CLOSED.routes, app: routes } }))).toEqual(['none', 'open']);
});
