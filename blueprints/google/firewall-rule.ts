import { ComputeNetworkFirewallPolicyRule } from '@cdktf/provider-google/lib/compute-network-firewall-policy-rule';
import type { Construct } from 'constructs';
import type { BlueprintProblem } from '../blueprint-error';
import type { PortRange } from '../policy/model';

/** A protocol and its ports, as a firewall policy takes them. */
export interface Layer4 {
  readonly ipProtocol: 'tcp' | 'udp' | 'all';
  /** `443` or `8000-8100`, in the order of the policy. Absent for `all`. */
  readonly ports?: readonly string[];
}

/** One rule of the network firewall policy, before it knows any id that Google gives out. */
export interface FirewallRule {
  /** The construct id, unique in its scope and derived from content. */
  readonly id: string;
  readonly priority: number;
  readonly action: 'allow' | 'deny';
  readonly direction: 'INGRESS' | 'EGRESS';
  /** A short name for logs and the console. */
  readonly ruleName: string;
  readonly description: string;
  /** The segment that the rule holds for. Default: every machine in the network, tagged or not. */
  readonly target?: string;
  readonly layer4: readonly Layer4[];
  /** The other side; a rule names exactly one kind, because kinds widen each other. */
  readonly to?: Destination;
  readonly from?: { readonly ranges: readonly string[] } | CallingSegment;
}

/**
 * Another segment as source. Its machines are known by their tag; where accounts tell segments apart, by the
 * subnet's range, because no rule takes accounts as source. Its pods are known by their range either way: a
 * tag as source leaves alias ranges out. https://cloud.google.com/vpc/docs/alias-ip#firewalls
 */
export interface CallingSegment {
  readonly segment: string;
  readonly subnetRange: string;
  readonly podRanges: readonly string[];
}

/** What an outgoing connection may lead to. Threat lists and countries are Google's own sets. */
export type Destination =
  | { readonly ranges: readonly string[] }
  | { readonly fqdns: readonly string[] }
  | { readonly threatLists: readonly string[] }
  | { readonly countries: readonly string[] };

/** What a machine carries that tells its segment: a secure tag value, or the account that it runs as. */
export interface SegmentIdentity {
  /** `tagValues/123` */
  readonly tagValueId?: string;
  /** `payments@acme-prod.iam.gserviceaccount.com` */
  readonly serviceAccount?: string;
}

/** By segment. */
export type Identities = ReadonlyMap<string, SegmentIdentity>;

/** The identities of a list of segments. */
export function identitiesOf(segments: readonly ({ readonly name: string } & SegmentIdentity)[]): Identities {
  return new Map(segments.map((segment) => [segment.name, segment]));
}

/** A port range as Google writes it. */
export function portText({ from, to }: PortRange): string {
  return from === to ? `${from}` : `${from}-${to}`;
}

/**
 * Puts a rule into a policy.
 *
 * Every rule is logged, allow or deny: a way out that leaves no record is not controlled.
 *
 * @param identities what tells each segment's machines.
 * @see https://cloud.google.com/firewall/docs/firewall-policies-rule-details
 */
export function addFirewallRule(
  scope: Construct,
  firewallPolicy: string,
  rule: FirewallRule,
  identities: Identities,
): ComputeNetworkFirewallPolicyRule {
  const { to, from } = rule;
  const target = rule.target === undefined ? undefined : identityOf(identities, rule.target);
  const source = from && 'segment' in from ? sourceOf(from, identityOf(identities, from.segment)) : from ? { srcIpRanges: [...from.ranges] } : {};
  return new ComputeNetworkFirewallPolicyRule(scope, rule.id, {
    firewallPolicy,
    priority: rule.priority,
    action: rule.action,
    direction: rule.direction,
    ruleName: rule.ruleName,
    description: rule.description,
    enableLogging: true,
    disabled: false,
    ...(target?.tagValueId ? { targetSecureTags: [{ name: target.tagValueId }] } : {}),
    ...(target?.serviceAccount ? { targetServiceAccounts: [target.serviceAccount] } : {}),
    match: {
      layer4Configs: rule.layer4.map(({ ipProtocol, ports }) => ({ ipProtocol, ...(ports ? { ports: [...ports] } : {}) })),
      ...(to && 'ranges' in to ? { destIpRanges: [...to.ranges] } : {}),
      ...(to && 'fqdns' in to ? { destFqdns: [...to.fqdns] } : {}),
      ...(to && 'threatLists' in to ? { destThreatIntelligences: [...to.threatLists] } : {}),
      ...(to && 'countries' in to ? { destRegionCodes: [...to.countries] } : {}),
      ...source,
    },
  });
}

function sourceOf({ subnetRange, podRanges }: CallingSegment, { tagValueId }: SegmentIdentity) {
  return tagValueId
    ? { srcSecureTags: [{ name: tagValueId }], ...(podRanges.length > 0 ? { srcIpRanges: [...podRanges] } : {}) }
    : { srcIpRanges: [subnetRange, ...podRanges].sort() };
}

/**
 * Rules whose ids are alike: `a` that calls `b-to-c`, and `a-to-b` that calls `c`; a segment named as a caller of Google's.
 *
 * @param taken ids that something else has in the same scope.
 */
export function idProblems(rules: readonly FirewallRule[], taken: readonly string[] = []): readonly BlueprintProblem[] {
  const seen = new Set(taken);
  return rules.flatMap(({ id, description }) => {
    if (seen.has(id)) return [{ message: `google: '${id}' (${description}) is the name of something else, too; rename the segment or service, so that no two names read alike when they are joined` }];
    seen.add(id);
    return [];
  });
}

/** A rule without its target would hold for every machine, so a missing one is never left out. */
function identityOf(identities: Identities, segment: string): SegmentIdentity {
  const identity = identities.get(segment);
  if (!identity?.tagValueId === !identity?.serviceAccount) throw new Error(`google: segment '${segment}' needs a secure tag value or a service account`);
  return identity as SegmentIdentity;
}

/** What Google counts a rule as against the quota: each range, name, tag, account, protocol and port. */
export function attributesOf(rule: FirewallRule): number {
  const side = (end: FirewallRule['to'] | FirewallRule['from']) => {
    if (!end) return 0;
    const lists = Object.values(end).filter((value): value is readonly string[] => Array.isArray(value));
    return 'segment' in end ? 1 + end.podRanges.length : lists.reduce((sum, list) => sum + list.length, 0);
  };
  const layer4 = rule.layer4.reduce((sum, { ports }) => sum + 1 + (ports?.length ?? 0), 0);
  return (rule.target ? 1 : 0) + side(rule.to) + side(rule.from) + layer4;
}

/** The sum over rules. */
export function attributesOfAll(rules: readonly FirewallRule[]): number {
  return rules.reduce((sum, rule) => sum + attributesOf(rule), 0);
}
