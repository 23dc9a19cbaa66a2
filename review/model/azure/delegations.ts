/**
 * What Azure adds to the security group and to the routes of a subnet that is delegated to a service: rules and
 * routes without which the service does not run, whatever the group and the table say beside them.
 * https://learn.microsoft.com/azure/azure-sql/managed-instance/connectivity-architecture-overview#mandatory-security-rules-with-service-aided-subnet-configuration
 * https://learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject#network-security-group-rules
 */
import { NOWHERE } from './read';
import type { SecurityGroup, SecurityRule } from './security-group';
import type { AzureSubnet } from './subnet';

interface Added {
  readonly service: string;
  /** Service tags with tcp ports that the group lets out. */
  readonly rules: readonly (readonly [tag: string, ...ports: string[]])[];
  /** True when routes to the internet for these tags go before a route to a firewall. */
  readonly routes: boolean;
}

const ADDED: readonly Added[] = [
  { service: 'Microsoft.Sql/managedInstances', rules: [['AzureActiveDirectory', '443'], ['OneDsCollector', '443'], ['Storage', '443']], routes: true },
  { service: 'Microsoft.Databricks/workspaces', rules: [['AzureDatabricks', '443', '3306', '8443-8451'], ['Sql', '3306'], ['Storage', '443'], ['EventHub', '9093']], routes: false },
];

function addedTo({ delegations }: AzureSubnet): Added | undefined {
  return delegations.length === 0 ? undefined : ADDED.find(({ service }) => delegations.some((each) => each.toLowerCase() === service.toLowerCase()));
}

/** The service whose routes to the internet Azure adds, for tcp 443. */
export function routedService(subnet: AzureSubnet): string | undefined {
  const added = addedTo(subnet);
  return added?.routes ? added.service : undefined;
}

/** The group as it holds in the subnet. */
export function groupIn(subnet: AzureSubnet, group: SecurityGroup): SecurityGroup {
  const added = addedTo(subnet);
  if (!added) return group;
  const rules = added.rules.map(([tag, ...ports]): SecurityRule => ({
    address: group.address, name: `${tag} for ${added.service}`, priority: 0, direction: 'Outbound', access: 'Allow', protocol: 'tcp',
    sources: { items: ['*'] }, destinations: { items: [tag] }, sourcePorts: { items: ['*'] }, ports: { items: ports },
    sourceGroups: NOWHERE, destinationGroups: NOWHERE, builtIn: true,
  }));
  return { ...group, rules: [...rules, ...group.rules] };
}
