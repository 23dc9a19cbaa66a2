import { VirtualNetworkPeering } from '@cdktf/provider-azurerm/lib/virtual-network-peering';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

/** One end of a peering: ids and names, so that it may live in another stack. */
export interface PeeredNetwork {
  readonly id: string;
  readonly name: string;
  readonly resourceGroupName: string;
}

/** What connects a spoke to the hub of the egress control. */
export interface AzureSpokeAttachmentProps {
  /** Prefix of the peerings' names: `acme-prod`. */
  readonly name: string;
  readonly hub: PeeredNetwork;
  readonly spoke: PeeredNetwork;
  /** False when the hub is in another subscription: its team makes the half that leads here. @default true */
  readonly hubIsOurs?: boolean;
  /** What of the spoke has to exist before: its subnets with their filters. @default - nothing */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * The two halves of a peering.
 *
 * Peering gives every subnet of the spoke a route to the hub; what may use it, the spoke's
 * security groups say. Gateways are not shared: the firewall is the only way on from the hub.
 */
export class AzureSpokeAttachment extends Construct {
  readonly toHub: VirtualNetworkPeering;
  /** Absent when the hub's team makes it. */
  readonly toSpoke?: VirtualNetworkPeering;
  /** The last thing to be made. */
  readonly ready: VirtualNetworkPeering;

  constructor(scope: Construct, id: string, props: AzureSpokeAttachmentProps) {
    super(scope, id);
    const closed = { allowVirtualNetworkAccess: true, allowGatewayTransit: false, useRemoteGateways: false };
    this.toHub = new VirtualNetworkPeering(this, 'to-hub', {
      name: `${props.name}-to-hub`,
      resourceGroupName: props.spoke.resourceGroupName,
      virtualNetworkName: props.spoke.name,
      remoteVirtualNetworkId: props.hub.id,
      // What the firewall sends back comes from the internet, not from the hub itself.
      allowForwardedTraffic: true,
      ...closed,
      ...(props.after ? { dependsOn: [...props.after] } : {}),
    });
    this.ready = this.toHub;
    if (props.hubIsOurs === false) return;
    this.toSpoke = new VirtualNetworkPeering(this, 'to-spoke', {
      name: `${props.name}-to-spoke`,
      resourceGroupName: props.hub.resourceGroupName,
      virtualNetworkName: props.hub.name,
      remoteVirtualNetworkId: props.spoke.id,
      allowForwardedTraffic: false,
      ...closed,
      dependsOn: [this.toHub],
    });
    this.ready = this.toSpoke;
  }
}
