/**
 * Whose things answer behind private addresses of Google: its APIs serve every project, unless a
 * perimeter of VPC Service Controls stands around them, which the restricted addresses alone respect.
 * https://cloud.google.com/vpc-service-controls/docs/set-up-private-connectivity
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import type { Served } from '../served';
import type { GoogleModel } from './google-model';
import type { ServiceEndpoint } from './private-endpoints';
import { textAt, textsAt } from './reading';

const PERIMETER = 'google_access_context_manager_service_perimeter';

export function servedByApis(isRestricted: boolean, { graph }: GoogleModel): Served {
  if (!isRestricted) return { kind: 'anybody', why: 'it serves every API of Google, and projects of everybody' };
  const perimeters = graph.ofType(PERIMETER).filter((perimeter) => {
    const restricted = textsAt(perimeter, ['status', 0, 'restricted_services']);
    return restricted.values.length > 0 || restricted.unknown !== undefined;
  });
  if (perimeters.length === 0) return { kind: 'unknown', why: 'no perimeter in this plan keeps it from serving projects of everybody' };
  const lets = (resource: Resource, to: AttributePath) => textsAt(resource, [...to, 'resources']).values.includes('*');
  const open = perimeters.find((perimeter) => perimeter.elements(['status', 0, 'egress_policies']).some((path) => lets(perimeter, [...path, 'egress_to', 0])))
    // One that stands beside its perimeter.
    ?? graph.ofType(`${PERIMETER}_egress_policy`).find((policy) => lets(policy, ['egress_to', 0]));
  if (open) return { kind: 'anybody', why: `an egress policy of ${open.address} lets out to every project` };
  return { kind: 'own', why: `${perimeters.map(({ address }) => address).sort().join(' and ')} bounds it` };
}

/** A published service is one's own where this plan makes it, or where it is in the project of the endpoint. */
export function servedByAttachment({ resource, target }: ServiceEndpoint): Served {
  if (resource.references('target', { types: ['google_compute_service_attachment'] }).targets.some(({ mode }) => mode === 'managed')) return { kind: 'own', why: 'it leads to a service of this plan' };
  const project = /projects\/([^/]+)\//.exec(target)?.[1];
  if (project !== undefined && project === textAt(resource, 'project')) return { kind: 'own', why: `it leads to a service of project ${project}` };
  return { kind: 'another', why: `${target} is not made in this plan, and nothing limits what is sent there` };
}
