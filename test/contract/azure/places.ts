/** Segments and service subnets with everything that decides about their packets. */
import type { ObservationSubject } from '../observation';
import { parseBlock, type Block } from './addresses';
import type { FirewallReader, Grant } from './firewall';
import { texts, type Resource, type StackReader } from './reader';
import { rulesOfGroup, type GroupRule } from './security-groups';

export interface Place {
  readonly name: string;
  readonly block: Block;
  readonly table: Resource | undefined;
  readonly rules: readonly GroupRule[];
  /** What the firewall lets through for its addresses. */
  readonly grants: readonly Grant[];
}

/** A subnet that is no segment's: where the firewall answers for names, or the private endpoints. */
export interface ServiceSubnet {
  readonly role: 'resolver' | 'endpoint';
  readonly block: Block;
  readonly rules: readonly GroupRule[];
}

export function placesOf(reader: StackReader, subject: ObservationSubject, firewall: FirewallReader | undefined): readonly Place[] {
  return subject.segments.map(({ name, cidrs }) => {
    const subnet = reader.all('azurerm_subnet').find(({ config }) => texts(config.address_prefixes).join() === cidrs.join());
    const block = parseBlock(cidrs[0]!);
    return {
      name,
      block,
      table: attached(reader, subnet, 'azurerm_subnet_route_table_association', 'route_table_id'),
      rules: groupRules(reader, subnet),
      grants: firewall?.grantsOf(block) ?? [],
    };
  });
}

export function serviceSubnets(reader: StackReader): readonly ServiceSubnet[] {
  const used = new Set(reader.all('azurerm_private_endpoint').map(({ config }) => reader.target(config.subnet_id)?.address));
  return reader.all('azurerm_subnet').flatMap((subnet): ServiceSubnet[] => {
    const role = subnet.config.name === 'AzureFirewallSubnet' ? 'resolver' : used.has(subnet.address) ? 'endpoint' : undefined;
    return role ? [{ role, block: parseBlock(texts(subnet.config.address_prefixes)[0]!), rules: groupRules(reader, subnet) }] : [];
  });
}

function groupRules(reader: StackReader, subnet: Resource | undefined): readonly GroupRule[] {
  return rulesOfGroup(reader, attached(reader, subnet, 'azurerm_subnet_network_security_group_association', 'network_security_group_id'));
}

function attached(reader: StackReader, subnet: Resource | undefined, type: string, attribute: string): Resource | undefined {
  return subnet && reader.target(reader.referring(type, 'subnet_id', subnet)[0]?.config[attribute]);
}
