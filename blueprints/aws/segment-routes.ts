import { Construct } from 'constructs';
import type { RouteTableRoute } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { BlueprintError } from '../blueprint-error';
import { inlineRouteTable } from './inline-routes';

/** A segment whose subnets get route tables. */
export interface RoutedSegment {
  readonly name: string;
  /** A secondary subnet follows the table of its zone. */
  readonly subnets: readonly { readonly zone: string; readonly id: string; readonly secondary?: boolean }[];
  readonly defaultRoute: 'none' | 'internet-gateway' | 'egress-control';
  /** Tags of its tables besides name and segment. @default - none */
  readonly tableTags?: Readonly<Record<string, string>>;
}

/** What the routes of a network need: ids and names, so that the network may be anybody's. */
export interface AwsSegmentRoutesProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly vpcId: string;
  readonly segments: readonly RoutedSegment[];
  /** Required when a segment accepts the internet. */
  readonly internetGatewayId?: string;
  /**
   * The egress control's VPC endpoint by zone; required when a segment has allowed hosts.
   *
   * A packet has to come back the way it went, and the firewall keeps one table of connections
   * per zone: an endpoint serves the subnets of its own zone and no others.
   */
  readonly egressEndpointIds?: Readonly<Record<string, string>>;
}

/**
 * One route table per segment and zone, with every route inline: a route that somebody adds by
 * hand shows in the next plan as a change and is taken out by the next apply. That holds for the
 * tables with no route as well, which say so with an empty list.
 */
export class AwsSegmentRoutes extends Construct {
  /** Ids by segment, one per zone, in the order of its subnets. */
  readonly tableIds: Readonly<Record<string, readonly string[]>>;

  /** @throws BlueprintError when a segment's default route has no next hop in one of its zones. */
  constructor(scope: Construct, id: string, private readonly props: AwsSegmentRoutesProps) {
    super(scope, id);
    const problems = props.segments.flatMap((segment) => segment.subnets
      .filter(({ zone }) => segment.defaultRoute !== 'none' && !this.nextHop(segment, zone))
      .map(({ zone }) => ({ message: `aws: '${segment.name}' has no next hop in ${zone}; pass the ${segment.defaultRoute === 'egress-control' ? "egress control's endpoint of that zone" : "internet gateway (internetGatewayId, in a policy file under existingNetwork)"}` })));
    if (problems.length > 0) throw new BlueprintError(this, problems);

    this.tableIds = Object.fromEntries(props.segments.map((segment) => [segment.name, this.tables(segment)]));
  }

  private tables(segment: RoutedSegment): readonly string[] {
    const scope = new Construct(this, `segment-${segment.name}`);
    const primary = segment.subnets.filter(({ secondary }) => !secondary);
    const tables = new Map(primary.map(({ zone, id }) => {
      const hop = this.nextHop(segment, zone);
      const table = inlineRouteTable(scope, `table-${zone}`, {
        vpcId: this.props.vpcId,
        route: hop ? [{ cidrBlock: '0.0.0.0/0', ...hop }] : [],
        tags: { Name: `${this.props.name}-${segment.name}-${zone}`, segment: segment.name, ...segment.tableTags },
      });
      new RouteTableAssociation(scope, `association-${zone}`, { subnetId: id, routeTableId: table.id });
      return [zone, table.id] as const;
    }));
    for (const { zone, id } of segment.subnets.filter(({ secondary }) => secondary)) {
      new RouteTableAssociation(scope, `association-secondary-${zone}`, { subnetId: id, routeTableId: tables.get(zone)! });
    }
    return [...tables.values()];
  }

  private nextHop({ defaultRoute }: RoutedSegment, zone: string): RouteTableRoute | undefined {
    const { internetGatewayId, egressEndpointIds } = this.props;
    if (defaultRoute === 'internet-gateway' && internetGatewayId) return { gatewayId: internetGatewayId };
    const endpoint = egressEndpointIds?.[zone];
    if (defaultRoute === 'egress-control' && endpoint) return { vpcEndpointId: endpoint };
    return undefined;
  }
}
