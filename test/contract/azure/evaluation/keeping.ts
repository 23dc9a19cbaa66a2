/** What is recorded and for how long, who may delete it, and who gets at it from outside. */
import { blocks, texts, type Resource } from '../reader';
import type { World } from './world';

const days = (value: unknown, otherwise: number) => `${typeof value === 'number' ? value : otherwise} days`;

/** `record of flows in the hub`. */
export function recordVerdict(world: World, what: string): string {
  const { reader } = world;
  const settings = (of: Resource | undefined) => (of ? reader.referring('azurerm_monitor_diagnostic_setting', 'target_resource_id', of) : []);
  switch (what) {
    case 'flows in the hub':
    case 'flows in the spoke': {
      const network = what.endsWith('hub') ? world.hub : world.spoke;
      const log = network && reader.referring('azurerm_network_watcher_flow_log', 'target_resource_id', network)[0];
      if (!log || log.config.enabled !== true) return 'none';
      const [retention] = blocks(log.config.retention_policy);
      const [analytics] = blocks(log.config.traffic_analytics);
      return `archived for ${days(retention?.enabled ? retention.days : 0, 0)}, ${analytics?.enabled === true && analytics.workspace_resource_id ? `analysed every ${analytics.interval_in_minutes} minutes` : 'not analysed'}`;
    }
    case 'decisions of the firewall': {
      const kinds = settings(world.firewall).map(({ config }) => `${config.log_analytics_destination_type === 'Dedicated' ? 'tables of their own' : 'one shared table'}: ${blocks(config.enabled_log).map(({ category }) => String(category)).sort().join(' ')}`);
      return kinds.join(', ') || 'none';
    }
    case 'rules of the security groups':
      return `${reader.all('azurerm_network_security_group').filter((group) => settings(group).some(({ config }) => blocks(config.enabled_log).some(({ category }) => category === 'NetworkSecurityGroupRuleCounter'))).length} of ${reader.all('azurerm_network_security_group').length} groups`;
    case 'the archive, once deleted':
      return reader.all('azurerm_storage_account').map(({ config: { blob_properties, infrastructure_encryption_enabled: twice } }) => {
        const [blobs] = blocks(blob_properties);
        const kept = ['delete_retention_policy', 'container_delete_retention_policy'].map((policy) => days(blocks(blobs?.[policy])[0]?.days, 0));
        return `blobs ${kept[0]}, containers ${kept[1]}, encrypted ${twice === true ? 'twice' : 'once'}`;
      }).join('; ');
    case 'the workspace':
      return reader.all('azurerm_log_analytics_workspace').map(({ config }) => days(config.retention_in_days, 30)).join(', ') || 'elsewhere';
    default:
      return 'not known';
  }
}

/** `deletion of the firewall`. */
export function deletionVerdict(world: World, what: string): string {
  const type = { 'the firewall': 'azurerm_firewall', 'the archive': 'azurerm_storage_account', 'the workspace': 'azurerm_log_analytics_workspace' }[what];
  const all = type ? world.reader.all(type) : [];
  if (all.length === 0) return 'there is none';
  return all.every((resource) => world.reader.referring('azurerm_management_lock', 'scope', resource).some(({ config }) => config.lock_level === 'CanNotDelete')) ? 'refused by a lock' : 'possible';
}

/** `access from outside to the archive`. */
export function accessVerdict(world: World, what: string): string {
  const { reader } = world;
  switch (what) {
    case 'the archive':
      return reader.all('azurerm_storage_account').map(({ config }) => [
        config.public_network_access_enabled === false ? '' : 'by its public endpoint',
        blocks(config.network_rules)[0]?.default_action === 'Deny' ? '' : 'from any network',
        texts(blocks(config.network_rules)[0]?.ip_rules).length === 0 ? '' : 'from some addresses',
        config.allow_nested_items_to_be_public === false ? '' : 'without signing in',
        config.cross_tenant_replication_enabled === false ? '' : 'by copies in other tenants',
        config.local_user_enabled === false && config.default_to_oauth_authentication === true ? '' : 'by users of its own',
        config.min_tls_version === 'TLS1_2' && config.https_traffic_only_enabled === true ? '' : 'with old TLS or none',
      ].filter(Boolean).join(', ') || 'none').join('; ');
    case 'the workspace':
      return reader.all('azurerm_log_analytics_workspace').map(({ config }) => [
        config.internet_ingestion_enabled === false ? '' : 'writing',
        config.internet_query_enabled === false ? '' : 'reading',
      ].filter(Boolean).join(', ') || 'none').join('; ') || 'elsewhere';
    case 'workspaces of others by the monitor scope':
      return reader.all('azurerm_monitor_private_link_scope').every(({ config }) => config.ingestion_access_mode === 'PrivateOnly' && config.query_access_mode === 'PrivateOnly') ? 'none' : 'possible';
    default:
      return 'not known';
  }
}

/** Which subscription a deployment goes to. */
export function subscriptionVerdict(world: World): string {
  return (world.reader.stack.provider?.azurerm ?? []).every(({ subscription_id }: { subscription_id?: string }) => subscription_id) ? 'the one of the policy' : 'whatever the shell is signed in to';
}

/** Whether routes of a gateway in one network come over a peering. */
export function gatewayVerdict(world: World): string {
  return world.reader.all('azurerm_virtual_network_peering').some(({ config }) => config.use_remote_gateways === true || config.allow_gateway_transit === true) ? 'shared' : 'not shared';
}

/** Networks on the other end of peerings that this stack does not make. */
export function foreignVerdict(world: World): string {
  const foreign = world.reader.all('azurerm_virtual_network_peering').filter(({ config }) => !world.reader.target(config.remote_virtual_network_id));
  return foreign.length === 0 ? 'none' : `${foreign.length}`;
}
