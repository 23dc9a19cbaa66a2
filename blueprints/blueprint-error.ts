import type { IConstruct } from 'constructs';

/** One thing that a person has to change before the blueprint can be built. */
export interface BlueprintProblem {
  /** Lower case, with the bad value and the way out. */
  readonly message: string;
  /** Where in the policy file it comes from, as `file:line:column`. */
  readonly at?: string;
}

/**
 * What a blueprint throws when it cannot build what it was asked for.
 *
 * It carries every problem that the construct found, not the first one, and the construct's
 * path, so that the person who reads it can find both the policy line and the code.
 */
export class BlueprintError extends Error {
  constructor(
    scope: IConstruct,
    readonly problems: readonly BlueprintProblem[],
  ) {
    super(problems.map((problem) => `${problem.at ? `${problem.at} ` : ''}${problem.message} [${scope.node.path}]`).join('\n'));
    this.name = 'BlueprintError';
  }
}
