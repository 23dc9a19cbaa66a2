import { isFiltered } from './reach';
import { type AzureCheck, segmentOfView, witnessOf, workloadViews } from './azure-check';

export const check: AzureCheck = {
  id: 'route-table-missing',
  title: 'subnet without a route table',
  severity: 'high',
  why: "Azure's own default route leads to the internet, and only a route table of the subnet overrides it.",
  fix: 'Attach a route table with 0.0.0.0/0 to the firewall, or to None, with azurerm_subnet_route_table_association.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview'],
  comparable: [],
  *run(context) {
    const isMeant = isFiltered(context);
    for (const view of workloadViews(context)) {
      const { network, tables } = view.subnet;
      if (network && context.model.hubs.routes.has(network.resource)) continue;
      const isLost = tables.candidates.length === 0 && (tables.unknown ?? '').includes('is not in the file');
      if (isMeant(view) && tables.candidates.length === 0 && !view.hasNoTable && !isLost) yield { address: tables.by[0]?.address ?? view.address, message: `the route table of subnet '${view.subnet.name ?? view.address}' is not in the plan: where it leads, only another one shows`, severity: 'medium', ...segmentOfView(view) };
      if (!view.hasNoTable && !isLost) continue;
      yield {
        address: view.address,
        message: isLost ? `the route table of '${view.subnet.name ?? view.address}' does not exist: ${tables.unknown}` : `subnet '${view.subnet.name ?? view.address}' has no route table, so Azure routes 0.0.0.0/0 to the internet`,
        // A group that lets nothing out closes the subnet without any route.
        severity: !view.letsOut && view.hasNoTable ? 'low' : context.model.firewalls.size > 0 ? 'high' : 'medium',
        ...segmentOfView(view),
        ...witnessOf(context, view.address),
      };
    }
  },
};
