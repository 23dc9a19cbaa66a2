/**
 * What becomes of single packets in a random network, walked as Google's pages describe it. It shares no
 * code with the review: https://cloud.google.com/firewall/docs/firewall-policies-overview#rule-evaluation,
 * https://cloud.google.com/vpc/docs/routes#routeselection, https://cloud.google.com/nat/docs/overview
 */
import { isRef, type Part } from './random-networks';

interface Packet { readonly to: number; readonly protocol: string; readonly port: number }
type Fate = 'denied' | 'listed' | 'out' | 'lost';

/** Inside and beside of every range that the networks have; all public. */
const DESTINATIONS = ['1.1.1.1', '8.8.8.8', '8.8.8.9', '9.200.0.1', '70.1.2.3', '151.101.0.9', '151.101.1.1', '200.1.2.3'];
const KINDS = [['tcp', 443], ['tcp', 22], ['udp', 53], ['udp', 150], ['udp', 9999], ['icmp', 0], ['esp', 0], ['gre', 0]] as const;

function address(text: string): number {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isIn(range: string, at: number): boolean {
  const [base = '', bits = '32'] = range.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(address(base) / size) === Math.floor(at / size);
}

export class SinglePackets {
  constructor(private readonly parts: readonly Part[]) {}

  /** The worst that becomes of any packet: `lost` where it leaves through what nobody knows. */
  verdictOf(machine: Part): 'open' | 'unknown' | 'allowlisted' | 'none' {
    const fates = new Set<Fate>();
    for (const to of DESTINATIONS) for (const [protocol, port] of KINDS) for (const fate of this.send(machine, { to: address(to), protocol, port })) fates.add(fate);
    return fates.has('out') ? 'open' : fates.has('lost') ? 'unknown' : fates.has('listed') ? 'allowlisted' : 'none';
  }

  private of(type: string): readonly Part[] {
    return this.parts.filter((part) => part.type === `google_${type}`);
  }

  private at(ref: unknown): Part {
    return this.parts.find((part) => isRef(ref) && `${part.type}.${part.name}` === ref.ref) as Part;
  }

  private *send(machine: Part, packet: Packet): Iterable<Fate> {
    for (const nic of machine.values.network_interface) {
      const subnet = this.at(nic.subnetwork);
      const network = this.at(subnet.values.network);
      const { passes, isListed, byName } = this.firewall(machine, subnet, network, packet);
      if (!passes && !byName) continue;
      for (const fate of this.route(machine, nic, subnet, network, packet)) {
        if (passes) yield fate === 'out' && isListed ? 'listed' : fate;
        if (byName) yield fate === 'out' ? 'listed' : fate;
      }
    }
  }

  /** The first rule that matches decides; one that allows a name may let any address through. */
  private firewall(machine: Part, subnet: Part, network: Part, packet: Packet): { readonly passes: boolean; readonly isListed: boolean; readonly byName: boolean } {
    const carried = new Set([machine.values.service_account?.[0]?.email, machine.values.params?.[0]?.resource_manager_tags['tagKeys/1']].map((ref) => ref?.ref));
    const isMeant = (layers: readonly any[], targets: readonly any[] | undefined) => (!targets || targets.some((target) => (isRef(target) ? carried.has(target.ref) : machine.values.tags.includes(target))))
      && layers.some((layer) => covers(layer, packet));
    let byName = false;
    const classic = () => {
      const rules = this.of('compute_firewall').filter(({ values }) => this.at(values.network) === network && !values.disabled)
        .sort((a, b) => a.values.priority - b.values.priority || Number(b.values.deny !== undefined) - Number(a.values.deny !== undefined));
      return rules.find(({ values }) => isMeant(values.deny ?? values.allow, values.target_tags ?? values.target_service_accounts)
        && (!values.source_ranges || isIn(values.source_ranges[0], address(subnet.values.ip_cidr_range.split('/')[0]) + 9))
        && values.destination_ranges.some((range: string) => isIn(range, packet.to)))?.values;
    };
    // A name stands for addresses that nobody tells: what is led on by it goes its own way.
    let isLedOn = false;
    /** Of addresses that a rule lists one by one: whatever lets them out, they are no more. */
    let isListLedOn = false;
    const isList = (ranges: readonly string[]) => ranges.every((range) => range.startsWith('10.') || Number(range.split('/')[1]) >= 16);
    const policy = (kind: string) => {
      const association = this.of(`${kind}_association`).find(({ values }) => this.at(values.attachment_target) === network && (values.region ?? subnet.values.region) === subnet.values.region);
      if (!association) return undefined;
      const rules = this.of(`${kind}_rule`).filter(({ values }) => this.at(values.firewall_policy) === this.at(association.values.firewall_policy) && !values.disabled).sort((a, b) => a.values.priority - b.values.priority);
      for (const { values } of rules) {
        const [match] = values.match;
        if (!isMeant(match.layer4_configs, values.target_secure_tags?.map((target: any) => target.name))) continue;
        // A deny of a name closes nothing here.
        if (match.dest_fqdns && values.action === 'allow') byName = true;
        if (match.dest_fqdns && values.action === 'goto_next') isLedOn = true;
        if (!match.dest_ip_ranges?.some((range: string) => isIn(range, packet.to))) continue;
        if (values.action !== 'goto_next') return { [values.action]: true, destination_ranges: match.dest_ip_ranges };
        isListLedOn = isList(match.dest_ip_ranges);
        return undefined;
      }
      return undefined;
    };
    const policies = [() => policy('compute_network_firewall_policy'), () => policy('compute_region_network_firewall_policy')];
    const stages = network.values.network_firewall_policy_enforcement_order === 'BEFORE_CLASSIC_FIREWALL' ? [...policies, classic] : [classic, ...policies];
    const walk = (left: typeof stages): { readonly passes: boolean; readonly isListed: boolean } => {
      const [stage, ...later] = left;
      if (!stage) return { passes: true, isListed: false };
      [isLedOn, isListLedOn] = [false, false];
      const found = stage();
      const isListed = isListLedOn;
      if (isLedOn && walk(later).passes) byName = true;
      if (found) return { passes: !found.deny, isListed: isList(found.destination_ranges) };
      const rest = walk(later);
      return { ...rest, isListed: rest.isListed || isListed };
    };
    const fate = walk(stages);
    return { ...fate, byName };
  }

  private *route(machine: Part, nic: any, subnet: Part, network: Part, packet: Packet): Iterable<Fate> {
    const written = this.of('compute_route').map(({ values }) => values).filter((route) => this.at(route.network) === network && isIn(route.dest_range, packet.to) && (route.tags.length === 0 || route.tags.some((tag: string) => machine.values.tags.includes(tag))));
    const all = [...written, ...(network.values.delete_default_routes_on_create ? [] : [{ dest_range: '0.0.0.0/0', priority: 1000, next_hop_gateway: 'made by Google' }])];
    const length = Math.max(...all.map((route) => Number(route.dest_range.split('/')[1])));
    const longest = all.filter((route) => Number(route.dest_range.split('/')[1]) === length);
    for (const route of longest.filter(({ priority }) => longest.every((other) => priority <= other.priority))) {
      if (!route.next_hop_gateway) yield 'lost';
      else if (nic.access_config.length > 0 || this.of('compute_router_nat').some((nat) => this.isServed(nat, subnet, network))) yield 'out';
    }
  }

  private isServed({ values }: Part, subnet: Part, network: Part): boolean {
    return values.type === 'PUBLIC' && values.region === subnet.values.region && this.at(this.at(values.router).values.network) === network
      && (values.source_subnetwork_ip_ranges_to_nat !== 'LIST_OF_SUBNETWORKS' || values.subnetwork.some((each: any) => this.at(each.name) === subnet));
  }
}

function covers(layer: any, { protocol, port }: Packet): boolean {
  const wanted = layer.protocol ?? layer.ip_protocol;
  if (wanted !== 'all' && wanted !== protocol) return false;
  return !layer.ports || layer.ports.some((text: string) => {
    const [from = 0, last = from] = text.split('-').map(Number);
    return port >= from && port <= last;
  });
}
