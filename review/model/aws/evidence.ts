/** Which groups a workload in a subnet would carry, where the plan has none to look at. */
import { append } from '../../append';
import type { AwsGroup } from './groups';
import { tagAt } from './read';
import type { AwsSubnet } from './subnets';

/** Words that say what kind of thing it is, and not whose. */
const COMMON = new Set(words(`
  subnet subnets sg group groups security vpc net network private public internal external isolated intra main this default
  zone az tier aws prod production dev development test staging stage qa env environment the for and rules member name prefix
  us eu ap ca sa af me east west north south central a b c d e f 1 2 3 1a 1b 1c 2a 2b 2c allow egress ingress traffic all out
`));

function words(text: string): string[] {
  return text.toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '');
}

function tokensOf(texts: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => words(text ?? '')).filter((word) => !COMMON.has(word) && !/^\d+$/.test(word)));
}

/** The groups of a network, by what they share with its subnets. */
export class Evidence {
  private readonly tokens: ReadonlyMap<AwsGroup, ReadonlySet<string>>;
  private readonly spread = new Map<string, number>();
  private readonly bySegment = new Map<string, AwsGroup[]>();

  constructor(private readonly groups: readonly AwsGroup[]) {
    this.tokens = new Map(groups.map((group) => [group, group.resource ? tokensOf([group.resource.name, tagAt(group.resource, 'Name'), text(group.resource.valueAt('name')), text(group.resource.valueAt('name_prefix'))]) : new Set<string>()]));
    for (const own of this.tokens.values()) for (const token of own) this.spread.set(token, (this.spread.get(token) ?? 0) + 1);
    for (const group of groups) if (group.segment !== undefined) append(this.bySegment, group.segment, group);
  }

  /** The same segment by tag; else a word that their names share and not all groups have; else nothing. */
  groupsOf(subnet: AwsSubnet): readonly AwsGroup[] | undefined {
    const tagged = subnet.segment === undefined ? undefined : this.bySegment.get(subnet.segment);
    if (tagged) return tagged;
    const own = tokensOf([subnet.resource.name, tagAt(subnet.resource, 'Name')]);
    const shared = this.groups.filter((group) => [...(this.tokens.get(group) ?? [])].some((token) => own.has(token) && (this.spread.get(token) ?? 0) < this.groups.length));
    return shared.length > 0 && shared.length < this.groups.length ? shared : undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
