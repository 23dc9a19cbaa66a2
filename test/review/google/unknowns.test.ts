/** Nothing that a plan hides makes a verdict milder, and nothing that it holds makes the review fail. */
import fc from 'fast-check';
import { mutations } from '../../contract/google.observer';
import { fixture, synthesized, type Synthesized } from '../../fixtures/stacks';
import { review, stack, verdictsOf } from './reviewing';

type Path = readonly (string | number)[];

const RANK: Readonly<Record<string, number>> = { none: 0, allowlisted: 1, unknown: 2, open: 3 };

/** What names things: without it a subnet is no longer known to be a segment, and cannot be compared. */
const NAMES = new Set(['name', 'short_name', 'description', 'rule_name', '//', 'depends_on', 'path', 'uniqueId', 'purpose_data', 'parent']);

function leaves(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value) ? value.map((item, index) => [index, item]) : Object.entries(value);
  return entries.filter(([key]) => !isAttribute(path) || !NAMES.has(String(key))).flatMap(([key, item]) => (key === '//' ? [] : leaves(item, [...path, key])));
}

/** Of a resource itself, and not of a block in it. */
function isAttribute(path: Path): boolean {
  return path.length === (path[0] === 'resource' ? 3 : 2);
}

function replaced(value: any, path: Path, by: (old: unknown) => unknown): unknown {
  const copy = structuredClone(value);
  const parent = path.slice(0, -1).reduce((at, key) => at[key], copy);
  const last = path[path.length - 1] as string | number;
  const next = by(parent[last]);
  if (next === undefined) delete parent[last];
  else parent[last] = next;
  return copy;
}

/** The worst that is known of each place, by segment and family. */
function ranks(document: unknown): Record<string, number> {
  return Object.fromEntries(verdictsOf(document).verdicts.map(({ place, family, kind }) => [`${place.segment ?? place.id} ${family}`, RANK[kind] as number]));
}

let full: Synthesized;
beforeAll(async () => {
  full = await synthesized(fixture('full'));
});

test('a value that becomes unknown never closes anything', () => {
  const opened = mutations.filter(({ name }) => /0\.0\.0\.0\/0 for one segment/.test(name));
  for (const mutate of [undefined, ...opened]) {
    const document = full.stack('google-prod');
    mutate?.mutate(document);
    const before = ranks(document);
    for (const path of leaves(document.resource, ['resource'])) {
      const after = ranks(replaced(document, path, () => '${var.hidden}'));
      const milder = Object.entries(before).filter(([who, rank]) => (after[who] ?? 3) < Math.min(rank, RANK['unknown'] as number));
      expect({ mutation: mutate?.name, path: path.join('.'), milder }).toEqual({ mutation: mutate?.name, path: path.join('.'), milder: [] });
    }
  }
}, 120_000);

/** Machines, clusters and services, each with another way out. */
const WORKLOADS = {
  google_compute_network: { n: { name: 'n', auto_create_subnetworks: false, delete_default_routes_on_create: false, network_firewall_policy_enforcement_order: 'AFTER_CLASSIC_FIREWALL' } },
  google_compute_subnetwork: { s: { name: 's', network: '${google_compute_network.n.id}', region: 'r', ip_cidr_range: '10.0.0.0/24', stack_type: 'IPV4_IPV6', ipv6_access_type: 'EXTERNAL' } },
  google_compute_router: { r: { name: 'r', network: '${google_compute_network.n.id}', region: 'r' } },
  google_compute_router_nat: { t: { name: 't', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS', subnetwork: [{ name: '${google_compute_subnetwork.s.id}', source_ip_ranges_to_nat: ['ALL_IP_RANGES'] }] } },
  google_service_account: { a: { account_id: 'a' } },
  google_compute_firewall: {
    deny: { name: 'deny', network: '${google_compute_network.n.id}', direction: 'EGRESS', priority: 900, deny: [{ protocol: 'all' }], target_tags: ['locked'] },
    allow: { name: 'allow', network: '${google_compute_network.n.id}', direction: 'EGRESS', priority: 800, allow: [{ protocol: 'tcp', ports: ['443'] }], target_service_accounts: ['${google_service_account.a.email}'] },
  },
  google_compute_instance: {
    nat: { name: 'nat', zone: 'r-a', network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}' }] },
    locked: { name: 'locked', zone: 'r-a', tags: ['locked'], service_account: [{ email: '${google_service_account.a.email}' }], network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}' }] },
    six: { name: 'six', zone: 'r-a', tags: ['locked'], network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}', stack_type: 'IPV4_IPV6', ipv6_access_config: [{ network_tier: 'PREMIUM' }] }] },
  },
  google_container_cluster: { k: { name: 'k', network: '${google_compute_network.n.id}', subnetwork: '${google_compute_subnetwork.s.id}', private_cluster_config: { enable_private_nodes: false } } },
  google_cloud_run_v2_service: { c: { name: 'c', location: 'r', template: { vpc_access: { egress: 'ALL_TRAFFIC', network_interfaces: [{ network: '${google_compute_network.n.id}', subnetwork: '${google_compute_subnetwork.s.id}' }] } } } },
};

test('nor for machines, clusters and services', () => {
  const document = stack(WORKLOADS);
  const before = ranks(document);
  expect(new Set(Object.values(before))).toEqual(new Set([0, 3]));
  for (const path of leaves(WORKLOADS)) {
    const after = ranks(replaced(document, ['resource', ...path], () => '${var.hidden}'));
    const milder = Object.entries(before).filter(([who, rank]) => (after[who] ?? 3) < Math.min(rank, RANK['unknown'] as number));
    expect({ path: path.join('.'), milder }).toEqual({ path: path.join('.'), milder: [] });
  }
});

test('no document makes it fail', () => {
  const sound = full.stack('google-prod');
  const all = leaves(sound.resource, ['resource']);
  const anything = fc.oneof(fc.constant(undefined), fc.constant(null), fc.integer(), fc.string(), fc.constant([]), fc.constant({}), fc.constant([null]), fc.constant([{}]), fc.boolean(),
    fc.constant('0.0.0.0/0'), fc.constant('${google_compute_network.none.id}'), fc.constant({ a: [{ b: null }] }));
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(4), anything), { minLength: 1, maxLength: 12 }), (changes) => {
    let document: unknown = sound;
    for (const [index, up, value] of changes) {
      const path = (all[index % all.length] as Path);
      const shorter = path.slice(0, Math.max(4, path.length - up));
      try {
        document = replaced(document, shorter, () => value);
      } catch {
        // An earlier change took the parent away.
      }
    }
    expect(review(document, full.policy).verdicts.length).toBeGreaterThan(0);
  }), { numRuns: 100 });
}, 120_000);
