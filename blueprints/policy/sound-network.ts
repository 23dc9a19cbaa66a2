/**
 * Whether segments, blocks and places are ones that the policy reader makes.
 *
 * Constructs take them as data: what was written by hand, or comes from another address plan, has not met
 * the checks of the policy file. What is not known before a deployment (`${…}`) is let pass.
 */
import { FIRST_SEGMENT_SLOT, SLOTS } from './address-plan';
import { contains, intersects, parseBlock, privateBlockProblem, type Block } from './cidr';
import type { AllowRule, Cloud, Segment } from './model';
import { REGION, RESERVED_SEGMENT_NAMES, SEGMENT_NAME } from './names';
import type { Finding } from './problems';
import { compare, rulesOf } from './rules';

/** A block, and whose it is: `'payments' in us-east-1a`. */
export interface OwnedBlock {
  readonly owner: string;
  readonly cidr: string;
}

/**
 * The longest prefix of a subnet.
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 * https://cloud.google.com/vpc/docs/subnets#valid-ranges
 * https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
 */
export const NARROWEST_SUBNET: Readonly<Record<Cloud, number>> = { aws: 28, google: 29, azure: 29 };

/** What is wrong with segments and the rules that name them, each with the way out. */
export function segmentProblems(segments: readonly Segment[], rules: readonly AllowRule[]): readonly string[] {
  const known = new Set(segments.map(({ name }) => name));
  const firsts = new Map<string, Segment>();
  const slots = new Map<number, Segment>();
  return segments.flatMap((segment) => {
    const { name, tier, slot, accepts } = segment;
    const problems = [
      ...(isName(name) ? [] : [`'${name}' is no name of a segment; write ${SEGMENT_NAME.words}`]),
      ...(RESERVED_SEGMENT_NAMES.has(name) ? [`'${name}' is reserved for the network itself; choose another name`] : []),
      ...(firsts.has(name) ? [`'${name}' is the name of two segments; give each a name of its own`] : []),
      ...(Number.isInteger(slot) && slot >= FIRST_SEGMENT_SLOT && slot < SLOTS ? [] : [`'${name}' has the slot ${slot}; slots are ${FIRST_SEGMENT_SLOT} to ${SLOTS - 1}`]),
      ...(slots.has(slot) && !firsts.has(name) ? [`'${name}' has the slot ${slot} of '${slots.get(slot)!.name}'; give each a slot of its own`] : []),
      ...accepts.flatMap(({ from }) => {
        if (from === 'internet') return tier === 'public' ? [] : [`'${name}' is ${tier} and accepts the internet; make it public or drop 'internet'`];
        return known.has(from) ? [] : [`'${name}' accepts '${from}', which this network does not have; add the segment or drop the name`];
      }),
      ...(tier !== 'private' && rulesOf(rules, name).length > 0 ? [`'${name}' is ${tier} and is granted a host; only private segments have a way out`] : []),
    ];
    if (!firsts.has(name)) firsts.set(name, segment);
    if (!slots.has(slot)) slots.set(slot, segment);
    return problems;
  });
}

function isName(name: string): boolean {
  return name.length <= SEGMENT_NAME.longest && SEGMENT_NAME.pattern.test(name);
}

/** What the blocks have to keep. */
export interface BlockBounds {
  /** The blocks of the network around them. Default: anywhere. */
  readonly within?: readonly string[];
  /** The longest prefix. Default: any. */
  readonly narrowest?: number;
}

/**
 * What is wrong with blocks that must not share an address: with one that lies in another's, a segment has the
 * hosts of the other. Compared in the order of addresses, so that neighbours are all there is to compare.
 */
export function blockProblems(blocks: readonly OwnedBlock[], { within = [], narrowest = 32 }: BlockBounds = {}): readonly string[] {
  const around = within.every(isWritten) ? within.flatMap((text) => blockOf(text) ?? []) : [];
  const problems: string[] = [];
  const sound: { readonly owner: string; readonly block: Block }[] = [];
  for (const { owner, cidr } of blocks.filter((each) => isWritten(each.cidr))) {
    const parsed = parseBlock(cidr);
    const problem = parsed.ok ? privateBlockProblem(parsed.block) : parsed.problem;
    if (problem) problems.push(`the block of ${owner}, '${cidr}', ${problem.message}; ${problem.fix}`);
    if (!parsed.ok) continue;
    const { block } = parsed;
    sound.push({ owner, block });
    if (block.prefix > narrowest) problems.push(`the block of ${owner}, ${block.text}, is too small: a subnet has at most a /${narrowest}; give it a larger one`);
    if (around.length > 0 && !around.some((outer) => contains(outer, block))) {
      problems.push(`the block of ${owner}, ${block.text}, is not in ${around.map(({ text }) => text).join(' or ')}, the network's own; take it from there`);
    }
  }
  let widest: (typeof sound)[number] | undefined;
  for (const each of sound.sort((a, b) => a.block.first - b.block.first || b.block.last - a.block.last || compare(a.owner, b.owner))) {
    if (widest && intersects(widest.block, each.block)) {
      problems.push(`the block of ${each.owner}, ${each.block.text}, overlaps ${widest.block.text} of ${widest.owner}; give each addresses of its own, or one is treated as the other`);
    }
    if (!widest || each.block.last > widest.block.last) widest = each;
  }
  return problems;
}

/** Regions of partitions whose endpoints and names are others than those that are built here. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const OTHER_PARTITION = /^(cn|eusc|[a-z]{2}-iso[a-z]?)-/;

/** Why an AWS region is none that a network can be built in. */
export function partitionProblem(region: string): Finding | undefined {
  if (!OTHER_PARTITION.test(region)) return undefined;
  return {
    code: 'other-partition',
    message: 'is in a partition where endpoints and their names are others than those that are built here',
    fix: 'use a region of the commercial partition or of GovCloud (us-gov-west-1)',
  };
}

/** Why a region cannot be one of a cloud, by its shape: a list of regions would refuse a new one. */
export function regionProblems(cloud: Cloud, region: string): readonly string[] {
  if (!isWritten(region)) return [];
  const { pattern, example } = REGION[cloud];
  const elsewhere = cloud === 'aws' ? partitionProblem(region) : undefined;
  return [
    ...(pattern.test(region) ? [] : [`'${region}' is no region of ${cloud}; write one such as '${example}'`]),
    ...(elsewhere ? [`'${region}' ${elsewhere.message}; ${elsewhere.fix}`] : []),
  ];
}

/** Why zones are none of an AWS region: a zone is the region and a letter, or that of a local zone. */
export function zoneProblems(region: string, zones: readonly string[]): readonly string[] {
  if (![region, ...zones].every(isWritten)) return [];
  return [
    ...(zones.length === 0 ? ['there is no zone; name at least one'] : []),
    ...zones.flatMap((zone, index) => [
      ...(zone.startsWith(region) && /^(-[a-z]{3}-\d)?[a-z]$/.test(zone.slice(region.length)) ? [] : [`'${zone}' is no zone of ${region}; write one such as '${region}a'`]),
      ...(zones.indexOf(zone) < index ? [`'${zone}' is there twice; name each zone once`] : []),
    ]),
  ];
}

/** Whether the text is known now, and not a reference that a deployment fills in. */
function isWritten(text: string): boolean {
  return !text.includes('${');
}

function blockOf(text: string): Block | undefined {
  const parsed = parseBlock(text);
  return parsed.ok ? parsed.block : undefined;
}

/** The longest prefix of names that leaves room for what constructs append to it; Google checks each whole name. */
const LONGEST_PREFIX: Readonly<Record<Cloud, number>> = { aws: 37, google: 63, azure: 40 };

/** Why `name` cannot begin the names of a cloud's resources: firewalls of all three take letters, digits and hyphens only. */
export function prefixProblems(cloud: Cloud, name: string): readonly string[] {
  if (!isWritten(name)) return [];
  const longest = LONGEST_PREFIX[cloud];
  return [
    ...(/^[A-Za-z](-?[A-Za-z0-9])*$/.test(name) ? [] : [`the name '${name}' holds what names of resources may not; use letters, digits and single hyphens, beginning with a letter`]),
    ...(name.length > longest ? [`the name '${name}' has ${name.length} characters; use at most ${longest}, as more is appended to it`] : []),
  ];
}
