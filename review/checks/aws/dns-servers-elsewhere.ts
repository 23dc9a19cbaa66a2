/** DHCP options that send machines to other name servers than the resolver of their network. */
import { dnsServersOf } from '../../model/aws/dhcp';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-servers-elsewhere',
  title: 'machines that ask other name servers',
  severity: 'medium',
  why: 'The DNS firewall and the query log see only what the resolver of the network is asked: other servers answer any name, and whoever runs them reads all of them.',
  fix: 'Use AmazonProvidedDNS, and forward single domains by resolver rules.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSetConcepts.html', 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-overview.html'],
  comparable: [],
  *run({ model }) {
    const filtered = new Set(model.dns.all.map(({ network }) => network));
    const guarded = new Set(model.firewalls.map(({ network }) => network));
    for (const { address, network, servers } of dnsServersOf(model)) {
      const foreign = servers.filter((server) => server !== 'AmazonProvidedDNS');
      if (foreign.length === 0) continue;
      const isControlled = filtered.has(network) || guarded.has(network);
      yield { address, message: `${network.address} asks ${foreign.join(', ')}, and no DNS firewall sees it`, ...(isControlled ? {} : { severity: 'low' as const }) };
    }
  },
};
