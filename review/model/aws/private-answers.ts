/** What the private zones of a plan answer: records of Route 53, and instances of Cloud Map. */
import { append } from '../../append';
import { plainName } from '../host-names';
import type { AttributePath } from '../../plan/attribute-path';
import { INTERNET } from '../addresses';
import { intersect, isEmpty } from '../ranges';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { expanded } from './expanded';
import type { AwsNetwork } from './networks';
import { rangesIn } from './prefix-lists';
import { flagAt, isSet, textAt, textsAt } from './read';

export interface Answer {
  readonly address: string;
  readonly name: string;
  /** Addresses of the networks that it is answered in. */
  readonly networks: readonly string[];
  /** Addresses, or other names. */
  readonly to: readonly string[];
  /** True where the zone is known by its id alone: it may be a public one, or of other networks. */
  readonly isDoubtful: boolean;
}

/** What zones are read from. */
export interface Zones {
  readonly graph: ResourceGraph;
  readonly find: { network(resource: Resource): AwsNetwork | undefined };
}

const ZONE = 'aws_route53_zone';
const KINDS: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);
const NETWORKS = { types: ['aws_vpc', 'aws_default_vpc'] };

/** An alias leads to something of AWS, which is told where its name is anybody's. */
export function answersOf(model: Zones, everywhere: readonly string[]): readonly Answer[] {
  const { graph } = model;
  const standing = new Map<Resource, readonly string[]>();
  const networksOf = (zone: Resource): readonly string[] => {
    let found = standing.get(zone);
    if (!found) {
      // A profile may carry it anywhere, and what has one of another plan that plan tells.
      const isCarried = zone.mode === 'data' ? flagAt(zone, 'private_zone') === true : graph.referrers(zone, ['aws_route53profiles_resource_association']).length > 0;
      standing.set(zone, (found = isCarried ? everywhere : [...networksAt(model, zone, ['vpc', '*', 'vpc_id']), ...associated(model, zone)]));
    }
    return found;
  };
  const inZone = (record: Resource, path: AttributePath, nameOf: string, to: readonly string[]): readonly Answer[] => {
    if (record.mode !== 'managed' || !KINDS.has(textAt(record, [...path, 'type']) ?? '')) return [];
    const zones = record.references('zone_id', { types: [ZONE, NAMESPACE] }).targets;
    const at = [...new Set(zones.flatMap((zone) => (zone.type === ZONE ? networksOf(zone) : networksOfNamespace(model, zone, everywhere))))];
    const [zone = ''] = zones.flatMap((each) => textAt(each, 'name') ?? []).map(plainName);
    const own = plainName(textAt(record, [...path, nameOf]) ?? '');
    const name = zone === '' || own === zone || own.endsWith(`.${zone}`) ? own : own === '' ? zone : `${own}.${zone}`;
    const isDoubtful = zones.length === 0 && isSet(record, 'zone_id');
    return at.length > 0 || isDoubtful ? [{ address: record.address, name, networks: isDoubtful ? everywhere : at, to: to.map(plainName), isDoubtful }] : [];
  };
  return [
    ...graph.ofType('aws_route53_record').flatMap((record) => inZone(record, [], 'name', [...textsAt(record, 'records'), ...aliasesAt(record, [['alias', '*', 'name']])])),
    // Whatever else a zone holds goes, and these are what it answers.
    ...graph.ofType('aws_route53_records_exclusive').flatMap((holder) => holder.elements('resource_record_set').flatMap((set) => inZone(holder, set, 'name', [
      ...holder.elements([...set, 'resource_records']).flatMap((each) => textAt(holder, [...each, 'value']) ?? []), ...aliasesAt(holder, [[...set, 'alias_target', '*', 'dns_name']]),
    ]))),
    ...registered(model, everywhere),
  ];
}

function networksAt({ find }: Zones, holder: Resource, path: AttributePath): readonly string[] {
  return expanded(holder, [path]).flatMap((own) => {
    const made = holder.references(own, NETWORKS).targets.flatMap((vpc) => find.network(vpc)?.address ?? []);
    return made.length > 0 ? made : textAt(holder, own) ?? [];
  });
}

const associated = (model: Zones, zone: Resource): readonly string[] => model.graph.referrers(zone, ['aws_route53_zone_association']).flatMap(({ resource }) => networksAt(model, resource, ['vpc_id']));

/** Aliases to what the plan does not make. */
function aliasesAt(record: Resource, paths: readonly AttributePath[]): readonly string[] {
  return expanded(record, paths).filter((path) => !record.references(path).targets.some((target) => target !== record && target.mode === 'managed')).flatMap((path) => textAt(record, path) ?? []);
}

const NAMESPACE = 'aws_service_discovery_private_dns_namespace';
const SERVICE = 'aws_service_discovery_service';
/** https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html */
const REGISTERED = ['AWS_INSTANCE_IPV4', 'AWS_INSTANCE_IPV6', 'AWS_INSTANCE_CNAME', 'AWS_ALIAS_DNS_NAME'];

/** A namespace has a private zone of its own. https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-namespaces.html */
function networksOfNamespace(model: Zones, namespace: Resource, everywhere: readonly string[]): readonly string[] {
  return namespace.mode === 'data' ? (textAt(namespace, 'type') === 'DNS_PRIVATE' ? everywhere : []) : [...networksAt(model, namespace, ['vpc']), ...associated(model, namespace)];
}

/** Instances that the plan registers; all of a service have its name. */
function registered(model: Zones, everywhere: readonly string[]): readonly Answer[] {
  const to = new Map<Resource, { address: string; text: string }[]>();
  for (const instance of model.graph.ofType('aws_service_discovery_instance')) {
    const texts = instance.mode === 'managed' ? REGISTERED.flatMap((name) => textAt(instance, ['attributes', name]) ?? []) : [];
    for (const service of instance.references('service_id', { types: [SERVICE] }).targets) for (const text of texts) append(to, service, { address: instance.address, text: plainName(text) });
  }
  return [...to].flatMap(([service, instances]) => [['dns_config', 0, 'namespace_id'], ['namespace_id']].flatMap((path) => service.references(path, { types: [NAMESPACE, 'aws_service_discovery_dns_namespace'] }).targets).slice(0, 1).flatMap((namespace): readonly Answer[] => {
    const networks = networksOfNamespace(model, namespace, everywhere);
    const name = plainName(`${textAt(service, 'name') ?? ''}.${textAt(namespace, 'name') ?? ''}`);
    return networks.length > 0 ? [{ address: instances[0]!.address, name, networks, to: instances.map(({ text }) => text), isDoubtful: false }] : [];
  }));
}

/** Where a name leads that the plan answers, too: to the end, or for as many steps as resolvers take. */
export function followed(target: string, byName: ReadonlyMap<string, Answer>, steps = 8): readonly string[] {
  const next = byName.get(target);
  return next && steps > 0 ? next.to.flatMap((each) => followed(each, byName, steps - 1)) : [target];
}

const isAddress = (text: string): boolean => /^[\d.]+$|:/.test(text);

/** Whether a text is an address on the internet. */
export function isPublicAddress(text: string): boolean {
  return isAddress(text) && ([4, 6] as const).some((family) => !isEmpty(intersect(rangesIn([text], family), INTERNET[family])));
}

const RULED = [['aws_route53_resolver_rule_association', 'vpc_id'], ['aws_route53profiles_association', 'resource_id']] as const;

/**
 * What the resolver of a network says of a name: that it is inside, that it leads out, or nothing that the plan tells. Rules that have others asked come before zones,
 * and profiles bring both. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
 */
export function leadsOf(name: string, network: string, answers: readonly Answer[], zones: Zones): 'inside' | 'out' | undefined {
  const here = answers.filter((answer) => answer.networks.includes(network) && !answer.isDoubtful);
  const meant = here.filter((answer) => answer.name === name || (answer.name.startsWith('*.') && name.endsWith(answer.name.slice(1))));
  const byName = new Map(here.map((answer) => [answer.name, answer]));
  const ends = meant.flatMap(({ to }) => to).flatMap((each) => followed(each, byName));
  if (ends.some((each) => !isAddress(each) || isPublicAddress(each))) return 'out';
  const isRuled = RULED.some(([type, path]) => zones.graph.ofType(type).some((each) => each.mode === 'managed' && (each.unknownAt(path) !== undefined || networksAt(zones, each, [path]).includes(network))));
  return ends.length > 0 && meant.every((answer) => answer.name === name) && !isRuled ? 'inside' : undefined;
}
