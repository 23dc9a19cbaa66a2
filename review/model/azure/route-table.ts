/** Route tables with their routes, written inside the table or beside it. */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { appliancesAt } from './appliances';
import { mayBelong, namedOwner } from './named-owner';
import { ReadBack } from './read-back';
import { flag, text, under, unknownBlocks, type Pointed } from './read';

/** Where a user's route leads; `unknown` where the plan does not say. */
export type NextHopType = 'Internet' | 'None' | 'VirtualAppliance' | 'VirtualNetworkGateway' | 'VnetLocal' | 'unknown';

export interface UserRoute {
  /** The Terraform address of the route, or of the table that it is written in. */
  readonly address: string;
  readonly name: string;
  /** A CIDR or a service tag; undefined where the plan does not say. */
  readonly prefix?: string;
  readonly nextHop: NextHopType;
  /** Of an appliance, where it is known. */
  readonly nextHopAddress?: string;
  /** The firewalls, interfaces and load balancers that the next hop's address may be of. */
  readonly appliances: Pointed;
  /** Why it may not be there. */
  readonly doubt?: string;
}

export interface RouteTable {
  readonly resource: Resource;
  readonly address: string;
  readonly routes: readonly UserRoute[];
  /** Whether routes that a gateway learns count here, too. Azure's default: they do. */
  readonly propagates: boolean;
  /** Why nobody knows whether they do. */
  readonly propagationUnknown?: string;
  /** Why there may be routes that are not listed. */
  readonly unknown?: string;
}

const TYPES: readonly NextHopType[] = ['Internet', 'None', 'VirtualAppliance', 'VirtualNetworkGateway', 'VnetLocal'];

export interface RouteTables {
  readonly tables: ReadonlyMap<Resource, RouteTable>;
  /** Routes of tables that are not in the plan. */
  readonly foreign: readonly UserRoute[];
}

export function routeTables(graph: ResourceGraph): RouteTables {
  const beside = new Map<Resource, UserRoute[]>();
  const foreign: UserRoute[] = [];
  const readBack = new ReadBack(graph, { block: 'route', type: 'azurerm_route', owner: 'route_table_name' });
  for (const route of graph.ofType('azurerm_route')) {
    const tables = namedOwner(route, 'route_table_name', 'azurerm_route_table');
    const several = tables.exact ? undefined : mayBelong(route, tables, 'route tables');
    const doubt = several ?? (route.repeated ? `how often ${route.address} is there, only a plan knows` : undefined);
    const read = routeAt(route, [], doubt);
    if (tables.isSet && tables.targets.length === 0) foreign.push(read);
    for (const table of tables.targets) {
      if (tables.exact) readBack.note(table, route);
      const known = beside.get(table);
      if (known) known.push(read);
      else beside.set(table, [read]);
    }
  }
  const made = new Map(graph.ofType('azurerm_route_table').map((resource): [Resource, RouteTable] => {
    const unknown = unknownBlocks(resource, 'route');
    const propagationUnknown = unknownBlocks(resource, 'bgp_route_propagation_enabled') ?? unknownBlocks(resource, 'disable_bgp_route_propagation');
    return [resource, {
      resource,
      address: resource.address,
      routes: [...resource.elements('route').filter((path) => !readBack.holds(resource, path)).map((path) => routeAt(resource, path, undefined)), ...(beside.get(resource) ?? [])],
      // Up to azurerm 3 the attribute was called the other way round.
      propagates: flag(resource, 'bgp_route_propagation_enabled') ?? !(flag(resource, 'disable_bgp_route_propagation') ?? false),
      ...(unknown === undefined ? {} : { unknown }),
      ...(propagationUnknown === undefined ? {} : { propagationUnknown }),
    }];
  }));
  return { tables: made, foreign };
}

function routeAt(resource: Resource, at: AttributePath, doubt: string | undefined): UserRoute {
  const type = text(resource, under(at, 'next_hop_type'))?.toLowerCase();
  const prefix = text(resource, under(at, 'address_prefix'));
  const nextHopAddress = text(resource, under(at, 'next_hop_in_ip_address'));
  return {
    address: resource.address,
    name: text(resource, under(at, 'name')) ?? resource.address,
    nextHop: TYPES.find((known) => known.toLowerCase() === type) ?? 'unknown',
    appliances: appliancesAt(resource, at),
    ...(prefix === undefined ? {} : { prefix }),
    ...(nextHopAddress === undefined ? {} : { nextHopAddress }),
    ...(doubt === undefined ? {} : { doubt }),
  };
}
