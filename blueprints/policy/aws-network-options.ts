/**
 * What a team may choose about its network on AWS beyond region, zones and addresses: private
 * endpoints and names. Each field left out is the network as it is without it.
 */
import * as z from 'zod';
import { AWS_ENDPOINT_PRESET_NAMES, type AwsEndpointPreset } from './aws-endpoint-presets';
import { canonicalGatewayEndpoints, checkGatewayEndpoints, gatewayEndpointsField, type AwsGatewayEndpoints } from './aws-gateway-endpoints';
import { repeated, type CheckContext } from './check-context';
import { blockText, intersects, parseBlock, secondaryBlockProblem, type Block } from './cidr';
import { canonicalExistingNetwork, checkExistingNetwork, existingNetworkField, type ExistingNetwork } from './existing-network';
import { blockField, filled, formatted, mixed, text, wholeNumber } from './fields';
import type { Finding, Path } from './problems';
import { zoneProblem } from './public-suffix';
import { compare, uniqueSorted } from './rules';
import type { Sound } from './schema-findings';
import { suggestion } from './suggest';

/** The options as everything downstream sees them; an absent field is the default. */
export interface AwsNetworkOptions {
  /** Named sets of private endpoints, sorted. Default: none. */
  readonly endpointPresets?: readonly AwsEndpointPreset[];
  /** The segments that reach S3 and DynamoDB by a gateway endpoint. Default: those with hosts. */
  readonly gatewayEndpoints?: AwsGatewayEndpoints;
  /** The account's quota of entries per network ACL and direction. Default: 20, as AWS sets it. */
  readonly aclEntries?: number;
  /** The account's quota of rules per security group and direction. Default: 60. */
  readonly rulesPerGroup?: number;
  /** `o-…`: endpoints serve every account of the organization. Default: this account alone. */
  readonly organizationId?: string;
  /** Buckets of others that workloads may read, sorted. Default: the one with ECR's image layers, where images are pulled. */
  readonly readableBuckets?: readonly string[];
  /** Zones that exist inside only; they and what is below are resolved. Sorted. Default: none. */
  readonly privateZones?: readonly string[];
  /** Whether an allowed name may lead to others by CNAME. Default: `trust`. */
  readonly dnsRedirection?: 'trust' | 'inspect';
  /** Full names of the zones with a firewall endpoint and a NAT gateway, fewer than the environment's zones, sorted. Default: every zone. */
  readonly egressZones?: readonly string[];
  /** Ranges that are added to the VPC, by segment, sorted by its name: addresses for pods. Default: none. */
  readonly secondaryCidrs?: Readonly<Record<string, string>>;
  /** VPC Block Public Access: switched on for the account and region, or only taken into account. Default: neither. */
  readonly blockPublicAccess?: 'account' | 'exclusions';
  /** A VPC and subnets that somebody else made. Default: they are made here. */
  readonly existingNetwork?: ExistingNetwork;
}

const ZONE = /^(?=.{1,250}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)+$/;

const privateZone = text(
  'A zone that exists inside only: it and every name below are resolved. Example: corp.example.com',
  (value): Finding | undefined => {
    if (!ZONE.test(value)) return { code: 'bad-zone-name', message: 'is no name of a zone', fix: "write it in lower case with no star and no dot at its ends, such as 'corp.example.com'" };
    return zoneProblem(value);
  },
  { pattern: ZONE.source },
);

const bucket = formatted(
  "A bucket's name, alone.",
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  'the name of a bucket: no ARN, no path, no star',
  'al2023-repos-us-east-1-de612dc2',
);

const egressZonesField = mixed<number | string[]>(
  'How many zones have a firewall endpoint and a NAT gateway (the first of the zones), or their names. The others leave by these. Default: every zone.',
  (value): Finding | undefined => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 4) return undefined;
    if (Array.isArray(value) && value.length >= 1 && value.length <= 4 && value.every((zone) => typeof zone === 'string')) return undefined;
    return { code: 'bad-zones', message: 'is neither 1 to 4 nor a list of 1 to 4 names of zones', fix: 'write a number from 1 to 4, or names of zones such as [us-east-1a]' };
  },
  { anyOf: [{ type: 'integer', minimum: 1, maximum: 4 }, { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 4, uniqueItems: true }] },
);

/** The fields of `environments[].aws`. */
export const awsNetworkFields = {
  endpointPresets: filled(
    z.enum(AWS_ENDPOINT_PRESET_NAMES as readonly [AwsEndpointPreset, ...AwsEndpointPreset[]]),
    'Sets of private endpoints for this environment, beside privateServices: ecs, eks, lambda, ssm. Default: none.',
  ).optional(),
  gatewayEndpoints: gatewayEndpointsField.optional(),
  // Rules per group times groups per interface is at most 1,000, and workloads carry two groups.
  rulesPerGroup: wholeNumber("The account's quota of rules per security group and direction, 60-500, once AWS has raised it. Default: 60.", 60, 500).optional(),
  aclEntries: wholeNumber("The account's quota of entries per network ACL and direction, 20-40, once AWS has raised it. Default: 20.", 20, 40).optional(),
  organizationId: formatted('Private endpoints serve every account of this organization. Default: this account alone.', /^o-[a-z0-9]{10,32}$/, 'the id of an organization', 'o-a1b2c3d4e5').optional(),
  readableBuckets: filled(bucket, "Buckets of others that workloads may read through the endpoints of S3, beside the one with ECR's image layers.").optional(),
  privateZones: filled(privateZone, 'Private hosted zones that the resolver answers. Default: none.').optional(),
  dnsRedirection: z
    .enum(['trust', 'inspect'])
    .meta({ description: 'trust (default): an allowed name may lead to any other by CNAME. inspect: each name of the chain has to be allowed.' })
    .optional(),
  egressZones: egressZonesField.optional(),
  existingNetwork: existingNetworkField.optional(),
  blockPublicAccess: z
    .enum(['account', 'exclusions'])
    .meta({ description: 'VPC Block Public Access. account: switch it on for the whole account in this region, and exclude what this network needs. exclusions: somebody else does; only exclude. Default: neither.' })
    .optional(),
  secondaryCidrs: z
    .record(z.string(), blockField('A block of /16 to /26 from 100.64.0.0/10, or from the private range that the network is in.'))
    .meta({ description: 'By segment: a range that is added to the VPC for it, such as 100.64.0.0/16 for pods. At most 4. Default: none.' })
    .optional(),
};

/** The options as they are written. */
export type AwsNetworkInput = z.infer<z.ZodObject<typeof awsNetworkFields>>;

/**
 * How the fields fit together and with the rest of the environment.
 *
 * @param zones full names of the environment's zones; undefined where they cannot be told.
 * @param primary the VPC's own block.
 */
export function checkAwsNetwork(input: Sound<AwsNetworkInput>, zones: readonly string[] | undefined, primary: string | null, path: Path, context: CheckContext): void {
  checkExistingNetwork(input.existingNetwork, primary, zones, [...path, 'existingNetwork'], context);
  if (input.existingNetwork && input.secondaryCidrs) {
    context.error([...path, 'secondaryCidrs'], 'secondary-in-existing', 'cannot be added to a network that is made elsewhere', 'add the range there, and name its subnets under existingNetwork');
  }
  checkGatewayEndpoints(input.gatewayEndpoints, [...path, 'gatewayEndpoints'], context);
  checkSecondaryCidrs(input.secondaryCidrs ?? {}, primary, [...path, 'secondaryCidrs'], context);
  if (zones) checkEgressZones(input.egressZones, zones, [...path, 'egressZones'], context);
  for (const field of ['endpointPresets', 'readableBuckets', 'privateZones'] as const) {
    const values = input[field] ?? [];
    repeated(values, (index) => context.error([...path, field, index], 'listed-twice', 'is listed twice', 'keep one of the two', values[index]));
  }
}

/** An environment as far as the block of public access is concerned. */
type Blocking = Sound<{ name: string; aws?: { region: string; account?: string; blockPublicAccess?: 'account' | 'exclusions' } }>;

/** Block Public Access is a switch of the account in a region: what one environment does there, all others feel. */
export function checkPublicAccessBlocks(environments: readonly (Blocking | null)[], context: CheckContext): void {
  const here = environments.flatMap((environment, index) => (environment?.aws ? [{ name: environment.name ?? `environments[${index}]`, aws: environment.aws, path: ['environments', index, 'aws', 'blockPublicAccess'] as Path }] : []));
  const together = (a: Blocking['aws'] & object, b: Blocking['aws'] & object) => a.region === b.region && (a.account === undefined || b.account === undefined || a.account === b.account);
  here.forEach(({ name, aws, path }, index) => {
    const switches = here.find((other, position) => position !== index && other.aws.blockPublicAccess === 'account' && together(other.aws, aws));
    if (!switches) return;
    if (aws.blockPublicAccess === undefined) {
      context.error(path.slice(0, -1), 'public-access-blocked', `is in the account and region in which '${switches.name}' blocks public access, and would be cut off from its hosts and callers`, "add 'blockPublicAccess: exclusions', or write the accounts down where they differ", name);
    } else if (aws.blockPublicAccess === 'account' && here.indexOf(switches) < index) {
      context.error(path, 'public-access-block-twice', `is switched by '${switches.name}' already, for the whole account in ${aws.region}`, "write 'exclusions' in one of the two, or write the accounts down where they differ", aws.blockPublicAccess);
    }
  });
}

/** AWS takes five ranges for a VPC, its own among them, unless the account has asked for more. */
const MOST_SECONDARY_CIDRS = 4;

function checkSecondaryCidrs(ranges: Readonly<Record<string, string | null>>, primary: string | null, path: Path, context: CheckContext): void {
  const own = primary === null ? undefined : parseBlock(primary);
  const seen: { readonly segment: string; readonly block: Block }[] = [];
  const entries = Object.entries(ranges);
  if (entries.length > MOST_SECONDARY_CIDRS) {
    context.error(path, 'too-many-secondary-cidrs', `names ${entries.length} ranges, and ${MOST_SECONDARY_CIDRS} fit beside the network's own`, 'join segments that run pods');
  }
  for (const [segment, text] of entries) {
    const at = [...path, segment];
    if (context.segments && !context.segments.has(segment)) context.error(at, 'unknown-segment', 'is not a segment', suggestion(segment, context.segments.keys(), 'segments'), segment);
    const parsed = text === null ? undefined : parseBlock(text);
    if (!parsed?.ok) continue;
    const { block } = parsed;
    const problem = own?.ok ? secondaryBlockProblem(block, own.block) : undefined;
    if (problem) context.error(at, problem.code, problem.message, problem.fix, text);
    const other = seen.find((each) => intersects(each.block, block));
    if (other) context.error(at, 'secondary-overlap', `overlaps ${other.block.text} of '${other.segment}'`, 'give each segment addresses of its own', text);
    seen.push({ segment, block });
  }
}

function checkEgressZones(asked: Sound<AwsNetworkInput>['egressZones'], zones: readonly string[], path: Path, context: CheckContext): void {
  if (typeof asked === 'number' && asked > zones.length) {
    context.error(path, 'too-many-egress-zones', `is more than the ${zones.length} zones of the environment`, `write a number below ${zones.length}, or leave it out for a way out in every zone`, asked);
  }
  if (!Array.isArray(asked)) return;
  const names: readonly (string | null)[] = asked;
  repeated(names, (index) => context.error([...path, index], 'duplicate-zone', 'is listed twice', 'keep one of the two', names[index]));
  names.forEach((zone, index) => {
    if (zone !== null && !zones.includes(zone)) context.error([...path, index], 'zone-not-used', 'is not a zone of the environment', suggestion(zone, zones, 'zones'), zone);
  });
}

/**
 * The canonical form; what was not written is not there.
 *
 * @param zones full names of the environment's zones.
 */
export function canonicalAwsNetwork(input: AwsNetworkInput, zones: readonly string[]): AwsNetworkOptions {
  const egressZones = typeof input.egressZones === 'number' ? [...zones].sort(compare).slice(0, input.egressZones) : input.egressZones;
  const list = <K extends 'endpointPresets' | 'readableBuckets' | 'privateZones'>(field: K) => (
    input[field] === undefined ? {} : { [field]: uniqueSorted(input[field] as readonly string[]) } as { readonly [key in K]: AwsNetworkOptions[K] });
  return {
    ...list('endpointPresets'),
    ...(input.gatewayEndpoints === undefined ? {} : { gatewayEndpoints: canonicalGatewayEndpoints(input.gatewayEndpoints) }),
    ...(input.aclEntries === undefined ? {} : { aclEntries: input.aclEntries }),
    ...(input.rulesPerGroup === undefined ? {} : { rulesPerGroup: input.rulesPerGroup }),
    ...(input.organizationId === undefined ? {} : { organizationId: input.organizationId }),
    ...list('readableBuckets'),
    ...list('privateZones'),
    ...(input.dnsRedirection === undefined ? {} : { dnsRedirection: input.dnsRedirection }),
    // A way out in every zone is the default, however it is said.
    ...(egressZones === undefined || egressZones.length === zones.length ? {} : { egressZones: uniqueSorted(egressZones) }),
    ...(input.existingNetwork === undefined ? {} : { existingNetwork: canonicalExistingNetwork(input.existingNetwork) }),
    ...(input.blockPublicAccess === undefined ? {} : { blockPublicAccess: input.blockPublicAccess }),
    ...(input.secondaryCidrs === undefined ? {} : {
      secondaryCidrs: Object.fromEntries(Object.entries(input.secondaryCidrs).sort(([a], [b]) => compare(a, b)).map(([segment, block]) => [segment, blockText(block)])),
    }),
  };
}
