/**
 * Transit gateways, and core networks beside them: which table an attachment follows, and where that leads.
 * https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
 */
import { append } from '../../append';
import type { Referrer, Resource, ResourceGraph } from '../../plan/resource-graph';
import { coreNetworksOf, TABLE_ATTACHMENT } from './core-networks';
import type { AwsNetwork, Networks } from './networks';
import { calledAfter } from './own-names';
import { prefixOf, type Prefix, type PrefixLists } from './prefix-lists';
import { certain, choose, everyOf, flagAt, isFound, isSet, joined, NO_CHOICE, onlyOf, possible, textAt, type Choice } from './read';
import type { AwsSubnet, Subnets } from './subnets';

export interface AwsAttachment {
  readonly address: string;
  readonly resource: Resource;
  readonly network?: AwsNetwork;
  readonly subnets: readonly AwsSubnet[];
  /** Those of them that are there for nothing else in a network with a firewall, as far as the plan tells. */
  readonly ownSubnets: readonly AwsSubnet[];
  /** Those that are called after it: in any network. */
  readonly namedSubnets: readonly AwsSubnet[];
  /** Why it may stand in only some of these. */
  readonly subnetsUnknown?: string;
  readonly applianceMode: boolean;
  /** The tables that packets from it may follow. */
  readonly table: Choice<TransitTable>;
}

export interface TransitRoute {
  readonly address: string;
  readonly destination: string;
  readonly prefixes: readonly Prefix[];
  readonly blackhole: boolean;
  readonly attachment: Choice<Resource>;
  /** True of one to a prefix list. */
  readonly givesWay?: boolean;
  /** Why it may take more addresses than it says. */
  readonly unknown?: string;
}

export interface TransitTable {
  readonly address: string;
  /** What it is called within what it is a table of. */
  readonly label?: string;
  readonly resource: Resource;
  readonly routes: readonly TransitRoute[];
  /** Attachments that add what they know; those of VPCs add private ranges only. */
  readonly propagating: readonly Resource[];
  /** Those of them that most likely do. */
  readonly taught: ReadonlySet<Resource>;
  readonly isDefault: boolean;
  /** What makes it learn routes from an attachment that is not in the plan. */
  readonly learning?: string;
  /** Routes of tables that only the apply finds: they may be in it. */
  readonly possible: readonly TransitRoute[];
}

export interface AwsTransit {
  readonly address: string;
  readonly resource: Resource;
  readonly attachments: readonly AwsAttachment[];
  /** Whether a firewall is, or may be, an attachment of it. */
  readonly hasFirewall: boolean;
  readonly defaultAssociation: boolean;
  readonly defaultPropagation: boolean;
}

interface Default {
  readonly by: Resource;
  readonly tables: readonly Resource[];
}

/** What people call the subnets of attachments. */
const OWN_NAME = /tgw|transit|attach/i;

const ATTACHMENT = 'aws_ec2_transit_gateway_vpc_attachment';
/** The same attachment, as the account of the transit gateway knows it. */
const ACCEPTER = 'aws_ec2_transit_gateway_vpc_attachment_accepter';
const ASSOCIATION = 'aws_ec2_transit_gateway_route_table_association';
const TABLES = ['aws_ec2_transit_gateway_route_table', 'aws_ec2_transit_gateway'];
/** A firewall may be an attachment itself. https://docs.aws.amazon.com/network-firewall/latest/developerguide/tgw-firewall.html */
const FIREWALL = 'aws_networkfirewall_firewall';
const FIREWALL_ACCEPTER = 'aws_networkfirewall_firewall_transit_gateway_attachment_accepter';
/** Of two transit gateways: each side has a table of its own for what comes from the other. https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html */
const PEERING = 'aws_ec2_transit_gateway_peering_attachment';
const PEERING_ACCEPTER = 'aws_ec2_transit_gateway_peering_attachment_accepter';
/** What accepts an attachment has its id, too. */
const ACCEPTED: Readonly<Record<string, string>> = { [ACCEPTER]: ATTACHMENT, [FIREWALL_ACCEPTER]: FIREWALL, [PEERING_ACCEPTER]: PEERING };
const ANY_ATTACHMENT = [ATTACHMENT, ACCEPTER, PEERING, PEERING_ACCEPTER, 'aws_ec2_transit_gateway_connect', 'aws_vpn_connection', 'aws_vpn_concentrator', 'aws_dx_gateway_association', 'aws_dx_gateway_association_proposal', FIREWALL, FIREWALL_ACCEPTER];
/** What announces routes of other networks, and the attribute that names the transit gateway. */
const ANNOUNCING = [['aws_vpn_connection', 'transit_gateway_id'], ['aws_vpn_concentrator', 'transit_gateway_id'], ['aws_ec2_transit_gateway_connect', 'transit_gateway_id'], ['aws_dx_gateway_association', 'associated_gateway_id'], ['aws_dx_gateway_association_proposal', 'associated_gateway_id']] as const;

export class Transits {
  readonly all: readonly AwsTransit[];
  private readonly byResource = new Map<Resource, AwsTransit>();
  private readonly attachmentOf = new Map<Resource, AwsAttachment>();
  private readonly tables = new Map<Resource, TransitTable>();
  /** By firewall that is attached: the tables that packets from it may follow. */
  private readonly behindFirewalls = new Map<Resource, Choice<TransitTable>>();
  /** By transit gateway: the tables that attachments follow by default, where somebody says which, and who says it. */
  private readonly followed = new Map<Resource, Default>();
  /** Associations of attachments that only the apply finds. */
  private readonly loose: readonly Resource[];

  constructor(private readonly graph: ResourceGraph, private readonly networks: Networks, private readonly subnets: Subnets, private readonly lists: PrefixLists) {
    this.loose = graph.ofType(ASSOCIATION).filter((each) => isFound(each, 'transit_gateway_attachment_id', ANY_ATTACHMENT));
    this.readTables();
    const cores = coreNetworksOf(graph, networks, subnets);
    for (const core of cores) this.keep(core);
    this.all = [...graph.ofType('aws_ec2_transit_gateway').map((resource) => this.read(resource)), ...cores];
    for (const firewall of graph.ofType(FIREWALL)) {
      if (!isSet(firewall, 'transit_gateway_id')) continue;
      const transits = firewall.references('transit_gateway_id', { types: ['aws_ec2_transit_gateway'] }).likely.flatMap((target) => this.byResource.get(target) ?? []);
      this.behindFirewalls.set(firewall, this.followedBy(firewall, [firewall, ...this.named(firewall, FIREWALL_ACCEPTER).map(({ resource }) => resource)], transits[0]?.resource, transits[0]?.defaultAssociation === true));
    }
  }

  /** Also by an attachment to a core network, whose ARN it has. */
  of(resource: Resource): AwsTransit | undefined {
    return this.byResource.get(resource);
  }

  attachment(resource: Resource): AwsAttachment | undefined {
    return this.attachmentOf.get(resource);
  }

  /** The tables that what a firewall lets through may follow; undefined for what is no attachment. */
  behindFirewall(resource: Resource): Choice<TransitTable> | undefined {
    return this.behindFirewalls.get(resource);
  }

  /** The tables that packets follow which leave a table by a peering; undefined where the plan does not have both sides. */
  beyondPeering(resource: Resource, { resource: table }: TransitTable): Choice<TransitTable> | undefined {
    if (resource.type !== PEERING) return undefined;
    const sides = ['transit_gateway_id', 'peer_transit_gateway_id'].map((side) => onlyOf(choose(resource, side, (target) => this.byResource.get(target), { types: ['aws_ec2_transit_gateway'] })));
    const near = sides.find((side) => side !== undefined && this.isOf(table, side.resource));
    const [far, ...others] = sides.filter((side) => side !== near);
    if (!near || !far || others.length > 0) return undefined;
    return this.followedBy(resource, [resource, ...this.named(resource, PEERING_ACCEPTER).map((referrer) => referrer.resource)], far.resource, far.defaultAssociation);
  }

  private keep(core: AwsTransit): void {
    this.byResource.set(core.resource, core);
    for (const attachment of core.attachments) {
      this.byResource.set(attachment.resource, core);
      this.attachmentOf.set(attachment.resource, attachment);
    }
  }

  private isOf(table: Resource, transit: Resource): boolean {
    return table === transit || (table.type !== transit.type && table.references('transit_gateway_id', { types: [transit.type] }).targets.includes(transit));
  }

  /** What is accepted, for what accepts it. */
  private accepted(resource: Resource): Resource {
    const type = ACCEPTED[resource.type];
    return type === undefined ? resource : resource.references('transit_gateway_attachment_id', { types: [type] }).likely[0] ?? resource;
  }

  private named(resource: Resource, type: string): readonly Referrer[] {
    return this.graph.referrers(resource, [type]).filter(({ path }) => path[0] === 'transit_gateway_attachment_id');
  }

  private readTables(): void {
    const routes = new Map<Resource, TransitRoute[]>();
    const propagating = new Map<Resource, Resource[]>();
    const taught = new Map<Resource, Resource[]>();
    const learning = new Map<Resource, string>();
    const anywhere: TransitRoute[] = [];
    for (const type of ['aws_ec2_transit_gateway_route', 'aws_ec2_transit_gateway_prefix_list_reference']) {
      for (const route of this.graph.ofType(type)) {
        const read = this.route(route);
        const tables = route.references('transit_gateway_route_table_id', { types: TABLES });
        if (!read.blackhole && isFound(route, 'transit_gateway_route_table_id', TABLES)) anywhere.push(read);
        for (const table of tables.targets) {
          // One that may be of another table stops nothing here.
          if (tables.exact || !read.blackhole) append(routes, table, read);
        }
      }
    }
    for (const propagation of this.graph.ofType('aws_ec2_transit_gateway_route_table_propagation')) {
      const attachments = propagation.references('transit_gateway_attachment_id', { types: ANY_ATTACHMENT }).targets.map((target) => this.accepted(target));
      const [attachment, ...moreAttachments] = choose(propagation, 'transit_gateway_attachment_id', (target) => this.accepted(target), { types: ANY_ATTACHMENT }).likely;
      const [table, ...moreTables] = choose(propagation, 'transit_gateway_route_table_id', (target) => target, { types: TABLES }).likely;
      if (attachment && table && moreAttachments.length + moreTables.length === 0) append(taught, table, attachment);
      for (const each of propagation.references('transit_gateway_route_table_id', { types: TABLES }).targets) {
        if (attachments.length === 0) learning.set(each, propagation.address);
        for (const known of attachments) append(propagating, each, known);
      }
    }
    // What a search finds during the apply may be any table of the plan.
    const found = this.graph.ofType('aws_ec2_transit_gateway_route_table_propagation').find((propagation) => isFound(propagation, 'transit_gateway_route_table_id', TABLES));
    for (const attachment of this.graph.ofType(TABLE_ATTACHMENT)) for (const table of attachment.references('transit_gateway_route_table_arn', { types: TABLES }).targets) learning.set(table, attachment.address);
    this.readDefaults(propagating);
    for (const type of TABLES) {
      for (const resource of this.graph.ofType(type)) {
        const learnt = learning.get(resource) ?? found?.address;
        this.tables.set(resource, {
          address: resource.address, resource, routes: routes.get(resource) ?? [], propagating: propagating.get(resource) ?? [], taught: new Set(taught.get(resource)), isDefault: type === 'aws_ec2_transit_gateway', possible: anywhere, ...(learnt === undefined ? {} : { learning: learnt }),
        });
      }
    }
  }

  private route(route: Resource): TransitRoute {
    const lists = this.lists.at(route, 'prefix_list_id');
    const cidr = textAt(route, 'destination_cidr_block');
    const cidrs = [...(cidr === undefined ? [] : [cidr]), ...lists.flatMap((list) => list.cidrs)];
    // A destination that is not known may be every address.
    const isHidden = cidr === undefined && lists.length === 0;
    const unknown = lists.find((list) => list.unknown !== undefined)?.unknown;
    return {
      address: route.address,
      destination: cidr ?? lists[0]?.address ?? '?',
      prefixes: (isHidden ? ['0.0.0.0/0', '::/0'] : cidrs).flatMap((each) => prefixOf(each) ?? []),
      ...(lists.length === 0 ? {} : { givesWay: true }),
      blackhole: !isHidden && flagAt(route, 'blackhole') === true,
      attachment: choose(route, 'transit_gateway_attachment_id', (target) => this.accepted(target), { types: ANY_ATTACHMENT }),
      ...(unknown === undefined ? {} : { unknown }),
    };
  }

  /**
   * Which tables attachments follow, and add to, when nobody says: those that AWS makes, or others by
   * `aws_ec2_transit_gateway_default_route_table_association` and `_propagation`, which hold for attachments that come after
   * them. What comes by a VPN, a Connect attachment or Direct Connect is announced there.
   * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyTransitGateway.html
   */
  private readDefaults(propagating: Map<Resource, Resource[]>): void {
    const named = (type: string) => new Map(this.graph.ofType(type).flatMap((each) => each.references('transit_gateway_id', { types: ['aws_ec2_transit_gateway'] }).targets
      .map((transit): readonly [Resource, Default] => [transit, { by: each, tables: each.references('transit_gateway_route_table_id', { types: TABLES }).targets }])));
    for (const [transit, said] of named('aws_ec2_transit_gateway_default_route_table_association')) this.followed.set(transit, said);
    const taught = named('aws_ec2_transit_gateway_default_route_table_propagation');
    for (const [type, attribute] of ANNOUNCING) {
      for (const attachment of this.graph.ofType(type)) {
        if (!isSet(attachment, attribute) || flagAt(attachment, 'transit_gateway_default_route_table_propagation') === false) continue;
        for (const transit of attachment.references(attribute, { types: ['aws_ec2_transit_gateway'] }).targets) {
          const said = taught.get(transit);
          for (const table of said?.tables ?? []) append(propagating, table, attachment);
          if (textAt(transit, 'default_route_table_propagation') !== 'disable' && !isAfter(attachment, said)) append(propagating, transit, attachment);
        }
      }
    }
  }

  private read(resource: Resource): AwsTransit {
    const defaultAssociation = textAt(resource, 'default_route_table_association') !== 'disable';
    const defaultPropagation = textAt(resource, 'default_route_table_propagation') !== 'disable';
    const own = this.graph.referrers(resource, [ATTACHMENT]).filter(({ path }) => path[0] === 'transit_gateway_id').map((referrer) => referrer.resource);
    const attachments = [...new Set(own)].map((attachment) => this.attach(attachment, resource, defaultAssociation));
    const hasFirewall = this.graph.referrers(resource, [FIREWALL]).some(({ path }) => path[0] === 'transit_gateway_id');
    const transit: AwsTransit = { address: resource.address, resource, attachments, hasFirewall, defaultAssociation, defaultPropagation };
    this.byResource.set(resource, transit);
    return transit;
  }

  private attach(attachment: Resource, transit: Resource, defaultAssociation: boolean): AwsAttachment {
    const chosen = this.subnetsOf(attachment);
    const subnets = chosen.likely.length > 0 ? chosen.likely : chosen.others;
    const isTold = chosen.widened === undefined || chosen.isNamed || new Set(subnets.map(({ resource: { moduleAddress, name } }) => `${moduleAddress} ${name}`)).size === 1;
    const owners = this.networks.at(attachment, 'vpc_id').likely;
    const network = owners.length > 1 ? owners.find((each) => subnets.some((subnet) => subnet.network === each)) ?? owners[0] : owners[0];
    const read: AwsAttachment = {
      address: attachment.address,
      resource: attachment,
      ...(network ? { network } : {}),
      subnets,
      ownSubnets: isTold ? subnets : [],
      namedSubnets: isTold ? calledAfter(OWN_NAME, subnets, this.subnets.all) : [],
      ...(chosen.widened === undefined || subnets.length < 2 ? {} : { subnetsUnknown: chosen.widened }),
      applianceMode: textAt(attachment, 'appliance_mode_support') === 'enable',
      table: this.followedBy(attachment, [attachment, ...this.named(attachment, ACCEPTER).map(({ resource }) => resource)], transit, defaultAssociation),
    };
    this.attachmentOf.set(attachment, read);
    return read;
  }

  /**
   * The tables that packets from an attachment may follow.
   *
   * @param known the attachment, and what accepts it
   */
  private followedBy(attachment: Resource, known: readonly Resource[], transit: Resource | undefined, defaultAssociation: boolean): Choice<TransitTable> {
    // https://docs.aws.amazon.com/vpc/latest/tgw/tgw-policy-tables.html
    const [policed] = known.flatMap((each) => this.named(each, 'aws_ec2_transit_gateway_policy_table_association'));
    if (policed) return { ...NO_CHOICE, unknown: `which table what comes by ${attachment.address} follows is said by a policy table (${policed.resource.address})` };
    const associations = known.flatMap((each) => this.named(each, ASSOCIATION));
    const tableOf = (association: Resource) => choose(association, 'transit_gateway_route_table_id', (target) => this.tables.get(target), { types: TABLES });
    const explicit = associations.filter((each) => this.isAbout(each, attachment)).map(({ resource }) => tableOf(resource))
      // Those of a peering are of either side.
      .filter(({ likely }) => attachment.type !== PEERING || transit === undefined || likely.some((table) => this.isOf(table.resource, transit)));
    if (explicit.length > 0) return joined(explicit);
    const maybe = [...associations.filter((each) => !this.isAbout(each, attachment)).map(({ resource }) => resource), ...this.loose].map((resource) => possible(tableOf(resource), `${resource.address}: the plan does not say which attachment is meant`));
    const followed = transit && this.followed.get(transit);
    const byDefault = (followed?.tables ?? (transit ? [transit] : [])).flatMap((table) => this.tables.get(table) ?? []);
    const earlier = transit && followed && defaultAssociation && !known.some((each) => isAfter(each, followed)) ? this.tables.get(transit) : undefined;
    const isDefault = (defaultAssociation || followed !== undefined) && known.every((each) => flagAt(each, 'transit_gateway_default_route_table_association') !== false);
    const fallback: Choice<TransitTable> = isDefault && byDefault.length > 0 ? (earlier && followed ? joined([{ likely: byDefault, others: [] }, possible(certain(earlier), `${attachment.address} may be older than ${followed.by.address}`)]) : { likely: byDefault, others: [] }) : { likely: [], others: [], unknown: `the route table of ${attachment.address} is not in the plan` };
    return maybe.length === 0 ? fallback : this.loose.length > 0 ? joined([fallback, ...maybe]) : guessed(joined(maybe), fallback);
  }

  /** Of those that may be meant rather the ones that are called after what stands there. */
  private subnetsOf(attachment: Resource): Choice<AwsSubnet> & { readonly isNamed?: boolean } {
    if (!isSet(attachment, 'subnet_ids')) return NO_CHOICE;
    const choice = choose(attachment, 'subnet_ids', (target) => this.subnets.of(target), { types: ['aws_subnet', 'aws_default_subnet'] });
    if (choice.widened === undefined) return choice;
    const near = everyOf(choice).filter(({ network }) => choice.likely.some((likely) => likely.network === network));
    const named = calledAfter(OWN_NAME, near, this.subnets.all);
    return named.length === 0 ? choice : { ...choice, likely: named, isNamed: true };
  }

  /** Whether an association means this very attachment, and no other of several. */
  private isAbout({ resource, exact }: Referrer, attachment: Resource): boolean {
    return exact || choose(resource, 'transit_gateway_attachment_id', (target) => this.accepted(target), { types: ANY_ATTACHMENT, asWritten: true }).likely.every((target) => target === attachment);
  }
}

/** Whether an attachment is made once somebody has said which table is the default one. */
function isAfter(attachment: Resource, said: Default | undefined): boolean {
  return said !== undefined && attachment.file === said.by.file && attachment.waitsFor(said.by);
}

/** Of several associations each may be about the attachment, and none of them has to be. */
function guessed(choice: Choice<TransitTable>, fallback: Choice<TransitTable>): Choice<TransitTable> {
  return fallback.likely.length === 0 ? { ...choice, likely: choice.others, others: [] } : joined([fallback, choice]);
}
