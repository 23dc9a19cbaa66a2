import { type AzureCheck, segmentOfView } from './azure-check';
import { callsTo, resolverOf, segmentViews } from './reach';
import { isEmpty } from '../../model/ranges';

const NAMES = ['tcp/53', 'udp/53'];

export const check: AzureCheck = {
  id: 'resolver-unreachable',
  title: 'subnet that cannot resolve names',
  severity: 'low',
  why: 'The DNS server of the network is the firewall, and the group does not let the questions out: somebody will open another resolver.',
  fix: 'Allow tcp and udp port 53 to the subnet of the firewall.',
  references: ['https://learn.microsoft.com/azure/firewall/dns-settings'],
  comparable: [],
  *run(context) {
    for (const view of segmentViews(context)) {
      const resolver = resolverOf(context, view);
      if (!resolver || isEmpty(resolver.block)) continue;
      const out = callsTo(view, resolver.block);
      if (NAMES.some((ports) => !out.some((each) => each === ports || each.endsWith('/*')))) yield { address: (view.group ?? view).address, message: `${NAMES.filter((ports) => !out.includes(ports)).join(', ')} to ${resolver.address} is denied, and names are resolved there`, ...segmentOfView(view) };
    }
  },
};
