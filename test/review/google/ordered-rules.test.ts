/** Random policies and rules, one above the other: what the review says of each packet against what becomes of it. */
import { withHidden } from './hiding';
import { holds } from './holding';
import { orderedRules } from './ordered-rules';
import { asStack, type Part } from './random-networks';
import { verdictsOf } from './reviewing';
import { PACKETS, RulePackets } from './rule-packets';

/** @param shown what the review reads */
function compare(parts: readonly Part[], shown: readonly Part[] = parts) {
  const { verdicts } = verdictsOf(asStack(shown));
  const walk = new RulePackets(parts);
  const [missed, alarms] = [new Set<string>(), new Set<string>()];
  const seen = { out: 0, listed: 0, refused: 0, lost: 0 };
  for (const machine of parts.filter(({ type }) => type === 'google_compute_instance')) {
    for (const packet of PACKETS) {
      const { kind, openTraffic = [], doubtfulTraffic = [] } = verdicts.find(({ family, place }) => family === packet.family && place.id === `google_compute_instance.${machine.name}`)!;
      const fates = walk.fatesOf(machine, packet);
      for (const fate of fates) seen[fate] += 1;
      const isOpen = holds(openTraffic, packet);
      const text = `${machine.name} to ${packet.protocol}/${packet.port} of ${packet.to}`;
      if ((fates.has('out') || fates.has('lost')) && !isOpen && !holds(doubtfulTraffic, packet)) missed.add(text);
      if (fates.has('listed') && kind === 'none') missed.add(text);
      if (!fates.has('out') && !fates.has('listed') && isOpen) alarms.add(text);
      // A plan of which everything is known leaves no doubt but behind the tunnel.
      if (!fates.has('lost') && !fates.has('listed') && holds(doubtfulTraffic, packet)) alarms.add(text);
    }
  }
  return { missed: [...missed], alarms: [...alarms], seen };
}

test('every packet that random rules let out is told, and no other', () => {
  const all = Array.from({ length: 200 }, (_, seed) => {
    const { missed, alarms, seen } = compare(orderedRules(seed));
    expect({ seed, missed, alarms }).toEqual({ seed, missed: [], alarms: [] });
    return seen;
  });
  for (const fate of ['out', 'listed', 'refused', 'lost'] as const) expect(all.filter((seen) => seen[fate] > 0).length).toBeGreaterThan(20);
});

test('what is not known of rules closes nothing', () => {
  for (let seed = 0; seed < 150; seed += 1) {
    const parts = orderedRules(seed);
    // Who gives a policy to a folder that its rules do not stand below is left alone.
    const hidden = withHidden(parts, seed, ({ type }) => !['google_folder', 'google_project', 'google_compute_firewall_policy_association'].includes(type));
    expect({ seed, missed: compare(parts, hidden).missed }).toEqual({ seed, missed: [] });
  }
});

const withMatch = (part: Part, change: (match: any) => object): Part => (part.values.match ? { ...part, values: { ...part.values, match: part.values.match.map(change) } } : part);

test.each<[string, (part: Part) => Part | undefined]>([
  ['the order of the network', (part) => (part.type === 'google_compute_network' ? { ...part, values: { ...part.values, network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' } } : part)],
  ['policies of folders', (part) => (part.type.startsWith('google_compute_firewall_policy') ? undefined : part)],
  ['targets', (part) => ({ ...part, values: { ...part.values, target_tags: undefined, target_service_accounts: undefined, target_secure_tags: undefined } })],
  ['goto_next', (part) => (part.values.action === 'goto_next' ? { ...part, values: { ...part.values, action: 'deny' } } : part)],
  ['ports and protocols', (part) => withMatch(part, (match) => ({ ...match, layer4_configs: [{ ip_protocol: 'all' }] }))],
  ['network contexts', (part) => withMatch(part, ({ dest_network_context: _, ...match }) => match)],
  ['disabled rules', (part) => ({ ...part, values: { ...part.values, disabled: false } })],
  ['regions', (part) => ({ ...part, values: { ...part.values, ...(part.values.region === 'r2' ? { region: 'r1' } : {}) } })],
])('a review that does not see %s is caught', (_, see) => {
  const isCaught = (seed: number): boolean => {
    const parts = orderedRules(seed);
    return compare(parts, parts.flatMap((part) => see(part) ?? [])).missed.length > 0;
  };
  expect(Array.from({ length: 300 }, (__, seed) => seed).some(isCaught)).toBe(true);
});

const to = (name: string, attr = 'id') => ({ ref: `google_${name}`, attr });
const part = (type: string, name: string, values: object): Part => ({ type: `google_${type}`, name, values });
const ALL = [{ ip_protocol: 'all' }];

/** One machine with a public address, in the project of a folder. */
function below(folder: string, policies: readonly Part[], ...others: readonly Part[]): readonly Part[] {
  return [
    part('folder', 'outer', { display_name: 'outer', parent: 'organizations/1' }),
    part('folder', 'inner', { display_name: 'inner', parent: to('folder.outer', 'name') }),
    part('project', 'p', { name: 'p', project_id: 'p', folder_id: to(`folder.${folder}`, 'name') }),
    part('compute_network', 'n', { name: 'n', project: to('project.p', 'project_id'), auto_create_subnetworks: false }),
    part('compute_subnetwork', 's', { name: 's', network: to('compute_network.n'), region: 'r', ip_cidr_range: '10.0.0.0/24' }),
    part('compute_instance', 'app', { name: 'app', zone: 'r-a', network_interface: [{ subnetwork: to('compute_subnetwork.s'), access_config: [{}] }] }),
    ...policies, ...others,
  ];
}

/** A policy of a folder or an organization with one rule for everything. */
function policyFor(name: string, attachment_target: unknown, action: string, rule: object = {}, type = 'compute_firewall_policy'): readonly Part[] {
  return [
    part('compute_firewall_policy', name, { short_name: name, parent: 'organizations/1' }),
    part(`${type}_association`, name, { name, attachment_target, firewall_policy: to(`${type}.${name}`) }),
    part(`${type}_rule`, name, { firewall_policy: to(`${type}.${name}`), priority: 1, direction: 'EGRESS', action, match: [{ layer4_configs: ALL, dest_ip_ranges: ['0.0.0.0/0'] }], ...rule }),
  ];
}

const kind = (parts: readonly Part[]) => verdictsOf(asStack(parts)).verdicts.find(({ family, place }) => family === 4 && place.id === 'google_compute_instance.app')!.kind;
const INNER = to('folder.inner', 'name');
const OUTER = to('folder.outer', 'name');
const HERE = { target_resources: [to('compute_network.n', 'self_link')] };

describe('policies of folders and organizations', () => {
  test('hold for what the plan shows to be below them', () => {
    expect(['outer', 'inner'].map((folder) => kind(below(folder, policyFor('a', OUTER, 'deny'))))).toEqual(['none', 'none']);
    expect(['outer', 'inner'].map((folder) => kind(below(folder, policyFor('a', 'organizations/1', 'deny'))))).toEqual(['none', 'none']);
  });

  test('close nothing beside or beneath a network', () => {
    expect(kind(below('outer', policyFor('a', INNER, 'deny', HERE)))).toBe('open');
    expect(kind(below('outer', policyFor('a', 'organizations/2', 'deny', HERE)))).toBe('open');
    expect(kind(below('inner', policyFor('a', INNER, 'deny', HERE)))).toBe('none');
  });

  test('open nothing beside or beneath a network', () => {
    const refused = part('compute_firewall', 'f', { name: 'f', network: to('compute_network.n'), direction: 'EGRESS', deny: [{ protocol: 'all' }], destination_ranges: ['0.0.0.0/0'] });
    expect(kind(below('outer', policyFor('a', INNER, 'allow'), refused))).toBe('none');
    expect(kind(below('inner', policyFor('a', INNER, 'allow'), refused))).toBe('open');
  });

  test('are asked from the top, in whichever order the plan has them', () => {
    expect(kind(below('inner', [...policyFor('a', INNER, 'deny', HERE), ...policyFor('b', OUTER, 'allow', HERE)]))).toBe('open');
    expect(kind(below('inner', [...policyFor('a', OUTER, 'deny', HERE), ...policyFor('b', 'organizations/1', 'allow', HERE)]))).toBe('open');
    expect(kind(below('inner', [...policyFor('a', INNER, 'allow', HERE), ...policyFor('b', OUTER, 'deny', HERE)]))).toBe('none');
  });

  test('may be for other networks where a rule does not tell for which', () => {
    expect(kind(below('inner', policyFor('a', INNER, 'deny', { target_resources: '${var.networks}' })))).toBe('unknown');
  });

  test('may have rules that the plan does not tell', () => {
    const hidden = [part('compute_firewall_policy_with_rules', 'a', { short_name: 'a', parent: 'organizations/1', rule: '${var.rules}' }), part('compute_firewall_policy_association', 'a', { name: 'a', attachment_target: OUTER, firewall_policy: to('compute_firewall_policy_with_rules.a') })];
    const refused = part('compute_firewall', 'f', { name: 'f', network: to('compute_network.n'), direction: 'EGRESS', deny: [{ protocol: 'all' }], destination_ranges: ['0.0.0.0/0'] });
    expect([[], hidden].map((policies) => kind(below('outer', policies, refused)))).toEqual(['none', 'unknown']);
  });
});

// https://docs.cloud.google.com/firewall/docs/understand-network-contexts
describe('a rule for packets to the internet', () => {
  const context = (dest_network_context: string) => ({ match: [{ layer4_configs: ALL, dest_ip_ranges: ['0.0.0.0/0'], dest_network_context }] });
  const tunnel = part('compute_route', 'office', { name: 'office', network: to('compute_network.n'), dest_range: '0.0.0.0/0', priority: 1, next_hop_vpn_tunnel: 'projects/p/regions/r/vpnTunnels/elsewhere' });
  const denied = policyFor('z', INNER, 'deny', { priority: 9 });

  test('stops none that another route takes than one to the internet gateway', () => {
    expect([[], [tunnel]].map((routes) => kind(below('inner', policyFor('a', INNER, 'deny', context('INTERNET')), ...routes)))).toEqual(['none', 'unknown']);
  });

  test('is none for what such a route takes, to whichever address', () => {
    const allowed = policyFor('a', OUTER, 'allow', context('NON_INTERNET'));
    expect([[], [tunnel]].map((routes) => kind(below('inner', [...allowed, ...denied], ...routes)))).toEqual(['none', 'unknown']);
    expect(kind(below('inner', [...policyFor('a', OUTER, 'allow', context('INTERNET')), ...denied], tunnel))).toBe('none');
    expect(kind(below('inner', [...policyFor('a', OUTER, 'deny', context('NON_INTERNET'))], tunnel))).toBe('none');
  });

  test('of which a part is meant may mean what such a route takes', () => {
    expect(kind(below('inner', [...policyFor('a', OUTER, 'allow', context('INTRA_VPC')), ...denied], tunnel))).toBe('unknown');
    expect(kind(below('inner', policyFor('a', OUTER, 'deny', context('INTRA_VPC')), tunnel))).toBe('unknown');
    const last = part('compute_firewall_policy_rule', 'last', { firewall_policy: to('compute_firewall_policy.a'), priority: 9, direction: 'EGRESS', action: 'deny', match: [{ layer4_configs: ALL, dest_ip_ranges: ['0.0.0.0/0'] }] });
    expect(kind(below('inner', [...policyFor('a', OUTER, 'goto_next', context('INTRA_VPC')), last], tunnel))).toBe('unknown');
  });
});

test('a rule whose direction is not known may be for what it names as destinations', () => {
  const refused = part('compute_firewall', 'f', { name: 'f', network: to('compute_network.n'), direction: 'EGRESS', deny: [{ protocol: 'all' }], destination_ranges: ['0.0.0.0/0'] });
  expect(kind(below('inner', policyFor('a', INNER, 'allow', { direction: '${var.direction}', match: [{ layer4_configs: ALL, dest_ip_ranges: ['0.0.0.0/0'], src_ip_ranges: ['10.0.0.0/8'] }] }), refused))).toBe('unknown');
  const first = part('compute_firewall', 'g', { name: 'g', network: to('compute_network.n'), direction: '${var.direction}', priority: 1, allow: [{ protocol: 'all' }], destination_ranges: ['0.0.0.0/0'] });
  expect(kind(below('inner', [], refused, first))).toBe('unknown');
});
