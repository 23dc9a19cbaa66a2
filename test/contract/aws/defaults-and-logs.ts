/** Faults that concern the network as a whole: its defaults, endpoints, logs and uninspected ways. */
import type { Fault, SynthesizedStack } from '../observation';
import { logFaults } from './logs';
import { dataSources, groupLines, networks, referent, resources, type ObservedSubnet } from './resources';

export function networkFaults(stack: SynthesizedStack, subnets: readonly ObservedSubnet[], workloads: readonly ObservedSubnet[]): readonly Fault[] {
  return [
    ...defaults(stack),
    ...flowLogs(stack),
    ...logFaults(stack),
    ...ipv6(stack, subnets),
    ...otherWays(stack),
    ...endpoints(stack, subnets, workloads),
    ...names(stack),
    ...elsewhere(stack),
    ...earlyWays(stack),
    ...subnets.filter((subnet) => !subnet.acl).map((subnet) => ({ id: 'subnet-without-acl', where: subnet.address, detail: 'the default ACL applies' })),
    ...subnets.filter((subnet) => subnet.body.map_public_ip_on_launch !== false)
      .map((subnet) => ({ id: 'public-address-on-launch', where: subnet.address, detail: 'workloads get public addresses' })),
  ];
}

function defaults(stack: SynthesizedStack): readonly Fault[] {
  const check = (type: string, lists: readonly string[], id: string): readonly Fault[] => {
    const found = resources(stack, type);
    if (found.length < resources(stack, 'aws_vpc').length) return [{ id, where: type, detail: 'the default is not taken over, so AWS rules stay in it' }];
    // A group that names no network is that of the region's default VPC.
    const elsewhere = (body: any) => type === 'aws_default_security_group' && !networks(stack).some(({ address }) => address === referent(body.vpc_id));
    return found.filter(({ body }) => elsewhere(body) || lists.some((list) => !Array.isArray(body[list]) || body[list].length > 0))
      .map(({ address }) => ({ id, where: address, detail: 'the default lets something through' }));
  };
  return [
    ...check('aws_default_security_group', ['ingress', 'egress'], 'default-group-not-empty'),
    ...check('aws_default_network_acl', ['ingress', 'egress'], 'default-acl-not-empty'),
    ...check('aws_default_route_table', ['route'], 'default-route-table-not-empty'),
  ];
}

function flowLogs(stack: SynthesizedStack): readonly Fault[] {
  const logs = resources(stack, 'aws_flow_log').filter(({ body }) => body.traffic_type === 'ALL' && body.log_destination);
  return [
    ...networks(stack)
      .filter(({ address }) => !logs.some(({ body }) => referent(body.vpc_id) === address))
      .map(({ address }) => ({ id: 'flow-logs-missing', where: address, detail: 'no record of all flows' })),
    ...logs.filter(({ body }) => body.log_destination_type !== destinationType(body.log_destination))
      .map(({ address, body }) => ({ id: 'log-delivery-refused', where: address, detail: `${body.log_destination} is no ${body.log_destination_type}` })),
  ];
}

/** What kind of place an ARN is, or a reference to one. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html */
function destinationType(destination: string): string | undefined {
  if (/^arn:[^:]*:firehose:/.test(destination)) return 'kinesis-data-firehose';
  if (/^arn:[^:]*:s3:/.test(destination) || referent(destination)?.startsWith('aws_s3_bucket.')) return 's3';
  return referent(destination)?.startsWith('aws_cloudwatch_log_group.') ? 'cloud-watch-logs' : undefined;
}

/** Parts of a network. A group that names none belongs to the region's default VPC, and a gateway to nothing. */
const PARTS = ['aws_internet_gateway', 'aws_network_acl', 'aws_networkfirewall_firewall', 'aws_route_table', 'aws_security_group', 'aws_subnet', 'aws_vpc_endpoint'];

function elsewhere(stack: SynthesizedStack): readonly Fault[] {
  const own = networks(stack).map(({ address }) => address);
  return PARTS.flatMap((type) => resources(stack, type)).filter(({ body }) => !own.includes(referent(body.vpc_id) ?? ''))
    .map(({ address }) => ({ id: 'part-of-another-network', where: address, detail: 'does not say that it belongs to this network' }));
}

/** Private names are answered in a VPC that resolves names at all. https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html */
function names(stack: SynthesizedStack): readonly Fault[] {
  const checked = (body: any) => body.lifecycle?.postcondition?.some(({ condition }: any) => condition === '${self.enable_dns_support && self.enable_dns_hostnames}');
  return [...resources(stack, 'aws_vpc').filter(({ body }) => body.enable_dns_support !== true || body.enable_dns_hostnames !== true), ...dataSources(stack, 'aws_vpc').filter(({ body }) => !checked(body))]
    .map(({ address }) => ({ id: 'endpoint-private-dns-off', where: address, detail: 'the VPC answers no private names' }));
}

/** A NAT gateway that is there before its routes sends replies by those of the main table, around the firewall. */
function earlyWays(stack: SynthesizedStack): readonly Fault[] {
  const routed = (subnet: string | undefined) => resources(stack, 'aws_route_table_association').filter(({ body }) => referent(body.subnet_id) === subnet).map(({ address }) => address);
  return resources(stack, 'aws_nat_gateway').filter(({ body }) => !routed(referent(body.subnet_id)).some((address) => body.depends_on?.includes(address)))
    .map(({ address }) => ({ id: 'way-out-before-routes', where: address, detail: 'does not wait for the routes of its subnet' }));
}

function ipv6(stack: SynthesizedStack, subnets: readonly ObservedSubnet[]): readonly Fault[] {
  return [
    ...resources(stack, 'aws_egress_only_internet_gateway').map(({ address }) => ({ id: 'ipv6-egress-open', where: address, detail: 'an IPv6 way out past the firewall' })),
    ...dataSources(stack, 'aws_vpc').filter(({ body }) => !(body.lifecycle?.postcondition ?? []).some((each: any) => each.condition === '${self.ipv6_cidr_block == ""}'))
      .map(({ address }) => ({ id: 'ipv6-egress-open', where: address, detail: 'nothing says that the VPC has no IPv6 range' })),
    ...resources(stack, 'aws_vpc').filter(({ body }) => body.assign_generated_ipv6_cidr_block || body.ipv6_cidr_block || body.ipv6_ipam_pool_id)
      .map(({ address }) => ({ id: 'ipv6-egress-open', where: address, detail: 'the VPC has an IPv6 range' })),
    ...resources(stack, 'aws_vpc_ipv6_cidr_block_association').map(({ address }) => ({ id: 'ipv6-egress-open', where: address, detail: 'an IPv6 range is added to the VPC' })),
    ...subnets.filter(({ body }) => body.ipv6_cidr_block || body.assign_ipv6_address_on_creation || body.ipv6_native).map(({ address }) => ({ id: 'ipv6-egress-open', where: address, detail: 'the subnet has IPv6 addresses' })),
    ...subnets.filter((subnet) => subnet.routes.some((route) => route.ipv6)).map((subnet) => ({ id: 'ipv6-egress-open', where: subnet.table, detail: 'an IPv6 route' })),
  ];
}

function otherWays(stack: SynthesizedStack): readonly Fault[] {
  return ['aws_vpc_peering_connection', 'aws_ec2_transit_gateway_vpc_attachment', 'aws_vpn_gateway', 'aws_vpn_gateway_attachment', 'aws_main_route_table_association']
    .flatMap((type) => resources(stack, type))
    .map(({ address }) => ({ id: 'uninspected-path', where: address, detail: 'a way that no firewall sees' }));
}

function endpoints(stack: SynthesizedStack, subnets: readonly ObservedSubnet[], workloads: readonly ObservedSubnet[]): readonly Fault[] {
  const zones = new Set(workloads.map((subnet) => subnet.zone));
  return resources(stack, 'aws_vpc_endpoint').flatMap(({ address, body }) => {
    const faults: Fault[] = [];
    const fault = (id: string, detail: string) => faults.push({ id, where: address, detail });
    if (!bounded(body.policy)) fault('endpoint-policy-full-access', 'the policy serves anybody\'s account');
    if (body.vpc_endpoint_type !== 'Interface') return faults;

    const own = new Set(subnets.filter((subnet) => (body.subnet_ids ?? []).some((id: string) => referent(id) === subnet.address)).map((subnet) => subnet.zone));
    if ([...zones].some((zone) => !own.has(zone))) fault('endpoint-zone-missing', 'workloads in a zone have no endpoint there');
    // AWS offers none for DynamoDB.
    const nameless = /\.dynamodb(-streams)?$/.test(body.service_name);
    if ((body.private_dns_enabled !== true && !nameless) || body.dns_options?.private_dns_only_for_inbound_resolver_endpoint === true) {
      fault('endpoint-private-dns-off', 'the usual name leads to public addresses');
    }
    const groups: readonly string[] = (body.security_group_ids ?? []).map((id: string) => referent(id) ?? id);
    if (groups.length === 0) fault('endpoint-group-open', 'the VPC\'s default group applies');
    for (const line of groups.flatMap((group) => groupLines(stack, group))) {
      const narrow = line.direction === 'ingress' && line.protocol === 'tcp' && line.from === 443 && line.to === 443
        && line.cidrs.length + line.ipv6.length + line.prefixLists.length === 0;
      if (!narrow) fault('endpoint-group-open', `${line.direction} ${line.protocol}/${line.from}-${line.to}`);
    }
    return faults;
  });
}

/** Every allow names whose identity and whose resource, or one action on named resources. */
function bounded(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  const statements: any[] = [JSON.parse(text).Statement].flat();
  return statements.filter((statement) => statement.Effect === 'Allow').every((statement) => {
    const keys = Object.keys(statement.Condition?.StringEquals ?? {});
    const isKnown = keys.some((key) => /^aws:Principal(Account|OrgID)$/.test(key)) || String(statement.Condition?.Bool?.['aws:PrincipalIsAWSService']) === 'true';
    const perimeter = isKnown && keys.some((key) => /^aws:Resource(Account|OrgID)$/.test(key));
    const named = [statement.Action].flat().every((action: string) => !action.includes('*'))
      && [statement.Resource].flat().every((resource: string) => /^arn:[^*]+[a-z0-9}]\S*/.test(resource) && !/:::\*/.test(resource));
    return perimeter || named;
  });
}
