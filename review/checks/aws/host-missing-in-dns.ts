/** Hosts of the firewall against the DNS rules of the same network. */
import { isAnswered } from '../../model/aws/dns-firewall';
import { namedHosts, sampleOf } from '../../model/aws/hosts';
import type { AwsModel } from '../../model/aws/model';
import { inFull, type Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'host-missing-in-dns',
  title: 'host that passes the firewall and is not resolved',
  severity: 'low',
  why: 'A host that only one of the two controls lets through does not work.',
  fix: 'Add the name to an ALLOW rule of the DNS firewall; generate both lists from one source.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rules.html'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const control of model.dns.all) {
      if (!control.isKnown) continue;
      const hosts = namedHosts(verdicts, control.network.address);
      const lost = hosts.filter((host) => !isAnswered(control.rules, sampleOf(host)));
      if (lost.length > 0) yield { ...inFull(lost, 5), address: control.associations[0]?.address ?? control.network.address, message: `the firewall lets ${lost.slice(0, 5).join(', ')} through, and the resolver of ${control.network.address} does not answer ${lost.length === 1 ? 'it' : 'them'}` };
    }
  },
};
