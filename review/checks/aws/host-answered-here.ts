/** A firewall that goes by names lets them through to whatever address the client was told, and that may be what this plan says. */
import { namedHosts } from '../../model/aws/hosts';
import type { AwsModel } from '../../model/aws/model';
import { answersOf, followed, isPublicAddress } from '../../model/aws/private-answers';
import { textAt } from '../../model/aws/read';
import { plainName } from '../../model/host-names';
import { allowing } from '../answered-hosts';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'host-answered-here',
  title: 'an allowed host that the network\'s own zone leads elsewhere',
  severity: 'medium',
  why: 'The firewall reads the name that a client says, and lets it through to any address. A private zone answers before the internet does: who writes the record chooses who gets what workloads send to that host.',
  fix: 'Take the record away, let it lead to a private address, or allow the host that is meant.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html', 'https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html'],
  comparable: [],
  *run({ model, verdicts }) {
    const asking = new Set(verdicts.flatMap(({ place, hosts }) => (hosts.length > 0 && place.network !== undefined ? [place.network] : [])));
    if (asking.size === 0) return;
    const allowed = new Map([...asking].map((address) => [address, new Set(namedHosts(verdicts, address).map((host) => host.replace(/^\./, '*.')))]));
    const records = answersOf(model, [...asking]);
    if (records.length === 0) return;
    const made = ownNames(model);
    const byName = new Map(records.map((record) => [record.name, record]));
    for (const { address, name, to, networks, isDoubtful } of records) {
      for (const network of networks) {
        const rule = allowing(name, allowed.get(network));
        // Of what stands in a zone of whoever, a host that is allowed by its whole name is hardly one's own.
        if (rule === undefined || (isDoubtful && rule !== name)) continue;
        const led = to.flatMap((each) => followed(each, byName)).filter((each) => isAnybodys(each) && !made.has(each) && allowing(each, allowed.get(network)) === undefined);
        if (led.length === 0) continue;
        yield { address, message: `${name} leads to ${led.join(', ')}: ${rule === name ? 'it' : rule} is allowed by name, and this answers it${isDoubtful ? ', if its zone is private' : ''}`, ...(isDoubtful ? { severity: 'low', confidence: 'possible' } : {}) };
        break;
      }
    }
  },
};

const PUBLIC: readonly (readonly [type: string, ...paths: string[]])[] = [['aws_lb', 'dns_name'], ['aws_alb', 'dns_name'], ['aws_elb', 'dns_name'], ['aws_eip', 'public_ip', 'public_dns'], ['aws_instance', 'public_ip', 'public_dns'], ['aws_cloudfront_distribution', 'domain_name'], ['aws_globalaccelerator_accelerator', 'dns_name']];

/** Public names and addresses of what the plan made. */
function ownNames({ graph }: AwsModel): ReadonlySet<string> {
  return new Set(PUBLIC.flatMap(([type, ...paths]) => graph.ofType(type).flatMap((resource) => paths.flatMap((path) => textAt(resource, path) ?? []))).map(plainName));
}

/** A public address, or a name that is none of a service of AWS. Behind names of machines and load balancers is whoever has rented one. */
function isAnybodys(text: string): boolean {
  if (/^[\d.]+$|:/.test(text)) return isPublicAddress(text);
  return /(^|\.)(compute(-1)?|elb(\.[a-z0-9-]+)?)\.amazonaws\.com(\.cn)?$/.test(text) || !/\.(amazonaws\.com(\.cn)?|api\.aws|on\.aws|internal|local)$/.test(text);
}
