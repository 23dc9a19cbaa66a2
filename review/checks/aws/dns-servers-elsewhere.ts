/** DHCP options that send machines to other name servers than the resolver of their network, and rules by which that resolver asks others. */
import { INTERNET } from '../../model/addresses';
import { dnsServersOf } from '../../model/aws/dhcp';
import { expanded } from '../../model/aws/expanded';
import { firewallNetworks } from '../../model/aws/guarded-networks';
import type { AwsModel } from '../../model/aws/model';
import { rangesIn } from '../../model/aws/prefix-lists';
import { textAt, textsAt } from '../../model/aws/read';
import { intersect, isEmpty } from '../../model/ranges';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-servers-elsewhere',
  title: 'machines that ask other name servers',
  severity: 'medium',
  why: 'The DNS firewall and the query log see only what the resolver of the network is asked: other servers answer any name, and whoever runs them reads all of them.',
  fix: 'Use AmazonProvidedDNS, and forward single domains by resolver rules.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSetConcepts.html', 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-overview.html', 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-rules-managing.html'],
  comparable: [],
  *run({ model }) {
    const { graph } = model;
    const filtered = new Set(model.dns.all.map(({ network }) => network));
    const guarded = firewallNetworks(model.firewalls);
    for (const { address, network, servers, isElsewhere } of dnsServersOf(model)) {
      const foreign = servers.filter((server) => server !== 'AmazonProvidedDNS');
      if (foreign.length === 0) continue;
      if (isElsewhere) {
        yield { address, message: `${network.address} asks ${foreign.join(', ')}: others than its resolver are seen by no DNS firewall`, severity: 'low', confidence: 'possible' };
        continue;
      }
      const isControlled = filtered.has(network) || guarded.has(network);
      yield { address, message: `${network.address} asks ${foreign.join(', ')}, and no DNS firewall sees it`, ...(isControlled ? {} : { severity: 'low' as const }) };
    }
    for (const association of graph.ofType(ASSOCIATION)) {
      const { targets } = association.references('resolver_rule_id', { types: [RULE] });
      const id = textAt(association, 'resolver_rule_id');
      if (association.mode !== 'managed' || targets.some(({ mode }) => mode === 'managed') || id?.startsWith('rslvr-autodefined-')) continue;
      yield { address: association.address, message: `${association.address} lets ${id ?? 'a rule'}, which is not in the plan, say who is asked for names: whoever that is reads them`, severity: 'low', confidence: 'likely' };
    }
    // https://docs.aws.amazon.com/directoryservice/latest/admin-guide/ms_ad_setup_trust.html
    for (const [forwarder, path] of FORWARDING.flatMap(([type, path]) => graph.ofType(type).map((each) => [each, path] as const))) {
      const servers = textsAt(forwarder, path).filter(isOnInternet);
      if (forwarder.mode === 'managed' && servers.length > 0) yield { address: forwarder.address, message: `${forwarder.address} has ${servers.join(', ')} asked for ${textAt(forwarder, 'remote_domain_name') ?? 'names'}, by the domain controllers of a directory`, severity: 'low' };
    }
    for (const rule of graph.ofType(RULE)) {
      // Where the endpoint is in the plan, it is a place with a verdict of its own.
      if (rule.mode !== 'managed' || textAt(rule, 'rule_type') === 'SYSTEM' || rule.references('resolver_endpoint_id', { types: ['aws_route53_resolver_endpoint'] }).targets.some(({ mode }) => mode === 'managed')) continue;
      const servers = expanded(rule, [['target_ip', '*', 'ip'], ['target_ip', '*', 'ipv6']]).flatMap((path) => textAt(rule, path) ?? []).filter(isOnInternet);
      if (servers.length > 0) yield { address: rule.address, message: `${rule.address} has ${servers.join(', ')} asked for ${textAt(rule, 'domain_name') ?? 'names'}, by an endpoint that is not in the plan`, severity: 'low' };
    }
  },
};

/** What makes domain controllers ask other servers, and the attribute that names these. */
const FORWARDING = [['aws_directory_service_conditional_forwarder', 'dns_ips'], ['aws_directory_service_trust', 'conditional_forwarder_ip_addrs']] as const;
const RULE = 'aws_route53_resolver_rule';
const ASSOCIATION = 'aws_route53_resolver_rule_association';

function isOnInternet(address: string): boolean {
  return ([4, 6] as const).some((family) => !isEmpty(intersect(rangesIn([address], family), INTERNET[family])));
}
