/**
 * Who may call an endpoint: what the groups and ACLs of both sides let through. What the plan leaves open counts as reached, and
 * so do replies. https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
 */
import { EVERYWHERE, type Family } from '../addresses';
import { intersect, isEmpty, NOTHING, rangesOf, unionOf, type Ranges } from '../ranges';
import { ALL_PORTS, both, except, traffic, type Traffic } from '../traffic';
import { decidedBy, entryTraffic, type AwsAcl } from './acls';
import type { AwsEndpoint } from './gateways';
import { namedTraffic, type AwsGroup, type AwsGroupRule } from './groups';
import { NETWORK_ASSOCIATION } from './lattice';
import type { AwsNetwork } from './networks';
import { ruleTraffic } from './protocols';
import { everyOf, isSet } from './read';
import type { AwsPlace } from './places';

/** What an endpoint, or all that are like it, lets in. */
export interface EndpointFilters {
  readonly sample: AwsEndpoint;
  /** Where its interfaces may be; of a gateway, nothing. */
  readonly addresses: Readonly<Record<Family, Ranges>>;
  readonly groups: readonly AwsGroup[];
  /** False when it may have groups that the plan does not name. */
  readonly groupsKnown: boolean;
}

export function filtersOf(sample: AwsEndpoint, defaultGroup: (network: AwsNetwork) => AwsGroup): EndpointFilters {
  const { network, subnets, groups, namesGroups, kind } = sample;
  const known = everyOf(subnets);
  // It has no address in the network, and without groups of its own lets everybody in: https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html
  const isAssociation = sample.resource.type === NETWORK_ASSOCIATION;
  const within = (family: Family): Ranges => {
    if (kind === 'gateway') return NOTHING;
    if (isAssociation) return EVERYWHERE[family];
    const isTold = known.length > 0 && known.every(({ ranges }) => ranges[family] !== undefined);
    return isTold ? unionOf(known.map(({ ranges }) => ranges[family] as Ranges)) : network?.ranges[family] ?? EVERYWHERE[family];
  };
  const applied = namesGroups || !network || isAssociation ? everyOf(groups) : [defaultGroup(network)];
  return {
    sample,
    addresses: { 4: within(4), 6: within(6) },
    groups: applied,
    groupsKnown: groups.unknown === undefined && applied.length > 0,
  };
}

/** Some tcp port that all of both sides' filters let through. */
export function calls(place: Pick<AwsPlace, 'subnet' | 'groups' | 'workload'>, endpoints: EndpointFilters): boolean {
  const { subnet, groups, workload } = place;
  if (!subnet) return false;
  const interfaces = everyOf(endpoints.sample.subnets);
  return ([4, 6] as const).some((family) => {
    const to = endpoints.addresses[family];
    const from = subnet.ranges[family] ?? subnet.network?.ranges[family] ?? EVERYWHERE[family];
    if (isEmpty(to) || isEmpty(from)) return false;
    let open: Ranges = ALL_PORTS;
    const narrow = (ports: Ranges) => (open = intersect(open, ports));
    const isCallerKnown = workload?.groups.unknown === undefined;
    if (groups.length > 0 && isCallerKnown) narrow(groupPorts(groups, 'egress', family, to, endpoints.groupsKnown ? endpoints.groups : undefined));
    if (endpoints.groupsKnown) narrow(groupPorts(endpoints.groups, 'ingress', family, from, isCallerKnown ? groups : undefined));
    // Inside of one subnet no ACL is passed.
    if (!interfaces.includes(subnet)) {
      narrow(aclPorts(subnet.acls, 'egress', family, to));
      if (interfaces.length > 0) narrow(unionOf(interfaces.map(({ acls }) => aclPorts(acls, 'ingress', family, from))));
    }
    return !isEmpty(open);
  });
}

/** Tcp ports that some of the groups opens to, or for, the addresses or groups of the other side; undefined: any group. */
function groupPorts(groups: readonly AwsGroup[], direction: AwsGroupRule['direction'], family: Family, others: Ranges, peers: readonly AwsGroup[] | undefined): Ranges {
  const names = peers && new Set(peers.map(({ address }) => address));
  return rangesOf(groups.flatMap(({ rules }) => rules.filter((rule) => rule.direction === direction).flatMap((rule) => {
    const isOther = rule.unknown !== undefined || rule.groupsUnknown === true || rule.groups.some((group) => !names || names.has(group));
    if (isOther) return tcpPorts(ruleTraffic(4, rule.protocol, rule.fromPort, rule.toPort, EVERYWHERE[4]));
    return tcpPorts(namedTraffic(rule, family, others));
  })));
}

/** Tcp ports that some of the ACLs, which the subnet may have, opens to or for some of the addresses. */
function aclPorts(acls: readonly AwsAcl[], direction: 'ingress' | 'egress', family: Family, others: Ranges): Ranges {
  return acls.length === 0 ? ALL_PORTS : unionOf(acls.map((acl) => portsThrough(acl, direction, family, others)));
}

const kept = new WeakMap<AwsAcl, Map<string, Ranges>>();

function portsThrough(acl: AwsAcl, direction: 'ingress' | 'egress', family: Family, others: Ranges): Ranges {
  if (acl.implicit || (acl.resource && isSet(acl.resource, direction) && acl.resource.unknownAt(direction) !== undefined)) return ALL_PORTS;
  let byQuestion = kept.get(acl);
  if (!byQuestion) kept.set(acl, (byQuestion = new Map()));
  const key = `${direction} ${family} ${others.join(';')}`;
  let ports = byQuestion.get(key);
  if (!ports) byQuestion.set(key, (ports = passed(acl, direction, family, others)));
  return ports;
}

/** The first entry that matches decides; one that is not known denies nothing and may allow. */
function passed(acl: AwsAcl, direction: 'ingress' | 'egress', family: Family, others: Ranges): Ranges {
  let left = traffic(family, [{ protocol: 'tcp', ports: ALL_PORTS, destinations: others }]);
  const open: Ranges[] = [];
  for (const entry of acl.entries) {
    if (entry.direction !== direction || left.boxes.length === 0) continue;
    const matched = both(left, entryTraffic(entry, family));
    if (entry.action === 'allow') open.push(tcpPorts(matched));
    if (entry.unknown === undefined) left = except(left, decidedBy(entry, matched));
  }
  return unionOf(open);
}

function tcpPorts({ boxes }: Traffic): Ranges {
  return rangesOf(boxes.filter(({ protocol, destinations }) => protocol === 'tcp' && !isEmpty(destinations)).flatMap(({ ports }) => ports));
}
