/** What a Network Firewall policy lets through, read from its rule strings alone. */
import { readDomainList } from './domain-lists';
import { referent, resources, within, type Resource } from './resources';
import { readInspection, unopened } from './tls-inspection';
import type { Fault, ObservationSubject, SynthesizedStack } from '../observation';

/** What one segment may reach through the firewall. */
export interface Grant {
  readonly segment: string;
  readonly protocol: 'tls' | 'http' | 'tcp';
  /** The canonical host pattern, or the CIDR. */
  readonly target: string;
  readonly ports: readonly number[];
  /** Let through by a list that names something else: nothing has to resolve it. */
  readonly implied?: boolean;
}

export interface FirewallReading {
  readonly grants: readonly Grant[];
  readonly faults: readonly Fault[];
}

export interface Rule {
  readonly action: string;
  readonly protocol: string;
  readonly source: readonly string[];
  readonly destination: string;
  readonly ports: string;
  readonly sourcePort: string;
  readonly options: string;
  readonly text: string;
}

export function readFirewall(stack: SynthesizedStack, subject: ObservationSubject): FirewallReading {
  const readings = resources(stack, 'aws_networkfirewall_firewall').map((firewall) => readOne(stack, subject, firewall));
  return { grants: readings.flatMap((reading) => reading.grants), faults: readings.flatMap((reading) => reading.faults) };
}

function readOne(stack: SynthesizedStack, subject: ObservationSubject, firewall: Resource): FirewallReading {
  const faults: Fault[] = [];
  const fault = (id: string, where: string, detail: string) => faults.push({ id, where, detail });

  for (const flag of ['delete_protection', 'subnet_change_protection', 'firewall_policy_change_protection']) {
    if (firewall.body[flag] !== true) fault('protection-off', firewall.address, `${flag} is not true`);
  }
  if (firewall.body.lifecycle?.prevent_destroy !== true) fault('protection-off', firewall.address, 'a destroy takes the rest of the network down before AWS refuses');
  const logging = resources(stack, 'aws_networkfirewall_logging_configuration').filter(({ body }) => referent(body.firewall_arn) === firewall.address);
  const logged = logging.flatMap(({ body }) => body.logging_configuration.log_destination_config.filter(arrives).map((config: any) => config.log_type));
  const inspections = resources(stack, 'aws_networkfirewall_tls_inspection_configuration');
  for (const type of ['ALERT', 'FLOW', ...(inspections.length > 0 ? ['TLS'] : [])]) {
    if (!logged.includes(type)) fault('firewall-logs-missing', firewall.address, `no ${type} log`);
  }

  const policy = resources(stack, 'aws_networkfirewall_firewall_policy').find(({ address }) => address === referent(firewall.body.firewall_policy_arn));
  if (!policy) {
    fault('policy-unassociated', firewall.address, 'the firewall names no policy of this stack');
    return { grants: [], faults };
  }
  const body = policy.body.firewall_policy;
  faults.push(...policyFaults(policy.address, body, subject));
  const opened = inspections.flatMap((inspection) => readInspection(inspection, body, subject, faults));

  const groups = (body.stateful_rule_group_reference ?? [])
    .slice()
    .sort((a: any, b: any) => a.priority - b.priority)
    .map((reference: any) => resources(stack, 'aws_networkfirewall_rule_group').find(({ address }) => address === referent(reference.resource_arn)));
  const rules: Rule[] = [];
  const listed: Grant[] = [];
  for (const group of groups) {
    const content = group?.body.rule_group;
    if (content?.stateful_rule_options?.rule_order !== 'STRICT_ORDER') fault('firewall-order-not-strict', group?.address ?? policy.address, 'the group is not in strict order');
    if (group?.body.lifecycle?.create_before_destroy !== true) fault('rule-group-replaced-in-place', group?.address ?? policy.address, 'replacing a group in use hangs');
    if (content?.rules_source?.rules_source_list) {
      const list = readDomainList(group, rules, subject);
      listed.push(...list.grants);
      faults.push(...list.faults);
      continue;
    }
    if (!content?.rules_source?.rules_string) {
      fault('wide-firewall-rule', group?.address ?? policy.address, 'a rule group that cannot be read');
      continue;
    }
    for (const text of content.rules_source.rules_string.split('\n').filter(Boolean)) {
      const rule = parse(text);
      if (rule) rules.push(rule);
      else fault('wide-firewall-rule', group.address, `not understood: ${text}`);
    }
  }
  const sids = rules.map((rule) => /sid:(\d+);/.exec(rule.options)?.[1]);
  if (new Set(sids).size !== sids.length) fault('duplicate-signature-id', policy.address, 'two signatures share an id');

  const { grants, faults: ruleFaults } = readRules(policy.address, rules, listed, opened.map(({ segment }) => segment), subject);
  return { grants, faults: [...faults, ...ruleFaults, ...unopened(policy.address, opened, grants, subject)] };
}

function policyFaults(where: string, body: any, subject: ObservationSubject): readonly Fault[] {
  const faults: Fault[] = [];
  const forward = JSON.stringify(['aws:forward_to_sfe']);
  for (const key of ['stateless_default_actions', 'stateless_fragment_default_actions']) {
    if (JSON.stringify(body[key]) !== forward) faults.push({ id: 'firewall-default-pass', where, detail: `${key} decides before the rules` });
  }
  if ((body.stateless_rule_group_reference ?? []).length > 0) faults.push({ id: 'firewall-default-pass', where, detail: 'stateless rules decide before the rules' });
  const engine = body.stateful_engine_options ?? {};
  if (engine.rule_order !== 'STRICT_ORDER') faults.push({ id: 'firewall-order-not-strict', where, detail: 'pass rules of other groups come first' });
  if (engine.stream_exception_policy !== 'DROP') faults.push({ id: 'firewall-stream-exception', where, detail: 'streams that the engine lost track of go on' });
  const actions: readonly string[] = body.stateful_default_actions ?? [];
  const drops = actions.filter((action) => /^aws:drop_(strict|established|established_app_layer|established_app_layer_to_server)$/.test(action));
  const alerts = actions.filter((action) => action.startsWith('aws:alert_'));
  if (drops.length !== 1) faults.push({ id: 'firewall-default-pass', where, detail: 'what matches no rule passes' });
  else if (alerts.length === 0) faults.push({ id: 'firewall-drop-silent', where, detail: 'the default drop leaves no record' });
  else if (alerts.some((alert) => alert.slice('aws:alert_'.length) !== drops[0]!.slice('aws:drop_'.length))) {
    faults.push({ id: 'firewall-default-mixed', where, detail: 'the api rejects a mix of families' });
  }
  const home = (body.policy_variables?.rule_variables ?? []).find((variable: any) => variable.key === 'HOME_NET')?.ip_set.definition ?? [];
  const inside = [subject.cidr, ...(subject.secondaryCidrs ?? [])];
  if (inside.some((own) => !home.some((block: string) => within(own, block))) || home.includes('0.0.0.0/0')) {
    faults.push({ id: 'home-net-missing', where, detail: 'HOME_NET does not say which side is inside' });
  }
  return faults;
}

const RULE = /^(alert|pass|drop|reject) (\w+) (\S+) (\S+) -> (\S+) (\S+) \((.*)\)$/;

function parse(text: string): Rule | undefined {
  const [, action, protocol, source, sourcePort, destination, ports, options] = RULE.exec(text) ?? [];
  if (!options) return undefined;
  return { action: action!, protocol: protocol!, source: items(source!), sourcePort: sourcePort!, destination: destination!, ports: ports!, options, text };
}

function items(list: string): readonly string[] {
  return list.replace(/^\[|\]$/g, '').split(',');
}

function readRules(where: string, rules: readonly Rule[], listed: readonly Grant[], opened: readonly string[], subject: ObservationSubject): FirewallReading {
  const faults: Fault[] = [];
  const grants: Grant[] = [...listed];
  const wide = (rule: Rule, detail: string) => faults.push({ id: 'wide-firewall-rule', where, detail: `${detail}: ${rule.text}` });
  const replies: Rule[] = [];

  rules.forEach((rule, position) => {
    if (rule.action !== 'pass') return;
    if (/flow:to_client;/.test(rule.options)) return void replies.push(rule);
    const segments = subject.segments.filter((segment) => segment.cidrs.some((block) => rule.source.includes(block)));
    const known = new Set(segments.flatMap((segment) => segment.cidrs));
    if (rule.source.some((block) => !known.has(block))) return void wide(rule, 'source that is no segment');
    if (!/(^| )flow:to_server;/.test(rule.options)) return void wide(rule, 'no direction, so the first packet decides for good');
    if (!/^(\d+|\[\d+(,\d+)*\])$/.test(rule.ports)) return void wide(rule, 'ports that are not listed');
    const targets = targetsOf(rule);
    if (!targets) return void wide(rule, 'destination that is not anchored');
    const twin = rules.slice(0, position).some((other) => other.action === 'alert' && signature(other) === signature(rule));
    if (!twin) faults.push({ id: 'allowed-traffic-unlogged', where, detail: rule.text });
    for (const segment of segments) {
      for (const target of targets) {
        grants.push({ segment: segment.name, protocol: rule.protocol as Grant['protocol'], target, ports: items(rule.ports).map(Number) });
      }
    }
  });
  for (const reply of replies) {
    const forward = rules.some((rule) => rule.action === 'pass' && rule.protocol === 'tcp' && rule.destination === reply.source.join() || rule.destination === `[${reply.source.join()}]`);
    if (!forward || reply.protocol !== 'tcp') wide(reply, 'replies to nothing that is allowed');
  }
  return { grants, faults: [...faults, ...floorFaults(where, rules, grants, opened, subject)] };
}

/** The key by which each kind of destination is named: https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_LogDestinationConfig.html */
const DESTINATIONS: Readonly<Record<string, string>> = { CloudWatchLogs: 'logGroup', S3: 'bucketName', KinesisDataFirehose: 'deliveryStream' };

function arrives({ log_destination_type: type, log_destination: destination }: any): boolean {
  const place = destination?.[DESTINATIONS[type] ?? ''];
  return typeof place === 'string' && place !== '' && !place.startsWith('arn:');
}

/** The host pattern or the CIDRs, when the rule holds for nothing else. */
function targetsOf(rule: Rule): readonly string[] | undefined {
  if (rule.protocol === 'tcp') {
    const blocks = items(rule.destination);
    return blocks.every((block) => /^\d+\.\d+\.\d+\.\d+\/([89]|[12]\d|3[0-2])$/.test(block)) ? blocks : undefined;
  }
  if (rule.protocol !== 'tls' && rule.protocol !== 'http') return undefined;
  const buffer = rule.protocol === 'tls' ? 'tls.sni' : 'http.host';
  const match = new RegExp(`(?:^| )${buffer}; content:"([a-z0-9._-]+)"; (.*)$`).exec(rule.options);
  if (!match || (rule.options.match(/content:/g) ?? []).length !== 1) return undefined;
  const [, content, modifiers] = match as unknown as [string, string, string];
  if (!/(^| )endswith;/.test(modifiers)) return undefined;
  if (content.startsWith('.')) {
    const least = Number(/bsize:>(\d+);/.exec(modifiers)?.[1] ?? 0);
    return least >= content.length && !/startswith/.test(modifiers) ? [`*${content}`] : undefined;
  }
  return /(^| )startswith;/.test(modifiers) ? [content] : undefined;
}

/** Header and match without number, text and the SYN filter that only the record needs. */
function signature(rule: Rule): string {
  const options = rule.options.replace(/(sid|rev):\d+;/g, '').replace(/msg:"[^"]*";/, '').replace(/flags:[^;]*;/, '').replace(/\s+/g, ' ').trim();
  return [rule.protocol, rule.source.join(), rule.destination, rule.ports, options].join(' ');
}

/** What no stream has: how it is dropped, and what has to note it before. */
const PAST_THE_STREAM: readonly (readonly [string, RegExp, RegExp?])[] = [
  ['data before a connection', /^msg:"[^"]*"; flow:to_server,not_established; dsize:>0; sid/],
  ['data after the end of a connection', /^msg:"[^"]*"; flow:to_server; flowbits:isset,egress\.ended; dsize:>0; sid/, /^msg:"[^"]*"; flags:\*FR; flowbits:set,egress\.ended; noalert; sid/],
  ['data in many segments', /^msg:"[^"]*"; flow:to_server; flowint:egress\.segments,>,\d+; dsize:>0; sid/, /^msg:"[^"]*"; flow:to_server; dsize:>0; flowint:egress\.segments,\+,1; noalert; sid/],
];

/** Everything that has to be dropped by name, segment by segment and for all. */
function floorFaults(where: string, rules: readonly Rule[], grants: readonly Grant[], opened: readonly string[], subject: ObservationSubject): readonly Fault[] {
  const missing = (detail: string): Fault => ({ id: 'firewall-floor-missing', where, detail });
  const drops = rules.filter((rule) => rule.action === 'drop');
  const everywhere = (protocol: string, option = '') => drops.some((rule) => rule.protocol === protocol && rule.source.join() === 'any'
    && rule.destination === 'any' && rule.ports === 'any' && rule.options.includes(option) && !/flow:|content:/.test(rule.options));
  const faults: Fault[] = [];
  if (!everywhere('udp')) faults.push(missing('udp is not dropped'));
  if (!everywhere('icmp')) faults.push(missing('icmp is not dropped'));
  if (!everywhere('ip', 'ip_proto:!6;')) faults.push(missing('other ip protocols are not dropped'));
  for (const segment of subject.segments) {
    const own = grants.filter((grant) => grant.segment === segment.name);
    if (own.length === 0) continue;
    const named = [...new Set(own.filter((grant) => grant.protocol !== 'tcp').flatMap((grant) => grant.ports))].sort((a, b) => a - b);
    const expected = named.length === 0 ? 'any' : named.length === 1 ? `!${named[0]}` : `![${named.join()}]`;
    const from = (rule: Rule) => segment.cidrs.every((block) => rule.source.includes(block)) && rule.destination === 'any' && rule.protocol === 'tcp';
    if (!drops.some((rule) => from(rule) && rule.ports === expected && bare(rule))) faults.push(missing(`${segment.name}: other ports are not dropped`));
    const spoken = drops.filter((rule) => from(rule) && /app-layer-protocol:!/.test(rule.options)).flatMap((rule) => items(rule.ports).map(Number));
    const unnamed = (protocol: string, option: string, ports: readonly number[]) => ports.every((port) => drops.some((rule) => rule.protocol === protocol
      && segment.cidrs.every((block) => rule.source.includes(block)) && items(rule.ports).map(Number).includes(port) && rule.options.includes(option)));
    const of = (protocol: Grant['protocol']) => own.filter((grant) => grant.protocol === protocol).flatMap((grant) => grant.ports);
    if (!unnamed('tls', 'ssl_state:client_hello;', of('tls'))) faults.push(missing(`${segment.name}: other server names are not dropped`));
    if (!unnamed('http', 'http.host; bsize:>0;', of('http'))) faults.push(missing(`${segment.name}: other http hosts are not dropped`));
    if (!unnamed('http', 'http.start; bsize:>0;', of('http'))) faults.push(missing(`${segment.name}: http without a host is not dropped`));
    if (!unnamed('http2', 'flow:to_server', of('http'))) faults.push(missing(`${segment.name}: http/2 without tls is not dropped`));
    if (opened.includes(segment.name)) {
      if (!unnamed('http', 'http.start; bsize:>0;', of('tls'))) faults.push(missing(`${segment.name}: http in tls is not dropped`));
      if (!unnamed('http2', 'flow:to_server', of('tls'))) faults.push(missing(`${segment.name}: http/2 in tls is not dropped`));
      const early = drops.find((rule) => from(rule) && /app-layer-protocol:!tls;/.test(rule.options) && !/!http;.*!http2;/.test(rule.options) && of('tls').some((port) => items(rule.ports).includes(String(port))));
      if (early) faults.push({ id: 'tls-inspected-traffic-dropped', where, detail: `${segment.name}: what is opened is no tls any more: ${early.text}` });
    }
    if (!unnamed('tcp', 'established; stream_size:client,>,', named)) faults.push(missing(`${segment.name}: streams without a name are not dropped`));
    if (!unnamed('tcp', 'flowbits:isnotset,egress.spoken; stream_size:client,>,', named)) faults.push(missing(`${segment.name}: speech of no protocol is not dropped`));
    const greeted = drops.filter((rule) => rule.protocol === 'tcp' && segment.cidrs.every((block) => items(rule.destination).includes(block)) && /flow:to_client,established; stream_size:server,>,1;/.test(rule.options));
    if (named.some((port) => !greeted.some((rule) => items(rule.sourcePort).map(Number).includes(port)))) faults.push(missing(`${segment.name}: servers that speak first are not dropped`));
    if (named.some((port) => !spoken.includes(port))) faults.push(missing(`${segment.name}: other protocols on an allowed port are not dropped`));
  }
  if (grants.length > 0 && !drops.some((rule) => rule.protocol === 'tcp' && rule.source[0]?.startsWith('!') && rule.ports === 'any' && bare(rule))) {
    faults.push(missing('connections from outside the segments are not dropped'));
  }
  if (!drops.some((rule) => rule.protocol === 'ip' && rule.source.join() === '::/0' && rule.destination === '::/0')) faults.push(missing('ipv6 is not dropped'));
  if (!drops.some((rule) => rule.protocol === 'tcp' && rule.source.join() === 'any' && rule.ports === 'any' && /flags:!A; dsize:>0;/.test(rule.options))) {
    faults.push(missing('data outside connections is not dropped'));
  }
  for (const [what, options, set] of PAST_THE_STREAM) {
    const held = (action: string, option: RegExp) => rules.some((rule) => rule.action === action && rule.protocol === 'tcp' && rule.source.join() === 'any' && rule.destination === 'any' && rule.ports === 'any' && option.test(rule.options));
    if (!held('drop', options) || (set && !held('alert', set))) faults.push(missing(`${what} is not dropped`));
  }
  return faults;
}

/** Holds for every packet that a client sends, whatever is in it. */
function bare(rule: Rule): boolean {
  return /^msg:"[^"]*"; flow:to_server; sid:\d+; rev:\d+;$/.test(rule.options);
}
