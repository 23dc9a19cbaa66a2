/**
 * The table of probes: what becomes of each kind of packet from each place.
 *
 * A cell tells the firewall's word and the way apart (`deny / none`), so that a lock which opens
 * behind another one still shows.
 */
import type { ObservationSubject, SynthesizedStack } from '../../observation';
import { API_RANGES, listOf, resourcesOf, within } from '../reading';
import { FirewallOrder, type Decided } from './firewall-order';
import { networkOf, refusals, segmentMachine, strangers, whileMaking, withEveryNetworkTag } from './places';
import { Resolver } from './resolver';
import { Routing } from './routing';
import { proxyDecision } from './web-proxy';
import type { Machine, World } from './world';

/** A destination outside: an address, or a name that is resolved first. */
export interface Destination {
  readonly label: string;
  readonly to: string;
  readonly protocol?: 'tcp' | 'udp';
  readonly port: number;
}

export interface Questions {
  readonly world: World;
  readonly destinations: readonly Destination[];
  /** Who calls in, and from where. */
  readonly callers: Readonly<Record<string, string>>;
  /** `tcp/443` */
  readonly ports: readonly string[];
  /** Asked of the web proxy. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly names: readonly string[];
}

export type Table = Readonly<Record<string, Readonly<Record<string, string>>>>;

const CLASSIC = { name: 'somebody-s', direction: 'EGRESS', destination_ranges: ['0.0.0.0/0'], allow: [{ protocol: 'all' }], priority: 1 };

/** Whether everything may leave shows at the first few destinations. */
const EARLY = 4;

/** Leads to Google's APIs and nowhere else: no way out. */
function isApiRoute({ dest_range: range }: Record<string, any>): boolean {
  return typeof range === 'string' && API_RANGES.some((api) => within(range, api));
}

/** `row, column: before -> after` of every cell in which two tables differ. */
export function changes(before: Table, after: Table): readonly string[] {
  const rows = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...rows].flatMap((row) => [...new Set([...Object.keys(before[row] ?? {}), ...Object.keys(after[row] ?? {})])]
    .filter((column) => before[row]?.[column] !== after[row]?.[column])
    .map((column) => `${row}, ${column}: ${before[row]?.[column]} -> ${after[row]?.[column]}`));
}

export function probe(stack: SynthesizedStack, subject: ObservationSubject, questions: Questions): Table {
  const table: Record<string, Record<string, string>> = {};
  const site = new Site(stack, questions);
  const machines = subject.segments.flatMap(({ name }) => segmentMachine(stack, subject, name) ?? []);
  const strange = strangers(stack, subject);
  for (const machine of [...machines, ...strange]) {
    table[machine.name] = { ...site.outside(machine), ...site.peers(machine, machines), ...site.callers(machine), ...site.proxied(machine), flows: site.flows(machine) };
  }
  for (const machine of machines.map((each) => withEveryNetworkTag(stack, each))) table[machine.name] = site.outside(machine);

  const open = new Site(stack, questions, [CLASSIC]);
  for (const machine of machines) table[`${machine.name}, and a classic rule allows everything`] = open.outside(machine);
  for (const type of ['google_compute_router_nat', 'google_compute_route', 'google_network_services_gateway']) {
    for (const made of resourcesOf(stack, type)) {
      if (isApiRoute(made.config)) continue;
      const early = new Site(whileMaking(stack, [made]), { ...questions, destinations: questions.destinations.slice(0, EARLY) });
      for (const machine of machines) table[`${machine.name}, just after ${made.config.name}`] = early.outside(machine);
    }
  }
  table.dns = site.dns();
  table.refused = Object.fromEntries(refusals(stack).map((reason, index) => [String(index), reason]));
  table.elsewhere = Object.fromEntries(resourcesOf(stack, 'google_compute_network').filter(({ address }) => address !== networkOf(stack).address).map(({ address }) => [address, 'a second interface has its way out']));
  return table;
}

class Site {
  private readonly firewall: FirewallOrder;
  private readonly routing: Routing;
  private readonly resolver: Resolver;

  constructor(private readonly stack: SynthesizedStack, private readonly questions: Questions, classic: readonly Record<string, any>[] = []) {
    const network = networkOf(stack);
    this.resolver = new Resolver(stack, network.address, questions.world);
    this.firewall = new FirewallOrder(stack, network, this.resolver, questions.world, classic);
    this.routing = new Routing(stack, network);
  }

  outside(machine: Machine): Record<string, string> {
    return Object.fromEntries(this.questions.destinations.map(({ label, to, protocol = 'tcp', port }) => {
      const isName = /[a-z]/i.test(to) && !to.includes(':');
      const [address] = isName ? this.resolver.ask(to).addresses : [to];
      if (address === undefined) return [label, 'no address'];
      const packet = { to: address, from: machine.address, protocol, port };
      return [label, `${word(this.firewall.decide('EGRESS', machine, packet))} / ${this.routing.way(machine, packet)}`];
    }));
  }

  /** By callee: the ports that the caller's rules let out, and those that the callee's let in. */
  peers(caller: Machine, callees: readonly Machine[]): Record<string, string> {
    return Object.fromEntries(callees.map((callee) => {
      const out: string[] = [];
      const into: string[] = [];
      for (const { text, protocol, port } of this.ports()) {
        const packet = { to: callee.address, from: caller.address, protocol, port };
        const [egress, ingress] = [this.firewall.decide('EGRESS', caller, packet), this.firewall.decide('INGRESS', callee, packet, caller.tags)];
        if (egress.action === 'allow') out.push(marked(text, egress));
        if (ingress.action === 'allow') into.push(marked(text, ingress));
      }
      return [`to ${callee.name}`, `out ${out.join(' ') || '-'}, in ${into.join(' ') || '-'}`];
    }));
  }

  callers(callee: Machine): Record<string, string> {
    return Object.fromEntries(Object.entries(this.questions.callers).map(([name, from]) => [`from ${name}`, this.ports().flatMap(({ text, protocol, port }) => {
      const decided = this.firewall.decide('INGRESS', callee, { to: callee.address, from, protocol, port });
      return decided.action === 'allow' ? [marked(text, decided)] : [];
    }).join(' ') || '-']));
  }

  proxied(machine: Machine): Record<string, string> {
    const [gateway] = resourcesOf(this.stack, 'google_network_services_gateway');
    if (!gateway) return {};
    const call = { to: String(listOf(gateway.config.addresses)[0]), from: machine.address, protocol: 'tcp' as const, port: Number(listOf(gateway.config.ports)[0]) };
    const reached = `${word(this.firewall.decide('EGRESS', machine, call))} / ${this.routing.way(machine, call)}`;
    return Object.fromEntries([
      ['the proxy', reached],
      ...this.questions.hosts.map(({ host, port }) => [`proxy: ${host}:${port}`, proxyDecision(this.stack, gateway, { source: machine.address, host, port })]),
    ]);
  }

  flows({ subnet }: Machine): string {
    const log = resourcesOf(this.stack, 'google_compute_subnetwork').find(({ address }) => address === subnet)?.config.log_config;
    if (!log || log.flow_sampling === 0) return 'not recorded';
    return log.flow_sampling === 1 ? 'recorded' : 'sampled';
  }

  dns(): Record<string, string> {
    const recorded = this.resolver.isRecorded ? 'recorded' : 'not recorded';
    return Object.fromEntries([
      ...this.questions.names.map((name) => [name, `${this.resolver.ask(name).by}, ${recorded}`]),
      ...this.resolver.forwarded().map((zone) => [`zone ${zone}`, 'answered by others']),
    ]);
  }

  private ports(): readonly { readonly text: string; readonly protocol: 'tcp' | 'udp'; readonly port: number }[] {
    return this.questions.ports.map((text) => {
      const [protocol, port] = text.split('/') as ['tcp' | 'udp', string];
      return { text, protocol, port: Number(port) };
    });
  }
}

function word({ action, isLogged }: Decided): string {
  return isLogged ? action : `${action} unrecorded`;
}

function marked(text: string, { isLogged }: Decided): string {
  return isLogged ? text : `${text} unrecorded`;
}
