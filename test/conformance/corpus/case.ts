/** A conversation, and what the policy says about it. */
import type { Wire } from '../packets/wire';

/**
 * What becomes of a conversation.
 *
 * - `pass`: all data of both sides arrives.
 * - `drop`: from some packet on nothing of the client's arrives, and nothing of the server's ever does.
 * - `unanswered`: the client's few bytes arrive, and nothing of the server's.
 */
export type Verdict = 'pass' | 'drop' | 'unanswered';

export interface Case {
  readonly name: string;
  /** A segment's name, or an address that belongs to none. */
  readonly from: string;
  /** Default: an address on the internet that no other case has. */
  readonly to?: string;
  readonly port: number;
  readonly talk: (wire: Wire) => void;
  /** By the generated rules alone, and with AWS's default action after them. */
  readonly expected: Verdict;
  /** With the default action, where that drops more than the rules do. */
  readonly withDefault?: Verdict;
  /** Bytes of the client that may arrive in a conversation that is dropped. Default: none. */
  readonly leaks?: number;
  /** What the log has to say; in part. */
  readonly record?: string;
  /** Id of the residual risk that this case shows: why the verdict is not what the policy means. */
  readonly risk?: string;
}
