/**
 * Endpoints of other networks that the routes of a subnet lead to, over a peering, a transit gateway or a core network. A
 * network that is joined to a service network is no way there for others.
 * https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html
 */
import { intersect, isEmpty } from '../ranges';
import type { Resource } from '../../plan/resource-graph';
import type { EndpointFilters } from './endpoint-callers';
import { NETWORK_ASSOCIATION } from './lattice';
import type { AwsNetwork } from './networks';
import { everyOf } from './read';
import type { AwsRouteTable } from './route-tables';
import type { AwsSubnet } from './subnets';
import type { AwsTransit } from './transit';

/** From the resource that something refers to. */
interface Finds {
  network(resource: Resource): AwsNetwork | undefined;
  transit(resource: Resource): AwsTransit | undefined;
}

export class EndpointConnections<E extends EndpointFilters> {
  private readonly byTable = new Map<AwsRouteTable, readonly E[]>();
  private readonly byRoutes = new Map<string, readonly E[]>();
  private readonly networksOf = new Map<Resource, ReadonlySet<AwsNetwork>>();

  constructor(private readonly find: Finds, private readonly classes: readonly E[]) {}

  from(subnet: AwsSubnet): readonly E[] {
    const [only, ...more] = everyOf(subnet.tables);
    if (!only) return [];
    return more.length === 0 ? this.over(only) : [...new Set([only, ...more].flatMap((table) => this.over(table)))];
  }

  private over(table: AwsRouteTable): readonly E[] {
    let found = this.byTable.get(table);
    if (!found) this.byTable.set(table, (found = this.search(table)));
    return found;
  }

  private search(table: AwsRouteTable): readonly E[] {
    const routes = table.routes.filter(({ target }) => target.kind === 'peering' || target.kind === 'transit' || target.kind === 'core-network');
    if (routes.length === 0) return [];
    // A hub's spokes have the same few routes.
    const key = [table.network?.address ?? '', ...routes.map(({ destination, target }) => `${destination} ${target.text}`)].join('\n');
    let found = this.byRoutes.get(key);
    if (!found) {
      found = this.classes.filter(({ sample, addresses }) => sample.network !== undefined && sample.network !== table.network && sample.resource.type !== NETWORK_ASSOCIATION && routes.some((route) =>
        everyOf(route.target.resources).some((resource) => this.joinedBy(resource).has(sample.network as AwsNetwork))
        && route.prefixes.some(({ family, range }) => !isEmpty(intersect([range], addresses[family])))));
      this.byRoutes.set(key, found);
    }
    return found;
  }

  /** The networks at the ends of a peering, or attached to a transit gateway or a core network. */
  private joinedBy(resource: Resource): ReadonlySet<AwsNetwork> {
    let found = this.networksOf.get(resource);
    if (!found) {
      const attached = this.find.transit(resource)?.attachments.flatMap(({ network }) => network ?? []) ?? [];
      const peered = ['vpc_id', 'peer_vpc_id'].flatMap((name) => resource.references(name, { types: ['aws_vpc', 'aws_default_vpc'] }).targets.flatMap((target) => this.find.network(target) ?? []));
      this.networksOf.set(resource, (found = new Set([...attached, ...peered])));
    }
    return found;
  }
}
