/** Routes, rules, entries, groups, tables and addresses that a plan adds to tables, groups, ACLs, lists, interfaces, networks and machines which it does not show: no verdict speaks of whoever uses them. */
import { INTERNET, type Family } from '../../model/addresses';
import { aclEgress, entryText, entryTraffic, type AwsAcl } from '../../model/aws/acls';
import { corePolicyOf } from '../../model/aws/core-policies';
import { isWorldly, leaves, leavingRoutes, ruleText } from '../../model/aws/facts';
import { groupEgress, namedTraffic, type AwsGroup } from '../../model/aws/groups';
import type { AwsModel } from '../../model/aws/model';
import { rangesIn } from '../../model/aws/prefix-lists';
import { flagAt, isSet, textAt } from '../../model/aws/read';
import { addresses } from '../../model/aws/workloads';
import type { AwsRoute } from '../../model/aws/route-tables';
import { intersect, unionOf } from '../../model/ranges';
import { both, either, everythingTo, type Traffic } from '../../model/traffic';
import type { PathLike, Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'way-out-elsewhere',
  title: 'way out for a network that is not in the plan',
  severity: 'high',
  why: 'Whatever stands in that network gets the way, and no plan shows what that is: its verdicts stay as they were.',
  fix: 'Make the change where the table, the group, the ACL or the subnet is made, or read them as data sources and review the state of that network, too.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html', 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html', 'https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html'],
  comparable: [],
  *run({ model }) {
    for (const route of model.foreign.routes) {
      if (leaves(route, NO_TABLE)) yield hitOf(route.address, `${route.address} leads ${route.destination} to ${route.target.text}, in a table that is not in the plan`, route);
    }
    for (const association of model.graph.ofType('aws_route_table_association')) {
      if (!isSet(association, 'subnet_id') || association.references('subnet_id', { types: SUBNETS }).targets.length > 0) continue;
      for (const target of association.references('route_table_id', { types: ['aws_route_table', 'aws_default_route_table'] }).targets) {
        const [route] = leavingRoutes(model.find.table(target));
        if (route) yield hitOf(association.address, `${association.address} gives ${textAt(association, 'subnet_id') ?? 'a subnet'}, which is not in the plan, a table that leads ${route.destination} to ${route.target.text}`, route);
      }
    }
    for (const association of model.graph.ofType('aws_main_route_table_association')) {
      if (association.references('vpc_id', { types: NETWORKS }).targets.some(({ mode }) => mode === 'managed')) continue;
      for (const target of association.references('route_table_id', { types: ['aws_route_table', 'aws_default_route_table'] }).targets) {
        const [route] = leavingRoutes(model.find.table(target));
        if (route) yield hitOf(association.address, `${association.address} gives every subnet of ${textAt(association, 'vpc_id') ?? 'a network'}, which is not in the plan, a table that leads ${route.destination} to ${route.target.text} unless it has its own`, route);
      }
    }
    for (const [address, attribute] of addresses(model.graph)) {
      if (isOwned(address, attribute, [])) continue;
      yield { address: address.address, message: `${address.address} gives ${textAt(address, attribute) ?? 'something'}, which is not in the plan, a public address`, severity: 'medium' };
    }
    for (const rule of model.foreign.rules) {
      if (rule.direction !== 'egress') continue;
      if (isWide((family) => namedTraffic(rule, family, INTERNET[family])) || rule.unknown !== undefined) yield { address: rule.address, message: `${rule.address} allows ${ruleText(rule)}, in a group that is not in the plan`, severity: 'medium' };
    }
    for (const entry of model.foreign.entries) {
      if (entry.direction !== 'egress' || entry.action !== 'allow') continue;
      if (entry.unknown !== undefined || isWide((family) => both(entryTraffic(entry, family), everythingTo(family, INTERNET[family])))) {
        yield { address: entry.address, message: `${entry.address} allows ${entryText(entry)}, in an ACL that is not in the plan`, severity: 'medium' };
      }
    }
    for (const [resource, path, acls] of attachedAcls(model.graph)) {
      if (resource.references(path, { types: SUBNETS }).targets.length > 0) continue;
      const open = acls.flatMap((target) => model.find.acl(target) ?? []).some((acl) => isWide((family) => letOut(acl, family)));
      if (open) yield { address: resource.address, message: `${resource.address} gives ${textAt(resource, path) ?? 'a subnet'}, which is not in the plan, an ACL that lets out to the internet`, severity: 'medium' };
    }
    yield* adopted(model);
    yield* addedToLists(model);
    yield* attachedGroups(model);
    yield* transitRoutes(model);
    yield* coreRoutes(model);
    yield* byFirewallManager(model);
  },
};

/**
 * What Firewall Manager does to networks and machines of an organization, by kind of its policies. The others look on, or take rules away.
 * https://docs.aws.amazon.com/waf/latest/developerguide/working-with-policies.html
 */
const MANAGED: Readonly<Record<string, string>> = {
  SECURITY_GROUPS_COMMON: 'gives groups to what stands in networks of the organization',
  NETWORK_ACL_COMMON: 'puts entries before and behind those of ACLs of the organization',
  NETWORK_FIREWALL: 'makes firewalls, and changes routes, in networks of the organization',
  IMPORT_NETWORK_FIREWALL: 'takes over firewalls of the organization',
  THIRD_PARTY_FIREWALL: 'makes firewalls of another vendor, and changes routes, in networks of the organization',
  DNS_FIREWALL: 'puts DNS rules before and behind those of networks of the organization',
};

function* byFirewallManager({ graph, groups }: AwsModel): Iterable<Hit> {
  for (const policy of graph.ofType('aws_fms_policy')) {
    const data = ['security_service_policy_data', 0];
    const what = MANAGED[textAt(policy, [...data, 'type']) ?? ''];
    // Without remediation it only says what it would do.
    if (what === undefined || (flagAt(policy, 'remediation_enabled') !== true && policy.unknownAt('remediation_enabled') === undefined)) continue;
    const given = policy.references([...data, 'managed_service_data'], { types: ['aws_security_group'] }).targets;
    const isHarmless = given.length > 0 && given.every((target) => groups.some((group) => group.resource === target && !isWide((family) => leftBy(group, family))));
    if (!isHarmless) yield { address: policy.address, message: `${policy.address} has Firewall Manager remediate: it ${what}, and no plan shows which`, severity: 'medium', confidence: 'possible' };
  }
}

/** What a network has from its beginning, and what holds there for all that names no other. */
function* adopted({ graph, find, groups }: AwsModel): Iterable<Hit> {
  // Once it exists, what is adopted has that very id itself, and the network has it under the same name.
  const isAdopted = (each: Resource, path: string) => NETWORKS.some((network) => graph.ofType(network).some((owner) => owner.valueAt(path) !== undefined && owner.valueAt(path) === each.valueAt(path)));
  const elsewhere = (type: string, path: string) => graph.ofType(type).filter((each) => !isSet(each, path) || !(isOwned(each, path, NETWORKS) || isAdopted(each, path)));
  for (const table of elsewhere('aws_default_route_table', 'default_route_table_id')) {
    const [route] = leavingRoutes(find.table(table));
    if (route) yield hitOf(table.address, `${table.address} leads ${route.destination} to ${route.target.text}, for every subnet without a table in a network that is not in the plan`, route);
  }
  const defaults = new Set(elsewhere('aws_default_security_group', 'vpc_id'));
  for (const group of defaults.size === 0 ? [] : groups) {
    const { address, resource } = group;
    if (resource && defaults.has(resource) && isWide((family) => leftBy(group, family))) yield { address, message: `${address} lets out to the internet what names no group, in a network that is not in the plan`, severity: 'medium' };
  }
  for (const resource of elsewhere('aws_default_network_acl', 'default_network_acl_id')) {
    const acl = find.acl(resource);
    if (acl && isWide((family) => letOut(acl, family))) yield { address: resource.address, message: `${resource.address} lets out to the internet every subnet without an ACL, in a network that is not in the plan`, severity: 'medium' };
  }
}

/** Whatever names the list opens with it. */
function* addedToLists({ graph }: AwsModel): Iterable<Hit> {
  for (const entry of graph.ofType('aws_ec2_managed_prefix_list_entry')) {
    if (isOwned(entry, 'prefix_list_id', ['aws_ec2_managed_prefix_list'])) continue;
    const cidr = textAt(entry, 'cidr');
    if (isWorldwide(cidr)) yield { address: entry.address, message: `${entry.address} adds ${cidr ?? 'addresses that are not known'} to a prefix list that is not in the plan`, severity: 'medium' };
  }
}

function* attachedGroups({ graph, groups }: AwsModel): Iterable<Hit> {
  const attachments = graph.ofType('aws_network_interface_sg_attachment').filter((each) => !isOwned(each, 'network_interface_id', []));
  if (attachments.length === 0) return;
  const byResource = new Map(groups.map((group) => [group.resource, group]));
  for (const attachment of attachments) {
    const targets = attachment.references('security_group_id', { types: ['aws_security_group', 'aws_default_security_group'] }).targets;
    const open = targets.flatMap((target) => byResource.get(target) ?? []).find((group) => isWide((family) => leftBy(group, family)));
    if (open) yield { address: attachment.address, message: `${attachment.address} gives ${textAt(attachment, 'network_interface_id') ?? 'an interface'}, which is not in the plan, ${open.address}, which lets out to the internet`, severity: 'medium' };
  }
}

/** https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html */
function* transitRoutes({ graph }: AwsModel): Iterable<Hit> {
  for (const route of ['aws_ec2_transit_gateway_route', 'aws_ec2_transit_gateway_prefix_list_reference'].flatMap((type) => graph.ofType(type))) {
    const isList = isSet(route, 'prefix_list_id');
    const to = textAt(route, isList ? 'prefix_list_id' : 'destination_cidr_block');
    if (flagAt(route, 'blackhole') === true || isOwned(route, 'transit_gateway_route_table_id', ['aws_ec2_transit_gateway_route_table', 'aws_ec2_transit_gateway']) || (isList ? isNarrowList(route, graph) : !isWorldwide(to))) continue;
    yield { address: route.address, message: `${route.address} leads ${to ?? `a ${isList ? 'prefix list' : 'destination that is not known'}`} to ${textAt(route, 'transit_gateway_attachment_id') ?? 'an attachment'}, in a transit gateway's table that is not in the plan`, severity: 'medium' };
  }
}

/** Of private addresses alone, as far as the plan makes it. */
function isNarrowList(route: Resource, graph: ResourceGraph): boolean {
  const { targets, exact } = route.references('prefix_list_id', { types: ['aws_ec2_managed_prefix_list'] });
  return exact && targets.length > 0 && targets.every((list) => list.mode === 'managed' && list.unknownAt('entry') === undefined
    && [...list.elements('entry').map((path) => textAt(list, [...path, 'cidr'])), ...graph.referrers(list, ['aws_ec2_managed_prefix_list_entry']).map(({ resource }) => textAt(resource, 'cidr'))].every((cidr) => !isWorldwide(cidr)));
}

/** A policy is for all who are attached: of segments the plan has hardly any. https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policy-network-actions-routes.html */
function* coreRoutes({ graph }: AwsModel): Iterable<Hit> {
  for (const holder of graph.ofType('aws_networkmanager_core_network_policy_attachment')) {
    if (isOwned(holder, 'core_network_id', ['aws_networkmanager_core_network'])) continue;
    const { address } = holder;
    const policy = corePolicyOf(holder);
    if (typeof policy === 'string') yield { address, message: `${address} is for a core network that is not in the plan, and where it leads is not known`, severity: 'low', confidence: 'possible' };
    else {
      for (const { kind, segment, cidrs = [undefined], destinations, groups } of policy.actions) {
        const to = kind === 'send-to' ? ['0.0.0.0/0'] : kind === 'create-route' && !destinations.includes('blackhole') ? cidrs.filter(isWorldwide) : [];
        if (to.length > 0) yield { address, message: `${address} leads ${to[0] ?? 'a destination that is not known'} of segment ${segment} to ${kind === 'send-to' ? `network function group ${groups?.join(', ') ?? '?'}` : destinations[0] ?? 'an attachment'}, in a core network that is not in the plan`, severity: 'medium' };
      }
    }
  }
}

/** Whether something that the plan makes is named; without types: anything that it makes. */
function isOwned(resource: Resource, path: PathLike, types: readonly string[]): boolean {
  if (!isSet(resource, path)) return true;
  return resource.references(path, types.length > 0 ? { types } : {}).targets.some(({ mode }) => mode === 'managed');
}

/** What is not known may be. */
function isWorldwide(cidr: string | undefined): boolean {
  return cidr === undefined || isWide((family) => everythingTo(family, intersect(rangesIn([cidr], family), INTERNET[family])));
}

const SUBNETS = ['aws_subnet', 'aws_default_subnet'];
const NETWORKS = ['aws_vpc', 'aws_default_vpc'];

/** What names a subnet for an ACL, where, and which ACL. */
function* attachedAcls(graph: ResourceGraph): Iterable<readonly [Resource, PathLike, readonly Resource[]]> {
  for (const association of graph.ofType('aws_network_acl_association')) {
    if (isSet(association, 'subnet_id')) yield [association, 'subnet_id', association.references('network_acl_id', { types: ['aws_network_acl'] }).targets];
  }
  for (const acl of graph.ofType('aws_network_acl')) for (const path of acl.elements('subnet_ids')) yield [acl, path, [acl]];
}

function leftBy(group: AwsGroup, family: Family): Traffic {
  const { certain, doubtful } = groupEgress(group, family);
  return either(family, [certain, ...doubtful.map(({ traffic }) => traffic)]);
}

function letOut(acl: AwsAcl, family: Family): Traffic {
  const { certain, doubtful } = aclEgress(acl, family);
  return either(family, [certain, ...(doubtful ? [doubtful.traffic] : [])]);
}

function isWide(trafficOf: (family: Family) => Traffic): boolean {
  return ([4, 6] as const).some((family) => isWorldly(unionOf(trafficOf(family).boxes.map((box) => box.destinations)), family));
}

const NO_TABLE = { address: '', kind: 'own', routes: [], gatewayServices: new Set<string>(), possibleServices: new Set<string>(), heard: [] } as const;

/** A firewall or an appliance is a way that somebody watches, as far as anybody knows. */
function hitOf(address: string, message: string, { target }: AwsRoute): Hit {
  return { address, message, ...(target.kind === 'firewall' || target.kind === 'endpoint' ? { severity: 'low' as const } : {}) };
}
