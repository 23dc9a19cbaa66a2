/**
 * Names as Cloud DNS answers them in a network.
 *
 * Alternative name servers end it; else a response policy, else the private zone with the longest
 * suffix, else public DNS. FQDN rules follow the same answers, but not those of other servers.
 * https://cloud.google.com/dns/docs/vpc-name-res-order
 */
import type { SynthesizedStack } from '../../observation';
import { listOf, reference, resourcesOf, type Resource } from '../reading';
import type { World } from './world';

interface Answer { readonly by: string; readonly addresses: readonly string[] }

export class Resolver {
  private readonly answers = new Map<string, Answer>();
  private readonly zones: readonly Resource[];
  readonly alternative: readonly string[];
  readonly isRecorded: boolean;

  constructor(private readonly stack: SynthesizedStack, network: string, private readonly world: World) {
    const ours = (networks: unknown) => listOf(networks).some(({ network_url: url }) => reference(url) === network);
    const policies = resourcesOf(stack, 'google_dns_policy').filter(({ config }) => ours(config.networks));
    this.alternative = policies.flatMap(({ config }) => listOf(config.alternative_name_server_config).flatMap((each) => listOf(each.target_name_servers).map(({ ipv4_address: address }) => String(address))));
    this.isRecorded = policies.some(({ config }) => config.enable_logging === true);
    this.zones = resourcesOf(stack, 'google_dns_managed_zone')
      .filter(({ config }) => config.visibility === 'private' && ours(config.private_visibility_config?.networks))
      .sort((a, b) => String(b.config.dns_name).length - String(a.config.dns_name).length);
  }

  /** Where a query ends, in words, and what comes of it. */
  ask(name: string): Answer {
    let answer = this.answers.get(name);
    if (!answer) this.answers.set(name, (answer = this.resolve(name)));
    return answer;
  }

  private resolve(name: string): Answer {
    if (this.alternative.length > 0) return { by: `server ${this.alternative.join(', ')}`, addresses: [] };
    const zone = this.zones.find(({ config }) => `.${name}.`.endsWith(`.${config.dns_name}`));
    if (!zone) return { by: 'public dns', addresses: this.world.names[name] ?? [] };
    if (listOf(zone.config.forwarding_config).length > 0) return { by: 'forwarding zone', addresses: [] };
    return { by: 'private zone', addresses: this.inZone(zone, `${name}.`, 0) };
  }

  /** What an FQDN object of a rule stands for. */
  firewallAddresses(name: string): readonly string[] {
    return this.alternative.length > 0 ? [] : this.ask(name).addresses;
  }

  /** Names that private zones hand to other servers. */
  forwarded(): readonly string[] {
    return this.zones.filter(({ config }) => listOf(config.forwarding_config).length + listOf(config.peering_config).length > 0).map(({ config }) => String(config.dns_name));
  }

  private inZone(zone: Resource, name: string, depth: number): readonly string[] {
    const own = resourcesOf(this.stack, 'google_dns_record_set').filter(({ config }) => reference(config.managed_zone) === zone.address);
    const found = own.find(({ config }) => config.name === name) ?? own.find(({ config }) => String(config.name).startsWith('*.') && name.endsWith(String(config.name).slice(1)));
    if (!found || depth > 8) return [];
    const data = listOf(found.config.rrdatas).map(String);
    return found.config.type === 'CNAME' ? this.ask(data[0]!.replace(/\.$/, '')).addresses : data;
  }
}
