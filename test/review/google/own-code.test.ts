/** What runs somebody's code without being a machine of the plan. */
import { INSIDE, kindOf, kinds, network, type Resources } from './one-machine';
import { stack } from './reviewing';

describe('what runs somebody\'s code, too', () => {
  const one = (type: string, values: object) => kinds(stack({ [type]: { x: values } }))[`${type}.x`];

  test('tasks of Dataplex stand in the network that they name', () => {
    const task = { google_dataplex_task: { x: { execution_spec: { service_account: 'x' }, spark: { infrastructure_spec: { vpc_network: { network, network_tags: ['out'] } } } } } };
    expect(kindOf('google_dataplex_task.x', INSIDE, task)).toBe('none');
    expect(kindOf('google_dataplex_task.x', INSIDE, task, {
      google_compute_router: { r: { name: 'r', network, region: 'r' } },
      google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } },
    })).toBe('open');
  });

  test('pipelines launch workers with public addresses unless they say otherwise', () => {
    const pipeline = (environment: object): Resources => ({ google_data_pipeline_pipeline: { x: { workload: [{ dataflow_launch_template_request: [{ launch_parameters: [{ environment: [{ network: '${google_compute_network.n.name}', ...environment }] }] }] }] } } });
    expect([kindOf('google_data_pipeline_pipeline.x', INSIDE, pipeline({})), kindOf('google_data_pipeline_pipeline.x', INSIDE, pipeline({ ip_configuration: 'WORKER_IP_PRIVATE' }))]).toEqual(['open', 'none']);
  });

  test('instances of Cloud Run that send everything into the network leave by it', () => {
    const instance = { google_cloud_run_v2_instance: { x: { vpc_access: [{ egress: 'ALL_TRAFFIC', network_interfaces: [{ network }] }] } } };
    expect(kindOf('google_cloud_run_v2_instance.x', INSIDE, instance)).toBe('none');
  });

  test.each([[[{ enable_public_ips: false }, {}], 'none'], [[{}, { enable_public_ips: true }], 'open']])('nodes of a cluster for models stand in its network: %j', (node_pools, expected) => {
    const cluster = { google_vertex_ai_model_development_cluster: { x: { network: [{ network }], node_pools } } };
    expect(kindOf('google_vertex_ai_model_development_cluster.x', INSIDE, { ...cluster, google_compute_route: { r: { name: 'r', network, dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway' } } })).toBe(expected);
  });

  test('targets of Cloud Deploy, where no private pool is named', () => {
    expect(one('google_clouddeploy_target', { name: 't' })).toBe('unknown');
    expect(one('google_clouddeploy_target', { name: 't', execution_configs: [{ usages: ['RENDER'], worker_pool: 'projects/p/locations/r/workerPools/w' }] })).toBeUndefined();
  });

  test.each<[string, object, string | undefined]>([
    ['google_cloudbuild_trigger', { build: [{ step: [{ name: 'x' }] }] }, 'open'],
    ['google_cloudbuild_trigger', { build: [{ step: [{ name: 'x' }], options: [{ worker_pool: 'projects/p/locations/r/workerPools/w' }] }] }, undefined],
    ['google_vertex_ai_endpoint_with_model_garden_deployment', { hugging_face_model_id: 'a/b' }, 'open'],
    ['google_vertex_ai_endpoint_with_model_garden_deployment', { publisher_model_name: 'publishers/google/models/m', model_config: { container_spec: { image_uri: 'i' } } }, 'open'],
    ['google_vertex_ai_endpoint_with_model_garden_deployment', { publisher_model_name: 'publishers/google/models/m' }, undefined],
    ['google_colab_notebook_execution', { custom_environment_spec: { network_spec: { enable_internet_access: true } } }, 'open'],
    // Of Google's provider 7.
    ['google_vertex_ai_persistent_resource', { name: 'p', resource_pools: [{ machine_spec: { machine_type: 'm' } }] }, 'open'],
    ['google_vertex_ai_persistent_resource', { name: 'p', network: 'projects/1/global/networks/n' }, 'unknown'],
    ['google_vertex_ai_persistent_resource', { name: 'p', network }, 'unknown'],
    ['google_vertex_ai_persistent_resource', { name: 'p', psc_interface_config: '${var.joined}' }, 'unknown'],
    ['google_network_services_agent_gateway', { google_managed: [{ governed_access_path: '${var.path}' }] }, 'unknown'],
    ['google_vertex_ai_pipeline_job', { display_name: 'p', psc_interface_config: [{ raw: '{}' }] }, 'unknown'],
    ['google_vertex_ai_schedule', { create_pipeline_job_request: [{ pipeline_job: [{ display_name: 'p' }] }] }, 'open'],
    ['google_vertex_ai_endpoint_deployed_model', { deployed_model: [{ model: 'projects/1/locations/r/models/2' }] }, 'unknown'],
    ['google_network_services_agent_gateway', { google_managed: [{ governed_access_path: 'AGENT_TO_ANYWHERE' }] }, 'unknown'],
    ['google_network_services_agent_gateway', { google_managed: [{ governed_access_path: 'CLIENT_TO_AGENT' }] }, undefined],
    ['google_network_services_agent_gateway', { self_managed: [{ resource_uri: 'projects/p/locations/r/gateways/g' }] }, undefined],
    ['google_cloud_run_v2_instance', { name: 'i', containers: [{ image: 'i' }] }, 'open'],
    ['google_cloud_run_v2_instance', { name: 'i', vpc_access: [{ network_interfaces: [{ network: 'projects/p/global/networks/n' }] }] }, 'open'],
    ['google_colab_notebook_execution', { custom_environment_spec: { network_spec: { enable_internet_access: false } } }, 'none'],
    ['google_colab_notebook_execution', { notebook_runtime_template_resource_name: 'projects/p/locations/r/notebookRuntimeTemplates/t' }, 'unknown'],
    ['google_colab_runtime', { notebook_runtime_template_ref: { notebook_runtime_template: 'projects/p/locations/r/notebookRuntimeTemplates/t' } }, 'unknown'],
    ['google_bigquery_routine', { language: 'PYTHON', spark_options: { connection: 'c' } }, 'unknown'],
    ['google_bigquery_routine', { language: 'SQL' }, undefined],
    ['google_integrations_client', { location: 'r' }, 'unknown'],
    ['google_firebase_extensions_instance', { instance_id: 'i' }, 'open'],
    ['google_ces_tool', { python_function: { python_code: 'x' } }, 'unknown'],
    ['google_ces_tool', { google_search_tool: { name: 'g' } }, undefined],
    ['google_oracle_database_cloud_vm_cluster', { cidr: '10.5.0.0/24' }, 'unknown'],
    ['google_vmwareengine_private_cloud', { name: 'p' }, undefined],
    ['google_tpu_v2_queued_resource', { tpu: { node_spec: { node: { network_config: { network: 'projects/p/global/networks/n' } } } } }, 'unknown'],
  ])('%s %j', (type, values, kind) => expect(one(type, values)).toBe(kind));

  test('runtimes of a template of the plan are the template\'s', () => {
    const template = { google_colab_runtime_template: { t: { network_spec: { enable_internet_access: false } } } };
    const runtime = { google_colab_runtime: { x: { notebook_runtime_template_ref: { notebook_runtime_template: '${google_colab_runtime_template.t.id}' } } } };
    expect(kinds(stack({ ...template, ...runtime }))).toEqual({ 'google_colab_runtime_template.t': 'none' });
  });

  test('a private cloud that is handed the routes of a network leaves by them', () => {
    const cloud: Resources = {
      ...INSIDE, google_compute_route: { r: { name: 'r', network, dest_range: '0.0.0.0/0', next_hop_ip: '10.0.0.9' } },
      google_vmwareengine_private_cloud: { x: { name: 'x' } },
    };
    const peering = (more: object): Resources => ({ google_vmwareengine_network_peering: { p: { peer_network: network, ...more } } });
    expect(kindOf('google_vmwareengine_private_cloud.x', cloud, peering({}))).toBe('unknown');
    expect(kindOf('google_vmwareengine_private_cloud.x', cloud, peering({ import_custom_routes: false }))).toBeUndefined();
  });
});
