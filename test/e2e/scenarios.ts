/** What the run does, in parts that know nothing of each other: each has an account and folders of its own. */
import { existingNetwork } from './existing-scenario';
import { fixturePlans } from './fixture-plans';
import { networkLife } from './scenario';
import { optionsOnRunningNetwork } from './options-scenario';
import type { AwsAccount } from './aws-account';
import type { Progress } from './progress';
import type { ProviderMirror } from './provider-mirror';

/** Where a scenario plays. */
export interface Stage {
  readonly progress: Progress;
  readonly account: AwsAccount;
  readonly mirror: ProviderMirror;
}

/** One part of the run. */
export interface Scenario {
  /** One or several words; `npm run e2e <first word>` runs it alone. */
  readonly name: string;
  /** @throws Error when it cannot go on */
  play(stage: Stage): Promise<void>;
}

/** The longest first, so that no core is idle at the end. */
export const scenarios = (): readonly Scenario[] => [networkLife, optionsOnRunningNetwork, existingNetwork, ...fixturePlans()];

/** Plays the scenarios, as many at a time as there are lanes; one that fails takes no other with it. */
export async function playAll(queue: readonly Scenario[], lanes: number, play: (scenario: Scenario) => Promise<void>): Promise<void> {
  const waiting = [...queue];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await play(next);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
