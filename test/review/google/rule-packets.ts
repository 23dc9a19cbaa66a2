/**
 * What rules and policies do with single packets, one stage after the other, as Google's pages describe it. It shares no code with the review:
 *
 * https://cloud.google.com/firewall/docs/firewall-policies-overview#rule-evaluation
 * https://cloud.google.com/firewall/docs/firewall-policies-rule-details
 * https://cloud.google.com/firewall/docs/understand-network-contexts
 */
import { isRef, type Part } from './random-networks';

export interface Packet { readonly family: 4 | 6; readonly to: string; readonly protocol: 'tcp' | 'udp' | 'icmp'; readonly port: number }

/** `listed`: past a rule by name, so to the addresses of that name at most. `lost`: what happens to it no plan tells. */
export type Fate = 'out' | 'listed' | 'lost' | 'refused';

const KINDS = [['tcp', 443], ['tcp', 22], ['udp', 53], ['udp', 9999], ['icmp', 0]] as const;
export const PACKETS: readonly Packet[] = [
  ...['1.1.1.1', '8.8.8.8', '8.8.8.9', '70.1.2.3', '151.101.0.9', '200.1.2.3'].map((to) => ({ family: 4 as const, to })),
  ...['2001:4860::8888', '2600:1::1', '2a00::1'].map((to) => ({ family: 6 as const, to })),
].flatMap((each) => KINDS.map(([protocol, port]) => ({ ...each, protocol, port })));

/** All bits of an address. */
function bits(address: string): string {
  if (!address.includes(':')) return address.split('.').map((part) => Number(part).toString(2).padStart(8, '0')).join('');
  const [head = '', tail] = address.split('::');
  const [first, last] = [head, tail ?? ''].map((side) => (side === '' ? [] : side.split(':')));
  const groups = [...first!, ...Array<string>(8 - first!.length - last!.length).fill('0'), ...last!];
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}

function isIn(range: string, address: string): boolean {
  const [base = '', length = ''] = range.split('/');
  return base.includes(':') === address.includes(':') && bits(address).startsWith(bits(base).slice(0, Number(length)));
}

/** `listed`: it is for a few addresses alone. */
type Match = 'no' | 'yes' | 'listed' | 'maybe' | 'by name';

export class RulePackets {
  constructor(private readonly parts: readonly Part[]) {}

  /** All that may become of a packet of the machine; more than one fate where no plan tells which. */
  fatesOf(machine: Part, packet: Packet): ReadonlySet<Fate> {
    const isOffice = packet.family === 4 && this.of('compute_route').some(({ values }) => isIn(values.dest_range, packet.to) && (values.tags.length === 0 || values.tags.some((tag: string) => machine.values.tags.includes(tag))));
    const end = (fate: Fate): Fate => (fate === 'out' && isOffice ? 'lost' : fate);
    return new Set([...this.walk(this.stages(), machine, packet, !isOffice)].map(end));
  }

  private of(type: string): readonly Part[] {
    return this.parts.filter((part) => part.type === `google_${type}`);
  }

  private at(ref: unknown): Part | undefined {
    return isRef(ref) ? this.parts.find((part) => `${part.type}.${part.name}` === ref.ref) : undefined;
  }

  /** Lists of rules in the order in which they are asked. */
  private stages(): readonly (readonly any[])[] {
    const [network] = this.of('compute_network');
    const folder = this.at(this.of('project')[0]!.values.folder_id);
    const above = ['organizations/1', ...(folder?.name === 'inner' ? ['outer', 'inner'] : ['outer'])];
    const hierarchical = above.map((name) => this.rulesOf('compute_firewall_policy', ({ attachment_target: target }) => (isRef(target) ? target.ref === `google_folder.${name}` : target === name)));
    const global = this.rulesOf('compute_network_firewall_policy', () => true);
    const regional = this.rulesOf('compute_region_network_firewall_policy', ({ region }) => region === 'r1');
    const classic = this.of('compute_firewall').map(({ values }) => ({ ...values, action: values.deny ? 'deny' : 'allow' })).sort((a, b) => a.priority - b.priority || Number(b.action === 'deny') - Number(a.action === 'deny'));
    return network!.values.network_firewall_policy_enforcement_order === 'BEFORE_CLASSIC_FIREWALL' ? [...hierarchical, global, regional, classic] : [...hierarchical, classic, global, regional];
  }

  /** Of the policy that is associated, by priority. */
  private rulesOf(type: string, isMeant: (association: any) => boolean): readonly any[] {
    const association = this.of(`${type}_association`).find(({ values }) => isMeant(values));
    const policy = this.at(association?.values.firewall_policy);
    if (!policy) return [];
    const inline = (policy.values.rule ?? []).map(({ match: [{ layer4_config, ...match }], target_secure_tag, ...rest }: any) => ({ ...rest, match: [{ ...match, layer4_configs: layer4_config }], target_secure_tags: target_secure_tag }));
    const own = this.of(`${type}_rule`).filter(({ values }) => this.at(values.firewall_policy) === policy).map(({ values }) => values);
    return [...inline, ...own].sort((a, b) => a.priority - b.priority);
  }

  private *walk([stage, ...later]: readonly (readonly any[])[], machine: Part, packet: Packet, isInternet: boolean): Iterable<Fate> {
    if (!stage) {
      yield 'out';
      return;
    }
    for (const rule of stage) {
      const match = this.isFor(rule, machine) && rule.direction === 'EGRESS' && !rule.disabled ? this.matches(rule, packet, isInternet) : 'no';
      if (match === 'no') continue;
      for (const fate of this.act(rule, later, machine, packet, isInternet)) yield (match === 'by name' || match === 'listed') && fate !== 'refused' ? 'listed' : fate;
      if (match === 'yes' || match === 'listed') return;
    }
    yield* this.walk(later, machine, packet, isInternet);
  }

  private *act(rule: any, later: readonly (readonly any[])[], machine: Part, packet: Packet, isInternet: boolean): Iterable<Fate> {
    switch (rule.action) {
      case 'allow': yield 'out'; return;
      case 'deny': yield 'refused'; return;
      case 'goto_next': yield* this.walk(later, machine, packet, isInternet); return;
      // What inspects may let through everything.
      default: yield 'out';
    }
  }

  private isFor(rule: any, machine: Part): boolean {
    const named = (account: any) => (isRef(account) ? account.ref.replace('google_service_account.', '') : account.split('@')[0]);
    const carries = (ref: any, own: any) => isRef(ref) && isRef(own) && ref.ref === own.ref;
    if (rule.target_resources && !rule.target_resources.some(isRef)) return false;
    if (rule.target_tags) return rule.target_tags.some((tag: string) => machine.values.tags.includes(tag));
    if (rule.target_service_accounts) return rule.target_service_accounts.some((account: any) => named(account) === named(machine.values.service_account[0].email));
    if (rule.target_secure_tags) return rule.target_secure_tags.some(({ name }: any) => carries(name, machine.values.params?.[0].resource_manager_tags['tagKeys/1']));
    return true;
  }

  private matches(rule: any, packet: Packet, isInternet: boolean): Match {
    const [match] = rule.match ?? [{ layer4_configs: (rule.deny ?? rule.allow).map(({ protocol, ...ports }: any) => ({ ip_protocol: protocol, ...ports })), dest_ip_ranges: rule.destination_ranges ?? ['0.0.0.0/0'] }];
    const names = { tcp: ['tcp', '6'], udp: ['udp', '17'], icmp: packet.family === 4 ? ['icmp', '1'] : ['ipv6-icmp', '58'] }[packet.protocol];
    const isLayer = match.layer4_configs.some(({ ip_protocol, ports }: any) => ip_protocol === 'all' || (names.includes(ip_protocol) && (!ports || ports.some((text: string) => {
      const [from = 0, last = from] = text.split('-').map(Number);
      return from <= packet.port && packet.port <= last;
    }))));
    // The subnet's IPv6 range nobody knows before Google gives it.
    if (!isLayer || (match.src_ip_ranges && (packet.family === 6 || !match.src_ip_ranges.some((range: string) => isIn(range, '10.0.0.2'))))) return 'no';
    if (match.dest_network_context && (match.dest_network_context === 'INTERNET') !== isInternet) return 'no';
    const groups = (match.dest_address_groups ?? []).flatMap((group: any) => this.at(group)?.values.items ?? []);
    const isNarrow = rule.match && match.dest_ip_ranges?.every((range: string) => Number(range.split('/')[1]) >= 24) && !match.dest_fqdns;
    if ([...(match.dest_ip_ranges ?? []), ...groups].some((range: string) => isIn(range, packet.to))) return isNarrow ? 'listed' : 'yes';
    if (match.dest_region_codes || match.dest_threat_intelligences) return 'maybe';
    return match.dest_fqdns ? 'by name' : 'no';
  }
}
