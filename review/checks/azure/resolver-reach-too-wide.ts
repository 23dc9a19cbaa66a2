import { type AzureCheck, segmentOfView } from './azure-check';
import { callsTo, resolverOf, segmentViews } from './reach';
import { isEmpty } from '../../model/ranges';

const NAMES = ['tcp/53', 'udp/53'];

export const check: AzureCheck = {
  id: 'resolver-reach-too-wide',
  title: 'more ports than names need towards the firewall',
  severity: 'low',
  why: 'Beside names nothing has to reach the addresses of the firewall.',
  fix: 'Allow tcp and udp port 53 to the subnet of the firewall.',
  references: ['https://learn.microsoft.com/azure/firewall/dns-settings'],
  comparable: [],
  *run(context) {
    for (const view of segmentViews(context)) {
      const resolver = resolverOf(context, view);
      if (!resolver || isEmpty(resolver.block)) continue;
      const out = callsTo(view, resolver.block);
      if (out.some((ports) => !NAMES.includes(ports))) yield { address: (view.group ?? view).address, message: `${out.join(', ')} may be reached at ${resolver.address}, where only names are asked for`, ...segmentOfView(view) };
    }
  },
};
