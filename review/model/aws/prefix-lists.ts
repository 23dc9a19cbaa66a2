/** Managed prefix lists: sets of CIDRs with a name, of the account or of AWS itself. */
import { addressRange, type Family } from '../addresses';
import { rangesOf, type Range, type Ranges } from '../ranges';
import type { PathLike } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { isFound, isSet, textAt, textsAt } from './read';
import { FormerParts, textIn, wasReadBack } from './read-back';

export interface AwsPrefixList {
  readonly address: string;
  /** `s3`, `dynamodb`, …: a list of AWS, whose addresses are public. */
  readonly service?: string;
  /** The region of a list of AWS. */
  readonly region?: string;
  /** Of a list of AWS, where the plan has read it. */
  readonly ranges?: readonly string[];
  /** Empty for a list of AWS: its addresses are those of the service, and no others' business. */
  readonly cidrs: readonly string[];
  /** Why there may be more in it. */
  readonly unknown?: string;
}

const LISTS = ['aws_ec2_managed_prefix_list'];
const TYPES = ['aws_ec2_managed_prefix_list', 'aws_prefix_list', 'aws_vpc_endpoint'];

/** Every prefix list of a plan, by what refers to it. */
export class PrefixLists {
  private readonly kept = new Map<Resource, AwsPrefixList>();
  /** Whether there are entries of which the plan does not say whose they are. */
  private isAnywhere = false;
  private entries?: Map<string, { cidrs: string[]; unknown: boolean }>;

  private readonly former: FormerParts;

  constructor(private readonly graph: ResourceGraph) {
    this.former = new FormerParts(graph, ['aws_ec2_managed_prefix_list_entry'], 'prefix_list_id');
  }

  /** The lists that a value names; a list that is not in the plan is one without addresses, and says so. */
  at(resource: Resource, path: PathLike): readonly AwsPrefixList[] {
    if (!isSet(resource, path)) return [];
    const references = resource.references(path, { types: TYPES });
    const found = references.targets.map((target) => this.list(target));
    // A list that the plan looks up by name is that list, wherever it comes from.
    if (found.length > 0 && (references.unknown === undefined || textsAt(resource, path).length === 0)) return found;
    const names = textsAt(resource, path).join(', ');
    return [...found, { address: names || `${resource.address}`, cidrs: [], unknown: `the addresses of prefix list ${names || `of ${resource.address}`} are not in the plan` }];
  }

  private list(target: Resource): AwsPrefixList {
    let found = this.kept.get(target);
    if (!found) this.kept.set(target, (found = this.read(target)));
    return found;
  }

  private read(target: Resource): AwsPrefixList {
    const { address } = target;
    const name = textAt(target, target.type === 'aws_vpc_endpoint' ? 'service_name' : 'name') ?? (target.type === 'aws_prefix_list' ? textAt(target, 'filter[0].values[0]') : undefined);
    const [, region, service] = /^com\.amazonaws\.([a-z0-9-]+)\.([a-z0-9.-]+)$/.exec(name ?? '') ?? [];
    const block = target.mode === 'data' ? 'entries' : 'entry';
    // An entry that the plan takes away is in the list until the next refresh.
    const left = this.former.keysOf(target, (part) => textIn(part, 'cidr'));
    const own = target.elements(block).filter((path) => left.size === 0 || !left.has(textAt(target, [...path, 'cidr']) ?? '') || !wasReadBack(target, path));
    const cidrs = [...own.flatMap((path) => textAt(target, [...path, 'cidr']) ?? []), ...textsAt(target, 'cidr_blocks'), ...(this.standalone().get(address)?.cidrs ?? [])];
    if (service !== undefined) return { address, service, ...(region === undefined ? {} : { region }), ...(cidrs.length === 0 ? {} : { ranges: cidrs }), cidrs: [] };
    // Entries that nobody wrote are unknown at first; of a list that has none at all they come from a dynamic block.
    const isOpen = target.hasUnknown(block) || this.standalone().get(address)?.unknown === true || (this.isAnywhere && target.mode === 'managed') || (target.mode === 'data' && cidrs.length === 0);
    return { address, cidrs, ...(isOpen && (isSet(target, block) || this.isAnywhere || target.mode === 'data' || cidrs.length === 0) ? { unknown: `the entries of ${address} are not all in the plan` } : {}) };
  }

  private standalone(): ReadonlyMap<string, { cidrs: string[]; unknown: boolean }> {
    if (this.entries) return this.entries;
    this.entries = new Map();
    for (const entry of this.graph.ofType('aws_ec2_managed_prefix_list_entry')) {
      // What a search finds during the apply may be a list that the plan makes.
      this.isAnywhere ||= isFound(entry, 'prefix_list_id', LISTS);
      for (const list of entry.references('prefix_list_id', { types: LISTS }).targets) {
        const known = this.entries.get(list.address) ?? { cidrs: [], unknown: false };
        const cidr = textAt(entry, 'cidr');
        if (cidr === undefined) known.unknown = true;
        else known.cidrs.push(cidr);
        this.entries.set(list.address, known);
      }
    }
    return this.entries;
  }
}

/** A range and how long its prefix is. */
export interface Prefix {
  readonly family: Family;
  readonly range: Range;
  readonly bits: number;
}

export function prefixOf(cidr: string): Prefix | undefined {
  const found = addressRange(cidr);
  if (!found) return undefined;
  const size = found.range[1] - found.range[0] + 1n;
  return { ...found, bits: (found.family === 4 ? 32 : 128) - (size.toString(2).length - 1) };
}

export function rangesIn(cidrs: readonly string[], family: Family): Ranges {
  return rangesOf(cidrs.flatMap((cidr) => {
    const found = addressRange(cidr);
    return found?.family === family ? [found.range] : [];
  }));
}
