/** Peerings, virtual gateways, core networks, service networks, endpoints that services make, services for every account, own services before open places, client VPNs, tunnels, main tables that are swapped, and attachments to a transit gateway of somebody else. */
import { leavingRoutes, placesBySubnet } from '../../model/aws/facts';
import type { AwsModel } from '../../model/aws/model';
import { flagAt, textAt, textsAt } from '../../model/aws/read';
import { answeringBehind } from '../../model/aws/relays';
import { isPrivateLink, servedBy } from '../../model/aws/served-by';
import { SERVICE_CONNECTIONS } from '../../model/aws/service-connections';
import type { Resource } from '../../plan/resource-graph';
import type { Verdict } from '../../paths/verdict';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'uninspected-path',
  title: 'way into another network that no firewall sees',
  severity: 'medium',
  why: 'What crosses a peering or a virtual gateway meets no Network Firewall, and the other network may have ways out of its own.',
  fix: 'Connect networks through a transit gateway and an inspection network, or share single services by endpoints.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/vpc-config.html', 'https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html', 'https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html'],
  comparable: ['checkov CKV2_AWS_44'],
  *run({ model, verdicts }) {
    for (const peering of model.graph.ofType('aws_vpc_peering_connection')) yield { address: peering.address, message: `${peering.address} joins two networks, and no firewall sees what crosses it` };
    for (const type of ['aws_vpn_gateway', 'aws_vpn_gateway_attachment']) {
      for (const gateway of model.graph.ofType(type)) yield { address: gateway.address, message: `${gateway.address} joins the network to others, and no firewall sees what crosses it`, severity: 'low' };
    }
    // The side that accepts stands in another plan than the one that asks, with another provider even in the same.
    const asked = new Set(model.graph.ofType('aws_vpc_peering_connection'));
    for (const accepter of model.graph.ofType('aws_vpc_peering_connection_accepter')) {
      if (!accepter.references('vpc_peering_connection_id').targets.some((target) => asked.has(target))) yield { address: accepter.address, message: `${accepter.address} joins a network to one of somebody else, and no firewall sees what crosses it` };
    }
    for (const [type, what] of JOINING) {
      for (const joint of model.graph.ofType(type)) if (!isFollowed(joint, model) && !isInspected(joint, model)) yield { address: joint.address, message: `${joint.address} ${what}, and no firewall of this network sees what crosses it`, severity: 'low', confidence: 'likely' };
    }
    for (const clients of model.graph.ofType('aws_ec2_client_vpn_endpoint')) {
      if (clients.elements('transit_gateway_configuration').length > 0) yield { address: clients.address, message: `${clients.address} lets clients of a VPN into a transit gateway, and out by its routes, and no firewall of this network sees what crosses it`, severity: 'low', confidence: 'likely' };
    }
    for (const endpoint of model.endpoints) {
      const { address, kind, lattice: { names = [] } = {} } = endpoint;
      // Of what is another party's, another check speaks.
      if (kind === 'other' && endpoint.stranger === undefined && servedBy(endpoint).kind !== 'another') yield { address, message: `${address} lets the network call ${names.length > 0 ? names.join(', ') : 'a resource or a service network'}, and no firewall sees what crosses it`, severity: 'low', confidence: 'likely' };
    }
    yield* relayed(model, verdicts);
    for (const [type, path] of CALLING) {
      for (const endpoint of model.graph.ofType(type)) {
        if (endpoint.mode !== 'managed' || endpoint.references(path).targets.some((target) => target !== endpoint && target.mode === 'managed')) continue;
        yield { address: endpoint.address, message: `${endpoint.address} lets the network call ${textAt(endpoint, path) ?? 'something'}, which is not in the plan, and no firewall sees what crosses it`, severity: 'low', confidence: 'possible' };
      }
    }
    for (const service of model.graph.ofType('aws_vpc_endpoint_service')) {
      if (service.mode === 'managed' && isForEverybody(service, model)) yield { address: service.address, message: `${service.address} lets every account call what stands behind it, and asks nobody`, severity: 'medium', confidence: 'likely' };
    }
    for (const association of model.graph.ofType('aws_main_route_table_association')) yield { address: association.address, message: `${association.address} makes another table the one of every subnet that names none`, severity: 'low' };
    const known = new Set(model.transits.flatMap((transit) => transit.attachments.map((attachment) => attachment.address)));
    for (const attachment of model.graph.ofType('aws_ec2_transit_gateway_vpc_attachment')) {
      if (!known.has(attachment.address)) yield { address: attachment.address, message: `${attachment.address} joins the network to a transit gateway that is not in the plan`, severity: 'low', confidence: 'possible' };
    }
  },
};

/** Own services whose targets are open: what these hand on is told of them, and not of who calls. */
function* relayed(model: AwsModel, verdicts: readonly Verdict[]): Iterable<Hit> {
  const own = model.endpoints.filter((endpoint) => endpoint.kind === 'interface' && isPrivateLink(endpoint));
  if (own.length === 0) return;
  const open = new Map(verdicts.filter(({ kind }) => kind === 'open').map(({ place }) => [place.addresses[0], place]));
  for (const { address, resource, network } of own) {
    const place = [...answeringBehind(model.graph, resource)].map((each) => open.get(each.address)).find((each) => each !== undefined && each.network !== network?.address);
    if (place) yield { address, message: `${address} lets the network call ${place.id} in ${place.network ?? 'another network'}, which reaches the internet: what that hands on, no firewall of this network sees`, severity: 'low', confidence: 'likely' };
  }
}

/** Whether an attachment is one to a core network whose policy the plan tells. */
function isFollowed(attachment: Resource, { find }: AwsModel): boolean {
  const own = find.transit(attachment)?.attachments.find(({ resource }) => resource === attachment);
  return own !== undefined && own.table.unknown === undefined;
}

/** Whether what comes by an attachment to a core network is led to a firewall, by the tables of subnets that hold nothing else. */
function isInspected(attachment: Resource, model: AwsModel): boolean {
  const { subnets } = model;
  const places = placesBySubnet(model);
  const targets = new Set(attachment.references('subnet_arns', { types: ['aws_subnet'] }).targets);
  const own = subnets.filter(({ resource }) => targets.has(resource));
  return own.length > 0 && own.every((subnet) => {
    const routes = subnet.tables.likely.flatMap(leavingRoutes);
    return !places.has(subnet) && routes.length > 0 && routes.every(({ target }) => target.kind === 'firewall');
  });
}

/** https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html */
function isForEverybody(service: Resource, { graph }: AwsModel): boolean {
  if (flagAt(service, 'acceptance_required') === true) return false;
  const more = graph.referrers(service, ['aws_vpc_endpoint_service_allowed_principal']).map(({ resource }) => textAt(resource, 'principal_arn'));
  return [...textsAt(service, 'allowed_principals'), ...more].includes('*');
}

/**
 * What joins a network to others without a route of its own, or by one that leads out of the plan.
 * https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html
 */
const JOINING = [
  ['aws_networkmanager_vpc_attachment', 'joins the network to a core network'],
  ['aws_networkmanager_connect_attachment', 'joins a core network to networks elsewhere'],
  ['aws_networkmanager_site_to_site_vpn_attachment', 'joins a core network to networks elsewhere'],
  ['aws_networkmanager_dx_gateway_attachment', 'joins a core network to networks elsewhere'],
  ['aws_networkmanager_transit_gateway_route_table_attachment', 'joins a core network to a transit gateway'],
  ['aws_odb_network_peering_connection', 'joins the network to one of Oracle databases'],
  // It has no policy, and whoever owns a collection says who may call it: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-vpc.html
  ['aws_opensearchserverless_vpc_endpoint', 'lets the network call collections of any account that let it in'],
  ['aws_ec2_client_vpn_network_association', 'lets clients of a VPN into the network, and out by its routes'],
  // Tunnels from the internet: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-using-eice.html
  ['aws_ec2_instance_connect_endpoint', 'lets whoever may open tunnels call machines of the network from the internet'],
  // https://docs.aws.amazon.com/verified-access/latest/ug/verified-access-endpoints.html
  ['aws_verifiedaccess_endpoint', 'lets whoever it trusts call the network from the internet'],
] as const;

/** What names a thing that may be another account's. */
const CALLING: readonly (readonly [type: string, path: string])[] = [
  ...Object.entries(SERVICE_CONNECTIONS).flatMap(([type, { to }]) => (to === undefined ? [] : [[type, to] as const])),
  // Of a service network's members each may be shared by another account, too.
  ['aws_vpclattice_service_network_service_association', 'service_identifier'],
  ['aws_vpclattice_service_network_resource_association', 'resource_configuration_identifier'],
  ['aws_vpc_endpoint_route_table_association', 'vpc_endpoint_id'],
];
