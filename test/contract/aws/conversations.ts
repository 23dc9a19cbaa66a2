/**
 * What a firewall policy makes of one conversation, packet by packet: signatures in strict order, first verdict wins.
 *
 * Reads the rule text as Suricata does, as far as it is used; an option that it does not know is an error, never a guess.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
 */
import { cidr, referent, resources, type Resource } from './resources';
import type { SynthesizedStack } from '../observation';

/** What a client does once it is connected. */
export type Speech = { readonly kind: 'tls' | 'http'; readonly name: string } | { readonly kind: 'raw' };

/** One conversation with somebody outside. */
export interface Conversation {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
  readonly speech: Speech;
}

type Matcher = (packet: Packet) => boolean;

interface Signature {
  readonly action: string;
  readonly matches: Matcher;
  readonly sets: readonly string[];
}

/** One packet of a conversation, as the engine sees it. */
interface Packet extends Conversation {
  readonly toServer: boolean;
  readonly flags: 'S' | 'A';
  readonly app: 'tls' | 'http' | undefined;
  readonly clientBytes: number;
  readonly serverBytes: number;
  readonly bits: Set<string>;
}

/** Says whether a conversation gets through: its handshake, what the client says, and what the server answers. */
export type Firewall = (conversation: Conversation) => boolean;

/** The firewall of a stack; undefined where there is none. */
export function readPolicy(stack: SynthesizedStack): Firewall | undefined {
  const [firewall] = resources(stack, 'aws_networkfirewall_firewall');
  if (!firewall) return undefined;
  const policy = resources(stack, 'aws_networkfirewall_firewall_policy').find(({ address }) => address === referent(firewall.body.firewall_policy_arn))!.body.firewall_policy;
  const home: readonly string[] = policy.policy_variables.rule_variables.find(({ key }: any) => key === 'HOME_NET').ip_set.definition;
  const groups = [...policy.stateful_rule_group_reference]
    .sort((a: any, b: any) => a.priority - b.priority)
    .map((reference: any) => resources(stack, 'aws_networkfirewall_rule_group').find(({ address }) => address === referent(reference.resource_arn))!);
  const signatures = groups.flatMap((group) => signaturesOf(group, home));
  const drops = new Set<string>(policy.stateful_default_actions);
  return (conversation) => passes(signatures, drops, conversation);
}

function passes(signatures: readonly Signature[], defaults: ReadonlySet<string>, conversation: Conversation): boolean {
  const bits = new Set<string>();
  const verdict = (packet: Omit<Packet, keyof Conversation | 'bits'>) => decide(signatures, { ...conversation, ...packet, bits });
  if (conversation.protocol !== 'tcp') return verdict({ toServer: true, flags: 'A', app: undefined, clientBytes: 100, serverBytes: 0 }) === 'pass';
  const { kind } = conversation.speech;
  // The default lets a handshake go on, and drops what a client says when nobody has passed it.
  const silent = (answer: string | undefined) => answer !== 'drop' && answer !== 'reject' && !defaults.has('aws:drop_strict');
  if (!silent(verdict({ toServer: true, flags: 'S', app: undefined, clientBytes: 0, serverBytes: 0 }))) return false;
  if (!silent(verdict({ toServer: false, flags: 'A', app: undefined, clientBytes: 0, serverBytes: 1 }))) return false;
  const app = kind === 'raw' ? undefined : kind;
  const said = verdict({ toServer: true, flags: 'A', app, clientBytes: kind === 'raw' ? 100_000 : 500, serverBytes: 1 });
  const isDropped = [...defaults].some((action) => action.startsWith('aws:drop_established'));
  if (said === undefined ? isDropped : said !== 'pass') return false;
  // A stream that was passed for its name is looked at no more; a rule by address holds for one direction.
  if (kind !== 'raw') return true;
  return silent(verdict({ toServer: false, flags: 'A', app: undefined, clientBytes: 100_000, serverBytes: 5_000 }));
}

function decide(signatures: readonly Signature[], packet: Packet): string | undefined {
  for (const { action, matches, sets } of signatures) {
    if (!matches(packet)) continue;
    sets.forEach((bit) => packet.bits.add(bit));
    if (action !== 'alert') return action;
  }
  return undefined;
}

function signaturesOf({ address, body }: Resource, home: readonly string[]): readonly Signature[] {
  const { rules_source: source, rule_variables: own } = body.rule_group;
  if (source.rules_source_list) return [listed(source.rules_source_list, own.ip_sets[0].ip_set.definition, home)];
  return source.rules_string.split('\n').filter(Boolean).map((line: string) => {
    const [, action, protocol, from, fromPort, to, toPort, options] = /^(\w+) (\w+) (\S+) (\S+) -> (\S+) (\S+) \((.*)\)$/.exec(line) ?? [];
    if (!options) throw new Error(`${address}: not understood: ${line}`);
    return signature(action!, protocol!, addresses(from!, home), ports(fromPort!), addresses(to!, home), ports(toPort!), optionsOf(options));
  });
}

/** AWS's own list: any port, the apex with what is below. */
function listed(list: any, inside: readonly string[], home: readonly string[]): Signature {
  const kind = list.target_types[0] === 'TLS_SNI' ? 'tls' : 'http';
  const targets: readonly string[] = list.targets;
  if (list.generated_rules_type !== 'ALLOWLIST' || list.target_types.length !== 1) throw new Error('a list of another kind');
  return {
    action: 'pass',
    sets: [],
    matches: ({ toServer, app, from, to, speech }) => toServer && app === kind && isIn(from, inside) && !isIn(to, home) && speech.kind !== 'raw'
      && targets.some((target) => (target.startsWith('.') ? speech.name === target.slice(1) || speech.name.endsWith(target) : speech.name === target)),
  };
}

function signature(action: string, protocol: string, from: Matcher2, fromPort: PortMatcher, to: Matcher2, toPort: PortMatcher, options: readonly (readonly [string, string])[]): Signature {
  const conditions: Matcher[] = [];
  const sets: string[] = [];
  let buffer: 'tls' | 'http' | undefined;
  let nocase = false;
  for (const [name, value] of options) {
    const content = conditionOf(name, value, options);
    if (name === 'tls.sni' || name === 'http.host') buffer = name === 'tls.sni' ? 'tls' : 'http';
    else if (name === 'nocase') nocase = true;
    else if (name === 'flowbits' && value.startsWith('set,')) sets.push(value.slice(4));
    else if (content) conditions.push(content);
  }
  if (buffer === 'http') conditions.push(({ app }) => app === 'http');
  if (buffer === 'tls' && !nocase) conditions.push(() => false);
  const forward: Matcher = (packet) => from(packet.from) && to(packet.to) && fromPort(50_000) && toPort(packet.port);
  const backward: Matcher = (packet) => from(packet.to) && to(packet.from) && fromPort(packet.port) && toPort(50_000);
  return {
    action,
    sets,
    matches: (packet) => speaks(protocol, packet) && (packet.toServer ? forward(packet) : backward(packet)) && conditions.every((holds) => holds(packet)),
  };
}

function speaks(protocol: string, packet: Packet): boolean {
  if (protocol === 'ip') return true;
  if (protocol === 'tcp' || protocol === 'udp' || protocol === 'icmp') return packet.protocol === protocol;
  return packet.app === protocol;
}

function conditionOf(name: string, value: string, options: readonly (readonly [string, string])[]): Matcher | undefined {
  const spoken = (packet: Packet) => (packet.speech.kind === 'raw' ? '' : packet.speech.name);
  switch (name) {
    case 'msg': case 'sid': case 'rev': case 'noalert': case 'startswith': case 'endswith': case 'nocase': case 'tls.sni': case 'http.host': case 'http.start': return name === 'http.start' ? ({ app }) => app === 'http' : undefined;
    case 'flow': return value.split(',').map((each): Matcher => (each === 'to_server' ? ({ toServer }) => toServer : each === 'to_client' ? ({ toServer }) => !toServer : each === 'established' ? ({ flags, protocol }) => protocol === 'tcp' && flags === 'A' : each === 'not_established' ? ({ flags }) => flags === 'S' : never(name, value))).reduce(both);
    case 'flags': return value === 'S,CE' ? ({ flags }) => flags === 'S' : value === '!A' ? ({ flags }) => flags !== 'A' : value === '*FR' ? () => false : never(name, value);
    case 'dsize': return ({ clientBytes }) => clientBytes > 0;
    case 'content': {
      const text = value.slice(1, -1);
      const has = (option: string) => options.some(([each]) => each === option);
      if (!has('endswith')) return never(name, value);
      return has('startswith') ? (packet) => spoken(packet) === text : (packet) => spoken(packet).endsWith(text);
    }
    case 'bsize': return (packet) => spoken(packet).length > Number(value.slice(1));
    case 'pcre': {
      const [, not, pattern] = /^(!?)"\/(.*)\/"$/.exec(value) ?? never(name, value);
      const expression = new RegExp(pattern!);
      return (packet) => expression.test(spoken(packet)) !== (not === '!');
    }
    case 'app-layer-protocol': return value.startsWith('!') ? ({ app }) => app !== value.slice(1) : never(name, value);
    case 'ssl_state': return ({ app }) => app === 'tls';
    case 'stream_size': {
      const [side, , least] = value.split(',');
      return ({ clientBytes, serverBytes }) => (side === 'client' ? clientBytes : serverBytes) > Number(least);
    }
    case 'flowbits': {
      const [operation, bit] = value.split(',');
      return operation === 'isnotset' ? ({ bits }) => !bits.has(bit!) : operation === 'isset' ? ({ bits }) => bits.has(bit!) : undefined;
    }
    // Counts segments of the usual size.
    case 'flowint': {
      const [, operation, number] = value.split(',');
      return operation === '+' ? undefined : operation === '>' ? ({ clientBytes }) => Math.ceil(clientBytes / 1_460) > Number(number) : never(name, value);
    }
    case 'ip_proto': return value === '!6' ? ({ protocol }) => protocol !== 'tcp' : never(name, value);
    default: return never(name, value);
  }
}

function never(name: string, value: string): never {
  throw new Error(`an option that is not understood: ${name}:${value}`);
}

const both = (one: Matcher, other: Matcher): Matcher => (packet) => one(packet) && other(packet);

/** Options end with a semicolon; none of ours holds one in quotes. */
function optionsOf(text: string): readonly (readonly [string, string])[] {
  return text.split(';').map((each) => each.trim()).filter(Boolean).map((each) => {
    const colon = each.indexOf(':');
    return colon < 0 ? [each, ''] : [each.slice(0, colon), each.slice(colon + 1)];
  });
}

type Matcher2 = (address: string) => boolean;
type PortMatcher = (port: number) => boolean;

function addresses(text: string, home: readonly string[]): Matcher2 {
  if (text === 'any') return () => true;
  if (text === '$EXTERNAL_NET') return (address) => !isIn(address, home);
  if (text === '::/0') return () => false;
  const [not, list] = text.startsWith('!') ? [true, text.slice(1)] : [false, text];
  const blocks = list.replace(/^\[|\]$/g, '').split(',');
  if (blocks.some((block) => !/^[\d./]+$/.test(block))) throw new Error(`addresses that are not understood: ${text}`);
  return (address) => isIn(address, blocks) !== not;
}

function ports(text: string): PortMatcher {
  if (text === 'any') return () => true;
  const [not, list] = text.startsWith('!') ? [true, text.slice(1)] : [false, text];
  const numbers = new Set(list.replace(/^\[|\]$/g, '').split(',').map(Number));
  if ([...numbers].some(Number.isNaN)) throw new Error(`ports that are not understood: ${text}`);
  return (port) => numbers.has(port) !== not;
}

function isIn(address: string, blocks: readonly string[]): boolean {
  const { first } = cidr(address);
  return blocks.some((block) => cidr(block).first <= first && first <= cidr(block).last);
}
