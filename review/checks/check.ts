/** What a check is. One file per check; the file's name is its id. */
import type { Policy } from '../../blueprints/policy/model';
import type { Verdict } from '../paths/verdict';
import type { Step } from '../paths/trace';
import type { Confidence, Severity } from '../result';

/** What a check sees of one reviewed input. `Model` is the cloud's own model. */
export interface CheckContext<Model> {
  readonly model: Model;
  /** Of every place of this model, both families. */
  readonly verdicts: readonly Verdict[];
  /** When the review was given a policy file. */
  readonly policy?: Policy;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** Ends a message about something that only the policy file can explain. Such a finding is a mild one. */
export const NO_POLICY = '; no policy file was given (--policy) to say whether that is meant';

/** What a check found; the review adds input, source and fingerprint. */
export interface Hit {
  readonly address: string;
  readonly message: string;
  readonly segment?: string;
  /** Default: the check's. */
  readonly severity?: Severity;
  /** Default: `certain`. */
  readonly confidence?: Confidence;
  /** What the message tells in part, in full: two findings are one before and after a change only where this is the same, too. Default: the message has it all. */
  readonly whole?: string;
  readonly witness?: readonly Step[];
}

/** For a message that names the first of many. */
export function inFull(items: readonly string[], shown: number): Pick<Hit, 'whole'> {
  return items.length > shown ? { whole: items.join('\n') } : {};
}

/** A property of a network, and what it means when it is missing. */
export interface Check<Model> {
  readonly id: string;
  /** A noun phrase: `data tier with an internet route`. */
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters: one or two sentences. */
  readonly why: string;
  /** How to fix it: one or two sentences. */
  readonly fix: string;
  /** Pages of the cloud's documentation. */
  readonly references: readonly string[];
  /** Ids of comparable checks: `checkov CKV_AWS_382`. */
  readonly comparable: readonly string[];
  /** True: it asks what is written, which no state tells, so that a plan's prior state does not say whether a finding is new. Default: false. */
  readonly asksConfiguration?: boolean;
  run(context: CheckContext<Model>): Iterable<Hit>;
}
