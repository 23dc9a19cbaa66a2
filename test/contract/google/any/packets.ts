/**
 * Single packets through a synthesized stack, held against what the file grants.
 *
 * Each answer names who sends what to where, what becomes of it, and what the file says.
 */
import type { SynthesizedStack } from '../../observation';
import { nth } from '../evaluator/addresses';
import { FirewallOrder } from '../evaluator/firewall-order';
import { Resolver } from '../evaluator/resolver';
import { Routing } from '../evaluator/routing';
import { proxyDecision } from '../evaluator/web-proxy';
import type { Machine, World } from '../evaluator/world';
import { listOf, resourcesOf, type Resource } from '../reading';
import { Intent, onTheWire, rangesOf, type Protocol } from './intent';
import type { Written } from './policies';

/** A packet that gets where the file does not say (`hole`), or does not get where it says (`fault`). */
export interface Difference {
  readonly kind: 'hole' | 'fault';
  readonly packet: string;
  readonly found: string;
}

interface Port { readonly protocol: Protocol; readonly port: number }

const APIS: Readonly<Record<string, string>> = { 'storage.googleapis.com': '142.250.74.27', 'us.gcr.io': '142.250.74.83', 'gcr.io': '142.250.74.83', 'europe-docker.pkg.dev': '142.250.74.82' };
/** Everybody who may call in, and some who may not. */
const CALLERS = ['130.211.0.9', '130.211.4.1', '35.191.255.9', '209.85.152.9', '209.85.204.9', '35.235.240.9', '203.0.112.9', '192.168.250.9'];
/** Of these, `to.x` is at a Tor exit and `deny.x` in North Korea. */
const COUNTRIES = ['KP', 'US', 'IR', 'DE'];
const THREATS = ['iplist-tor-exit-nodes', 'iplist-vpn-providers'];

export function differences(written: SynthesizedStack, file: Written, environment: Written): readonly Difference[] {
  const site = new Site(asThePageAsks(written, environment.google), new Intent(file, environment));
  return site.judge();
}

/** A network that was there before, with the order and without the default route that docs/google.md asks for. */
function asThePageAsks(stack: SynthesizedStack, { network }: Written): SynthesizedStack {
  if (!network) return stack;
  const text = JSON.stringify(stack).replaceAll('${data.google_compute_network.', '${google_compute_network.');
  const copy = JSON.parse(text) as SynthesizedStack;
  const [id] = Object.keys(copy.data!.google_compute_network!);
  copy.resource!.google_compute_network = { [id!]: { name: network.name, auto_create_subnetworks: false, delete_default_routes_on_create: true, network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' } };
  return copy;
}

class Site {
  private readonly found: Difference[] = [];
  private readonly world: World;
  private readonly resolver: Resolver;
  private readonly firewall: FirewallOrder;
  private readonly routing: Routing;
  private readonly machines: readonly Machine[];
  private readonly gateway: Resource | undefined;
  private readonly hosts: readonly string[];

  constructor(private readonly stack: SynthesizedStack, private readonly intent: Intent) {
    const [network] = resourcesOf(stack, 'google_compute_network');
    this.hosts = [...new Set((intent.file.allow ?? []).map(({ host }: Written) => onTheWire(host)).flatMap((host: string) => (host.startsWith('*.')
      ? [`x${host.slice(1)}`, `a.b${host.slice(1)}`, host.slice(2), `not${host.slice(2)}`]
      : [host, `x.${host}`])))] as string[];
    const addresses = this.hosts.map((host, index) => [host, `20.1.${index}.7`] as const);
    this.world = {
      names: Object.fromEntries([...addresses, ...Object.entries(APIS)].map(([host, address]) => [host, [address]])),
      countries: Object.fromEntries(addresses.map(([host, address]) => [address, COUNTRIES[host.length % 4]!])),
      threats: Object.fromEntries(addresses.map(([host, address]) => [address, host.length % 3 === 0 ? THREATS : []])),
    };
    this.resolver = new Resolver(stack, network!.address, this.world);
    this.firewall = new FirewallOrder(stack, network!, this.resolver, this.world);
    this.routing = new Routing(stack, network!);
    this.machines = intent.segments.map((segment) => this.machine(segment));
    [this.gateway] = resourcesOf(stack, 'google_network_services_gateway');
  }

  judge(): readonly Difference[] {
    for (const machine of this.machines) {
      this.outside(machine);
      this.apis(machine);
      this.services(machine);
      this.cluster(machine);
      for (const callee of this.machines) this.peers(machine, callee);
      this.callers(machine);
      this.stranger(machine);
    }
    return this.found;
  }

  private machine(segment: string): Machine {
    const subnet = resourcesOf(this.stack, 'google_compute_subnetwork').find(({ config }) => config.name === `${this.intent.name}-${segment}`)!;
    const tag = resourcesOf(this.stack, 'google_tags_tag_value').find(({ config }) => config.short_name === segment);
    const account = this.intent.google.serviceAccounts?.[segment];
    return {
      name: segment, tags: tag ? [tag.address] : [], ...(account ? { account } : {}), networkTags: [`${this.intent.name}-${segment}-egress`],
      subnet: subnet.address, address: nth(subnet.config.ip_cidr_range, 9), isPublic: false,
    };
  }

  /** A machine whose owner sets any network tag: it sees every route, and may reach no more for it. */
  private everyTag(machine: Machine): Machine {
    return { ...machine, networkTags: resourcesOf(this.stack, 'google_compute_route').flatMap(({ config }) => listOf(config.tags).map(String)) };
  }

  private outside(machine: Machine): void {
    const { name } = machine;
    const ports = this.ports((this.intent.file.allow ?? []).flatMap((rule: Written) => rule.ports ?? []), [22, 80, 443, 853]);
    for (const host of this.hosts) {
      const [address] = this.world.names[host]!;
      const denied = this.intent.isDenied(this.world.countries[address!], this.world.threats[address!]!);
      for (const port of ports) {
        const granted = this.intent.host(name, host, port);
        const direct = granted && !denied && !this.intent.isProxied(name);
        this.expect(direct, `${name} to ${host} ${text(port)}`, this.leaves(machine, address!, port));
        if (!direct) this.never(`${name} with every network tag to ${host} ${text(port)}`, this.leaves(this.everyTag(machine), address!, port));
        if (port.protocol === 'tcp') this.expect(granted && this.intent.isProxied(name), `${name} by proxy to ${host} ${text(port)}`, this.throughProxy(machine, host, port.port));
      }
    }
    const blocks: readonly string[] = [...new Set<string>((this.intent.file.allow ?? []).flatMap((rule: Written) => rule.addresses ?? []))];
    for (const address of [...blocks.flatMap(edges), '8.8.4.4', '199.36.153.8', '2001:4860:4860::8888']) {
      for (const port of ports) {
        const granted = !address.includes(':') && this.intent.address(name, address, port);
        this.expect(granted && !this.intent.isProxied(name), `${name} to ${address} ${text(port)}`, this.leaves(machine, address, port));
      }
    }
  }

  private apis(machine: Machine): void {
    for (const host of Object.keys(APIS)) {
      for (const port of this.ports([], [443, 22])) {
        const [address] = this.resolver.ask(host).addresses;
        const way = this.way(machine, address, port);
        this.expect(this.intent.hasApis && port.protocol === 'tcp' && port.port === 443, `${machine.name} to ${host} ${text(port)}`, /^allow \/ google apis( \(vpc-sc\))?$/.test(way) ? way : `- ${way}`);
      }
    }
  }

  private services(machine: Machine): void {
    for (const { config } of resourcesOf(this.stack, 'google_compute_address').filter((each) => each.config.address_type === 'INTERNAL')) {
      const service = String(config.name).slice(`${this.intent.name}-psc-`.length);
      const used = (this.intent.google.publishedServices ?? []).flatMap((each: Written) => each.ports);
      for (const port of this.ports(used, [22])) {
        const way = this.way(machine, config.address, port);
        this.expect(this.intent.published(machine.name, service, port), `${machine.name} to service ${service} ${text(port)}`, way === `allow / published ${service}` ? way : `- ${way}`);
      }
    }
    for (const { config } of resourcesOf(this.stack, 'google_compute_global_address').filter((each) => each.config.purpose === 'VPC_PEERING')) {
      for (const port of this.ports([5432, 3306, 6379], [22])) {
        const way = this.way(machine, nth(`${config.address}/${config.prefix_length}`, 77), port);
        this.expect(this.intent.peered(machine.name, port), `${machine.name} to peered services ${text(port)}`, way === 'allow / google services' ? way : `- ${way}`);
      }
    }
  }

  private cluster(machine: Machine): void {
    const told = this.stack.output?.kubernetes_ranges?.value ?? {};
    for (const [segment, { master_ipv4_cidr_block: block }] of Object.entries<Record<string, string>>(told)) {
      const { pods, controlPlane = block } = this.intent.cluster(segment)!;
      const own = segment === machine.name;
      for (const port of this.ports([443, 10250, 8443, 9443, 15017, 6443], [22])) {
        const decided = this.firewall.decide('EGRESS', machine, packet(machine.address, nth(controlPlane, 2), port));
        this.expect(own && port.protocol === 'tcp' && port.port === 443, `${machine.name} to the control plane of ${segment} ${text(port)}`, decided.action === 'allow' ? 'allow' : '- deny');
        const called = this.firewall.decide('INGRESS', machine, packet(nth(controlPlane, 2), machine.address, port));
        this.expect((own && this.intent.controlPlane(segment, port)) || this.intent.caller(machine.name, '203.0.112.9', port), `the control plane of ${segment} to ${machine.name} ${text(port)}`, called.action === 'allow' ? 'allow' : '- deny');
      }
      const pod: Machine = { ...this.machines.find(({ name }) => name === segment)!, address: nth(pods, 77) };
      if (own) for (const host of this.hosts) this.expect(this.intent.isProxied(segment) && this.intent.host(segment, host, { protocol: 'tcp', port: 443 }), `a pod of ${segment} by proxy to ${host}`, this.throughProxy(pod, host, 443));
      for (const port of this.callPorts(machine.name)) {
        this.expect(this.intent.peer(machine.name, segment, port), `${machine.name} to a pod of ${segment} ${text(port)}`, this.between(machine, pod, port));
        this.expect(this.intent.peer(segment, machine.name, port), `a pod of ${segment} to ${machine.name} ${text(port)}`, this.between(pod, machine, port));
      }
    }
  }

  private peers(caller: Machine, callee: Machine): void {
    for (const port of this.callPorts(callee.name)) {
      this.expect(this.intent.peer(caller.name, callee.name, port), `${caller.name} to ${callee.name} ${text(port)}`, this.between(caller, callee, port));
    }
  }

  private callers(callee: Machine): void {
    for (const from of CALLERS) {
      for (const port of this.callPorts(callee.name)) {
        const decided = this.firewall.decide('INGRESS', callee, packet(from, callee.address, port));
        this.expect(this.intent.caller(callee.name, from, port), `${from} to ${callee.name} ${text(port)}`, decided.action === 'allow' ? 'allow' : '- deny');
      }
    }
  }

  /** No tag and no account of a segment, wherever it stands: nothing out and nothing in. */
  private stranger(machine: Machine): void {
    const { account: _, ...rest } = this.everyTag(machine);
    const stranger: Machine = { ...rest, tags: [] };
    const api = this.resolver.ask('storage.googleapis.com').addresses[0];
    for (const to of ['8.8.4.4', api, ...this.machines.map(({ address }) => address), ...Object.values(this.world.names).flat()]) {
      if (to !== undefined) this.never(`a stranger in ${machine.name} to ${to}`, this.firewall.decide('EGRESS', stranger, packet(stranger.address, to, { protocol: 'tcp', port: 443 })).action === 'allow' ? 'allow' : '- deny');
    }
    for (const from of [...CALLERS, machine.address]) {
      this.never(`${from} to a stranger in ${machine.name}`, this.firewall.decide('INGRESS', stranger, packet(from, stranger.address, { protocol: 'tcp', port: 443 }), machine.tags).action === 'allow' ? 'allow' : '- deny');
    }
  }

  private leaves(machine: Machine, to: string, port: Port): string {
    const way = this.way(machine, to, port);
    return way === 'allow / nat' || (way.startsWith('allow') && /gateway|own|nat/.test(way)) ? way : `- ${way}`;
  }

  private throughProxy(machine: Machine, host: string, port: number): string {
    if (!this.gateway) return '- no proxy';
    const { config } = this.gateway;
    const reached = this.way(machine, String(listOf(config.addresses)[0]), { protocol: 'tcp', port: Number(listOf(config.ports)[0]) });
    if (reached !== 'allow / proxy') return `- ${reached}`;
    const decided = proxyDecision(this.stack, this.gateway, { source: machine.address, host, port });
    return decided.startsWith('allow') ? decided : `- ${decided}`;
  }

  private between(caller: Machine, callee: Machine, port: Port): string {
    const sent = packet(caller.address, callee.address, port);
    const [out, into] = [this.firewall.decide('EGRESS', caller, sent), this.firewall.decide('INGRESS', callee, sent, this.isAlias(caller) ? [] : caller.tags)];
    const way = this.routing.way(caller, sent);
    const words = `out ${out.action} by ${out.by}, in ${into.action} by ${into.by}, way ${way}`;
    return out.action === 'allow' && into.action === 'allow' && way === 'local' ? words : `- ${words}`;
  }

  /** A tag as source leaves out alias ranges, which pods are in. https://cloud.google.com/vpc/docs/alias-ip#firewalls */
  private isAlias({ name, address }: Machine): boolean {
    return !this.machines.some((machine) => machine.name === name && machine.address === address);
  }

  private way(machine: Machine, to: string | undefined, port: Port): string {
    if (to === undefined) return 'no address';
    const sent = packet(machine.address, to, port);
    return `${this.firewall.decide('EGRESS', machine, sent).action} / ${this.routing.way(machine, sent)}`;
  }

  /** The ends of every range that somebody is granted here, and what lies beside them. */
  private callPorts(callee: string): readonly Port[] {
    const segment = this.intent.file.segments.find(({ name }: Written) => name === callee);
    const written = [...(segment.accepts ?? []), ...(this.intent.google.accepts ?? [])].flatMap((each: Written) => rangesOf(each.ports).flat());
    return this.ports(written.flatMap((port: number) => [port - 1, port, port + 1]), [22, 3389]);
  }

  private ports(some: readonly number[], more: readonly number[]): readonly Port[] {
    return [...new Set([...some, ...more])].filter((port) => port > 0 && port < 65536).flatMap((port) => [{ protocol: 'tcp', port }, { protocol: 'udp', port }] as const);
  }

  private expect(granted: boolean, sent: string, found: string): void {
    if (granted === !found.startsWith('- ')) return;
    this.found.push({ kind: granted ? 'fault' : 'hole', packet: sent, found });
  }

  private never(sent: string, found: string): void {
    this.expect(false, sent, found);
  }
}

function packet(from: string, to: string, { protocol, port }: Port) {
  return { from, to, protocol, port };
}

function text({ protocol, port }: Port): string {
  return `${protocol}/${port}`;
}

/** The ends of a block, and what lies beside them. */
function edges(block: string): readonly string[] {
  const size = 2 ** (32 - Number(block.split('/')[1] ?? 32));
  return [-1, 0, size - 1, size].map((place) => nth(block, place));
}
