/** What a policy file says about single packets, read from the file alone: no model, no plan of addresses. */
import type { WrittenAzure, WrittenPolicy, WrittenRule } from './random-policies';

/** A question for `evaluation/probe.ts`, and what its answer has to begin with. */
export interface Question {
  readonly probe: string;
  readonly expected: RegExp;
}

const OUT = /^out by the firewall: /;
const DELIVERED = /^delivered$/;
/** No data moves: a group, a route, or the firewall stops it. */
const STOPPED = /^(denied |dropped|ignored by the firewall|there is no endpoint)/;

/** TCP ports of what a service's private endpoint serves. https://learn.microsoft.com/azure/private-link/private-endpoint-overview */
const SERVED: Readonly<Record<string, readonly number[]>> = { database: [1433], queue: [443, 5671], 'event-hubs': [443, 5671], 'file-storage': [445], postgresql: [5432], redis: [6380], mysql: [3306], 'session-access': [] };
/** https://learn.microsoft.com/azure/aks/outbound-rules-control-egress */
const ADD_ON_HOSTS: Readonly<Record<string, string>> = { 'os-updates': 'http security.ubuntu.com:80', gpu: 'tls nvidia.github.io:443', 'azure-policy': 'tls store.policy.core.windows.net:443', monitoring: 'tls dc.services.visualstudio.com:443' };

/** As it travels on the wire. */
const wire = (host: string) => new URL(`http://${host.replace(/\.$/, '').replace('*', 'wild')}`).hostname.replace(/^wild/, '*');
const portsOf = ({ protocol, ports }: WrittenRule) => ports ?? (protocol === 'http' ? [80] : [443]);
const holdsIn = (policy: WrittenPolicy) => policy.allow.filter(({ clouds }) => !clouds || clouds.includes('azure'));
const range = (port: number | string): readonly [number, number] => {
  const [from = 0, to = from] = String(port).split('-').map(Number);
  return [from, to];
};

export function questions(policy: WrittenPolicy, azure: WrittenAzure): readonly Question[] {
  const all: Question[] = [];
  const ask = (probe: string, expected: RegExp) => all.push({ probe, expected });
  const rules = holdsIn(policy);
  const out = new Set(policy.segments.map(({ name }) => name).filter((name) => hasWayOut(policy, azure, name)));
  for (const segment of policy.segments) {
    toHosts(segment.name, policy, azure, rules, ask);
    toAddresses(segment.name, azure, rules, ask);
    between(segment.name, policy, azure, ask);
    toServices(segment.name, policy, azure, ask);
    names(segment.name, policy, azure, rules, out.size > 0, ask);
    if (!out.has(segment.name)) ask(`next hop in ${segment.name} for 9.9.9.9`, (segment.accepts ?? []).some(({ from }) => from === 'internet') ? /^internet$/ : /^none$/);
    else ask(`next hop in ${segment.name} for 9.9.9.9`, /^the firewall$/);
    ask(`public address in ${segment.name}`, /^no public address$/);
    ask(`${segment.name} -> tcp metadata:80`, azure.withoutMetadata?.includes(segment.name) ? /^denied/ : /^answered/);
    ask(`${segment.name} -> tcp [2001:db8::1]:443`, /^no IPv6/);
    const accepted = (segment.accepts ?? []).filter(({ from }) => from === 'internet');
    for (const protocol of ['tcp', 'udp'] as const) {
      for (const port of edges(accepted.flatMap(({ ports }) => ports))) {
        const isIn = accepted.some((each) => (each.protocol ?? 'tcp') === protocol && each.ports.some((text) => holds(text, port)));
        ask(`internet -> ${protocol} ${segment.name}:${port}`, isIn ? /^in, and answered$/ : /^denied/);
      }
    }
    for (const port of [22, 443, 445, 8050]) {
      ask(`stranger -> tcp ${segment.name}:${port}`, STOPPED);
      const probed = (segment.accepts ?? []).some((each) => (each.protocol ?? 'tcp') === 'tcp' && each.ports.some((text) => holds(text, port)));
      ask(`balancer -> tcp ${segment.name}:${port}`, probed ? DELIVERED : STOPPED);
    }
  }
  ask('translations by the firewall', /^none$/);
  return all;
}

/** Whether a segment may reach any host. */
export function hasWayOut(policy: WrittenPolicy, azure: WrittenAzure, segment: string): boolean {
  return azure.kubernetes?.segment === segment || holdsIn(policy).some(({ from }) => from.includes(segment));
}

type Ask = (probe: string, expected: RegExp) => void;

function holds(text: number | string, port: number): boolean {
  const [from, to] = range(text);
  return from <= port && port <= to;
}

/** Ports at which a list begins or ends, and those beside them. */
function edges(ports: readonly (number | string)[]): readonly number[] {
  const near = [22, 443, 53, ...ports.flatMap((text) => range(text).flatMap((port) => [port - 1, port, port + 1]))];
  return [...new Set(near)].filter((port) => port >= 1 && port <= 65_535);
}

/** Names that a rule lets through, and names beside them. */
function variants(host: string): readonly string[] {
  const name = wire(host);
  const domain = name.replace(/^\*\./, '');
  return [domain, `x.${domain}`, `a.b.${domain}`, `evil${domain}`, `${domain}.evil.example`].filter((each) => each.split('.').every((label) => label.length <= 63));
}

function named(pattern: string, name: string): boolean {
  const text = wire(pattern);
  return text.startsWith('*.') ? name.endsWith(text.slice(1)) : name === text;
}

function toHosts(segment: string, policy: WrittenPolicy, azure: WrittenAzure, rules: readonly WrittenRule[], ask: Ask): void {
  const byName = rules.filter(({ protocol }) => protocol !== 'tcp');
  const ports = new Set([443, 80, 22, ...byName.flatMap(portsOf)]);
  const inCluster = azure.kubernetes?.segment === segment;
  for (const name of new Set([...policy.allow.flatMap(({ host }) => variants(host)), ...(ruled(azure) ? ['time.windows.com'] : []), 'evil.example', 'mcr.microsoft.com', 'nvidia.github.io'])) {
    for (const kind of ['tls', 'http'] as const) {
      for (const port of ports) {
        const listed = byName.some((rule) => rule.from.includes(segment) && (rule.protocol ?? 'tls') === kind && portsOf(rule).includes(port) && named(rule.host, name));
        const platform = inCluster && kind === 'tls' && port === 443 && (name === 'mcr.microsoft.com' || (name === 'nvidia.github.io' && azure.kubernetes!.addOns?.includes('gpu')));
        ask(`${segment} -> ${kind} ${name}:${port}`, !listed && !platform ? STOPPED : !ruled(azure) ? STOPPED : OUT);
      }
    }
  }
  for (const [addOn, probe] of Object.entries(ADD_ON_HOSTS)) {
    if (inCluster && azure.kubernetes!.addOns?.includes(addOn)) ask(`${segment} -> ${probe}`, OUT);
  }
}

/** Whether the rules of the firewall are the stack's own. */
const ruled = ({ hub }: WrittenAzure) => !hub || hub.policy !== undefined;

function toAddresses(segment: string, azure: WrittenAzure, rules: readonly WrittenRule[], ask: Ask): void {
  const byAddress = rules.filter(({ protocol }) => protocol === 'tcp');
  const ports = new Set([22, 443, 53, 25, ...rules.flatMap(portsOf)]);
  const blocks = byAddress.flatMap(({ addresses = [] }) => addresses.map(blockOf));
  const addresses = new Set(['8.8.4.4', '20.60.0.1', ...blocks.flatMap(({ first, last }) => [first - 1, first, last, last + 1].map(dotted))]);
  for (const address of addresses) {
    for (const port of ports) {
      const listed = byAddress.some((rule) => rule.from.includes(segment) && portsOf(rule).includes(port) && (rule.addresses ?? []).map(blockOf).some(({ first, last }) => first <= number(address) && number(address) <= last));
      const byEndpoint = address === '20.60.0.1' && azure.serviceEndpoints?.segments.includes(segment);
      // Bytes that show no name are for nobody but a listed address.
      ask(`${segment} -> tcp ${address}:${port}`, byEndpoint ? (port === 443 ? /^to the listed accounts/ : /^(to the listed accounts|denied)/) : listed && ruled(azure) ? OUT : STOPPED);
      if (port !== 53) ask(`${segment} -> udp ${address}:${port}`, STOPPED);
    }
    ask(`${segment} -> udp ${address}:53`, STOPPED);
  }
}

function between(segment: string, policy: WrittenPolicy, azure: WrittenAzure, ask: Ask): void {
  for (const callee of policy.segments) {
    const accepts = (callee.accepts ?? []).filter(({ from }) => from === segment);
    const nodes = azure.kubernetes?.segment === segment && callee.name === segment;
    for (const protocol of ['tcp', 'udp'] as const) {
      for (const port of edges((callee.accepts ?? []).flatMap(({ ports }) => ports))) {
        const accepted = nodes || accepts.some((each) => (each.protocol ?? 'tcp') === protocol && each.ports.some((text) => holds(text, port)));
        ask(`${segment} -> ${protocol} ${callee.name}:${port}`, accepted ? DELIVERED : STOPPED);
      }
    }
  }
}

function toServices(segment: string, policy: WrittenPolicy, azure: WrittenAzure, ask: Ask): void {
  const services = policy.privateServices.filter((service) => !/^(aws|google):/.test(service)).map((service) => service.replace(/^azure:/, ''));
  const served = new Set(services.flatMap((service) => SERVED[service] ?? [443]));
  const there = services.includes('object-storage') || services.includes('logs') || Object.keys(azure.privateEndpoints ?? {}).length > 0;
  for (const port of [22, 443, 445, 1433, 5432, 5671, 6380]) ask(`${segment} -> tcp endpoint:${port}`, there && served.has(port) ? DELIVERED : STOPPED);
  ask(`${segment} -> udp endpoint:443`, STOPPED);
  if (there) ask(`endpoint -> tcp 8.8.8.8:443`, STOPPED);
}

/** Who answers for names, and for which. */
function names(segment: string, policy: WrittenPolicy, azure: WrittenAzure, rules: readonly WrittenRule[], hasWayOut: boolean, ask: Ask): void {
  const byFirewall = hasWayOut && (azure.hub ? true : azure.firewall?.tier !== 'Basic');
  const servers = azure.hub && hasWayOut ? azure.hub.dnsServers ?? [azure.hub.privateAddress] : undefined;
  if (servers?.some((server) => server !== azure.hub!.privateAddress)) {
    ask(`${segment} resolves evil.example`, /^answered by somebody else$/);
    return;
  }
  const who = (servers ? servers.length > 0 : byFirewall) ? 'the firewall' : 'Azure';
  ask(`${segment} -> udp platform-dns:53`, who === 'Azure' ? /^answered/ : /^denied/);
  const filtered = azure.dnsPolicy?.mode === 'deny';
  for (const { host } of rules) for (const name of variants(host).slice(0, 1)) ask(`${segment} resolves ${name}`, new RegExp(`answer by ${who}`));
  ask(`${segment} resolves data.evil.example`, filtered ? /^blocked/ : new RegExp(`^public answer by ${who}`));
  if (policy.privateServices.includes('secrets')) ask(`${segment} resolves acme-prod.vault.azure.net`, azure.hub && who === 'the firewall' && !azure.hub.network ? /^public/ : new RegExp(`^private answer by ${who}`));
  if (azure.serviceEndpoints?.segments.includes(segment)) ask(`${segment} resolves ${azure.serviceEndpoints.storageAccounts[0]!.split('/').at(-1)}.blob.core.windows.net`, new RegExp(`answer by ${who}`));
  if (azure.kubernetes?.segment === segment) ask(`${segment} resolves mcr.microsoft.com`, new RegExp(`answer by ${who}`));
}

interface Span { readonly first: number; readonly last: number }

function number(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
}

function blockOf(text: string): Span {
  const [address = '', prefix = '32'] = text.split('/');
  const first = number(address);
  return { first, last: first + 2 ** (32 - Number(prefix)) - 1 };
}
