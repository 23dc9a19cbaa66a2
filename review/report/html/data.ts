/**
 * What the page's script needs for the details of a segment, packed: every text once, everything else
 * as its number. Ten thousand paths repeat each other, so this is a tenth of the result.
 */
import type { Step } from '../../paths/trace';
import type { PlaceVerdict } from '../../result';
import { printable } from '../../../blueprints/policy/problems';
import { tellings, type Standing } from '../segment-rows';
import { HOP_WORDS, VERDICT_MEANINGS, VERDICT_WORDS, hostLimits, tellingWay, wayWords } from '../words';
import type { PictureHop } from '../picture/picture';
import { hopId } from './picture-hops';
import { rowId, type Drawing } from './picture-svg';

/** A number of a text in `PageData.texts`. */
type TextNumber = number;

/** The contract with `client/`: see the same names there. */
export interface PageData {
  readonly texts: readonly string[];
  /** Kind, address, label (-1 for none). */
  readonly steps: readonly (readonly [TextNumber, TextNumber, TextNumber])[];
  readonly rows: Readonly<Record<string, PageRow>>;
  readonly hops: Readonly<Record<string, PageHop>>;
}

interface PageRow {
  readonly name: TextNumber;
  /** Input, cloud, tier, zones, CIDRs: one line. */
  readonly facts: TextNumber;
  readonly standings: readonly PageStanding[];
  /** Private endpoints that it reaches: keys of `hops`. */
  readonly privately: readonly string[];
}

interface PageStanding {
  readonly verdict: string;
  readonly word: string;
  readonly meaning: string;
  readonly where: TextNumber;
  readonly traffic: readonly TextNumber[];
  /** Host, protocol, ports, rule. */
  readonly hosts: readonly (readonly [TextNumber, TextNumber, TextNumber, TextNumber])[];
  readonly ways: readonly PageWay[];
}

/** Places whose paths are of the same kinds and end for the same reason. */
interface PageWay {
  readonly words: TextNumber;
  readonly end: 'internet' | 'stop' | 'unknown';
  readonly reason: TextNumber;
  /** Place, zone (-1 for none), steps. */
  readonly places: readonly (readonly [TextNumber, TextNumber, readonly number[]])[];
}

interface PageHop {
  readonly title: TextNumber;
  /** What it is reached as; -1 for a box on a way to the internet. */
  readonly name: TextNumber;
  readonly addresses: readonly TextNumber[];
  readonly rows: readonly string[];
}

/** More distinct CIDRs than this are counted. */
const CIDRS_SHOWN = 6;

/** Gives each text and each step a number. */
class Packing {
  readonly texts: string[] = [];
  readonly steps: (readonly [TextNumber, TextNumber, TextNumber])[] = [];
  private readonly textNumbers = new Map<string, number>();
  private readonly stepNumbers = new Map<string, number>();

  text(text: string): TextNumber {
    const shown = printable(text);
    return numberOf(this.textNumbers, shown, () => this.texts.push(shown));
  }

  step({ kind, address, label }: Step): number {
    const triple = [this.text(HOP_WORDS[kind]), this.text(address), label === undefined || label === address ? -1 : this.text(label)] as const;
    return numberOf(this.stepNumbers, triple.join(), () => this.steps.push(triple));
  }
}

function numberOf(numbers: Map<string, number>, key: string, add: () => number): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const number = add() - 1;
  numbers.set(key, number);
  return number;
}

export function pageData(drawings: readonly Drawing[]): PageData {
  const packing = new Packing();
  const rows: Record<string, PageRow> = {};
  const hops: Record<string, PageHop> = {};
  for (const drawing of drawings) {
    const { picture } = drawing;
    picture.rows.forEach((row, index) => {
      const cidrs = [...new Set(row.standings.flatMap(({ verdicts }) => verdicts.flatMap((verdict) => verdict.cidrs)))].sort();
      const shown = cidrs.length > CIDRS_SHOWN ? `${cidrs.length} CIDRs` : cidrs.join(' ');
      rows[rowId(drawing, index)] = {
        name: packing.text(row.name),
        facts: packing.text([row.input, row.cloud, row.tier ? `${row.tier} tier` : '', row.zones.join(' '), shown].filter(Boolean).join(' · ')),
        // A family that is closed beside an open one has no line of its own in the picture, but it has a way.
        standings: [...tellings(row), ...row.standings.filter(({ verdict, overshadowed, family }) => verdict === 'none' && overshadowed && family).map((standing) => ({ standing, where: `IPv${standing.family as number}` }))]
          .map(({ standing, where }) => standingData(standing, where, packing)),
        privately: picture.privately.filter((hop) => hop.rows.includes(index)).map((hop) => hopId(drawing, hop.id)),
      };
    });
    const add = (hop: PictureHop, name: TextNumber) => {
      hops[hopId(drawing, hop.id)] = {
        title: packing.text(HOP_WORDS[hop.kind]),
        name,
        addresses: hop.nodes.map(({ id, address }) => packing.text(address ?? id)),
        rows: hop.rows.map((row) => rowId(drawing, row)),
      };
    };
    picture.hops.forEach((hop) => add(hop, -1));
    picture.privately.forEach((hop) => add(hop, packing.text(hop.label)));
  }
  return { texts: packing.texts, steps: packing.steps, rows, hops };
}

function standingData({ verdict, hosts, verdicts }: Standing, where: string, packing: Packing): PageStanding {
  const ways = new Map<string, { first: PlaceVerdict; places: PlaceVerdict[] }>();
  for (const each of verdicts) {
    const key = JSON.stringify([wayOf(each), reasonOf(each)]);
    const way = ways.get(key) ?? { first: each, places: [] };
    way.places.push(each);
    ways.set(key, way);
  }
  return {
    verdict,
    word: VERDICT_WORDS[verdict],
    meaning: VERDICT_MEANINGS[verdict],
    where: packing.text(where),
    traffic: [...new Set(verdicts.flatMap(({ openTraffic }) => openTraffic ?? []))].map((traffic) => packing.text(traffic)),
    hosts: hosts.map(({ host, protocol, ports, rule, ...limits }) => [packing.text(`${host}${hostLimits(limits)}`), packing.text(protocol), packing.text(ports.length > 0 ? ports.join(', ') : 'every port'), packing.text(rule)]),
    ways: [...ways.values()].map(({ first, places }) => ({
      words: packing.text(wayOf(first)),
      end: tellingWay(first).end,
      reason: packing.text(reasonOf(first)),
      places: places.map((place) => [packing.text(place.place), place.zone === undefined ? -1 : packing.text(place.zone), tellingWay(place).steps.map((step) => packing.step(step))]),
    })),
  };
}

function wayOf(verdict: PlaceVerdict): string {
  const { steps, end } = tellingWay(verdict);
  return wayWords(steps, end);
}

function reasonOf({ blocker, reasons }: PlaceVerdict): string {
  return blocker?.reason ?? reasons.join('; ');
}
