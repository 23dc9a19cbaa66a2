/** Which segments reach which service by a gateway endpoint, before any of it has an id. */
import type { ResidualRisk } from '../egress-control';
import { AWS_GATEWAY_SERVICES, type AwsGatewayEndpoints, type AwsGatewayService } from '../policy/aws-gateway-endpoints';
import type { AllowRule, PrivateService, Segment } from '../policy/model';
import { compare, rulesOf } from '../policy/rules';
import { serviceNames } from '../policy/aws-endpoint-catalog';
import { everyAddressOf } from './outside';

/** One gateway endpoint to make. */
export interface PlannedGateway {
  readonly service: AwsGatewayService;
  /** The segments whose route tables it is in; at least one, sorted. */
  readonly segments: readonly string[];
  /**
   * Every range of the service's prefix list, sorted.
   *
   * @default - not known, so that it can serve only segments whose ACL lets 443 out anyway
   */
  readonly ranges?: readonly string[];
  /** Whether the service has its interface endpoint as well. */
  readonly interfaceEndpoint: boolean;
}

/** What decides on gateway endpoints. */
export interface GatewayContext {
  readonly services: readonly PrivateService[];
  readonly segments: readonly Segment[];
  readonly rules: readonly AllowRule[];
  /** @default - for each service: the segments with hosts */
  readonly asked?: AwsGatewayEndpoints;
}

/** Sorted by service. A service that nobody asked anything of is for segments with hosts. */
export function gatewayPlan({ services, segments, rules, asked = {} }: GatewayContext): readonly PlannedGateway[] {
  const used = new Set(serviceNames(services));
  const names = (fits: (segment: Segment) => boolean) => segments.filter(fits).map(({ name }) => name).sort(compare);
  return AWS_GATEWAY_SERVICES.filter((service) => used.has(service)).flatMap((service): readonly PlannedGateway[] => {
    const own = asked[service];
    if (!own) {
      const withHosts = names(({ name }) => rulesOf(rules, name).length > 0);
      return withHosts.length > 0 ? [{ service, segments: withHosts, interfaceEndpoint: true }] : [];
    }
    const served = own.segments ? [...own.segments].sort(compare) : names(({ tier }) => tier !== 'public');
    return [{ service, segments: served, ranges: own.ranges, interfaceEndpoint: own.interfaceEndpoint ?? served.length < segments.length }];
  });
}

/** Those that serve a segment. */
export function gatewaysOf(gateways: readonly PlannedGateway[], segment: string): readonly PlannedGateway[] {
  return gateways.filter(({ segments }) => segments.includes(segment));
}

/** The fewest blocks that hold exactly the addresses of some gateways, ascending. */
export function rangesOf(gateways: readonly PlannedGateway[]): readonly string[] {
  return everyAddressOf(...gateways.flatMap(({ ranges = [] }) => ranges));
}

/** What the ACLs of segments without hosts let through that they would refuse with interface endpoints. */
export function gatewayRisks(gateways: readonly PlannedGateway[], rules: readonly AllowRule[]): readonly ResidualRisk[] {
  const listed = gateways.filter(({ ranges }) => ranges !== undefined);
  const closed = [...new Set(listed.flatMap(({ segments }) => segments))].filter((name) => rulesOf(rules, name).length === 0).sort(compare);
  return closed.length === 0 ? [] : [{
    id: 'gateway-ranges-open',
    summary: `The network ACL lets tcp/443 out to the public addresses of ${listed.map(({ service }) => service).join(' and ')}, which serve every account: only the route to the gateway endpoint keeps calls under its policy.`,
    mitigation: "Name the segments that use the service (segments), and review plans: a default route in such a segment's table is found as data-internet-route.",
    segments: closed,
  }];
}

/** What was asked for and cannot be, in lower case and with the way out. */
export function gatewayProblems({ services, segments, asked = {} }: GatewayContext): readonly string[] {
  const used = new Set(serviceNames(services));
  const tiers = new Map(segments.map(({ name, tier }) => [name, tier]));
  return AWS_GATEWAY_SERVICES.flatMap((service) => {
    const own = asked[service];
    if (!own) return [];
    return [
      ...(used.has(service) ? [] : [`aws: gatewayEndpoints names ${service}, and no private service needs it; add '${service === 's3' ? 'object-storage' : `aws:${service}`}' to privateServices, or drop it`]),
      ...(own.ranges.length > 0 ? [] : [`aws: the gateway endpoint of ${service} has no ranges; copy the entries of its prefix list`]),
      ...(own.segments ?? []).flatMap((name) => {
        if (!tiers.has(name)) return [`aws: the gateway endpoint of ${service} is for '${name}', which this network does not have; add the segment or drop the name`];
        return tiers.get(name) === 'public' ? [`aws: the gateway endpoint of ${service} is for '${name}', which is public; without the route its internet gateway leads to the same addresses, past the endpoint's policy`] : [];
      }),
    ];
  });
}
