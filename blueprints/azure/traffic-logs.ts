import { LogAnalyticsWorkspace } from '@cdktf/provider-azurerm/lib/log-analytics-workspace';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import type { ManagementLock } from '@cdktf/provider-azurerm/lib/management-lock';
import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ExistingWorkspace } from '../policy/azure-options';
import { lockAgainstDeletion } from './deletion-lock';
import type { FlowLogDestination } from './flow-log';

/** What the log store needs. */
export interface AzureTrafficLogsProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly location: string;
  /** 3-24 lower-case letters and digits, unique in all of Azure: see `storageAccountName`. */
  readonly storageAccountName: string;
  /** @default - a resource group of its own, `<name>-logs` */
  readonly resourceGroupName?: string;
  /** Days that logs are kept. @default 365 */
  readonly retentionDays?: number;
  /** How the archive is made; a later change is ignored. `ZRS` needs a region with zones. @default 'ZRS' */
  readonly replication?: 'LRS' | 'ZRS' | 'GRS' | 'GZRS';
  /** @default - the one that Azure makes in each region, `NetworkWatcher_<location>` */
  readonly networkWatcherName?: string;
  /** @default 'NetworkWatcherRG' */
  readonly networkWatcherResourceGroupName?: string;
  /** Minutes between two runs of traffic analytics. @default 10 */
  readonly analyticsMinutes?: 10 | 60;
  /** A workspace that exists; how long it keeps what and who may query it, its team decides. @default - one of its own */
  readonly existingWorkspace?: ExistingWorkspace;
  /** Whether people may query the workspace from outside the network, such as the portal. @default false */
  readonly queryFromInternet?: boolean;
  /** @default true */
  readonly deletionProtection?: boolean;
  /** @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Where a network's flows and a firewall's decisions are recorded: a workspace and an archive. */
export class AzureTrafficLogs extends Construct {
  /** Absent when the resource group was given. */
  readonly resourceGroup?: ResourceGroup;
  /** Absent when the workspace existed. */
  readonly workspace?: LogAnalyticsWorkspace;
  /** Flow logs are written here first; traffic analytics reads them from here. */
  readonly archive: StorageAccount;
  private readonly archiveLock?: ManagementLock;
  /** The destination as plain data, for networks and firewalls. */
  readonly flowLogs: FlowLogDestination;

  constructor(scope: Construct, id: string, props: AzureTrafficLogsProps) {
    super(scope, id);
    const { name, location, retentionDays = 365 } = props;
    const tags = { ...props.tags };
    if (!props.resourceGroupName) this.resourceGroup = new ResourceGroup(this, 'resources', { name: `${name}-logs`, location, tags });
    const resourceGroupName = props.resourceGroupName ?? this.resourceGroup!.name;

    const existing = props.existingWorkspace;
    if (!existing) this.workspace = new LogAnalyticsWorkspace(this, 'workspace', {
      name: `${name}-traffic`,
      location,
      resourceGroupName,
      sku: 'PerGB2018',
      retentionInDays: retentionDays,
      // Diagnostic settings and traffic analytics write over Azure's own network, not this way.
      internetIngestionEnabled: false,
      internetQueryEnabled: props.queryFromInternet ?? false,
      tags,
    });
    this.archive = new StorageAccount(this, 'archive', {
      name: props.storageAccountName,
      location,
      resourceGroupName,
      accountKind: 'StorageV2',
      accountTier: 'Standard',
      accountReplicationType: props.replication ?? 'ZRS',
      minTlsVersion: 'TLS1_2',
      httpsTrafficOnlyEnabled: true,
      allowNestedItemsToBePublic: false,
      crossTenantReplicationEnabled: false,
      localUserEnabled: false,
      infrastructureEncryptionEnabled: true,
      defaultToOauthAuthentication: true,
      publicNetworkAccessEnabled: false,
      // Network Watcher is a trusted service and writes in spite of the deny. It uses the account
      // key, which therefore stays on.
      networkRules: { defaultAction: 'Deny', bypass: ['AzureServices'], ipRules: [], virtualNetworkSubnetIds: [] },
      blobProperties: { deleteRetentionPolicy: { days: 30 }, containerDeleteRetentionPolicy: { days: 30 } },
      tags,
      // Between LRS and ZRS the provider makes a new account, and the old one's logs are gone.
      lifecycle: { ignoreChanges: ['account_replication_type'] },
    });
    if (props.deletionProtection ?? true) {
      if (this.workspace) lockAgainstDeletion(this, 'workspace-lock', { name: `${name}-traffic`, resourceId: this.workspace.id });
      this.archiveLock = lockAgainstDeletion(this, 'archive-lock', { name: props.storageAccountName, resourceId: this.archive.id });
    }
    this.flowLogs = {
      networkWatcherName: props.networkWatcherName ?? `NetworkWatcher_${location}`,
      networkWatcherResourceGroupName: props.networkWatcherResourceGroupName ?? 'NetworkWatcherRG',
      storageAccountId: this.archive.id,
      workspaceResourceId: existing?.id ?? this.workspace!.id,
      workspaceGuid: existing?.guid ?? this.workspace!.workspaceId,
      workspaceRegion: existing?.region ?? location,
      retentionDays,
      analyticsMinutes: props.analyticsMinutes ?? 10,
    };
  }

  /**
   * Has the archive's lock removed before the endpoints that lead to the archive, which Azure would
   * not delete before: https://github.com/hashicorp/terraform-provider-azurerm/issues/17478
   */
  unlockBefore(endpoints: readonly ITerraformDependable[]): void {
    if (this.archiveLock) this.archiveLock.dependsOn = [...(this.archiveLock.dependsOn ?? []), ...endpoints.map(dependable)];
  }
}
