import { type AzureCheck, resolvingFirewall, segmentOfView } from './azure-check';
import { calls, segmentViews } from './reach';

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
      const { network } = view.subnet;
      const firewall = network && resolvingFirewall(context, network);
      if (!firewall?.subnet) continue;
      const out = calls(view, { subnet: firewall.subnet });
      if (NAMES.some((ports) => !out.some((each) => each === ports || each.endsWith('/*')))) yield { address: (view.group ?? view).address, message: `${NAMES.filter((ports) => !out.includes(ports)).join(', ')} to ${firewall.subnet.address} is denied, and names are resolved there`, ...segmentOfView(view) };
    }
  },
};
