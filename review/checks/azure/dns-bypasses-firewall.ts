import { type AzureCheck, firewallsUsedBy, resolvingFirewall } from './azure-check';
import { hubOf } from './hub-of-policy';

export const check: AzureCheck = {
  id: 'dns-bypasses-firewall',
  title: 'network whose names are not resolved by its firewall',
  severity: 'medium',
  why: 'Names that are resolved elsewhere leave no trace in the log of the firewall, and may differ from what it resolves itself.',
  fix: 'Set dns_servers of the network to the private address of the firewall, and to nothing else.',
  references: ['https://learn.microsoft.com/azure/firewall/dns-settings'],
  comparable: ['checkov CKV_AZURE_183'],
  *run(context) {
    for (const network of context.model.networks.values()) {
      const [firewall] = firewallsUsedBy(context, network).filter((each) => each.tier !== 'Basic').filter((each) => each.subnet?.network !== network || each.dnsProxy);
      const hub = hubOf(context, network);
      const { items: asked, unknown } = network.dnsServers;
      if (hub && unknown === undefined && [...asked].sort().join() !== [...hub.dnsServers].sort().join()) {
        yield { address: network.address, message: `its packets go to the hub's firewall, ${hub.privateAddress}, and its DNS servers are ${asked.join(', ') || "Azure's own"}; the policy says ${hub.dnsServers.join(', ') || "Azure's own"}` };
      }
      if (!firewall || resolvingFirewall(context, network) === firewall) continue;
      const { items } = network.dnsServers;
      yield { address: network.address, message: `its packets go to ${firewall.address}, and its DNS servers are ${items.length > 0 ? items.join(', ') : "not the firewall: Azure's own, or not known"}` };
    }
  },
};
