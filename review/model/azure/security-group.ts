/**
 * Network security groups with their rules, written inside the group or beside it, and the rules
 * that Azure adds to each.
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { mayBelong, namedOwner } from './named-owner';
import { ReadBack } from './read-back';
import { allTexts, NOWHERE, numberAt, pointsTo, text, texts, under, unknownBlocks, type Pointed, type Texts } from './read';

export type Direction = 'Inbound' | 'Outbound';

export interface SecurityRule {
  /** The Terraform address of the rule, or of the group that it is written in. */
  readonly address: string;
  readonly name: string;
  /** The lowest that matches decides. A rule whose priority is not known stands first. */
  readonly priority: number;
  /** Undefined where the plan does not say. */
  readonly direction?: Direction;
  /** Undefined where the plan does not say. */
  readonly access?: 'Allow' | 'Deny';
  /** Lower case; `*` is every one. Undefined where the plan does not say. */
  readonly protocol?: string;
  readonly sources: Texts;
  readonly destinations: Texts;
  readonly sourcePorts: Texts;
  readonly ports: Texts;
  /** Application security groups: interfaces by membership. */
  readonly sourceGroups: Pointed;
  readonly destinationGroups: Pointed;
  /** Why it may not be there, or not be as it is written. */
  readonly doubt?: string;
  readonly builtIn: boolean;
}

/** What decides together. */
export interface Rules {
  readonly address: string;
  /** By priority, the built-in ones last. */
  readonly rules: readonly SecurityRule[];
  /** Why there may be rules that are not listed. */
  readonly unknown?: string;
}

export interface SecurityGroup extends Rules {
  readonly resource: Resource;
}

const APPLICATION_GROUP = 'azurerm_application_security_group';

export interface SecurityGroups {
  /** Every group of a plan. */
  readonly groups: ReadonlyMap<Resource, SecurityGroup>;
  /** Rules of groups that are not in the plan. */
  readonly foreign: readonly SecurityRule[];
}

export function securityGroups(graph: ResourceGraph): SecurityGroups {
  const beside = new Map<Resource, SecurityRule[]>();
  const foreign: SecurityRule[] = [];
  const readBack = new ReadBack(graph, { block: 'security_rule', type: 'azurerm_network_security_rule', owner: 'network_security_group_name' });
  for (const rule of graph.ofType('azurerm_network_security_rule')) {
    const groups = namedOwner(rule, 'network_security_group_name', 'azurerm_network_security_group');
    const several = groups.exact ? undefined : mayBelong(rule, groups, 'security groups');
    const doubt = several ?? (rule.repeated ? `how often ${rule.address} is there, only a plan knows` : undefined);
    const read = ruleAt(rule, [], rule.address, doubt);
    if (groups.isSet && groups.targets.length === 0) foreign.push(read);
    for (const group of groups.targets) {
      if (groups.exact) readBack.note(group, rule);
      const known = beside.get(group);
      if (known) known.push(read);
      else beside.set(group, [read]);
    }
  }
  const groups = new Map(graph.ofType('azurerm_network_security_group').map((resource) => {
    const inside = resource.elements('security_rule').filter((path) => !readBack.holds(resource, path)).map((path) => ruleAt(resource, path, resource.address, undefined));
    const unknown = unknownBlocks(resource, 'security_rule');
    const own = [...inside, ...(beside.get(resource) ?? [])].sort((a, b) => a.priority - b.priority);
    return [resource, { resource, address: resource.address, rules: [...own, ...builtIn(resource.address)], ...(unknown === undefined ? {} : { unknown }) }];
  }));
  return { groups, foreign };
}

/** The rules that people wrote. */
export function ownRules(group: SecurityGroup, direction?: Direction): readonly SecurityRule[] {
  return group.rules.filter((rule) => !rule.builtIn && (direction === undefined || rule.direction === undefined || rule.direction === direction));
}

function ruleAt(resource: Resource, at: AttributePath, address: string, doubt: string | undefined): SecurityRule {
  const both = (one: string) => allTexts([texts(resource, under(at, one)), texts(resource, under(at, `${one}${one.endsWith('x') ? 'es' : 's'}`))]);
  const access = text(resource, under(at, 'access'))?.toLowerCase();
  const direction = text(resource, under(at, 'direction'))?.toLowerCase();
  const protocol = text(resource, under(at, 'protocol'))?.toLowerCase();
  const priority = numberAt(resource, under(at, 'priority'));
  // A deny that may come after everything takes nothing away.
  const order = priority === undefined ? `the priority of a rule of ${resource.address} is not known` : undefined;
  const reason = doubt ?? order;
  const members = (side: string) => {
    const path = under(at, `${side}_application_security_group_ids`);
    const value = resource.valueAt(path);
    return (value === null || value === undefined) && resource.unknownAt(path) === undefined ? NOWHERE : pointsTo(resource, path, APPLICATION_GROUP);
  };
  return {
    address,
    name: text(resource, under(at, 'name')) ?? address,
    priority: priority ?? 0,
    ...(direction === 'inbound' || direction === 'outbound' ? { direction: direction === 'inbound' ? 'Inbound' : 'Outbound' } : {}),
    ...(access === 'allow' || access === 'deny' ? { access: access === 'allow' ? 'Allow' : 'Deny' } : {}),
    ...(protocol === undefined ? {} : { protocol }),
    sources: both('source_address_prefix'),
    destinations: both('destination_address_prefix'),
    sourcePorts: both('source_port_range'),
    ports: both('destination_port_range'),
    sourceGroups: members('source'),
    destinationGroups: members('destination'),
    ...(reason === undefined ? {} : { doubt: reason }),
    builtIn: false,
  };
}

/** https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules */
function builtIn(address: string): readonly SecurityRule[] {
  const rule = (name: string, priority: number, direction: Direction, access: 'Allow' | 'Deny', source: string, destination: string): SecurityRule => ({
    address, name, priority, direction, access, protocol: '*',
    sources: { items: [source] }, destinations: { items: [destination] }, sourcePorts: { items: ['*'] }, ports: { items: ['*'] },
    sourceGroups: NOWHERE, destinationGroups: NOWHERE, builtIn: true,
  });
  return [
    rule('AllowVnetInBound', 65000, 'Inbound', 'Allow', 'VirtualNetwork', 'VirtualNetwork'),
    rule('AllowVnetOutBound', 65000, 'Outbound', 'Allow', 'VirtualNetwork', 'VirtualNetwork'),
    rule('AllowAzureLoadBalancerInBound', 65001, 'Inbound', 'Allow', 'AzureLoadBalancer', '*'),
    rule('AllowInternetOutBound', 65001, 'Outbound', 'Allow', '*', 'Internet'),
    rule('DenyAllInBound', 65500, 'Inbound', 'Deny', '*', '*'),
    rule('DenyAllOutBound', 65500, 'Outbound', 'Deny', '*', '*'),
  ];
}
