/** Findings that say the same of many things: eight endpoints of one block without a policy, all machines behind one open rule. */
import { groupBy } from '../group-by';
import type { Finding } from '../result';

/** So many are told one by one. */
const FEW = 3;

/** A finding, and where else the same is found; the others' ways are left out. */
export interface AlikeFinding {
  readonly finding: Finding;
  /** Addresses; empty for a finding that is told alone. */
  readonly others: readonly string[];
}

/** In the order of the first of each. */
export function alikeFindings(findings: readonly Finding[]): readonly AlikeFinding[] {
  const kinds = groupBy(findings, (finding) => {
    const { rule, severity, confidence, input, segment, fix, baselineState, was, anotherThing } = finding;
    return JSON.stringify([rule, severity, confidence, input, segment, fix, baselineState, was && { ...was, message: undefined }, anotherThing, gist(finding), was?.message === undefined ? undefined : gist({ ...finding, message: was.message })]);
  });
  return [...kinds.values()].flatMap((alike) => {
    const [finding, ...rest] = alike;
    const others = [...new Set(rest.map(({ address }) => address))].filter((address) => address !== finding?.address);
    return finding && others.length >= FEW ? [{ finding, others }] : alike.map((each) => ({ finding: each, others: [] }));
  });
}

/** A message without what it calls the thing: its address, and the keys in that. A port or a block is no name: what is said of one is not the same of another. */
function gist({ address, message }: Pick<Finding, 'address' | 'message'>): string {
  const keys = [...address.matchAll(/\["((?:[^"\\]|\\.)+)"\]/g)].map(([, key]) => key as string).filter((key) => /[a-z]/i.test(key) && !/[:/]/.test(key));
  return [address, ...keys].reduce((text, name) => text.split(name).join('…'), message);
}
