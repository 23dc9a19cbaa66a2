/**
 * Route tables with every route that they will have, inline or standalone, and the endpoints that
 * add routes of their own.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
 */
import { append } from '../../append';
import type { AttributePath } from '../../plan/attribute-path';
import { isObject, type Json } from '../../plan/json';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AwsNetwork, Networks } from './networks';
import { FormerParts, isReadBack, textIn, textsIn, wasReadBack } from './read-back';
import { prefixOf, PrefixLists, type Prefix } from './prefix-lists';
import { certain, choose, everyOf, isFound, isSet, joined, NO_CHOICE, onlyOf, possible, sorted, textAt, type Choice } from './read';
import { RouteCrowds } from './route-crowds';
import { targetsOf, type RouteTarget } from './route-target';
import { announcedBy } from './vpn-routes';

export interface AwsRoute {
  /** Of the resource that has the route. */
  readonly address: string;
  /** A CIDR, a prefix list, or `?`. */
  readonly destination: string;
  readonly prefixes: readonly Prefix[];
  /** Why it may take more addresses than it says. */
  readonly unknown?: string;
  /** Why it may be a route of another table, and most likely is. */
  readonly possible?: string;
  /** True of one to a prefix list. */
  readonly givesWay?: boolean;
  /** Why it may be a route of another table, or give way to others, though most likely it is one of this. */
  readonly guessed?: string;
  readonly target: RouteTarget;
}

export interface AwsRouteTable {
  /** Of the resource; of a main table that no plan manages, the network's. */
  readonly address: string;
  readonly resource?: Resource;
  readonly network?: AwsNetwork;
  readonly kind: 'own' | 'default' | 'implicit';
  readonly routes: readonly AwsRoute[];
  /** AWS services whose addresses lead to a gateway endpoint: `s3`. */
  readonly gatewayServices: ReadonlySet<string>;
  /** Services with a gateway endpoint whose tables the plan does not tell. */
  readonly possibleServices: ReadonlySet<string>;
  /** Why there may be routes that the plan does not show. */
  readonly unknown?: string;
  readonly heard: readonly Heard[];
}

/** Routes that a virtual gateway or a route server adds: static ones to the same addresses go before them, shorter ones do not. */
export interface Heard {
  /** What says that they are added. */
  readonly address: string;
  /** Undefined where they may be any. */
  readonly prefixes: readonly Prefix[] | undefined;
}

const TABLES = ['aws_route_table', 'aws_default_route_table', 'aws_vpc', 'aws_default_vpc'];
/** https://docs.aws.amazon.com/vpc/latest/userguide/dynamic-routing-route-server.html */
const PROPAGATIONS = ['aws_vpn_gateway_route_propagation', 'aws_vpc_route_server_propagation'];
const MOST_ANYWHERE = 20;
const NOTHING_HEARD: readonly Heard[] = [];
const MEANT = { types: TABLES, handedOut: /route_table/ };

/** What a route leads to in the network of its table alone. */
const NEAR: ReadonlySet<RouteTarget['kind']> = new Set(['internet-gateway', 'egress-only-gateway', 'nat', 'firewall', 'interface', 'endpoint']);

const DESTINATIONS = ['cidr_block', 'ipv6_cidr_block', 'destination_cidr_block', 'destination_ipv6_cidr_block'];

export class RouteTables {
  readonly all: readonly AwsRouteTable[];
  /** Routes of tables that are not in the plan. */
  readonly foreign: readonly AwsRoute[];
  private readonly byResource = new Map<Resource, AwsRouteTable>();
  private readonly mains = new Map<AwsNetwork, Choice<AwsRouteTable>>();
  private readonly loose = new Map<Resource, AwsRoute[]>();
  private readonly services = new Map<Resource, Set<string>>();
  private readonly possibleServices = new Set<string>();
  private readonly heard = new Map<Resource, Heard[]>();
  private readonly heardAnywhere: Heard[] = [];
  /** Routes of tables that only the apply finds. */
  private readonly anywhere: AwsRoute[] = [];
  /** Why there may be more of them. */
  private unsaid: string | undefined;
  /** Tables to which a provider that is not read adds routes, by what. */
  private readonly added = new Map<Resource, string>();
  private readonly former: FormerParts;

  constructor(private readonly graph: ResourceGraph, private readonly networks: Networks, private readonly lists: PrefixLists) {
    this.former = new FormerParts(graph, ['aws_route'], 'route_table_id');
    const foreign: AwsRoute[] = [];
    const crowds = new RouteCrowds();
    for (const route of graph.ofType('aws_route')) {
      const routes = this.routesAt(route, []);
      const fits = networks.fits(networks.holding(routes.flatMap(({ target }) => (NEAR.has(target.kind) ? everyOf(target.resources) : []))));
      const tables = choose(route, 'route_table_id', (target) => target, fits ? { ...MEANT, fits } : MEANT);
      const { sure, guess, possible } = sorted(tables);
      const reason = tables.widened ?? `${route.address}: the plan does not say which table is meant`;
      if ([...sure, ...guess, ...possible].every(({ mode }) => mode === 'data')) {
        foreign.push(...routes);
        // What a search finds during the apply may be a table that the plan makes; of many such routes a few stand for all.
        const isFound = route.unknownAt('route_table_id') !== undefined && isSet(route, 'route_table_id');
        const unsaid = `${route.address}: the plan does not say which table is meant`;
        if (isFound && this.anywhere.length < MOST_ANYWHERE) this.anywhere.push(...routes.map((each) => ({ ...each, possible: unsaid })));
        else if (isFound) this.unsaid = unsaid;
      }
      for (const table of sure) for (const each of routes) append(this.loose, table, each);
      for (const table of guess) for (const each of routes) append(this.loose, table, { ...each, guessed: reason });
      if (tables.likely.length > 1) crowds.add(route, tables.likely, routes, reason);
      for (const table of possible) for (const each of routes) append(this.loose, table, { ...each, possible: reason });
    }
    for (const [table, route] of crowds.shared()) append(this.loose, table, route);
    this.foreign = foreign;
    this.readGatewayEndpoints(graph);
    for (const route of graph.ofType('awscc_ec2_route')) for (const table of route.references('route_table_id', MEANT).targets) this.added.set(table, `${route.address}, a route of ${table.address}, is not read by this review`);
    for (const propagation of PROPAGATIONS.flatMap((type) => graph.ofType(type))) {
      const heard: Heard = { address: propagation.address, prefixes: announcedBy(graph, propagation, 'vpn_gateway_id') };
      for (const table of propagation.references('route_table_id', { types: TABLES }).targets) append(this.heard, table, heard);
      // What a search finds during the apply may be any table of the plan.
      if (isFound(propagation, 'route_table_id', TABLES)) this.heardAnywhere.push(heard);
    }
    this.all = ['aws_route_table', 'aws_default_route_table'].flatMap((type) => graph.ofType(type)).map((resource) => this.read(resource));
    for (const table of this.all) if (table.resource && isFound(table.resource, 'default_route_table_id', TABLES)) this.mayBeMain(certain(table), `${table.address}: the plan does not say which network's table it is`);
    for (const association of graph.ofType('aws_main_route_table_association')) {
      const table = choose(association, 'route_table_id', (target) => this.byResource.get(target), MEANT);
      const owners = networks.at(association, 'vpc_id');
      const isOnly = onlyOf({ likely: owners.likely, others: owners.others }) !== undefined;
      const reason = `${association.address}: the plan does not say which network is meant`;
      if (everyOf(owners).length === 0 || isFound(association, 'vpc_id', TABLES)) this.mayBeMain(table, reason);
      for (const network of everyOf(owners)) this.mains.set(network, isOnly ? joined([table, this.displaced(network, association)]) : joined([this.mainOf(network), possible(table, reason)]));
    }
  }

  private mayBeMain(table: Choice<AwsRouteTable>, reason: string): void {
    for (const network of this.networks.all) this.mains.set(network, joined([this.mainOf(network), possible(table, reason)]));
  }

  of(resource: Resource): AwsRouteTable | undefined {
    const network = this.networks.of(resource);
    return this.byResource.get(resource) ?? (network ? this.mainOf(network).likely[0] : undefined);
  }

  /** The table of subnets that name none. */
  mainOf(network: AwsNetwork): Choice<AwsRouteTable> {
    let found = this.mains.get(network);
    if (!found) this.mains.set(network, (found = this.implicit(network)));
    return found;
  }

  /** Routes that name a network's main table lead from whichever table is the main one when they are made, and at the next apply from the new one. */
  private displaced(network: AwsNetwork, association: Resource): Choice<AwsRouteTable> {
    const isNamed = network.resource !== undefined && this.loose.has(network.resource);
    return isNamed ? possible(this.implicit(network), `${association.address}: the plan does not say to which table the routes of the main table of ${network.address} are added`) : NO_CHOICE;
  }

  private implicit(network: AwsNetwork): Choice<AwsRouteTable> {
    const { resource, address, isDefault, managed } = network;
    if (!managed && !isDefault) return { likely: [], others: [], unknown: `the main route table of ${address} is not in the plan` };
    const routes = [...(resource ? this.loose.get(resource) ?? [] : []), ...this.anywhere, ...(isDefault ? [defaultVpcRoute(address)] : [])];
    const gatewayServices = (resource ? this.services.get(resource) : undefined) ?? new Set<string>();
    return { likely: [{ address, ...(resource ? { resource } : {}), network, kind: 'implicit', routes, gatewayServices, possibleServices: this.possibleServices, heard: this.heardAt(resource) }], others: [] };
  }

  private heardAt(table: Resource | undefined): readonly Heard[] {
    const own = (table && this.heard.get(table)) ?? NOTHING_HEARD;
    return this.heardAnywhere.length === 0 ? own : [...own, ...this.heardAnywhere];
  }

  private read(resource: Resource): AwsRouteTable {
    const isDefault = resource.type === 'aws_default_route_table';
    const networks = isDefault ? this.networks.ownersOf(resource, 'default_route_table_id') : [];
    const { likely } = this.networks.at(resource, 'vpc_id');
    const network = likely.length === 1 ? likely[0] : likely.length === 0 && networks.length === 1 ? networks[0] : undefined;
    const ownerRoutes = isDefault && network?.resource ? this.loose.get(network.resource) ?? [] : [];
    const ownerServices = isDefault && network?.resource ? this.services.get(network.resource) ?? [] : [];
    const beside = [...(this.loose.get(resource) ?? []), ...ownerRoutes];
    const hidden = isSet(resource, 'route') ? resource.unknownAt('route') : undefined;
    const added = this.added.get(resource) ?? this.unsaid;
    const table: AwsRouteTable = {
      address: resource.address,
      resource,
      ...(network ? { network } : {}),
      kind: isDefault ? 'default' : 'own',
      routes: [...this.inlineOf(resource, beside), ...lasting(resource, beside), ...this.anywhere],
      gatewayServices: new Set([...(this.services.get(resource) ?? []), ...ownerServices]),
      possibleServices: this.possibleServices,
      ...(hidden !== undefined ? { unknown: `the routes of ${resource.address} are not known: ${hidden}` } : added !== undefined ? { unknown: added } : {}),
      heard: [
        ...(isSet(resource, 'propagating_vgws') ? [{ address: resource.address, prefixes: announcedBy(this.graph, resource, 'propagating_vgws') }] : []),
        ...this.heardAt(resource), ...(isDefault && network?.resource ? this.heard.get(network.resource) ?? [] : []),
      ],
    };
    this.byResource.set(resource, table);
    if (isDefault && network) this.mains.set(network, { likely: [table], others: [] });
    if (isDefault && !network) for (const owner of networks) this.mains.set(owner, joined([this.mainOf(owner), possible({ likely: [table], others: [] }, `${resource.address}: the plan does not say which network's table it is`)]));
    return table;
  }

  /** Routes of the table itself, without those that only show what routes beside it say, or said before the plan. */
  private inlineOf(resource: Resource, beside: readonly AwsRoute[]): readonly AwsRoute[] {
    const former = this.former.keysOf(resource, destinationIn);
    const made = new Set(beside.flatMap(({ destination, possible: doubt, guessed }) => (doubt === undefined && guessed === undefined ? [destination] : [])));
    const isStale = beside.length > 0 && resource.action === 'unplanned' && isReadBack(resource, 'route');
    return resource.elements('route').flatMap((path): readonly AwsRoute[] => {
      const destination = destinationIn(resource.valueAt(path)) ?? '';
      const isMade = made.has(destination);
      if (former.has(destination) || isMade ? wasReadBack(resource, path) : false) return [];
      const reason = former.has(destination) ? `the plan takes a route of ${resource.address} to ${destination} away that stands beside it`
        : isStale ? `whether the route of ${resource.address} to ${destination} is still there after its last apply is not in its state` : undefined;
      return this.routesAt(resource, path).map((route) => (reason === undefined ? route : { ...route, guessed: route.guessed ?? reason }));
    });
  }

  private routesAt(resource: Resource, block: AttributePath): readonly AwsRoute[] {
    const names = DESTINATIONS.filter((name) => isSet(resource, [...block, name]));
    const cidrs = names.flatMap((name) => textAt(resource, [...block, name]) ?? []);
    const lists = this.lists.at(resource, [...block, 'destination_prefix_list_id']);
    const prefixes = [...cidrs, ...lists.flatMap((list) => list.cidrs)].flatMap((cidr) => prefixOf(cidr) ?? []);
    const hidden = names.find((name) => textAt(resource, [...block, name]) === undefined);
    const unknown = hidden === undefined ? lists.find((list) => list.unknown)?.unknown : `${resource.address}: the ${hidden} of a route is not known`;
    const nothing = names.length === 0 && lists.length === 0 ? `${resource.address}: the destination of a route is not in the plan` : undefined;
    const reason = unknown ?? nothing;
    const guessed = lists.length === 0 ? undefined : LISTS_GIVE_WAY;
    const destination = cidrs[0] ?? lists[0]?.service ?? lists[0]?.address ?? '?';
    return targetsOf(resource, block).map((target) => ({ address: resource.address, destination, prefixes, target, ...(reason === undefined ? {} : { unknown: reason }), ...(guessed === undefined ? {} : { guessed, givesWay: true }), ...(target.perhaps === undefined ? {} : { possible: target.perhaps }) }));
  }

  private readGatewayEndpoints(graph: ResourceGraph): void {
    const serviceOf = (endpoint: Resource) => textAt(endpoint, 'service_name')?.split('.').at(-1);
    const former = new FormerParts(graph, ['aws_vpc_endpoint_route_table_association'], 'vpc_endpoint_id');
    const doubt = (endpoint: Resource) => void this.possibleServices.add(serviceOf(endpoint) ?? '');
    const add = (table: Resource, endpoint: Resource): void => {
      const service = serviceOf(endpoint);
      if (service !== undefined) this.services.set(table, (this.services.get(table) ?? new Set()).add(service));
    };
    for (const endpoint of graph.ofType('aws_vpc_endpoint')) {
      if ((textAt(endpoint, 'vpc_endpoint_type') ?? 'Gateway') !== 'Gateway' || !isSet(endpoint, 'route_table_ids')) continue;
      const tables = endpoint.references('route_table_ids', { types: TABLES });
      // What the plan takes away is in the endpoint's list until the next refresh.
      const left = former.keysOf(endpoint, (part) => textIn(part, 'route_table_id'));
      if (tables.exact) tables.targets.filter((table) => !left.has(textAt(table, 'id') ?? '')).forEach((table) => add(table, endpoint));
      else doubt(endpoint);
    }
    for (const association of graph.ofType('aws_vpc_endpoint_route_table_association')) {
      const tables = association.references('route_table_id', { types: TABLES });
      const endpoints = association.references('vpc_endpoint_id', { types: ['aws_vpc_endpoint'] });
      if (!tables.exact || !endpoints.exact) endpoints.targets.forEach(doubt);
      if (tables.exact && endpoints.exact) tables.targets.forEach((table) => endpoints.targets.forEach((endpoint) => add(table, endpoint)));
    }
  }
}

/** Of a route in any form. A table has one to a destination. */
function destinationIn(route: Json | undefined): string | undefined {
  return isObject(route) ? textsIn(route, ...DESTINATIONS, 'destination_prefix_list_id')[0] : undefined;
}

/**
 * "If your route table contains a static route with a destination CIDR block that overlaps a static route with a prefix list,
 * the static route with the CIDR block takes priority." Whether that holds where the list names the longer prefix is not said.
 * https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
 */
const LISTS_GIVE_WAY = 'a route to addresses goes before one to a prefix list with the same addresses';

/** Where routes are written in the table itself, the next apply takes away what others have added: that they take packets from those is not certain. */
function lasting(table: Resource, routes: readonly AwsRoute[]): readonly AwsRoute[] {
  if (routes.length === 0 || !table.isConfigured(['route'])) return routes;
  return routes.map((route) => ({ ...route, guessed: route.guessed ?? `${route.address} stands beside the routes of ${table.address}, which take it away` }));
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html */
function defaultVpcRoute(address: string): AwsRoute {
  const all = prefixOf('0.0.0.0/0');
  return {
    address,
    destination: '0.0.0.0/0',
    prefixes: all ? [all] : [],
    target: { kind: 'internet-gateway', resources: { likely: [], others: [] }, text: 'the default internet gateway' },
  };
}
