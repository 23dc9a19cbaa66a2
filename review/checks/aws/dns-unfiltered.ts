/** Names that nobody has a reason to ask for, held against the rules of each network in their order. */
import { dnsDecision, isAnswered, type AwsDnsControl } from '../../model/aws/dns-firewall';
import { firewallNetworks } from '../../model/aws/guarded-networks';
import type { AwsModel } from '../../model/aws/model';
import { ownNetworks } from '../../model/aws/planned-environments';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-unfiltered',
  title: 'network whose DNS queries nobody filters',
  severity: 'medium',
  why: 'Groups, ACLs and the firewall do not see queries to the Amazon resolver: a name can carry data out to any domain.',
  fix: 'Associate a DNS Firewall rule group that allows the hosts of the policy and ends with BLOCK for *, for every record type.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html'],
  comparable: [],
  *run({ model, policy }) {
    const guarded = firewallNetworks(model.firewalls);
    // Of several the first counts.
    const controls = new Map([...model.dns.all].reverse().map((each) => [each.network, each]));
    const own = new Set(ownNetworks(model, policy));
    for (const [network, control] of controls) {
      // Another plan may give more rules to a network that it made.
      if (!own.has(network)) for (const hit of answeredIn(control)) yield { ...hit, severity: 'low', confidence: 'possible' };
    }
    for (const network of own) {
      const control = controls.get(network);
      if (!control) {
        const hasFirewall = guarded.has(network);
        yield { address: network.address, message: `${network.address} has no DNS firewall: every name is answered`, ...(hasFirewall ? {} : { severity: 'low' as const }) };
      } else yield* answeredIn(control);
    }
  },
};

function* answeredIn(control: AwsDnsControl): Iterable<Hit> {
  const { network } = control;
  // A rule that the plan does not show may be the one that blocks.
  const hidden = control.rules.find(({ domains }) => domains === undefined);
  const answered = STRANGERS.flatMap((name) => TYPES.filter((type) => isAnswered(control.rules, name, type)).map((type) => ({ name, type })));
  const [first] = answered;
  if (!first) {
    yield* besidesLists(network.address, control);
    return;
  }
  const rule = dnsDecision(control.rules, first.name, first.type);
  // What is answered before it is answered.
  if (hidden && !(rule && control.rules.indexOf(rule) < control.rules.indexOf(hidden))) {
    yield { address: hidden.address, message: `the resolver of ${network.address} answers ${first.name} (${first.type}), unless ${hidden.isElsewhere ? `the rules that ${hidden.address} names, which are not in the plan, block it` : `the list of ${hidden.address}, which is not in the plan, has every name`}`, severity: 'low', confidence: 'possible' };
    return;
  }
  yield { address: rule?.address ?? control.associations.at(-1)?.address ?? network.address, message: `the resolver of ${network.address} answers ${first.name} (${first.type})${rule ? `, because of ${rule.address}` : ', because no rule decides on it'}` };
}

/**
 * What goes before the block of everything and is no list in the plan: who is alerted is answered, and no rule is asked after that.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-actions.html
 */
function* besidesLists(network: string, { rules }: AwsDnsControl): Iterable<Hit> {
  const end = rules.findIndex(({ action, domains, type }) => action === 'BLOCK' && type === undefined && domains?.includes('*') === true);
  for (const { address, action, domains, detects, isElsewhere } of rules.slice(0, end < 0 ? rules.length : end)) {
    if (action === 'BLOCK') continue;
    if (detects) yield { address, message: `the resolver of ${network} answers names that look like data, because ${address} only notes them` };
    else if (domains === undefined) yield { address, message: `the resolver of ${network} answers whatever ${isElsewhere ? `the rules that ${address} names, which are not in the plan, allow` : `the list of ${address}, which is not in the plan, has`}`, severity: 'low', confidence: 'possible' };
  }
}

/** Of no host, near a host, and of AWS's customers at large. */
const STRANGERS = ['exfiltration.example', 'a.b.c.d.exfiltration.example', 'com', 'evil.amazonaws.com', 'amazonaws.com'];
const TYPES = ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'NS', 'SRV', 'TYPE10', 'TYPE65'];
