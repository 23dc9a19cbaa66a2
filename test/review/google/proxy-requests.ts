/**
 * Which hosts single requests of machines reach by Secure Web Proxies, as Google's pages describe it. It shares no code with the review:
 *
 * https://cloud.google.com/secure-web-proxy/docs/tls-rule-evaluation
 * https://cloud.google.com/secure-web-proxy/docs/cel-matcher-language-reference
 * https://cloud.google.com/secure-web-proxy/docs/url-list-syntax-reference
 * https://cloud.google.com/secure-web-proxy/docs/known-limitations
 * https://cloud.google.com/secure-web-proxy/docs/deploy-next-hop
 */
import { isRef, type Part } from './random-networks';
import type { Matcher, Proxied } from './web-proxied';

export interface Request { readonly host: string; readonly port: number }

const HOSTS = ['a.example.com', 'b.example.com', 'x.b.example.com', 'example.com', 'myexample.com', 'c.test', 'x.c.test', 'a.unlisted.example', 'unlisted.example', 'b.example.com.unlisted.example'];
export const REQUESTS: readonly Request[] = HOSTS.flatMap((host) => [443, 80].map((port) => ({ host, port })));

/** Of a host that no list of names has. */
export const isUnlisted = ({ host }: Request): boolean => host === 'myexample.com' || host.endsWith('unlisted.example');

/** How a request is made. What it says besides of host and port its sender chooses. */
interface Asked extends Request {
  readonly kind: 'http' | 'tunnel';
  readonly method: string;
}

/** Who asks, as a proxy sees it. */
interface Asker {
  readonly address: string;
  readonly machine: Part;
  /** Tags and accounts are seen in the proxy's own network. Beyond it they are not, and of late not all pages say so. */
  readonly isSeen: boolean;
}

const number = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
function isIn(range: string, address: string): boolean {
  const [base = '', bits = '32'] = range.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(base) / size) === Math.floor(number(address) / size);
}

/** Where the internet's hosts are. */
const OUTSIDE = ['8.8.8.8', '200.1.2.3'];

export class ProxyRequests {
  private readonly byType = new Map<string, Part[]>();
  private readonly byAddress = new Map<string, Part>();

  constructor(private readonly estate: Proxied) {
    for (const part of estate.parts) {
      this.byType.set(part.type, [...(this.byType.get(part.type) ?? []), part]);
      this.byAddress.set(`${part.type}.${part.name}`, part);
    }
  }

  /** `maybe`: nobody says what a proxy that is a next hop does for who calls its own address. */
  reaches(machine: Part, request: Request): 'yes' | 'maybe' | 'no' {
    const nic = machine.values.network_interface[0];
    const network = this.at(this.at(nic.subnetwork)!.values.network)!;
    const found: ('yes' | 'maybe' | 'no')[] = [];
    for (const proxy of this.of('network_services_gateway')) {
      const { values } = proxy;
      const home = this.at(values.network)!;
      const ports: readonly number[] = values.all_ports ? [443, 80, 8080, 22] : values.ports;
      const isHop = values.routing_mode === 'NEXT_HOP_ROUTING_MODE';
      const isNear = this.regionOf(machine) === values.location || values.allow_global_access === true;
      const here: Asker = { address: nic.network_ip, machine, isSeen: network === home };
      if (isNear && (network === home || this.isPeer(network, home)) && this.calls(machine, network, values.addresses[0], ports)) {
        const answer = this.lets(proxy, here, request);
        found.push(isHop && answer === 'yes' ? 'maybe' : answer);
      }
      if (isHop && isNear && ports.includes(request.port) && OUTSIDE.some((to) => this.calls(machine, network, to, [request.port]) && this.leadsTo(machine, network, proxy, to))) found.push(this.lets(proxy, here, request));
      for (const attachment of this.of('compute_service_attachment').filter((each) => this.at(each.values.target_service) === proxy)) {
        const asker: Asker = { address: this.at(attachment.values.nat_subnets[0])!.values.ip_cidr_range.replace('0/24', '2'), machine, isSeen: false };
        for (const endpoint of this.of('compute_forwarding_rule').filter((each) => this.at(each.values.target) === attachment)) {
          const { region, allow_psc_global_access, ip_address } = endpoint.values;
          if (this.at(endpoint.values.network) === network && (region === this.regionOf(machine) || allow_psc_global_access) && this.calls(machine, network, ip_address, ports)) found.push(this.lets(proxy, asker, request));
        }
      }
    }
    return found.includes('yes') ? 'yes' : found.includes('maybe') ? 'maybe' : 'no';
  }

  private of(type: string): readonly Part[] {
    return this.byType.get(`google_${type}`) ?? [];
  }

  private at(ref: unknown): Part | undefined {
    return isRef(ref) ? this.byAddress.get(ref.ref) : undefined;
  }

  private regionOf(machine: Part): string {
    return machine.values.zone.replace('-a', '');
  }

  private half(from: Part, to: Part): Part | undefined {
    return this.of('compute_network_peering').find(({ values }) => this.at(values.network) === from && this.at(values.peer_network) === to);
  }

  private isPeer(one: Part, other: Part): boolean {
    return this.half(one, other) !== undefined && this.half(other, one) !== undefined;
  }

  private calls(machine: Part, network: Part, to: string, ports: readonly number[]): boolean {
    return ports.some((port) => this.passesFirewall(machine, network, to, port));
  }

  private passesFirewall(machine: Part, network: Part, to: string, port: number): boolean {
    const meant = this.of('compute_firewall').map(({ values }) => values).filter((rule) => this.at(rule.network) === network && (!rule.target_tags || rule.target_tags.some((tag: string) => machine.values.tags.includes(tag)))
      && rule.destination_ranges.some((range: string) => isIn(range, to)) && (rule.deny ?? rule.allow).some((layer: any) => layer.protocol === 'all' || (layer.protocol === 'tcp' && (!layer.ports || layer.ports.includes(String(port))))));
    const first = Math.min(...meant.map(({ priority }) => priority));
    return !meant.some((rule) => rule.priority === first && rule.deny);
  }

  /** Whether a route to the internet's address has the proxy as its next hop: those of policies come first, and peers have none of them. */
  private leadsTo(machine: Part, network: Part, proxy: Part, to: string): boolean {
    const isFor = (tags: readonly string[] | undefined) => !tags || tags.length === 0 || tags.some((tag) => machine.values.tags.includes(tag));
    const byPolicy = this.of('network_connectivity_policy_based_route').map(({ values }) => values).filter((route) => this.at(route.network) === network && isIn(route.filter[0].dest_range, to) && isFor(route.virtual_machine?.[0].tags));
    if (byPolicy.length > 0) return byPolicy.some((route) => route.next_hop_ilb_ip === proxy.values.addresses[0]);
    const routes = this.of('compute_route').map(({ values }) => values).filter((route) => isIn(route.dest_range, to) && (this.at(route.network) === network
      ? isFor(route.tags) : route.tags.length === 0 && this.isPeer(network, this.at(route.network)!) && this.half(this.at(route.network)!, network)!.values.export_custom_routes && this.half(network, this.at(route.network)!)!.values.import_custom_routes));
    const length = Math.max(...routes.map(({ dest_range }) => Number(dest_range.split('/')[1])));
    return routes.some((route) => Number(route.dest_range.split('/')[1]) === length && route.next_hop_ilb === proxy.values.addresses[0]);
  }

  /** The first rule that matches decides; without one, the request is refused. */
  private lets(proxy: Part, asker: Asker, request: Request): 'yes' | 'maybe' | 'no' {
    const rules = this.of('network_security_gateway_security_policy_rule').filter(({ values }) => values.enabled && this.at(values.gateway_security_policy) === this.at(proxy.values.gateway_security_policy))
      .sort((one, other) => one.values.priority - other.values.priority);
    const passes = (by: Asker, blind: boolean) => (['http', 'tunnel'] as const).some((kind) => ['GET', 'POST'].some((method) => rules.find((rule) => this.matches(rule, by, { ...request, kind, method }, blind))?.values.basic_profile === 'ALLOW'));
    const asSeen = { ...asker, isSeen: true };
    return passes(asker, false) ? 'yes' : passes(asker, true) || passes(asSeen, false) || passes(asSeen, true) ? 'maybe' : 'no';
  }

  /**
   * What is inside of a tunnel is seen where the rule inspects it.
   * @param blind what a rule that does not inspect asks of the inside: nobody says whether it is then for none, or for each
   */
  private matches({ name, values }: Part, asker: Asker, asked: Asked, blind: boolean): boolean {
    const application = this.estate.applications[name];
    if (!this.holds(this.estate.sessions[name]!, asker, asked)) return false;
    if (!application) return true;
    return asked.kind === 'http' || values.tls_inspection_enabled ? this.holds(application, asker, asked) : blind;
  }

  private holds(matcher: Matcher, asker: Asker, asked: Asked): boolean {
    switch (matcher.is) {
      case 'and': return matcher.of.every((side) => this.holds(side, asker, asked));
      case 'or': return matcher.of.some((side) => this.holds(side, asker, asked));
      case 'not': return !this.holds(matcher.of, asker, asked);
      case 'constant': return matcher.value;
      case 'host': return this.isNamed(matcher.how, matcher.text, asked.host);
      case 'list': return this.of('network_security_url_lists').find(({ name }) => name === matcher.list)!.values.values.some((pattern: string) => isLike(pattern.split('/')[0]!, asked.host));
      case 'tag': return asker.isSeen && Object.values(asker.machine.values.params?.[0]?.resource_manager_tags ?? {}).some((ref: any) => ref.ref.endsWith(`.${matcher.tag}`));
      case 'account': return asker.isSeen && asker.machine.values.service_account[0].email.ref.endsWith(`.${matcher.account}`);
      case 'source': return isIn(matcher.range, asker.address);
      case 'port': return asked.port === matcher.port;
      case 'method': return asked.method === matcher.method;
    }
  }

  private isNamed(how: '==' | '!=' | 'startsWith' | 'endsWith' | 'contains', text: string, host: string): boolean {
    switch (how) {
      case '==': return host === text;
      case '!=': return host !== text;
      case 'startsWith': return host.startsWith(text);
      case 'endsWith': return host.endsWith(text);
      case 'contains': return host.includes(text);
    }
  }
}

/** `*example.com` is the name and all below it, `*.example.com` what is below. */
function isLike(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*')) return host === pattern;
  const rest = pattern.slice(1);
  return rest.startsWith('.') ? host.endsWith(rest) : host === rest || host.endsWith(`.${rest}`);
}
