/**
 * Whose things answer behind private addresses of Google: its APIs serve every project, unless a
 * perimeter of VPC Service Controls stands around them, which the restricted addresses alone respect.
 * https://cloud.google.com/vpc-service-controls/docs/set-up-private-connectivity
 */
import type { AttributePath } from '../../plan/attribute-path';
import { isHandedOn } from '../../plan/identity';
import type { Resource } from '../../plan/resource-graph';
import type { Served } from '../served';
import type { GoogleModel } from './google-model';
import { accessibleUnknown, alsoAccessible, isAroundSomething, keepsToRestricted, letOut, perimeters, type Perimeter } from './perimeters';
import { textAt } from './reading';

/** @param isRestricted undefined where the plan does not tell */
export function servedByApis(isRestricted: boolean | undefined, { graph }: GoogleModel): Served {
  if (isRestricted === undefined) return { kind: 'unknown', why: 'which APIs it serves is not known before the plan is applied' };
  if (!isRestricted) return { kind: 'anybody', why: 'it serves every API of Google, and projects of everybody' };
  const enforced = perimeters(graph).filter(({ restricted }) => restricted.values.length > 0 || restricted.unknown !== undefined);
  if (enforced.length === 0) return { kind: 'unknown', why: 'no perimeter in this plan keeps it from serving projects of everybody' };
  const out = letOut(graph);
  const open = out.find(({ toEveryProject }) => toEveryProject);
  if (open) return { kind: 'anybody', why: `an egress policy of ${open.resource.address} lets out to every project` };
  // What a perimeter does not restrict serves everybody, also at these addresses.
  const loose = enforced.find((perimeter) => !keepsToRestricted(perimeter) || alsoAccessible(perimeter).length > 0);
  if (loose) return { kind: 'anybody', why: `${loose.resource.address} lets the network call APIs that it does not restrict, in projects of everybody` };
  const around = enforced.filter((perimeter) => isAroundSomething(perimeter, graph));
  if (around.length === 0) return { kind: 'unknown', why: `${(enforced[0] as Perimeter).resource.address} is around no project of this plan` };
  const doubt = out.find(({ unknown }) => unknown !== undefined)?.unknown ?? enforced.map(accessibleUnknown).find((unknown) => unknown !== undefined);
  if (doubt !== undefined) return { kind: 'unknown', why: doubt };
  return { kind: 'own', why: `${[...new Set(around.map(({ resource }) => resource.address))].sort().join(' and ')} bounds it` };
}

/** What has a service attachment of its own: one that the plan makes is for services of the plan's owner. */
export const PUBLISHERS: readonly string[] = [
  'google_compute_service_attachment', 'google_sql_database_instance', 'google_alloydb_instance', 'google_redis_cluster', 'google_memorystore_instance', 'google_apigee_instance', 'google_looker_instance',
  'google_vertex_ai_endpoint', 'google_vertex_ai_index_endpoint_deployed_index', 'google_vertex_ai_feature_online_store', 'google_secure_source_manager_instance', 'google_blockchain_node_engine_blockchain_nodes',
];

/** A published service is one's own where this plan makes it, or where it is in the project of the endpoint. */
export function servedByAttachment({ resource, target, at = ['target'] }: { readonly resource: Resource; readonly target?: string; readonly at?: AttributePath }): Served {
  const { targets } = resource.references(at);
  if (targets.some(({ mode, type }) => mode === 'managed' && PUBLISHERS.includes(type))) return { kind: 'own', why: 'it leads to a service of this plan' };
  const project = /projects\/([^/]+)\//.exec(target ?? '')?.[1];
  if (project !== undefined && project === textAt(resource, 'project')) return { kind: 'own', why: `it leads to a service of project ${project}` };
  if (target !== undefined) return { kind: 'another', why: `${target} is not made in this plan, and nothing limits what is sent there` };
  // Other companies hand out the names of what they publish by resources of their own providers.
  const owner = targets.find(({ type }) => !/^(google|terraform|null|random|time|local)_/.test(type) && !isHandedOn(type));
  return owner
    ? { kind: 'another', why: `it leads to a service that ${owner.address} names, and nothing limits what is sent there` }
    : { kind: 'unknown', why: 'which service it leads to is not known before the plan is applied' };
}
