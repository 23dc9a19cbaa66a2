/**
 * What a policy file grants on Google Cloud, read from the file as it was written and from the documentation:
 * neither the loader's model nor anything of the blueprints is asked.
 */
import { domainToASCII } from 'node:url';
import type { Written } from './policies';

export type Protocol = 'tcp' | 'udp';
interface Port { readonly protocol: Protocol; readonly port: number }

/** One environment of a file. */
export class Intent {
  readonly google: Written;
  readonly name: string;

  constructor(readonly file: Written, readonly environment: Written) {
    this.google = environment.google;
    this.name = `${file.organization}-${environment.name}`;
  }

  /** In the order of the file. */
  get segments(): readonly string[] {
    return this.file.segments.map(({ name }: Written) => name);
  }

  isProxied(segment: string): boolean {
    return this.google.secureWebProxy?.segments.includes(segment) ?? false;
  }

  /** Whether a name is granted; what stands at its address, with `countries` and `threats`, may be denied all the same. */
  host(segment: string, host: string, { protocol, port }: Port): boolean {
    return protocol === 'tcp' && this.rules(segment).some((rule) => rule.protocol !== 'tcp' && names(rule.host, host) && portsOf(rule).includes(port));
  }

  /** Whether an address is granted by a rule of addresses. */
  address(segment: string, address: string, { protocol, port }: Port): boolean {
    return protocol === 'tcp' && this.rules(segment).some((rule) => rule.protocol === 'tcp' && rule.ports.includes(port) && rule.addresses.some((range: string) => holds(range, address)));
  }

  /** Whether a destination is denied in front of every rule. */
  isDenied(country: string | undefined, lists: readonly string[]): boolean {
    const { countries = [], threatLists = [] } = this.google.deny ?? {};
    return countries.includes(country) || threatLists.some((list: string) => lists.includes(`iplist-${list}`));
  }

  /** Whether one segment may call another; a cluster's nodes and pods call each other on every port. */
  peer(caller: string, callee: string, port: Port): boolean {
    return (caller === callee && this.cluster(caller) !== undefined) || this.accepts(callee, caller, port);
  }

  /** Whether a segment takes a call from an address that is no machine of the network. */
  caller(callee: string, from: string, port: Port): boolean {
    const { protocol } = port;
    const isFrontEnd = FRONT_ENDS.some((range) => holds(range, from));
    // Machines have no public address: over tcp the internet is Google's load balancers, over udp anybody.
    if (this.accepts(callee, 'internet', port) && (protocol === 'udp' || isFrontEnd)) return true;
    if (protocol === 'udp') return false;
    if (port.port === 22 && holds(IAP, from) && (this.file.privateServices ?? []).includes('session-access')) return true;
    return (this.google.accepts ?? []).some((each: Written) => each.to.includes(callee) && inPorts(each.ports, port.port) && CALLERS[each.from]!.some((range) => holds(range, from)));
  }

  cluster(segment: string): Written | undefined {
    return (this.google.gke ?? []).find((each: Written) => each.segment === segment);
  }

  controlPlane(segment: string, { protocol, port }: Port): boolean {
    return protocol === 'tcp' && [443, 10250, ...(this.cluster(segment)!.webhookPorts ?? [8443, 9443, 15017])].includes(port);
  }

  published(segment: string, service: string, { protocol, port }: Port): boolean {
    return protocol === 'tcp' && (this.google.publishedServices ?? []).some((each: Written) => each.name === service && each.from.includes(segment) && each.ports.includes(port));
  }

  peered(segment: string, { protocol, port }: Port): boolean {
    const access = this.google.privateServicesAccess;
    return protocol === 'tcp' && access !== undefined && access.from.includes(segment) && access.ports.includes(port);
  }

  get hasApis(): boolean {
    return (this.file.privateServices ?? []).some((service: string) => service !== 'session-access' && !/^(aws|azure):/.test(service));
  }

  /** `api.stripe.com:443` of everything outside that a segment is granted, sorted. */
  granted(segment: string): readonly string[] {
    const words = this.rules(segment).flatMap((rule) => (rule.protocol === 'tcp' ? rule.addresses : [onTheWire(rule.host)]).flatMap((to: string) => portsOf(rule).map((port) => `${to}:${port}`)));
    return [...new Set<string>(words)].sort();
  }

  private accepts(callee: string, caller: string, { protocol, port }: Port): boolean {
    const segment = this.file.segments.find(({ name }: Written) => name === callee);
    return (segment.accepts ?? []).some((each: Written) => each.from === caller && (each.protocol ?? 'tcp') === protocol && inPorts(each.ports, port));
  }

  private rules(segment: string): readonly Written[] {
    return (this.file.allow ?? []).filter((rule: Written) => rule.from.includes(segment) && (rule.clouds ?? ['google']).includes('google'));
  }
}

/** https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges */
const FRONT_ENDS = ['130.211.0.0/22', '35.191.0.0/16'];
/** https://cloud.google.com/iap/docs/using-tcp-forwarding#create-firewall-rule */
const IAP = '35.235.240.0/20';
const CALLERS: Readonly<Record<string, readonly string[]>> = {
  'health-checks': FRONT_ENDS, iap: [IAP], 'passthrough-health-checks': ['35.191.0.0/16', '209.85.152.0/22', '209.85.204.0/22'],
};

/** A host as it is on the wire. */
export function onTheWire(host: string): string {
  return host.startsWith('*.') ? `*.${onTheWire(host.slice(2))}` : domainToASCII(host.replace(/\.$/, ''));
}

function names(written: string, host: string): boolean {
  const pattern = onTheWire(written);
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function portsOf({ protocol = 'tls', ports }: Written): readonly number[] {
  return ports ?? (protocol === 'http' ? [80] : [443]);
}

/** The ports of a written list, each with its ends. */
export function rangesOf(ports: readonly (number | string)[]): readonly (readonly [number, number])[] {
  return ports.map((text) => {
    const [from, to = from] = String(text).split('-').map(Number) as [number, number?];
    return [from, to];
  });
}

function inPorts(ports: readonly (number | string)[], port: number): boolean {
  return rangesOf(ports).some(([from, to]) => from <= port && port <= to);
}

function holds(range: string, address: string): boolean {
  const number = (text: string) => text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const [first, prefix = '32'] = range.split('/') as [string, string?];
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(number(first) / size) === Math.floor(number(address) / size);
}
