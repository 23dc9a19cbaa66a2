/** What a list of names lets through that is written otherwise: a name below a wildcard, one of all ports, a part of a range. */
import { addressRange } from '../model/addresses';
import type { AllowedHost } from '../model/network-model';
import { hostTexts } from './reach';

/** A host on one of its ports, or on every one. */
export interface HostOnPort {
  /** `tls api.stripe.com:443`. */
  readonly text: string;
  readonly host: AllowedHost;
}

export class HostCover {
  private readonly byName = new Map<string, AllowedHost[]>();
  private readonly ranges: AllowedHost[] = [];

  constructor(hosts: Iterable<AllowedHost>) {
    for (const host of hosts) {
      const known = this.byName.get(host.host);
      if (known) known.push(host);
      else this.byName.set(host.host, [host]);
      if (addressRange(host.host)) this.ranges.push(host);
    }
  }

  has({ text, host }: HostOnPort): boolean {
    const port = host.ports.length === 0 ? undefined : Number(text.slice(text.lastIndexOf(':') + 1));
    const isWider = ({ protocol, ports }: AllowedHost): boolean => (protocol === 'any' || protocol === host.protocol) && (ports.length === 0 || (port !== undefined && ports.includes(port)));
    const range = addressRange(host.host);
    if (range) return this.ranges.some((each) => isWider(each) && isWithin(range, addressRange(each.host)));
    return namesAbove(host.host).some((name) => this.byName.get(name)?.some(isWider));
  }
}

type Addresses = NonNullable<ReturnType<typeof addressRange>>;

function isWithin({ family, range: [from, to] }: Addresses, other: Addresses | undefined): boolean {
  return other !== undefined && family === other.family && other.range[0] <= from && to <= other.range[1];
}

/**
 * The texts that a name is listed by. `*.docker.io` counts for one label more and for no deeper name: in policies of
 * Cilium a star is no dot (https://docs.cilium.io/en/stable/security/policy/language/#dns-based).
 */
function namesAbove(name: string): readonly string[] {
  const [first = '', ...labels] = name.split('.');
  // What is no name of a host is but itself: a tag, a group, a URL.
  if (!/^[*\w-]*$/.test(first) || labels.length === 0) return [name];
  const parents = labels.map((_, at) => labels.slice(at).join('.'));
  const isWild = first === '' || first.includes('*');
  return [name, ...(isWild ? [] : [`*.${parents[0]}`]), ...(first === '*' ? [] : [`.${name}`]), ...parents.map((parent) => `.${parent}`), '*'];
}

/** The hosts, a port at a time, that a list has and another has not, nor covers. */
export function uncovered(hosts: ReadonlyMap<string, AllowedHost>, by: ReadonlyMap<string, AllowedHost>): readonly HostOnPort[] {
  const others = [...hosts].filter(([text]) => !by.has(text)).map(([text, host]) => ({ text, host }));
  if (others.length === 0 || by.size === 0) return others;
  const cover = new HostCover(new Set(by.values()));
  return others.filter((each) => !cover.has(each));
}

/** Whether a list reaches a host, by whatever text. */
export function reaches(hosts: readonly AllowedHost[], wanted: HostOnPort): boolean {
  return hosts.some((host) => hostTexts(host).includes(wanted.text)) || new HostCover(hosts).has(wanted);
}
