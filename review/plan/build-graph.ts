/** From any file that can be reviewed to its graph. */
import type { Graph } from './graph';
import type { PlanFile } from './load';
import { planGraph } from './plan-graph';
import { stateGraph } from './state-graph';
import { synthesizedGraph, synthesizedOrigins } from './synthesized-graph';

export interface BuildOptions {
  /** The synthesized stack that a plan was made from: it has the construct paths and lifecycles, which a plan lacks. */
  readonly synthesized?: PlanFile;
}

/** Builds the graph of a plan, a state or a synthesized stack. */
export function buildGraph(file: PlanFile, options: BuildOptions = {}): Graph {
  if (file.kind === 'synthesized') return synthesizedGraph(file);
  return file.kind === 'state' ? stateGraph(file) : planGraph(file, options.synthesized ? synthesizedOrigins(options.synthesized) : file.origins);
}
