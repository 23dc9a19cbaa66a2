/** What each input of a review is compared with. */
import { buildGraph } from '../plan/build-graph';
import type { Graph } from '../plan/graph';
import { joinedGraph } from '../plan/joined-graph';
import { parsePlan, type PlanFile } from '../plan/load';
import type { ResourceGraph } from '../plan/resource-graph';
import { matchBases } from './bases';
import type { EarlierResult } from './earlier-result';

/** What was before one input. */
export interface Baseline {
  /** What to compare the network with: the input's own graph where nothing changes. Undefined where nobody knows. */
  readonly graph?: ResourceGraph;
  /** What to compare findings with, where that is another thing; undefined for a name that no result has. */
  readonly result?: EarlierResult | 'nothing';
  /** In words; see `ReviewedInput.comparedWith`. */
  readonly name?: string;
}

export interface Baselines {
  /** One per input, in their order. */
  readonly of: readonly Baseline[];
  readonly notices: readonly string[];
}

interface Reviewed {
  readonly name: string;
  readonly graph: ResourceGraph;
  /** The names of the files of which it is, where they are reviewed together. */
  readonly files?: readonly string[];
  /** What their addresses begin with, without the colon. */
  readonly parts?: readonly { readonly name: string }[];
}

/**
 * Files of `--base`, else each plan's own prior state. A first plan beside others that have one is new, as an input that
 * no base fits: a gate must not pass what it cannot compare. An earlier result has findings and no network: that is compared with the prior state.
 */
export function baselinesOf(inputs: readonly Reviewed[], base: readonly PlanFile[] | undefined, results: readonly EarlierResult[] | undefined): Baselines {
  const names = inputs.map(({ name }) => name);
  if (base) {
    const { found, notices } = matchBases(inputs.flatMap(({ name, files }) => files ?? [name]), base, nameOf);
    const next = found[Symbol.iterator]();
    const of = inputs.map(({ name, files = [name], parts = [] }) => {
      const own = files.map(() => next.next().value);
      return files.length === 1 ? baseOf(own[0]) : joinedBase(name, parts.map((part) => part.name), own.map(baseOf));
    });
    return { of, notices };
  }
  const priors = inputs.map(({ graph }) => priorOf(graph));
  const isKnown = priors.some((prior) => prior !== undefined);
  const notices: string[] = [];
  const own = inputs.map(({ name, graph }, index): Baseline => {
    const prior = priors[index];
    if (prior) return { graph: prior, name: 'its prior state' };
    if (!isKnown || graph.kind !== 'plan') return {};
    notices.push(`${name}: the plan has no prior state, unlike others, so it counts as new`);
    return NOTHING;
  });
  if (!results) return { of: own, notices };
  const matched = matchBases(names, results, ({ input }) => input);
  return {
    of: own.map(({ graph }, index): Baseline => {
      const result = matched.found[index];
      return { ...(graph ? { graph } : {}), result: result ?? 'nothing', name: result?.file ?? 'nothing' };
    }),
    notices: [...notices, ...matched.notices],
  };
}

type Base = Required<Pick<Baseline, 'name'>> & { readonly graph: Graph };

const NOTHING: Base = { graph: buildGraph(parsePlan('{"format_version":"1.0","values":{"root_module":{}}}', 'nothing')), name: 'nothing' };

function baseOf(file: PlanFile | undefined): Base {
  return file ? { graph: buildGraph(file), name: nameOf(file) } : NOTHING;
}

/** Each file's addresses begin as those of what is compared with it do. */
function joinedBase(name: string, short: readonly string[], bases: readonly Base[]): Base {
  if (bases.every((base) => base === NOTHING)) return NOTHING;
  return { graph: joinedGraph(name, bases.map(({ graph }, index) => ({ name: short[index] as string, graph }))), name: bases.map((base) => base.name).join(' + ') };
}

function nameOf({ stack, name }: PlanFile): string {
  return stack ?? name;
}

/** What exists before a plan is applied. */
function priorOf(graph: ResourceGraph): ResourceGraph | undefined {
  if (graph.kind !== 'plan') return undefined;
  const before = graph.before();
  // A first plan has read data sources and nothing else: that is no network to compare with.
  return before.resources.some(({ mode }) => mode === 'managed') ? before : undefined;
}
