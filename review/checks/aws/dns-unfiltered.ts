/** Names that nobody has a reason to ask for, held against the rules of each network in their order. */
import { dnsDecision, isAnswered } from '../../model/aws/dns-firewall';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-unfiltered',
  title: 'network whose DNS queries nobody filters',
  severity: 'medium',
  why: 'Groups, ACLs and the firewall do not see queries to the Amazon resolver: a name can carry data out to any domain.',
  fix: 'Associate a DNS Firewall rule group that allows the hosts of the policy and ends with BLOCK for *, for every record type.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html'],
  comparable: [],
  *run({ model }) {
    const guarded = new Set(model.firewalls.map((firewall) => firewall.network));
    // Of several the first counts.
    const controls = new Map([...model.dns.all].reverse().map((each) => [each.network, each]));
    for (const network of model.networks) {
      const control = controls.get(network);
      if (!control) {
        const hasFirewall = guarded.has(network);
        yield { address: network.address, message: `${network.address} has no DNS firewall: every name is answered`, ...(hasFirewall ? {} : { severity: 'low' as const }) };
        continue;
      }
      // A rule that the plan does not show may be the one that blocks.
      const hidden = control.isKnown ? undefined : control.rules.find(({ domains }) => domains === undefined);
      if (!control.isKnown && !hidden) continue;
      const answered = STRANGERS.flatMap((name) => TYPES.filter((type) => isAnswered(control.rules, name, type)).map((type) => ({ name, type })));
      const [first] = answered;
      if (!first) continue;
      const rule = dnsDecision(control.rules, first.name, first.type);
      if (hidden) {
        yield { address: hidden.address, message: `the resolver of ${network.address} answers ${first.name} (${first.type}), unless the list of ${hidden.address}, which is not in the plan, has every name`, severity: 'low', confidence: 'possible' };
        continue;
      }
      yield { address: rule?.address ?? control.associations.at(-1)?.address ?? network.address, message: `the resolver of ${network.address} answers ${first.name} (${first.type})${rule ? `, because of ${rule.address}` : ', because no rule decides on it'}` };
    }
  },
};

/** Of no host, near a host, and of AWS's customers at large. */
const STRANGERS = ['exfiltration.example', 'a.b.c.d.exfiltration.example', 'com', 'evil.amazonaws.com', 'amazonaws.com'];
const TYPES = ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'NS', 'SRV', 'TYPE10', 'TYPE65'];
