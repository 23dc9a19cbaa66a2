/** What a list of names lets through that is written otherwise. */
import { uncovered } from '../../review/diff/host-cover';
import { hostsIn } from '../../review/diff/reach';
import type { AllowedHost } from '../../review/model/network-model';

const tls = (host: string, over: Partial<AllowedHost> = {}): AllowedHost => ({ host, protocol: 'tls', ports: [443], rule: 'r', ...over });
const missing = (wanted: readonly AllowedHost[], listed: readonly AllowedHost[]) => uncovered(hostsIn([wanted]), hostsIn([listed])).map(({ what }) => what);

describe('a wildcard but for some names', () => {
  const but = (...except: readonly string[]) => tls('*.example.com', { except });

  test.each<[string, readonly AllowedHost[], readonly AllowedHost[], readonly string[]]>([
    ['lets through one that it refused', [tls('*.example.com')], [but('a.example.com')], ['tls a.example.com:443']],
    ['refuses one more', [but('a.example.com')], [but('a.example.com', 'b.example.com')], ['tls b.example.com:443']],
    ['refuses one less', [but('a.example.com', 'b.example.com')], [but('a.example.com')], []],
    ['is a part of what refuses nothing', [but('a.example.com')], [tls('*.example.com')], []],
    ['stands for no name that it refuses', [tls('a.example.com')], [but('a.example.com')], ['tls a.example.com:443']],
    ['stands for no name below one that it refuses', [tls('x.a.example.com')], [but('*.a.example.com')], ['tls x.a.example.com:443']],
    ['stands for other names', [tls('b.example.com')], [but('a.example.com')], []],
    ['and that name by itself are the whole', [tls('*.example.com')], [but('a.example.com'), tls('a.example.com')], []],
    ['and another that refuses others are the whole', [tls('*.example.com')], [but('a.example.com'), but('b.example.com')], []],
    ['refuses all below a name', [but('*.a.example.com')], [but('x.a.example.com', '*.a.example.com')], []],
    ['refuses on another port', [tls('*.example.com', { ports: [443, 8443] })], [but('a.example.com'), tls('*.example.com', { ports: [8443] })], ['tls a.example.com:443']],
    ['is new', [but('a.example.com')], [], ['tls *.example.com:443 (not a.example.com)']],
  ])('%s', (_, wanted, listed, expected) => {
    expect(missing(wanted, listed)).toEqual(expected);
  });
});
