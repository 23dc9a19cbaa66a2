/** IPv4 blocks: reading what people write, and the questions the policy asks of them. */
import { Address4 } from 'ip-address';
import type { Finding } from './problems';

/** A block as numbers; both ends are part of it. */
export interface Block {
  /** Canonical: `10.20.0.0/16`. */
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

/** A block, or why the text is none. */
export type ParsedBlock = { readonly ok: true; readonly block: Block } | { readonly ok: false; readonly problem: Finding };

/** RFC 1918, and RFC 6598 which clouds treat alike. */
export const PRIVATE_BLOCKS: readonly Block[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(known);

/**
 * Everything that is not public unicast (IANA IPv4 special-purpose registry, multicast and above), and
 * what clouds answer on inside: Azure's 168.63.129.16, and the addresses of Google's APIs, which are
 * announced to nobody outside. https://cloud.google.com/vpc/docs/configure-private-google-access#config-options
 */
const NOT_PUBLIC = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24',
  '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24',
  '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3', '168.63.129.16/32', '199.36.153.4/30', '199.36.153.8/30',
].map(known);

/**
 * Where nodes get their credentials from, and what else clouds answer beside it: all of link-local, and
 * Azure's 168.63.129.16. https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
export const METADATA_BLOCKS: readonly Block[] = ['169.254.0.0/16', '168.63.129.16/32'].map(known);

/** Docker's default bridge; hosts inside it cannot be reached from a container. */
export const DOCKER_BRIDGE: Block = known('172.17.0.0/16');

/** The widest destination that a rule without a name may have. */
const WIDEST_ADDRESSES = 24;
/** 64 blocks of at least a /26, which is what Azure Firewall's subnet takes. */
const NARROWEST_ENVIRONMENT = 20;
/** The widest that the address plan has a use for. */
const WIDEST_ENVIRONMENT = 12;
/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const WIDEST_VPC = 16;

/** Reads `10.20.0.0/16`; an address alone is a /32 when `single` says that one will do. */
export function parseBlock(text: string, single = false): ParsedBlock {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?$/.exec(text);
  const example = single ? '203.0.112.7 or 203.0.112.0/24' : '10.20.0.0/16';
  if (!match || !Address4.isValid(text) || /(^|\.)0\d/.test(match[1]!)) {
    const message = text.includes(':') ? 'is IPv6, which this network does not carry' : 'is not an IPv4 block';
    return { ok: false, problem: { code: 'cidr-syntax', message, fix: `write an address and a prefix, such as ${example}` } };
  }
  if (match[2] === undefined && !single) {
    return { ok: false, problem: { code: 'cidr-syntax', message: 'has no prefix length', fix: `write '${text}/16', or another size` } };
  }
  const block = known(text);
  if (block.text.split('/')[0] !== match[1]) {
    return { ok: false, problem: { code: 'cidr-host-bits', message: 'is an address inside a block', fix: `write '${block.text}'` } };
  }
  return { ok: true, block };
}

/** Why a block cannot be part of a network. */
export function privateBlockProblem(block: Block): Finding | undefined {
  if (PRIVATE_BLOCKS.some((range) => contains(range, block))) return undefined;
  return {
    code: 'cidr-not-private',
    message: 'is not a private range',
    fix: 'take it from 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10',
  };
}

/** Why a block cannot hold a whole environment. */
export function environmentBlockProblem(block: Block, cloud: string): Finding | undefined {
  const problem = privateBlockProblem(block);
  if (problem) return problem;
  if (block.prefix > NARROWEST_ENVIRONMENT) {
    return {
      code: 'cidr-too-small',
      message: `is too small: 64 blocks of at least /26 need /${NARROWEST_ENVIRONMENT} or larger`,
      fix: `write a /${NARROWEST_ENVIRONMENT} to /16`,
    };
  }
  const widest = cloud === 'aws' ? WIDEST_VPC : WIDEST_ENVIRONMENT;
  if (block.prefix < widest) {
    return {
      code: 'cidr-too-large',
      message: `is too large: ${cloud === 'aws' ? 'an AWS network has' : 'an environment has'} at most a /${widest}`,
      fix: `write a /${widest} to /${NARROWEST_ENVIRONMENT}`,
    };
  }
  return undefined;
}

/** The widest and narrowest range that can be added to a VPC and still be cut for four zones. */
const WIDEST_SECONDARY = 16;
const NARROWEST_SECONDARY = 26;
/** What may be added to any VPC: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions */
const SHARED: Block = known('100.64.0.0/10');

/** Whether a block is of the shared space (RFC 6598), which is not routed between networks. */
export function isSharedSpace(block: Block): boolean {
  return contains(SHARED, block);
}

/** The private range that a block lies in (`10.0.0.0/8`), else the block itself. */
export function privateRangeOf(text: string): string {
  const block = known(text);
  return PRIVATE_BLOCKS.find((range) => contains(range, block))?.text ?? block.text;
}

/** Why a block cannot be added to a VPC that has `primary`. */
export function secondaryBlockProblem(block: Block, primary: Block): Finding | undefined {
  const home = PRIVATE_BLOCKS.find((range) => contains(range, primary));
  if (!contains(SHARED, block) && !(home && contains(home, block))) {
    return {
      code: 'secondary-not-addable',
      message: `cannot be added to a network in ${home?.text ?? primary.text}`,
      fix: `take it from ${SHARED.text}${home && home.text !== SHARED.text ? ` or ${home.text}` : ''}, as AWS demands`,
    };
  }
  if (block.prefix < WIDEST_SECONDARY || block.prefix > NARROWEST_SECONDARY) {
    return {
      code: 'secondary-size',
      message: `is a /${block.prefix}, and a range is cut into four zones of at least a /28`,
      fix: `write a /${WIDEST_SECONDARY} to /${NARROWEST_SECONDARY}`,
    };
  }
  if (intersects(block, primary)) {
    return { code: 'secondary-overlap', message: `overlaps ${primary.text}, the network's own`, fix: 'name addresses that the network does not have' };
  }
  return undefined;
}

/** Why a block cannot be the destination of a rule without a name. */
export function destinationProblem(block: Block): Finding | undefined {
  if (!publicBlock(block)) {
    return { code: 'address-not-public', message: 'is not a public address', fix: 'name an address on the internet; segments talk through accepts' };
  }
  if (block.prefix < WIDEST_ADDRESSES) {
    return { code: 'address-too-wide', message: `holds ${2 ** (32 - block.prefix)} addresses`, fix: `name at most a /${WIDEST_ADDRESSES}` };
  }
  return undefined;
}

/** True when every address of a block may be on the internet. */
export function publicBlock(block: Block): boolean {
  return !NOT_PUBLIC.some((range) => intersects(range, block));
}

/** True when all of a block is private. */
export function privateBlock(block: Block): boolean {
  return PRIVATE_BLOCKS.some((range) => contains(range, block));
}

/** True when the blocks share an address. */
export function intersects(a: Block, b: Block): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** True when `inner` lies in `outer`. */
export function contains(outer: Block, inner: Block): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/**
 * The blocks that lie in a larger one of the list, by position, and which one that is. In the order of
 * addresses, so that the widest one before is all there is to compare.
 */
export function coveredBlocks(blocks: readonly (Block | null)[]): readonly { readonly index: number; readonly by: number }[] {
  const order = blocks.flatMap((block, index) => (block ? [{ block, index }] : [])).sort((a, b) => a.block.first - b.block.first || b.block.last - a.block.last);
  let widest: (typeof order)[number] | undefined;
  return order.flatMap((each) => {
    if (widest && widest.block.text !== each.block.text && contains(widest.block, each.block)) return [{ index: each.index, by: widest.index }];
    widest = each;
    return [];
  });
}

/** The same addresses by blocks of which none lies in another, each once, in the order given. */
export function uncovered(texts: readonly string[]): readonly string[] {
  const distinct = [...new Set(texts)];
  const covered = new Set(coveredBlocks(distinct.map(known)).map(({ index }) => index));
  return distinct.filter((_, index) => !covered.has(index));
}

/** A block that is known to be one. @throws Error when it is none */
export function knownBlock(text: string): Block {
  return known(text);
}

function known(text: string): Block {
  const address = new Address4(text);
  const first = Number(address.startAddress().bigInt());
  const prefix = address.subnetMask;
  return { text: `${address.startAddress().correctForm()}/${prefix}`, first, last: first + 2 ** (32 - prefix) - 1, prefix };
}

/** A checked block or address in its canonical form. @throws Error when nobody checked it. */
export function blockText(text: string): string {
  const parsed = parseBlock(text, true);
  if (!parsed.ok) throw new Error(`unchecked block: ${parsed.problem.message}`);
  return parsed.block.text;
}
