/**
 * Which places reach which private endpoints: an interface endpoint through the groups and ACLs of
 * both sides, a gateway endpoint by the route that it adds to a table.
 *
 * What the plan leaves open counts as reached, and so do replies: no ACL is asked whether it lets them
 * back. https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
 */
import { groupBy } from '../group-by';
import { privateServices, type EndpointClass, type PrivateEndpoint, type PrivateServices } from './private-services';
import type { Traffic } from '../model/traffic';
import { aclEgress } from '../model/aws/acls';
import { calls, filtersOf, type EndpointFilters } from '../model/aws/endpoint-callers';
import { EndpointConnections } from '../model/aws/endpoint-connections';
import { isWorldly } from '../model/aws/facts';
import type { AwsEndpoint } from '../model/aws/gateways';
import { groupEgress } from '../model/aws/groups';
import type { AwsModel } from '../model/aws/model';
import type { AwsPlace } from '../model/aws/places';
import { everyOf } from '../model/aws/read';
import { servedBy } from '../model/aws/served-by';

/** Endpoints of one network with the same subnets and groups, or with the same service and tables. */
interface AwsEndpointClass extends EndpointClass, EndpointFilters {}

export function awsPrivateServices(model: AwsModel): PrivateServices {
  const numbers = new Map<object, number>();
  const number = (thing: object): number => numbers.get(thing) ?? numbers.set(thing, numbers.size).size - 1;
  const classes = classesOf(model, number);
  const byNetwork = groupBy(classes, ({ sample }) => sample.network);
  const connected = new EndpointConnections(model.find, classes);
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
  return [...groupBy(services, alike).values()].map((endpoints): AwsEndpointClass => ({ endpoints: endpoints.map(drawn), ...filtersOf(endpoints[0] as AwsEndpoint, (network) => model.find.defaultGroup(network)) }));
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
