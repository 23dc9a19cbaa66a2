/** Random networks: what becomes of single packets, in a stack and in a state, and with a value that nobody tells. */
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { asStacks, partsAtRandom } from '../split-stacks';
import { withHidden } from './hiding';
import { asStack, asState, randomNetwork, writtenOut, type Part } from './random-networks';
import { verdictsOf } from './reviewing';
import { SinglePackets } from './single-packets';

const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);
const RANK = { none: 0, allowlisted: 1, unknown: 2, open: 3 } as const;
type Kinds = Readonly<Record<string, keyof typeof RANK>>;

function kindsOf(document: unknown): Kinds {
  return Object.fromEntries(verdictsOf(document).verdicts.filter(({ family, place }) => family === 4 && place.kind === 'workload').map(({ place, kind }) => [place.id, kind]));
}

function truth(parts: readonly Part[]): Kinds {
  const packets = new SinglePackets(parts);
  return Object.fromEntries(parts.filter(({ type }) => type === 'google_compute_instance').map((machine) => [`google_compute_instance.${machine.name}`, packets.verdictOf(machine)]));
}

/** Those of which too little is said. */
function milder(said: Kinds, known: Kinds, most: keyof typeof RANK = 'open'): readonly string[] {
  return Object.keys(known).filter((id) => RANK[said[id] ?? 'none'] < Math.min(RANK[known[id] as 'none'], RANK[most]));
}

test.each([['a synthesized stack', asStack], ['a state', asState]])('single packets fare as %s is said to let them', (_, form) => {
  const all = SEEDS.map((seed) => {
    const parts = randomNetwork(seed);
    const known = truth(parts);
    const said = kindsOf(form(parts));
    expect({ seed, milder: milder(said, known) }).toEqual({ seed, milder: [] });
    expect({ seed, said }).toEqual({ seed, said: known });
    return Object.values(known);
  });
  // Of each kind there are enough.
  for (const kind of Object.keys(RANK)) expect(all.flat().filter((each) => each === kind).length).toBeGreaterThan(3);
});

test.each<[string, (name: string) => string]>([
  ['by their names', (name) => name],
  ['within their project', (name) => `global/networks/${name}`],
  ['with their project', (name) => `projects/p/global/networks/${name}`],
])('single packets fare the same where networks are named %s', (_, network) => {
  for (const seed of SEEDS.slice(0, 50)) {
    const parts = randomNetwork(seed);
    expect({ seed, said: kindsOf(asStack(writtenOut(parts, network))) }).toEqual({ seed, said: truth(parts) });
  }
});

/** Of stacks that hand each other what they make, and of states that ids join. */
const FORMS: Readonly<Record<string, (parts: readonly Part[], seed: number) => readonly PlanFile[]>> = {
  stacks: (parts, seed) => asStacks(asStack(parts), 3, partsAtRandom(seed, 3)),
  states: (parts, seed) => {
    const partOf = partsAtRandom(seed, 3);
    const { values, ...rest } = asState(parts);
    return [0, 1, 2].map((part) => parsePlan(JSON.stringify({ ...rest, values: { root_module: { resources: values.root_module.resources.filter(({ address }: { address: string }) => partOf(address) === part) } } }), `part${part}`));
  },
};

test.each(Object.keys(FORMS))('in three %s that are one network single packets fare the same', (form) => {
  for (const seed of SEEDS.slice(0, 40)) {
    const parts = randomNetwork(seed);
    const { verdicts } = review({ inputs: (FORMS[form] as typeof FORMS[string])(parts, seed), today: TODAY, together: true });
    const said = Object.fromEntries(verdicts.filter(({ family, kind }) => family === 4 && kind === 'workload').map(({ place, verdict }) => [place.replace(/^part\d:/, ''), verdict]));
    expect({ seed, said }).toEqual({ seed, said: truth(parts) });
  }
});

test('what is not known closes nothing', () => {
  let closed = 0;
  for (const seed of SEEDS) {
    const parts = randomNetwork(seed);
    const known = truth(parts);
    const hidden = withHidden(parts, seed, ({ type }) => type.startsWith('google_compute'));
    expect({ seed, milder: milder(kindsOf(asStack(hidden)), known, 'unknown') }).toEqual({ seed, milder: [] });
    closed += milder(kindsOf(asStack(parts.filter(({ type }) => type !== 'google_compute_router_nat'))), known, 'unknown').length;
  }
  // What is away, and not hidden, does close some: the comparison tells them apart.
  expect(closed).toBeGreaterThan(5);
});
