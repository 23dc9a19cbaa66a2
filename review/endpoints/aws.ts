/**
 * Which places reach which private endpoints: an interface endpoint through the groups and ACLs of
 * both sides, a gateway endpoint by the route that it adds to a table.
 *
 * What the plan leaves open counts as reached, and so do replies: no ACL is asked whether it lets them
 * back. https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
 */
import { groupBy } from '../group-by';
import { EVERYWHERE, type Family } from '../model/addresses';
import { privateServices, type EndpointClass, type PrivateEndpoint, type PrivateServices } from './private-services';
import { intersect, isEmpty, NOTHING, rangesOf, unionOf, type Ranges } from '../model/ranges';
import { ALL_PORTS, both, except, traffic, type Traffic } from '../model/traffic';
import type { Resource } from '../plan/resource-graph';
import { aclEgress, decidedBy, entryTraffic, type AwsAcl } from '../model/aws/acls';
import { isWorldly } from '../model/aws/facts';
import type { AwsEndpoint } from '../model/aws/gateways';
import { groupEgress, namedTraffic, type AwsGroup, type AwsGroupRule } from '../model/aws/groups';
import type { AwsModel } from '../model/aws/model';
import type { AwsNetwork } from '../model/aws/networks';
import type { AwsPlace } from '../model/aws/places';
import { NETWORK_ASSOCIATION } from '../model/aws/lattice';
import { ruleTraffic } from '../model/aws/protocols';
import { everyOf, isSet } from '../model/aws/read';
import type { AwsRouteTable } from '../model/aws/route-tables';
import { servedBy } from '../model/aws/served-by';
import type { AwsSubnet } from '../model/aws/subnets';

/** Endpoints of one network with the same subnets and groups, or with the same service and tables. */
interface AwsEndpointClass extends EndpointClass {
  readonly sample: AwsEndpoint;
  /** Where its interfaces may be; of a gateway, nothing. */
  readonly addresses: Readonly<Record<Family, Ranges>>;
  readonly groups: readonly AwsGroup[];
  /** False when it may have groups that the plan does not name. */
  readonly groupsKnown: boolean;
}

export function awsPrivateServices(model: AwsModel): PrivateServices {
  const numbers = new Map<object, number>();
  const number = (thing: object): number => numbers.get(thing) ?? numbers.set(thing, numbers.size).size - 1;
  const classes = classesOf(model, number);
  const byNetwork = groupBy(classes, ({ sample }) => sample.network);
  const connected = new Connections(model, classes);
  return privateServices<AwsPlace, AwsEndpointClass>({
    classes,
    callerOf: (place) => place.subnet && [place.subnet, ...place.groups].map(number).join(' ') + (place.workload?.groups.unknown === undefined ? '' : ' ?'),
    near: ({ subnet }) => (subnet?.network ? [...(byNetwork.get(subnet.network) ?? []), ...(byNetwork.get(undefined) ?? []), ...connected.from(subnet)] : []),
    reaches: (place, endpoints) => (endpoints.sample.kind === 'gateway' ? routesTo(place, endpoints.sample) : calls(place, endpoints)),
  });
}

function classesOf(model: AwsModel, number: (thing: object) => number): readonly AwsEndpointClass[] {
  // One of a load balancer for appliances is a hop of routes and no service.
  const services = model.endpoints.filter(({ kind }) => kind !== 'gateway-load-balancer');
  const alike = ({ kind, network, service, subnets, groups, namesGroups, tables }: AwsEndpoint) => JSON.stringify([
    kind, network ? number(network) : -1, everyOf(subnets).map(number), everyOf(groups).map(number), namesGroups, groups.unknown !== undefined,
    ...(kind === 'gateway' ? [service, tables.map(number)] : []),
  ]);
  return [...groupBy(services, alike).values()].map((endpoints): AwsEndpointClass => {
    const sample = endpoints[0] as AwsEndpoint;
    const { network, subnets, groups, namesGroups, kind } = sample;
    const known = everyOf(subnets);
    const within = (family: Family): Ranges => {
      if (kind === 'gateway') return NOTHING;
      // https://docs.aws.amazon.com/vpc-lattice/latest/ug/how-it-works.html
      if (sample.resource.type === NETWORK_ASSOCIATION) return EVERYWHERE[family];
      const isTold = known.length > 0 && known.every(({ ranges }) => ranges[family] !== undefined);
      return isTold ? unionOf(known.map(({ ranges }) => ranges[family] as Ranges)) : network?.ranges[family] ?? EVERYWHERE[family];
    };
    const applied = namesGroups || !network ? everyOf(groups) : [model.find.defaultGroup(network)];
    return {
      endpoints: endpoints.map(drawn),
      sample,
      addresses: { 4: within(4), 6: within(6) },
      groups: applied,
      groupsKnown: groups.unknown === undefined && applied.length > 0,
    };
  });
}

function drawn(endpoint: AwsEndpoint): PrivateEndpoint {
  const { address, service, kind, network, resource, lattice, stranger } = endpoint;
  // Of what another party shares the label tells whose it is; what the plan makes goes by the endpoint's own name.
  const label = service ?? stranger ?? (lattice?.names.length === 0 ? lattice.foreign : undefined) ?? resource.name;
  return { address, label: kind === 'gateway' ? `${label} gateway` : label, kind: 'endpoint', serves: servedBy(endpoint), ...(network ? { network: network.address } : {}) };
}

/** By a route of the place's table, if its groups and ACL let anything out to the service's public addresses. */
function routesTo({ subnet, groups, workload }: AwsPlace, { service, tables }: AwsEndpoint): boolean {
  if (!subnet) return false;
  const { tables: own } = subnet;
  const isRouted = own.unknown !== undefined || everyOf(own).some((table) => tables.includes(table) || (service !== undefined && table.gatewayServices.has(service)));
  const passesGroups = groups.length === 0 || workload?.groups.unknown !== undefined || groups.some((group) => {
    const { certain, services, doubtful } = groupEgress(group, 4);
    return services.some((each) => each.service === service) || doubtful.length > 0 || isWide(certain);
  });
  return isRouted && passesGroups && (subnet.acls.length === 0 || subnet.acls.some((acl) => {
    const { certain, doubtful } = aclEgress(acl, 4);
    return isWide(certain) || doubtful !== undefined;
  }));
}

/** The addresses of a service are in no plan: what lets out to much of the internet is taken to let out to them. */
function isWide({ boxes }: Traffic): boolean {
  return boxes.some(({ protocol, destinations }) => protocol === 'tcp' && isWorldly(destinations, 4));
}

/** Some tcp port that all of both sides' filters let through. */
function calls(place: AwsPlace, endpoints: AwsEndpointClass): boolean {
  const { subnet, groups, workload } = place;
  if (!subnet) return false;
  const interfaces = everyOf(endpoints.sample.subnets);
  return ([4, 6] as const).some((family) => {
    const to = endpoints.addresses[family];
    const from = subnet.ranges[family] ?? subnet.network?.ranges[family] ?? EVERYWHERE[family];
    if (isEmpty(to) || isEmpty(from)) return false;
    let open: Ranges = ALL_PORTS;
    const narrow = (ports: Ranges) => (open = intersect(open, ports));
    const isCallerKnown = workload?.groups.unknown === undefined;
    if (groups.length > 0 && isCallerKnown) narrow(groupPorts(groups, 'egress', family, to, endpoints.groupsKnown ? endpoints.groups : undefined));
    if (endpoints.groupsKnown) narrow(groupPorts(endpoints.groups, 'ingress', family, from, isCallerKnown ? groups : undefined));
    // Inside of one subnet no ACL is passed.
    if (!interfaces.includes(subnet)) {
      narrow(aclPorts(subnet.acls, 'egress', family, to));
      if (interfaces.length > 0) narrow(unionOf(interfaces.map(({ acls }) => aclPorts(acls, 'ingress', family, from))));
    }
    return !isEmpty(open);
  });
}

/** Tcp ports that some of the groups opens to, or for, the addresses or groups of the other side; undefined: any group. */
function groupPorts(groups: readonly AwsGroup[], direction: AwsGroupRule['direction'], family: Family, others: Ranges, peers: readonly AwsGroup[] | undefined): Ranges {
  const names = peers && new Set(peers.map(({ address }) => address));
  return rangesOf(groups.flatMap(({ rules }) => rules.filter((rule) => rule.direction === direction).flatMap((rule) => {
    const isOther = rule.unknown !== undefined || rule.groupsUnknown === true || rule.groups.some((group) => !names || names.has(group));
    if (isOther) return tcpPorts(ruleTraffic(4, rule.protocol, rule.fromPort, rule.toPort, EVERYWHERE[4]));
    return tcpPorts(namedTraffic(rule, family, others));
  })));
}

/** Tcp ports that some of the ACLs, which the subnet may have, opens to or for some of the addresses. */
function aclPorts(acls: readonly AwsAcl[], direction: 'ingress' | 'egress', family: Family, others: Ranges): Ranges {
  return acls.length === 0 ? ALL_PORTS : unionOf(acls.map((acl) => portsThrough(acl, direction, family, others)));
}

const kept = new WeakMap<AwsAcl, Map<string, Ranges>>();

function portsThrough(acl: AwsAcl, direction: 'ingress' | 'egress', family: Family, others: Ranges): Ranges {
  if (acl.implicit || (acl.resource && isSet(acl.resource, direction) && acl.resource.unknownAt(direction) !== undefined)) return ALL_PORTS;
  let byQuestion = kept.get(acl);
  if (!byQuestion) kept.set(acl, (byQuestion = new Map()));
  const key = `${direction} ${family} ${others.join(';')}`;
  let ports = byQuestion.get(key);
  if (!ports) byQuestion.set(key, (ports = passed(acl, direction, family, others)));
  return ports;
}

/** The first entry that matches decides; one that is not known denies nothing and may allow. */
function passed(acl: AwsAcl, direction: 'ingress' | 'egress', family: Family, others: Ranges): Ranges {
  let left = traffic(family, [{ protocol: 'tcp', ports: ALL_PORTS, destinations: others }]);
  const open: Ranges[] = [];
  for (const entry of acl.entries) {
    if (entry.direction !== direction || left.boxes.length === 0) continue;
    const matched = both(left, entryTraffic(entry, family));
    if (entry.action === 'allow') open.push(tcpPorts(matched));
    if (entry.unknown === undefined) left = except(left, decidedBy(entry, matched));
  }
  return unionOf(open);
}

function tcpPorts({ boxes }: Traffic): Ranges {
  return rangesOf(boxes.filter(({ protocol, destinations }) => protocol === 'tcp' && !isEmpty(destinations)).flatMap(({ ports }) => ports));
}

/** Endpoints of other networks that the routes of a subnet lead to, over a peering, a transit gateway or a core network. */
class Connections {
  private readonly byTable = new Map<AwsRouteTable, readonly AwsEndpointClass[]>();
  private readonly byRoutes = new Map<string, readonly AwsEndpointClass[]>();
  private readonly networksOf = new Map<Resource, ReadonlySet<AwsNetwork>>();

  constructor(private readonly model: AwsModel, private readonly classes: readonly AwsEndpointClass[]) {}

  from(subnet: AwsSubnet): readonly AwsEndpointClass[] {
    const [only, ...more] = everyOf(subnet.tables);
    if (!only) return [];
    return more.length === 0 ? this.over(only) : [...new Set([only, ...more].flatMap((table) => this.over(table)))];
  }

  private over(table: AwsRouteTable): readonly AwsEndpointClass[] {
    let found = this.byTable.get(table);
    if (!found) this.byTable.set(table, (found = this.search(table)));
    return found;
  }

  private search(table: AwsRouteTable): readonly AwsEndpointClass[] {
    const routes = table.routes.filter(({ target }) => target.kind === 'peering' || target.kind === 'transit' || target.kind === 'core-network');
    if (routes.length === 0) return [];
    // A hub's spokes have the same few routes.
    const key = [table.network?.address ?? '', ...routes.map(({ destination, target }) => `${destination} ${target.text}`)].join('\n');
    let found = this.byRoutes.get(key);
    if (!found) {
      found = this.classes.filter(({ sample, addresses }) => sample.network !== undefined && sample.network !== table.network && routes.some((route) =>
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
      const attached = this.model.find.transit(resource)?.attachments.flatMap(({ network }) => network ?? []) ?? [];
      const peered = ['vpc_id', 'peer_vpc_id'].flatMap((name) => resource.references(name, { types: ['aws_vpc', 'aws_default_vpc'] }).targets.flatMap((target) => this.model.find.network(target) ?? []));
      this.networksOf.set(resource, (found = new Set([...attached, ...peered])));
    }
    return found;
  }
}
