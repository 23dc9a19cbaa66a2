/** Which packets each segment's security group lets in and out, before any of it has an id. */
import type { AwsGatewayService } from '../policy/aws-gateway-endpoints';
import type { AllowRule, PortRange, Segment } from '../policy/model';
import { privateRangeOf } from '../policy/cidr';
import { mergePorts, portText } from '../policy/ports';
import { compare, rulesOf } from '../policy/rules';
import { gatewaysOf, type PlannedGateway } from './gateway-plan';
import { outside } from './outside';

/** The other end of a rule. */
export type GroupPeer =
  | { readonly kind: 'segment'; readonly segment: string }
  | { readonly kind: 'endpoints' }
  | { readonly kind: 'gateway-endpoints'; readonly services: readonly AwsGatewayService[] }
  | { readonly kind: 'addresses'; readonly cidrs: readonly string[] };

/** One line of a security group; what no line allows, the group refuses. */
export interface GroupRule {
  readonly direction: 'ingress' | 'egress';
  readonly protocol: 'tcp' | 'udp';
  readonly ports: PortRange;
  readonly peer: GroupPeer;
  /** Of the letters that AWS takes: no quotes, no angle brackets. */
  readonly description: string;
}

/** What there is to open a group towards. */
export interface GroupContext {
  /** The VPC's CIDR; with `secondaryCidrs` what is not the internet. */
  readonly vpcCidr: string;
  /** Ranges that were added to the VPC. @default - none */
  readonly secondaryCidrs?: readonly string[];
  readonly segments: readonly Segment[];
  readonly rules: readonly AllowRule[];
  readonly endpoints: boolean;
  readonly gateways: readonly PlannedGateway[];
}

/** AWS's default for one direction of one group. */
export const DEFAULT_RULES_PER_GROUP = 60;

const HTTPS: PortRange = { from: 443, to: 443 };
const ANYWHERE = ['0.0.0.0/0'];

/** The rules of one segment's group, in canonical order. */
export function groupRules(segment: Segment, context: GroupContext): readonly GroupRule[] {
  return [...callers(segment, notInternet(context)), ...callees(segment, context.segments), ...services(segment, context), ...hosts(segment, context.rules)];
}

/**
 * Each address, group and list counts as a rule, per direction; the lists of S3 and DynamoDB weigh 1.
 * https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
 */
export function ruleCount(rules: readonly GroupRule[], direction: GroupRule['direction']): number {
  return rules
    .filter((rule) => rule.direction === direction)
    .reduce((sum, { peer }) => sum + (peer.kind === 'addresses' ? peer.cidrs.length : peer.kind === 'gateway-endpoints' ? peer.services.length : 1), 0);
}

/**
 * With one range that range alone; with more, the private ranges that they lie in. Nobody on the
 * internet has such an address, and each range more would cost as many rules as its prefix has bits.
 */
function notInternet({ vpcCidr, secondaryCidrs = [] }: GroupContext): readonly string[] {
  return secondaryCidrs.length === 0 ? [vpcCidr] : [...new Set([vpcCidr, ...secondaryCidrs].map(privateRangeOf))];
}

function callers(segment: Segment, inside: readonly string[]): readonly GroupRule[] {
  return segment.accepts.flatMap(({ from, ports, protocol }) => ports.map((range): GroupRule => ({
    direction: 'ingress',
    protocol,
    ports: range,
    peer: from === 'internet' ? { kind: 'addresses', cidrs: outside(...inside) } : { kind: 'segment', segment: from },
    description: `${from === 'internet' ? 'the internet' : from} may call ${segment.name} on ${protocol}/${portText(range)}`,
  })));
}

function callees(segment: Segment, segments: readonly Segment[]): readonly GroupRule[] {
  return [...segments].sort((a, b) => compare(a.name, b.name)).flatMap((callee) => callee.accepts
    .filter((accept) => accept.from === segment.name)
    .flatMap(({ ports, protocol }) => ports.map((range): GroupRule => ({
      direction: 'egress',
      protocol,
      ports: range,
      peer: { kind: 'segment', segment: callee.name },
      description: `${segment.name} may call ${callee.name} on ${protocol}/${portText(range)}`,
    }))));
}

function services(segment: Segment, { endpoints, gateways }: GroupContext): readonly GroupRule[] {
  const open = (peer: GroupPeer, description: string): GroupRule => ({ direction: 'egress', protocol: 'tcp', ports: HTTPS, peer, description });
  const own = gatewaysOf(gateways, segment.name).map(({ service }) => service);
  return [
    ...(endpoints ? [open({ kind: 'endpoints' }, 'private endpoints of AWS services')] : []),
    ...(own.length > 0 ? [open({ kind: 'gateway-endpoints', services: own }, 'gateway endpoints of AWS services')] : []),
  ];
}

/**
 * A firewall in the path is invisible to the workload, so the group has to allow every address on
 * the ports of named hosts; the route through the firewall is what makes that safe.
 */
function hosts(segment: Segment, rules: readonly AllowRule[]): readonly GroupRule[] {
  const own = rulesOf(rules, segment.name);
  const byName = mergePorts(own.filter((rule) => rule.protocol !== 'tcp').flatMap((rule) => rule.ports).map((port) => ({ from: port, to: port })));
  const egress = (ports: PortRange, cidrs: readonly string[], description: string): GroupRule => ({
    direction: 'egress', protocol: 'tcp', ports, peer: { kind: 'addresses', cidrs }, description,
  });
  const named = byName.map((range) => egress(range, ANYWHERE, `allowed hosts on tcp/${portText(range)} by way of the firewall`));

  const byAddress = new Map<number, string[]>();
  for (const rule of own.filter(({ protocol }) => protocol === 'tcp')) {
    for (const port of rule.ports) byAddress.set(port, [...(byAddress.get(port) ?? []), ...rule.addresses]);
  }
  const addressed = [...byAddress.keys()].sort((a, b) => a - b)
    .filter((port) => !byName.some((range) => range.from <= port && port <= range.to))
    .map((port) => egress({ from: port, to: port }, [...new Set(byAddress.get(port)!)].sort(compare), `allowed addresses on tcp/${port} by way of the firewall`));
  return [...named, ...addressed];
}
