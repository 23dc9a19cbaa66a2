/**
 * What a team may choose about its network on AWS beyond region, zones and addresses: private
 * endpoints and names. Each field left out is the network as it is without it.
 */
import * as z from 'zod';
import { AWS_ENDPOINT_PRESET_NAMES, type AwsEndpointPreset } from './aws-endpoint-presets';
import { repeated, type CheckContext } from './check-context';
import { filled, formatted, text } from './fields';
import type { Finding, Path } from './problems';
import { suffixProblem } from './public-suffix';
import { uniqueSorted } from './rules';
import type { Sound } from './schema-findings';

/** The options as everything downstream sees them; an absent field is the default. */
export interface AwsNetworkOptions {
  /** Named sets of private endpoints, sorted. Default: none. */
  readonly endpointPresets?: readonly AwsEndpointPreset[];
  /** `o-…`: endpoints serve every account of the organization. Default: this account alone. */
  readonly organizationId?: string;
  /** Buckets of others that workloads may read, sorted. Default: the one with ECR's image layers, where images are pulled. */
  readonly readableBuckets?: readonly string[];
  /** Zones that exist inside only; they and what is below are resolved. Sorted. Default: none. */
  readonly privateZones?: readonly string[];
  /** Whether an allowed name may lead to others by CNAME. Default: `trust`. */
  readonly dnsRedirection?: 'trust' | 'inspect';
}

const ZONE = /^(?=.{1,250}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)+$/;

const privateZone = text(
  'A zone that exists inside only: it and every name below are resolved. Example: corp.example.com',
  (value): Finding | undefined => {
    if (!ZONE.test(value)) return { code: 'bad-zone-name', message: 'is no name of a zone', fix: "write it in lower case with no star and no dot at its ends, such as 'corp.example.com'" };
    return suffixProblem(value)
      ? { code: 'zone-public-suffix', message: 'is a public suffix, and every domain below it would be resolved', fix: `name the zone itself, such as 'corp.example.${value}'` }
      : undefined;
  },
  { pattern: ZONE.source },
);

const bucket = formatted(
  "A bucket's name, alone.",
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  'the name of a bucket: no ARN, no path, no star',
  'al2023-repos-us-east-1-de612dc2',
);

/** The fields of `environments[].aws`. */
export const awsNetworkFields = {
  endpointPresets: filled(
    z.enum(AWS_ENDPOINT_PRESET_NAMES as readonly [AwsEndpointPreset, ...AwsEndpointPreset[]]),
    'Sets of private endpoints for this environment, beside privateServices: ecs, eks, lambda, ssm. Default: none.',
  ).optional(),
  organizationId: formatted('Private endpoints serve every account of this organization. Default: this account alone.', /^o-[a-z0-9]{10,32}$/, 'the id of an organization', 'o-a1b2c3d4e5').optional(),
  readableBuckets: filled(bucket, "Buckets of others that workloads may read through the endpoints of S3, beside the one with ECR's image layers.").optional(),
  privateZones: filled(privateZone, 'Private hosted zones that the resolver answers. Default: none.').optional(),
  dnsRedirection: z
    .enum(['trust', 'inspect'])
    .meta({ description: 'trust (default): an allowed name may lead to any other by CNAME. inspect: each name of the chain has to be allowed.' })
    .optional(),
};

/** The options as they are written. */
export type AwsNetworkInput = z.infer<z.ZodObject<typeof awsNetworkFields>>;

/** How the fields fit together and with the rest of the environment. */
export function checkAwsNetwork(input: Sound<AwsNetworkInput>, path: Path, context: CheckContext): void {
  for (const field of ['endpointPresets', 'readableBuckets', 'privateZones'] as const) {
    const values = input[field] ?? [];
    repeated(values, (index) => context.error([...path, field, index], 'listed-twice', 'is listed twice', 'keep one of the two', values[index]));
  }
}

/** The canonical form; what was not written is not there. */
export function canonicalAwsNetwork(input: AwsNetworkInput): AwsNetworkOptions {
  const list = <K extends 'endpointPresets' | 'readableBuckets' | 'privateZones'>(field: K) => (
    input[field] === undefined ? {} : { [field]: uniqueSorted(input[field] as readonly string[]) } as { readonly [key in K]: AwsNetworkOptions[K] });
  return {
    ...list('endpointPresets'),
    ...(input.organizationId === undefined ? {} : { organizationId: input.organizationId }),
    ...list('readableBuckets'),
    ...list('privateZones'),
    ...(input.dnsRedirection === undefined ? {} : { dnsRedirection: input.dnsRedirection }),
  };
}
