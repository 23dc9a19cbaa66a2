/**
 * Objects of a cluster of GKE that have it make pools whose nodes run as an account of their own.
 * https://cloud.google.com/kubernetes-engine/docs/reference/crds/computeclass
 */
import { ownObject, ownText, type JsonObject } from '../../plan/json';
import { canonicalIdentity } from '../../plan/identity';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { itemsOf, objectsInText } from '../../plan/yaml-objects';
import { ACCOUNT_TYPES } from './firewall-rule';
import { joinKeys, keysAt, keysOf, NO_KEYS, type Keys } from './keys';

const TEXTS: Readonly<Record<string, string>> = { kubectl_manifest: 'yaml_body', kustomization_resource: 'manifest' };

/** The accounts that they name; which cluster they stand in no plan tells for certain. */
export function accountsOfClasses(graph: ResourceGraph): Keys {
  return joinKeys([
    ...graph.ofType('kubernetes_manifest').filter((resource) => isClass(ownObject(resource.values, 'manifest'))).map((resource) => keysAt(resource, ['manifest', 'spec', 'nodePoolConfig', 'serviceAccount'], ACCOUNT_TYPES)),
    ...Object.entries(TEXTS).flatMap(([type, attribute]) => graph.ofType(type).map((resource) => inText(resource, attribute))),
  ]);
}

function inText(resource: Resource, attribute: string): Keys {
  const value = resource.valueAt(attribute);
  // Most of them are long, and something else.
  if (typeof value !== 'string' || !value.includes('ComputeClass')) return NO_KEYS;
  const accounts = (objectsInText(value) ?? []).flatMap(itemsOf).filter(isClass).map((object) => ownText(ownObject(ownObject(object, 'spec'), 'nodePoolConfig'), 'serviceAccount'));
  return keysOf(accounts.filter((account) => account !== undefined).map(canonicalIdentity));
}

function isClass(object: JsonObject | undefined): boolean {
  return ownText(object, 'kind') === 'ComputeClass' && (ownText(object, 'apiVersion') ?? '').startsWith('cloud.google.com/');
}
