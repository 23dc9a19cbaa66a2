/** Random small networks, and the stacks that make them. */
import fc from 'fast-check';
import { endpointIn, entry as aclEntry, line as groupLine, ref, soundStack, type Stack } from '../sound-stack';
import type { Entry, Line, Route, SmallNetwork, Stateless } from './packets';

export type Resources = Stack['resource'];

const often = <T>(value: T, other: fc.Arbitrary<T>, weight = 2): fc.Arbitrary<T> => fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: other });
const cidr = often('0.0.0.0/0', fc.constantFrom('0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/8', '8.8.8.0/24', '10.0.0.0/8'));
const ports = fc.constantFrom<readonly [number, number]>([443, 443], [0, 65535], [1, 52], [53, 65535]);
const protocol = often('-1', fc.constantFrom('tcp', '17', 'icmp', '47', '50'));

const bare = fc.record({ protocol, ports, cidr, icmpType: fc.constantFrom(-1, 0, 8) }).map(({ protocol: text, ports: own, icmpType, ...rest }) => ({
  protocol: text, ...rest, ...(text === 'tcp' || text === '17' ? { ports: own } : {}), ...(text === 'icmp' ? { icmpType } : {}),
}));
const acl = fc.array(fc.tuple(bare, often(true, fc.constant(false), 1)), { minLength: 1, maxLength: 4 }).map((all): readonly Entry[] => all.map(([each, allow], at) => ({ ...each, allow, number: 100 - at })));
const routes = fc.uniqueArray(fc.record<Route>({ cidr, target: fc.constantFrom('internet', 'nat', 'firewall', 'firewall', 'firewall', 'peering') }), { selector: (route) => route.cidr, minLength: 1, maxLength: 3 });
const address = often('any', fc.constantFrom('$HOME_NET', '$EXTERNAL_NET', '0.0.0.0/1', '!8.0.0.0/8', '!10.0.0.0/16'), 1);
const line = fc.record({ action: fc.constantFrom<Line['action']>('pass', 'drop', 'drop'), named: often(false, fc.constant(true)), protocol: fc.constantFrom('ip', 'ip', 'tcp', 'udp', 'icmp', 'ip4', 'ip6'), from: address, fromPort: often('any', fc.constantFrom('1024:', '!22')), to: address, port: often('any', fc.constantFrom('443', '!443', '1:1023'), 1), condition: often('', fc.constantFrom('ip_proto:!6; ', 'ip_proto:47; ', 'ip_proto:!6; ip_proto:!17; '), 1) })
  .map((each): Line => {
    const hasPorts = each.named || each.protocol === 'tcp' || each.protocol === 'udp';
    return { ...each, ...(each.named ? { action: 'pass', protocol: 'tls' } : {}), ...(hasPorts ? { condition: '' } : { fromPort: 'any', port: 'any' }), ...(each.protocol === 'icmp' ? { condition: '' } : {}) };
  });
const stateless = fc.record<Stateless>({ action: fc.constantFrom('pass', 'drop', 'forward_to_sfe'), protocols: fc.constantFrom([], [6], [17], [1], [58], [47], [50, 1]), to: fc.constantFrom([], ['0.0.0.0/0'], ['8.0.0.0/8']) });

export const part = {
  isPublic: fc.boolean(), rules: fc.array(bare, { minLength: 1, maxLength: 2 }), acl: fc.option(acl, { nil: undefined, freq: 2 }), routes, behindFirewall: often<SmallNetwork['behindFirewall']>('nat', fc.constant('internet'), 4),
  stateless: often<readonly Stateless[]>([], fc.array(stateless, { maxLength: 2 })), strict: often(true, fc.constant(false), 3), drops: often(true, fc.constant(false), 3), lines: fc.array(line, { minLength: 1, maxLength: 4 }),
};
const OPEN: SmallNetwork = { isPublic: true, rules: [{ protocol: '-1', cidr: '0.0.0.0/0' }], routes: [{ cidr: '0.0.0.0/0', target: 'internet' }], behindFirewall: 'nat', stateless: [], strict: true, drops: true, lines: [] };
const only = (random: fc.Arbitrary<Partial<SmallNetwork>>) => random.map((own): SmallNetwork => ({ ...OPEN, ...own }));
/** Random in one thing, so that it alone decides, or in everything. */
export const networks: fc.Arbitrary<SmallNetwork> = fc.oneof(
  fc.record(part), only(fc.record({ acl })), only(fc.record({ rules: part.rules, routes: part.routes })),
  ...[part.lines, part.lines].map((lines) => only(fc.record({ routes: fc.constant<readonly Route[]>([{ cidr: '0.0.0.0/0', target: 'firewall' }]), lines, strict: part.strict }))),
  only(fc.record({ routes: fc.constant<readonly Route[]>([{ cidr: '0.0.0.0/0', target: 'firewall' }]), stateless: fc.array(stateless, { minLength: 1, maxLength: 3 }) })),
);

const WAYS = { internet: { gateway_id: ref('aws_internet_gateway', 'main') }, nat: { nat_gateway_id: ref('aws_nat_gateway', 'main') }, firewall: { vpc_endpoint_id: endpointIn('us-east-1a') }, peering: { vpc_peering_connection_id: 'pcx-1' } } as const;

export function written({ isPublic, rules, acl: entries, routes: own, behindFirewall, stateless: quick, strict, drops, lines }: SmallNetwork): Stack {
  const stack = soundStack();
  const { resource } = stack;
  for (const type of Object.keys(resource)) if (/flow_log|route53|endpoint|logging|log_group/.test(type)) delete resource[type];
  resource.aws_security_group!.app!.egress = rules.map((rule) => groupLine({ protocol: rule.protocol, from_port: rule.icmpType ?? rule.ports?.[0] ?? 0, to_port: rule.icmpType === undefined ? rule.ports?.[1] ?? 0 : -1, cidr_blocks: [rule.cidr] }));
  resource.aws_network_acl = entries === undefined ? {} : { app: { vpc_id: ref('aws_vpc', 'main'), subnet_ids: [ref('aws_subnet', 'app')], egress: entries.map((each) => aclEntry({
    rule_no: each.number, action: each.allow ? 'allow' : 'deny', protocol: each.protocol, from_port: each.ports?.[0] ?? 0, to_port: each.ports?.[1] ?? 0, cidr_block: each.cidr, ...(each.icmpType === undefined ? {} : { icmp_type: each.icmpType, icmp_code: -1 }),
  })) } };
  delete resource.aws_default_network_acl;
  resource.aws_instance!.app!.associate_public_ip_address = isPublic;
  resource.aws_route_table!.app!.route = own.map(({ cidr: cidr_block, target }) => ({ cidr_block, ...WAYS[target] }));
  resource.aws_route_table!.firewall!.route = [{ cidr_block: '0.0.0.0/0', ...WAYS[behindFirewall] }];
  inspect(resource, quick, strict, drops, lines);
  return stack;
}

function inspect(resource: Resources, quick: readonly Stateless[], strict: boolean, drops: boolean, lines: readonly Line[]): void {
  const text = (each: Line, at: number) => `${each.action} ${each.protocol} ${each.from} ${each.fromPort} -> ${each.to} ${each.port} (${each.condition}${each.named ? 'tls.sni; content:"a.example.com"; startswith; endswith; ' : ''}sid:${at + 1};)`;
  const rule_group = { rules_source: { rules_string: lines.map(text).join('\n') }, ...(strict ? { stateful_rule_options: { rule_order: 'STRICT_ORDER' } } : {}) };
  const stateless_rule = quick.map(({ action, protocols, to }, at) => ({ priority: at + 1, rule_definition: { actions: [`aws:${action}`], match_attributes: { ...(protocols.length > 0 ? { protocols } : {}), ...(to.length > 0 ? { destination: to.map((address_definition) => ({ address_definition })) } : {}) } } }));
  resource.aws_networkfirewall_rule_group = {
    main: { name: 'main', type: 'STATEFUL', capacity: 100, rule_group },
    ...(quick.length > 0 ? { quick: { name: 'quick', type: 'STATELESS', capacity: 10, rule_group: { rules_source: { stateless_rules_and_custom_actions: { stateless_rule } } } } } : {}),
  };
  const policy = resource.aws_networkfirewall_firewall_policy!.main!.firewall_policy;
  policy.stateful_default_actions = strict && drops ? ['aws:drop_strict'] : [];
  if (!strict) delete policy.stateful_engine_options;
  if (quick.length > 0) policy.stateless_rule_group_reference = [{ priority: 1, resource_arn: ref('aws_networkfirewall_rule_group', 'quick', 'arn') }];
}
