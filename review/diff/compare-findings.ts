/** Which findings a change brings, which were there before, and which are gone. */
import { append } from '../append';
import type { ResourceGraph } from '../plan/resource-graph';
import { SEVERITIES, type AbsentFinding, type Confidence, type EarlierClaim, type Finding } from '../result';
import { gistOf, Moves } from './moves';

/** What a finding says, wherever that is written. */
export type Claim = Pick<Finding, 'rule' | 'severity' | 'confidence' | 'address' | 'segment' | 'message' | 'digest'>;

/** What was found before the change. */
export interface EarlierFindings {
  readonly claims: readonly Claim[];
  readonly moves: Moves;
  /** True of a finding of which the other side does not tell whether it was there. */
  readonly isUntold?: (finding: Finding) => boolean;
  /** Of what has this address now and was another thing before: see `anotherThing`. */
  readonly anotherThing: (address: string) => readonly string[] | undefined;
}

/** Compared with nothing, everything is new. */
export function allNew(after: ResourceGraph): EarlierFindings {
  return { claims: [], anotherThing: () => undefined, moves: new Moves(undefined, after) };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Tells each finding's state, in the words of SARIF, in the finding itself: there may be a hundred thousand.
 *
 * A finding is one of before where the same check says the same of the same thing: of what has the same address, through
 * moves, and was not made anew as something else; and where it is not worse now. What says something else there is one of
 * before only where it is milder than what it stands for now: no message is taken apart to learn whether it says more or less.
 *
 * @returns what is gone, sorted as findings are
 */
export function compareFindings(input: string, findings: readonly Finding[], earlierFindings: EarlierFindings): readonly AbsentFinding[] {
  const { claims, moves, anotherThing, isUntold } = earlierFindings;
  const before = new Map<string, Claim>();
  for (const claim of claims) before.set(keyOf(claim, claim.address, moves.sinceThen(claim.message)), claim);
  const others: Finding[] = [];
  for (const finding of findings) {
    if (isUntold?.(finding) === true) continue;
    const earlier = moves.before(finding.address);
    const key = earlier === undefined ? undefined : keyOf(finding, earlier, finding.message);
    const same = key === undefined ? undefined : before.get(key);
    if (!same) {
      others.push(finding);
      continue;
    }
    before.delete(key as string);
    tell(finding, same, anotherThing(finding.address));
  }
  tellOthers(others, before, earlierFindings);
  return [...before.values()].map(({ rule, severity, confidence, address, segment, message }) => ({ rule, severity, confidence, input, address, ...(segment === undefined ? {} : { segment }), message }));
}

/** What is new, beside what the same check said of the same address before, where it says that no more. */
function tellOthers(others: readonly Finding[], before: Map<string, Claim>, { moves, anotherThing }: EarlierFindings): void {
  const left = new Map<string, [key: string, claim: Claim][]>();
  if (others.length > 0) for (const entry of before) append(left, keyOf(entry[1], entry[1].address, ''), entry);
  for (const finding of others) {
    const earlier = moves.before(finding.address);
    const [key, was] = (earlier === undefined ? undefined : taken(left.get(keyOf(finding, earlier, '')), finding.message)) ?? [];
    const told = finding as Writable<Finding>;
    told.baselineState = 'new';
    if (!was || key === undefined) continue;
    before.delete(key);
    told.was = { ...differences(finding, was), message: was.message };
    const anew = anotherThing(finding.address);
    if (anew) told.anotherThing = anew;
    else if (finding.severity !== was.severity && !isWorse(finding, was)) told.baselineState = 'updated';
  }
}

/** Of more claims than these any is taken. */
const MOST_ALIKE = 64;

/** Of what a check said of one thing, what is most like what it says now: of two rules of a group each by its own name. */
function taken(claims: [key: string, claim: Claim][] | undefined, message: string): [key: string, claim: Claim] | undefined {
  if (!claims || claims.length < 2 || claims.length > MOST_ALIKE) return claims?.pop();
  const lengths = claims.map(([, claim]) => commonStart(claim.message, message));
  return claims.splice(lengths.lastIndexOf(Math.max(...lengths)), 1)[0];
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function keyOf({ rule, segment = '', digest = '' }: Claim, address: string, message: string): string {
  return message === '' ? `${rule}\n${address}\n${segment}` : `${rule}\n${address}\n${segment}\n${digest}\n${gistOf(message)}`;
}

function tell(finding: Writable<Finding>, was: Claim, anew: readonly string[] | undefined): void {
  const differing = differences(finding, was);
  if (anew) {
    finding.baselineState = 'new';
    finding.anotherThing = anew;
  } else if (!differing) {
    finding.baselineState = 'unchanged';
    return;
  } else {
    finding.baselineState = isWorse(finding, was) ? 'new' : 'updated';
  }
  if (differing) finding.was = differing;
}

function differences({ severity, confidence }: Claim, was: Claim): EarlierClaim | undefined {
  if (severity === was.severity && confidence === was.confidence) return undefined;
  return { ...(severity === was.severity ? {} : { severity: was.severity }), ...(confidence === was.confidence ? {} : { confidence: was.confidence }) };
}

const SUREST: readonly Confidence[] = ['certain', 'likely', 'possible'];

/** More severe, or surer: what was possible and is certain now was not agreed to. */
function isWorse(now: Claim, was: Claim): boolean {
  return SEVERITIES.indexOf(now.severity) < SEVERITIES.indexOf(was.severity) || SUREST.indexOf(now.confidence) < SUREST.indexOf(was.confidence);
}
