/** Which subnets a firewall inspects, and where what it lets through goes next. */
import { groupBy } from '../../group-by';
import type { AwsFirewall } from './firewalls';
import { leavingRoutes, tableOf } from './facts';
import type { AwsModel } from './model';
import { onlyOf } from './read';
import type { AwsSubnet } from './subnets';

export interface Inspection {
  /** Whose table leads outwards to the firewall. */
  readonly subnet: AwsSubnet;
  readonly firewall: AwsFirewall;
  /** The subnet of the endpoint that is meant. */
  readonly endpoint: AwsSubnet;
  /** The subnet of the NAT gateway behind it, where there is one. */
  readonly nat?: AwsSubnet;
  /** The internet gateway behind it, where there is no NAT gateway. */
  readonly gateway?: string;
}

const kept = new WeakMap<AwsModel, readonly Inspection[]>();

export function inspectionsOf(model: AwsModel): readonly Inspection[] {
  let found = kept.get(model);
  if (!found) kept.set(model, (found = compute(model)));
  return found;
}

const keptBySubnet = new WeakMap<AwsModel, ReadonlyMap<AwsSubnet, readonly Inspection[]>>();

export function inspectionsAt(model: AwsModel, subnet: AwsSubnet): readonly Inspection[] {
  let found = keptBySubnet.get(model);
  if (!found) keptBySubnet.set(model, (found = groupBy(inspectionsOf(model), (each) => each.subnet)));
  return found.get(subnet) ?? [];
}

function compute(model: AwsModel): readonly Inspection[] {
  return model.subnets.flatMap((subnet) => leavingRoutes(tableOf(subnet)).flatMap((route) => {
    if (route.target.kind !== 'firewall') return [];
    return route.target.resources.likely.flatMap((resource) => {
      const firewall = model.find.firewall(resource);
      if (!firewall || firewall.subnetsUnknown !== undefined || firewall.network !== subnet.network) return [];
      const zone = route.target.zone ?? subnet.zone;
      const same = firewall.subnets.filter((each) => each.zone !== undefined && each.zone === zone);
      const endpoints = same.length > 0 ? same : firewall.subnets.length === 1 ? firewall.subnets : [];
      return endpoints.map((endpoint): Inspection => ({ subnet, firewall, endpoint, ...behind(model, endpoint) }));
    });
  }));
}

function behind(model: AwsModel, endpoint: AwsSubnet): Pick<Inspection, 'nat' | 'gateway'> {
  const routes = leavingRoutes(tableOf(endpoint));
  for (const route of routes) {
    const resource = onlyOf(route.target.resources);
    const nat = resource && route.target.kind === 'nat' ? model.find.nat(resource) : undefined;
    const subnet = nat && onlyOf(nat.subnet);
    if (subnet) return { nat: subnet };
  }
  const gateway = routes.find((route) => route.target.kind === 'internet-gateway');
  return gateway ? { gateway: gateway.target.text } : {};
}
