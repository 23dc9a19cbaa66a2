import { KubernetesCluster } from '@cdktf/provider-azurerm/lib/kubernetes-cluster';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { subnet as cut } from '../policy/address-plan';
import type { AzureKubernetesOptions } from '../policy/azure-options';

/** What the cluster needs. */
export interface AzureKubernetesClusterProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly location: string;
  readonly options: AzureKubernetesOptions;
  /** The segment's subnet. */
  readonly subnetId: string;
  /** The network of that subnet. */
  readonly networkId: string;
  /** Id of the zone `privatelink.<region>.azmk8s.io`, linked to whatever resolves names. */
  readonly privateZoneId: string;
  /** Zones of the nodes; none for regions without. */
  readonly zones: readonly string[];
  /** For the add-ons that send logs. */
  readonly workspaceId: string;
  /** The way out with its rules, the filters and the names: nodes that start without them never become ready. */
  readonly after: readonly ITerraformDependable[];
  /** @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A private AKS cluster that has no way out of its own.
 *
 * `userDefinedRouting` makes AKS build neither a public load balancer nor an address; the route to
 * the firewall has to exist before. The API server is a private endpoint in the nodes' subnet.
 * https://learn.microsoft.com/azure/aks/egress-outboundtype
 *
 * The cluster's identity has two roles, as AKS asks for a private zone that is not its own: it
 * writes the API server's name into the zone and links it to the network. On the network that is
 * Network Contributor, no less: https://github.com/Azure/AKS/issues/4841
 */
export class AzureKubernetesCluster extends Construct {
  readonly resourceGroup: ResourceGroup;
  readonly identity: UserAssignedIdentity;
  readonly roles: readonly RoleAssignment[];
  readonly cluster: KubernetesCluster;

  constructor(scope: Construct, id: string, props: AzureKubernetesClusterProps) {
    super(scope, id);
    const { name, location, options } = props;
    const tags = { ...props.tags };
    this.resourceGroup = new ResourceGroup(this, 'resources', { name: `${name}-kubernetes`, location, tags });
    const resourceGroupName = this.resourceGroup.name;
    this.identity = new UserAssignedIdentity(this, 'identity', { name: `${name}-kubernetes`, location, resourceGroupName, tags });
    const role = (roleId: string, roleDefinitionName: string, on: string) => new RoleAssignment(this, roleId, {
      scope: on,
      roleDefinitionName,
      principalId: this.identity.principalId,
      principalType: 'ServicePrincipal',
    });
    this.roles = [
      role('zone-role', 'Private DNS Zone Contributor', props.privateZoneId),
      role('network-role', 'Network Contributor', props.networkId),
    ];
    const has = (addOn: AzureKubernetesOptions['addOns'][number]) => options.addOns.includes(addOn);
    this.cluster = new KubernetesCluster(this, 'cluster', {
      name: `${name}-kubernetes`,
      location,
      resourceGroupName,
      nodeResourceGroup: `${name}-kubernetes-nodes`,
      ...(options.version ? { kubernetesVersion: options.version } : {}),
      skuTier: 'Standard',
      privateClusterEnabled: true,
      privateClusterPublicFqdnEnabled: false,
      privateDnsZoneId: props.privateZoneId,
      dnsPrefixPrivateCluster: name,
      // Anybody who may read the cluster could run commands in it through Azure's own network.
      runCommandEnabled: false,
      localAccountDisabled: true,
      roleBasedAccessControlEnabled: true,
      azureActiveDirectoryRoleBasedAccessControl: { azureRbacEnabled: true, adminGroupObjectIds: [...options.adminGroups] },
      oidcIssuerEnabled: true,
      workloadIdentityEnabled: true,
      automaticUpgradeChannel: 'patch',
      nodeOsUpgradeChannel: 'NodeImage',
      azurePolicyEnabled: has('azure-policy'),
      ...(has('monitoring') ? { omsAgent: { logAnalyticsWorkspaceId: props.workspaceId, msiAuthForMonitoringEnabled: true } } : {}),
      ...(has('defender') ? { microsoftDefender: { logAnalyticsWorkspaceId: props.workspaceId } } : {}),
      ...(has('secrets-store') ? { keyVaultSecretsProvider: { secretRotationEnabled: true } } : {}),
      identity: { type: 'UserAssigned', identityIds: [this.identity.id] },
      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkDataPlane: 'cilium',
        networkPolicy: 'cilium',
        loadBalancerSku: 'standard',
        outboundType: 'userDefinedRouting',
        podCidr: options.podCidr,
        serviceCidr: options.serviceCidr,
        dnsServiceIp: tenthAddress(options.serviceCidr),
      },
      defaultNodePool: {
        name: 'system',
        vmSize: options.nodes.size,
        vnetSubnetId: props.subnetId,
        autoScalingEnabled: true,
        minCount: options.nodes.min,
        maxCount: options.nodes.max,
        nodePublicIpEnabled: false,
        ...(props.zones.length > 0 ? { zones: [...props.zones] } : {}),
        temporaryNameForRotation: 'rotating',
        upgradeSettings: { maxSurge: '10%' },
        tags,
      },
      // The autoscaler counts nodes, AKS names the version.
      lifecycle: { ignoreChanges: ['default_node_pool[0].node_count'] },
      tags,
      dependsOn: [...this.roles, ...props.after],
    });
  }
}

/** AKS's own choice for the cluster's DNS service: the tenth address of the services' block. */
function tenthAddress(cidr: string): string {
  const prefix = Number(cidr.split('/')[1]);
  return cut(cidr, 32 - prefix, 10).split('/')[0]!;
}
