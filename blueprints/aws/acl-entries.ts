/**
 * What each kind of subnet lets across its edge, as network ACL entries.
 *
 * An ACL is stateless and knows neither groups nor names, so it is the coarse second fence: it
 * says which kinds of subnet may exchange packets with the internet at all. Who may call whom
 * inside the network is what security groups decide.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
 */
import type { PortRange } from '../policy/model';
import { mergePorts } from '../policy/ports';
import { compare } from '../policy/rules';
import { numberByContent } from './content-id';

/**
 * - `public`: accepts the internet on its ports and sends nothing there but replies.
 * - `private`: opens connections to the internet on the allowed ports, and takes replies.
 * - `isolated`: private, with no allowed host; knows no address outside the network but those of gateway endpoints.
 * - `data`: likewise, in a fence of its own so that it can be tightened alone.
 * - `endpoints`: answers on 443 inside the network.
 * - `transit`: firewall and NAT subnets, which pass on what `private` sends.
 */
export type AclRole = 'public' | 'private' | 'isolated' | 'data' | 'endpoints' | 'transit';

/** Ports by protocol. */
export interface ProtocolPorts {
  readonly protocol: 'tcp' | 'udp';
  readonly ports: readonly PortRange[];
}

/** One entry that allows; what no entry allows, an ACL refuses. */
export interface AclEntry {
  readonly direction: 'ingress' | 'egress';
  readonly protocol: 'all' | 'tcp' | 'udp';
  /** `0-0` with protocol `all`, which is how the API writes "every port". */
  readonly ports: PortRange;
  readonly cidr: string;
  /** 100..30099; AWS takes 1..32766. */
  readonly number: number;
}

/** Every address. */
export const ANYWHERE = '0.0.0.0/0';

/** Where replies arrive: Linux, Windows, NAT gateways and load balancers all answer inside it. */
const EPHEMERAL: PortRange = { from: 1024, to: 65535 };
const HTTPS: PortRange = { from: 443, to: 443 };

/** AWS's default for one direction; 40 is the most that can be asked for. */
export const DEFAULT_ACL_ENTRIES = 20;
/** Every ACL carries one rule more than its entries: the `*` that refuses. */
const FINAL_DENY = 1;

type Unnumbered = Omit<AclEntry, 'number'>;

/**
 * The entries of one kind of subnet, ascending by number.
 *
 * @param vpcCidrs every range of the VPC.
 * @param services for `public` what the internet may call, for `private` and `transit` what may be called there.
 * @param gatewayRanges public addresses that `private`, `isolated` and `data` reach on 443 by a gateway endpoint. An ACL
 *   cannot name a prefix list. https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
 */
export function aclEntries(role: AclRole, vpcCidrs: readonly string[], services: readonly ProtocolPorts[] = [], gatewayRanges: readonly string[] = []): readonly AclEntry[] {
  const entries = unnumbered(role, vpcCidrs, merged(services), gatewayRanges);
  const key = ({ direction, protocol, ports, cidr }: Unnumbered) => `${direction} ${protocol} ${ports.from} ${cidr}`;
  const numbers = numberByContent(entries.map(key), { from: 100, size: 30_000 });
  return entries
    .map((entry) => ({ ...entry, number: numbers.get(key(entry))! }))
    .sort((a, b) => compare(b.direction, a.direction) || a.number - b.number);
}

/** Says which direction holds more entries than the quota, or nothing. */
export function tooManyEntries(entries: readonly AclEntry[], quota: number): string | undefined {
  for (const direction of ['ingress', 'egress'] as const) {
    const count = entries.filter((entry) => entry.direction === direction).length + FINAL_DENY;
    if (count > quota) return `${count} ${direction} entries, and ${quota} fit`;
  }
  return undefined;
}

function unnumbered(role: AclRole, vpc: readonly string[], services: readonly ProtocolPorts[], gatewayRanges: readonly string[]): readonly Unnumbered[] {
  const inside = vpc.flatMap((cidr) => (['ingress', 'egress'] as const).map((direction) => entry(direction, 'all', { from: 0, to: 0 }, cidr)));
  switch (role) {
    case 'isolated':
    case 'data':
      return [...inside, ...gatewayRanges.flatMap((cidr) => [entry('egress', 'tcp', HTTPS, cidr), entry('ingress', 'tcp', EPHEMERAL, cidr)])];
    case 'endpoints':
      return vpc.flatMap((cidr) => [entry('ingress', 'tcp', HTTPS, cidr), entry('egress', 'tcp', EPHEMERAL, cidr)]);
    case 'public':
      return [
        ...inside,
        ...each(services, (protocol, ports) => entry('ingress', protocol, ports, ANYWHERE)),
        ...services.map(({ protocol }) => entry('egress', protocol, EPHEMERAL, ANYWHERE)),
      ];
    case 'private':
      return [
        ...inside,
        ...each(services, (protocol, ports) => entry('egress', protocol, ports, ANYWHERE)),
        // Replies come in from anywhere already.
        ...gatewayRanges.map((cidr) => entry('egress', 'tcp', HTTPS, cidr)),
        ...services.map(({ protocol }) => entry('ingress', protocol, EPHEMERAL, ANYWHERE)),
      ];
    case 'transit':
      return vpc.flatMap((cidr) => each(services, (protocol, ports) => entry('ingress', protocol, ports, cidr)))
        .concat(each(services, (protocol, ports) => entry('egress', protocol, ports, ANYWHERE)))
        .concat(services.flatMap(({ protocol }) => [
          entry('ingress', protocol, EPHEMERAL, ANYWHERE),
          ...vpc.map((cidr) => entry('egress', protocol, EPHEMERAL, cidr)),
        ]));
  }
}

function entry(direction: AclEntry['direction'], protocol: AclEntry['protocol'], ports: PortRange, cidr: string): Unnumbered {
  return { direction, protocol, ports, cidr };
}

function each(services: readonly ProtocolPorts[], make: (protocol: 'tcp' | 'udp', ports: PortRange) => Unnumbered): Unnumbered[] {
  return services.flatMap(({ protocol, ports }) => ports.map((range) => make(protocol, range)));
}

/** One list of ports per protocol, merged where they touch, so that ten neighbouring ports are one entry. */
function merged(services: readonly ProtocolPorts[]): readonly ProtocolPorts[] {
  return (['tcp', 'udp'] as const)
    .map((protocol) => ({ protocol, ports: mergePorts(services.filter((s) => s.protocol === protocol).flatMap((s) => s.ports)) }))
    .filter(({ ports }) => ports.length > 0);
}
