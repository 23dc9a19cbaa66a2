/** Type 65 of the hosts of the firewall, where the network has a DNS firewall. */
import { isAnswered } from '../../model/aws/dns-firewall';
import { namedHosts, sampleOf } from '../../model/aws/hosts';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-https-answered',
  title: 'HTTPS records that hide the server name',
  severity: 'low',
  why: 'A client that gets the HTTPS record of a host (type 65) may encrypt the server name (ECH), and the firewall then sees the name of the front only.',
  fix: 'Block type 65 for * before the names that are allowed, with NODATA.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rules.html'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const control of model.dns.all) {
      // Whether a list of another plan has every name, only that plan tells.
      const hidden = control.rules.find(({ domains, action }) => domains === undefined && action === 'BLOCK');
      if (!control.isKnown && !hidden) continue;
      const open = namedHosts(verdicts, control.network.address).find((host) => isAnswered(control.rules, sampleOf(host)) && isAnswered(control.rules, sampleOf(host), 'TYPE65'));
      if (open === undefined) continue;
      const message = `the resolver of ${control.network.address} gives out the HTTPS record of ${open}`;
      yield hidden ? { address: hidden.address, message: `${message}, unless the list of ${hidden.address}, which is not in the plan, has every name`, confidence: 'possible' } : { address: control.associations[0]?.address ?? control.network.address, message };
    }
  },
};
