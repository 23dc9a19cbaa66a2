/**
 * One provider's answers for one stack: no network, no account, the schema of the real provider's binding.
 */
import { changedNames, planCreate, planUpdate } from './change/plan-change';
import { fillBlock } from './change/fill';
import { type Diagnostic, type Step, validateConfig } from './change/validate';
import { type Subject } from './clouds/cloud';
import { computedValue, dataSourceValues, idOf, rulesOf } from './clouds/rules';
import { type Memory } from './memory';
import { type Attribute, type Block, impliedType, type ProviderSchema } from './schema/model';
import { canonical, decodeValue, encodeValue, isObject, type ObjectValue, Unknown, type Value, valueFromJson } from './wire/cty';

/** Marks a resource that was imported by id only, whose first plan must not replace it. */
const IMPORTED = Buffer.from('imported');

const ALIASED: Diagnostic = {
  severity: 2,
  summary: 'One provider with several configurations',
  detail: 'A stand-in cannot tell aliased configurations of a provider apart: regions and default tags in this plan are those of one of them. Plan with --real to see each.',
};

/** The answer to a plan. */
export interface PlannedChange {
  readonly planned: Uint8Array;
  readonly requiresReplace: readonly { readonly steps: readonly Step[] }[];
  readonly private: Uint8Array;
}

/** A stand-in for one provider. Values go in and out in Terraform's wire encoding. */
export class StandIn {
  private readonly rules: ReturnType<typeof rulesOf>;
  private config: ObjectValue = {};
  private configured: string | undefined;

  /**
   * @param name last part of the provider's address, e.g. `aws`
   * @param salt text that keeps the ids of one stack apart from those of another
   */
  constructor(
    name: string,
    readonly schema: ProviderSchema,
    private readonly memory: Memory,
    private readonly salt: string,
  ) {
    this.rules = rulesOf(name);
  }

  /** Problems of the provider's own configuration. */
  validateProvider(config: Uint8Array): Diagnostic[] {
    return validateConfig(this.schema.provider, decodeObject(config, this.schema.provider));
  }

  /**
   * Keeps the provider's configuration: region, project, default tags.
   *
   * @returns a warning when a stack configures one provider in two ways (`alias`): a stand-in knows only the last
   */
  configure(config: Uint8Array): Diagnostic[] {
    this.config = decodeObject(config, this.schema.provider);
    const own = canonical(this.config, impliedType(this.schema.provider));
    const differs = this.configured !== undefined && this.configured !== own;
    this.configured = own;
    return differs ? [ALIASED] : [];
  }

  /** Problems of a resource's configuration. */
  validateResource(type: string, config: Uint8Array): Diagnostic[] {
    const block = this.resource(type);
    return validateConfig(block, decodeObject(config, block));
  }

  /** Problems of a data source's configuration. */
  validateDataSource(type: string, config: Uint8Array): Diagnostic[] {
    const block = this.dataSource(type);
    return validateConfig(block, decodeObject(config, block));
  }

  /** A stored state in the form of the present schema. */
  upgrade(type: string, json: Uint8Array): Uint8Array {
    const block = this.resource(type);
    const value = valueFromJson(JSON.parse(Buffer.from(json).toString('utf8')), impliedType(block));
    if (isObject(value)) this.memory.remember(type, value);
    return encodeValue(value, impliedType(block));
  }

  /** The resource as it is: nothing changes behind a stand-in's back. */
  read(type: string, current: Uint8Array): Uint8Array {
    const value = decodeValue(current, impliedType(this.resource(type)));
    if (isObject(value)) this.memory.remember(type, value);
    return current;
  }

  /** What an apply would do. */
  plan(type: string, priorBytes: Uint8Array, proposedBytes: Uint8Array, priorPrivate: Uint8Array): PlannedChange {
    const block = this.resource(type);
    const wire = impliedType(block);
    const prior = decodeValue(priorBytes, wire);
    const proposed = decodeValue(proposedBytes, wire);
    if (!isObject(proposed)) return { planned: proposedBytes, requiresReplace: [], private: priorPrivate };
    const exists = isObject(prior);
    let planned = exists ? planUpdate(block, prior, proposed, this.rules.follows?.[type]) : planCreate(block, proposed);
    planned = this.rules.planned?.(type, planned, this.surroundings()) ?? planned;
    const imported = Buffer.from(priorPrivate).equals(IMPORTED);
    const replaced = exists && !imported ? changedNames(block, prior, planned).filter((name) => this.rules.replaces?.(type, name) === true) : [];
    return {
      planned: encodeValue(planned, wire),
      requiresReplace: replaced.map((name) => ({ steps: [{ attribute_name: name }] })),
      private: priorPrivate,
    };
  }

  /** Creates, updates or destroys. @throws Error where the cloud refuses */
  apply(type: string, priorBytes: Uint8Array, plannedBytes: Uint8Array): Uint8Array {
    const block = this.resource(type);
    const wire = impliedType(block);
    const prior = decodeValue(priorBytes, wire);
    const planned = decodeValue(plannedBytes, wire);
    if (!isObject(planned)) {
      if (isObject(prior)) {
        this.insist('delete', type, prior);
        this.memory.forget(type, prior);
      }
      return plannedBytes;
    }
    const made = this.fill(type, block, planned, this.seedFor(type, planned, wire));
    if (!isObject(prior)) this.insist('make', type, made);
    this.memory.remember(type, made);
    return encodeValue(made, wire);
  }

  /** A resource that exists in the cloud and not in the state: all that is known of it is the id. */
  import(type: string, id: string): { state: Uint8Array; private: Uint8Array } {
    const block = this.resource(type);
    const known = this.memory.byId.get(id);
    const empty: ObjectValue = { ...planCreate(block, {}), id };
    const state = known?.type === type ? known.values : this.fill(type, block, empty, `${this.salt} ${type} ${id}`);
    this.memory.remember(type, state);
    return { state: encodeValue(state, impliedType(block)), private: IMPORTED };
  }

  /** The answer of a data source; Terraform asks only when its configuration is wholly known. */
  readData(type: string, configBytes: Uint8Array): Uint8Array {
    const block = this.dataSource(type);
    const wire = impliedType(block);
    const config = decodeObject(configBytes, block);
    const subject = this.subject(type, config, `${this.salt} data ${type} ${canonical(config, wire)}`);
    const given = dataSourceValues(this.rules, subject);
    // A lookup also answers with what the configuration could have said, whether or not the schema calls it computed.
    const found = Object.fromEntries(Object.keys(block.attributes).map((name) => [name, config[name] ?? given[name] ?? null]));
    const self = { ...config, ...found };
    return encodeValue(fillBlock(block, self, this.filler({ ...subject, self }, given), true), wire);
  }

  /** @throws Error with what the cloud would say */
  private insist(what: 'make' | 'delete', type: string, values: ObjectValue): void {
    const refusal = this.rules.refuses?.(what, type, values, this.memory.byId);
    if (refusal !== undefined) throw new Error(refusal);
  }

  private fill(type: string, block: Block, planned: ObjectValue, seed: string): ObjectValue {
    const subject = this.subject(type, knownMembers(planned), seed);
    const id = planned['id'] instanceof Unknown ? idOf(this.rules, subject) : planned['id'];
    const given: ObjectValue = id === undefined ? {} : { id };
    return fillBlock(block, planned, this.filler({ ...subject, self: { ...subject.self, ...given } }, given));
  }

  private filler(subject: Subject, given: ObjectValue) {
    return (path: readonly string[], attribute: Attribute): Value => {
      const value = path.length === 1 ? given[path[0] ?? ''] : undefined;
      if (value !== undefined) return value;
      const names = path.filter((step) => !/^\d+$/.test(step));
      const index = path.filter((step) => /^\d+$/.test(step)).join('.');
      return computedValue(this.rules, { ...subject, seed: `${subject.seed}${index}` }, names, attribute.type, attribute.optional);
    };
  }

  /**
   * Content decides over ids, so a plan and an apply on another machine agree. Equal resources are told
   * apart by a number, the lowest that makes an id which nobody has.
   */
  private seedFor(type: string, planned: ObjectValue, wire: ReturnType<typeof impliedType>): string {
    const content = `${this.salt} ${type} ${canonical(planned, wire)}`;
    if (!(planned['id'] instanceof Unknown)) return content;
    const self = knownMembers(planned);
    let previous: string | undefined;
    for (let number = 0; ; number++) {
      const seed = number === 0 ? content : `${content} ${number}`;
      const id = idOf(this.rules, this.subject(type, self, seed));
      // An id made of names does not change with the seed; two such resources are one to the cloud as well.
      if (!this.memory.has(type, id) || id === previous) return seed;
      previous = id;
    }
  }

  private subject(type: string, self: ObjectValue, seed: string): Subject {
    return { type, self, seed, surroundings: this.surroundings() };
  }

  private surroundings(): Subject['surroundings'] {
    return { config: this.config, memory: this.memory.byId };
  }

  private resource(type: string): Block {
    return present(this.schema.resources[type], `resource type '${type}'`);
  }

  private dataSource(type: string): Block {
    return present(this.schema.dataSources[type], `data source '${type}'`);
  }
}

function present(block: Block | undefined, what: string): Block {
  if (block === undefined) throw new Error(`the stand-in was not told about ${what}: its binding has no such type, or the stack was changed after the start`);
  return block;
}

function decodeObject(bytes: Uint8Array, block: Block): ObjectValue {
  const value = decodeValue(bytes, impliedType(block));
  return isObject(value) ? value : {};
}

function knownMembers(values: ObjectValue): ObjectValue {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !(value instanceof Unknown)));
}
