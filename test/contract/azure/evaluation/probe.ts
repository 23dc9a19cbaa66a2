/**
 * Puts one question to a stack, in words, and gives Azure's answer in words. It knows how Azure
 * decides and none of our blueprints.
 *
 *     payments -> tls api.stripe.com:443        a request that shows a name
 *     payments -> tcp 8.8.8.8:443               a packet that shows none
 *     internet -> tcp edge:443                  also stranger (a machine that no rule names), balancer
 *     firewall for payments -> udp 1.1.1.1:53   what the firewall would do, were it asked
 *     payments resolves api.stripe.com
 *     next hop in payments for 8.8.8.8
 *     public address in payments
 *     record of …, deletion of …, access from outside to …
 */
import type { ObservationSubject, SynthesizedStack } from '../../observation';
import { parseAddress } from '../addresses';
import { effectiveRoutes, routeTo } from './effective-routes';
import { firewallVerdict, KNOWN_BAD_ADDRESS, KNOWN_BAD_NAME, translations } from './firewall-order';
import { accessVerdict, deletionVerdict, foreignVerdict, gatewayVerdict, recordVerdict, subscriptionVerdict } from './keeping';
import { endpointNames, lostZones, nameVerdict } from './names';
import { fromElsewhere, fromInternet, packetVerdict, publicAddress } from './packets';
import { World } from './world';

/** Where names of probes are taken to be: an address that no policy of a test lists. */
const SOMEWHERE = '198.41.0.4';

export function ask(stack: SynthesizedStack, subject: ObservationSubject): (probe: string) => string {
  const world = new World(stack, subject);
  return (probe) => answer(world, probe);
}

function answer(world: World, probe: string): string {
  const behind = /^firewall for (\S+) -> (tcp|udp) ([\d.]+):(\d+)$/.exec(probe);
  if (behind) {
    const site = world.sites.get(behind[1]!);
    if (!site || !world.firewall) return 'there is none';
    return firewallVerdict(world, { source: site.block.first + 4, destination: parseAddress(behind[3]!), protocol: behind[2] as 'tcp' | 'udp', port: Number(behind[4]) });
  }
  const hop = /^next hop in (\S+) for ([\d.]+)$/.exec(probe);
  if (hop) {
    const site = world.sites.get(hop[1]!);
    if (!site) return `there is no ${hop[1]}`;
    const { kind, address } = routeTo(effectiveRoutes(world, site), parseAddress(hop[2]!));
    if (kind !== 'appliance') return kind;
    return world.firewall && world.reader.target(address)?.address === world.firewall.address ? 'the firewall' : `appliance ${/^[\d.]+$/.test(address ?? '') ? address : 'that is not known'}`;
  }
  const packet = /^(\S+) -> (tcp|udp|tls|http) (\[[0-9a-f:]+\]|[^\s:]+):(\d+)$/.exec(probe);
  if (packet) return packetAnswer(world, packet[1]!, packet[2]!, packet[3]!.replace(/^\[|\]$/g, ''), Number(packet[4]));
  const name = /^(\S+) resolves (\S+)$/.exec(probe);
  if (name) return nameVerdict(world, name[1]!, name[2]!);
  const about = /^(public address in|record of|deletion of|access from outside to) (.+)$/.exec(probe);
  if (about) {
    const [, kind, what] = about as unknown as [string, string, string];
    const site = world.sites.get(what);
    if (kind === 'public address in') return site ? publicAddress(world, site) : `there is no ${what}`;
    return { 'record of': recordVerdict, 'deletion of': deletionVerdict, 'access from outside to': accessVerdict }[kind]!(world, what);
  }
  switch (probe) {
    case 'names of the endpoints': return endpointNames(world);
    case 'zones that nobody finds': return lostZones(world);
    case 'routes of gateways': return gatewayVerdict(world);
    case 'networks of others': return foreignVerdict(world);
    case 'subscription': return subscriptionVerdict(world);
    case 'translations by the firewall': return translations(world).join(', ') || 'none';
    default: throw new Error(`no such probe: ${probe}`);
  }
}

function packetAnswer(world: World, from: string, how: string, to: string, port: number): string {
  const protocol = how === 'udp' ? 'udp' : 'tcp';
  if (from === 'internet') return fromInternet(world, to, protocol, port);
  if (from === 'stranger' || from === 'balancer') return fromElsewhere(world, from, to, protocol, port);
  if (how === 'tls' || how === 'http') {
    const address = to === KNOWN_BAD_NAME ? KNOWN_BAD_ADDRESS : SOMEWHERE;
    return packetVerdict(world, { from, to: address, protocol, port, name: to, kind: how === 'tls' ? 'Https' : 'Http' });
  }
  // On the ports of the web, bytes without a name are a request that shows none.
  const kind = protocol === 'tcp' && /^[\d.]+$/.test(to) ? (port === 80 ? 'Http' as const : 'Https' as const) : undefined;
  return packetVerdict(world, { from, to, protocol, port, ...(kind ? { kind } : {}) });
}
