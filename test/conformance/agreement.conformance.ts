/** The policy's own `matches` and the engine say the same of names that nobody thought of. */
import fc from 'fast-check';
import { allowSignatures, floorSignatures } from '../../blueprints/aws/firewall-rules';
import { shardRules } from '../../blueprints/aws/rule-shards';
import { matches } from '../../blueprints/policy/host-pattern';
import { allow } from '../blueprints/aws/policies';
import { get, http, tls } from './corpus/conversations';
import { capture, results } from './corpus/corpus';
import type { Case } from './corpus/case';
import type { Firewall } from './engine/firewall';
import { inspect } from './engine/run';
import { withSuricata } from './engine/with-suricata';

type Spoken = 'tls' | 'http';
interface Entry { readonly host: string; readonly protocol: Spoken }

const PROBES = 300;
const RUNS = 10;
const SOURCE = { name: 'payments', cidrs: ['10.20.16.0/24'] };
const PORT: Readonly<Record<Spoken, number>> = { tls: 443, http: 80 };

// Few and alike, so that names fall on, beside and inside each other.
const label = fc.constantFrom('a', 'b', 'aa', 'ab', 'api', 'x-y', 'xn--bcher-kva', '0', 'docker', 'com');
const domain = fc.tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.constantFrom('com', 'io', 'co.uk', 'a')).map(([labels, end]) => [...labels, end].join('.'));
const entry: fc.Arbitrary<Entry> = fc.record({
  host: fc.tuple(fc.boolean(), domain).map(([wildcard, name]) => (wildcard ? `*.${name}` : name)),
  protocol: fc.constantFrom<Spoken>('tls', 'http'),
});

/** What somebody would try who knows an allowed name. */
const twist: fc.Arbitrary<(name: string) => string> = fc.oneof(
  { weight: 4, arbitrary: fc.constant((name: string) => name) },
  { weight: 4, arbitrary: label.map((front) => (name: string) => `${front}.${name}`) },
  fc.tuple(label, label).map(([one, two]) => (name: string) => `${one}.${two}.${name}`),
  label.map((front) => (name: string) => `${front}${name}`),
  label.map((end) => (name: string) => `${name}.${end}`),
  label.map((end) => (name: string) => `${name}${end}`),
  fc.nat().map((seed) => (name: string) => [...name].map((letter, at) => ((seed >> (at % 16)) & 1 ? letter.toUpperCase() : letter)).join('')),
  fc.nat().map((at) => (name: string) => name.slice(0, at % name.length) + name.slice((at % name.length) + 1)),
  fc.tuple(fc.nat(), fc.constantFrom('.', '-', '_', 'a', '*', ' ', '\u00e9')).map(([at, odd]) => (name: string) => name.slice(0, at % (name.length + 1)) + odd + name.slice(at % (name.length + 1))),
  fc.tuple(fc.nat(), fc.constantFrom('-', 'a', '')).map(([at, instead]) => (name: string) => {
    const dots = [...name].flatMap((letter, place) => (letter === '.' ? [place] : []));
    const dot = dots[at % dots.length] ?? 0;
    return name.slice(0, dot) + instead + name.slice(dot + 1);
  }),
  fc.constant((name: string) => name.slice(name.indexOf('.') + 1)),
  domain.map((other) => () => other),
);

/** A name on the wire is a name in letters, digits, hyphens, underscores and dots, without a dot at its end. */
function allowed(entries: readonly Entry[], protocol: Spoken, name: string): boolean {
  if (!/^[A-Za-z0-9._-]*[A-Za-z0-9_-]$/.test(name)) return false;
  return entries.some((each) => each.protocol === protocol && matches(allow(each.host).host, name));
}

function firewallOf(entries: readonly Entry[]): Firewall {
  const rules = entries.map(({ host, protocol }) => allow(host, { protocol, ports: [PORT[protocol]] }));
  const { shards } = shardRules(allowSignatures(rules, [SOURCE]), floorSignatures(rules, [SOURCE]));
  return { rules: shards.flatMap((shard) => shard.lines), homeNet: ['10.20.0.0/16'], defaultActions: [], streamExceptionPolicy: 'DROP' };
}

withSuricata('matches and the engine agree on names that are made up', () => {
  const tally = { pass: 0, drop: 0 };
  const probe = fc.record({ of: fc.nat(), twists: fc.array(twist, { minLength: 1, maxLength: 2 }), other: fc.integer({ min: 0, max: 5 }) });
  fc.assert(fc.property(fc.array(entry, { minLength: 4, maxLength: 12 }), fc.array(probe, { minLength: PROBES, maxLength: PROBES, size: 'max' }), (entries, probes) => {
    const cases = probes.map(({ of, twists, other }, index): Case => {
      const target = entries[of % entries.length]!;
      const protocol = other > 0 ? target.protocol : target.protocol === 'tls' ? 'http' : 'tls';
      const name = twists.reduce((text, change) => change(text), target.host.replace(/^\*\./, ''));
      const expected = allowed(entries, protocol, name) ? 'pass' : 'drop';
      tally[expected] += 1;
      const talk = protocol === 'tls' ? tls({ serverName: name }) : http(Buffer.from(get(name), 'latin1'));
      return { name: `${index} ${protocol} '${name}'`, from: '10.20.16.9', port: PORT[protocol], talk, expected };
    });
    const made = capture(cases, () => SOURCE.name);
    const wrong = results(made, inspect(firewallOf(entries), made.frames)).filter(({ case: each, verdict }) => verdict !== each.expected);
    expect(wrong.map(({ case: each, verdict }) => `${each.name}: matches says ${each.expected}, the engine ${verdict}`)).toEqual([]);
  }), { numRuns: RUNS, seed: 20261122, endOnFailure: true });
  console.log(`matches and the engine agree on ${tally.pass + tally.drop} names: ${tally.pass} pass, ${tally.drop} do not`);
  expect(tally.pass).toBeGreaterThan(PROBES * RUNS * 0.15);
  expect(tally.drop).toBeGreaterThan(PROBES * RUNS * 0.15);
});
