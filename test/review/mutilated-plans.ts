/** Ways to mutilate a real plan: what other people's plans, and other people's tools between Terraform and us, may do to one. */
import type { Dice } from './dice';

export type Document = Record<string, any>;
type Path = readonly (string | number)[];

/** Every place of a JSON value. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => places(item, [...path, Array.isArray(value) ? Number(key) : key]))];
}

const STRANGE: readonly unknown[] = [
  null, true, false, 0, -1, 1e308, '', '0.0.0.0/0', '::/0', '999.1.2.3/99', '10.0.0.0/-1', '-1', '*', 'all', '\u0000\u001b[31m', '<script>alert(1)</script>', '${', '__proto__',
  [], [[]], [null], {}, { __proto__: null, constructor: 1 }, JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":1},"toString":"x","length":-1}'),
  'x'.repeat(100_000), ['x', 1, null, {}], { references: ['aws_vpc.main', 'module.x.y', 'each.value', 5] }, { constant_value: { a: [1] } },
];

/** Breaks one place of a plan, in place, and says what it did. */
export function mutilate(plan: Document, dice: Dice): string {
  // A part of the plan first: else the longest list of attributes would get nearly everything.
  const part = dice.of(['resource_changes', 'resource_changes', 'configuration', 'planned_values', 'prior_state'].filter((key) => plan[key] !== undefined));
  const path = [part, ...dice.of(places(plan[part]))];
  const parent = path.slice(0, -1).reduce<any>((node, step) => node[step], plan);
  const key = path.at(-1) as string | number;
  const text = JSON.stringify(path);
  switch (dice.below(6)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      return `without ${text}`;
    case 1:
      if (Array.isArray(parent)) parent.push(structuredClone(parent[Number(key)]));
      else Object.defineProperty(parent, dice.of(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '']), { value: structuredClone(parent[key]), enumerable: true, configurable: true, writable: true });
      return `twice ${text}`;
    case 2:
      parent[key] = structuredClone(dice.of(places(plan).map((other) => other.reduce<any>((node, step) => node[step], plan))));
      return `${text} from elsewhere`;
    case 3:
      parent[key] = true;
      return `${text} = true`;
    default: {
      const value = dice.of(STRANGE);
      parent[key] = structuredClone(value);
      return `${text} = ${JSON.stringify(value).slice(0, 60)}`;
    }
  }
}

/** References that lead back to themselves, through resources, variables and outputs. */
export function tangle(plan: Document, dice: Dice): string {
  const modules = modulesOf(plan.configuration?.root_module ?? {});
  const all = modules.flatMap((module) => (module.resources ?? []).flatMap((resource: any) => Object.values<any>(resource.expressions ?? {}).filter((each) => Array.isArray(each?.references)).map((expression) => ({ resource, expression }))));
  if (all.length === 0) return 'nothing to tangle';
  const one = dice.of(all);
  const other = dice.of(all);
  one.expression.references = [`${other.resource.address}.id`, 'module.loop.out', 'var.loop'];
  other.expression.references = [`${one.resource.address}.id`, `${one.resource.address}.${Object.keys(one.resource.expressions)[0]}`];
  const root = plan.configuration.root_module;
  root.module_calls = {
    ...root.module_calls,
    loop: { expressions: { loop: { references: ['module.loop.out'] } }, module: { outputs: { out: { expression: { references: ['var.loop'] } } }, variables: { loop: {} } } },
  };
  return `${one.resource.address} and ${other.resource.address} refer to each other`;
}

function modulesOf(module: any): any[] {
  return [module, ...Object.values<any>(module?.module_calls ?? {}).flatMap(({ module: called }: any) => (called ? modulesOf(called) : []))];
}

/** One thing that a plan may say and may as well leave open until it is applied. */
export interface Knowledge {
  readonly what: string;
  /** Takes it away and gives back a way to restore it. */
  forget(): () => void;
}

/** Names and texts for people say nothing about a network; what they do for segments is another question. */
const FOR_PEOPLE = new Set(['tags', 'tags_all', 'labels', 'effective_labels', 'terraform_labels', 'name', 'description']);

/** Every value of a resource, and the configuration as a whole. */
export function knowledgeOf(plan: Document): readonly Knowledge[] {
  const values = (plan.resource_changes as any[]).flatMap(({ address, change }) => Object.keys(change.after ?? {})
    .filter((key) => change.after[key] !== null && !FOR_PEOPLE.has(key))
    .map((key): Knowledge => ({
      what: `${address}.${key}`,
      forget: () => {
        const { [key]: value } = change.after;
        const { [key]: mark } = change.after_unknown;
        delete change.after[key];
        change.after_unknown[key] = true;
        return () => {
          change.after[key] = value;
          if (mark === undefined) delete change.after_unknown[key];
          else change.after_unknown[key] = mark;
        };
      },
    })));
  const configuration: Knowledge = {
    what: 'the configuration',
    forget: () => {
      const { configuration: whole } = plan;
      delete plan.configuration;
      return () => void (plan.configuration = whole);
    },
  };
  return [configuration, ...values];
}

/** Paths of everything inside of an attribute's value, the value itself left out. */
function inside(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).filter(([, item]) => item !== null).flatMap(([key, item]) => {
    const own = [...path, Array.isArray(value) ? Number(key) : key];
    return [own, ...inside(item, own)];
  });
}

/** Every value inside of blocks and lists, of resources whose type begins so: `route[0].gateway_id`. */
export function partsOf(plan: Document, prefix: string): readonly Knowledge[] {
  return (plan.resource_changes as any[]).filter(({ type }) => type.startsWith(prefix)).flatMap(({ address, change }) => Object.keys(change.after ?? {})
    .filter((key) => !FOR_PEOPLE.has(key))
    .flatMap((key) => inside(change.after[key], [key]))
    .filter((path) => path.slice(0, -1).reduce<any>((mark, step) => (mark === true ? true : mark?.[step]), change.after_unknown) !== true)
    .map((path): Knowledge => ({
      what: `${address}.${path.join('.')}`,
      forget: () => {
        const { after, after_unknown: unknown } = change;
        change.after = structuredClone(after);
        change.after_unknown = structuredClone(unknown);
        const last = path.at(-1) as string | number;
        const parent = path.slice(0, -1).reduce<any>((node, step) => node[step], change.after);
        if (Array.isArray(parent)) parent[Number(last)] = null;
        else delete parent[last];
        const marks = path.slice(0, -1).reduce<any>((node, step, at) => {
          const isList = typeof path[at + 1] === 'number';
          if (typeof node[step] !== 'object' || node[step] === null) node[step] = isList ? [] : {};
          if (isList) while (node[step].length <= Number(path[at + 1])) node[step].push(typeof path[at + 2] === 'string' ? {} : false);
          return node[step];
        }, change.after_unknown);
        marks[last] = true;
        return () => void Object.assign(change, { after, after_unknown: unknown });
      },
    })));
}
