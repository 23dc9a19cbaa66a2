import type { AzureCheck, AzureContext } from './azure-check';
import type { Hit } from '../check';
import { certainEnvironments } from './planned-environments';
import { firewallRulesElsewhere } from './rules-elsewhere';
import { matchAddresses } from '../../model/azure/address-match';
import type { FirewallRule } from '../../model/azure/firewall-rules';
import { allTexts, text } from '../../model/azure/read';
import { includes } from '../../model/ranges';

export const check: AzureCheck = {
  id: 'firewall-default-pass',
  title: 'firewall without a last deny',
  severity: 'low',
  why: 'After all rules Azure lets the names of its own infrastructure pass, storage accounts of its services among them.',
  fix: 'End the application rules with a collection of the highest priority that denies * for Http:80 and Https:443 from *.',
  references: ['https://learn.microsoft.com/azure/firewall/infrastructure-fqdns'],
  comparable: [],
  *run(context) {
    for (const firewall of context.model.firewalls.values()) {
      if (firewall.unknown !== undefined) continue;
      const last = firewall.rules.filter(({ layer }) => layer === 'application').at(-1);
      const deniesNames = last !== undefined && last.sources.items.includes('*') && deniesEveryName(last);
      const deniesAddresses = firewall.rules.some(({ layer, action, sources, destinations, ports, protocols }) => layer === 'network' && action === 'Deny' && [sources, destinations, ports].every(({ items }) => items.includes('*')) && protocols.items.includes('Any'));
      if (!deniesNames && !deniesAddresses) yield { address: firewall.policies.at(-1)?.address ?? firewall.address, message: "the last application rule does not deny everything, so Azure's infrastructure names pass" };
    }
    yield* inHubs(context);
  },
};

const PORTS = [['http', 80], ['https', 443]] as const;

function deniesEveryName({ action, fqdns, applications }: FirewallRule): boolean {
  return action === 'Deny' && fqdns.items.includes('*') && PORTS.every(([type, port]) => applications.some((each) => each.type === type && (each.port ?? port) === port));
}

/** What this plan writes into the policy of a hub ends with a deny for those whom it lets through something. */
function* inHubs(context: AzureContext): Iterable<Hit> {
  for (const id of new Set(certainEnvironments(context).flatMap(({ hub }) => hub?.policy?.toLowerCase() ?? []))) {
    const rules = firewallRulesElsewhere(context.model.graph).filter(({ resource }) => text(resource, 'firewall_policy_id')?.toLowerCase() === id);
    const denied = matchAddresses(allTexts(rules.filter((rule) => rule.layer === 'application' && deniesEveryName(rule)).map(({ sources }) => sources)), 4).possible;
    const open = rules.find(({ layer, action, sources }) => layer !== 'nat' && action === 'Allow' && !includes(denied, matchAddresses(sources, 4).certain));
    if (open) yield { address: open.address, message: `nothing that the plan writes into that policy denies the rest for ${open.sources.items.join(', ')}, so Azure's infrastructure names pass, and whatever the hub lets through for everybody` };
  }
}
