/**
 * Whose things answer behind private addresses of Google: its APIs serve every project, unless a
 * perimeter of VPC Service Controls stands around them, which the restricted addresses alone respect.
 * https://cloud.google.com/vpc-service-controls/docs/set-up-private-connectivity
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import type { Served } from '../served';
import type { GoogleModel } from './google-model';
import { letOut, perimeters } from './perimeters';
import { textAt } from './reading';

export function servedByApis(isRestricted: boolean, { graph }: GoogleModel): Served {
  if (!isRestricted) return { kind: 'anybody', why: 'it serves every API of Google, and projects of everybody' };
  const enforced = perimeters(graph).filter(({ restricted }) => restricted.values.length > 0 || restricted.unknown !== undefined);
  if (enforced.length === 0) return { kind: 'unknown', why: 'no perimeter in this plan keeps it from serving projects of everybody' };
  const open = letOut(graph).find(({ toEveryProject }) => toEveryProject);
  if (open) return { kind: 'anybody', why: `an egress policy of ${open.resource.address} lets out to every project` };
  return { kind: 'own', why: `${[...new Set(enforced.map(({ resource }) => resource.address))].sort().join(' and ')} bounds it` };
}

/** A published service is one's own where this plan makes it, or where it is in the project of the endpoint. */
export function servedByAttachment({ resource, target, at = ['target'] }: { readonly resource: Resource; readonly target: string; readonly at?: AttributePath }): Served {
  if (resource.references(at, { types: ['google_compute_service_attachment'] }).targets.some(({ mode }) => mode === 'managed')) return { kind: 'own', why: 'it leads to a service of this plan' };
  const project = /projects\/([^/]+)\//.exec(target)?.[1];
  if (project !== undefined && project === textAt(resource, 'project')) return { kind: 'own', why: `it leads to a service of project ${project}` };
  return { kind: 'another', why: `${target} is not made in this plan, and nothing limits what is sent there` };
}
