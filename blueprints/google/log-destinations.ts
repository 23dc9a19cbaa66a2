import type { LogDestination } from '../egress-control';

/** Cloud Logging's name of each kind of record. https://cloud.google.com/logging/docs/api/platform-logs */
const LOGS = {
  flow: 'compute.googleapis.com%2Fvpc_flows',
  firewall: 'compute.googleapis.com%2Ffirewall',
  nat: 'compute.googleapis.com%2Fnat_flows',
  dns: 'dns.googleapis.com%2Fdns_queries',
  proxy: 'networkservices.googleapis.com%2Fgateway_requests',
} as const;

/** The same, as filters of Cloud Logging write them. */
export const NETWORK_LOGS: readonly string[] = Object.values(LOGS).map(decodeURIComponent).sort();

/** Where a project's records of these kinds are. Retention is that of the project's log bucket. */
export function logDestinations(project: string, kinds: readonly (keyof typeof LOGS)[]): readonly LogDestination[] {
  return kinds.map((kind) => ({ kind, id: `projects/${project}/logs/${LOGS[kind]}` }));
}
