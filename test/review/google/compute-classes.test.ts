/** Pools that GKE adds for objects of a cluster, and the accounts that their nodes run as. */
import { ref } from '../sound-stack';
import { review } from './reviewing';

const ACCOUNT = 'out@acme.iam.gserviceaccount.com';
const all = (name: string, more: object) => ({ name, network: ref('google_compute_network', 'v'), direction: 'EGRESS', destination_ranges: ['0.0.0.0/0'], ...more });
/** Nodes leave by NAT, and rules let out those of one account alone. */
const cluster = (settings: object, more: object = {}, target: string = ACCOUNT) => review({ resource: {
  google_compute_network: { v: { name: 'v', auto_create_subnetworks: false } },
  google_compute_subnetwork: { s: { name: 's', network: ref('google_compute_network', 'v'), ip_cidr_range: '10.0.0.0/24', region: 'europe-west1' } },
  google_compute_firewall: { deny: all('deny', { priority: 1000, deny: [{ protocol: 'all' }] }), allow: all('allow', { priority: 500, allow: [{ protocol: 'all' }], target_service_accounts: [target] }) },
  google_compute_router: { r: { name: 'r', network: ref('google_compute_network', 'v'), region: 'europe-west1' } },
  google_compute_router_nat: { n: { name: 'n', router: ref('google_compute_router', 'r', 'name'), region: 'europe-west1', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } },
  google_container_cluster: { c: { name: 'c', location: 'europe-west1', network: ref('google_compute_network', 'v'), subnetwork: ref('google_compute_subnetwork', 's'), private_cluster_config: [{ enable_private_nodes: true }], ...settings } },
  ...more,
} }).verdicts.filter(({ place, family }) => family === 4 && /google_container_cluster/.test(place.id)).map(({ kind }) => kind);
const computeClass = (serviceAccount: string, apiVersion = 'cloud.google.com/v1') => ({ apiVersion, kind: 'ComputeClass', metadata: { name: 'c' }, spec: { priorities: [{ machineFamily: 'n2' }], nodePoolAutoCreation: { enabled: true }, nodePoolConfig: { serviceAccount } } });
const standard = { remove_default_node_pool: true, initial_node_count: 1 };
const pool = { google_container_node_pool: { p: { name: 'p', cluster: ref('google_container_cluster', 'c') } } };

test.each([
  ['an object', { kubernetes_manifest: { k: { manifest: computeClass(ACCOUNT) } } }],
  ['a text', { kubectl_manifest: { k: { yaml_body: JSON.stringify(computeClass(ACCOUNT)) } } }],
])('%s: nodes may run as the account of a class, also of a cluster that keeps no pool of its own', (_, object) => {
  expect(cluster({ enable_autopilot: true }, object)).toEqual(['unknown']);
  expect(cluster(standard, { ...pool, ...object })).toEqual(['unknown']);
});

test('by the account that the plan makes', () => {
  const account = { google_service_account: { out: { account_id: 'out' } } };
  const email = ref('google_service_account', 'out', 'email');
  expect(cluster({ enable_autopilot: true }, { ...account, kubernetes_manifest: { k: { manifest: computeClass(email) } } }, email)).toEqual(['unknown']);
});

test('other accounts and other objects change nothing', () => {
  expect(cluster({ enable_autopilot: true })).toEqual(['none']);
  expect(cluster({ enable_autopilot: true }, { kubernetes_manifest: { k: { manifest: computeClass('in@acme.iam.gserviceaccount.com') } } })).toEqual(['none']);
  expect(cluster({ enable_autopilot: true }, { kubernetes_manifest: { k: { manifest: computeClass(ACCOUNT, 'example.com/v1') } } })).toEqual(['none']);
  expect(cluster(standard, pool)).toEqual([]);
});
