/** Which places before a change are which places after it. */
import { append } from '../append';
import type { Place } from '../model/network-model';
import type { Verdict } from '../paths/verdict';
import type { Moves } from './moves';

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

  /** Empty for a place that is new. What stands in for a subnet in which nothing stands any more is what stood there before. */
  earlier({ place, family }: Verdict): readonly Verdict[] {
    const id = this.moves.before(place.id);
    const key = this.keyOf(place);
    if (id === undefined || key === undefined) return [];
    const own = this.was.at(id, key, family);
    return own.length === 0 && place.hypothetical ? this.was.standingIn(key, family) : own;
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
  private bySubnet: Map<string, Verdict[]> | undefined;

  constructor(private readonly verdicts: readonly Verdict[], private readonly called: (text: string) => string | undefined) {
    for (const verdict of verdicts) note(this.byId, called(verdict.place.id), verdict);
  }

  at(id: string, address: string, family: Verdict['family']): readonly Verdict[] {
    const exact = this.byId.get(id)?.filter((verdict) => verdict.family === family) ?? [];
    return exact.length > 0 ? exact : (this.addressed().get(address) ?? []).filter((verdict) => verdict.family === family);
  }

  /** Workloads, by the subnet that their way begins in. */
  standingIn(subnet: string, family: Verdict['family']): readonly Verdict[] {
    if (!this.bySubnet) {
      this.bySubnet = new Map();
      for (const verdict of this.verdicts) if (!verdict.place.hypothetical) note(this.bySubnet, verdict.witness?.find(({ kind }) => kind === 'subnet')?.address, verdict);
    }
    return (this.bySubnet.get(subnet) ?? []).filter((verdict) => verdict.family === family);
  }

  private addressed(): ReadonlyMap<string, Verdict[]> {
    if (!this.byAddress) {
      this.byAddress = new Map();
      for (const verdict of this.verdicts) note(this.byAddress, this.called(ownAddress(verdict.place)), verdict);
    }
    return this.byAddress;
  }
}

function note(verdicts: Map<string, Verdict[]>, key: string | undefined, verdict: Verdict): void {
  if (key !== undefined) append(verdicts, key, verdict);
}
