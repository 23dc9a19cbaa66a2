/** What each input is compared with. */
import { shortNames } from '../plan/short-names';

export interface Bases<Base> {
  /** One per input, in their order; undefined for one that counts as new. */
  readonly found: readonly (Base | undefined)[];
  readonly notices: readonly string[];
}

/**
 * By stack or whole name, else by the file's own name: a pipeline has the same file names in two
 * folders; else by the folder that it has beside the others (`main/network/plan.json`, `head/network/plan.json`). One input and one base belong together whatever they are called. An input that nothing
 * fits is new, and all that it reaches is opened by it: a gate must not pass what it cannot compare.
 *
 * @param inputs names, as results have them
 * @param nameOf the same of a base
 */
export function matchBases<Base>(inputs: readonly string[], bases: readonly Base[], nameOf: (base: Base) => string): Bases<Base> {
  const used = new Set<Base>();
  const notices: string[] = [];
  const short = shortNames(inputs);
  const shortOfBases = shortNames(bases.map(nameOf));
  const wanted = inputs.map((input, index) => {
    if (inputs.length === 1 && bases.length === 1) return bases[0];
    return matching(input, bases, nameOf) ?? onlyOf(bases.filter((_, at) => bases.length > 1 && shortOfBases[at] === short[index]));
  });
  const found = inputs.map((input, index) => {
    const base = wanted[index];
    if (base === undefined) {
      notices.push(`${input}: no file of --base has its name, so it counts as new`);
      return undefined;
    }
    used.add(base);
    // What one of them opened before, another one may only open now.
    if (nameOf(base) !== input && wanted.filter((each) => each === base).length > 1) {
      notices.push(`${input}: ${nameOf(base)} of --base has the name of several inputs, so it counts as new`);
      return undefined;
    }
    return base;
  });
  for (const base of bases) if (!used.has(base)) notices.push(`${nameOf(base)}: nothing that is reviewed has the name of this file of --base`);
  return { found, notices };
}

function matching<Base>(input: string, bases: readonly Base[], nameOf: (base: Base) => string): Base | undefined {
  const exact = bases.find((base) => nameOf(base) === input);
  if (exact) return exact;
  return onlyOf(bases.filter((base) => ownName(nameOf(base)) === ownName(input)));
}

function onlyOf<Base>(bases: readonly Base[]): Base | undefined {
  return bases.length === 1 ? bases[0] : undefined;
}

/** `aws-prod` of `main/plans/aws-prod.json`, which is also the name of its stack. */
function ownName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.json$/, '');
}
