/**
 * Whose things answer behind a private endpoint of Azure: the one resource that it names. One that
 * somebody else has to approve, or that is named by an alias, is of somebody else.
 * https://learn.microsoft.com/azure/private-link/private-endpoint-overview#access-to-a-private-link-resource-using-approval-workflow
 */
import type { Resource } from '../../plan/resource-graph';
import type { Served } from '../served';
import { flag, isUnset, pointsTo, text } from './read';

const CONNECTION = 'private_service_connection[0]';
const SCOPE = 'azurerm_monitor_private_link_scope';

export function servedBy(endpoint: Resource): Served {
  const alias = text(endpoint, `${CONNECTION}.private_connection_resource_alias`);
  if (alias !== undefined) return { kind: 'another', why: `${alias} is the alias of a service that somebody publishes` };
  const path = `${CONNECTION}.private_connection_resource_id`;
  const scopes = pointsTo(endpoint, path, SCOPE).targets.filter(({ type }) => type === SCOPE);
  const open = scopes.find(isOpen);
  if (open) return { kind: 'anybody', why: `${open.address} lets its callers use workspaces of others` };
  if (endpoint.references(path).targets.some(({ mode }) => mode === 'managed')) return { kind: 'own', why: 'it leads to a resource of this plan' };
  if (flag(endpoint, `${CONNECTION}.is_manual_connection`) === true) return { kind: 'another', why: 'its connection waits for an approval, as one to somebody else does' };
  const id = text(endpoint, path);
  return id === undefined ? { kind: 'unknown', why: 'the plan does not say which resource it is for' } : { kind: 'own', why: 'it leads to a resource that whoever deploys it may connect', names: [id] };
}

/** Modes that take what is outside of the scope, which is what Azure does when nobody says otherwise. */
function isOpen(scope: Resource): boolean {
  return openModes(scope).length > 0;
}

export function openModes(scope: Resource): readonly string[] {
  return ['ingestion_access_mode', 'query_access_mode'].filter((mode) => text(scope, mode) !== 'PrivateOnly' && (isUnset(scope, mode) || text(scope, mode) !== undefined));
}
