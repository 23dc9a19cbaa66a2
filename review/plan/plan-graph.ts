/** A Terraform plan as a graph: what there will be, what there was, and what changes. */
import { commandsWarning, EMPTY_MODULE, plannedModule } from './configuration';
import { Graph } from './graph';
import { handedWithin, withoutAddresses } from './handed-over';
import { ChangedRecord, leftInPlace } from './changed-record';
import { deferredCreates } from './deferred';
import { originAt, type Origin } from './origin';
import type { ResourceRecord } from './graph-resource';
import { printable } from './input-error';
import { isList, own, ownObject, ownObjects, ownText, type Json, type JsonObject } from './json';
import type { PlanFile } from './load';
import { SENSITIVE } from './masking';
import type { Variable } from './resource-graph';
import { changesNothing } from './settled';
import { isResource, objectKey, stateGraph, stateRecords } from './state-graph';

const LEFT_ALONE = 'read from the state';

/** @param origins What the synthesized stack says of its resources, by address: see `synthesizedOrigins`. */
export function planGraph(file: PlanFile, origins: ReadonlyMap<string, Origin> = new Map()): Graph {
  const { document } = file;
  const warnings = [...file.warnings];
  const root = ownObject(ownObject(document, 'configuration'), 'root_module');
  const configuration = root ? plannedModule(root) : EMPTY_MODULE;
  const errored = own(document, 'errored') === true;
  if (errored) warnings.push('terraform stopped with an error: the plan is not whole, and neither is this review');
  else if (own(document, 'complete') === false) warnings.push('the plan is not complete (-target, or deferred changes): what it leaves out is taken from the state');
  if (!root) warnings.push('the plan has no configuration: references between new resources cannot be followed');

  const changes = [
    ...ownObjects(document, 'resource_changes'),
    // What exists stays as it is until a later apply, and comes from the prior state.
    ...deferredCreates(document),
  ];
  const drift = new Map<string, Json>();
  for (const each of ownObjects(document, 'resource_drift')) drift.set(keyOf(each), own(each, 'change') ?? null);

  const records: ResourceRecord[] = [];
  const removed: ResourceRecord[] = [];
  const seen = new Set<string>();
  for (const change of changes) {
    const key = keyOf(change);
    if (!isResource(change)) continue;
    const record = new ChangedRecord(change, drift.get(key), origins);
    if (seen.has(key)) warnings.push(`${printable(record.address)} is in the plan twice`);
    seen.add(key);
    (record.action === 'delete' ? removed : records).push(record);
    const left = leftInPlace(record, change);
    if (left) records.push(left);
  }
  const prior = ownObject(document, 'prior_state');
  const moved = new Set(records.flatMap(({ previousAddress }) => previousAddress ?? []));
  // Before prior state, whose values are older. A plan's own list of changes leaves none of these out.
  const sparse = stateRecords(ownObject(document, 'planned_values'), seen);
  for (const record of sparse) records.push({ ...record, sparse: true, ...originAt(origins, record.address) });
  // Data sources that are read already, what `-target` leaves out, all of a `-refresh-only` plan.
  for (const record of stateRecords(ownObject(prior, 'values'), seen)) {
    const change = drift.get(objectKey(record.address, record.deposed));
    if (moved.has(record.address) || isGone(change)) continue;
    records.push({ ...record, actionReason: LEFT_ALONE, drift: change, ...originAt(origins, record.address) });
  }
  const invoked = [...ownObjects(document, 'action_invocations'), ...ownObjects(document, 'deferred_action_invocations')].length;
  if (invoked > 0) warnings.push(`the plan invokes ${invoked === 1 ? 'an action' : `${invoked} actions`}: what they change is in no plan`);
  const commands = commandsWarning(configuration);
  if (commands !== undefined) warnings.push(printable(commands));
  // Before, too, it is there once: Terraform has read what it imports.
  const handed = handedWithin(records);
  const isSettled = sparse.length === 0 && changesNothing(document);
  if (records.length + removed.length === 0) warnings.push('the plan holds no resource');
  else if (records.length === 0) warnings.push('the plan destroys everything: nothing is left to judge');

  return new Graph({
    ...headOf(file),
    warnings,
    errored,
    variables: variablesOf(document, configuration.sensitiveVariables),
    configuration,
    providerSettings: file.providerSettings,
    providerRegions: file.providerRegions,
    providerAccounts: file.providerAccounts,
    records: withoutAddresses(records, handed?.left),
    removed,
    before: isSettled && prior ? 'the same' : () => stateGraph({ ...file, kind: 'state', warnings: [], document: prior ?? {} }, handed?.taken),
  });
}

function headOf(file: PlanFile) {
  const { kind, name, stack, formatVersion, terraformVersion } = file;
  return { kind, name, formatVersion, ...(stack === undefined ? {} : { stack }), ...(terraformVersion === undefined ? {} : { terraformVersion }) };
}

function keyOf(change: JsonObject): string {
  return objectKey(ownText(change, 'address'), ownText(change, 'deposed'));
}

function isGone(drift: Json | undefined): boolean {
  const actions = own(drift, 'actions');
  return isList(actions) && actions.includes('delete');
}

function variablesOf(document: JsonObject, sensitive: ReadonlySet<string>): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>();
  const isDeclared = own(document, 'configuration') !== undefined;
  for (const [name, variable] of Object.entries(ownObject(document, 'variables') ?? {})) {
    const hidden = !isDeclared || sensitive.has(name);
    const value = own(variable, 'value');
    variables.set(name, { name, sensitive: hidden, ...(hidden ? { value: SENSITIVE } : value === undefined ? {} : { value }) });
  }
  return variables;
}
