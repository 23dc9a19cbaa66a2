/** Whether a plan changes anything at all. */
import { isObject, own, ownObject, ownObjects, ownTexts, type Json, type JsonObject } from './json';

/** Lists of a plan of which each entry is something that happens, or happened outside. */
const HAPPENINGS = ['resource_drift', 'deferred_changes', 'action_invocations', 'deferred_action_invocations'];

/**
 * By the very objects: values before and after are one where the plan spells them alike (see `parseOnce`).
 * A plan that says `no-op` of something that differs changes something.
 */
export function changesNothing(plan: JsonObject): boolean {
  return own(plan, 'errored') !== true && HAPPENINGS.every((key) => ownObjects(plan, key).length === 0)
    && ownObjects(plan, 'resource_changes').every(leavesAlone);
}

function leavesAlone(change: Json): boolean {
  const details = ownObject(change, 'change');
  const actions = ownTexts(details, 'actions') ?? [];
  const before = own(details, 'before');
  return actions.length === 1 && actions[0] === 'no-op' && isObject(before) && before === own(details, 'after')
    && own(change, 'previous_address') === undefined && own(change, 'deposed') === undefined && own(details, 'importing') === undefined;
}
