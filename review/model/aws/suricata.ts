/**
 * Suricata signatures as Network Firewall takes them, one per line.
 * https://docs.suricata.io/en/suricata-7.0.8/rules/intro.html
 */

export interface SignatureOption {
  readonly name: string;
  /** Without the quotes around the whole of it; a leading `!` stays. */
  readonly value?: string;
}

export interface Signature {
  readonly action: 'pass' | 'drop' | 'reject' | 'alert' | 'other';
  readonly protocol: string;
  readonly source: string;
  readonly sourcePorts: string;
  /** True for `<>`. */
  readonly bidirectional: boolean;
  readonly destination: string;
  readonly destinationPorts: string;
  readonly options: readonly SignatureOption[];
  readonly text: string;
}

/** The signatures of a rules text, and the lines that are none. */
export interface Signatures {
  readonly signatures: readonly Signature[];
  readonly unread: readonly string[];
}

/** Of a trimmed line. No two parts of it can take the same characters: a long line in a plan must not take long. */
const HEADER = /^(\w+)\s+([\w.-]+)\s+(\[[^\]]*\](?:\S*)|!\[[^\]]*\]|\S+)\s+(\[[^\]]*\]|!\[[^\]]*\]|\S+)\s+(->|<>|<-)\s+(\[[^\]]*\](?:\S*)|!\[[^\]]*\]|\S+)\s+(\[[^\]]*\]|!\[[^\]]*\]|[^\s(]+)\s*\((.*)\)$/;

export function parseSignatures(text: string): Signatures {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const signatures: Signature[] = [];
  const unread: string[] = [];
  for (const line of lines) {
    const signature = parseSignature(line);
    if (signature) signatures.push(signature);
    else unread.push(line);
  }
  return { signatures, unread };
}

function parseSignature(text: string): Signature | undefined {
  const match = HEADER.exec(text);
  if (!match) return undefined;
  const [, action = '', protocol = '', left = '', leftPorts = '', arrow, right = '', rightPorts = '', options = ''] = match;
  const [source, sourcePorts, destination, destinationPorts] = arrow === '<-' ? [right, rightPorts, left, leftPorts] : [left, leftPorts, right, rightPorts];
  return {
    action: actionOf(action),
    protocol: protocol.toLowerCase(),
    source,
    sourcePorts,
    bidirectional: arrow === '<>',
    destination,
    destinationPorts,
    options: parseOptions(options),
    text,
  };
}

export function actionOf(text: string): Signature['action'] {
  const action = text.toLowerCase();
  if (action.startsWith('reject')) return 'reject';
  return action === 'pass' || action === 'drop' || action === 'alert' ? action : 'other';
}

/** `name:value; name; …`; a semicolon inside of quotes, or escaped, ends nothing. */
function parseOptions(text: string): readonly SignatureOption[] {
  const options: SignatureOption[] = [];
  let part = '';
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index] as string;
    if (letter === '\\') {
      part += letter + (text[index + 1] ?? '');
      index += 1;
    } else if (letter === ';' && !quoted) {
      if (part.trim() !== '') options.push(parseOption(part.trim()));
      part = '';
    } else {
      if (letter === '"') quoted = !quoted;
      part += letter;
    }
  }
  if (part.trim() !== '') options.push(parseOption(part.trim()));
  return options;
}

export function parseOption(text: string): SignatureOption {
  const colon = text.indexOf(':');
  if (colon < 0) return { name: text.toLowerCase() };
  const value = text.slice(colon + 1).trim();
  return { name: text.slice(0, colon).trim().toLowerCase(), value: value.replace(/^(!?)\s*"([\s\S]*)"$/, '$1$2') };
}

export function optionOf(signature: Signature, name: string): string | undefined {
  return signature.options.find((option) => option.name === name)?.value;
}

export function hasOption(signature: Signature, name: string): boolean {
  return signature.options.some((option) => option.name === name);
}

/** The words of `flow:to_server,established`. */
export function flowOf(signature: Signature): readonly string[] {
  return signature.options.filter(({ name }) => name === 'flow').flatMap(({ value = '' }) => value.split(',').map((word) => word.trim().toLowerCase()));
}
