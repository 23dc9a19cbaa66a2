/** Services that run somebody's code, each as it is by default and as it is when it is closed: what is not told to stay inside leaves. */
import { review, stack, verdictsOf } from './reviewing';

type Resources = Record<string, Record<string, any>>;

/** A network without a way out. */
const NETWORK: Resources = {
  google_compute_network: { n: { name: 'n', auto_create_subnetworks: false, delete_default_routes_on_create: true } },
  google_compute_subnetwork: { s: { name: 's', network: '${google_compute_network.n.id}', region: 'r', ip_cidr_range: '10.0.0.0/24' } },
};
const ROUTE: Resources = {
  google_compute_route: { r: { name: 'r', network: '${google_compute_network.n.id}', dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway' } },
};
const NAT: Resources = {
  google_compute_router: { r: { name: 'r', network: '${google_compute_network.n.id}', region: 'r' } },
  google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } },
};

const network = '${google_compute_network.n.id}';
const subnetwork = '${google_compute_subnetwork.s.id}';
const RUNTIME = (more: object) => ({ virtual_machine: { virtual_machine_config: { network, subnet: subnetwork, ...more } } });
const COMPOSER = (more: object, node: object = {}) => ({ config: { node_config: { network, subnetwork, ...node }, ...more } });
const COMPOSER3 = (node: object) => ({ config: { node_config: node, enable_private_environment: true, software_config: { image_version: 'composer-3-airflow-2' } } });
const ATTACHMENT = { google_compute_network_attachment: { a: { name: 'a', region: 'r', subnetworks: [subnetwork], connection_preference: 'ACCEPT_MANUAL' } } };
const ATTACHED = '${google_compute_network_attachment.a.id}';
const SQL = (network_attachment_uri: string) => ({ database_version: 'POSTGRES_17', settings: { ip_configuration: { ipv4_enabled: false, psc_config: [{ psc_enabled: true, network_attachment_uri }] } } });
const FUSED = { type: 'ENTERPRISE', private_instance: true, network_config: { connection_type: 'PRIVATE_SERVICE_CONNECT_INTERFACES', private_service_connect_config: { network_attachment: ATTACHED } } };
/** Its first interface is in a network without any route; in that with the attachment it has one by that. */
const MACHINE = { zone: 'r-a', network_interface: [{ subnetwork: '${google_compute_subnetwork.own.id}' }, { network_attachment: ATTACHED }] };
const OWN: Resources = {
  google_compute_network: { n: NETWORK.google_compute_network?.n, own: { name: 'own', auto_create_subnetworks: false, delete_default_routes_on_create: true } },
  google_compute_subnetwork: { s: NETWORK.google_compute_subnetwork?.s, own: { name: 'own', network: '${google_compute_network.own.id}', region: 'r', ip_cidr_range: '10.0.9.0/24' } },
};
const POOL_PEERING = { google_compute_network_peering_routes_config: { p: { network: '${google_compute_network.n.name}', peering: 'servicenetworking-googleapis-com', import_custom_routes: false, export_custom_routes: true } } };

const SEVERAL = (more: object) => ({ network, subnetwork, private_cluster_config: { enable_private_nodes: true }, ...more });
/** A second subnet, the only one with a NAT. */
const SECOND: Resources = {
  ...ROUTE, google_compute_router: NAT.google_compute_router ?? {}, google_compute_subnetwork: { s: NETWORK.google_compute_subnetwork?.s, t: { name: 't', network, region: 'r', ip_cidr_range: '10.0.1.0/24' } },
  google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS', subnetwork: [{ name: '${google_compute_subnetwork.t.id}', source_ip_ranges_to_nat: ['ALL_IP_RANGES'] }] } },
};
const PRIVATE_JOB = { name: 'd', ip_configuration: 'WORKER_IP_PRIVATE', subnetwork };
/** A route for a tag, and a NAT. */
const tagged = (tag: string): Resources => ({ google_compute_route: { r: { ...ROUTE.google_compute_route?.r, tags: [tag] } }, ...NAT });
const RUN = (more: object, template: object = {}) => ({ template: [{ vpc_access: [{ egress: 'ALL_TRAFFIC', network_interfaces: [{ subnetwork }] }], ...template }], ...more });
const CONNECT = { gcp_config: { access_config: { network_configs: [{ primary_subnet: subnetwork }] } } };

const APPLIANCE = { google_compute_route: { r: { name: 'r', network: '${google_compute_network.n.id}', dest_range: '0.0.0.0/0', next_hop_ip: '10.0.0.9' } } };

/** The verdict of IPv4, by what stands in the resource; `also`: other resources. */
const CASES: readonly (readonly [type: string, says: string, values: object, kind: string, also?: Resources])[] = [
  ['google_app_engine_flexible_app_version', 'nothing: public addresses', { network: { name: '${google_compute_network.n.name}', subnetwork: '${google_compute_subnetwork.s.name}' } }, 'open', ROUTE],
  ['google_app_engine_flexible_app_version', 'internal addresses', { network: { name: '${google_compute_network.n.name}', subnetwork: '${google_compute_subnetwork.s.name}', instance_ip_mode: 'INTERNAL' } }, 'none', ROUTE],
  ['google_app_engine_flexible_app_version', 'no network: the default one', { runtime: 'nodejs' }, 'open'],
  ['google_notebooks_runtime', 'nothing: public addresses', RUNTIME({}), 'open', ROUTE],
  ['google_notebooks_runtime', 'internal_ip_only', RUNTIME({ internal_ip_only: true }), 'none', ROUTE],
  ['google_colab_runtime_template', 'internet access', { network_spec: { enable_internet_access: true, network, subnetwork } }, 'open'],
  ['google_colab_runtime_template', 'no internet access', { network_spec: { enable_internet_access: false, network, subnetwork } }, 'none'],
  ['google_colab_runtime_template', 'nothing', {}, 'unknown'],
  ['google_cloudbuild_worker_pool', 'nothing: public addresses', { worker_config: { disk_size_gb: 100 } }, 'open'],
  ['google_cloudbuild_worker_pool', 'no_external_ip', { worker_config: { no_external_ip: true }, network_config: { peered_network: network } }, 'none'],
  ['google_cloudbuild_worker_pool', 'no_external_ip, with a peering that gives it routes', { worker_config: { no_external_ip: true }, network_config: { peered_network: network } }, 'unknown', { ...POOL_PEERING, ...APPLIANCE }],
  ['google_cloudbuild_worker_pool', 'no_external_ip, with a peering that could, where no route leads out but to the gateway', { worker_config: { no_external_ip: true }, network_config: { peered_network: network } }, 'none', { ...POOL_PEERING, ...ROUTE }],
  ['google_cloudbuild_worker_pool', 'a network attachment of another plan', { private_service_connect: { network_attachment: 'a', disable_public_ip_address: true, route_all_traffic: true } }, 'unknown'],
  ['google_cloudbuild_worker_pool', 'a network attachment', { private_service_connect: { network_attachment: ATTACHED, disable_public_ip_address: true } }, 'none', ATTACHMENT],
  ['google_cloudbuild_worker_pool', 'a network attachment behind a NAT', { private_service_connect: { network_attachment: ATTACHED, disable_public_ip_address: true } }, 'open', { ...ATTACHMENT, ...ROUTE, ...NAT }],
  ['google_cloudbuild_worker_pool', 'a network attachment beside public addresses', { private_service_connect: { network_attachment: ATTACHED } }, 'open', ATTACHMENT],
  ['google_data_fusion_instance', 'a network attachment', FUSED, 'none', ATTACHMENT],
  ['google_data_fusion_instance', 'a network attachment behind a NAT', FUSED, 'open', { ...ATTACHMENT, ...ROUTE, ...NAT }],
  ['google_compute_instance', 'a network attachment beside its own network', MACHINE, 'none', { ...ATTACHMENT, ...OWN }],
  ['google_compute_instance', 'a network attachment behind a NAT beside its own network', MACHINE, 'open', { ...ATTACHMENT, ...OWN, ...ROUTE, ...NAT }],
  ['google_cloudbuild_trigger', 'steps: the default pool', { build: { step: [{ name: 'a' }] } }, 'open'],
  ['google_cloudbuild_trigger', 'a build file', { filename: 'cloudbuild.yaml' }, 'unknown'],
  ['google_data_fusion_instance', 'nothing: public addresses', { type: 'BASIC' }, 'open'],
  ['google_data_fusion_instance', 'private_instance', { private_instance: true }, 'none'],
  ['google_alloydb_instance', 'an outbound public address', { network_config: { enable_outbound_public_ip: true } }, 'open'],
  ['google_alloydb_instance', 'a network attachment', { psc_instance_config: { psc_interface_configs: [{ network_attachment_resource: ATTACHED }] } }, 'none', ATTACHMENT],
  ['google_alloydb_instance', 'a network attachment behind a NAT', { psc_instance_config: { psc_interface_configs: [{ network_attachment_resource: ATTACHED }] } }, 'open', { ...ATTACHMENT, ...ROUTE, ...NAT }],
  ['google_sql_database_instance', 'a network attachment', SQL(ATTACHED), 'none', ATTACHMENT],
  ['google_sql_database_instance', 'a network attachment behind a NAT', SQL(ATTACHED), 'open', { ...ATTACHMENT, ...ROUTE, ...NAT }],
  ['google_sql_database_instance', 'a network attachment of another plan', SQL('projects/p/regions/r/networkAttachments/a'), 'unknown'],
  ['google_vmwareengine_network_policy', 'internet access', { internet_access: { enabled: true } }, 'open'],
  ['google_dataproc_batch', 'a subnet behind a NAT', { environment_config: { execution_config: { subnetwork_uri: subnetwork } } }, 'open', { ...ROUTE, ...NAT }],
  ['google_dataproc_batch', 'a subnet without', { environment_config: { execution_config: { subnetwork_uri: subnetwork } } }, 'none', ROUTE],
  ['google_dataproc_session_template', 'a subnet behind a NAT', { environment_config: { execution_config: { subnetwork_uri: subnetwork } } }, 'open', { ...ROUTE, ...NAT }],
  ['google_dataproc_workflow_template', 'nothing: public addresses', { placement: { managed_cluster: { config: { gce_cluster_config: { subnetwork } } } } }, 'open', ROUTE],
  ['google_dataproc_workflow_template', 'internal_ip_only', { placement: { managed_cluster: { config: { gce_cluster_config: { subnetwork, internal_ip_only: true } } } } }, 'none', ROUTE],
  ['google_composer_environment', 'nothing: public addresses', COMPOSER({}), 'open', ROUTE],
  ['google_composer_environment', 'a private environment of Composer 2', COMPOSER({ private_environment_config: { enable_private_endpoint: false } }), 'none', ROUTE],
  ['google_composer_environment', 'a private environment of Composer 3', COMPOSER({ enable_private_environment: true, software_config: { image_version: 'composer-3-airflow-2' } }), 'none', ROUTE],
  ['google_composer_environment', 'Composer 3, whose Airflow is in no network of ours', COMPOSER({ software_config: { image_version: 'composer-3-airflow-2' } }), 'open'],
  ['google_composer_environment', 'a private environment of Composer 3 in no network', COMPOSER3({}), 'none'],
  ['google_composer_environment', 'Composer 3 with a network attachment', COMPOSER3({ composer_network_attachment: '${google_compute_network_attachment.a.id}' }), 'none', ATTACHMENT],
  ['google_composer_environment', 'Composer 3 with a network attachment behind a NAT', COMPOSER3({ composer_network_attachment: '${google_compute_network_attachment.a.id}' }), 'open', { ...ATTACHMENT, ...ROUTE, ...NAT }],
  ['google_composer_environment', 'Composer 3 with a network attachment of another plan', COMPOSER3({ composer_network_attachment: 'projects/p/regions/r/networkAttachments/a' }), 'unknown'],
  ['google_dataflow_job', 'a subnet by its region and name', { name: 'd', ip_configuration: 'WORKER_IP_PRIVATE', subnetwork: 'regions/r/subnetworks/s' }, 'none', ROUTE],
  ['google_dataflow_job', 'a subnet by its region and name, behind a NAT', { name: 'd', ip_configuration: 'WORKER_IP_PRIVATE', subnetwork: 'regions/r/subnetworks/s' }, 'open', { ...ROUTE, ...NAT }],
  ['google_dataflow_job', 'a subnet of the same name in another region', { name: 'd', ip_configuration: 'WORKER_IP_PRIVATE', subnetwork: 'regions/q/subnetworks/s' }, 'unknown', ROUTE],
  ['google_dataflow_job', 'a tag of its own that a route is for', PRIVATE_JOB, 'open', tagged('dataflow')],
  ['google_dataflow_job', 'a tag that nothing gives it', PRIVATE_JOB, 'none', tagged('out')],
  ['google_dataflow_job', 'a tag by an experiment', { ...PRIVATE_JOB, additional_experiments: ['use_network_tags=in;out'] }, 'open', tagged('out')],
  ['google_dataflow_flex_template_job', 'a tag by an experiment for its launcher', { ...PRIVATE_JOB, additional_experiments: ['use_network_tags_for_flex_templates=out'] }, 'open', tagged('out')],
  ['google_cloud_run_v2_service', 'everything through a subnet', RUN({}), 'none', ROUTE],
  ['google_cloud_run_v2_service', 'the latest revision alone', RUN({ traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }] }), 'none', ROUTE],
  ['google_cloud_run_v2_service', 'an older revision', RUN({ traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'r-1', percent: 1 }] }), 'unknown', ROUTE],
  ['google_cloud_run_v2_service', 'its own revision by name', RUN({ traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'r-2', percent: 100 }] }, { revision: 'r-2' }), 'none', ROUTE],
  ['google_cloud_run_service', 'an older revision', { template: [{ metadata: [{ annotations: { 'run.googleapis.com/vpc-access-egress': 'all-traffic', 'run.googleapis.com/network-interfaces': '[{"network":"n","subnetwork":"s"}]' } }] }], traffic: [{ revision_name: 'r-1', percent: 100 }] }, 'unknown', ROUTE],
  ['google_workstations_workstation_config', 'nothing: public addresses', { workstation_cluster_id: '${google_workstations_workstation_cluster.c.workstation_cluster_id}', host: { gce_instance: {} } }, 'open', { ...ROUTE, google_workstations_workstation_cluster: { c: { workstation_cluster_id: 'c', network, subnetwork } } }],
  ['google_workstations_workstation_config', 'no public addresses', { workstation_cluster_id: '${google_workstations_workstation_cluster.c.workstation_cluster_id}', host: { gce_instance: { disable_public_ip_addresses: true } } }, 'none', { ...ROUTE, google_workstations_workstation_cluster: { c: { workstation_cluster_id: 'c', network, subnetwork } } }],
  ['google_workstations_workstation_config', 'a cluster by its name, as a state has it', { workstation_cluster_id: 'c', location: 'r', host: { gce_instance: { disable_public_ip_addresses: true } } }, 'none', { ...ROUTE, google_workstations_workstation_cluster: { c: { workstation_cluster_id: 'c', location: 'r', network, subnetwork } } }],
  ['google_workstations_workstation_config', 'a cluster of this name in another region', { workstation_cluster_id: 'c', location: 'q', host: { gce_instance: { disable_public_ip_addresses: true } } }, 'unknown', { ...ROUTE, google_workstations_workstation_cluster: { c: { workstation_cluster_id: 'c', location: 'r', network, subnetwork } } }],
  ['google_workstations_workstation_config', 'a cluster from elsewhere', { workstation_cluster_id: 'c', host: { gce_instance: { disable_public_ip_addresses: true } } }, 'unknown'],
  ['google_apigee_instance', 'nothing', { location: 'r' }, 'open'],
  ['google_tpu_node', 'nothing', { name: 't' }, 'unknown'],
  ['google_looker_instance', 'nothing: it delivers by itself', { name: 'l' }, 'open'],
  ['google_looker_instance', 'controlled egress', { controlled_egress_enabled: true }, 'unknown'],
  ['google_looker_instance', 'a private connection, behind a public address', { private_ip_enabled: true, public_ip_enabled: true }, 'none'],
  ['google_looker_instance', 'endpoints alone', { psc_enabled: true }, 'none'],
  ['google_looker_instance', 'a private connection that is given routes', { private_ip_enabled: true }, 'unknown', { ...POOL_PEERING, ...APPLIANCE }],
  ['google_managed_kafka_connect_cluster', 'a subnet without a way out', CONNECT, 'none', ROUTE],
  ['google_managed_kafka_connect_cluster', 'a subnet behind a NAT', CONNECT, 'open', { ...ROUTE, ...NAT }],
  ['google_workflows_workflow', 'nothing', { name: 'w' }, 'open'],
  ['google_firebase_app_hosting_backend', 'nothing', { backend_id: 'b' }, 'open'],
  ['google_vertex_ai_reasoning_engine', 'nothing', { display_name: 'e' }, 'open'],
  ['google_vertex_ai_reasoning_engine', 'a network attachment', { spec: { deployment_spec: { psc_interface_config: { network_attachment: 'a' } } } }, 'unknown'],
  ['google_compute_instance', 'a network attachment and nothing else', { zone: 'r-a', network_interface: [{ network_attachment: 'a' }] }, 'unknown'],
  ['google_compute_instance_from_machine_image', 'an image that is not in the plan', { zone: 'r-a', source_machine_image: 'i' }, 'unknown'],
  ['google_compute_region_instance_group_manager', 'a template that is not in the plan', { version: [{ instance_template: 'projects/p/global/instanceTemplates/t' }] }, 'unknown'],
  ['google_container_node_pool', 'a cluster that is not in the plan', { cluster: 'elsewhere' }, 'unknown'],
  ['google_workbench_instance', 'no public address, and one that its interface is given', { location: 'r-a', gce_setup: { disable_public_ip: true, network_interfaces: [{ network, subnet: subnetwork, access_configs: [{ external_ip: '203.0.114.9' }] }] } }, 'open', ROUTE],
  ['google_container_cluster', 'private nodes', SEVERAL({}), 'none', SECOND],
  ['google_container_cluster', 'private nodes in several subnets, of which one is behind a NAT', SEVERAL({ ip_allocation_policy: { additional_ip_ranges_config: [{ subnetwork: '${google_compute_subnetwork.t.id}', pod_ipv4_range_names: ['p'] }] } }), 'open', SECOND],
  ['google_container_cluster', 'private nodes, with a pool inside whose nodes are public', { network, subnetwork, private_cluster_config: { enable_private_nodes: true }, node_pool: [{ name: 'p', network_config: { enable_private_nodes: false } }] }, 'open', ROUTE],
];

const document = (type: string, values: object, also: Resources = {}) => stack({ ...NETWORK, ...also, [type]: { ...also[type], it: values } });
const verdictOf = (source: unknown, place: string, family = 4) => verdictsOf(source).verdicts.find((each) => each.place.addresses[0] === place && each.family === family);

for (const [type, says, values, kind, also] of CASES) {
  test(`${type} with ${says}`, () => {
    expect(verdictOf(document(type, values, also), `${type}.it`)?.kind).toBe(kind);
  });
}

test('what is not known of a service closes nothing', () => {
  const leavesOf = (value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] =>
    (typeof value !== 'object' || value === null ? [path] : Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, Array.isArray(value) ? Number(key) : key])));
  for (const [type, says, values, kind, also] of CASES.filter(([, , , each]) => each !== 'none')) {
    for (const path of leavesOf(values)) {
      const hidden = structuredClone(values) as any;
      path.slice(0, -1).reduce((at, key) => at[key], hidden)[path.at(-1) as string] = '${var.hidden}';
      const found = verdictOf(document(type, hidden, also), `${type}.it`)?.kind ?? 'gone';
      expect({ type, says, path: path.join('.'), kind, found: ['open', 'unknown'].includes(found) ? 'told' : found }).toEqual({ type, says, path: path.join('.'), kind, found: 'told' });
    }
  }
});

test('a managed group whose template the plan has is no place of its own', () => {
  const group = document('google_compute_instance_group_manager', { version: [{ instance_template: '${google_compute_instance_template.t.id}' }] }, { google_compute_instance_template: { t: { network_interface: [{ subnetwork }] } } });
  expect(verdictsOf(group).model.places.map(({ id }) => id)).toEqual(['google_compute_instance_template.t']);
});

test('a service that leaves from Google\'s own network is told as such', () => {
  const { findings } = review(document('google_cloudbuild_worker_pool', {}));
  expect(findings).toEqual(expect.arrayContaining(['open-egress google_cloudbuild_worker_pool.it', 'serverless-egress-outside-network google_cloudbuild_worker_pool.it']));
});

test('a dual-stack cluster in a subnet with public IPv6 leaves over IPv6, however private its nodes', () => {
  const cluster = (stack_type: string) => document('google_container_cluster', { network, subnetwork, private_cluster_config: { enable_private_nodes: true }, ip_allocation_policy: { stack_type } }, {
    google_compute_subnetwork: { s: { ...NETWORK['google_compute_subnetwork']!['s'], stack_type: 'IPV4_IPV6', ipv6_access_type: 'EXTERNAL' } },
  });
  expect(verdictOf(cluster('IPV4_IPV6'), 'google_container_cluster.it', 6)?.kind).toBe('open');
  expect(verdictOf(cluster('IPV4'), 'google_container_cluster.it', 6)?.kind).toBe('none');
});

test('a node pool with a second network leaves through that, too', () => {
  const pool = (configs: readonly object[]) => document('google_container_node_pool', { cluster: '${google_container_cluster.c.id}', network_config: { enable_private_nodes: true, additional_node_network_configs: configs } }, {
    google_container_cluster: { c: { network, subnetwork, remove_default_node_pool: true } },
    google_compute_network: { ...NETWORK['google_compute_network'], wide: { name: 'wide', auto_create_subnetworks: false } },
    google_compute_subnetwork: { ...NETWORK['google_compute_subnetwork'], wide: { name: 'wide', network: '${google_compute_network.wide.id}', region: 'r', ip_cidr_range: '10.9.0.0/24' } },
    google_compute_router: { w: { name: 'w', network: '${google_compute_network.wide.id}', region: 'r' } },
    google_compute_router_nat: { w: { name: 'w', router: '${google_compute_router.w.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } },
  });
  expect(verdictOf(pool([{ network: '${google_compute_network.wide.name}', subnetwork: '${google_compute_subnetwork.wide.name}' }]), 'google_container_node_pool.it')?.kind).toBe('open');
  expect(verdictOf(pool([]), 'google_container_node_pool.it')?.kind).toBe('none');
});

describe('behind a passthrough load balancer', () => {
  const machine = { name: 'm', zone: 'r-a', network_interface: [{ subnetwork }] };
  const template = { name: 't', region: 'r', network_interface: [{ subnetwork }] };
  const rule = (values: object): Resources => ({ google_compute_forwarding_rule: { f: { name: 'f', ...values } } });
  const kindOf = (also: Resources, place: string) => {
    const { verdicts } = verdictsOf(stack({ ...NETWORK, ...ROUTE, ...also }));
    const found = verdicts.find((each) => each.place.addresses[0] === place && each.family === 4);
    return [found?.kind, found?.witness?.at(-1)?.address];
  };
  const POOL = { google_compute_target_pool: { p: { name: 'p', instances: ['${google_compute_instance.m.self_link}'] } }, google_compute_instance: { m: machine } };
  const SERVICE = (scheme: string) => ({
    google_compute_region_backend_service: { b: { name: 'b', load_balancing_scheme: scheme, backend: [{ group: '${google_compute_region_instance_group_manager.g.instance_group}' }] } },
    google_compute_region_instance_group_manager: { g: { name: 'g', version: [{ instance_template: '${google_compute_instance_template.t.id}' }] } },
    google_compute_instance_template: { t: template },
  });

  test('a machine of its pool sends with the address of the balancer', () => {
    expect(kindOf({ ...POOL, ...rule({ target: '${google_compute_target_pool.p.self_link}' }) }, 'google_compute_instance.m')).toEqual(['open', 'google_compute_forwarding_rule.f']);
    expect(kindOf(POOL, 'google_compute_instance.m')).toEqual(['none', undefined]);
  });

  test('so do the machines of a managed group, a target instance and a group of endpoints', () => {
    const backend = { load_balancing_scheme: 'EXTERNAL', backend_service: '${google_compute_region_backend_service.b.id}' };
    expect(kindOf({ ...SERVICE('EXTERNAL'), ...rule(backend) }, 'google_compute_instance_template.t')).toEqual(['open', 'google_compute_forwarding_rule.f']);
    expect(kindOf({ google_compute_instance: { m: machine }, google_compute_target_instance: { t: { instance: '${google_compute_instance.m.id}' } }, ...rule({ target: '${google_compute_target_instance.t.id}' }) }, 'google_compute_instance.m')[0]).toBe('open');
    expect(kindOf({
      google_compute_instance: { m: machine },
      google_compute_network_endpoint_group: { e: { name: 'e', network_endpoint_type: 'GCE_VM_IP' } },
      google_compute_network_endpoint: { e: { network_endpoint_group: '${google_compute_network_endpoint_group.e.name}', instance: '${google_compute_instance.m.name}' } },
      google_compute_region_backend_service: { b: { name: 'b', load_balancing_scheme: 'EXTERNAL', backend: [{ group: '${google_compute_network_endpoint_group.e.id}' }] } },
      ...rule(backend),
    }, 'google_compute_instance.m')[0]).toBe('open');
  });

  test('an internal one lends nothing', () => {
    const internal = { load_balancing_scheme: 'INTERNAL', backend_service: '${google_compute_region_backend_service.b.id}' };
    expect(kindOf({ ...SERVICE('INTERNAL'), ...rule(internal) }, 'google_compute_instance_template.t')[0]).toBe('none');
  });

  test('one whose scheme is not known may', () => {
    const hidden = { load_balancing_scheme: '${var.scheme}', backend_service: '${google_compute_region_backend_service.b.id}' };
    expect(kindOf({ ...SERVICE('INTERNAL'), ...rule(hidden) }, 'google_compute_instance_template.t')[0]).toBe('unknown');
  });
});

test('a NAT whose subnets nobody knows before the apply serves each of them perhaps, and all when it has an entry for each', () => {
  const both = { ...NETWORK['google_compute_subnetwork'], t: { name: 't', network, region: 'r', ip_cidr_range: '10.0.1.0/24' } };
  const entries = (count: number) => stack({
    ...NETWORK, ...ROUTE, ...NAT, google_compute_subnetwork: both,
    google_compute_router_nat: { n: { ...NAT['google_compute_router_nat']!['n'], source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS', subnetwork: Array.from({ length: count }, () => ({ name: '${[google_compute_subnetwork.s.id, google_compute_subnetwork.t.id][var.which]}' })) } },
    google_compute_instance: { m: { zone: 'r-a', network_interface: [{ subnetwork }] } },
  });
  expect(verdictOf(entries(1), 'google_compute_instance.m')?.kind).toBe('unknown');
  expect(verdictOf(entries(2), 'google_compute_instance.m')?.kind).toBe('open');
});

test('nodes of a cluster that is only looked up are in its network, which is not in the plan', () => {
  const looked = (cluster: object) => review({
    ...stack({ ...NETWORK, google_container_node_pool: { p: { cluster: 'acme-prod', network_config: { enable_private_nodes: true } } } }) as object,
    data: { google_container_cluster: { c: cluster } },
  });
  const { kinds, findings } = looked({ name: 'acme-prod', location: 'r' });
  expect([kinds['google_container_node_pool.p 4'], findings.filter((finding) => finding.startsWith('default-network-used'))]).toEqual(['unknown', []]);
});
