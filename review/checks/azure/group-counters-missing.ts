import { type AzureCheck, segmentOfView } from './azure-check';
import { certainEnvironments } from './planned-environments';
import { endpointViews, segmentViews } from './reach';
import { recordedCategories } from './recorded-categories';
import { pointsTo } from '../../model/azure/read';
import type { Resource } from '../../plan/resource-graph';

/** How often each rule let something through or stopped it. */
const COUNTER = 'NetworkSecurityGroupRuleCounter';

export const check: AzureCheck = {
  id: 'group-counters-missing',
  title: 'security group of a segment, or of endpoints, whose rules are not counted',
  severity: 'low',
  why: 'Flow logs show flows; which rule is never used, or suddenly is, only its counter shows.',
  fix: `Add azurerm_monitor_diagnostic_setting for the group with ${COUNTER}.`,
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-network-nsg-manage-log'],
  comparable: [],
  *run(context) {
    const counted = new Set<Resource>(context.model.graph.ofType('azurerm_monitor_diagnostic_setting').flatMap((setting) => {
      const categories = recordedCategories(setting);
      return categories.includes(COUNTER) || categories.includes('allLogs') ? pointsTo(setting, 'target_resource_id', 'azurerm_network_security_group').targets : [];
    }));
    // A policy file has the rules of the endpoints counted, too.
    for (const view of [...segmentViews(context), ...(certainEnvironments(context).length > 0 ? endpointViews(context) : [])]) {
      const resource = view.group?.resource;
      if (resource && !counted.has(resource)) yield { address: resource.address, message: 'no diagnostic setting counts its rules', ...segmentOfView(view) };
    }
  },
};
