/**
 * What a client sends past the stream that an engine follows: in its first packet, behind a SYN that nobody answers, behind a
 * FIN or a reset, and in no place of the stream. It is counted to no stream and belongs to no established connection, so that
 * neither `stream_size` nor a default action for established connections drops it.
 * https://docs.suricata.io/en/suricata-7.0.10/rules/flow-keywords.html
 */
import { flowOf, optionOf, type Signature } from './suricata';
import { isPlainBut } from './suricata-reach';

/** A SYN with data: clients repeat it without. Which packets before a handshake `flow` fits is not asked here: the flags say it. */
export function dropsFirstData(rule: Signature): boolean {
  return hasData(rule, 'flags') && /^!\+?A$/i.test(optionOf(rule, 'flags') ?? (flowOf(rule).length === 0 ? '!A' : ''));
}

/** What of it these rules let go on. Other drops see the rest, and a rule of any action may note what a drop asks for. */
export function pastTheStream(rules: readonly Signature[]): readonly string[] {
  const missing: string[] = [];
  const drops = rules.filter(({ action }) => action === 'drop' || action === 'reject');
  if (!drops.some((rule) => hasData(rule) && flowOf(rule).includes('not_established'))) missing.push('data before a connection');

  const ended = ['F', 'R'].map((flag) => noted(rules, (rule) => (isPlainBut(rule, 'flags', 'flowbits') && sees(rule, flag) ? wordsOf(rule, 'flowbits', 'set') : undefined)));
  const asksForEnd = (rule: Signature): boolean => {
    const bit = hasData(rule, 'flowbits') ? wordsOf(rule, 'flowbits', 'isset') : undefined;
    return bit !== undefined && ended.every((bits) => bits.has(bit));
  };
  if (!drops.some(asksForEnd)) missing.push('data after the end of a connection');

  const counted = noted(rules, (rule) => {
    const [counter, operation, step] = listOf(rule, 'flowint');
    return isPlainBut(rule, 'dsize', 'flowint') && isForward(rule) && operation === '+' && Number(step) > 0 ? counter : undefined;
  });
  const asksForCount = (rule: Signature): boolean => {
    const [counter = '', operation = '', least = ''] = listOf(rule, 'flowint');
    return hasData(rule, 'flowint') && operation.startsWith('>') && /^\d+$/.test(least) && counted.has(counter);
  };
  if (!drops.some(asksForCount)) missing.push('segments without end');
  return missing;
}

function noted(rules: readonly Signature[], nameOf: (rule: Signature) => string | undefined): ReadonlySet<string> {
  return new Set(rules.flatMap((rule) => nameOf(rule) ?? []));
}

/** A rule for every packet with data in it that a client sends, but for what the option says. */
function hasData(rule: Signature, ...options: readonly string[]): boolean {
  return rule.protocol === 'tcp' && optionOf(rule, 'dsize') === '>0' && isForward(rule) && isPlainBut(rule, 'dsize', ...options);
}

/** Of established connections alone is not enough: the engine has closed what ended. */
function isForward(rule: Signature): boolean {
  return !flowOf(rule).some((word) => word === 'to_client' || word === 'from_server' || word === 'established');
}

/** `*FR` fits where one of them is set, `+R` where at least this one is. https://docs.suricata.io/en/suricata-7.0.10/rules/header-keywords.html#flags */
function sees(rule: Signature, flag: string): boolean {
  const value = optionOf(rule, 'flags')?.toUpperCase() ?? '';
  return value.startsWith('*') ? value.includes(flag) : value === `+${flag}` || value === `${flag}+`;
}

/** Of two with one name both have to fit. */
function listOf(rule: Signature, name: string): readonly string[] {
  const [only, ...others] = rule.options.filter((option) => option.name === name);
  return others.length > 0 ? [] : (only?.value ?? '').split(',').map((word) => word.trim());
}

/** The name behind `set,`. */
function wordsOf(rule: Signature, name: string, operation: string): string | undefined {
  const [said, bit] = listOf(rule, name);
  return said === operation && bit !== '' ? bit : undefined;
}
