import { MonitorDiagnosticSetting } from '@cdktf/provider-azurerm/lib/monitor-diagnostic-setting';
import { NetworkSecurityGroup, type NetworkSecurityGroupSecurityRule } from '@cdktf/provider-azurerm/lib/network-security-group';
import { RouteTable } from '@cdktf/provider-azurerm/lib/route-table';
import { Subnet } from '@cdktf/provider-azurerm/lib/subnet';
import { SubnetNetworkSecurityGroupAssociation } from '@cdktf/provider-azurerm/lib/subnet-network-security-group-association';
import { SubnetRouteTableAssociation } from '@cdktf/provider-azurerm/lib/subnet-route-table-association';
import { Construct } from 'constructs';
import type { SecurityRule } from './security-rules';

/** Where a subnet sends what no more specific route takes. */
export type DefaultRoute =
  /** Drops it. */
  | { readonly nextHop: 'None' }
  /** Straight out, for the answers of public segments. */
  | { readonly nextHop: 'Internet' }
  /** To a firewall. */
  | { readonly nextHop: 'VirtualAppliance'; readonly address: string };

/** What a subnet needs. */
export interface FilteredSubnetProps {
  /** The name of the security group and the route table. */
  readonly name: string;
  readonly subnetName: string;
  readonly cidr: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly virtualNetworkName: string;
  readonly securityRules: readonly SecurityRule[];
  readonly defaultRoute: DefaultRoute;
  /** The workspace that counts what each rule lets through and stops. */
  readonly workspaceId: string;
  /** Id of a subnet that exists, to be filtered and routed as it is. @default - none: it is made */
  readonly existingSubnetId?: string;
  /** Reaches storage by a service endpoint, and by it nothing but what the policy lists. @default - none */
  readonly storagePolicyId?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A subnet that has its filters and its route from the start and nothing by default.
 *
 * Rules and routes are written inside the group and the table, not as resources beside them: what
 * somebody adds by hand shows up in the next plan and goes away.
 */
export class FilteredSubnet extends Construct {
  /** Absent when the subnet existed. */
  readonly subnet?: Subnet;
  readonly subnetId: string;
  readonly securityGroup: NetworkSecurityGroup;
  readonly routeTable: RouteTable;
  readonly counters: MonitorDiagnosticSetting;
  /** The last thing to be made: who depends on it finds the subnet filtered and routed. */
  readonly ready: SubnetNetworkSecurityGroupAssociation;

  constructor(scope: Construct, id: string, props: FilteredSubnetProps) {
    super(scope, id);
    const { name, location, resourceGroupName } = props;
    const tags = { ...props.tags };
    const route = props.defaultRoute;

    this.securityGroup = new NetworkSecurityGroup(this, 'group', {
      name,
      location,
      resourceGroupName,
      securityRule: props.securityRules.map(render),
      tags,
    });
    this.routeTable = new RouteTable(this, 'routes', {
      name,
      location,
      resourceGroupName,
      // Routes learned from a gateway are more specific than ours and would win.
      bgpRoutePropagationEnabled: false,
      route: [{
        name: 'default',
        addressPrefix: '0.0.0.0/0',
        nextHopType: route.nextHop,
        ...(route.nextHop === 'VirtualAppliance' ? { nextHopInIpAddress: route.address } : {}),
      }],
      tags,
    });
    // https://learn.microsoft.com/azure/virtual-network/virtual-network-nsg-manage-log
    this.counters = new MonitorDiagnosticSetting(this, 'counters', {
      name: `${name}-counters`,
      targetResourceId: this.securityGroup.id,
      logAnalyticsWorkspaceId: props.workspaceId,
      enabledLog: [{ category: 'NetworkSecurityGroupEvent' }, { category: 'NetworkSecurityGroupRuleCounter' }],
    });
    if (props.existingSubnetId === undefined) this.subnet = this.makeSubnet(props);
    this.subnetId = props.existingSubnetId ?? this.subnet!.id;
    // One after the other: Azure refuses two changes to one subnet at the same time.
    const routed = new SubnetRouteTableAssociation(this, 'routed', {
      subnetId: this.subnetId,
      routeTableId: this.routeTable.id,
    });
    this.ready = new SubnetNetworkSecurityGroupAssociation(this, 'filtered', {
      subnetId: this.subnetId,
      networkSecurityGroupId: this.securityGroup.id,
      dependsOn: [routed],
    });
  }

  private makeSubnet(props: FilteredSubnetProps): Subnet {
    return new Subnet(this, 'subnet', {
      name: props.subnetName,
      resourceGroupName: props.resourceGroupName,
      virtualNetworkName: props.virtualNetworkName,
      addressPrefixes: [props.cidr],
      defaultOutboundAccessEnabled: false,
      // Security groups and routes count for private endpoints in the subnet, too.
      privateEndpointNetworkPolicies: 'Enabled',
      privateLinkServiceNetworkPoliciesEnabled: true,
      ...(props.storagePolicyId ? { serviceEndpoints: ['Microsoft.Storage'], serviceEndpointPolicyIds: [props.storagePolicyId] } : {}),
    });
  }
}

/** Azure hands a list of one back as a single value, so a single value is what it gets. */
function render(rule: SecurityRule): NetworkSecurityGroupSecurityRule {
  const single = (values: readonly string[]) => (values.length === 1 ? values[0] : undefined);
  const several = (values: readonly string[]) => (values.length === 1 ? undefined : [...values]);
  return {
    name: rule.name,
    description: rule.description,
    priority: rule.priority,
    direction: rule.direction,
    access: rule.access,
    protocol: rule.protocol,
    sourcePortRange: '*',
    sourceAddressPrefix: single(rule.sources),
    sourceAddressPrefixes: several(rule.sources),
    destinationAddressPrefix: single(rule.destinations),
    destinationAddressPrefixes: several(rule.destinations),
    destinationPortRange: single(rule.ports),
    destinationPortRanges: several(rule.ports),
  };
}
