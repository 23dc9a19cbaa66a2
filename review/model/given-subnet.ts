/** Whether a resource of a kind that nobody here knows is given a subnet: by the names of its attributes, wherever they stand. */
import { isList, isObject, type Json } from '../plan/json';
import type { Resource } from '../plan/resource-graph';

/** People write what they like into these. */
const NO_ATTRIBUTES: ReadonlySet<string> = new Set(['tags', 'tags_all', 'labels']);
const SUBNET = /^[a-z0-9_]*subnet[a-z0-9_]*$/;

/** What it is given may not be known: then its configuration says where it comes from. */
export function isGivenSubnet(resource: Resource): boolean {
  return namesSubnet(resource.values, isSet) || namesSubnet(resource.configExpression([]), refers);
}

function namesSubnet(value: Json | undefined, counts: (value: Json) => boolean): boolean {
  if (isList(value)) return value.some((each) => namesSubnet(each, counts));
  if (!isObject(value)) return false;
  for (const name in value) {
    const each = value[name] as Json;
    if ((name.includes('subnet') && SUBNET.test(name) && !NO_ATTRIBUTES.has(name) && counts(each)) || (typeof each === 'object' && each !== null && !NO_ATTRIBUTES.has(name) && namesSubnet(each, counts))) return true;
  }
  return false;
}

const isSet = (value: Json): boolean => value !== null && value !== '' && !(isList(value) && value.length === 0);

/** An expression that refers to anything, or says it; blocks of such, and what a synthesized stack has instead. */
const refers = (value: Json): boolean => (isList(value) ? value.some(refers) : isObject(value) ? Object.values(value).some(refers) : isSet(value));
