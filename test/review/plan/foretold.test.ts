/**
 * The judge of all answers: what the plan said that a value points to, against the ids that the
 * apply of the same plan really left in the state.
 */
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import type { AttributePath, Json, Resource, ResourceGraph } from '../../../review/plan/resource-graph';
import { graph, stackJson } from './plans';

interface Fact {
  readonly from: string;
  readonly path: AttributePath;
  readonly to: Resource;
}

/** Every text in a value, with its path. */
function texts(value: Json | undefined, path: AttributePath = []): (readonly [AttributePath, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => texts(item as Json, [...path, Array.isArray(value) ? Number(key) : key]));
}

/** Joined by nothing but equal ids, without the code under test. */
function facts(state: ResourceGraph): Fact[] {
  const managed = state.resources.filter((resource) => resource.mode === 'managed');
  const byId = new Map(managed.map((resource) => [resource.valueAt('id'), resource]));
  return managed.flatMap((resource) => texts(resource.values).flatMap(([path, text]) => {
    const to = byId.get(text);
    return to && to !== resource ? [{ from: resource.address, path, to }] : [];
  }));
}

/** The same element in the plan, whose lists have another order: the whole list is asked. */
function asked(path: AttributePath): AttributePath {
  const list = path.findIndex((step) => typeof step === 'number');
  return list < 0 ? path : path.slice(0, list);
}

describe.each([['nested-modules', 40], ['cdktf', 12]])('%s', (name, least) => {
  const planned = graph(`${name}.plan`);
  const known = facts(graph(`${name}.state`));

  test('there is something to compare', () => {
    expect(known.length).toBeGreaterThanOrEqual(least);
  });

  test('what it came to point to was among the targets, with and without asking for the type', () => {
    for (const { from, path, to } of known) {
      const source = planned.byAddress(from);
      if (source?.unknownAt([path[0] as string]) !== undefined && source.configExpression([path[0] as string]) === undefined) continue;
      for (const options of [{}, { types: [to.type] }]) {
        const answer = source!.references(asked(path), options);
        const isThere = answer.targets.some((target) => target.address === to.address);
        expect([from, path, to.address, isThere || answer.unknown !== undefined]).toEqual([from, path, to.address, true]);
      }
    }
  });

  test('an exact answer was the truth', () => {
    let exact = 0;
    for (const { from, path, to } of known) {
      const source = planned.byAddress(from)!;
      if (path.some((step) => typeof step === 'number')) continue;
      const answer = source.references(path, { types: [to.type] });
      if (!answer.exact) continue;
      exact += 1;
      expect(answer.targets.map((target) => target.address)).toEqual([to.address]);
    }
    expect(exact).toBeGreaterThanOrEqual(10);
  });

  test('most guesses were right', () => {
    const guesses = known.filter(({ path }) => path.every((step) => typeof step === 'string')).map(({ from, path, to }) => {
      const { likely } = planned.byAddress(from)!.references(path, { types: [to.type] });
      return likely.length === 1 && likely[0]?.address === to.address;
    });
    expect(guesses.filter(Boolean).length / guesses.length).toBeGreaterThan(0.75);
  });

  test('referrers, too', () => {
    for (const { from, path, to } of known) {
      const source = planned.byAddress(from)!;
      if (source.references(asked(path), { types: [to.type] }).unknown !== undefined) continue;
      const referrers = planned.referrers(planned.byAddress(to.address)!, [source.type]);
      expect([from, to.address, referrers.some((referrer) => referrer.resource.address === from)]).toEqual([from, to.address, true]);
    }
  });
});

test('the synthesized stack foretells it as well', () => {
  const stack = buildGraph(parsePlan(JSON.stringify(stackJson()), 'cdk.tf.json'));
  const bare = (address: string) => address.replace(/\[.*\]$/, '');
  for (const { from, path, to } of facts(graph('cdktf.state'))) {
    const source = stack.byAddress(bare(from))!;
    if (source.unknownAt([path[0] as string]) === undefined && source.valueAt([path[0] as string]) === undefined) continue;
    const answer = source.references(asked(path), { types: [to.type] });
    expect([from, path, to.address, answer.targets.some((target) => target.address === bare(to.address))]).toEqual([from, path, to.address, true]);
  }
});
