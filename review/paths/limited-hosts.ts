/**
 * What of a list of names is left for the packets that get to the control: a group that lets out one port, or calls
 * to some addresses alone, takes away the rest of every name. Without this a filter before the control could be
 * widened, and the names behind it would read as they did.
 */
import { addressesOf, addressRange, cidrsOf, INTERNET } from '../model/addresses';
import type { AllowedHost } from '../model/network-model';
import { includes, intersect, isEmpty, rangesOf, size, unionOf, type Ranges } from '../model/ranges';
import { ALL_PORTS, type Box, type Traffic } from '../model/traffic';
import { trafficInFull } from './traffic-words';

/** More ports than this are a range, and no list. */
const MOST_PORTS = 64n;

const kept = new WeakMap<readonly AllowedHost[], Map<string, readonly AllowedHost[]>>();

/** @returns the list itself where the traffic leaves all of it */
export function limitedHosts(hosts: readonly AllowedHost[], traffic: Traffic): readonly AllowedHost[] {
  if (hosts.length === 0 || isWhole(hosts, traffic)) return hosts;
  let byTraffic = kept.get(hosts);
  if (!byTraffic) kept.set(hosts, (byTraffic = new Map()));
  const key = `${traffic.family} ${trafficInFull([traffic])}`;
  let found = byTraffic.get(key);
  if (!found) {
    const limited = hosts.flatMap((host) => limitedHost(host, traffic) ?? []);
    byTraffic.set(key, (found = limited.length === hosts.length && limited.every((host, index) => host === hosts[index]) ? hosts : limited));
  }
  return found;
}

/** Most traffic goes to the internet as a whole, by the ports of the names. */
function isWhole(hosts: readonly AllowedHost[], { family, boxes }: Traffic): boolean {
  const [first] = boxes;
  if (!first || !boxes.every(({ destinations }) => isUnlimited(destinations, family))) return false;
  const { ports, hasAddresses } = summaryOf(hosts);
  return !hasAddresses && boxes.some((box) => isWithPorts(box) && includes(box.ports, ports));
}

const summaries = new WeakMap<readonly AllowedHost[], { readonly ports: Ranges; readonly hasAddresses: boolean }>();

function summaryOf(hosts: readonly AllowedHost[]): { readonly ports: Ranges; readonly hasAddresses: boolean } {
  let found = summaries.get(hosts);
  if (!found) {
    const isAny = hosts.some(({ ports }) => ports.length === 0);
    found = {
      ports: isAny ? ALL_PORTS : portRanges(hosts.flatMap(({ ports }) => ports)),
      hasAddresses: hosts.some(({ host }) => addressRange(host) !== undefined),
    };
    summaries.set(hosts, found);
  }
  return found;
}

function portRanges(numbers: readonly number[]): Ranges {
  return rangesOf(numbers.map((port) => [BigInt(port), BigInt(port)] as const));
}

/** Half of the internet is no list of addresses: routes to a cloud's services, for one, take many away from the rest. */
function isUnlimited(destinations: Ranges, family: 4 | 6): boolean {
  return destinations === INTERNET[family] || 2n * size(destinations) >= size(INTERNET[family]);
}

/** Undefined where no packet gets to it. */
function limitedHost(host: AllowedHost, { family, boxes }: Traffic): AllowedHost | undefined {
  if (host.host === '*') return host;
  const own = addressRange(host.host);
  // Written for the other family: nothing is known of what becomes of it.
  if (own && own.family !== family) return host;
  const range = own && intersect(INTERNET[family], rangesOf([own.range]));
  if (range && isEmpty(range)) return host;
  const reaching = withName(host, boxes).filter(({ destinations }) => !range || !isEmpty(intersect(destinations, range)));
  const ports = portsLeft(host.ports, reaching);
  if (!ports) return undefined;
  const onPorts = ports.length === 0 ? reaching : reaching.filter((box) => !isEmpty(intersect(box.ports, portRanges(ports))));
  const destinations = narrowed(unionOf(onPorts.map((box) => box.destinations)), host, family);
  const isAll = range ? includes(destinations, range) : host.addresses === undefined && isUnlimited(destinations, family);
  const left = ports.length === host.ports.length ? host : { ...host, ports };
  if (isAll) return left;
  return { ...left, addresses: cidrsOf(range ? intersect(destinations, range) : destinations, family) };
}

function isWithPorts({ protocol }: Box): boolean {
  return protocol === 'tcp' || protocol === 'udp';
}

/** A name is looked at in TCP and UDP; what is let through by it on other protocols counts where a rule is of them all. */
function withName({ protocol }: AllowedHost, boxes: readonly Box[]): readonly Box[] {
  if (protocol === 'any') return boxes;
  const own = boxes.filter(isWithPorts);
  return own.length > 0 ? own : boxes;
}

function narrowed(destinations: Ranges, { addresses }: AllowedHost, family: 4 | 6): Ranges {
  return addresses === undefined ? destinations : intersect(destinations, addressesOf(addresses, family));
}

/** Of a list of ports, or of all ports, those of some traffic; undefined for none. */
function portsLeft(ports: readonly number[], boxes: readonly Box[]): readonly number[] | undefined {
  const through = unionOf(boxes.map((box) => box.ports));
  if (ports.length > 0) {
    const left = ports.filter((port) => !isEmpty(intersect(through, portRanges([port]))));
    return left.length > 0 ? left : undefined;
  }
  if (isEmpty(through)) return undefined;
  return size(through) > MOST_PORTS ? ports : through.flatMap(([from, to]) => Array.from({ length: Number(to - from) + 1 }, (_, at) => Number(from) + at));
}
