/** What of a list of names is left for the packets that get to the control. */
import { addressesOf, INTERNET } from '../../../review/model/addresses';
import type { AllowedHost, Guard, Hop, Outcome, Place } from '../../../review/model/network-model';
import { rangesOf, subtract } from '../../../review/model/ranges';
import { ALL_PORTS, everythingToInternet, ports, traffic, type Box, type Traffic } from '../../../review/model/traffic';
import { limitedHosts } from '../../../review/paths/limited-hosts';
import { trace } from '../../../review/paths/trace';
import { verdictOf } from '../../../review/paths/verdict';

const host = (name: string, numbers: readonly number[] = [443], protocol: AllowedHost['protocol'] = 'tls'): AllowedHost => ({ host: name, protocol, ports: numbers, rule: 'r' });
const box = (protocol: Box['protocol'], own: Box['ports'], ...cidrs: string[]): Box => ({ protocol, ports: own, destinations: cidrs.length > 0 ? addressesOf(cidrs, 4) : INTERNET[4] });
const flow = (...boxes: Box[]): Traffic => traffic(4, boxes);
const words = (hosts: readonly AllowedHost[]) => hosts.map(({ host: name, ports: own, addresses }) => `${name}:${own.join()}${addresses ? ` at ${addresses.join()}` : ''}`);
const left = (hosts: readonly AllowedHost[], ...boxes: Box[]) => words(limitedHosts(hosts, flow(...boxes)));

test('is the list itself where all of it is', () => {
  const hosts = [host('a.example.com'), host('b.example.com', [])];
  const mostly = { ...box('tcp', ALL_PORTS), destinations: subtract(INTERNET[4], rangesOf(addressesOf(['3.0.0.0/9', '52.216.0.0/15'], 4))) };
  for (const each of [everythingToInternet(4), flow(box('tcp', ALL_PORTS)), flow(mostly), flow(box('tcp', ALL_PORTS), box('udp', ports(53), '9.9.9.9/32'))]) expect(limitedHosts(hosts, each)).toBe(hosts);
});

test.each<[string, AllowedHost, readonly Box[], readonly string[]]>([
  ['some addresses', host('a.example.com'), [box('tcp', ports(443), '151.101.0.0/22')], ['a.example.com:443 at 151.101.0.0/22']],
  ['some addresses of another port alone', host('a.example.com'), [box('tcp', ports(443)), box('tcp', ports(8443), '151.101.0.0/22')], ['a.example.com:443']],
  ['addresses of several rules', host('a.example.com'), [box('tcp', ports(443), '151.101.0.0/23'), box('tcp', ports(443), '151.101.2.0/23')], ['a.example.com:443 at 151.101.0.0/22']],
  ['addresses that the rule lets it through to', { ...host('a.example.com'), addresses: ['151.101.0.0/16'] }, [box('tcp', ports(443), '151.101.1.0/24', '8.8.8.0/24')], ['a.example.com:443 at 151.101.1.0/24']],
  ['some ports', host('a.example.com', [443, 8443]), [box('tcp', ports(443))], ['a.example.com:443']],
  ['some ports of all', host('a.example.com', []), [box('tcp', ports(443, 444))], ['a.example.com:443,444']],
  ['too many ports to list', host('a.example.com', []), [box('tcp', ports(1024, 65535))], ['a.example.com:']],
  ['no port of its own', host('a.example.com', [8443]), [box('tcp', ports(443))], []],
  ['pings beside it', host('a.example.com', []), [box('tcp', ports(443)), box('icmp', ALL_PORTS)], ['a.example.com:443']],
  ['pings, of a rule of every protocol', host('a.example.com', [], 'any'), [box('tcp', ports(443)), box('icmp', ALL_PORTS)], ['a.example.com:']],
  ['every name', host('*'), [box('tcp', ports(443), '151.101.0.0/22')], ['*:443']],
  ['a part of a range', host('151.101.0.0/16', [], 'any'), [box('tcp', ALL_PORTS, '151.101.1.0/24')], ['151.101.0.0/16: at 151.101.1.0/24']],
  ['a range as a whole', host('151.101.0.0/16', [], 'any'), [box('tcp', ALL_PORTS, '151.100.0.0/14')], ['151.101.0.0/16:']],
  ['nothing of a range', host('151.101.0.0/16', [], 'any'), [box('tcp', ALL_PORTS, '8.8.8.0/24')], []],
  ['a range that is not of the internet', host('10.0.0.0/8', [], 'any'), [box('tcp', ALL_PORTS)], ['10.0.0.0/8:']],
  ['every address', host('0.0.0.0/0', [], 'any'), [box('tcp', ALL_PORTS)], ['0.0.0.0/0:']],
  ['a range of the other family', host('2001:db8::/32', [], 'any'), [box('tcp', ports(443), '8.8.8.0/24')], ['2001:db8::/32:']],
  ['a tag', host('tag:Storage'), [box('tcp', ports(443), '8.8.8.0/24')], ['tag:Storage:443 at 8.8.8.0/24']],
])('%s', (_, own, boxes, expected) => expect(left([own], ...boxes)).toEqual(expected));

describe('on a way', () => {
  const narrow = flow(box('tcp', ports(443), '151.101.0.0/22'));
  const guard = (...names: string[]): Guard => ({ control: `firewall of ${names.join()}`, hosts: names.map((name) => host(name)) });
  const through = (...outcomes: readonly (readonly [Guard, Traffic])[]): Place => passing('firewall', ...outcomes);
  const passing = (kind: Hop['kind'], ...outcomes: readonly (readonly [Guard, Traffic])[]): Place => {
    const hops = outcomes.map(([own, onward], index): Hop => ({
      address: `firewall ${index}`, kind, forward: () => [(hops[index + 1] ? { kind: 'next', to: hops[index + 1], traffic: onward, guard: own } : { kind: 'internet', traffic: onward, guard: own }) as Outcome],
    }));
    return { id: 'a place', kind: 'workload', cloud: 'aws', addresses: ['a place'], cidrs: [], families: [4], hypothetical: false, start: hops[0]! };
  };
  const hostsFrom = (place: Place) => words(verdictOf(trace(place, 4)).hosts);

  test('it is what gets to the first control', () => {
    expect(hostsFrom(through([guard('a.example.com'), narrow]))).toEqual(['a.example.com:443 at 151.101.0.0/22']);
  });

  test('it is not what calls a proxy: that has the address and port of the proxy', () => {
    expect(hostsFrom(passing('proxy', [guard('a.example.com'), narrow]))).toEqual(['a.example.com:443']);
    const caller: Hop = { address: 'machine', kind: 'workload', forward: () => [{ kind: 'next', to: { address: 'proxy', kind: 'proxy', forward: () => [{ kind: 'internet', traffic: narrow }] }, traffic: narrow, guard: guard('a.example.com') }] };
    expect(hostsFrom({ ...through([guard('a.example.com'), narrow]), start: caller })).toEqual(['a.example.com:443']);
  });

  test('it is not what gets to another one: not all of the ways in between are followed', () => {
    expect(hostsFrom(through([guard('a.example.com', 'b.example.com'), everythingToInternet(4)], [guard('a.example.com'), narrow]))).toEqual(['a.example.com:443']);
  });
});
