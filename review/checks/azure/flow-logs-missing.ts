import type { AzureCheck } from './azure-check';
import { flag, pointsTo } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'flow-logs-missing',
  title: 'network whose flows are not recorded',
  severity: 'medium',
  why: 'Without flow logs nobody sees what left, or what tried to.',
  fix: 'Add azurerm_network_watcher_flow_log with target_resource_id of the network, enabled, with traffic analytics. Flow logs of security groups can no longer be made.',
  references: ['https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview'],
  comparable: ['trivy AZU-0073'],
  *run({ model }) {
    const logs = model.graph.ofType('azurerm_network_watcher_flow_log').map((log) => ({
      target: pointsTo(log, 'target_resource_id', 'azurerm_virtual_network', 'azurerm_subnet', 'azurerm_network_security_group'),
      isOn: flag(log, 'enabled') !== false,
      isAnalysed: log.elements('traffic_analytics').some((path) => flag(log, [...path, 'enabled']) !== false) || log.unknownAt('traffic_analytics') !== undefined,
    }));
    for (const network of model.networks.values()) {
      const own = logs.filter(({ target }) => target.targets.includes(network.resource));
      if (!own.some(({ isOn }) => isOn)) yield { address: network.address, message: own.length > 0 ? 'its flow log is off' : 'its flows are not recorded' };
      else if (!own.some(({ isOn, isAnalysed }) => isOn && isAnalysed)) yield { address: network.address, message: 'its flows are recorded and not analysed', severity: 'low' };
    }
  },
};
