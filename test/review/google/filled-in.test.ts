/**
 * First plans as the real provider prints them: a block that nobody writes and that the provider fills in is
 * not known, and is no block of somebody's that the plan hides.
 * https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/google/services/container/resource_container_node_pool.go
 */
import { asPlan, type Resources } from '../as-plan';
import { review } from './reviewing';

const network = '${google_compute_network.n.id}';
const subnetwork = '${google_compute_subnetwork.s.id}';
const NETWORK: Resources = {
  google_compute_network: { n: { name: 'n', auto_create_subnetworks: false } },
  google_compute_subnetwork: { s: { name: 's', network, region: 'r', ip_cidr_range: '10.0.0.0/24' } },
};

type Unknown = Record<string, Record<string, unknown>>;

function firstPlan(resources: Resources, unknown: Unknown): any {
  const plan = asPlan(resources);
  for (const { address, change } of plan.resource_changes) Object.assign(change.after_unknown, unknown[address]);
  return plan;
}

const CLUSTER = { name: 'k', network, subnetwork, remove_default_node_pool: true };
const CLUSTER_FILLED = { node_pool: true, node_config: true, ip_allocation_policy: true, cluster_autoscaling: true, node_pool_auto_config: true };
const POOL = { cluster: '${google_container_cluster.k.name}', node_config: [{ machine_type: 'e2-small' }] };

describe('node pools', () => {
  const reviewed = (cluster: object, hidden: object) => review(firstPlan(
    { ...NETWORK, google_container_cluster: { k: { ...CLUSTER, ...cluster } }, google_container_node_pool: { p: POOL } },
    { 'google_container_cluster.k': { ...CLUSTER_FILLED, ...hidden }, 'google_container_node_pool.p': { network_config: true } },
  ));

  test('have what their cluster says, and stand for it', () => {
    const { kinds, findings } = reviewed({ private_cluster_config: [{ enable_private_nodes: true }] }, {});
    expect(kinds).toEqual({ 'google_container_node_pool.p 4': 'none', 'google_container_node_pool.p 6': 'none' });
    expect(findings.filter((each) => /serverless|external-address|verdict-unknown/.test(each))).toEqual([]);
  });

  test('of a cluster that says nothing have public addresses', () => {
    const { kinds, findings } = reviewed({}, { private_cluster_config: true });
    expect(kinds['google_container_node_pool.p 4']).toBe('open');
    expect(findings).toContain('external-address google_container_node_pool.p');
  });

  test('that exist are not what is filled in: there a block that is not known is somebody\'s', () => {
    const plan = firstPlan(
      { ...NETWORK, google_container_cluster: { k: { ...CLUSTER, private_cluster_config: [{ enable_private_nodes: true }] } }, google_container_node_pool: { p: POOL } },
      { 'google_container_node_pool.p': { network_config: true } },
    );
    const pool = plan.resource_changes.find(({ type }: { type: string }) => type === 'google_container_node_pool');
    pool.change.actions = ['update'];
    pool.change.before = structuredClone(pool.change.after);
    expect(review(plan).kinds['google_container_node_pool.p 4']).toBe('unknown');
  });
});

test('an environment of Composer that says nothing of addresses has public ones', () => {
  const config = [{ node_config: [{ network, subnetwork }], software_config: [{ image_version: 'composer-2-airflow-2' }] }];
  const plan = firstPlan({ ...NETWORK, google_composer_environment: { c: { name: 'c', config } } }, {});
  const { change } = plan.resource_changes.find(({ type }: { type: string }) => type === 'google_composer_environment');
  change.after_unknown.config = [{ ...change.after_unknown.config?.[0], private_environment_config: true, enable_private_environment: true }];
  expect(review(plan).kinds['google_composer_environment.c 4']).toBe('open');
});

test('a pool of build workers that says nothing of its machines has public addresses', () => {
  const plan = firstPlan({ google_cloudbuild_worker_pool: { p: { name: 'p', location: 'r' } } }, { 'google_cloudbuild_worker_pool.p': { worker_config: true } });
  expect(review(plan).kinds['google_cloudbuild_worker_pool.p 4']).toBe('open');
});

test('workstations that say nothing of their machines have public addresses', () => {
  const plan = firstPlan({
    ...NETWORK,
    google_workstations_workstation_cluster: { c: { workstation_cluster_id: 'c', network, subnetwork } },
    google_workstations_workstation_config: { w: { workstation_cluster_id: '${google_workstations_workstation_cluster.c.workstation_cluster_id}' } },
  }, { 'google_workstations_workstation_config.w': { host: true } });
  expect(review(plan).kinds['google_workstations_workstation_config.w 4']).toBe('open');
});
