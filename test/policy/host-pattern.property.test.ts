import fc from 'fast-check';
import { canonicalHost } from '../../blueprints/policy/host-name';
import { covers, matches, parseHostPattern, wildcardsAbove } from '../../blueprints/policy/host-pattern';
import type { HostPattern } from '../../blueprints/policy/model';

// Few letters and labels, so that generated names are often related to one another.
const label = fc.stringMatching(/^[ab]{1,2}$/);
const below = fc.array(label, { maxLength: 3 });
const host = fc.tuple(below, fc.constantFrom('ex.com', 'notex.com', 'a.ex.com', 'ex.com.evil.net')).map(([labels, end]) => [...labels, end].join('.'));
const wild = fc.tuple(below, fc.constantFrom('ex.com', 'a.ex.com')).map(([labels, end]) => `*.${[...labels, end].join('.')}`);
const anyPattern = fc.oneof(host, wild).map(parsed);
const spelling = fc.array(fc.boolean(), { minLength: 64, maxLength: 64 });

function parsed(text: string): HostPattern {
  const result = parseHostPattern(text);
  if (!result.ok) throw new Error(`${text}: ${result.problem.code}`);
  return result.pattern;
}

function respell(text: string, upper: readonly boolean[], dot: boolean): string {
  return [...text].map((character, index) => (upper[index % upper.length] ? character.toUpperCase() : character)).join('') + (dot ? '.' : '');
}

/** Label by label, from the right: written without looking at the code that it is held against. */
function reference(written: string, name: string): boolean {
  const want = written.toLowerCase().split('.').reverse();
  const have = name.toLowerCase().replace(/\.$/, '').split('.').reverse();
  if (want.at(-1) !== '*') return want.length === have.length && want.every((each, index) => each === have[index]);
  const domain = want.slice(0, -1);
  return have.length > domain.length && domain.every((each, index) => each === have[index]);
}

const runs = { numRuns: 500 };

describe('matches', () => {
  it('agrees with a comparison label by label', () => {
    fc.assert(fc.property(anyPattern, host, (pattern, name) => matches(pattern, name) === reference(pattern.text, name)), runs);
  });

  it('does not depend on case or a trailing dot, of pattern or host', () => {
    fc.assert(
      fc.property(fc.oneof(host, wild), host, spelling, fc.boolean(), (text, name, upper, dot) => {
        const plain = matches(parsed(text), name);
        expect(matches(parsed(respell(text, upper, dot)), name)).toBe(plain);
        expect(matches(parsed(text), respell(name, upper, dot))).toBe(plain);
      }),
      runs,
    );
  });

  it('never matches the apex, a name glued to it, or the domain as a prefix of another', () => {
    fc.assert(
      fc.property(wild, label, (text, word) => {
        const pattern = parsed(text);
        const { domain } = pattern;
        expect(matches(pattern, domain)).toBe(false);
        expect(matches(pattern, `${word}${domain}`)).toBe(reference(text, `${word}${domain}`));
        expect(matches(pattern, `${domain}.evil.net`)).toBe(false);
        expect(matches(pattern, `${word}.${domain}.evil.net`)).toBe(false);
        expect(matches(pattern, `${word}.${domain}`)).toBe(true);
      }),
      runs,
    );
  });

  it('is false for whatever is no host, and never throws', () => {
    fc.assert(fc.property(anyPattern, fc.string({ unit: 'binary' }), (pattern, text) => typeof matches(pattern, text) === 'boolean'), runs);
  });
});

describe('covers', () => {
  it('means that whatever the one matches, the other matches', () => {
    fc.assert(
      fc.property(anyPattern, anyPattern, host, (one, other, name) => {
        if (covers(one, other) && matches(other, name)) expect(matches(one, name)).toBe(true);
      }),
      runs,
    );
  });

  it('is missed by no lookup among the wildcards above', () => {
    fc.assert(
      fc.property(wild.map(parsed), anyPattern, (one, other) => {
        expect(wildcardsAbove(other).includes(one.text) || one.text === other.text).toBe(covers(one, other));
      }),
      runs,
    );
  });
});

describe('normalisation', () => {
  it('is the same the second time', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), host, fc.domain()), (text) => canonicalHost(canonicalHost(text)) === canonicalHost(text)), runs);
  });

  it('of an accepted pattern is accepted and the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.string({ unit: 'grapheme' }), host, wild), (text) => {
        const first = parseHostPattern(text);
        if (first.ok) expect(parseHostPattern(first.pattern.text)).toMatchObject({ ok: true, pattern: first.pattern });
      }),
      runs,
    );
  });

  it('never throws, and says why in lower case with a way out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const result = parseHostPattern(text);
        if (!result.ok) {
          expect(result.problem.code).toMatch(/^host-[a-z-]+$/);
          expect(result.problem.message).toMatch(/^['a-z]/);
          expect(result.problem.fix).not.toBe('');
        }
      }),
      runs,
    );
  });
});
