/** The AWS network of a plan, as the checks see it. */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { Acls, type AwsAcl, type AwsAclEntry } from './acls';
import { dnsControlsOf, type DnsControls } from './dns-firewall';
import { Firewalls, type AwsFirewall, type AwsFirewallPolicy } from './firewalls';
import { Gateways, type AwsEndpoint, type AwsNat } from './gateways';
import { Groups, type AwsGroup, type AwsGroupRule } from './groups';
import { Networks, type AwsNetwork } from './networks';
import { placesOf, type AwsPlace } from './places';
import { PrefixLists } from './prefix-lists';
import { PublicAccessBlocks } from './public-access';
import { RouteTables, type AwsRoute, type AwsRouteTable } from './route-tables';
import { Router } from './router';
import { Subnets, type AwsSubnet } from './subnets';
import { Transits, type AwsTransit } from './transit';
import { Workloads, type AwsWorkload } from './workloads';

export interface AwsModel {
  readonly cloud: 'aws';
  readonly graph: ResourceGraph;
  readonly places: readonly AwsPlace[];
  /** Those that the plan makes or adopts. */
  readonly networks: readonly AwsNetwork[];
  readonly subnets: readonly AwsSubnet[];
  readonly tables: readonly AwsRouteTable[];
  readonly groups: readonly AwsGroup[];
  /** What the plan adds to tables, groups and ACLs that are not in it. */
  readonly foreign: { readonly routes: readonly AwsRoute[]; readonly rules: readonly AwsGroupRule[]; readonly entries: readonly AwsAclEntry[] };
  readonly acls: readonly AwsAcl[];
  readonly firewalls: readonly AwsFirewall[];
  readonly policies: readonly AwsFirewallPolicy[];
  readonly nats: readonly AwsNat[];
  readonly endpoints: readonly AwsEndpoint[];
  readonly transits: readonly AwsTransit[];
  readonly dns: DnsControls;
  readonly workloads: readonly AwsWorkload[];
  /** From the resource that something refers to. */
  readonly find: {
    network(resource: Resource): AwsNetwork | undefined;
    acl(resource: Resource): AwsAcl | undefined;
    subnet(resource: Resource): AwsSubnet | undefined;
    firewall(resource: Resource): AwsFirewall | undefined;
    nat(resource: Resource): AwsNat | undefined;
    table(resource: Resource): AwsRouteTable | undefined;
    /** Also a core network. */
    transit(resource: Resource): AwsTransit | undefined;
    defaultGroup(network: AwsNetwork): AwsGroup;
    defaultAcl(network: AwsNetwork): AwsAcl;
  };
}

/** Reads a plan's AWS resources. Never throws: what a plan lacks is unknown. */
export function buildAwsModel(graph: ResourceGraph): AwsModel {
  const networks = new Networks(graph);
  const lists = new PrefixLists(graph);
  const groups = new Groups(graph, networks, lists);
  const acls = new Acls(graph, networks);
  const tables = new RouteTables(graph, networks, lists);
  const subnets = new Subnets(graph, networks, tables, acls);
  const firewalls = new Firewalls(graph, networks, subnets, lists);
  const gateways = new Gateways(graph, networks, subnets, tables, groups);
  const transits = new Transits(graph, networks, subnets, lists);
  const workloads = new Workloads(graph, networks, subnets, groups);
  const router = new Router(firewalls, gateways, transits, new PublicAccessBlocks(graph, networks));
  return {
    cloud: 'aws',
    graph,
    places: placesOf({ graph, router, networks, subnets, groups, workloads, firewalls, gateways, transits }),
    networks: networks.all,
    subnets: subnets.all,
    tables: tables.all,
    groups: groups.all,
    foreign: { routes: tables.foreign, rules: groups.foreign, entries: acls.foreign },
    acls: acls.all,
    firewalls: firewalls.all,
    policies: firewalls.policies,
    nats: gateways.nats,
    endpoints: gateways.endpoints,
    transits: transits.all,
    dns: dnsControlsOf(graph, networks),
    workloads: workloads.all,
    find: {
      network: (resource) => networks.of(resource),
      acl: (resource) => acls.of(resource),
      subnet: (resource) => subnets.of(resource),
      firewall: (resource) => firewalls.of(resource),
      nat: (resource) => gateways.nat(resource),
      table: (resource) => tables.of(resource),
      transit: (resource) => transits.of(resource),
      defaultGroup: (network) => groups.defaultOf(network),
      defaultAcl: (network) => acls.defaultOf(network),
    },
  };
}
