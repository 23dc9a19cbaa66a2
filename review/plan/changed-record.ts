/**
 * One entry of a plan's `resource_changes`, read in place: a plan has a hundred thousand of them,
 * and most questions touch few.
 */
import { LEFT_IN_PLACE } from './deposed';
import type { ResourceRecord } from './graph-resource';
import { isList, isObject, own, ownObject, ownText, ownTexts, type Json, type JsonObject } from './json';
import { secretsByName } from './masking';
import { originAt, type Origin } from './origin';
import type { Action, InstanceKey, Lifecycle, ResourceSource } from './resource-graph';
import { identityOf } from './state-graph';

export class ChangedRecord implements ResourceRecord {
  readonly action: Action;
  readonly after: Json | undefined;
  readonly unknown: Json | undefined;
  readonly sensitive: Json | undefined;
  readonly address: string;
  readonly moduleAddress: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly key: InstanceKey | undefined;
  readonly provider: string;
  private readonly details: JsonObject | undefined;

  constructor(
    private readonly change: JsonObject,
    readonly drift: Json | undefined,
    private readonly origins: ReadonlyMap<string, Origin>,
  ) {
    const identity = identityOf(change, ownText(change, 'module_address') ?? '');
    this.address = identity.address;
    this.moduleAddress = identity.moduleAddress;
    this.mode = identity.mode;
    this.type = identity.type;
    this.name = identity.name;
    this.key = identity.key;
    this.provider = identity.provider;
    this.details = ownObject(change, 'change');
    this.action = actionOf(ownTexts(this.details, 'actions') ?? []);
    // What is forgotten, or is to be deleted, is as it was.
    const isLast = this.action === 'delete' || this.action === 'forget';
    this.after = own(this.details, isLast ? 'before' : 'after');
    this.unknown = isLast ? undefined : own(this.details, 'after_unknown');
    this.sensitive = own(this.details, isLast ? 'before_sensitive' : 'after_sensitive') ?? secretsByName(this.after ?? null);
  }

  get actionReason(): string | undefined { return ownText(this.change, 'action_reason'); }
  get replacedFor(): readonly string[] | undefined {
    const paths = own(this.details, 'replace_paths');
    return isList(paths) ? paths.flatMap((path) => (isList(path) && typeof path[0] === 'string' ? [path[0]] : [])) : undefined;
  }
  get previousAddress(): string | undefined { return ownText(this.change, 'previous_address'); }
  get deposed(): string | undefined { return ownText(this.change, 'deposed'); }
  get imported(): boolean { return isObject(own(this.details, 'importing')); }
  get source(): ResourceSource | undefined { return originAt(this.origins, this.address)?.source; }
  get lifecycle(): Lifecycle | undefined { return originAt(this.origins, this.address)?.lifecycle; }

  get before(): Json | undefined { return own(this.details, 'before'); }
  get beforeSensitive(): Json | undefined { return own(this.details, 'before_sensitive') ?? secretsByName(this.before ?? null); }
}

/**
 * What a replacement leaves as it is, beside its successor of the same address: with `lifecycle { destroy = false }` the old
 * object is forgotten and not deleted (`["create", "forget"]` of Terraform, `["forget", "create"]` of OpenTofu).
 * https://opentofu.org/docs/language/meta-arguments/lifecycle/
 */
export function leftInPlace(record: ChangedRecord, change: JsonObject): ResourceRecord | undefined {
  const actions = ownTexts(ownObject(change, 'change'), 'actions') ?? [];
  const { address, moduleAddress, mode, type, name, key, provider, before, beforeSensitive, drift } = record;
  if (actions.length < 2 || !actions.includes('forget') || !isObject(before)) return undefined;
  return { address, moduleAddress, mode, type, name, key, provider, action: 'forget', after: before, sensitive: beforeSensitive, before, beforeSensitive, drift, deposed: LEFT_IN_PLACE };
}

function actionOf(actions: readonly string[]): Action {
  if (actions.length > 1) return 'replace';
  const [action] = actions;
  return action === 'create' || action === 'read' || action === 'update' || action === 'delete' || action === 'forget' || action === 'no-op' ? action : 'unplanned';
}
