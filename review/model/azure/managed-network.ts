/**
 * The network that a workspace of Machine Learning makes for the machines in it.
 * https://learn.microsoft.com/azure/machine-learning/how-to-managed-network
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { INTERNET } from '../addresses';
import type { AllowedHost, Hop } from '../network-model';
import { rangesOf } from '../ranges';
import { both, except, taggedService, traffic as trafficOf, type Traffic } from '../traffic';
import { isUnset, pointsTo, text } from './read';
import { portsOf } from './security-evaluation';
import type { Workload } from './workload';

export const WORKSPACES = ['azurerm_machine_learning_workspace', 'azurerm_ai_foundry'];

/** How it leads out; undefined for a workspace that has none. */
export function managedNetwork(workspace: Resource, graph: ResourceGraph): Workload['direct'] {
  const mode = text(workspace, 'managed_network[0].isolation_mode')?.toLowerCase();
  if (mode === 'allowinternetoutbound') return { label: 'managed network that allows internet outbound' };
  if (mode === 'allowonlyapprovedoutbound') return approved(workspace, graph);
  const isHidden = mode === undefined && !isUnset(workspace, 'managed_network') && workspace.hasUnknown('managed_network');
  return isHidden ? { label: 'managed network', doubt: `the isolation mode of ${workspace.address} is not known` } : undefined;
}

export const APPROVED_NAME = 'azurerm_machine_learning_workspace_network_outbound_rule_fqdn';
export const APPROVED_TAG = 'azurerm_machine_learning_workspace_network_outbound_rule_service_tag';

/** What Azure approves by itself: services of its own that every workspace needs. https://learn.microsoft.com/azure/machine-learning/how-to-managed-network#list-of-required-rules */
const REQUIRED = 'tag:AzureMachineLearning';

/** Names are let through on the ports of the web; a service tag is every customer of the service. */
function approved(workspace: Resource, graph: ResourceGraph): Workload['direct'] {
  const label = 'managed network with approved destinations';
  const rulesOf = (type: string) => graph.ofType(type).filter((rule) => pointsTo(rule, 'workspace_id', ...WORKSPACES).targets.includes(workspace));
  const [names, tags] = [rulesOf(APPROVED_NAME), rulesOf(APPROVED_TAG)];
  const hosts = names.flatMap((rule): readonly AllowedHost[] => {
    const host = text(rule, 'destination_fqdn')?.toLowerCase();
    return host === undefined ? [] : [{ host, protocol: 'any', ports: [80, 443], rule: rule.address }];
  });
  const hidden = names.find((rule) => text(rule, 'destination_fqdn') === undefined);
  const guard = { control: workspace.address, hosts: [...hosts, { host: REQUIRED, protocol: 'any', ports: [443], rule: workspace.address } as const] };
  const exit: Hop = {
    address: workspace.address, kind: 'gateway', label,
    forward: (traffic) => {
      const web = both(traffic, trafficOf(traffic.family, [{ protocol: 'tcp', ports: rangesOf([[80n, 80n], [443n, 443n]]), destinations: INTERNET[traffic.family] }]));
      return [
        ...tags.map((rule) => ({ kind: 'next' as const, to: tagHop(rule), traffic: both(traffic, taggedBy(rule, traffic.family)) })),
        { kind: 'internet', traffic: web, guard },
        ...(hidden ? [{ kind: 'unknown' as const, traffic: web, reason: `which name ${hidden.address} approves is not known` }] : []),
        { kind: 'blocked', traffic: except(traffic, web), reason: `${workspace.address} lets out what it approves alone` },
      ];
    },
  };
  return { label, exit };
}

function tagHop(rule: Resource): Hop {
  return { address: rule.address, kind: 'gateway', label: `service tag ${text(rule, 'service_tag') ?? 'that is not known'}`, forward: (traffic) => [{ kind: 'internet', traffic }] };
}

function taggedBy(rule: Resource, family: Traffic['family']): Traffic {
  const protocol = text(rule, 'protocol')?.toLowerCase();
  const tag = text(rule, 'service_tag');
  const { known, unknown } = portsOf({ items: (text(rule, 'port_ranges') ?? '*').split(',').map((item) => item.trim()) });
  const ports = unknown === undefined ? known : rangesOf([[0n, 65535n]]);
  return trafficOf(family, (['tcp', 'udp'] as const).filter((each) => each === protocol || (protocol !== 'tcp' && protocol !== 'udp')).map((each) => ({ protocol: each, ports, destinations: INTERNET[family], ...(tag === undefined ? {} : { service: taggedService(tag) }) })));
}
