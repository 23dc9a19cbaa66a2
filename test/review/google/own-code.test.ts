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

  test('targets of Cloud Deploy, where no private pool is named', () => {
    expect(one('google_clouddeploy_target', { name: 't' })).toBe('unknown');
    expect(one('google_clouddeploy_target', { name: 't', execution_configs: [{ usages: ['RENDER'], worker_pool: 'projects/p/locations/r/workerPools/w' }] })).toBeUndefined();
  });
});
