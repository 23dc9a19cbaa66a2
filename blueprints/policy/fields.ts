/** The kinds of field that `schema.ts` is made of: a zod type, a check with a code and a fix, words for editors. */
import * as z from 'zod';
import { parseBlock } from './cidr';
import { isDate } from './dates';
import { parseHostPattern } from './host-pattern';
import { REGION, type NameGrammar } from './names';
import { parsePort } from './ports';
import { isPrintable, type Finding } from './problems';

/** The longest owner or reason; reports have to fit them on a line. */
const LONGEST_PROSE = 200;

/** Text with a check of its own. The shape is JSON Schema for editors; the check says it better. */
export function text(description: string, check: (value: string) => Finding | undefined, shape: Readonly<Record<string, unknown>> = {}) {
  return z
    .string()
    .check((context) => {
      const finding = check(context.value);
      if (finding) context.issues.push(asIssue(finding, context.value));
    })
    .meta({ description, ...shape });
}

/** A value of several types, with a check of its own and the JSON Schema that editors see. */
export function mixed<T>(description: string, check: (value: unknown) => Finding | undefined, shape: Record<string, unknown>) {
  return z
    .custom<T>()
    .check((context) => {
      const finding = check(context.value);
      if (finding) context.issues.push(asIssue(finding, context.value));
    })
    .meta({ description, ...shape });
}

function asIssue({ code, message, fix }: Finding, input: unknown): z.core.$ZodRawIssue {
  return { code: 'custom', input, message, params: { code, fix } };
}

/** Text that has to look like something, with an example. */
export function formatted(description: string, pattern: RegExp, what: string, example: string) {
  return text(
    `${description} Example: ${example}`,
    (value) => (pattern.test(value) ? undefined : { code: 'bad-format', message: `is not ${what}`, fix: `write it like '${example}'` }),
    { pattern: pattern.source },
  );
}

/** A name by one of the grammars. */
export function named(description: string, grammar: NameGrammar) {
  return text(
    `${description} ${grammar.words}.`,
    (value) => {
      if (grammar.pattern.test(value) && value.length <= grammar.longest) return undefined;
      const instead = value.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '').slice(0, grammar.longest).replace(/-+$/, '');
      return { code: 'bad-name', message: `is not a name of ${grammar.words}`, fix: instead ? `write '${instead}'` : 'choose another name' };
    },
    { pattern: grammar.pattern.source, maxLength: grammar.longest },
  );
}

/** A sentence for people: not empty, printable, one line. */
export function prose(description: string) {
  return text(description, (value) => {
    if (value.trim() === '') return { code: 'empty-text', message: 'is empty', fix: 'say it in a few words; reviewers read it' };
    if (!isPrintable(value)) return {
      code: 'unprintable-text',
      message: 'holds a line break or a character that cannot be seen',
      fix: 'write one line of plain text',
    };
    if (value.length > LONGEST_PROSE) return {
      code: 'long-text',
      message: `has ${value.length} characters`,
      fix: `say it in at most ${LONGEST_PROSE}`,
    };
    return undefined;
  }, { minLength: 1, maxLength: LONGEST_PROSE });
}

/** `api.stripe.com` or `"*.docker.io"`. */
export function hostField(description: string) {
  return text(description, (value) => {
    const host = parseHostPattern(value);
    return host.ok ? undefined : host.problem;
  });
}

/** `YYYY-MM-DD`. */
export function dateField(description: string) {
  return text(
    description,
    (value) => (isDate(value) ? undefined : { code: 'bad-date', message: 'is not a date', fix: "write it as YYYY-MM-DD, such as '2031-06-30'" }),
    { pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
  );
}

/** An IPv4 block. */
export function blockField(description: string, single = false) {
  return text(description, (value) => {
    const block = parseBlock(value, single);
    return block.ok ? undefined : block.problem;
  });
}

/** An IPv4 address, without a prefix. */
export function addressField(description: string) {
  const isAddress = (value: string) => !value.includes('/') && parseBlock(value, true).ok;
  return text(description, (value) => (isAddress(value) ? undefined : { code: 'bad-format', message: 'is not an IPv4 address', fix: "write it like '10.30.0.9'" }), { pattern: '^\\d{1,3}(\\.\\d{1,3}){3}$' });
}

/** A port, or with `ranges` a range of ports. */
export function portField(description: string, ranges: boolean) {
  const check = (value: unknown): Finding | undefined => {
    const port = parsePort(value);
    if (!port.ok) return port.problem;
    if (ranges || typeof value === 'number') return undefined;
    return port.range.from === port.range.to
      ? { code: 'port-syntax', message: 'is text, not a port', fix: 'write the number without quotes' }
      : { code: 'port-syntax', message: 'is a range, which a host cannot have', fix: 'list the ports one by one' };
  };
  const number = { type: 'integer', minimum: 1, maximum: 65535 };
  return mixed<number | string>(description, check, ranges ? { anyOf: [number, { type: 'string', pattern: '^\\d{1,5}-\\d{1,5}$' }] } : number);
}

/** A whole number between two others, both included. */
export function wholeNumber(description: string, least: number, most: number) {
  return mixed<number>(
    description,
    (value): Finding | undefined => (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? undefined : {
      code: 'bad-number',
      message: `is not a whole number from ${least} to ${most}`,
      fix: `write a number from ${least} to ${most}, without quotes`,
    }),
    { type: 'integer', minimum: least, maximum: most },
  );
}

/** A list with at least one entry. */
export const filled = <T extends z.ZodType>(item: T, description: string) => z.array(item).min(1).meta({ description });

/** A region of a cloud. */
export const regionField = (cloud: keyof typeof REGION) =>
  text(
    `The ${cloud} region. Example: ${REGION[cloud].example}`,
    (value): Finding | undefined => (REGION[cloud].pattern.test(value) ? undefined : { code: 'bad-format', message: `is not a region of ${cloud}`, fix: regionOfZone(cloud, value) ?? `write it like '${REGION[cloud].example}'` }),
    { pattern: REGION[cloud].pattern.source },
  );

/** Whoever writes a zone (`us-east-1a`, `europe-west1-b`) means its region. */
function regionOfZone(cloud: keyof typeof REGION, value: string): string | undefined {
  const region = value.replace(/-?[a-z]$/, '');
  return region !== value && REGION[cloud].pattern.test(region) ? `write the region, '${region}', and not one of its zones` : undefined;
}

/** The block that an environment's whole network is cut from. */
export const networkBlock = (limits: string) =>
  blockField(`The whole network's private IPv4 block, ${limits}. No two environments may overlap. Example: 10.20.0.0/16`);
