/** Which places before a change are which places after it. */
import type { Place } from '../model/network-model';
import type { Verdict } from '../paths/verdict';
import type { ResourceGraph } from '../plan/resource-graph';

/** How things were called before the change, where that differs. */
export class Moves {
  private readonly earlier = new Map<string, string>();
  private readonly later = new Map<string, string>();

  constructor(before: ResourceGraph, after: ResourceGraph) {
    const moved = after.resources.filter(({ previousAddress }) => previousAddress !== undefined);
    // Terraform has moved what a plan calls its prior state; a file to compare with may have the old names.
    if (moved.every(({ address }) => before.byAddress(address) !== undefined)) return;
    for (const { address, previousAddress } of moved) {
      this.earlier.set(address, previousAddress as string);
      this.later.set(previousAddress as string, address);
    }
  }

  /** What a place of now was called, or would have been: `a in b`, `a + b`. Undefined where it stands where another one moved away from. */
  before(text: string): string | undefined {
    if (this.earlier.size === 0) return text;
    const [own] = text.split(BETWEEN, 1);
    if (own !== undefined && !this.earlier.has(own) && this.later.has(own)) return undefined;
    return renamed(text, BETWEEN, this.earlier);
  }

  /** A sentence of before as one of now. */
  sinceThen(sentence: string): string {
    return this.later.size === 0 ? sentence : renamed(sentence, WORDS, this.later);
  }
}

const BETWEEN = /( \+ | in )/;
const WORDS = /([\s,;()]+|:(?=\s|$))/;

function renamed(text: string, separator: RegExp, names: ReadonlyMap<string, string>): string {
  return text.split(separator).map((part) => names.get(part) ?? part).join('');
}

/** The workload or subnet that a place is, without what stands in for the rest: a group more makes no other place. */
export function ownAddress({ id, addresses }: Place): string {
  return addresses.find((address) => id === address || id.startsWith(`${address} `)) ?? id;
}

/** Answers are lists, because a workload may stand in one subnet before and in two after. */
export class SamePlaces {
  private readonly was: Index;
  private is: Index | undefined;

  constructor(before: readonly Verdict[], private readonly after: readonly Verdict[], private readonly moves: Moves) {
    this.was = new Index(before, (text) => text);
  }

  /** The address by which a place is known before and after; undefined where something else had it. */
  keyOf(place: Place): string | undefined {
    return this.moves.before(ownAddress(place));
  }

  /** Empty for a place that is new. */
  earlier({ place, family }: Verdict): readonly Verdict[] {
    const id = this.moves.before(place.id);
    const key = this.keyOf(place);
    return id === undefined || key === undefined ? [] : this.was.at(id, key, family);
  }

  /** Empty for a place that is gone. */
  later({ place, family }: Verdict): readonly Verdict[] {
    this.is ??= new Index(this.after, (text) => this.moves.before(text));
    return this.is.at(place.id, ownAddress(place), family);
  }
}

/** Verdicts by the place's id, and by its own address. */
class Index {
  private readonly byId = new Map<string, Verdict[]>();
  private byAddress: Map<string, Verdict[]> | undefined;

  constructor(private readonly verdicts: readonly Verdict[], private readonly called: (text: string) => string | undefined) {
    for (const verdict of verdicts) append(this.byId, called(verdict.place.id), verdict);
  }

  at(id: string, address: string, family: Verdict['family']): readonly Verdict[] {
    const exact = this.byId.get(id)?.filter((verdict) => verdict.family === family) ?? [];
    return exact.length > 0 ? exact : (this.addressed().get(address) ?? []).filter((verdict) => verdict.family === family);
  }

  private addressed(): ReadonlyMap<string, Verdict[]> {
    if (!this.byAddress) {
      this.byAddress = new Map();
      for (const verdict of this.verdicts) append(this.byAddress, this.called(ownAddress(verdict.place)), verdict);
    }
    return this.byAddress;
  }
}

function append(map: Map<string, Verdict[]>, key: string | undefined, verdict: Verdict): void {
  if (key === undefined) return;
  const known = map.get(key);
  if (known) known.push(verdict);
  else map.set(key, [verdict]);
}
