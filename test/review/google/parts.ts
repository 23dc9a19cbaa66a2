/** What generators of random networks are written with. */
import type { Dice } from '../dice';
import type { Part, Ref } from './random-networks';

export interface PartList {
  readonly parts: Part[];
  /** Both give the name back, and take types without `google_`. */
  push(type: string, name: string, values: object): string;
  /** With the name among its values. */
  add(type: string, name: string, values: object): string;
  /** To one of the attributes; `id` without any. */
  to(type: string, name: string, ...attrs: readonly string[]): Ref;
}

export function partList(dice: Dice): PartList {
  const parts: Part[] = [];
  const push = (type: string, name: string, values: object): string => {
    parts.push({ type: `google_${type}`, name, values });
    return name;
  };
  return {
    parts,
    push,
    add: (type, name, values) => push(type, name, { name, ...values }),
    to: (type, name, ...attrs) => ({ ref: `google_${type}.${name}`, attr: attrs.length === 0 ? 'id' : dice.of(attrs) }),
  };
}
