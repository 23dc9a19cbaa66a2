/** Rules, routes and NAT gateways that a plan adds to groups, tables, firewalls and subnets which it does not show: no verdict speaks of whoever uses them. */
import type { AzureCheck, AzureContext } from './azure-check';
import { rulesOfNodes } from './node-rules';
import { blockOf, certainEnvironments } from './planned-environments';
import { wordsFor } from './policy-hosts';
import { segmentViews } from './reach';
import { elsewhere, firewallRulesElsewhere } from './rules-elsewhere';
import { internetOf, LISTED, reachesInternet, wideApplication, wideNetwork } from './wide-rules';
import { isEverything, isServiceTag, matchAddresses } from '../../model/azure/address-match';
import type { FirewallRule } from '../../model/azure/firewall-rules';
import { APPROVED_NAME, APPROVED_TAG, WORKSPACES } from '../../model/azure/managed-network';
import { adminRule } from '../../model/azure/network-manager';
import { text } from '../../model/azure/read';
import type { NextHopType } from '../../model/azure/route-table';
import type { SecurityRule } from '../../model/azure/security-group';
import { includes, isEmpty, size } from '../../model/ranges';
import type { Severity } from '../../result';

export const check: AzureCheck = {
  id: 'way-out-elsewhere',
  title: 'way out for a network that is not in the plan',
  severity: 'high',
  why: 'Whatever stands in that network gets the way, and no plan shows what that is: its verdicts stay as they were.',
  fix: 'Make the change where the group, the table, the firewall policy or the subnet is made, and review the state of that network, too.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview', 'https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview', 'https://learn.microsoft.com/azure/firewall-manager/rule-hierarchy'],
  comparable: [],
  *run(context) {
    const { model: { graph, foreign, subnets } } = context;
    const isForNodes = rulesOfNodes(context);
    const granted = grantedBy(context);
    const toldBySource = bySource(context);
    for (const { address, name, prefix, nextHop } of foreign.routes) {
      const severity = LEAVING[nextHop];
      if (severity === undefined || (prefix !== undefined && isEmpty(internetOf({ items: [prefix] })))) continue;
      yield { address, message: `route '${name}' leads ${prefix ?? 'a prefix that is not known'} to ${nextHop === 'unknown' ? 'a next hop that is not known' : nextHop}, in a route table that is not in the plan`, severity };
    }
    const attached = new Set(subnets.flatMap(({ natGateways }) => natGateways.by));
    for (const resource of elsewhere(graph, 'azurerm_subnet_nat_gateway_association', 'subnet_id', 'azurerm_subnet')) {
      // To a subnet that is written inside a network.
      if (attached.has(resource)) continue;
      yield { address: resource.address, message: `${text(resource, 'subnet_id') ?? 'a subnet'}, which is not in the plan, gets a NAT gateway` };
    }
    for (const rule of foreign.rules) {
      if (rule.access !== 'Deny' && isWide(rule)) yield { address: rule.address, message: `${wordsOf(rule)}, in a security group that is not in the plan`, severity: 'medium' };
    }
    for (const resource of elsewhere(graph, 'azurerm_network_manager_admin_rule', 'admin_rule_collection_id', 'azurerm_network_manager_admin_rule_collection')) {
      const { action, rule } = adminRule(resource);
      // An allow leaves the last word to the groups.
      if ((action === undefined || action === 'AlwaysAllow') && isWide(rule)) yield { address: resource.address, message: `${wordsOf(rule)} before any security group is asked, in a collection that is not in the plan` };
    }
    // https://learn.microsoft.com/azure/firewall/ip-groups
    for (const resource of elsewhere(graph, 'azurerm_ip_group_cidr', 'ip_group_id', 'azurerm_ip_group')) {
      const cidr = text(resource, 'cidr');
      const added = internetOf(cidr === undefined ? { items: ['*'] } : { items: [cidr] });
      if (!isEmpty(added)) yield { address: resource.address, message: `${cidr ?? 'a range that is not known'} is added to an IP group that is not in the plan: firewalls may let whoever is behind them call it`, severity: size(added) > LISTED ? 'medium' : 'low', confidence: 'possible' };
    }
    for (const resource of elsewhere(graph, APPROVED_NAME, 'workspace_id', ...WORKSPACES)) {
      const name = text(resource, 'destination_fqdn');
      if (name === undefined || !granted.has(name.toLowerCase())) yield { address: resource.address, message: `the managed network of a workspace that is not in the plan lets ${name ?? 'what is not known'} through`, severity: name === '*' ? 'high' : 'low' };
    }
    for (const resource of elsewhere(graph, APPROVED_TAG, 'workspace_id', ...WORKSPACES)) {
      yield { address: resource.address, message: `the managed network of a workspace that is not in the plan lets ${text(resource, 'service_tag') ?? 'a service tag that is not known'} through: every customer of the service`, severity: 'medium' };
    }
    for (const rule of firewallRulesElsewhere(graph)) {
      if (rule.layer === 'nat' || rule.action === 'Deny') continue;
      const wide = rule.layer === 'network' ? (reachesInternet(rule) ? wideNetwork(rule) : []) : wideApplication(rule, isForNodes(rule));
      if (wide.length > 0) yield { address: rule.address, message: `rule '${rule.name}' holds for ${wide.join(', ')}, in a firewall that is not in the plan` };
      // Whoever is behind that firewall gets what it lists.
      else if (leavesFor(rule) && rule.sources.items.some(isWideSource)) yield { address: rule.address, message: `rule '${rule.name}' holds for source ${rule.sources.items.filter(isWideSource).join(', ')}, in a firewall that is not in the plan`, severity: 'medium' };
      else if (leavesFor(rule) && toldBySource(rule) !== undefined) yield { address: rule.address, message: `rule '${rule.name}' ${toldBySource(rule) as string}, in a firewall that is not in the plan`, severity: 'medium' };
      // What it lists is an allowlist: only the policy can tell that it is meant.
      else if (leavesFor(rule) && !listOf(rule).every((host) => granted.has(host.toLowerCase()))) yield { address: rule.address, message: `rule '${rule.name}' lets ${listWords(listOf(rule))} through, in a firewall that is not in the plan`, severity: 'low' };
    }
  },
};

/** An appliance is a way that somebody watches, as far as anybody knows. */
const LEAVING: Readonly<Record<NextHopType, Severity | undefined>> = { Internet: 'high', unknown: 'high', VirtualNetworkGateway: 'medium', VirtualAppliance: 'low', VnetLocal: undefined, None: undefined };

function listOf({ fqdns, fqdnTags, urls, destinations }: FirewallRule): readonly string[] {
  return [...fqdns.items, ...fqdnTags.items.map((tag) => `tag:${tag}`), ...urls.items, ...destinations.items.map((address) => address.replace(/\/32$/, ''))];
}

function listWords(all: readonly string[]): string {
  return all.length === 0 ? 'what is not known' : all.slice(0, MOST_LISTED).join(', ') + (all.length > MOST_LISTED ? ` and ${all.length - MOST_LISTED} more` : '');
}

const MOST_LISTED = 5;

/** What is wrong with the source of a rule that this plan writes into the policy of a hub which the policy file names. */
function bySource(context: AzureContext): (rule: FirewallRule) => string | undefined {
  const { policy } = context;
  const hubs = new Set(certainEnvironments(context).flatMap(({ hub }) => hub?.policy?.toLowerCase() ?? []));
  if (!policy || hubs.size === 0) return () => undefined;
  const segments = segmentViews(context).map((view) => ({ segment: view.name.segment as string, block: blockOf(context, view.subnet) }));
  return (rule) => {
    const id = text(rule.resource, 'firewall_policy_id')?.toLowerCase();
    if (segments.length === 0 || id === undefined) return undefined;
    if (!hubs.has(id)) return `is written into ${id}, which the policy does not name`;
    if (rule.sources.unknown !== undefined) return `holds for sources that the plan does not tell: ${rule.sources.unknown}`;
    const callers = rule.sources.items.map((source) => ({ source, segment: segments.find(({ block }) => includes(block, matchAddresses({ items: [source] }, 4).possible))?.segment }));
    const nobody = callers.find(({ segment }) => segment === undefined);
    if (nobody) return `holds for source ${nobody.source}, which no segment of the policy has`;
    for (const segment of new Set(callers.map((caller) => caller.segment as string))) {
      const granted = grantedBy(context, segment);
      const more = listOf(rule).filter((host) => !granted.has(host.toLowerCase()));
      if (more.length > 0) return `lets ${segment} reach ${listWords(more)}, which the policy does not`;
    }
    return undefined;
  };
}

/** The hosts that a policy lets some segment, or a certain one, reach on Azure. */
function grantedBy(context: AzureContext, only?: string): ReadonlySet<string> {
  const { policy } = context;
  const words = policy?.segments.filter(({ name }) => only === undefined || name === only).flatMap(({ name }) => wordsFor(context, policy, name)) ?? [];
  return new Set(words.map((word) => word.replace(/^\w+ /, '').replace(/:\w+$/, '').toLowerCase()));
}

const leavesFor = (rule: FirewallRule): boolean => rule.layer === 'application' || reachesInternet(rule);

function isWideSource(source: string): boolean {
  return isEverything(source) || isServiceTag(source) || size(matchAddresses({ items: [source] }, 4).possible) > LISTED;
}

function isWide(rule: SecurityRule): boolean {
  return rule.direction !== 'Inbound' && size(internetOf(rule.destinations)) > LISTED;
}

function wordsOf(rule: SecurityRule): string {
  return `rule '${rule.name}' lets ${rule.protocol ?? 'a protocol that is not known'} ${rule.ports.items.join(', ')} out to ${rule.destinations.items.join(', ') || 'destinations that are not known'}`;
}
