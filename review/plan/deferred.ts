/** What Terraform leaves to a later apply: https://developer.hashicorp.com/terraform/internals/json-format#plan-representation */
import { isObject, own, ownObject, ownObjects, without, type JsonObject } from './json';
import type { PlanFile } from './load';

/** Of what exists the change is put off; what does not exist yet is to be made. */
export function deferredCreates(document: JsonObject): readonly JsonObject[] {
  return ownObjects(document, 'deferred_changes').map((deferred) => ownObject(deferred, 'resource_change') ?? {}).filter((change) => !isObject(own(ownObject(change, 'change'), 'before')));
}

/** The plan without what is made later; undefined where it makes all of it. */
export function withoutDeferred(file: PlanFile): PlanFile | undefined {
  return deferredCreates(file.document).length === 0 ? undefined : { ...file, document: without(file.document, 'deferred_changes') };
}
