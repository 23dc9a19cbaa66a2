/** What a stack builds, with every attachment looked up, as packets meet it. */
import type { ObservationSubject, SynthesizedStack } from '../../observation';
import { isCidr, parseBlock, type Block } from '../addresses';
import { StackReader, texts, type Resource } from '../reader';
import { rulesOfGroup, type GroupRule } from '../security-groups';

/** A subnet, or an address that stands in none. */
export interface Site {
  readonly name: string;
  readonly block: Block;
  readonly subnet: Resource | undefined;
  readonly network: Resource | undefined;
  readonly table: Resource | undefined;
  readonly rules: readonly GroupRule[];
  /** Security groups count for private endpoints only where the subnet says so. */
  readonly holdsEndpoints: boolean;
}

export const FIREWALL_SUBNET = 'AzureFirewallSubnet';

export class World {
  readonly reader: StackReader;
  readonly firewall: Resource | undefined;
  readonly sites: ReadonlyMap<string, Site>;

  constructor(stack: SynthesizedStack, private readonly subject: ObservationSubject) {
    this.reader = new StackReader(stack);
    [this.firewall] = this.reader.all('azurerm_firewall');
    const endpointSubnets = new Set(this.reader.all('azurerm_private_endpoint').map(({ config }) => this.reader.target(config.subnet_id)?.address));
    const sites = new Map<string, Site>();
    for (const { name, cidrs } of subject.segments) {
      const subnet = this.reader.all('azurerm_subnet').find(({ config }) => texts(config.address_prefixes)[0] === cidrs[0]) ?? this.existing(name);
      sites.set(name, this.site(name, parseBlock(cidrs[0]!), subnet, false));
    }
    for (const subnet of this.reader.all('azurerm_subnet')) {
      const role = subnet.config.name === FIREWALL_SUBNET ? 'hub' : endpointSubnets.has(subnet.address) ? 'endpoint' : undefined;
      if (role) sites.set(role, this.site(role, parseBlock(texts(subnet.config.address_prefixes).find(isCidr)!), subnet, role === 'endpoint'));
    }
    this.sites = sites;
  }

  get networks(): readonly Resource[] {
    return this.reader.all('azurerm_virtual_network');
  }

  /** The network that holds a subnet of the firewall's name. */
  get hub(): Resource | undefined {
    return this.sites.get('hub')?.network;
  }

  get spoke(): Resource | undefined {
    return this.networks.find((network) => network.address !== this.hub?.address);
  }

  space(network: Resource | undefined): readonly Block[] {
    return texts(network?.config.address_space).filter(isCidr).map(parseBlock);
  }

  /** Networks that can be reached from one: Azure connects two only when both halves of the peering are there. */
  peers(network: Resource | undefined): readonly { readonly network: Resource; readonly forwarded: boolean }[] {
    if (!network) return [];
    const half = (from: Resource, to: Resource) => this.reader.referring('azurerm_virtual_network_peering', 'virtual_network_name', from)
      .find(({ config }) => this.reader.target(config.remote_virtual_network_id)?.address === to.address && config.allow_virtual_network_access !== false);
    return this.networks.flatMap((other) => {
      const there = half(network, other);
      return there && half(other, network) ? [{ network: other, forwarded: there.config.allow_forwarded_traffic === true }] : [];
    });
  }

  /** A subnet that exists is known by its id alone, which the associations of its group and its table carry. */
  private existing(segment: string): Resource | undefined {
    const association = this.reader.all('azurerm_subnet_network_security_group_association').concat(this.reader.all('azurerm_subnet_route_table_association'))
      .find(({ config }) => String(config.subnet_id).startsWith('/') && String(config.subnet_id).endsWith(`/${segment}`));
    return association && { address: String(association.config.subnet_id), config: { name: segment } };
  }

  /** The network of subnets that exist holds them at least; its DNS servers are a resource of their own. */
  private existingNetwork(): Resource {
    const [servers] = this.reader.all('azurerm_virtual_network_dns_servers');
    return { address: 'the existing network', config: { address_space: [...this.subject.segments.flatMap(({ cidrs }) => cidrs), '172.31.250.0/24'], dns_servers: servers?.config.dns_servers } };
  }

  private site(name: string, block: Block, subnet: Resource | undefined, holdsEndpoints: boolean): Site {
    const attached = (type: string, attribute: string) => subnet && this.reader.target(
      (this.reader.referring(type, 'subnet_id', subnet)[0] ?? this.reader.all(type).find(({ config }) => config.subnet_id === subnet.address))?.config[attribute]);
    return {
      name,
      block,
      subnet,
      network: subnet && (this.reader.target(subnet.config.virtual_network_name) ?? this.existingNetwork()),
      table: attached('azurerm_subnet_route_table_association', 'route_table_id'),
      rules: rulesOfGroup(this.reader, attached('azurerm_subnet_network_security_group_association', 'network_security_group_id')),
      holdsEndpoints,
    };
  }
}
