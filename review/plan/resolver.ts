/**
 * Follows references: through variables to the caller's expression, through outputs into the
 * module, through attributes that are themselves set from elsewhere.
 *
 * A plan leaves out what locals and dynamic blocks refer to. Both can only draw on their own
 * module: on its resources, on what its caller hands in, on what its own calls hand back. That
 * scope is the answer then: too wide, but nothing is missing from it.
 */
import type { InstanceKey } from './address';
import { isExpression, OTHER_KEYS, type ConfiguredResource } from './configuration';
import { ExpressionReader, NO_NAMES, templateNames, type DirectReference, type Named } from './expression';
import { isHandedOn, isSearch, OWN_NAMES } from './identity';
import { isList, isObject, own, type Json, type JsonObject } from './json';
import type { ModuleInstance, ResourceGroup } from './module-instance';
import type { Reference, ResourceReference, Rest } from './reference';
import { REMOTE_STATE } from './remote-state';
import { linksTo, merge, NOTHING, union, unknown, withLikely, withUnknown, type Resolution } from './resolution';
import type { Resource } from './resource-graph';

/** What `each` and `count` mean in an expression: the block around it. */
export interface Repeated {
  readonly forEach?: Json;
  readonly count?: Json;
}

export interface ResolverOptions {
  /** What the file makes and a data source reads, where their names tell. */
  readonly made: (data: Resource) => Resource | undefined;
}

/** Chains of modules are short; only a made-up file has longer ones. */
const LONGEST_CHAIN = 100;

/** Resolves the expressions of one graph; what all instances have in common is computed once. */
export class Resolver {
  private readonly reader = new ExpressionReader();
  private readonly kept = new Map<JsonObject, Map<ModuleInstance, Resolution>>();
  private readonly open = new Map<JsonObject, Set<ModuleInstance>>();
  private depth = 0;

  constructor(private readonly options: ResolverOptions) {}

  /** Every expression in a tree of blocks. */
  tree(node: Json | undefined, module: ModuleInstance, repeated: Repeated, instance?: InstanceKey): Resolution {
    if (isExpression(node)) return this.expression(node, [], module, repeated, instance);
    if (isList(node)) return union(node.map((item) => this.tree(item, module, repeated, instance)), true);
    return isObject(node) ? union(Object.values(node).map((item) => this.tree(item, module, repeated, instance)), true) : NOTHING;
  }

  /** What an expression points to, below a path in its value; with a key, for that instance of the block around it. */
  expression(expression: JsonObject, rest: Rest, module: ModuleInstance, repeated: Repeated, instance?: InstanceKey): Resolution {
    const named = this.reader.names(expression, rest);
    if (this.depth < LONGEST_CHAIN) {
      if (named === NO_NAMES) return NOTHING;
      if (named.direct) return this.direct(named.direct, module);
    }
    // Without a template the path says nothing: the list of references is one for all of the value.
    const isPart = rest.length > 0 && own(expression, 'constant_value') !== undefined;
    const base = (isPart ? undefined : this.kept.get(expression)?.get(module)) ?? this.base(expression, named, isPart, module, repeated);
    return named.keyed && instance !== undefined ? this.forInstance(base, named, module, repeated, instance) : base;
  }

  private base(expression: JsonObject, named: Named, isPart: boolean, module: ModuleInstance, repeated: Repeated): Resolution {
    const resolve = () => this.guarded(expression, module, () => this.named(named, module, repeated));
    return isPart ? resolve() : this.once(expression, module, resolve);
  }

  /** What most references of a plan are; it goes through nothing else, so that there is no circle to guard against. */
  private direct({ reference, attribute }: DirectReference, module: ModuleInstance): Resolution {
    const found = module.groups.get(reference.group);
    const instance = found && (reference.key === undefined ? found.resolution(attribute) : instances(found, reference.key, attribute));
    return instance === undefined || instance === NOTHING ? this.resource(reference, module, reference.rest) : instance;
  }

  /** The resolution for all instances together, computed once per module instance. */
  private once(node: JsonObject, module: ModuleInstance, resolve: () => Resolution): Resolution {
    let byModule = this.kept.get(node);
    if (!byModule) this.kept.set(node, (byModule = new Map()));
    let found = byModule.get(module);
    if (!found) byModule.set(module, (found = resolve()));
    return found;
  }

  private guarded(expression: JsonObject, module: ModuleInstance, resolve: () => Resolution): Resolution {
    let open = this.open.get(expression);
    if (!open) this.open.set(expression, (open = new Set()));
    if (open.has(module)) return unknown('the references go in a circle');
    if (this.depth >= LONGEST_CHAIN) return unknown(`the references go through more than ${LONGEST_CHAIN} steps`);
    open.add(module);
    this.depth += 1;
    try {
      return resolve();
    } finally {
      this.depth -= 1;
      open.delete(module);
    }
  }

  private named(named: Named, module: ModuleInstance, repeated: Repeated): Resolution {
    const found = union(named.references.map((reference) => this.reference(reference, module, repeated, named.behind)), named.all);
    return named.unknown === undefined ? found : withUnknown(found, named.unknown);
  }

  /** `behind` is what the reader wants of it, behind what the reference itself says. */
  private reference(reference: Reference, module: ModuleInstance, repeated: Repeated, behind: Rest): Resolution {
    const path = behind.length === 0 ? reference.rest : [...reference.rest, ...behind];
    switch (reference.kind) {
      case 'resource':
        return this.resource(reference, module, path);
      case 'module':
        return this.module(reference, module, path);
      case 'var':
        return this.variable(reference.name, module, path);
      case 'local':
        return this.local(reference.name, module, path);
      case 'each.value':
        return this.forEach(module, repeated);
      case 'each.key':
        // Keys are known in every plan; only without one do they hide anything.
        return module.file.unplanned ? this.forEach(module, repeated) : NOTHING;
      default:
        return NOTHING;
    }
  }

  private resource(reference: Reference & { kind: 'resource' }, module: ModuleInstance, path: Rest): Resolution {
    if (reference.mode === 'ephemeral') return NOTHING;
    const config = module.config.resources.get(reference.group);
    const group = module.groups.get(reference.group);
    const attribute = typeof path[0] === 'string' ? path[0] : undefined;
    const state = reference.type === REMOTE_STATE && attribute === 'outputs' && config ? module.file.remote?.(config) : undefined;
    if (state) return this.outputs(state, `${addressOf(reference)} has`, path.slice(1));
    const read = reference.mode === 'data' && config ? this.readById(reference.type, config, module, reference.key, attribute) : undefined;
    // Of `data.aws_subnet.s[*].id` the attribute is lost: whoever asks for a subnet has it.
    if (read) return attribute === undefined ? { ...read, beyond: [{ type: reference.type, resolution: this.treeOnce(config as ConfiguredResource, module) }] } : read;
    const found = group ? this.instances(group, reference.key, attribute) : NOTHING;
    if (found === NOTHING) {
      if (config && !module.file.partial) return NOTHING;
      const address = addressOf(reference);
      return unknown(config ? `${address} is not in the file, because its plan was not finished` : `${address} is not in the file`);
    }
    const followed = config ? this.followed(config, attribute, path, module, reference.key) : NOTHING;
    // A data source stands for things that exist already, in this file or elsewhere.
    const searched = reference.mode === 'data' && isSearch(reference.type) ? `${addressOf(reference)} ${isHandedOn(reference.type) ? 'tells what stands elsewhere: review the plan that makes it, too' : 'names something by a search: it may be outside of this file'}` : undefined;
    const isElsewhere = found.links.some(({ resource }) => resource.mode === 'data');
    const behind = searched === undefined || isElsewhere ? followed : withUnknown(followed, searched);
    const both = attribute === undefined && behind !== NOTHING ? { ...found, beyond: [{ type: reference.type, resolution: behind }] } : union([found, followed], true);
    const real = searched !== undefined && isElsewhere ? withUnknown(both, searched) : both;
    if (followed === NOTHING || attribute === undefined) return real;
    return { ...withLikely(real, followed.links), alternatives: real.links.length > 1 };
  }

  /** The id of what a data source reads by its id is that very id. So is its link, and its name, where it is read by its link. */
  private readById(type: string, config: ConfiguredResource, module: ModuleInstance, key: InstanceKey | undefined, attribute: string | undefined): Resolution | undefined {
    const id = attribute === 'id' || attribute === undefined ? identityRead(config) : attribute === 'self_link' || attribute === 'name' ? own(config.expressions, 'self_link') : undefined;
    const handed = isExpression(id) ? this.expression(id, [], module, config, key) : NOTHING;
    return handed.links.some(({ resource }) => resource.mode === 'managed' && resource.type === type) ? handed : undefined;
  }

  /** The id or the name of what a data source reads by the names of something that the file makes is that of the thing itself. */
  private instances(group: ResourceGroup, key: InstanceKey | undefined, attribute: string | undefined): Resolution {
    const found = instances(group, key, attribute);
    if (found.links[0]?.resource.mode !== 'data' || (attribute !== undefined && !OWN_NAMES.has(attribute))) return found;
    const links = found.links.map((link) => {
      const made = this.options.made(link.resource);
      return made ? { ...link, resource: made } : link;
    });
    return links.every((link, at) => link === found.links[at]) ? found : linksTo(merge(links.map((link) => [link])));
  }

  /** `aws_subnet.s.vpc_id` is the VPC. Without an attribute (`[for s in aws_subnet.s : …]`) it may be anything that the subnet refers to. */
  private followed(config: ConfiguredResource, attribute: string | undefined, path: Rest, module: ModuleInstance, key: InstanceKey | undefined): Resolution {
    if (attribute === undefined) return this.treeOnce(config, module);
    if (OWN_NAMES.has(attribute)) return NOTHING;
    const node = own(config.expressions, attribute);
    if (isExpression(node)) return this.expression(node, path.slice(1), module, config, key);
    const [block] = isList(node) ? node : [];
    // `vpc_config[0].cluster_security_group_id`: what the one block does not set is the resource's own.
    if (isObject(block) && isList(node) && node.length === 1 && path[1] === 0 && typeof path[2] === 'string') {
      const inner = own(block, path[2]);
      return isExpression(inner) ? this.expression(inner, path.slice(3), module, config, key) : this.tree(inner, module, config, key);
    }
    return this.tree(node, module, config, key);
  }

  private treeOnce(config: ConfiguredResource, module: ModuleInstance): Resolution {
    const { expressions } = config;
    const whole = () => union(Object.values(expressions).map((node) => this.tree(node, module, config)), true);
    return this.once(expressions, module, () => this.guarded(expressions, module, whole));
  }

  private module(reference: Reference & { kind: 'module' }, module: ModuleInstance, path: Rest): Resolution {
    const called = module.called(reference.name, reference.key);
    if (called.length === 0) {
      const call = module.config.calls.get(reference.name);
      return call?.module ? NOTHING : unknown(`the file does not hold module.${reference.name}`);
    }
    const { output } = reference;
    return union(called.map((instance) => this.outputs(instance, `module.${reference.name} has`, output === undefined ? [] : [output, ...path])), false);
  }

  /** One output of a module, or all where the path names none. */
  private outputs(module: ModuleInstance, has: string, [name, ...path]: Rest): Resolution {
    if (typeof name !== 'string') return union([...module.config.outputs.values()].map((each) => this.output(each, [], module)), false);
    const expression = module.config.outputs.get(name);
    return expression === undefined ? unknown(`${has} no output ${name}`) : this.output(expression, path, module);
  }

  private output(expression: Json, path: Rest, module: ModuleInstance): Resolution {
    if (!isObject(expression)) return NOTHING;
    return this.entry(expression, path, module) ?? this.expression(expression, path, module, {});
  }

  /**
   * `module.vpc.subnet_ids["a"]`: where the output is made of one resource or module alone (`aws_subnet.s`, or
   * `{ for k, s in aws_subnet.s : k => s.id }`, which a plan writes alike) and that has an instance of this key, it is that one.
   */
  private entry(expression: JsonObject, path: Rest, module: ModuleInstance): Resolution | undefined {
    if (own(expression, OTHER_KEYS) === true) return undefined;
    const { references, unknown: reason } = this.reader.names(expression, []);
    const [only] = references;
    if (path.length === 0 || references.length !== 1 || reason !== undefined || !only) return undefined;
    const [key, ...behind] = [...only.rest, ...path];
    if (typeof key !== 'string') return undefined;
    if (only.kind === 'module' && only.output !== undefined) {
      const called = module.called(only.name, only.key);
      const inner = called.length === 1 ? called[0]?.config.outputs.get(only.output) : undefined;
      return isObject(inner) ? this.entry(inner, [key, ...behind], called[0] as ModuleInstance) : undefined;
    }
    if (only.kind === 'module' && only.key === undefined && module.hasChild(only.name, key)) {
      const [output, ...rest] = behind;
      return typeof output === 'string' ? this.module({ kind: 'module', name: only.name, key, output, rest }, module, rest) : undefined;
    }
    if (only.kind !== 'resource' || only.key !== undefined || !module.groups.get(only.group)?.withKey(key)) return undefined;
    return this.resource({ ...only, key }, module, this.attributePath(only, behind, module));
  }

  /** A name that a map itself gives (`each.value.subnet`) says nothing of the attribute. */
  private attributePath(reference: ResourceReference, path: Rest, module: ModuleInstance): Rest {
    const [name] = path;
    const config = module.config.resources.get(reference.group);
    return typeof name === 'string' && (OWN_NAMES.has(name) || config?.expressions[name] !== undefined) ? path : [];
  }

  private variable(name: string, module: ModuleInstance, path: Rest): Resolution {
    const { call, parent } = module;
    if (!call || !parent) {
      return module.file.unplanned || parent ? unknown(`var.${name} is given from outside of the file`) : NOTHING;
    }
    const expression = own(call.expressions, name);
    return isExpression(expression) ? this.expression(expression, path, parent, call, module.key) : NOTHING;
  }

  private local(name: string, module: ModuleInstance, path: Rest): Resolution {
    const expression = module.config.locals?.get(name);
    if (isObject(expression)) return this.expression(expression, path, module, {});
    return module.file.unplanned ? unknown(`local.${name} is not in the file`) : this.anywhere(module, `the plan does not say what local.${name} is`);
  }

  private forEach(module: ModuleInstance, repeated: Repeated): Resolution {
    return isExpression(repeated.forEach) ? this.expression(repeated.forEach, [], module, {}) : NOTHING;
  }

  /** Whatever the module can refer to at all. */
  anywhere(module: ModuleInstance, reason: string): Resolution {
    return { ...NOTHING, scopes: [module], alternatives: true, widened: [reason] };
  }

  /**
   * The guess for one instance. `aws_subnet.s[each.key]` and `aws_subnet.s[lookup(m, each.key)]`
   * are the same in a plan, so that the instance with the same key is likely and no more than that.
   */
  private forInstance(base: Resolution, named: Named, module: ModuleInstance, repeated: Repeated, key: InstanceKey): Resolution {
    // A number tells only what has the same one.
    if (typeof key === 'number' && !named.references.some((reference) => reference.kind === 'each.value' || this.hasSameKey(reference, module, key))) return base;
    const entry = typeof key === 'string' ? own(own(repeated.forEach, 'constant_value'), key) : undefined;
    const guesses: Resolution[] = [];
    let guessed = false;
    let isTold = entry !== undefined;
    for (const reference of named.references) {
      const same = this.sameKey(reference, module, key);
      guessed ||= same !== undefined;
      const element = same || reference.kind !== 'each.value' || entry !== undefined ? undefined : this.element(repeated, module, [...reference.rest, ...named.behind], key);
      isTold ||= element?.isSure === true;
      guessed ||= element?.isSure === false;
      if (same) guesses.push(same);
      else if (element) guesses.push(element.resolution);
      else if (reference.kind === 'each.value' && entry !== undefined) {
        // The map is written out, and this is the instance's own entry.
        const isTemplate = isList(own(repeated.forEach, 'references'));
        guesses.push(isTemplate ? this.named(templateNames(entry, [...reference.rest, ...named.behind]), module, {}) : NOTHING);
      } else guesses.push(this.reference(reference, module, repeated, named.behind));
    }
    const found = union(guesses, named.all);
    if (isTold && !guessed) return found;
    return guessed ? { ...base, base, likely: found.likely ?? found.links } : base;
  }

  /**
   * The element of `for_each = aws_subnet.s` that is the instance's own, or of `{ for k, s in aws_subnet.s : k => … }`:
   * where the map is made of resources alone, and one has the instance's key, that is it.
   */
  private element(repeated: Repeated, module: ModuleInstance, path: Rest, key: InstanceKey): { readonly resolution: Resolution; readonly isSure: boolean } | undefined {
    const { references, unknown: reason } = isExpression(repeated.forEach) ? this.reader.names(repeated.forEach, []) : NO_NAMES;
    const handed = typeof key === 'string' && isObject(repeated.forEach) ? this.entry(repeated.forEach, [key, ...path], module) : undefined;
    if (handed && references[0]?.kind === 'module' && references[0].output !== undefined) return { resolution: handed, isSure: true };
    if (reason !== undefined || !references.some((reference) => this.sameKey(reference, module, key))) return undefined;
    const [only, ...others] = references;
    // `for_each = module.env`: what the instance of this key hands out.
    if (only?.kind === 'module' && only.key === undefined && only.output === undefined && only.rest.length === 0 && others.length === 0) {
      const [output, ...rest] = path;
      return typeof output === 'string' ? { resolution: this.module({ kind: 'module', name: only.name, key, output, rest }, module, rest), isSure: true } : undefined;
    }
    // A variable may filter, or may pick another element: then it is a guess.
    const isSure = references.every(({ kind }) => kind === 'resource');
    const parts = references.filter(({ kind }) => kind !== 'var').map((reference) => {
      if (reference.kind !== 'resource' || reference.rest.length > 0) return undefined;
      const own = reference.key === undefined && module.groups.get(reference.group)?.withKey(key) ? { ...reference, key } : reference;
      return this.resource(own, module, this.attributePath(reference, path, module));
    });
    return parts.every((part) => part !== undefined) ? { resolution: union(parts, false), isSure } : undefined;
  }

  /** What has the same key as the instance that refers, when the reference itself tells none. */
  private sameKey(reference: Reference, module: ModuleInstance, key: InstanceKey): Resolution | undefined {
    if (!this.hasSameKey(reference, module, key)) return undefined;
    if (reference.kind === 'module') return this.module({ ...reference, key }, module, reference.rest);
    const attribute = reference.rest[0];
    return this.instances(module.groups.get(reference.group) as ResourceGroup, key, typeof attribute === 'string' ? attribute : undefined);
  }

  private hasSameKey(reference: Reference, module: ModuleInstance, key: InstanceKey): reference is Reference & { readonly kind: 'resource' | 'module' } {
    if ((reference.kind !== 'resource' && reference.kind !== 'module') || reference.key !== undefined) return false;
    return reference.kind === 'module' ? module.hasChild(reference.name, key) : module.groups.get(reference.group)?.withKey(key) !== undefined;
  }
}

/** By what a data source reads something: its id, or its link. */
export function identityRead({ expressions }: ConfiguredResource): Json | undefined {
  return own(expressions, 'id') ?? own(expressions, 'self_link');
}

function addressOf({ mode, type, name }: ResourceReference): string {
  return `${mode === 'data' ? 'data.' : ''}${type}.${name}`;
}

function instances(group: ResourceGroup, key: InstanceKey | undefined, attribute: string | undefined): Resolution {
  if (key === undefined) return group.resolution(attribute);
  const resource = group.withKey(key);
  return resource ? linksTo([{ resource, ...(attribute === undefined ? {} : { attribute }) }]) : NOTHING;
}
