/**
 * Outbound endpoints of the resolver: they send DNS queries to the servers that rules name, and
 * nothing else.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-outbound-queries.html
 */
import { EVERYWHERE, type Family } from '../addresses';
import { rangesOf, type Ranges } from '../ranges';
import { ports, traffic, type Traffic } from '../traffic';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { rangesIn } from './prefix-lists';
import { isSet, numberAt, textAt } from './read';

const ATTRIBUTE = { 4: 'ip', 6: 'ipv6' } as const;

/** Undefined for whatever may send more than queries. */
export function queriesOf(graph: ResourceGraph, resource: Resource): Readonly<Record<Family, Traffic>> | undefined {
  if (resource.type !== 'aws_route53_resolver_endpoint') return undefined;
  const rules = graph.referrers(resource, ['aws_route53_resolver_rule']).filter(({ path }) => path[0] === 'resolver_endpoint_id').map((referrer) => referrer.resource);
  // Rules of other plans may name any server; and those that delegate, any that a zone does:
  // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/outbound-delegation-tutorial.html
  const isOpen = rules.length === 0 || rules.some((rule) => textAt(rule, 'rule_type') === 'DELEGATE') || rules.some((rule) => isSet(rule, 'target_ip') && rule.unknownAt('target_ip') !== undefined);
  const of = (family: Family): Traffic => traffic(family, isOpen ? both(ports(53), EVERYWHERE[family]) : rules.flatMap((rule) => rule.elements('target_ip').flatMap((path) => {
    const at = [...path, ATTRIBUTE[family]];
    if (!isSet(rule, at)) return [];
    const port = numberAt(rule, [...path, 'port']);
    const ip = textAt(rule, at);
    const isHidden = isSet(rule, [...path, 'port']) && port === undefined;
    const usual = textAt(rule, [...path, 'protocol']) === 'DoH' ? 443 : 53;
    return both(isHidden ? rangesOf([[0n, 65535n]]) : ports(port ?? usual), ip === undefined ? EVERYWHERE[family] : rangesIn([ip], family));
  })));
  return { 4: of(4), 6: of(6) };
}

function both(range: Ranges, destinations: Ranges): Traffic['boxes'] {
  return (['tcp', 'udp'] as const).map((protocol) => ({ protocol, ports: range, destinations }));
}
