/** Variables beside what an expression, or all blocks of a kind in one, refer to. */
import { looksLikeIdentity } from '../plan/identity';
import { parseReference } from '../plan/reference';
import type { Resource } from '../plan/resource-graph';

/**
 * True for `var.cidr` where the plan's variables tell a text that is neither an id nor an address: what is not known,
 * and leads somewhere, is made of something else that is referred to.
 */
export function isPlainVariable(resource: Resource, text: string): boolean {
  if (!text.startsWith('var.')) return false;
  const reference = parseReference(text);
  const told = reference && resource.told(reference);
  return told !== undefined && (told === 'absent' || !(looksLikeIdentity(told.text) || ADDRESS.test(told.text)));
}

const ADDRESS = /^(\d+(\.\d+){3}|[0-9a-f:]*:[0-9a-f:.]*)$/i;
