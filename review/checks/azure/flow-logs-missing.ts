import type { AzureCheck } from './azure-check';
import { certainEnvironments } from './planned-environments';
import { archivesOf } from './records';
import type { Resource } from '../../plan/resource-graph';
import { flag, pointsTo, text, texts } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'flow-logs-missing',
  title: 'network whose flows are not recorded',
  severity: 'medium',
  why: 'Without flow logs nobody sees what left, or what tried to.',
  fix: 'Add azurerm_network_watcher_flow_log with target_resource_id of the network, enabled, with traffic analytics. Flow logs of security groups can no longer be made.',
  references: ['https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview'],
  comparable: ['trivy AZU-0073'],
  *run(context) {
    const { model } = context;
    const logs = model.graph.ofType('azurerm_network_watcher_flow_log').map((log) => ({
      address: log.address,
      id: text(log, 'target_resource_id')?.toLowerCase(),
      target: pointsTo(log, 'target_resource_id', 'azurerm_virtual_network', 'azurerm_subnet', 'azurerm_network_security_group'),
      isOn: flag(log, 'enabled') !== false,
      isAnalysed: log.elements('traffic_analytics').some((path) => flag(log, [...path, 'enabled']) !== false) || log.unknownAt('traffic_analytics') !== undefined,
    }));
    for (const network of model.networks.values()) {
      const of = (resource: Resource) => logs.filter(({ target }) => target.targets.includes(resource));
      const subnets = model.subnetsIn(network);
      // One for each subnet records as much as one for the network.
      const isRecorded = (fits: (log: (typeof logs)[number]) => boolean) => of(network.resource).some(fits) || (subnets.length > 0 && subnets.every(({ resource }) => of(resource).some(fits)));
      if (!isRecorded(({ isOn }) => isOn)) yield { address: network.address, message: of(network.resource).length > 0 ? 'its flow log is off' : 'its flows are not recorded' };
      else if (!isRecorded(({ isOn, isAnalysed }) => isOn && isAnalysed)) yield { address: network.address, message: 'its flows are recorded and not analysed', severity: 'low' };
    }
    // Of a network that exists the policy file has the id.
    for (const { spoke } of certainEnvironments(context)) {
      const own = logs.filter(({ id }) => id !== undefined && id === spoke?.network.toLowerCase());
      const address = own[0]?.address ?? model.subnets.find(({ exists }) => exists)?.address;
      if (spoke && address !== undefined && !own.some(({ isOn, isAnalysed }) => isOn && isAnalysed)) yield { address, message: `the flows of ${spoke.network} are ${own.some(({ isOn }) => isOn) ? 'recorded and not analysed' : 'not recorded'}` };
    }
    // https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview#considerations
    for (const store of new Set(archivesOf(model.graph))) {
      const { items, unknown } = texts(store, 'network_rules[0].bypass');
      if (text(store, 'network_rules[0].default_action') === 'Deny' && unknown === undefined && items.length > 0 && !items.includes('AzureServices')) {
        yield { address: store.address, message: `it refuses the flow logs that go there: network_rules deny, and bypass is ${items.join(', ')}, without AzureServices` };
      }
    }
  },
};
