/** A state as a graph: everything is known, and ids join it. */
import { parseAddress, printModuleAddress, type InstanceKey } from './address';
import { EMPTY_MODULE } from './configuration';
import { Graph } from './graph';
import type { ResourceRecord } from './graph-resource';
import { withoutAddresses } from './handed-over';
import { own, ownObject, ownObjects, ownText, ownTexts, type JsonObject } from './json';
import type { PlanFile } from './load';
import { secretsByName } from './masking';

/** @param leave addresses that are left out */
export function stateGraph(file: PlanFile, leave?: ReadonlySet<string>): Graph {
  const { name, stack, formatVersion, terraformVersion } = file;
  return new Graph({
    kind: 'state',
    name,
    formatVersion,
    ...(stack === undefined ? {} : { stack }),
    ...(terraformVersion === undefined ? {} : { terraformVersion }),
    warnings: file.warnings,
    errored: false,
    variables: new Map(),
    configuration: EMPTY_MODULE,
    records: withoutAddresses(stateRecords(ownObject(file.document, 'values'), new Set()), leave),
    removed: [],
  });
}

/**
 * The resources of a tree of modules, as `values` and `planned_values` have it, in the file's order.
 * Those with an identity that `seen` has already are left out; it gets the others'.
 */
export function stateRecords(values: JsonObject | undefined, seen: Set<string>): readonly ResourceRecord[] {
  const records: ResourceRecord[] = [];
  const visit = (module: JsonObject): void => {
    const moduleAddress = ownText(module, 'address') ?? '';
    for (const resource of ownObjects(module, 'resources')) {
      const deposed = ownText(resource, 'deposed_key');
      const key = objectKey(ownText(resource, 'address'), deposed);
      if (seen.has(key)) continue;
      if (!isResource(resource)) continue;
      const identity = identityOf(resource, moduleAddress);
      seen.add(key);
      const after = own(resource, 'values');
      const sensitive = own(resource, 'sensitive_values') ?? secretsByName(after ?? null);
      const dependsOn = ownTexts(resource, 'depends_on');
      const { address, mode, type, name, key: instanceKey, provider } = identity;
      // Field by field: a state has a hundred thousand of them.
      records.push({ address, moduleAddress: identity.moduleAddress, mode, type, name, key: instanceKey, provider, action: 'unplanned', after, sensitive, before: after, beforeSensitive: sensitive, deposed, dependsOn });
    }
    ownObjects(module, 'child_modules').forEach(visit);
  };
  const root = ownObject(values, 'root_module');
  if (root) visit(root);
  return records;
}

/** An address, and of a deposed object its key. */
export function objectKey(address: string | undefined, deposed: string | undefined): string {
  return deposed === undefined ? (address ?? '') : `${address ?? ''} ${deposed}`;
}

export type Identity = Pick<ResourceRecord, 'address' | 'moduleAddress' | 'mode' | 'type' | 'name' | 'key' | 'provider'>;

const NO_RESOURCES: ReadonlySet<string> = new Set(['ephemeral', 'list']);

/** True when an entry says which resource it is. */
export function isResource(resource: JsonObject): boolean {
  // Ephemeral values exist while Terraform runs, and lists are answers to a query: neither is part of a network.
  if (NO_RESOURCES.has(ownText(resource, 'mode') ?? '')) return false;
  const address = ownText(resource, 'address');
  if (address === undefined || address === '') return false;
  return (ownText(resource, 'type') !== undefined && ownText(resource, 'name') !== undefined) || parseAddress(address) !== undefined;
}

/**
 * What a resource is called. The parts stand beside the address in every file that Terraform
 * writes; where another tool left them out, the address is read.
 */
export function identityOf(resource: JsonObject, moduleAddress: string): Identity {
  const address = ownText(resource, 'address') ?? '';
  const type = ownText(resource, 'type');
  const name = ownText(resource, 'name');
  const parsed = type === undefined || name === undefined ? parseAddress(address) : undefined;
  const index = own(resource, 'index');
  const key: InstanceKey | undefined = typeof index === 'number' || typeof index === 'string' ? index : parsed?.key;
  return {
    address,
    moduleAddress: moduleAddress === '' && parsed ? printModuleAddress(parsed.module) : moduleAddress,
    mode: (ownText(resource, 'mode') ?? parsed?.mode) === 'data' ? 'data' : 'managed',
    type: type ?? parsed?.type ?? '',
    name: name ?? parsed?.name ?? '',
    key,
    provider: ownText(resource, 'provider_name') ?? '',
  };
}
