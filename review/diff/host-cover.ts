/** What a list of names lets through that is written otherwise: a name below a wildcard, one of all ports, a part of a range. */
import { addressesOf, addressRange, cidrsOf } from '../model/addresses';
import { isBelow } from '../model/host-names';
import type { AllowedHost } from '../model/network-model';
import { isEmpty, rangesOf, subtract, unionOf, type Ranges } from '../model/ranges';
import { onPorts, type HostOnPort } from './reach';

/** One that another list lacks. */
export interface MissingHost extends HostOnPort {
  /** `tls api.stripe.com:443`, with the addresses that are meant where some were there. */
  readonly what: string;
}

/** Addresses of a family, or all of them. */
type Addresses = 'all' | { readonly family: 4 | 6; readonly ranges: Ranges };

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

  /** Undefined where all of it is there; else what is not, in words. */
  missing(wanted: HostOnPort): string | undefined {
    const { text, bare, host } = wanted;
    const above = this.above(wanted);
    const here = addressesIn(above, host);
    const own = placesOf(host);
    if (here === 'all') return this.refused(wanted, above);
    if (own === 'all') return isEmpty(here.ranges) ? text : `${bare} beyond ${blocks(here)}`;
    const left = here.family === own.family ? subtract(own.ranges, here.ranges) : own.ranges;
    if (isEmpty(left)) return this.refused(wanted, above);
    return host.addresses ? `${bare} at ${blocks({ family: own.family, ranges: left })}` : text;
  }

  /** All that is listed and stands for a host on a port. */
  private above({ host, port }: HostOnPort): readonly AllowedHost[] {
    const isWider = ({ protocol, ports }: AllowedHost): boolean => (protocol === 'any' || protocol === host.protocol) && (ports.length === 0 || (port !== undefined && ports.includes(port)));
    const range = addressRange(host.host);
    if (range) return this.ranges.filter(isWider);
    return namesAbove(host.host).flatMap((name) => this.byName.get(name) ?? []).filter((each) => isWider(each) && each.except?.some((name) => isBelow(host.host, name)) !== true);
  }

  /** The names below a wildcard that whatever else stands for it refuses, and that it does not refuse itself: undefined where there are none. */
  private refused({ host, port }: HostOnPort, above: readonly AllowedHost[]): string | undefined {
    const exceptions = above.map(({ except = [] }) => except.filter((name) => isBelow(name, host.host) && host.except?.some((each) => isBelow(name, each)) !== true));
    if (exceptions.some((names) => names.length === 0)) return undefined;
    const missing = [...new Set(exceptions.flat())].sort().flatMap((name) => {
      const [below] = onPorts({ protocol: host.protocol, ports: port === undefined ? [] : [port], rule: host.rule, host: name });
      return below !== undefined && this.above(below).length === 0 ? [below.bare] : [];
    });
    return missing.length > 0 ? missing.join(', ') : undefined;
  }
}

/** Where a host is reached by what stands for it. */
function addressesIn(above: readonly AllowedHost[], { host }: AllowedHost): Addresses {
  const found = above.map(placesOf);
  const some = found.filter((each) => each !== 'all');
  if (some.length < found.length) return 'all';
  const family = addressRange(host)?.family ?? some[0]?.family ?? 4;
  return { family, ranges: unionOf(some.filter((each) => each.family === family).map(({ ranges }) => ranges)) };
}

const places = new WeakMap<AllowedHost, Addresses>();

/** What a host stands for: addresses of its own, or those that a name is let through to. */
function placesOf(host: AllowedHost): Addresses {
  let found = places.get(host);
  if (!found) {
    const own = addressRange(host.host);
    const family = own?.family ?? (host.addresses?.[0] === undefined ? 4 : addressRange(host.addresses[0])?.family ?? 4);
    if (host.addresses) found = { family, ranges: addressesOf(host.addresses, family) };
    else found = own ? { family, ranges: rangesOf([own.range]) } : 'all';
    places.set(host, found);
  }
  return found;
}

/** Blocks that are listed before the rest is counted. */
const MOST_BLOCKS = 4;

function blocks({ family, ranges }: Exclude<Addresses, 'all'>): string {
  const all = cidrsOf(ranges, family);
  const more = all.length - MOST_BLOCKS;
  return `${all.slice(0, MOST_BLOCKS).join(', ')}${more > 0 ? ` and ${more} more blocks` : ''}`;
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
export function uncovered(hosts: ReadonlyMap<string, HostOnPort>, by: ReadonlyMap<string, HostOnPort>): readonly MissingHost[] {
  const others = [...hosts.values()].filter(({ text }) => !by.has(text));
  if (others.length === 0) return [];
  const cover = new HostCover(new Set([...by.values()].map(({ host }) => host)));
  return others.flatMap((each) => {
    const what = cover.missing(each);
    return what === undefined ? [] : [{ ...each, what }];
  });
}

/** Whether a list reaches a host, by whatever text. */
export function reaches(hosts: readonly AllowedHost[], wanted: HostOnPort): boolean {
  return hosts.some((host) => onPorts(host).some(({ text }) => text === wanted.text)) || new HostCover(hosts).missing(wanted) === undefined;
}
