import { NetworkWatcherFlowLog } from '@cdktf/provider-azurerm/lib/network-watcher-flow-log';
import type { Construct } from 'constructs';

/** The longest that Azure keeps a flow log in an account. https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview */
const LONGEST_RETENTION = 365;

/** Where flow logs go: ids and plain data, so that the destination may live in another stack. */
export interface FlowLogDestination {
  readonly networkWatcherName: string;
  readonly networkWatcherResourceGroupName: string;
  readonly storageAccountId: string;
  /** The resource id of the Log Analytics workspace. */
  readonly workspaceResourceId: string;
  /** The workspace's own GUID. */
  readonly workspaceGuid: string;
  readonly workspaceRegion: string;
  readonly retentionDays: number;
  /** Minutes between two runs of traffic analytics. @default 10 */
  readonly analyticsMinutes?: 10 | 60;
}

/** What a flow log needs. */
export interface FlowLogProps {
  readonly name: string;
  readonly location: string;
  readonly virtualNetworkId: string;
  readonly destination: FlowLogDestination;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Records every flow of a virtual network, allowed or denied, and feeds traffic analytics.
 *
 * Flow logs of security groups can no longer be created; those of networks replace them.
 * https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview
 */
export function recordFlows(scope: Construct, id: string, props: FlowLogProps): NetworkWatcherFlowLog {
  const { destination } = props;
  return new NetworkWatcherFlowLog(scope, id, {
    name: `${props.name}-flows`,
    location: props.location,
    networkWatcherName: destination.networkWatcherName,
    resourceGroupName: destination.networkWatcherResourceGroupName,
    targetResourceId: props.virtualNetworkId,
    storageAccountId: destination.storageAccountId,
    enabled: true,
    version: 2,
    retentionPolicy: { enabled: true, days: Math.min(destination.retentionDays, LONGEST_RETENTION) },
    trafficAnalytics: {
      enabled: true,
      intervalInMinutes: destination.analyticsMinutes ?? 10,
      workspaceId: destination.workspaceGuid,
      workspaceRegion: destination.workspaceRegion,
      workspaceResourceId: destination.workspaceResourceId,
    },
    tags: { ...props.tags },
  });
}
