/**
 * Which block of the address plan a segment or a zone gets, for life.
 *
 * A name's preferred slot is a hash of the name, so that adding a segment hardly ever moves
 * another. `egress.lock.json`, which belongs into version control beside the policy, remembers
 * what was given out, so that with it nothing ever moves.
 */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { FIRST_SEGMENT_SLOT, SLOTS, ZONE_SLOTS } from './address-plan';
import { readDocument } from './document';
import { excerpt, pathText, type Path, type PolicyProblem } from './problems';
import { compare } from './rules';

/** The slots that may be given out. */
export interface SlotRange {
  readonly first: number;
  readonly count: number;
  /** The slot that a name would like; default: a hash of the name. */
  readonly preferred?: (name: string) => number | undefined;
}

/**
 * One slot per name, none twice; the order of `names` does not matter.
 *
 * Names in `locked` keep theirs. New names come in sorted order, take the slot they prefer, and
 * when it is taken the next free one. A slot that a name gives back with the same change comes last:
 * Terraform may make the new subnet before the old one of the same block is gone, which a cloud
 * refuses, and until the apply ends rules may still name that block for whom it was.
 *
 * @throws RangeError when there are more names than slots
 */
export function assignSlots(names: readonly string[], locked: ReadonlyMap<string, number>, range: SlotRange): ReadonlyMap<string, number> {
  const { first, count, preferred } = range;
  const sorted = [...new Set(names)].sort(compare);
  if (sorted.length > count) throw new RangeError(`${sorted.length} names do not fit into ${count} slots`);
  const slots = new Map<string, number>();
  for (const name of sorted) {
    const slot = locked.get(name);
    if (slot !== undefined) slots.set(name, slot);
  }
  const taken = new Set(slots.values());
  const leaving = new Set([...locked].filter(([name]) => !slots.has(name)).map(([, slot]) => slot));
  const isFree = (slot: number) => !taken.has(slot) && (!leaving.has(slot) || taken.size + leaving.size >= count);
  for (const name of sorted.filter((each) => !slots.has(each))) {
    let slot = preferred?.(name) ?? first + hash(name, count);
    while (!isFree(slot)) slot = slot + 1 < first + count ? slot + 1 : first;
    slots.set(name, slot);
    taken.add(slot);
    leaving.delete(slot);
  }
  return new Map([...slots].sort(([a], [b]) => compare(a, b)));
}

/** The slot of a zone's last letter: `us-east-1a` likes 0, `…b` 1. */
export function zoneLetterSlot(zone: string): number | undefined {
  const slot = zone.charCodeAt(zone.length - 1) - 'a'.charCodeAt(0);
  return slot >= 0 && slot < 4 ? slot : undefined;
}

function hash(name: string, count: number): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0) % count;
}

/** What was given out: the content of the lock file. */
export interface AddressLock {
  readonly version: 1;
  /** Slot (4..63) by segment. */
  readonly segments: Readonly<Record<string, number>>;
  /** Slot (0..3) by zone, by AWS environment (`aws-prod`). */
  readonly zones: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A lock that was read, or what is wrong with it. */
export type LockResult =
  | { readonly ok: true; readonly lock: AddressLock }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

const RESTORE = 'restore the file from version control; without it addresses can move';
const MERGE = "keep the lines that are deployed already, remove the others and those of git (<<<<<<<, =======, >>>>>>>); what is removed is given a new slot";

const lockSchema = z.strictObject({
  version: z.literal(1),
  segments: z.record(z.string(), z.int().min(FIRST_SEGMENT_SLOT).max(SLOTS - 1)),
  zones: z.record(z.string(), z.record(z.string(), z.int().min(0).max(ZONE_SLOTS - 1))),
});

/** `egress.yaml` -> `egress.lock.json`, in the same folder. */
export function lockPath(policyPath: string): string {
  return `${policyPath.replace(/\.ya?ml$/i, '')}.lock.json`;
}

/** Reads a lock file's text; every problem at once. */
export function parseLock(text: string, file: string): LockResult {
  // JSON is YAML, and the YAML reader knows the place of everything.
  const document = readDocument(text);
  const problems: PolicyProblem[] = [];
  const report = (path: Path, code: string, message: string, fix: string, value?: unknown) => {
    const place = { file, ...document.place(path), path: pathText(path) };
    problems.push({ code, severity: 'error', ...place, message, fix, ...(value === undefined ? {} : { value: excerpt(value) }) });
  };

  for (const { code, line, column, message } of document.problems) {
    problems.push({ code: 'lock-syntax', severity: 'error', file, line, column, path: '', message, fix: code === 'yaml-conflict' ? MERGE : RESTORE });
  }
  if (problems.length) return { ok: false, problems };
  const parsed = lockSchema.safeParse(document.value);
  for (const issue of parsed.error?.issues ?? []) {
    const path = issue.path as Path;
    if (path[0] === 'version') {
      report(
        path,
        'lock-version',
        'is a version that this release cannot read',
        'update this project, or restore the file from version control',
      );
    } else if (issue.code === 'too_small' || issue.code === 'too_big') {
      report(
        path,
        'lock-slot',
        'is not a slot',
        `slots are ${path[0] === 'zones' ? '0-3' : '4-63'}; ${RESTORE}`,
      );
    } else {
      report(path, 'lock-shape', 'is not what a lock file holds', RESTORE);
    }
  }
  if (!parsed.success) return { ok: false, problems };
  const lock = parsed.data;
  reportShared(lock.segments, ['segments'], report);
  for (const [environment, zones] of Object.entries(lock.zones)) reportShared(zones, ['zones', environment], report);
  return problems.length ? { ok: false, problems } : { ok: true, lock };
}

function reportShared(
  slots: Readonly<Record<string, number>>,
  path: Path,
  report: (path: Path, code: string, message: string, fix: string, value?: unknown) => void,
): void {
  const owners = new Map<number, string>();
  for (const [name, slot] of Object.entries(slots)) {
    const owner = owners.get(slot);
    if (owner === undefined) {
      owners.set(slot, name);
    } else {
      report(
        [...path, name],
        'lock-duplicate-slot',
        `is the slot of '${excerpt(owner)}', too`,
        `remove the line of the newer one, so that it gets another; ${RESTORE}`,
        slot,
      );
    }
  }
}

/** The text of a lock file: sorted, so that it changes only when a slot does. */
export function lockText(lock: AddressLock): string {
  const zones = sorted(lock.zones, (each) => sorted(each, (slot) => slot));
  return `${JSON.stringify({ version: 1, segments: sorted(lock.segments, (slot) => slot), zones }, null, 2)}\n`;
}

/** Writes the lock file whole or not at all: a crash leaves the old one. */
export function writeLock(path: string, lock: AddressLock): void {
  const text = lockText(lock);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Reads the lock beside a policy; undefined when there is none yet. */
export function readLock(path: string): LockResult | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const message = `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
    return { ok: false, problems: [{ code: 'lock-unreadable', severity: 'error', file: path, line: 1, column: 1, path: '', message, fix: RESTORE }] };
  }
  return parseLock(text, path);
}

function sorted<V, R>(record: Readonly<Record<string, V>>, map: (value: V) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compare(a, b)).map(([key, value]) => [key, map(value)]));
}
