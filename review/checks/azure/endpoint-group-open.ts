import type { AzureCheck } from './azure-check';
import { deniesAll } from './final-deny';
import { blockOf } from './planned-environments';
import { endpointViews } from './reach';
import { addressRange } from '../../model/addresses';
import { ownRules, type SecurityGroup } from '../../model/azure/security-group';
import { includes, isEmpty, type Ranges } from '../../model/ranges';

export const check: AzureCheck = {
  id: 'endpoint-group-open',
  title: 'private endpoints that anybody may call',
  severity: 'medium',
  why: 'A private endpoint leads to data: who may call it and on which port is a list like any other.',
  fix: 'Let the subnets of segments in on single tcp ports, let nothing out, and end with a deny in both directions.',
  references: ['https://learn.microsoft.com/azure/private-link/private-endpoint-overview', 'https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy'],
  comparable: [],
  *run(context) {
    const networks = [...context.model.networks.values()].map(({ space }) => space[4]).filter((ranges) => !isEmpty(ranges));
    const subnets = context.model.subnets.map((subnet) => blockOf(context, subnet)).filter((ranges) => !isEmpty(ranges));
    for (const view of endpointViews(context)) {
      const rules = ownRules(view.group as SecurityGroup);
      for (const rule of rules.filter(({ access }) => access !== 'Deny')) {
        const wide = rule.sources.items.filter((source) => !subnets.some((subnet) => isIn(source, subnet)));
        const problem = rule.direction !== 'Inbound' ? 'lets endpoints open connections'
          : wide.length > 0 || rule.sourceGroups.isSet || rule.sources.unknown !== undefined ? `lets ${wide.join(', ') || 'callers that are not known'} in`
            : rule.protocol !== 'tcp' || rule.ports.items.some((port) => !/^\d+$/.test(port)) ? `lets callers in on ${rule.protocol ?? 'any protocol'} ${rule.ports.items.join(', ')}` : undefined;
        // A network is more than a segment, and yet a list: nobody outside of it calls.
        const isListed = rule.direction === 'Inbound' && wide.length > 0 && !rule.sourceGroups.isSet && rule.sources.unknown === undefined && wide.every((source) => networks.some((network) => isIn(source, network)));
        if (problem !== undefined) yield { address: rule.address, message: `rule '${rule.name}' ${problem}`, ...(isListed ? { severity: 'low' as const } : {}) };
      }
      for (const direction of ['Inbound', 'Outbound'] as const) {
        if (!ownRules(view.group as SecurityGroup, direction).some(deniesAll)) yield { address: (view.group as SecurityGroup).address, message: `${direction.toLowerCase()} traffic that no rule names is left to Azure's built-in rules` };
      }
    }
  },
};

function isIn(source: string, subnet: Ranges): boolean {
  const found = addressRange(source);
  return found?.family === 4 && includes(subnet, [found.range]);
}
