import { NatGateway } from '@cdktf/provider-azurerm/lib/nat-gateway';
import { NatGatewayPublicIpAssociation } from '@cdktf/provider-azurerm/lib/nat-gateway-public-ip-association';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { RouteTable } from '@cdktf/provider-azurerm/lib/route-table';
import { Subnet } from '@cdktf/provider-azurerm/lib/subnet';
import { SubnetNatGatewayAssociation } from '@cdktf/provider-azurerm/lib/subnet-nat-gateway-association';
import { SubnetRouteTableAssociation } from '@cdktf/provider-azurerm/lib/subnet-route-table-association';
import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { AzureFirewallOptions } from '../policy/azure-options';

/** Azure calls the firewall's subnets by these names and no other. */
export const FIREWALL_SUBNET = 'AzureFirewallSubnet';
export const MANAGEMENT_SUBNET = 'AzureFirewallManagementSubnet';
/** Longest prefix that Azure takes for either. https://learn.microsoft.com/azure/firewall/firewall-faq */
export const FIREWALL_SUBNET_PREFIX = 26;

/** Addresses in these are named without them. */
const ALL_ZONES = '1,2,3';

/** What the hub needs. */
export interface HubNetworkProps {
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly addressSpace: readonly string[];
  readonly firewallSubnetCidr: string;
  /** Used where the firewall is managed apart from its traffic. */
  readonly managementSubnetCidr?: string;
  readonly zones: readonly string[];
  readonly options: Pick<AzureFirewallOptions, 'tier' | 'publicAddresses' | 'natAddresses' | 'forcedTunnel'>;
  readonly tags: Readonly<Record<string, string>>;
}

/** What was made. */
export interface HubNetwork {
  readonly network: VirtualNetwork;
  readonly subnet: Subnet;
  /** The firewall's own addresses; none where it sends everything on. */
  readonly publicAddresses: readonly PublicIp[];
  readonly management?: { readonly subnet: Subnet; readonly address: PublicIp };
  readonly natGateway?: NatGateway;
  /** What the subnet's routes and its NAT gateway hang on: it has to be there before the firewall. */
  readonly ready: readonly ITerraformDependable[];
  /** Addresses that partners see. Tokens until deployed; none when the next hop decides. */
  readonly egressAddresses: readonly string[];
}

/** Whether the firewall is managed over a subnet of its own. */
export function needsManagementSubnet({ tier, forcedTunnel }: Pick<AzureFirewallOptions, 'tier' | 'forcedTunnel'>): boolean {
  return tier === 'Basic' || forcedTunnel !== undefined;
}

/** An address keeps its zones for life, and a new one has to have another name while the old one is there. */
function inZones(zones: readonly string[]): string {
  return zones.join() === ALL_ZONES ? '' : zones.length === 0 ? '-no-zone' : `-zone-${zones.join('-')}`;
}

/**
 * The firewall's network: its subnet and public addresses, and what its choice of a way out adds.
 *
 * - A NAT gateway on the subnet gives 64,512 ports per address instead of 2,496 per address and
 *   instance. It has no zone: it works with addresses of all zones.
 *   https://learn.microsoft.com/azure/firewall/integrate-with-nat-gateway
 * - Forced tunnelling is a route of the subnet; Azure then manages the firewall over a second
 *   subnet, which has one route, to the internet.
 *   https://learn.microsoft.com/azure/firewall/forced-tunneling
 */
export function makeHubNetwork(scope: Construct, props: HubNetworkProps): HubNetwork {
  const { name, location, resourceGroupName, options } = props;
  const tags = { ...props.tags };
  const zoned = props.zones.length > 0 ? { zones: [...props.zones] } : {};
  const network = new VirtualNetwork(scope, 'network', {
    name: `${name}-hub`,
    location,
    resourceGroupName,
    addressSpace: [...props.addressSpace],
    dnsServers: [],
    tags,
  });
  const address = (role: string) => new PublicIp(scope, `address-${role}`, {
    name: `${name}-${role}${inZones(props.zones)}`,
    location,
    resourceGroupName,
    sku: 'Standard',
    allocationMethod: 'Static',
    ...zoned,
    tags,
    // Azure deletes none that a firewall has: the firewall lets go of it first.
    lifecycle: { createBeforeDestroy: true },
  });
  const subnet = (id: string, subnetName: string, cidr: string, after: readonly ITerraformDependable[] = []) => new Subnet(scope, id, {
    name: subnetName,
    resourceGroupName,
    virtualNetworkName: network.name,
    addressPrefixes: [cidr],
    defaultOutboundAccessEnabled: false,
    ...(after.length > 0 ? { dependsOn: [...after] } : {}),
  });
  /** Routes of a gateway would be more specific than ours and win. */
  const routed = (id: string, of: Subnet, route: { readonly nextHopType: string; readonly nextHopInIpAddress?: string }) => {
    const table = new RouteTable(scope, `${id}-routes`, {
      name: `${name}-${id}`,
      location,
      resourceGroupName,
      bgpRoutePropagationEnabled: false,
      route: [{ name: 'default', addressPrefix: '0.0.0.0/0', ...route }],
      tags,
    });
    return new SubnetRouteTableAssociation(scope, `${id}-routed`, { subnetId: of.id, routeTableId: table.id });
  };

  const firewallSubnet = subnet('subnet', FIREWALL_SUBNET, props.firewallSubnetCidr);
  const ready: ITerraformDependable[] = [];
  // A firewall without a public address is possible only where everything is sent on.
  const publicAddresses = options.forcedTunnel === undefined ? options.publicAddresses.map(address) : [];
  let egressAddresses = publicAddresses.map(({ ipAddress }) => ipAddress);
  let natGateway: NatGateway | undefined;
  if (options.natAddresses.length > 0) {
    natGateway = new NatGateway(scope, 'nat', { name: `${name}-nat-gateway`, location, resourceGroupName, skuName: 'Standard', idleTimeoutInMinutes: 4, tags });
    const addresses = options.natAddresses.map(address);
    const bound = addresses.map((each, index) => new NatGatewayPublicIpAssociation(scope, `nat-${options.natAddresses[index]}`, {
      natGatewayId: natGateway!.id,
      publicIpAddressId: each.id,
    }));
    ready.push(new SubnetNatGatewayAssociation(scope, 'nat-subnet', { subnetId: firewallSubnet.id, natGatewayId: natGateway.id, dependsOn: bound }));
    egressAddresses = addresses.map(({ ipAddress }) => ipAddress);
  }
  if (options.forcedTunnel !== undefined) {
    ready.push(routed('firewall', firewallSubnet, { nextHopType: 'VirtualAppliance', nextHopInIpAddress: options.forcedTunnel }));
  }
  let management: HubNetwork['management'];
  if (needsManagementSubnet(options)) {
    // One change of a network after the other: Azure refuses two at the same time.
    const made = subnet('management-subnet', MANAGEMENT_SUBNET, props.managementSubnetCidr!, ready.length > 0 ? ready : [firewallSubnet]);
    management = { subnet: made, address: address('management') };
    ready.push(routed('management', made, { nextHopType: 'Internet' }));
  }
  return {
    network,
    subnet: firewallSubnet,
    publicAddresses,
    ...(management ? { management } : {}),
    ...(natGateway ? { natGateway } : {}),
    ready,
    egressAddresses,
  };
}
