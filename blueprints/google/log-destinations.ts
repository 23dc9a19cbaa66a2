import type { LogDestination } from '../egress-control';

/** Cloud Logging's name of each kind of record. https://cloud.google.com/logging/docs/api/platform-logs */
const LOGS = {
  flow: 'compute.googleapis.com%2Fvpc_flows',
  firewall: 'compute.googleapis.com%2Ffirewall',
  nat: 'compute.googleapis.com%2Fnat_flows',
  dns: 'dns.googleapis.com%2Fdns_queries',
} as const;

/** Where a project's records of these kinds are. Retention is that of the project's log bucket. */
export function logDestinations(project: string, kinds: readonly (keyof typeof LOGS)[]): readonly LogDestination[] {
  return kinds.map((kind) => ({ kind, id: `projects/${project}/logs/${LOGS[kind]}` }));
}
