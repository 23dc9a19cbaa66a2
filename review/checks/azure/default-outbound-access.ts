import { type AzureCheck, segmentOfView, witnessOf } from './azure-check';

export const check: AzureCheck = {
  id: 'default-outbound-access',
  title: 'subnet with default outbound access',
  severity: 'medium',
  why: 'Azure lends a public address to machines that have none: a way out that no resource in the plan shows.',
  fix: 'Set default_outbound_access_enabled to false; the default is true. Storage accounts of the region stay within reach until 0.0.0.0/0 leads to a firewall or to None.',
  references: ['https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access'],
  comparable: [],
  *run(context) {
    const used = new Set(context.verdicts.flatMap(({ witness }) => witness ?? []).filter(({ kind }) => kind === 'provider-default').map(({ address }) => address));
    for (const view of context.model.views) {
      const { subnet } = view;
      // Of a subnet that is not in the plan, its own configuration says it.
      if (subnet.exists || !subnet.defaultOutbound || (subnet.role !== 'workloads' && subnet.role !== 'firewall')) continue;
      const isUsed = used.has(subnet.address);
      yield {
        address: subnet.address,
        message: `default_outbound_access_enabled is ${subnet.defaultOutboundSaid ? 'true' : 'not said, which means true'}`,
        // A firewall has a public address of its own, and then Azure lends it none.
        severity: isUsed ? 'high' : subnet.role === 'firewall' ? 'low' : 'medium',
        ...segmentOfView(view),
        ...(isUsed ? witnessOf(context, subnet.address) : {}),
      };
    }
  },
};
