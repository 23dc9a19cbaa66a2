/** A firewall asks for the names of its rules where its network does, and the answer may be what this plan writes. */
import { addressesOf } from '../../model/addresses';
import { OUTSIDE } from '../../model/azure/address-match';
import { pointsTo, isUnset, text, texts } from '../../model/azure/read';
import { intersect, isEmpty } from '../../model/ranges';
import type { Resource } from '../../plan/resource-graph';
import type { AzureCheck, AzureContext } from './azure-check';

export const check: AzureCheck = {
  id: 'host-answered-here',
  title: 'allowed host that a private zone of the plan leads elsewhere',
  severity: 'medium',
  why: 'For a rule by name the firewall resolves the name itself and calls what it is answered. A private zone that is linked to its network answers before the internet does: who writes the record chooses where the packets go.',
  fix: 'Take the record away, let it lead to a private address, or allow the address that is meant.',
  references: ['https://learn.microsoft.com/azure/firewall/rule-processing', 'https://learn.microsoft.com/azure/firewall/dns-settings', 'https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links'],
  comparable: [],
  *run(context) {
    const zones = context.model.dnsZones.filter(({ name }) => name !== undefined && !name.startsWith('privatelink.'));
    if (zones.length === 0) return;
    const records = recordsByZone(context);
    const names = namesByNetwork(context);
    for (const zone of zones) {
      const own = records.get(zone.resource) ?? [];
      const allowed = new Set(own.length === 0 ? [] : zone.networks.flatMap((network) => names.get(network) ?? []));
      for (const record of own) {
        const label = text(record, 'name')?.toLowerCase();
        const name = label === undefined ? undefined : label === '@' ? zone.name!.toLowerCase() : `${label}.${zone.name!.toLowerCase()}`;
        const rule = name === undefined ? undefined : allowing(name, allowed);
        const to = rule === undefined ? [] : answersOf(record).filter((answer) => !allowed.has(answer));
        if (rule !== undefined && to.length > 0) yield { address: record.address, message: `${name} leads to ${to.join(', ')}: ${rule === name ? 'it' : rule} is allowed by name, and this answers it` };
      }
    }
  },
};

/** What firewalls let through by name, by the network that they stand in. */
function namesByNetwork({ model }: AzureContext): ReadonlyMap<Resource, readonly string[]> {
  const found = new Map<Resource, readonly string[]>();
  for (const { subnet, rules } of model.firewalls.values()) {
    if (!subnet?.network) continue;
    const names = rules.filter(({ layer, action }) => layer !== 'nat' && action !== 'Deny').flatMap(({ fqdns }) => fqdns.items.map((name) => name.toLowerCase()));
    found.set(subnet.network.resource, [...(found.get(subnet.network.resource) ?? []), ...names]);
  }
  return found;
}

const ADDRESSES = ['azurerm_private_dns_a_record', 'azurerm_private_dns_aaaa_record'];
const ALIAS = 'azurerm_private_dns_cname_record';

function recordsByZone({ model: { graph } }: AzureContext): ReadonlyMap<Resource, readonly Resource[]> {
  const found = new Map<Resource, Resource[]>();
  for (const record of [...ADDRESSES, ALIAS].flatMap((type) => graph.ofType(type))) {
    // By id since azurerm 5.
    for (const zone of pointsTo(record, isUnset(record, 'zone_name') ? 'private_dns_zone_id' : 'zone_name', 'azurerm_private_dns_zone').targets) {
      const known = found.get(zone);
      if (known) known.push(record);
      else found.set(zone, [record]);
    }
  }
  return found;
}

/** Public addresses, or another name. */
function answersOf(record: Resource): readonly string[] {
  if (record.type === ALIAS) return (text(record, 'record') ?? '') === '' ? [] : [text(record, 'record')!.toLowerCase().replace(/\.$/, '')];
  return texts(record, 'records').items.filter((address) => ([4, 6] as const).some((family) => !isEmpty(intersect(addressesOf([address], family), OUTSIDE[family]))));
}

/** Of the allowed hosts the one that means the name: itself, `*.` before one of its ends, or one below a wildcard record. */
function allowing(name: string, allowed: ReadonlySet<string>): string | undefined {
  if (allowed.has(name)) return name;
  if (name.startsWith('*.')) return [...allowed].find((host) => host.endsWith(name.slice(1)));
  const labels = name.split('.');
  return labels.map((_, index) => `*.${labels.slice(index + 1).join('.')}`).find((wildcard) => allowed.has(wildcard));
}
