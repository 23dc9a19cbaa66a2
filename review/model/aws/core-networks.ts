/**
 * Core networks of Cloud WAN. Each segment has a table, and each network function group: static routes, those that send
 * what has no other to a group, and what others announce. Networks announce their own ranges alone.
 * https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-how-routing-works.html
 * https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policy-service-insertion.html
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { INTERNET } from '../addresses';
import { intersect, isEmpty } from '../ranges';
import { attachedAs, domainOf } from './core-domains';
import { corePolicyOf, isAmong, type CoreAction, type CorePolicy, type CoreSegment } from './core-policies';
import type { Networks } from './networks';
import { prefixOf, type Prefix } from './prefix-lists';
import { choose, everyOf, flagAt, NO_CHOICE, textAt, type Choice } from './read';
import type { AwsSubnet, Subnets } from './subnets';
import type { AwsAttachment, AwsTransit, TransitRoute, TransitTable } from './transit';

const CORE = 'aws_networkmanager_core_network';
const POLICY = 'aws_networkmanager_core_network_policy_attachment';
const VPC = 'aws_networkmanager_vpc_attachment';
const PEERING = 'aws_networkmanager_transit_gateway_peering';
/** A table of a transit gateway that exchanges routes with a segment. https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-peerings.html */
export const TABLE_ATTACHMENT = 'aws_networkmanager_transit_gateway_route_table_attachment';
/** By the names that policies have for them. */
export const ATTACHMENT_KINDS: Readonly<Record<string, string>> = {
  [VPC]: 'vpc', aws_networkmanager_connect_attachment: 'connect', aws_networkmanager_site_to_site_vpn_attachment: 'site-to-site-vpn',
  aws_networkmanager_dx_gateway_attachment: 'direct-connect-gateway', [TABLE_ATTACHMENT]: 'transit-gateway-route-table',
};
const ATTACHMENTS = Object.keys(ATTACHMENT_KINDS);
/** What accepts an attachment that another account asks for. */
const ACCEPTER = 'aws_networkmanager_attachment_accepter';

/** A segment, or a group. */
type Domains = ReadonlyMap<Resource, Choice<string>>;

/** As transit gateways: with a table of its own for each segment, and nothing by default. */
export function coreNetworksOf(graph: ResourceGraph, networks: Networks, subnets: Subnets): readonly AwsTransit[] {
  return graph.ofType(CORE).map((resource) => ({ address: resource.address, resource, attachments: attachmentsOf(resource, graph, networks, subnets), hasFirewall: false, defaultAssociation: false, defaultPropagation: false }));
}

function attachmentsOf(core: Resource, graph: ResourceGraph, networks: Networks, subnets: Subnets): readonly AwsAttachment[] {
  const peerings = graph.referrers(core, [PEERING]).map(({ resource }) => resource);
  const all = [...new Set([...graph.referrers(core, ATTACHMENTS), ...peerings.flatMap((peering) => graph.referrers(peering, ATTACHMENTS))].map(({ resource }) => resource)), ...foreignTo(core, graph)];
  const holders = graph.referrers(core, [POLICY]).filter(({ path }) => path[0] === 'core_network_id');
  const [holder] = holders;
  const policy = holder === undefined ? `the policy of ${core.address} is not in the plan` : holders.length > 1 || !holder.exact ? `which policy ${core.address} has is not in the plan` : corePolicyOf(holder.resource);
  const tableOf = typeof policy === 'string' ? () => ({ ...NO_CHOICE, unknown: policy }) : tables(core, policy, all, graph);
  return all.filter(({ type }) => type === VPC).map((resource): AwsAttachment => {
    const chosen: Choice<AwsSubnet> = choose(resource, 'subnet_arns', (target) => subnets.of(target), { types: ['aws_subnet', 'aws_default_subnet'] });
    const own = everyOf(chosen);
    const [network] = networks.at(resource, 'vpc_arn').likely;
    return {
      address: resource.address, resource, ...(network ? { network } : {}), subnets: own, ownSubnets: [], namedSubnets: [], applianceMode: flagAt(resource, 'options[0].appliance_mode_support') === true, table: tableOf(resource),
      ...(chosen.widened === undefined || own.length < 2 ? {} : { subnetsUnknown: chosen.widened }),
    };
  });
}

/** Attachments of other accounts that may announce routes: of the core network of an accepter nothing is said before it exists. */
function foreignTo(core: Resource, graph: ResourceGraph): readonly Resource[] {
  return graph.ofType(ACCEPTER).filter((accepter) => {
    const [of, own] = [textAt(accepter, 'core_network_id'), textAt(core, 'id')];
    return textAt(accepter, 'attachment_type') !== 'VPC' && !accepter.references('attachment_id', { types: ATTACHMENTS }).targets.some(({ mode }) => mode === 'managed') && (of === undefined || own === undefined || of === own);
  });
}

/** By the name that policies have for it. */
function kindOf(attachment: Resource): string | undefined {
  return ATTACHMENT_KINDS[attachment.type] ?? textAt(attachment, 'attachment_type')?.toLowerCase().replaceAll('_', '-');
}

/** Which table packets from an attachment follow. */
function tables(core: Resource, policy: CorePolicy, attachments: readonly Resource[], graph: ResourceGraph): (attachment: Resource) => Choice<TransitTable> {
  const domains: Domains = new Map(attachments.map((each) => [each, domainOf(policy, each, attachedAs(each, kindOf(each), graph))]));
  const table = (label: string, routes: readonly TransitRoute[], propagating: readonly Resource[], taught: ReadonlySet<Resource> = new Set()): TransitTable => ({ address: core.address, label, resource: core, routes, propagating, taught, isDefault: false, possible: [] });
  // Networks of one segment know the ways to each other, unless it keeps them apart.
  const together = ({ name, isolated }: CoreSegment) => new Set(isolated ? [] : [...domains].filter(([{ type }, { likely }]) => type === VPC && likely.includes(name)).map(([attachment]) => attachment));
  const byName = new Map([
    ...[...policy.segments].map(([name, segment]) => [name, table(`segment ${name}`, routesOf(name, policy, domains), announcing(policy, domains, (other) => takesFrom(policy, name, other)), together(segment))] as const),
    ...policy.groups.map((name) => [name, table(`network function group ${name}`, knownToGroup(name, policy, domains), announcing(policy, domains, (other) => isSeenBy(policy, name, other)))] as const),
  ]);
  const none = table('no segment', [], []);
  return (attachment) => {
    const { likely, others, ...why } = domains.get(attachment) ?? NO_CHOICE;
    // What no rule puts anywhere waits for a tag, and nothing is carried until then.
    if (likely.length + others.length === 0 && why.unknown === undefined) return { likely: [none], others: [] };
    const of = (names: readonly string[]) => names.map((name) => byName.get(name) ?? none);
    return { likely: of(likely), others: of(others), ...why };
  };
}

/** What announces routes of networks elsewhere, and may be in a domain from which they are taken. */
function announcing(policy: CorePolicy, domains: Domains, takes: (from: string) => boolean): readonly Resource[] {
  return [...domains].filter(([{ type }, domain]) => type !== VPC && (domain.unknown !== undefined || everyOf(domain).some((name) => policy.segments.has(name) && takes(name)))).map(([attachment]) => attachment);
}

function isJoined({ actions }: CorePolicy, kind: string, name: string, other: string): boolean {
  return actions.some((action) => action.kind === kind && ((action.segment === name && isAmong(action.others, other)) || (action.segment === other && isAmong(action.others, name))));
}

/** Whether what is announced in another segment comes to this one as it is, and not by way of a group. */
function takesFrom(policy: CorePolicy, name: string, other: string): boolean {
  if (isJoined(policy, 'send-via', name, other)) return false;
  const own = policy.segments.get(name);
  if (name === other) return own?.isolated !== true;
  return own?.denies?.includes(other) !== true && own?.allows?.includes(other) !== false && isJoined(policy, 'share', name, other);
}

/** Whether a group sees packets of a segment, and so knows where to hand them on to. */
function isSeenBy({ actions }: CorePolicy, group: string, segment: string): boolean {
  return actions.some(({ kind, segment: own, others, groups }) => (kind === 'send-via' || kind === 'send-to') && groups?.includes(group) !== false && (own === segment || (kind === 'send-via' && isAmong(others, segment))));
}

function routesOf(segment: string, policy: CorePolicy, domains: Domains): readonly TransitRoute[] {
  return policy.actions.filter((action) => action.segment === segment).flatMap((action) => {
    if (action.kind === 'create-route') return [staticRoute(action, policy, domains)];
    return action.kind === 'send-to' ? [groupRoute(action, policy, domains)] : [];
  }).concat(policy.actions.filter(({ kind }) => kind === 'send-via').flatMap((action) => redirected(segment, action, policy, domains)), summarized(segment, policy, domains));
}

/** A summary for addresses of the internet leads to whatever it was made of: any attachment, as far as the policy tells. */
function summarized(segment: string, { source, summaries }: CorePolicy, domains: Domains): readonly TransitRoute[] {
  return summaries.filter((cidr) => cidr === undefined || prefixesOf([cidr]).some(({ family, range }) => !isEmpty(intersect([range], INTERNET[family])))).map((cidr) => ({
    address: source.address, destination: cidr ?? '?', prefixes: [], blackhole: false, unknown: `whether segment ${segment} has the summary ${cidr ?? 'of a routing policy'} as a route AWS does not say`,
    attachment: { likely: [], others: [...domains.keys()] },
  }));
}

/**
 * What is announced in segments that a group stands before is sent to the group: without a share, too, and in a segment that
 * isolates its attachments. Of static routes to there AWS does not say whether they are.
 */
function redirected(segment: string, action: CoreAction, policy: CorePolicy, domains: Domains): readonly TransitRoute[] {
  const isBehind = (other: string) => (action.segment === segment && isAmong(action.others, other)) || (action.segment === other && isAmong(action.others, segment));
  const [announced] = announcing(policy, domains, isBehind);
  const hasStatic = policy.actions.some((each) => each.kind === 'create-route' && each.segment === segment && everyOf(destinationsOf(each, policy, [...domains.keys()])).some((target) => { const domain = domains.get(target); return !domain || everyOf(domain).some(isBehind); }));
  if (!announced && !hasStatic) return [];
  const unknown = announced ? `which routes ${announced.address} announces to ${policy.source.address} is not in the plan` : `whether static routes of segment ${segment} lead through ${policy.groups.join(', ')} AWS does not say`;
  return [{ ...groupRoute(action, policy, domains), prefixes: [], unknown }];
}

/** Whether a group knows static routes of the segments whose packets it sees AWS does not say. */
function knownToGroup(group: string, policy: CorePolicy, domains: Domains): readonly TransitRoute[] {
  const unknown = `whether ${group} knows static routes of segments AWS does not say`;
  return policy.actions.filter(({ kind, segment }) => kind === 'create-route' && isSeenBy(policy, group, segment)).map((action) => ({ ...staticRoute(action, policy, domains), prefixes: [], unknown })).filter(({ blackhole }) => !blackhole);
}

const EVERYTHING = prefixesOf(['0.0.0.0/0', '::/0']);

function prefixesOf(cidrs: readonly string[]): readonly Prefix[] {
  return cidrs.flatMap((each) => prefixOf(each) ?? []);
}

function staticRoute(action: CoreAction, policy: CorePolicy, domains: Domains): TransitRoute {
  const { cidrs, destinations } = action;
  const found = destinationsOf(action, policy, [...domains.keys()]);
  const attached = found.likely.filter((each) => !isNowhere(domains.get(each)));
  return {
    address: policy.source.address, destination: cidrs?.join(', ') ?? '?', prefixes: cidrs ? prefixesOf(cidrs) : EVERYTHING,
    blackhole: cidrs !== undefined && (destinations.includes('blackhole') || (found.likely.length > 0 && found.others.length === 0 && found.unknown === undefined && attached.length === 0)), attachment: { ...found, likely: attached },
    ...(cidrs ? {} : { unknown: `${policy.source.address}: the plan does not tell which addresses a route of segment ${action.segment} is for` }),
  };
}

/** By id, by what a template reads the id of, or as blocks refer to it. */
function destinationsOf({ destinations, path }: CoreAction, { source }: CorePolicy, attachments: readonly Resource[]): Choice<Resource> {
  if (path) return choose(source, path, (target) => target, { types: ATTACHMENTS });
  const named = destinations.map((text) => attachments.find((each) => textAt(each, 'id') === text || text === `\${${each.address}.id}`) ?? text);
  const lost = named.find((each) => typeof each === 'string' && each !== 'blackhole');
  return { likely: named.filter((each) => typeof each !== 'string'), others: [], ...(typeof lost === 'string' ? { unknown: `${lost} of ${source.address} is not in the plan` } : {}) };
}

/** What leaves for anywhere else goes to one of the group's attachments; without any it is dropped, unless another plan has them. */
function groupRoute({ groups, segment }: CoreAction, policy: CorePolicy, domains: Domains): TransitRoute {
  const isIn = (names: readonly string[]) => names.some((name) => groups?.includes(name) ?? policy.groups.includes(name));
  const likely = [...domains].filter(([, { likely: names }]) => isIn(names)).map(([attachment]) => attachment);
  const others = [...domains].filter(([, { others: names }]) => isIn(names)).map(([attachment]) => attachment);
  const name = `network function group ${groups?.join(', ') ?? '?'}`;
  return {
    address: policy.source.address, destination: '0.0.0.0/0', prefixes: EVERYTHING, blackhole: false,
    attachment: likely.length + others.length === 0 ? { ...NO_CHOICE, unknown: `no attachment of ${name}, to which segment ${segment} sends, is in the plan` } : { likely, others, widened: others.length > 0 ? `what is in ${name} the plan does not tell` : `which attachment of ${name} takes it depends on its region` },
  };
}

function isNowhere(domain: Choice<string> | undefined): boolean {
  return domain !== undefined && domain.unknown === undefined && everyOf(domain).length === 0;
}
