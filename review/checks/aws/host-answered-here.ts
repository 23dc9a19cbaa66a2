/** A firewall that goes by names lets them through to whatever address the client was told, and that may be what this plan says. */
import { INTERNET } from '../../model/addresses';
import { expanded } from '../../model/aws/expanded';
import { namedHosts } from '../../model/aws/hosts';
import type { AwsModel } from '../../model/aws/model';
import { rangesIn } from '../../model/aws/prefix-lists';
import { flagAt, textAt, textsAt } from '../../model/aws/read';
import { intersect, isEmpty } from '../../model/ranges';
import type { Resource } from '../../plan/resource-graph';
import { allowing, plainName } from '../answered-hosts';
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
    const records = recordsOf(model, [...asking]);
    if (records.length === 0) return;
    const made = ownNames(model);
    const byName = new Map(records.map((record) => [record.name, record]));
    for (const { address, name, to, networks } of records) {
      for (const network of networks) {
        const rule = allowing(name, allowed.get(network));
        if (rule === undefined) continue;
        const led = to.flatMap((each) => followed(each, byName)).filter((each) => isAnybodys(each) && !made.has(each) && allowing(each, allowed.get(network)) === undefined);
        if (led.length === 0) continue;
        yield { address, message: `${name} leads to ${led.join(', ')}: ${rule === name ? 'it' : rule} is allowed by name, and this answers it` };
        break;
      }
    }
  },
};

interface Answer {
  readonly address: string;
  readonly name: string;
  /** Addresses of the networks that it is answered in. */
  readonly networks: readonly string[];
  /** Addresses, or other names. */
  readonly to: readonly string[];
}

const RECORD = 'aws_route53_record';
const ZONE = 'aws_route53_zone';
const KINDS: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

/** What private zones answer. An alias leads to something of AWS, which is told where its name is anybody's. */
function recordsOf({ graph, find }: AwsModel, everywhere: readonly string[]): readonly Answer[] {
  const standing = new Map<Resource, readonly string[]>();
  const networksOf = (zone: Resource): readonly string[] => {
    let found = standing.get(zone);
    if (!found) {
      const holders = [zone, ...graph.referrers(zone, ['aws_route53_zone_association']).map(({ resource }) => resource)];
      // A profile may carry it anywhere, and what has one of another plan that plan tells.
      const isCarried = zone.mode === 'data' ? flagAt(zone, 'private_zone') === true : graph.referrers(zone, ['aws_route53profiles_resource_association']).length > 0;
      const named = holders.flatMap((holder) => expanded(holder, [holder === zone ? ['vpc', '*', 'vpc_id'] : 'vpc_id']).flatMap((path) => {
        const made = holder.references(path, { types: ['aws_vpc', 'aws_default_vpc'] }).targets.flatMap((vpc) => find.network(vpc)?.address ?? []);
        return made.length > 0 ? made : textAt(holder, path) ?? [];
      }));
      standing.set(zone, (found = isCarried ? everywhere : named));
    }
    return found;
  };
  return graph.ofType(RECORD).flatMap((record): readonly Answer[] => {
    if (record.mode !== 'managed' || !KINDS.has(textAt(record, 'type') ?? '')) return [];
    const zones = record.references('zone_id', { types: [ZONE] }).targets;
    const at = [...new Set(zones.flatMap(networksOf))];
    const [zone = ''] = zones.flatMap((each) => textAt(each, 'name') ?? []).map(plainName);
    const own = plainName(textAt(record, 'name') ?? '');
    const name = own === zone || own.endsWith(`.${zone}`) ? own : own === '' ? zone : `${own}.${zone}`;
    const to = [...textsAt(record, 'records'), ...aliasesOf(record)].map(plainName);
    return at.length > 0 ? [{ address: record.address, name, networks: at, to }] : [];
  });
}

const PUBLIC: readonly (readonly [type: string, ...paths: string[]])[] = [['aws_lb', 'dns_name'], ['aws_alb', 'dns_name'], ['aws_elb', 'dns_name'], ['aws_eip', 'public_ip', 'public_dns'], ['aws_instance', 'public_ip', 'public_dns'], ['aws_cloudfront_distribution', 'domain_name'], ['aws_globalaccelerator_accelerator', 'dns_name']];

/** Public names and addresses of what the plan made. */
function ownNames({ graph }: AwsModel): ReadonlySet<string> {
  return new Set(PUBLIC.flatMap(([type, ...paths]) => graph.ofType(type).flatMap((resource) => paths.flatMap((path) => textAt(resource, path) ?? []))).map(plainName));
}

/** Aliases to what the plan does not make. */
function aliasesOf(record: Resource): readonly string[] {
  return expanded(record, [['alias', '*', 'name']]).filter((path) => !record.references(path).targets.some((target) => target !== record && target.mode === 'managed')).flatMap((path) => textAt(record, path) ?? []);
}

/** A public address, or a name that is none of a service of AWS. Behind names of machines and load balancers is whoever has rented one. */
function isAnybodys(text: string): boolean {
  if (/^[\d.]+$|:/.test(text)) return ([4, 6] as const).some((family) => !isEmpty(intersect(rangesIn([text], family), INTERNET[family])));
  return /(^|\.)(compute(-1)?|elb(\.[a-z0-9-]+)?)\.amazonaws\.com(\.cn)?$/.test(text) || !/\.(amazonaws\.com(\.cn)?|api\.aws|on\.aws|internal|local)$/.test(text);
}

/** Where a name leads that the plan answers, too: to the end, or for as many steps as resolvers take. */
function followed(target: string, byName: ReadonlyMap<string, Answer>, steps = 8): readonly string[] {
  const next = byName.get(target);
  return next && steps > 0 ? next.to.flatMap((each) => followed(each, byName, steps - 1)) : [target];
}
