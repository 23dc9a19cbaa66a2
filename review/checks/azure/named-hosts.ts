/** Every rule of Azure that lets hosts through by name: of firewalls, and of the managed networks of workspaces. */
import type { AzureModel } from '../../model/azure/azure-model';
import { APPROVED_NAME } from '../../model/azure/managed-network';
import { text } from '../../model/azure/read';

export interface NamedHost {
  readonly fqdn: string;
  /** The rule's name, and its Terraform address. */
  readonly rule: string;
  readonly address: string;
  /** What enforces it. */
  readonly control: string;
  readonly doubt?: string;
}

export function namedHosts({ firewalls, graph }: AzureModel): readonly NamedHost[] {
  const ofFirewalls = [...firewalls.values()].flatMap((firewall) => firewall.rules.filter(({ action }) => action !== 'Deny').flatMap(({ name, address, fqdns, doubt }) =>
    fqdns.items.map((fqdn): NamedHost => ({ fqdn, rule: name, address, control: firewall.address, ...(doubt === undefined ? {} : { doubt }) }))));
  const approved = graph.ofType(APPROVED_NAME).flatMap((rule): readonly NamedHost[] => {
    const fqdn = text(rule, 'destination_fqdn');
    return fqdn === undefined ? [] : [{ fqdn, rule: text(rule, 'name') ?? rule.address, address: rule.address, control: rule.address }];
  });
  return [...ofFirewalls, ...approved];
}
