/** Calico's selectors are expressions: `role == 'api' && (has(tier) || team in {'a', 'b'})`. */
import { isGivenLater, type Labels } from './labels';

/** Undefined: by labels that somebody else gives. */
type Test = (labels: Labels) => boolean | undefined;

/**
 * What an expression asks of labels; undefined for one that cannot be read.
 * https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy#selectors
 */
export function calicoTest(text: string): Test | undefined {
  let test = known.get(text);
  if (!test) known.set(text, (test = parse(text)));
  return test.holds;
}

/** Labels without which it never holds: those that a conjunction compares. */
export function calicoEqualities(text: string): Labels {
  return calicoTest(text) ? (known.get(text) as Parsed).equal : {};
}

/** Whether it holds for whatever there is. */
export function isEverything(text: string | undefined): boolean {
  return text === undefined || /^(all\s*\(\s*\))?$/.test(text.trim());
}

interface Parsed {
  readonly holds: Test | undefined;
  readonly equal: Labels;
}

const known = new Map<string, Parsed>();

const TOKEN = /\s*(?:(&&|\|\||==|!=|[!(){},])|'([^']*)'|"([^"]*)"|([A-Za-z0-9_./-]+))/y;

interface Token {
  readonly kind: 'sign' | 'text' | 'word';
  readonly value: string;
}

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const [found, sign, single, double, word] = TOKEN.exec(text) ?? [];
    if (found === undefined) return undefined;
    tokens.push(sign !== undefined ? { kind: 'sign', value: sign } : word !== undefined ? { kind: 'word', value: word } : { kind: 'text', value: single ?? double ?? '' });
  }
  return tokens;
}

function parse(text: string): Parsed {
  const tokens = tokensOf(text);
  if (!tokens) return { holds: undefined, equal: {} };
  const parser = new Parser(tokens);
  try {
    const { holds, equal } = parser.either();
    return parser.isDone ? { holds, equal } : { holds: undefined, equal: {} };
  } catch (error) {
    if (error instanceof SyntaxError) return { holds: undefined, equal: {} };
    throw error;
  }
}

interface Node {
  readonly holds: Test;
  readonly equal: Labels;
}

function either(a: boolean | undefined, b: boolean | undefined): boolean | undefined {
  return a === true || b === true ? true : a === undefined || b === undefined ? undefined : false;
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** From the loosest operator to the tightest: `||`, `&&`, `!`, a comparison. */
class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get isDone(): boolean {
    return this.at === this.tokens.length;
  }

  either(): Node {
    let left = this.both();
    while (this.takes('||')) {
      const [a, b] = [left.holds, this.both().holds];
      left = { holds: (labels) => either(a(labels), b(labels)), equal: {} };
    }
    return left;
  }

  private both(): Node {
    let left = this.negated();
    while (this.takes('&&')) {
      const [a, b] = [left, this.negated()];
      left = { holds: (labels) => not(either(not(a.holds(labels)), not(b.holds(labels)))), equal: { ...a.equal, ...b.equal } };
    }
    return left;
  }

  private negated(): Node {
    if (!this.takes('!')) return this.single();
    const { holds } = this.negated();
    return { holds: (labels) => not(holds(labels)), equal: {} };
  }

  private single(): Node {
    if (this.takes('(')) {
      const inside = this.either();
      this.expect(')');
      return inside;
    }
    const word = this.take('word');
    if (['all', 'global', 'has'].includes(word) && this.takes('(')) return this.called(word);
    return this.compared(word);
  }

  private called(name: string): Node {
    const key = name === 'has' ? this.take('word') : '';
    this.expect(')');
    // Nothing that has a namespace is global.
    return { holds: name === 'has' ? (labels) => (isGivenLater(key, labels) ? undefined : labels[key] !== undefined) : () => name === 'all', equal: {} };
  }

  private compared(key: string): Node {
    const test = (holds: (value: string | undefined) => boolean, equal: Labels = {}): Node => ({ holds: (labels) => (isGivenLater(key, labels) ? undefined : holds(labels[key])), equal });
    if (this.takes('==')) {
      const wanted = this.take('text');
      return test((value) => value === wanted, { [key]: wanted });
    }
    if (this.takes('!=')) {
      const unwanted = this.take('text');
      return test((value) => value !== unwanted);
    }
    const operator = this.take('word');
    if (operator === 'in') {
      const set = this.set();
      return test((value) => value !== undefined && set.has(value));
    }
    const second = operator === 'contains' ? '' : this.take('word');
    if (operator === 'not' && second === 'in') {
      const set = this.set();
      return test((value) => value === undefined || !set.has(value));
    }
    const part = this.take('text');
    if (operator === 'contains') return test((value) => value?.includes(part) ?? false);
    if (operator === 'starts' && second === 'with') return test((value) => value?.startsWith(part) ?? false);
    if (operator === 'ends' && second === 'with') return test((value) => value?.endsWith(part) ?? false);
    throw new SyntaxError(`no operator: ${operator}`);
  }

  private set(): ReadonlySet<string> {
    this.expect('{');
    const values = new Set<string>();
    while (!this.takes('}')) {
      values.add(this.take('text'));
      if (!this.takes(',')) {
        this.expect('}');
        break;
      }
    }
    return values;
  }

  private takes(sign: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== 'sign' || token.value !== sign) return false;
    this.at += 1;
    return true;
  }

  private expect(sign: string): void {
    if (!this.takes(sign)) throw new SyntaxError(`no ${sign}`);
  }

  private take(kind: Token['kind']): string {
    const token = this.tokens[this.at];
    if (token?.kind !== kind) throw new SyntaxError(`no ${kind}`);
    this.at += 1;
    return token.value;
  }
}
