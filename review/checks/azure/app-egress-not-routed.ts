import { type AzureCheck, witnessOf } from './azure-check';

export const check: AzureCheck = {
  id: 'app-egress-not-routed',
  title: 'app whose packets do not go through its network',
  severity: 'high',
  why: 'Without integration, or with vnet_route_all_enabled off, an app reaches the internet from the addresses of its plan, past every group, route and firewall.',
  fix: 'Set virtual_network_subnet_id and site_config.vnet_route_all_enabled.',
  references: ['https://learn.microsoft.com/azure/app-service/configure-vnet-integration-routing'],
  comparable: [],
  *run(context) {
    for (const { resource, direct, subnet } of context.model.workloads) {
      if (!direct || !/_app|_app_slot|logic_app_standard/.test(resource.type) || /container_app|logic_app_workflow|static_web_app/.test(resource.type)) continue;
      yield {
        address: resource.address,
        message: subnet.isSet ? 'vnet_route_all_enabled is not true: only private destinations go through its network' : 'it has no virtual_network_subnet_id',
        ...(direct.doubt === undefined ? {} : { confidence: 'possible' as const }),
        ...witnessOf(context, resource.address),
      };
    }
  },
};
