/**
 * Ids that are made of names, so that a plan tells them although their resource does not exist yet.
 * Modules write them out (`"projects/${var.project}/global/networks/${var.name}"`) instead of handing
 * them on: https://cloud.google.com/apis/design/resource_names,
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
import { own, type JsonObject } from './json';

/** `{name}` is an attribute of the resource; `*` stands for the subscription, which no attribute tells. Of an account of Google's it is the address. */
const COMPOSED: Readonly<Record<string, string>> = {
  google_compute_network: 'projects/{project}/global/networks/{name}',
  google_compute_subnetwork: 'projects/{project}/regions/{region}/subnetworks/{name}',
  // https://cloud.google.com/iam/docs/service-account-types#user-managed
  google_service_account: '{account_id}@{project}.iam.gserviceaccount.com',
  ...Object.fromEntries(Object.entries({
    azurerm_application_security_group: 'applicationSecurityGroups/{name}',
    azurerm_firewall: 'azureFirewalls/{name}',
    azurerm_firewall_policy: 'firewallPolicies/{name}',
    azurerm_ip_group: 'ipGroups/{name}',
    azurerm_nat_gateway: 'natGateways/{name}',
    azurerm_network_interface: 'networkInterfaces/{name}',
    azurerm_network_security_group: 'networkSecurityGroups/{name}',
    azurerm_public_ip: 'publicIPAddresses/{name}',
    azurerm_route_table: 'routeTables/{name}',
    azurerm_subnet: 'virtualNetworks/{virtual_network_name}/subnets/{name}',
    azurerm_virtual_hub: 'virtualHubs/{name}',
    azurerm_virtual_network: 'virtualNetworks/{name}',
    azurerm_virtual_network_gateway: 'virtualNetworkGateways/{name}',
  }).map(([type, path]) => [type, `/subscriptions/*/resourceGroups/{resource_group_name}/providers/Microsoft.Network/${path}`])),
};

/** The id that the resource is going to have; undefined where it is not made of names, or a name is not known. */
export function composedIdentity(type: string, values: JsonObject): string | undefined {
  const template = Object.hasOwn(COMPOSED, type) ? COMPOSED[type] : undefined;
  if (template === undefined) return undefined;
  let isWhole = true;
  const id = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = own(values, name);
    const isKnown = typeof value === 'string' && value !== '' && !value.includes('${');
    // Who writes no project gets that of the provider's configuration.
    if (!isKnown && name === 'project' && type === 'google_service_account') return '*';
    isWhole &&= isKnown;
    return String(value);
  });
  return isWhole ? id : undefined;
}

/** An id as {@link composedIdentity} writes it where it does not know all of it: without the subscription, or the project of an account. */
export function withoutOwner(id: string): string | undefined {
  if (/^\/subscriptions\/[^/]+\//i.test(id)) return id.replace(/^\/subscriptions\/[^/]+\//i, '/subscriptions/*/');
  return id.endsWith(ACCOUNTS) ? id.replace(/@[^@]+$/, `@*${ACCOUNTS}`) : undefined;
}

const ACCOUNTS = '.iam.gserviceaccount.com';
