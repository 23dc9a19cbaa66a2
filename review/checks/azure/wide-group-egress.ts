import { type AzureCheck, type AzureContext, segmentOfView, witnessOf, workloadViews } from './azure-check';
import { portsOfPlace } from './policy-hosts';
import { internetOf, LISTED } from './wide-rules';
import { isLimitedToAccounts } from '../../model/azure/storage-endpoints';
import { ownRules, type SecurityGroup, type SecurityRule } from '../../model/azure/security-group';
import { portsOf } from '../../model/azure/security-evaluation';
import type { SubnetView } from '../../model/azure/subnet-view';
import { includes, rangesOf, size } from '../../model/ranges';

export const check: AzureCheck = {
  id: 'wide-group-egress',
  title: 'security group that lets more out than any host needs',
  severity: 'high',
  why: 'A group that lets the internet through leaves the firewall alone, and everything open as soon as a route changes. The tags of Azure services are other customers, too.',
  fix: 'Allow Internet only on the ports of allowed hosts and only where the route leads to the firewall; deny the rest at 4096.',
  references: ['https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview', 'https://learn.microsoft.com/azure/virtual-network/service-tags-overview'],
  comparable: ['trivy AZU-0051'],
  *run(context) {
    const views = new Map<SecurityGroup, SubnetView[]>();
    for (const view of workloadViews(context)) if (view.group) views.set(view.group, [...(views.get(view.group) ?? []), view]);
    for (const group of context.model.groups.values()) {
      for (const rule of ownRules(group, 'Outbound')) {
        const reached = rule.access === 'Deny' ? [] : internetOf(rule.destinations);
        if (rule.access === 'Deny' || size(reached) <= LISTED) continue;
        const unexplained = (views.get(group) ?? []).filter((view) => !isExplained(view, rule) && !isByHub(context, view, rule) && !isStorage(context, view, rule));
        if (unexplained.length === 0 && views.has(group)) continue;
        const isGuarded = unexplained.length > 0 && unexplained.every(isGuardedView);
        yield {
          address: rule.address,
          message: `rule '${rule.name}' lets ${rule.protocol ?? 'a protocol that is not known'} ${rule.ports.items.join(', ')} out to ${rule.destinations.items.join(', ') || 'destinations that are not known'}`,
          severity: isGuarded ? 'medium' : 'high',
          confidence: rule.doubt === undefined && rule.access !== undefined ? 'certain' : 'possible',
          ...(unexplained[0] ? segmentOfView(unexplained[0]) : {}),
          ...witnessOf(context, group.address),
        };
      }
    }
  },
};

/** Every packet goes to a firewall, and some host of it uses the ports. */
function isExplained(view: SubnetView, rule: SecurityRule): boolean {
  const firewalls = view.internetRoutes().flatMap((route) => view.firewallsOf(route));
  const ports = portsOf(rule.ports);
  return isGuardedView(view) && rule.protocol === 'tcp' && ports.unknown === undefined
    && firewalls.some((firewall) => includes(view.ruling(firewall).ports, ports.known));
}

/** Every packet goes to the firewall of a hub that the policy names, on ports of hosts that it grants the segment. */
function isByHub(context: AzureContext, view: SubnetView, rule: SecurityRule): boolean {
  const { segment } = view.name;
  const ports = portsOf(rule.ports);
  if (!context.policy || !leadsToHub(context, view) || segment === undefined || rule.protocol !== 'tcp' || ports.unknown !== undefined) return false;
  const granted = portsOfPlace(context, context.policy, { cidrs: view.subnet.cidrs.items, segment, ...(view.subnet.network ? { network: view.subnet.network.address } : {}) });
  return includes(rangesOf(granted.map((port) => [BigInt(port), BigInt(port)] as const)), ports.known);
}

/** Without a route packets go to no hub. */
function leadsToHub({ policy }: AzureContext, view: SubnetView): boolean {
  const routes = view.internetRoutes();
  return routes.length > 0 && (policy?.environments.some(({ azure }) => azure?.hub !== undefined && routes.every((route) => route.nextHopAddress === azure.hub!.privateAddress)) ?? false);
}

/** A service endpoint whose policy names accounts takes what it can reach; the rest goes to the firewall or nowhere. */
function isStorage(context: AzureContext, view: SubnetView, rule: SecurityRule): boolean {
  const { items, unknown } = rule.destinations;
  return unknown === undefined && items.length === 1 && items[0] === 'Storage' && rule.protocol === 'tcp' && rule.ports.items.join() === '443'
    && isLimitedToAccounts(view.subnet) && (isGuardedView(view) || leadsToHub(context, view));
}

function isGuardedView(view: SubnetView): boolean {
  return view.nextHops().every(({ key }) => key === 'None' || key.startsWith('firewall '));
}
