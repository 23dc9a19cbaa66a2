/**
 * Network ACLs: entries by number, the first that matches decides, and the last is a deny. They
 * are stateless: a way out is the entries outwards alone, because one packet is enough to carry data.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
 */
import { append } from '../../append';
import { EVERYWHERE, INTERNET, type Family } from '../addresses';
import { ICMP, protocolNumber } from '../ip-protocols';
import { intersect } from '../ranges';
import { both, either, everythingTo, except, type Traffic } from '../traffic';
import type { AttributePath } from '../../plan/attribute-path';
import { own } from '../../plan/json';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { compact, recentLike } from './compact';
import type { AwsNetwork, Networks } from './networks';
import { rangesIn } from './prefix-lists';
import { isEveryProtocol, ruleTraffic } from './protocols';
import { FormerParts, isReadBack, textIn, wasReadBack } from './read-back';
import { choose, everyOf, flagAt, isFound, isSet, numberAt, onlyOf, sorted, textAt } from './read';

export interface AwsAclEntry {
  readonly address: string;
  readonly direction: 'ingress' | 'egress';
  readonly action: 'allow' | 'deny';
  readonly number: number;
  readonly protocol?: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidr?: string;
  /** -1 is every type. */
  readonly icmpType?: number;
  /** -1 is every code of the type. */
  readonly icmpCode?: number;
  /** Why its reach is not known. */
  readonly unknown?: string;
}

export interface AwsAcl {
  readonly address: string;
  readonly resource?: Resource;
  readonly network?: AwsNetwork;
  readonly isDefault: boolean;
  /** True for a default ACL that no plan manages: it allows everything. */
  readonly implicit: boolean;
  /** By number. */
  readonly entries: readonly AwsAclEntry[];
}

const MOST_ANYWHERE = 20;
const SUBNETS = { types: ['aws_subnet', 'aws_default_subnet'] };

export class Acls {
  readonly all: readonly AwsAcl[];
  /** Entries of ACLs that are not in the plan. */
  readonly foreign: AwsAclEntry[] = [];
  private readonly byResource = new Map<Resource, AwsAcl>();
  private readonly bySubnet = new Map<Resource, Set<AwsAcl>>();
  /** Subnets that may be attached to what stands there, or not. */
  private readonly doubtful = new Map<Resource, string>();
  private readonly certain = new Set<Resource>();
  /** Subnets with an ACL that is not in the plan. */
  private readonly strange = new Map<Resource, string>();
  private readonly defaults = new Map<AwsNetwork, AwsAcl>();
  private readonly doubtfulDefaults = new Map<AwsNetwork, string>();
  /** ACLs of subnets that only the apply finds, by their network; of many a few stand for all. */
  private readonly loose = new Map<AwsNetwork | undefined, { readonly acl: AwsAcl; readonly reason: string }[]>();
  private readonly formerEntries: FormerParts;
  private readonly formerAssociations: FormerParts;

  constructor(graph: ResourceGraph, private readonly networks: Networks) {
    this.formerEntries = new FormerParts(graph, ['aws_network_acl_rule'], 'network_acl_id');
    this.formerAssociations = new FormerParts(graph, ['aws_network_acl_association'], 'network_acl_id');
    const standalone = new Map<Resource, AwsAclEntry[]>();
    const anywhere: AwsAclEntry[] = [];
    for (const rule of graph.ofType('aws_network_acl_rule')) {
      // Which direction a rule is for is a setting like others: not known, it may be either.
      const isHidden = isSet(rule, 'egress') && rule.unknownAt('egress') !== undefined;
      const read = entryAt(rule, [], isHidden || flagAt(rule, 'egress') === true ? 'egress' : 'ingress');
      const entry = isHidden ? { ...read, unknown: `whether ${rule.address} is for egress is not known` } : read;
      const acls = choose(rule, 'network_acl_id', (target) => target, { types: ['aws_network_acl', 'aws_default_network_acl', 'aws_vpc', 'aws_default_vpc'], handedOut: /network_acl/ });
      const { sure, guess, possible } = sorted(acls);
      if ([...sure, ...guess, ...possible].every(({ mode }) => mode === 'data')) {
        this.foreign.push(entry);
        // What a search finds during the apply may be an ACL that the plan makes; of many such entries a few stand for all.
        const isFound = entry.action === 'allow' && rule.unknownAt('network_acl_id') !== undefined && isSet(rule, 'network_acl_id');
        const unknown = `${rule.address}: the plan does not say which ACL is meant`;
        if (isFound && anywhere.length < MOST_ANYWHERE) anywhere.push({ ...entry, unknown });
        else if (isFound && anywhere.length === MOST_ANYWHERE) anywhere.push({ address: entry.address, direction: 'egress', action: 'allow', number: 0, protocol: '-1', unknown });
      }
      const note = (acl: Resource, own: AwsAclEntry) => append(standalone, acl, own);
      sure.forEach((acl) => note(acl, entry));
      // An entry that allows may stand where it most likely does; one that denies is not taken for granted.
      if (entry.action === 'allow') guess.forEach((acl) => note(acl, entry));
      [...(entry.action === 'allow' ? [] : guess), ...possible].forEach((acl) => note(acl, { ...entry, unknown: acls.widened ?? `${rule.address}: the plan does not say which ACL is meant` }));
    }
    this.all = ['aws_network_acl', 'aws_default_network_acl'].flatMap((type) => graph.ofType(type)).map((resource) => this.read(resource, standalone, anywhere));
    for (const association of graph.ofType('aws_network_acl_association')) {
      const acls = choose(association, 'network_acl_id', (target) => this.named(target), { types: ['aws_network_acl', 'aws_default_network_acl', 'aws_vpc', 'aws_default_vpc'], handedOut: /network_acl/ });
      if (everyOf(acls).length === 0 || acls.unknown !== undefined) {
        const reason = `${association.address}: the plan does not say which ACL is meant`;
        for (const subnet of everyOf(choose(association, 'subnet_id', (target) => target, SUBNETS))) this.strange.set(subnet, reason);
      }
      for (const acl of everyOf(acls)) this.attachAll(association, 'subnet_id', acl, onlyOf(acls) !== undefined);
    }
  }

  private named(target: Resource): AwsAcl | undefined {
    const network = this.networks.of(target);
    return network ? this.defaultOf(network) : this.byResource.get(target);
  }

  /** The ACLs that a subnet may have; by default its network's own. */
  on(subnet: Resource, networks: readonly AwsNetwork[]): { readonly acls: readonly AwsAcl[]; readonly unknown?: string } {
    const own = [...(this.bySubnet.get(subnet) ?? [])];
    const isTwice = own.length > 1 && own.some(({ implicit }) => implicit);
    const loose = this.loose.size === 0 ? undefined : [undefined, ...networks].flatMap((network) => this.loose.get(network) ?? []).find(({ acl }) => !own.includes(acl));
    const strange = this.strange.get(subnet) ?? loose?.reason ?? (isTwice ? `the plan gives ${subnet.address} several ACLs` : undefined);
    if (own.length > 0 && this.certain.has(subnet)) return { acls: own, ...(strange === undefined ? {} : { unknown: strange }) };
    const defaults = networks.map((network) => this.defaultOf(network));
    const reason = this.doubtful.get(subnet) ?? networks.map((network) => this.doubtfulDefaults.get(network)).find((each) => each !== undefined) ?? `the plan does not say in which network ${subnet.address} is`;
    const isOpen = (own.length > 0 || defaults.length > 1 || networks.some((network) => this.doubtfulDefaults.has(network))) && (networks.length === 0 || defaults.some(({ implicit }) => implicit) || networks.some((network) => this.doubtfulDefaults.has(network)));
    return { acls: [...own, ...defaults], ...(strange !== undefined ? { unknown: strange } : isOpen ? { unknown: reason } : {}) };
  }

  of(resource: Resource): AwsAcl | undefined {
    return this.byResource.get(resource);
  }

  defaultOf(network: AwsNetwork): AwsAcl {
    let found = this.defaults.get(network);
    if (!found) this.defaults.set(network, (found = { address: network.address, network, isDefault: true, implicit: true, entries: [] }));
    return found;
  }

  private read(resource: Resource, standalone: ReadonlyMap<Resource, readonly AwsAclEntry[]>, anywhere: readonly AwsAclEntry[]): AwsAcl {
    const isDefault = resource.type === 'aws_default_network_acl';
    const owners = isDefault ? this.networks.ownersOf(resource, 'default_network_acl_id') : [];
    const network = this.networks.at(resource, 'vpc_id').likely[0] ?? onlyOne(owners);
    if (owners.length > 1) for (const owner of owners) this.doubtfulDefaults.set(owner, `${resource.address}: the plan does not say which network's ACL it is`);
    // `aws_vpc.x.default_network_acl_id` is a reference to the network.
    const added = [resource, ...(isDefault && network?.resource ? [network.resource] : [])].flatMap((each) => standalone.get(each) ?? []);
    const inline = this.inlineOf(resource, added);
    const acl: AwsAcl = {
      address: resource.address,
      resource,
      ...(network ? { network } : {}),
      isDefault,
      implicit: false,
      entries: [...inline, ...added.map((entry) => lasting(resource, entry)), ...anywhere].sort((a, b) => a.number - b.number),
    };
    this.byResource.set(resource, acl);
    if (isDefault && network) this.defaults.set(network, acl);
    // A default ACL has what no other has; its list is read back, and may be older than what others took from it.
    if (isSet(resource, 'subnet_ids') && !(isDefault && isReadBack(resource, 'subnet_ids'))) this.attachAll(resource, 'subnet_ids', acl, true);
    return acl;
  }

  /** Entries of the ACL itself, without those that only show what entries beside it say, or said before the plan. */
  private inlineOf(resource: Resource, added: readonly AwsAclEntry[]): readonly AwsAclEntry[] {
    const former = this.formerEntries.keysOf(resource, (part) => keyOf(own(part, 'egress') === true ? 'egress' : 'ingress', textIn(part, 'rule_number')));
    const made = new Set(added.flatMap(({ direction, number, unknown }) => (unknown === undefined ? [keyOf(direction, String(number))] : [])));
    return (['ingress', 'egress'] as const).flatMap((direction) => resource.elements(direction).flatMap((path): readonly AwsAclEntry[] => {
      const entry = entryAt(resource, path, direction);
      const key = keyOf(direction, String(entry.number));
      // An ACL has one entry by a number in each direction: what takes that away takes away a deny, wherever else it is written.
      if (former.has(key) && (entry.action === 'deny' || wasReadBack(resource, path))) return [];
      if (made.has(key) && wasReadBack(resource, path)) return [];
      const isStale = entry.action === 'deny' && added.length > 0 && resource.action === 'unplanned' && isReadBack(resource, direction);
      return [isStale && entry.unknown === undefined ? { ...entry, unknown: `whether entry ${entry.number} of ${resource.address} is still there after its last apply is not in its state` } : entry];
    }));
  }

  /**
   * A list may leave some out: `[for s in aws_subnet.s : s.id if …]` and `aws_subnet.s[*].id` are the same
   * in a plan. Only what is named one by one is certain to be closed by an ACL.
   */
  private attachAll(resource: Resource, path: string, acl: AwsAcl, isSure: boolean): void {
    // One that lets nothing out opens nothing, wherever it is.
    const isOpen = acl.implicit || acl.entries.some(({ direction, action }) => direction === 'egress' && action === 'allow') || acl.resource?.unknownAt('egress') !== undefined;
    if (isOpen && (this.loose.get(acl.network)?.length ?? 0) < MOST_ANYWHERE && isFound(resource, path, SUBNETS.types)) append(this.loose, acl.network, { acl, reason: `${resource.address}: the plan does not say which subnets are meant` });
    const { exact } = resource.references(path, SUBNETS);
    const fits = this.networks.fits(acl.resource && this.networks.holding([acl.resource]));
    const subnets = choose(resource, path, (target) => target, fits ? { ...SUBNETS, fits } : SUBNETS);
    // Associations that the plan takes away leave the list as it was: their subnets go back to the network's own ACL.
    const left = path === 'subnet_ids' && isReadBack(resource, path) ? this.formerAssociations.keysOf(resource, (part) => textIn(part, 'subnet_id')) : new Set<string>();
    const isNamed = exact || onlyOf({ likely: subnets.likely, others: subnets.others }) !== undefined;
    for (const subnet of everyOf(subnets)) {
      if (left.has(textAt(subnet, 'id') ?? '')) continue;
      this.bySubnet.set(subnet, (this.bySubnet.get(subnet) ?? new Set()).add(acl));
      if (isSure && isNamed) this.certain.add(subnet);
      else this.doubtful.set(subnet, subnets.widened ?? `${resource.address}: the plan does not say which subnets are meant`);
    }
  }
}

/** Where entries are written in the ACL itself, the next apply takes away what others have added. What that lets out counts all the same. */
function lasting(acl: Resource, entry: AwsAclEntry): AwsAclEntry {
  return entry.action === 'allow' || entry.unknown !== undefined || !acl.isConfigured([entry.direction]) ? entry : { ...entry, unknown: `${entry.address} stands beside the entries of ${acl.address}, which take it away` };
}

/** Of several networks whose it may be, none is known to be closed by it. */
function onlyOne(networks: readonly AwsNetwork[]): AwsNetwork | undefined {
  return networks.length === 1 ? networks[0] : undefined;
}

/** What tells entries of one ACL apart. */
function keyOf(direction: AwsAclEntry['direction'], number: string | undefined): string {
  return `${direction} ${number}`;
}

function entryAt(resource: Resource, path: AttributePath, direction: AwsAclEntry['direction']): AwsAclEntry {
  const at = (...names: readonly string[]) => names.map((name) => [...path, name]).find((steps) => isSet(resource, steps)) ?? [...path, names[0] as string];
  const protocol = textAt(resource, at('protocol'));
  const fromPort = numberAt(resource, at('from_port'));
  const toPort = numberAt(resource, at('to_port'));
  const icmpType = numberAt(resource, at('icmp_type'));
  const icmpCode = numberAt(resource, at('icmp_code'));
  const cidr = textAt(resource, at('cidr_block')) ?? textAt(resource, at('ipv6_cidr_block'));
  const action = (textAt(resource, at('rule_action', 'action')) ?? 'allow').toLowerCase();
  const hidden = [['rule_number', 'rule_no'], ['protocol'], ['rule_action', 'action'], ['from_port'], ['to_port']].flat().find((name) => isSet(resource, [...path, name]) && resource.unknownAt([...path, name]) !== undefined);
  const unknown = cidr === undefined ? `the addresses of an entry of ${resource.address} are not known` : hidden === undefined ? undefined : `'${hidden}' of an entry of ${resource.address} is not known`;
  return {
    address: resource.address,
    direction,
    action: action === 'deny' ? 'deny' : 'allow',
    number: numberAt(resource, at('rule_number', 'rule_no')) ?? 0,
    ...(protocol === undefined ? {} : { protocol }),
    ...(fromPort === undefined ? {} : { fromPort }),
    ...(toPort === undefined ? {} : { toPort }),
    ...(cidr === undefined ? {} : { cidr }),
    ...(icmpType === undefined ? {} : { icmpType }),
    ...(icmpCode === undefined ? {} : { icmpCode }),
    ...(unknown === undefined ? {} : { unknown }),
  };
}

/** The packets that an entry speaks of. */
export function entryTraffic(entry: AwsAclEntry, family: Family): Traffic {
  const [from, to] = isIcmp(entry) ? [entry.icmpType, entry.icmpCode] : [entry.fromPort, entry.toPort];
  return ruleTraffic(family, entry.protocol, from, to, entry.cidr === undefined ? EVERYWHERE[family] : rangesIn([entry.cidr], family));
}

/**
 * Those of them that get no further, whatever comes behind the entry. Without ports it is for port 0, and without a type or
 * a code for 0: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ec2/vpc_network_acl_rule.go
 */
export function decidedBy(entry: AwsAclEntry, matched: Traffic): Traffic {
  const { action, protocol } = entry;
  if (action === 'allow' || (protocol !== undefined && isEveryProtocol(protocol))) return matched;
  const number = protocol === undefined ? undefined : protocolNumber(protocol);
  const isWritten = number === 6 || number === 17 ? entry.fromPort !== undefined && entry.toPort !== undefined
    : isIcmp(entry) ? number === ICMP[matched.family] && isWrittenIcmp(entry) : number !== undefined;
  return isWritten ? matched : { ...matched, boxes: [] };
}

/** Of ICMP an entry has a type and a code beside its ports, which are for nothing then. */
function isIcmp({ protocol = '' }: AwsAclEntry): boolean {
  return [1, 58].includes(protocolNumber(protocol) ?? 0);
}

/** Every type, or one of which it says the codes. */
function isWrittenIcmp({ icmpType, icmpCode }: AwsAclEntry): boolean {
  return icmpType !== undefined && icmpCode !== undefined && (icmpType !== -1 || icmpCode === -1);
}

/** `everything to 0.0.0.0/0`, `tcp/443 to 10.0.0.0/8`. */
export function entryText({ protocol, fromPort, toPort, cidr, direction }: AwsAclEntry): string {
  const ports = fromPort === undefined || (fromPort === 0 && (toPort ?? 0) === 0) ? '' : fromPort === toPort ? `/${fromPort}` : `/${fromPort}-${toPort ?? '?'}`;
  return `${protocol === undefined || protocol === '-1' || protocol === 'all' ? 'everything' : `${protocol}${ports}`} ${direction === 'egress' ? 'to' : 'from'} ${cidr ?? 'unknown addresses'}`;
}

/** What an ACL lets out to the internet, or in from it: for certain, and perhaps. */
export interface AclReach {
  readonly certain: Traffic;
  readonly doubtful?: { readonly reason: string; readonly traffic: Traffic };
}

const kept = { egress: new WeakMap<AwsAcl, Map<Family, AclReach>>(), ingress: new WeakMap<AwsAcl, Map<Family, AclReach>>() };

export function aclEgress(acl: AwsAcl, family: Family): AclReach {
  return aclReach(acl, family, 'egress');
}

/** Packets from the internet; their sources stand where destinations stand. */
export function aclIngress(acl: AwsAcl, family: Family): AclReach {
  return aclReach(acl, family, 'ingress');
}

function aclReach(acl: AwsAcl, family: Family, direction: AwsAclEntry['direction']): AclReach {
  let byFamily = kept[direction].get(acl);
  if (!byFamily) kept[direction].set(acl, (byFamily = new Map()));
  let found = byFamily.get(family);
  if (!found) byFamily.set(family, (found = compute(acl, family, direction)));
  return found;
}

function compute(acl: AwsAcl, family: Family, direction: AwsAclEntry['direction']): AclReach {
  const hidden = acl.resource && isSet(acl.resource, direction) ? acl.resource.unknownAt(direction) : undefined;
  const everything = everythingTo(family, INTERNET[family]);
  if (acl.implicit) return { certain: everything };
  if (hidden !== undefined) return { certain: { family, boxes: [] }, doubtful: { traffic: everything, reason: `the entries of ${acl.address} are not known: ${hidden}` } };
  let left = everything;
  const allowed: Traffic[] = [];
  const doubtful: Traffic[] = [];
  let reason: string | undefined;
  for (const entry of acl.entries) {
    if (entry.direction !== direction) continue;
    const matched = both(left, entryTraffic(entry, family));
    if (matched.boxes.length === 0) continue;
    if (entry.unknown !== undefined) {
      // A deny that may match nothing stops nothing.
      if (entry.action === 'allow') doubtful.push(matched);
      reason ??= entry.unknown;
      continue;
    }
    if (entry.action === 'allow') allowed.push(matched);
    left = except(left, decidedBy(entry, matched));
  }
  const certain = recentLike(either(family, allowed));
  return doubtful.length === 0 || reason === undefined ? { certain } : { certain, doubtful: { reason, traffic: compact(either(family, doubtful)) } };
}

/** What of some packets an ACL lets through, or may. */
export function passedBy(acl: AwsAcl, direction: AwsAclEntry['direction'], asked: Traffic): Traffic {
  const isHidden = acl.resource !== undefined && isSet(acl.resource, direction) && acl.resource.unknownAt(direction) !== undefined;
  if (acl.implicit || isHidden) return asked;
  let left = asked;
  const passed: Traffic[] = [];
  for (const entry of acl.entries) {
    if (entry.direction !== direction) continue;
    const matched = both(left, entryTraffic(entry, asked.family));
    if (entry.action === 'allow') passed.push(matched);
    if (entry.unknown === undefined) left = except(left, decidedBy(entry, matched));
  }
  return either(asked.family, passed);
}

/** Whether some entry speaks of addresses on the internet. */
export function isOutside(cidr: string | undefined): boolean {
  if (cidr === undefined) return true;
  return ([4, 6] as const).some((family) => intersect(rangesIn([cidr], family), INTERNET[family]).length > 0);
}
