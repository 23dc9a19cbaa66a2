/** Whether the segments and what they accept make sense together. */
import { FIRST_SEGMENT_SLOT, SLOTS } from './address-plan';
import { repeated, type CheckContext } from './check-context';
import type { PortRange } from './model';
import { RESERVED_SEGMENT_NAMES } from './names';
import { overlaps, parsePort, portText } from './ports';
import type { Path } from './problems';
import type { SegmentInput } from './schema';
import type { Sound } from './schema-findings';
import { suggestion } from './suggest';

/** As many as there are address blocks for. */
const MOST_SEGMENTS = SLOTS - FIRST_SEGMENT_SLOT;

type Segment = Sound<SegmentInput>;

/** Names, tiers and callers. */
export function checkSegments(segments: readonly (Segment | null)[], context: CheckContext): void {
  const names = segments.map((segment) => segment?.name ?? null);
  repeated(names, (index, first) =>
    context.error(
      ['segments', index, 'name'],
      'duplicate-segment',
      `is the name of ${context.where(['segments', first])}, too`,
      'give each segment a name of its own',
      names[index],
    ));
  if (segments.length > MOST_SEGMENTS) {
    context.error(
      ['segments', MOST_SEGMENTS],
      'too-many-segments',
      `there are ${segments.length} segments; the address plan has ${MOST_SEGMENTS} blocks`,
      'join segments that are treated alike, or split the policy',
    );
  }
  segments.forEach((segment, index) => {
    if (!segment) return;
    const path: Path = ['segments', index];
    if (segment.name !== null && RESERVED_SEGMENT_NAMES.has(segment.name)) {
      context.error(
        [...path, 'name'],
        'reserved-name',
        'is reserved for the network itself',
        `choose another, such as 'app-${segment.name}'`.slice(0, 60),
        segment.name,
      );
    }
    checkCallers(segment, path, context);
    checkPorts(segment, path, context);
  });
}

function checkCallers({ tier, accepts }: Segment, path: Path, context: CheckContext): void {
  (accepts ?? []).forEach((accept, index) => {
    const from = accept?.from;
    if (typeof from !== 'string') return;
    const at = [...path, 'accepts', index, 'from'];
    if (from === 'internet') {
      if (tier === 'private' || tier === 'data') {
        context.error(
          at,
          'internet-not-public',
          `may be accepted by public segments only, and this one is ${tier}`,
          'let a public segment accept it and call this one',
          from,
        );
      }
    } else if (context.segments && !context.segments.has(from)) {
      context.error(at, 'unknown-segment', 'is not a segment', suggestion(from, ['internet', ...context.segments.keys()], 'callers'), from);
    }
  });
}

/** A port that a caller is given twice, in one entry or in several. */
function checkPorts({ accepts }: Segment, path: Path, context: CheckContext): void {
  const byCaller = new Map<string, { range: PortRange; at: Path }[]>();
  (accepts ?? []).forEach((accept, index) => {
    if (!accept || accept.from === null || accept.protocol === null) return;
    const caller = `${accept.from} ${accept.protocol ?? 'tcp'}`;
    const ranges = byCaller.get(caller) ?? [];
    byCaller.set(caller, ranges);
    (accept.ports ?? []).forEach((port, place) => {
      const parsed = port === null ? undefined : parsePort(port);
      if (parsed?.ok) ranges.push({ range: parsed.range, at: [...path, 'accepts', index, 'ports', place] });
    });
  });
  for (const ranges of byCaller.values()) {
    for (const { index, earlier } of overlaps(ranges.map(({ range }) => range))) {
      const { range, at } = ranges[index]!;
      context.error(
        at,
        'overlapping-ports',
        `is accepted from the same caller by ${portText(ranges[earlier]!.range)} already`,
        'keep one of the two',
        portText(range),
      );
    }
  }
}
