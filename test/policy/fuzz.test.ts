import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { formatProblems } from '../../blueprints/policy/problems';
import { parseLock } from '../../blueprints/policy/slots';
import { load, REST, withRules } from './policies';

const KEYS = [
  'organization', 'allow', 'segments', 'environments', 'privateServices', 'state', 'host', 'from', 'ports', 'protocol', 'addresses', 'clouds',
  'owner', 'reason', 'expires', 'wildcard', 'name', 'tier', 'accepts', 'aws', 'google', 'azure', 'region', 'zones', 'cidr', 'account', 'project',
  'subscription', 's3', '__proto__', 'constructor', '', '<<',
];
const WORDS = ['acme', 'app', 'data', 'private', 'public', 'internet', 'tcp', 'tls', '*.com', '*.acme.com', 'a.acme.com', '10.0.0.0/16', '2031-01-01', 'us-east-1', 'aws', '443', '80-90', '\u001b[31m'];

const leaf = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary' }), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, leaf, fc.array(tie('tree'), { maxLength: 4 }), fc.dictionary(fc.constantFrom(...KEYS), tie('tree'), { maxKeys: 6 })),
}));

/** Valid or not, a result is a result; and what it says can be printed. */
function hold(text: string): void {
  const result = load(text);
  const said = [...result.warnings, ...(result.ok ? [] : result.problems)];
  if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
  for (const { line, column, code } of said) {
    expect(line).toBeGreaterThan(0);
    expect(column).toBeGreaterThan(0);
    expect(code).toMatch(/^[a-z0-9-]+$/);
  }
  expect(formatProblems(said).join('\n').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  const broken = said.filter(({ code }) => /^yaml-(syntax|indent|tab|space|key)$/.test(code));
  if (broken.length > 0) expect(said.filter(({ code }) => code !== 'yaml-tag')).toEqual(broken.slice(0, 1));
}

const EXAMPLE = readFileSync('test/fixtures/policies/example.yaml', 'utf8');

// Every run tries the same texts.
fc.configureGlobal({ seed: 20301126 });

describe('whatever is in the file', () => {
  it('a policy that somebody cut, or typed into', () => {
    const typed = fc.constantFrom(' ', '\t', '\n', '-', ': ', ':', '[', ']', '{', '}', '"', "'", '#', '&', '*', '|', '>', '%', '@', '\r', '\u00a0', '0');
    fc.assert(
      fc.property(fc.nat(EXAMPLE.length), fc.nat(3), typed, (at, gone, text) => hold(EXAMPLE.slice(0, at) + text + EXAMPLE.slice(at + gone))),
      { numRuns: 150 },
    );
  });

  it('any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', size: 'medium' }), hold), { numRuns: 300 });
  });

  it('any text that looks like YAML', () => {
    const token = fc.constantFrom(...KEYS, ...WORDS, ': ', '\n', '\n  ', '- ', '[', ']', '{', '}', ',', '"', "'", '&a ', '*a', '!!x ', '|', '>', '#', '---\n', '\t', '? ', '%YAML 1.1\n');
    fc.assert(fc.property(fc.array(token, { maxLength: 60 }), (tokens) => hold(tokens.join(''))), { numRuns: 1000 });
  });

  it('any tree', () => {
    fc.assert(fc.property(tree, (value) => hold(stringify(value) ?? '')), { numRuns: 1000 });
  });

  it('any tree in the place of any part of a policy', () => {
    fc.assert(
      fc.property(fc.constantFrom('allow', 'segments', 'environments', 'privateServices', 'state'), tree, (part, value) => {
        hold(`organization: acme\n${part === 'segments' || part === 'environments' ? '' : REST.trimStart()}${stringify({ [part]: value })}`);
      }),
      { numRuns: 1000 },
    );
  });

  it('any tree as a field of a rule, a segment, an environment', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KEYS.slice(6)), tree, (key, value) => {
        const field = `${JSON.stringify(key)}: ${JSON.stringify(value) ?? 'null'}`;
        hold(withRules(`{ ${field}, host: a.acme.com, from: [app], owner: x }`));
        hold(`organization: acme\nsegments:\n  - { ${field}, accepts: [{ ${field}, from: app }] }\nenvironments:\n  - { aws: { ${field} }, azure: { ${field}, cidr: 10.0.0.0/16 } }\n`);
      }),
      { numRuns: 500 },
    );
  });

  it('any lock', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), tree.map((value) => JSON.stringify(value) ?? '')), (text) => typeof parseLock(text, 'x').ok === 'boolean'), { numRuns: 500 });
  });
});
