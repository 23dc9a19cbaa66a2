/** Takes a value away from a random network: the review must not find it closed for that. */
import { Dice } from '../dice';
import { isRef, type Part } from './random-networks';

/** Which only name a thing. */
const NAMES = ['name', 'account_id', 'short_name', 'parent', 'scopes'];

/** Where a value, or a block as a whole, may be taken away. */
function places(value: any, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  const isDeep = typeof value === 'object' && value !== null && !isRef(value);
  const inner = isDeep ? Object.keys(value).filter((key) => !NAMES.includes(key)).flatMap((key) => places(value[key], [...path, Array.isArray(value) ? Number(key) : key])) : [];
  return path.length === 0 || (isDeep && typeof path.at(-1) === 'number') ? inner : [path, ...inner];
}

/** The same with one value of one part that nobody tells. */
export function withHidden(parts: readonly Part[], seed: number, isMeant: (part: Part) => boolean): readonly Part[] {
  const dice = new Dice(seed);
  const copy = structuredClone(parts);
  const part = dice.of(copy.filter((each) => isMeant(each) && places(each.values).length > 0));
  const path = dice.of(places(part.values));
  path.slice(0, -1).reduce((at, key) => at[key], part.values)[path.at(-1) as string] = '${var.hidden}';
  return copy;
}
