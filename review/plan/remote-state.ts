/**
 * Whose state a `terraform_remote_state` reads. A synthesized stack says where it keeps its own state, and where the one
 * is that it reads: https://developer.hashicorp.com/terraform/language/state/remote-state-data
 */
import { createHash } from 'node:crypto';
import type { ConfiguredResource } from './configuration';
import { blockBodies, isList, isObject, own, type Json, type JsonObject } from './json';

/** What hands on the outputs of another configuration's state. */
export const REMOTE_STATE = 'terraform_remote_state';

/** A mark of where a state is kept: the settings themselves can hold credentials. */
export type StatePlace = string;

/** Where a synthesized stack keeps its state; undefined where it does not say. */
export function placeOfOwn(document: JsonObject): StatePlace | undefined {
  const backends = blockBodies(own(document, 'terraform')).flatMap((settings) => blockBodies(own(settings, 'backend'))).flatMap(Object.entries<Json>);
  const [type, body] = backends[0] ?? [];
  return backends.length === 1 && type !== undefined ? placeOf(type, body) : undefined;
}

/** What a state of the default workspace is read by; CDKTF reads that of the own one. */
const OWN_WORKSPACE: ReadonlySet<Json | undefined> = new Set([undefined, null, 'default', '${terraform.workspace}']);

/** Where the state is that a data source reads; undefined where that is not written out, or is of another workspace. */
export function placeOfRead({ expressions }: ConfiguredResource): StatePlace | undefined {
  const written = (name: string) => own(own(expressions, name), 'constant_value');
  const type = written('backend');
  return typeof type === 'string' && OWN_WORKSPACE.has(written('workspace')) ? placeOf(type, written('config')) : undefined;
}

/** The same whatever the order of the settings. Without any, nobody knows which state it is. */
function placeOf(type: string, body: Json | undefined): StatePlace | undefined {
  const config = isList(body) ? body[0] : body;
  const settings = isObject(config) ? Object.entries(config).filter(([, value]) => value !== null) : [];
  if (settings.length === 0) return undefined;
  return createHash('sha256').update(JSON.stringify([type, settings.sort(([one], [other]) => (one < other ? -1 : 1))])).digest('hex');
}
