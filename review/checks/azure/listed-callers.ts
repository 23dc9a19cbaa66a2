/** Lists of addresses that a service lets in where it denies the rest: `0.0.0.0/1` and `128.0.0.0/1` are everybody. */
import { texts } from '../../model/azure/read';
import { size } from '../../model/ranges';
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { internetOf, LISTED } from './wide-rules';

/** What lists them, of all kinds of services; the last two are blocks. */
const LISTS: readonly (readonly [list: string, name?: string])[] = [['ip_rules'], ['ip_rule', 'ip_mask'], ['ip_rule', 'ip_range']];

/** Whether a block of network rules lists a part of the internet, and no single callers. What is not known is not told. */
export function listsMany(resource: Resource, block: AttributePath): boolean {
  const items = LISTS.flatMap(([list, name]) => (name === undefined ? texts(resource, [...block, list]).items : resource.elements([...block, list]).flatMap((path) => texts(resource, [...path, name]).items)));
  return items.length > 0 && size(internetOf({ items })) > LISTED;
}
