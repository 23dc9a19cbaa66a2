/** World ingress on all ports, on ssh, rdp or remote management. */
import { type AzureCheck, segmentOfView, workloadViews } from './azure-check';
import { openRule } from './internet-ingress-on-private-segment';
import { INTERNET, type Family } from '../../model/addresses';
import { matchAddresses, NO_SPACE } from '../../model/azure/address-match';
import type { AzureModel } from '../../model/azure/azure-model';
import { adminRule } from '../../model/azure/network-manager';
import type { Texts } from '../../model/azure/read';
import { evaluate, type LocalSide } from '../../model/azure/security-evaluation';
import type { Rules, SecurityGroup, SecurityRule } from '../../model/azure/security-group';
import { without } from '../../plan/json';
import type { SubnetView } from '../../model/azure/subnet-view';
import { includes, intersect, isEmpty, rangesOf, size, type Ranges } from '../../model/ranges';

export const check: AzureCheck = {
  id: 'wide-group-ingress',
  title: 'security group that lets the world in on every port or on remote shells',
  severity: 'high',
  why: 'Remote shells and whatever else listens are the first that are tried, and who gets in has a channel back out: a group lets answers through, whatever it denies outbound.',
  fix: 'Name the ports of the service and the addresses that call it; reach machines by Azure Bastion or just-in-time access.',
  references: [
    'https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview',
    'https://learn.microsoft.com/azure/security/fundamentals/network-best-practices#disable-rdpssh-access-to-virtual-machines',
  ],
  comparable: ['checkov CKV_AZURE_9', 'checkov CKV_AZURE_10', 'checkov CKV_AZURE_77', 'trivy AZU-0047', 'trivy AZU-0048', 'trivy AZU-0050'],
  *run(context) {
    const { model } = context;
    const views = new Map<SecurityGroup, SubnetView[]>();
    for (const view of workloadViews(context)) if (view.group) views.set(view.group, [...(views.get(view.group) ?? []), view]);
    const severity = hasPublicAddress(model) ? {} : { severity: 'medium' as const };
    for (const group of model.groups.values()) {
      const around = views.get(group) ?? [];
      for (const rule of lettingWorldIn(group)) {
        // Where nothing leads back out the other check says so of the rule that it finds first.
        if (around.length > 0 && around.every((view) => openRule(view) === rule)) continue;
        yield { ...told(rule), ...severity, ...(around[0] ? segmentOfView(around[0]) : {}) };
      }
    }
    // Whose it is nobody knows, but not whether it is there.
    for (const rule of model.foreign.rules.filter(isAlone)) yield { ...told(without(rule, 'doubt'), ', in a security group that is not in the plan'), ...severity };
    for (const resource of model.graph.ofType('azurerm_network_manager_admin_rule')) {
      const { action, rule: written, doubt } = adminRule(resource);
      const rule: SecurityRule = { ...written, access: 'Allow', ...(doubt === undefined ? {} : { doubt }) };
      // An allow leaves the last word to the groups.
      if ((action === undefined || action === 'AlwaysAllow') && isAlone(rule)) yield { ...told(rule, ' before any security group is asked'), ...severity };
    }
  },
};

/** Our side is whoever may carry the group. */
const ANYBODY: LocalSide = { addresses: undefined, memberships: undefined, space: NO_SPACE };

/** More than a /8, or a /32 of IPv6. */
const WORLDLY: Readonly<Record<Family, bigint>> = { 4: 2n ** 24n, 6: 2n ** 96n };

/** ssh, rdp, and the remote management of Windows. */
const SHELLS = [22n, 3389n, 5985n, 5986n];

function told(rule: SecurityRule, where = '') {
  return {
    address: rule.address,
    message: `rule '${rule.name}' lets ${rule.sources.items.join(', ')} in on ${rule.protocol ?? 'a protocol that is not known'} ${rule.ports.items.join(', ')}${where}`,
    ...(rule.doubt === undefined && rule.access !== undefined && rule.direction !== undefined ? {} : { confidence: 'possible' as const }),
  };
}

/** Rules of a group that hold for the world, and that no rule before takes everything from. */
function lettingWorldIn(group: Rules): ReadonlySet<SecurityRule> {
  const found = new Set<SecurityRule>();
  if (!group.rules.some((rule) => !rule.builtIn && rule.direction !== 'Outbound' && rule.access !== 'Deny' && isWorld(rule.sources))) return found;
  for (const family of [4, 6] as const) {
    for (const { rule, traffic } of evaluate(group, 'Inbound', ANYBODY, family).allowed) {
      if (rule.builtIn || !isWorld(rule.sources) || !group.rules.includes(rule)) continue;
      const ports = rangesOf(traffic.boxes.filter(({ protocol, destinations }) => protocol === 'tcp' && size(intersect(destinations, INTERNET[family])) > WORLDLY[family]).flatMap((box) => box.ports));
      if (isWide(ports)) found.add(rule);
    }
  }
  return found;
}

/** Whether a rule that stands in no group of the plan holds for the world. */
function isAlone(rule: SecurityRule): boolean {
  return rule.direction !== 'Outbound' && rule.access !== 'Deny' && lettingWorldIn({ address: rule.address, rules: [rule] }).size > 0;
}

/** The machines of all customers are the world, too. */
function isWorld(sources: Texts): boolean {
  return sources.items.some((item) => /^azurecloud(\.|$)/i.test(item)) || ([4, 6] as const).some((family) => size(intersect(matchAddresses(sources, family).certain, INTERNET[family])) > WORLDLY[family]);
}

function isWide(ports: Ranges): boolean {
  return includes(ports, [[1n, 65535n]]) || SHELLS.some((port) => !isEmpty(intersect(ports, [[port, port]])));
}

/** Without one nobody outside gets in, as far as this plan tells. */
function hasPublicAddress({ graph, workloads }: AzureModel): boolean {
  return ['azurerm_public_ip', 'azurerm_public_ip_prefix'].some((type) => graph.ofType(type).length > 0) || workloads.some(({ publicAddresses }) => publicAddresses === 'any' || publicAddresses.some(({ kind }) => kind !== 'provider-default'));
}
