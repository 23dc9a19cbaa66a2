/** Finds the rules of a firewall that may hold for a source without asking each of them. */
import { isEmpty, type Ranges } from '../ranges';
import { isEverything, isServiceTag, matchAddresses, type AddressMatch } from './address-match';
import type { FirewallRule } from './firewall-rules';

/** Addresses are looked up by blocks of this many bits: a /20. */
const BLOCK_BITS = 12n;
/** A rule for more blocks than these is looked at for every source. */
const MOST_BLOCKS = 64n;

export interface IndexedRule {
  readonly rule: FirewallRule;
  readonly sources: AddressMatch;
  /** True for every source there is. */
  readonly always: boolean;
}

export class SourceIndex {
  private readonly rules: readonly IndexedRule[];
  private readonly everywhere: number[] = [];
  private readonly blocks = new Map<bigint, number[]>();

  constructor(rules: readonly FirewallRule[]) {
    this.rules = rules.map((rule) => ({
      rule,
      sources: matchAddresses(rule.sources, 4),
      always: rule.sources.items.some((source) => isEverything(source) && !source.includes(':')),
    }));
    this.rules.forEach(({ rule, sources, always }, index) => {
      const blocks = always || sources.unknown !== undefined || rule.sources.items.some(isServiceTag) ? undefined : blocksOf(sources.possible);
      if (!blocks) this.everywhere.push(index);
      else for (const block of blocks) this.add(block, index);
    });
  }

  /** In the order of the rules; some of them may not hold for the source after all. */
  near(source: Ranges | undefined): readonly IndexedRule[] {
    const blocks = source === undefined || isEmpty(source) ? undefined : blocksOf(source);
    if (!blocks) return this.rules;
    const found = new Set(this.everywhere);
    for (const block of blocks) for (const index of this.blocks.get(block) ?? []) found.add(index);
    return [...found].sort((a, b) => a - b).map((index) => this.rules[index] as IndexedRule);
  }

  private add(block: bigint, index: number): void {
    const known = this.blocks.get(block);
    if (known) known.push(index);
    else this.blocks.set(block, [index]);
  }
}

function blocksOf(ranges: Ranges): ReadonlySet<bigint> | undefined {
  const blocks = new Set<bigint>();
  for (const [from, to] of ranges) {
    if ((to >> BLOCK_BITS) - (from >> BLOCK_BITS) >= MOST_BLOCKS) return undefined;
    for (let block = from >> BLOCK_BITS; block <= to >> BLOCK_BITS; block++) blocks.add(block);
    if (BigInt(blocks.size) > MOST_BLOCKS) return undefined;
  }
  return blocks;
}
