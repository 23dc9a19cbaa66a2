/** `environments[].aws.gatewayEndpoints`: the segments that reach S3 and DynamoDB by a route, and the addresses of both. */
import * as z from 'zod';
import { repeated, type CheckContext } from './check-context';
import { blockText, parseBlock, publicBlock } from './cidr';
import { filled, text } from './fields';
import type { Finding, Path } from './problems';
import { uniqueSorted } from './rules';
import type { Sound } from './schema-findings';
import { suggestion } from './suggest';

/** The services that AWS offers a gateway endpoint for. https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html */
export const AWS_GATEWAY_SERVICES = ['dynamodb', 's3'] as const;

/** A service with a gateway endpoint, by AWS's short name. */
export type AwsGatewayService = (typeof AWS_GATEWAY_SERVICES)[number];

/** How one service is reached by its gateway endpoint. */
export interface AwsGatewayEndpoint {
  /** Every range of the service's prefix list in this region, sorted. A plan fails when AWS's list is another. */
  readonly ranges: readonly string[];
  /** The segments that use it, sorted. Default: every private and data segment. */
  readonly segments?: readonly string[];
  /** Whether its interface endpoint stays. Default: as long as some segment does not use the gateway. */
  readonly interfaceEndpoint?: boolean;
}

/** By service. A service that is not named: the gateway serves the segments with hosts. */
export type AwsGatewayEndpoints = Readonly<Partial<Record<AwsGatewayService, AwsGatewayEndpoint>>>;

/** The widest range that a prefix list may hold here. The widest that AWS is known to have is a /15. */
const WIDEST_RANGE = 12;

const range = text(
  "A range of the service's prefix list. Example: 52.216.0.0/15",
  (value): Finding | undefined => {
    const parsed = parseBlock(value);
    if (!parsed.ok) return parsed.problem;
    const { block } = parsed;
    if (!publicBlock(block)) {
      return { code: 'address-not-public', message: 'is not a public range', fix: 'copy the entries of the prefix list: services answer there on public addresses' };
    }
    return block.prefix < WIDEST_RANGE
      ? { code: 'address-too-wide', message: `holds ${2 ** (32 - block.prefix)} addresses, and no service has so many in one range`, fix: 'copy the entries of the prefix list, one by one' }
      : undefined;
  },
);

const gateway = (service: string) => z
  .strictObject({
    ranges: filled(range, `Every range of the prefix list com.amazonaws.<region>.${service}. A plan fails when AWS's list is another.`),
    segments: filled(z.string(), 'The private and data segments that use it. Default: all of them.').optional(),
    interfaceEndpoint: z.boolean().meta({ description: 'Whether the interface endpoint stays beside it. Default: as long as some segment does not use the gateway.' }).optional(),
  })
  .meta({ description: `The gateway endpoint of ${service}.` })
  .optional();

export const gatewayEndpointsField = z
  .strictObject({ dynamodb: gateway('dynamodb'), s3: gateway('s3') })
  .meta({ description: 'Gateway endpoints for segments without hosts too: their network ACLs let exactly these ranges through. Default: for segments with hosts.' });

type Input = Sound<z.infer<typeof gatewayEndpointsField>>;

/** Segments exist and are closed to the internet; ranges are named once. */
export function checkGatewayEndpoints(input: Input | null | undefined, path: Path, context: CheckContext): void {
  for (const service of AWS_GATEWAY_SERVICES) {
    const asked = input?.[service];
    if (!asked) continue;
    const at = (...more: Path): Path => [...path, service, ...more];
    const twice = (field: 'ranges' | 'segments') => repeated(asked[field] ?? [], (index) => context.error(at(field, index), 'listed-twice', 'is listed twice', 'keep one of the two', asked[field]?.[index]));
    twice('ranges');
    twice('segments');
    const names = asked.segments;
    if (!context.segments) continue;
    const known = context.segments;
    const fitting = [...known.values()].filter(({ tier }) => tier !== 'public').map(({ name }) => name);
    if (!names && fitting.length === 0) {
      context.error(at(), 'gateway-for-nobody', 'has no segment to serve', 'leave it out: public segments use the interface endpoint');
    }
    (names ?? []).forEach((name, index) => {
      if (name === null) return;
      const segment = known.get(name);
      if (!segment) {
        context.error(at('segments', index), 'unknown-segment', 'is not a segment', suggestion(name, known.keys(), 'segments'), name);
      } else if (segment.tier === 'public') {
        context.error(at('segments', index), 'gateway-not-closed', 'is public: where its route to the gateway goes missing, its internet gateway leads to the same addresses, past the policy of the endpoint', 'leave it out; it uses the interface endpoint', name);
      }
    });
    const served = new Set(names ?? fitting);
    const without = [...known.keys()].filter((name) => !served.has(name)).sort();
    if (asked.interfaceEndpoint === false && without.length > 0) {
      context.warning(at('interfaceEndpoint'), 'segment-without-service', `leaves ${without.join(', ')} without any way to ${service}`, "write 'interfaceEndpoint: true', or drop it, where one of them calls the service");
    }
  }
}

/** The canonical form: blocks and names sorted. */
export function canonicalGatewayEndpoints(input: z.infer<typeof gatewayEndpointsField>): AwsGatewayEndpoints {
  return Object.fromEntries(AWS_GATEWAY_SERVICES.flatMap((service) => {
    const asked = input[service];
    if (!asked) return [];
    const made: AwsGatewayEndpoint = {
      ranges: uniqueSorted(asked.ranges.map(blockText)),
      ...(asked.segments === undefined ? {} : { segments: uniqueSorted(asked.segments) }),
      ...(asked.interfaceEndpoint === undefined ? {} : { interfaceEndpoint: asked.interfaceEndpoint }),
    };
    return [[service, made]];
  }));
}
