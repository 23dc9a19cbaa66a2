import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { isPublic } from '../../model/google/questions';
import { blocksAt, textAt, textsAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'dns-forwarding',
  title: 'a zone that is answered elsewhere',
  severity: 'low',
  why: 'Who answers the zone learns every name that is asked, and chooses the addresses behind allowed names below it.',
  fix: 'Answer the zone in this network, or review the servers that do.',
  references: ['https://cloud.google.com/dns/docs/zones/forwarding-zones'],
  comparable: [],
  *run({ model }) {
    // A domain of Managed AD asks the servers of one that it trusts. https://cloud.google.com/managed-microsoft-ad/docs/create-one-way-trust
    for (const trust of model.graph.ofType('google_active_directory_domain_trust')) {
      const outside = textsAt(trust, 'target_dns_ip_addresses').values.filter(isPublic);
      if (outside.length > 0) yield { address: trust.address, message: `${textAt(trust, 'target_domain_name') ?? 'the trusted domain'} is answered on the internet, by ${outside.join(', ')}`, severity: 'medium' as const };
    }
    for (const { address, resource, dnsName, forwards } of model.dns.zones) {
      if (!forwards) continue;
      const servers = blocksAt(resource, ['forwarding_config', 'target_name_servers']);
      const named = (path: string) => servers.flatMap((server) => textAt(resource, [...server, path]) ?? []);
      // A server by its name is asked at whatever address that has, unless all are asked through the network.
      const byName = servers.filter((server) => textAt(resource, [...server, 'forwarding_path'])?.toLowerCase() !== 'private').flatMap((server) => textAt(resource, [...server, 'domain_name']) ?? []);
      const outside = [...['ipv4_address', 'ipv6_address'].flatMap(named).filter(isPublic), ...byName];
      yield outside.length === 0
        ? { address, message: `${dnsName || 'a zone'} is answered by other name servers` }
        // Names are data: what asks for them sends it there, and no rule of the network sees the packets.
        : { address, message: `${dnsName || 'a zone'} is answered on the internet, by ${outside.join(', ')}`, severity: 'medium' as const };
    }
  },
};
