/** One stack as several that hand each other what they need, or as the states of such: what a review of all together has to join again. */
import { parsePlan, type PlanFile } from '../../review/plan/load';
import type { ReviewResult } from '../../review/result';
import { review } from '../../review/review';
import { asPlan, type Resources } from './as-plan';
import { Dice } from './dice';

type Json = any;

export interface Whole {
  readonly resource: Resources;
  readonly data?: Resources;
  readonly [block: string]: Json;
}

/** Which of the parts has the resource. */
export type PartOf = (address: string) => number;

/** What exists, in one state for each part: only ids tell what belongs together. */
export function asStates(resource: Resources, parts: number, partOf: PartOf): readonly PlanFile[] {
  const { resource_changes: changes } = asPlan(resource, true);
  return numbers(parts).map((part) => {
    const resources = changes.filter(({ address }: Json) => partOf(address) === part).map(({ change, ...identity }: Json) => ({ ...identity, values: change.after }));
    // Ids of Azure begin with whose they are, which names alone do not tell.
    const text = JSON.stringify({ format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources } } }).replaceAll('"id-azurerm_', '"/subscriptions/s/id-azurerm_');
    return parsePlan(text, nameOf(part));
  });
}

/** Synthesized stacks with the remote states by which CDKTF hands on what another one makes. */
export function asStacks({ resource, data = {}, ...rest }: Whole, parts: number, partOf: PartOf): readonly PlanFile[] {
  const all = [...bodies('', resource), ...bodies('data.', data)];
  const home = new Map(all.map(({ address }) => [address, partOf(address)]));
  const outputs = numbers(parts).map((): Record<string, Json> => ({}));
  const stacks = numbers(parts).map((part): Json => ({ ...rest, resource: {}, data: { terraform_remote_state: Object.fromEntries(numbers(parts).filter((other) => other !== part).map((other) => [`r${other}`, { backend: 'local', config: { path: `/states/${other}` }, workspace: '${terraform.workspace}' }])) } }));
  for (const { mode, type, name, address, body } of all) {
    const part = home.get(address)!;
    const stack = stacks[part]![mode === '' ? 'resource' : 'data'];
    const handedOn = JSON.stringify({ ...body, ...(body.depends_on ? { depends_on: body.depends_on.filter((each: string) => home.get(each.replace(/^\$\{|\}$/g, '')) === part) } : {}) })
      .replace(/\$\{(?:[^"\\]|\\.)*/g, (text) => text.replace(/\b((?:data\.)?[a-z]+_\w+\.[\w-]+)((?:\.\w+)?)/g, (same, target: string, attribute: string) => {
        const other = home.get(target);
        if (other === undefined || other === part) return same;
        const output = `${target}${attribute}`.replaceAll('.', '-');
        outputs[other]![output] = { value: `\${${target}${attribute}}` };
        return `data.terraform_remote_state.r${other}.outputs.${output}`;
      }));
    (stack[type] ??= {})[name] = JSON.parse(handedOn);
  }
  return stacks.map((stack, part) => ({
    ...parsePlan(JSON.stringify({ ...stack, terraform: { ...rest['terraform'], backend: { local: { path: `/states/${part}` } } }, output: { ...rest['output'], ...outputs[part] } }), 'cdk.tf.json'), stack: nameOf(part),
  }));
}

function bodies(mode: '' | 'data.', resources: Resources) {
  return Object.entries(resources).flatMap(([type, named]) => Object.entries(named ?? {}).map(([name, body]) => ({ mode, type, name, address: `${mode}${type}.${name}`, body })));
}

const numbers = (parts: number) => [...Array(parts).keys()];
const nameOf = (part: number) => `part${part}`;

/** A subnet, and the groups that stand for what is in it, as the files list them. */
const inOrder = (place: string) => place.replace(/part\d:/g, '').split(' + ').sort().join(' + ');

/** What a result says of the network, whatever the files are called. Of things that are alike the first in the order of the files speaks in a message. */
function toldBy({ verdicts, findings }: ReviewResult): readonly string[] {
  const plain = (value: unknown) => JSON.stringify(value).replace(/part\d:/g, '').replace(/in this (state|stack|plan|review)/g, 'here');
  return [
    ...verdicts.map(({ place, family, verdict, hosts, segment, network, tier, reasons }) => plain({ place: inOrder(place), family, verdict, hosts, segment, network, tier, reasons })),
    ...findings.map(({ rule, address, severity, confidence }) => plain({ rule, address, severity, confidence })),
  ];
}

/** A part for each address, at random and always the same. */
export function partsAtRandom(seed: number, parts: number): PartOf {
  const dice = new Dice(seed);
  const known = new Map<string, number>();
  return (address) => {
    if (!known.has(address)) known.set(address, dice.below(parts));
    return known.get(address)!;
  };
}

/** What the review says otherwise where a stack is in three files, and all of them are reviewed together. */
export function differences({ resource = {}, ...rest }: Partial<Whole>, seed: number, today: string): readonly string[] {
  const forms: Record<string, (parts: number, partOf: PartOf) => readonly PlanFile[]> = {
    states: (parts, partOf) => asStates(resource, parts, partOf),
    stacks: (parts, partOf) => asStacks({ ...rest, resource }, parts, partOf),
  };
  return Object.entries(forms).flatMap(([form, write]) => {
    const one = toldBy(review({ inputs: write(1, () => 0), today, together: true }));
    const all = toldBy(review({ inputs: write(3, partsAtRandom(seed, 3)), today, together: true }));
    const missing = one.filter((line) => !all.includes(line)).map((line) => `${form}, one: ${line}`);
    return [...missing, ...all.filter((line) => !one.includes(line)).map((line) => `${form}, three: ${line}`)];
  });
}
