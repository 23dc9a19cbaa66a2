import type { AzureCheck } from './azure-check';
import { flag, isUnset, text } from '../../model/azure/read';
import { listsMany } from './listed-callers';
import type { AttributePath } from '../../plan/attribute-path';
import { own, type Json } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';

export const check: AzureCheck = {
  id: 'service-public-access',
  title: 'service that the internet reaches beside its private endpoint, or by a change that another resource makes',
  severity: 'medium',
  why: 'What a workload puts in through the private endpoint anybody with a key or a token fetches from anywhere: data leaves past every network of the plan.',
  fix: 'Turn public network access off, or deny it by default in the network rules of the service.',
  references: ['https://learn.microsoft.com/azure/private-link/private-endpoint-overview#network-security-of-private-endpoints'],
  comparable: ['checkov CKV_AZURE_139', 'checkov CKV_AZURE_124', 'checkov CKV_AZURE_134', 'checkov CKV_AZURE_106'],
  *run({ model }) {
    const told = new Set<Resource>();
    for (const { address: endpoint, resource } of model.privateEndpoints) {
      for (const service of resource.references('private_service_connection[0].private_connection_resource_id').targets) {
        const setting = SETTINGS.get(service.type);
        if (service.mode !== 'managed' || setting === undefined || told.has(service) || !isPublic(service, setting)) continue;
        told.add(service);
        yield { address: service.address, message: `${setting} is ${isUnset(service, setting) ? 'not said, which means that it is on' : 'on'}, beside the private endpoint ${endpoint}` };
      }
    }
    for (const update of UPDATES.flatMap((type) => model.graph.ofType(type))) {
      const opened = openedBy(update);
      if (opened.length > 0) yield { address: update.address, message: `it sets ${opened.join(', ')} of ${text(update, 'resource_id') ?? update.references('resource_id').targets[0]?.address ?? 'a resource that the plan does not tell'}, whatever that says itself` };
    }
  },
};

/** What changes a resource that something else makes. https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/update_resource */
const UPDATES = ['azapi_update_resource', 'azapi_resource_action'];

/** Properties of accounts, vaults, registries and databases that let the internet in. https://learn.microsoft.com/azure/templates/microsoft.storage/storageaccounts */
const OPENING: readonly (readonly [path: AttributePath, value: string | boolean])[] = [
  [['publicNetworkAccess'], 'enabled'], ...['networkAcls', 'networkRuleSet'].map((block) => [[block, 'defaultAction'], 'allow'] as const), ...['allowBlobPublicAccess', 'anonymousPullEnabled', 'allowCrossTenantReplication'].map((name) => [[name], true] as const),
];

/** Up to azapi 1 a body was a text. */
function openedBy(update: Resource): readonly string[] {
  const written = update.valueAt('body');
  const properties = own(typeof written === 'string' ? parsed(written) : written, 'properties');
  return OPENING.flatMap(([path, opening]) => {
    const value = path.reduce<Json | undefined>((above, name) => own(above, name as string), properties);
    return (typeof value === 'string' ? value.toLowerCase() : value) === opening ? [`${path.join('.')} to ${String(value)}`] : [];
  });
}

function parsed(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return undefined;
  }
}

/** Accounts, vaults and databases have checks of their own, with or without an endpoint. */
const SETTINGS: ReadonlyMap<string, string> = new Map([
  ...`
    api_management automation_account batch_account bot_service_azure_bot bot_channels_registration cognitive_account container_registry dashboard_grafana databricks_workspace eventgrid_domain eventgrid_topic eventhub_namespace healthcare_service iothub
    iothub_dps kusto_cluster machine_learning_workspace recovery_services_vault search_service servicebus_namespace signalr_service synapse_workspace virtual_desktop_workspace web_pubsub
    linux_web_app windows_web_app linux_function_app windows_function_app linux_web_app_slot windows_web_app_slot linux_function_app_slot windows_function_app_slot function_app_flex_consumption static_web_app
    iothub_device_update_account key_vault_managed_hardware_security_module monitor_workspace iotcentral_application healthcare_dicom_service
  `.trim().split(/\s+/).map((kind) => [`azurerm_${kind}`, 'public_network_access_enabled'] as const),
  ['azurerm_storage_sync', 'incoming_traffic_policy'],
  ['azurerm_data_factory', 'public_network_enabled'], ['azurerm_purview_account', 'public_network_enabled'],
  ...['ai_foundry', 'ai_services', 'eventgrid_namespace', 'app_configuration', 'container_app_environment', 'logic_app_standard', 'web_pubsub_socketio', 'video_indexer_account', 'virtual_desktop_host_pool', 'eventgrid_partner_namespace'].map((kind) => [`azurerm_${kind}`, 'public_network_access'] as const),
]);

/** Public unless somebody says otherwise; App Configuration decides by itself. What is not known is not told. */
function isPublic(service: Resource, setting: string): boolean {
  const said = flag(service, setting) ?? SAID[text(service, setting)?.toLowerCase() ?? ''];
  const isOn = said ?? (service.type !== 'azurerm_app_configuration' && isUnset(service, setting));
  return isOn && !DENYING.some((path) => (text(service, path)?.toLowerCase() === 'deny' ? !listsMany(service, path.slice(0, -1)) : service.unknownAt(path) !== undefined && !isUnset(service, path.slice(0, 1))));
}

const SAID: Readonly<Record<string, boolean>> = { enabled: true, disabled: false, allowalltraffic: true, allowvirtualnetworksonly: false };

/** Rules that leave out whom they do not name. */
const DENYING: readonly AttributePath[] = [...['network_rulesets', 'network_rule_set', 'network_acls'].map((block) => [block, 0, 'default_action']), ['network_profile', 0, 'account_access', 0, 'default_action']];
