/** Resolvers on the internet: whoever reaches one can ask for any name, and tell data to whoever runs that name. */
import { intersects, parseBlock, type Block } from './cidr';
import type { Finding } from './problems';
import type { HostPattern } from './model';

/**
 * Names at which DNS is answered over HTTPS or TLS, and those below which each customer has one. Where a
 * connection to one is allowed, no filter and no log of the network sees the questions.
 * https://github.com/curl/curl/wiki/DNS-over-HTTPS
 */
const RESOLVERS = `
  1dot1dot1dot1.cloudflare-dns.com cloudflare-dns.com cloudflare-gateway.com dns.adguard-dns.com dns.alidns.com dns.google dns.google.com
  dns.mullvad.net dns.nextdns.io dns.quad9.net dns.sb dns.umbrella.com dns10.quad9.net dns11.quad9.net dns9.quad9.net doh.cleanbrowsing.org
  doh.dns.sb doh.opendns.com doh.pub doh.umbrella.com dot.pub freedns.controld.com mozilla.cloudflare-dns.com one.one.one.one
  chrome.cloudflare-dns.com family.cloudflare-dns.com security.cloudflare-dns.com
  anycast.dns.nextdns.io dns.digitale-gesellschaft.ch dns.switch.ch dns64.dns.google doh.360.cn doh.libredns.gr doh.mullvad.net doh.tiar.app
  doh.xfinity.com jp.tiar.app odoh.cloudflare-dns.com unfiltered.joindns4.eu
`.split(/\s+/).filter(Boolean);

/**
 * Where the large ones answer, over HTTPS too: Google, Cloudflare, Quad9, OpenDNS, AdGuard, Control D, AliDNS, DNSPod, Mullvad.
 * https://developers.google.com/speed/public-dns/docs/doh, https://developers.cloudflare.com/1.1.1.1/ip-addresses/, https://quad9.net/service/service-addresses-and-features/
 */
const RESOLVER_ADDRESSES: readonly Block[] = `
  8.8.8.8 8.8.4.4 1.1.1.1 1.0.0.1 1.1.1.2 1.0.0.2 1.1.1.3 1.0.0.3 9.9.9.9 9.9.9.10 9.9.9.11 149.112.112.112 149.112.112.10 149.112.112.11
  208.67.222.222 208.67.220.220 94.140.14.14 94.140.15.15 76.76.2.0 76.76.10.0 223.5.5.5 223.6.6.6 119.29.29.29 194.242.2.2
`.split(/\s+/).filter(Boolean).flatMap((text) => {
  const parsed = parseBlock(text, true);
  return parsed.ok ? [parsed.block] : [];
});

/** Where DNS is answered in the clear, and over TLS. */
const DNS_PORTS: ReadonlySet<number> = new Set([53, 853]);

const FIX = 'let workloads use the resolver of the network, which is filtered or recorded; keep the rule only where that is meant';

/** What to look at twice: a host that answers DNS. */
export function resolverWarning({ kind, domain }: HostPattern): Finding | undefined {
  const found = kind === 'exact'
    ? RESOLVERS.find((name) => name === domain)
    : RESOLVERS.find((name) => name.endsWith(`.${domain}`) || name === domain);
  if (found === undefined) return undefined;
  return {
    code: 'host-public-resolver',
    message: `${found === domain ? 'answers' : `covers '${found}', which answers`} DNS over HTTPS, so data can leave in the names that are asked for`,
    fix: FIX,
  };
}

/** What to look at twice: an address at which DNS is answered. No name travels with tcp, so it is the only sign. */
export function resolverAddressWarning(block: Block): Finding | undefined {
  const found = RESOLVER_ADDRESSES.find((address) => intersects(address, block));
  if (found === undefined) return undefined;
  const address = found.text.split('/')[0];
  return {
    code: 'host-public-resolver',
    message: `${found.text === block.text ? 'answers' : `holds ${address}, which answers`} DNS, also over HTTPS, so data can leave in the names that are asked for`,
    fix: FIX,
  };
}

/** What to look at twice: a port at which DNS is answered. */
export function resolverPortWarning(port: number): Finding | undefined {
  if (!DNS_PORTS.has(port)) return undefined;
  return { code: 'dns-port', message: 'is where resolvers answer, so data can leave in the names that are asked for', fix: FIX };
}
