/** Which file each input is compared with. */
import { buildGraph } from '../plan/build-graph';
import { parsePlan, type PlanFile } from '../plan/load';
import type { ResourceGraph } from '../plan/resource-graph';

export interface Bases {
  /** One per input, in their order. */
  readonly graphs: readonly ResourceGraph[];
  readonly notices: readonly string[];
}

/**
 * By stack or whole name, else by the file's own name: a pipeline has the same file names in two
 * folders. One input and one base belong together whatever they are called. An input that nothing
 * fits is new, and all that it reaches is opened by it: a gate must not pass what it cannot compare.
 *
 * @param inputs names, as results have them
 */
export function matchBases(inputs: readonly string[], bases: readonly PlanFile[]): Bases {
  const used = new Set<PlanFile>();
  const notices: string[] = [];
  const wanted = inputs.map((input) => (inputs.length === 1 && bases.length === 1 ? bases[0] : matching(input, bases)));
  const graphs = inputs.map((input, index) => {
    const found = wanted[index];
    if (!found) {
      notices.push(`${input}: no file of --base has its name, so it counts as new`);
      return buildGraph(EMPTY);
    }
    used.add(found);
    // What one of them opened before, another one may only open now.
    if (nameOf(found) !== input && wanted.filter((each) => each === found).length > 1) {
      notices.push(`${input}: ${nameOf(found)} of --base has the name of several inputs, so it counts as new`);
      return buildGraph(EMPTY);
    }
    return buildGraph(found);
  });
  for (const base of bases) if (!used.has(base)) notices.push(`${nameOf(base)}: nothing that is reviewed has the name of this file of --base`);
  return { graphs, notices };
}

const EMPTY = parsePlan('{"format_version":"1.0","values":{"root_module":{}}}', 'nothing');

function nameOf({ stack, name }: PlanFile): string {
  return stack ?? name;
}

function matching(input: string, bases: readonly PlanFile[]): PlanFile | undefined {
  const exact = bases.find((base) => nameOf(base) === input);
  if (exact) return exact;
  const alike = bases.filter((base) => ownName(nameOf(base)) === ownName(input));
  return alike.length === 1 ? alike[0] : undefined;
}

/** `aws-prod` of `main/plans/aws-prod.json`, which is also the name of its stack. */
function ownName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.json$/, '');
}
