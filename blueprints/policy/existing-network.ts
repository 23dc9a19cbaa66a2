/** A VPC that somebody else made, on AWS: what the policy says of it, and what has to fit. */
import * as z from 'zod';
import { EXISTING_ROLE_BITS, ZONE_BITS } from './address-plan';
import type { CheckContext } from './check-context';
import { blockText, contains, intersects, parseBlock, type Block } from './cidr';
import { blockField, formatted } from './fields';
import type { Path } from './problems';
import { compare } from './rules';
import type { Sound } from './schema-findings';
import { suggestion } from './suggest';

/** A subnet that is there. */
export interface ExistingSubnet {
  readonly id: string;
  readonly cidr: string;
}

/** The network as everything downstream sees it. */
export interface ExistingNetwork {
  readonly vpcId: string;
  /** Required where a segment accepts the internet or has allowed hosts. */
  readonly internetGatewayId?: string;
  /** A part of the VPC without subnets, from which those of firewall, NAT gateways and endpoints are cut. */
  readonly freeCidr: string;
  /** Whether its default group, network ACL and main route table are emptied. Default: false, as something may run on them. */
  readonly emptyDefaults: boolean;
  /** By segment and full name of the zone; every segment has one in every zone. */
  readonly subnets: Readonly<Record<string, Readonly<Record<string, ExistingSubnet>>>>;
}

/** The smallest subnet that AWS makes. */
const SMALLEST_SUBNET = 28;
const NARROWEST_FREE = SMALLEST_SUBNET - EXISTING_ROLE_BITS - ZONE_BITS;

const subnetField = z
  .strictObject({
    id: formatted("The subnet's id.", /^subnet-[0-9a-f]{8,17}$/, 'the id of a subnet', 'subnet-0a1b2c3d4e5f60718'),
    cidr: blockField("The subnet's block. A plan fails when the subnet has another."),
  })
  .meta({ description: 'A subnet that is there.' });

/** `environments[].aws.existingNetwork` as it is written. */
export const existingNetworkField = z
  .strictObject({
    vpcId: formatted('The id of the VPC.', /^vpc-[0-9a-f]{8,17}$/, 'the id of a vpc', 'vpc-0a1b2c3d4e5f60718'),
    internetGatewayId: formatted('The id of its internet gateway. Required where a segment accepts the internet or has allowed hosts.', /^igw-[0-9a-f]{8,17}$/, 'the id of an internet gateway', 'igw-0a1b2c3d4e5f60718').optional(),
    freeCidr: blockField('A /24 or more of the VPC in which there is no subnet: those of firewall, NAT gateways and endpoints are cut from it.'),
    emptyDefaults: z.boolean().meta({ description: "Whether the VPC's default group, network ACL and main route table are emptied: what runs on them loses the network. Default: false." }).optional(),
    subnets: z.record(z.string(), z.record(z.string(), subnetField)).meta({ description: 'By segment and zone, the subnets that are there. Every segment needs one in every zone.' }),
  })
  .meta({ description: "A VPC that somebody else made; 'cidr' is then its block. Default: the VPC is made here." });

type Input = z.infer<typeof existingNetworkField>;

/** How it fits the segments, the zones and the VPC's block. */
export function checkExistingNetwork(input: Sound<Input> | null | undefined, vpc: string | null, zones: readonly string[] | undefined, path: Path, context: CheckContext): void {
  if (!input) return;
  const whole = blockOf(vpc);
  const taken: { readonly block: Block; readonly what: string }[] = [];
  const place = (text: string | null | undefined, what: string, at: Path) => {
    const block = blockOf(text ?? null);
    if (!block) return;
    if (whole && !contains(whole, block)) context.error(at, 'outside-of-network', `is not in ${whole.text}, the block of the network`, "write a block of the VPC, or its own block as 'cidr'", block.text);
    const other = taken.find((each) => intersects(each.block, block));
    if (other) context.error(at, 'existing-overlap', `overlaps ${other.block.text} of ${other.what}`, 'write the blocks as they are in the VPC', block.text);
    taken.push({ block, what });
  };
  const free = blockOf(input.freeCidr);
  if (free && free.prefix > NARROWEST_FREE) {
    context.error([...path, 'freeCidr'], 'free-too-small', `is a /${free.prefix}, and 16 subnets of at least a /${SMALLEST_SUBNET} are cut from it`, `write a /${NARROWEST_FREE} or larger`, free.text);
  }
  place(input.freeCidr, 'freeCidr', [...path, 'freeCidr']);

  const given = input.subnets;
  if (!given) return;
  for (const segment of context.segments?.keys() ?? []) {
    const missing = (zones ?? []).filter((zone) => given[segment] !== null && given[segment]?.[zone] === undefined);
    if (missing.length > 0) context.error([...path, 'subnets', ...(given[segment] ? [segment] : [])], 'existing-subnet-missing', `'${segment}' has no subnet in ${missing.join(', ')}`, 'name one in every zone of the environment, or use fewer zones');
  }
  for (const [segment, byZone] of Object.entries(given)) {
    const at = [...path, 'subnets', segment];
    if (context.segments && !context.segments.has(segment)) context.error(at, 'unknown-segment', 'is not a segment', suggestion(segment, context.segments.keys(), 'segments'), segment);
    for (const [zone, each] of Object.entries(byZone ?? {})) {
      if (zones && !zones.includes(zone)) context.error([...at, zone], 'zone-not-used', 'is not a zone of the environment', suggestion(zone, zones, 'zones'), zone);
      place(each?.cidr, `'${segment}' in ${zone}`, [...at, zone, 'cidr']);
    }
  }
}

/** Sorted, blocks in their canonical form. */
export function canonicalExistingNetwork({ vpcId, internetGatewayId, freeCidr, emptyDefaults = false, subnets }: Input): ExistingNetwork {
  const sorted = <V, R>(record: Readonly<Record<string, V>>, map: (value: V) => R) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => compare(a, b)).map(([key, value]) => [key, map(value)]));
  return {
    vpcId,
    ...(internetGatewayId === undefined ? {} : { internetGatewayId }),
    freeCidr: blockText(freeCidr),
    emptyDefaults,
    subnets: sorted(subnets, (byZone) => sorted(byZone, ({ id, cidr }) => ({ id, cidr: blockText(cidr) }))),
  };
}

function blockOf(text: string | null): Block | undefined {
  const parsed = text === null ? undefined : parseBlock(text);
  return parsed?.ok ? parsed.block : undefined;
}
