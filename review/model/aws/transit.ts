/**
 * Transit gateways: which table an attachment follows, and where that leads.
 * https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
 */
import { append } from './append';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AwsNetwork, Networks } from './networks';
import { prefixOf, type Prefix } from './prefix-lists';
import { choose, flagAt, isSet, textAt, type Choice } from './read';
import type { AwsSubnet, Subnets } from './subnets';

export interface AwsAttachment {
  readonly address: string;
  readonly resource: Resource;
  readonly network?: AwsNetwork;
  readonly subnets: readonly AwsSubnet[];
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
}

export interface TransitTable {
  readonly address: string;
  readonly resource: Resource;
  readonly routes: readonly TransitRoute[];
  /** Attachments that add what they know; those of VPCs add private ranges only. */
  readonly propagating: readonly Resource[];
  readonly isDefault: boolean;
}

export interface AwsTransit {
  readonly address: string;
  readonly resource: Resource;
  readonly attachments: readonly AwsAttachment[];
  readonly defaultAssociation: boolean;
  readonly defaultPropagation: boolean;
}

const ATTACHMENT = 'aws_ec2_transit_gateway_vpc_attachment';
const TABLES = ['aws_ec2_transit_gateway_route_table', 'aws_ec2_transit_gateway'];
const ANY_ATTACHMENT = [ATTACHMENT, 'aws_ec2_transit_gateway_peering_attachment', 'aws_ec2_transit_gateway_connect', 'aws_vpn_connection', 'aws_dx_gateway_association', 'aws_networkfirewall_firewall'];

export class Transits {
  readonly all: readonly AwsTransit[];
  private readonly byResource = new Map<Resource, AwsTransit>();
  private readonly attachmentOf = new Map<Resource, AwsAttachment>();
  private readonly tables = new Map<Resource, TransitTable>();

  constructor(private readonly graph: ResourceGraph, private readonly networks: Networks, private readonly subnets: Subnets) {
    this.readTables();
    this.all = graph.ofType('aws_ec2_transit_gateway').map((resource) => this.read(resource));
  }

  of(resource: Resource): AwsTransit | undefined {
    return this.byResource.get(resource);
  }

  attachment(resource: Resource): AwsAttachment | undefined {
    return this.attachmentOf.get(resource);
  }

  private readTables(): void {
    const routes = new Map<Resource, TransitRoute[]>();
    const propagating = new Map<Resource, Resource[]>();
    for (const route of this.graph.ofType('aws_ec2_transit_gateway_route')) {
      const destination = textAt(route, 'destination_cidr_block');
      // A destination that is not known may be every address.
      const prefixes = (destination === undefined ? ['0.0.0.0/0', '::/0'] : [destination]).flatMap((cidr) => prefixOf(cidr) ?? []);
      const read: TransitRoute = {
        address: route.address,
        destination: destination ?? '?',
        prefixes,
        blackhole: flagAt(route, 'blackhole') === true,
        attachment: choose(route, 'transit_gateway_attachment_id', (target) => target, { types: ANY_ATTACHMENT }),
      };
      for (const table of route.references('transit_gateway_route_table_id', { types: TABLES }).targets) append(routes, table, read);
    }
    for (const propagation of this.graph.ofType('aws_ec2_transit_gateway_route_table_propagation')) {
      const attachments = propagation.references('transit_gateway_attachment_id', { types: ANY_ATTACHMENT }).targets;
      for (const table of propagation.references('transit_gateway_route_table_id', { types: TABLES }).targets) for (const attachment of attachments) append(propagating, table, attachment);
    }
    for (const type of TABLES) {
      for (const resource of this.graph.ofType(type)) {
        this.tables.set(resource, { address: resource.address, resource, routes: routes.get(resource) ?? [], propagating: propagating.get(resource) ?? [], isDefault: type === 'aws_ec2_transit_gateway' });
      }
    }
  }

  private read(resource: Resource): AwsTransit {
    const defaultAssociation = textAt(resource, 'default_route_table_association') !== 'disable';
    const defaultPropagation = textAt(resource, 'default_route_table_propagation') !== 'disable';
    const own = this.graph.referrers(resource, [ATTACHMENT]).filter(({ path }) => path[0] === 'transit_gateway_id').map((referrer) => referrer.resource);
    const attachments = [...new Set(own)].map((attachment) => this.attach(attachment, resource, defaultAssociation));
    const transit: AwsTransit = { address: resource.address, resource, attachments, defaultAssociation, defaultPropagation };
    this.byResource.set(resource, transit);
    return transit;
  }

  private attach(attachment: Resource, transit: Resource, defaultAssociation: boolean): AwsAttachment {
    const associations = this.graph.referrers(attachment, ['aws_ec2_transit_gateway_route_table_association']).filter(({ path }) => path[0] === 'transit_gateway_attachment_id');
    const explicit = associations.map(({ resource }) => choose(resource, 'transit_gateway_route_table_id', (target) => this.tables.get(target), { types: TABLES }));
    const byDefault = this.tables.get(transit);
    const isDefault = defaultAssociation && flagAt(attachment, 'transit_gateway_default_route_table_association') !== false;
    const network = this.networks.at(attachment, 'vpc_id').likely[0];
    const read: AwsAttachment = {
      address: attachment.address,
      resource: attachment,
      ...(network ? { network } : {}),
      subnets: isSet(attachment, 'subnet_ids') ? attachment.references('subnet_ids', { types: ['aws_subnet', 'aws_default_subnet'] }).likely.flatMap((target) => this.subnets.of(target) ?? []) : [],
      applianceMode: textAt(attachment, 'appliance_mode_support') === 'enable',
      table: explicit[0] ?? (isDefault && byDefault ? { likely: [byDefault], others: [] } : { likely: [], others: [], unknown: `the route table of ${attachment.address} is not in the plan` }),
    };
    this.attachmentOf.set(attachment, read);
    return read;
  }
}
