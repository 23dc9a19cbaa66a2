/** Places that start alike have paths that differ in the first step alone, and come one after the other. */
import type { Step } from './trace';

const REMEMBERED = 16;

/** The last few paths. */
export class RecentTails {
  private readonly paths: (readonly Step[])[] = [];
  private readonly kinds: string[] = [];
  private next = 0;

  /** Whether one of the last paths had the same steps behind the first, the very objects, and was of the kind. From now on the path is one of the last. */
  has(path: readonly Step[], kind: string): boolean {
    for (let at = 0; at < this.paths.length; at += 1) if (this.kinds[at] === kind && isSameTail(this.paths[at] as readonly Step[], path)) return true;
    this.paths[this.next] = path;
    this.kinds[this.next] = kind;
    this.next = (this.next + 1) % REMEMBERED;
    return false;
  }
}

/** True for paths of at least two steps. */
function isSameTail(one: readonly Step[], other: readonly Step[]): boolean {
  if (one.length !== other.length || one.length < 2) return false;
  for (let at = one.length - 1; at > 0; at -= 1) if (one[at] !== other[at]) return false;
  return true;
}
