/** Services of Google's that deliver to hosts outside by themselves, past every network. */
import type { GoogleModel } from '../../model/google/google-model';
import { isPublic } from '../../model/google/questions';
import type { Resource } from '../../plan/resource-graph';
import type { Check } from '../check';
import { deliveriesIn, type CloudNames, type Delivery } from '../deliveries';

export const check: Check<GoogleModel> = {
  id: 'managed-service-egress',
  title: 'service that delivers to hosts outside',
  severity: 'low',
  why: 'Google delivers from a network of its own: who may publish a message, add a task, or call the balancer sends it out, and no rule, route or proxy of the network sees it.',
  fix: 'Take the delivery away, or let a workload behind the network\'s rules fetch what is to go out; accept what is meant in egress-review.yaml.',
  references: [
    'https://cloud.google.com/pubsub/docs/push',
    'https://cloud.google.com/tasks/docs/creating-http-target-tasks',
    'https://cloud.google.com/load-balancing/docs/negs/internet-neg-concepts',
  ],
  comparable: [],
  *run({ model: { graph } }) {
    yield* deliveriesIn(graph, DELIVERIES, NAMES);
  },
};

const NAMES: CloudNames = {
  isOwn: (host) => /(^|\.)(googleapis\.com|run\.app|cloudfunctions\.net|appspot\.com|google\.internal)$/.test(host),
  hosted: /\.(run\.app|cloudfunctions\.net|appspot\.com)$/,
  hosts: ['google_cloud_run_service', 'google_cloud_run_v2_service', 'google_cloudfunctions_function', 'google_cloudfunctions2_function', 'google_app_engine_application'],
};

/** Groups of a network's own machines have endpoints by address, too. */
function isOnInternet(endpoint: Resource): boolean {
  const address = endpoint.valueAt('ip_address');
  return typeof address !== 'string' || address === '' || isPublic(address);
}

const DELIVERIES: readonly Delivery[] = [
  { type: 'google_pubsub_subscription', at: 'push_config', path: 'push_endpoint' },
  { type: 'google_cloud_tasks_queue', at: 'http_target', path: ['uri_override', 0, 'host'] },
  { type: 'google_cloud_scheduler_job', at: 'http_target', path: 'uri' },
  { type: 'google_eventarc_trigger', at: 'destination', path: ['http_endpoint', 0, 'uri'] },
  { type: 'google_integration_connectors_connection', at: 'destination_config', path: ['destination', 0, 'host'] },
  // A balancer inside of the network hands calls on to these.
  { type: 'google_compute_global_network_endpoint', path: 'fqdn' },
  { type: 'google_compute_region_network_endpoint', path: 'fqdn' },
  { type: 'google_compute_global_network_endpoint', path: 'ip_address' },
  { type: 'google_compute_region_network_endpoint', path: 'ip_address', counts: isOnInternet },
  { type: 'google_dialogflow_cx_webhook', at: 'generic_web_service', path: 'uri' },
  { type: 'google_dialogflow_fulfillment', at: 'generic_web_service', path: 'uri' },
  { type: 'google_network_services_edge_cache_origin', path: 'origin_address' },
];
