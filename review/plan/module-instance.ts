/** Instances of modules, and the resources in each: where a reference is looked up. */
import { parseModuleAddress, type InstanceKey } from './address';
import { EMPTY_MODULE, type ConfiguredModule, type ConfiguredResource, type ModuleCall } from './configuration';
import type { Surroundings } from './graph-resource';
import { linksTo, type Resolution } from './resolution';
import type { ReferenceLink, Resource } from './resource-graph';

const WHOLE: FileFacts = { partial: false, unplanned: false };

/** Up to so many instances are looked through one by one. */
const FEW = 8;

/** All instances of one resource in one module instance. */
export class ResourceGroup {
  /** What surrounds each of them; the graph's own. */
  surroundings?: Surroundings;
  private readonly instances: Resource[] = [];
  private keys?: Map<InstanceKey, Resource>;
  private repeated?: Resource;
  private resolutions?: { readonly attribute: string | undefined; readonly resolution: Resolution }[] | undefined;

  add(resource: Resource): void {
    this.instances.push(resource);
    if (this.keys && resource.key !== undefined) this.keys.set(resource.key, resource);
    if (resource.repeated) this.repeated = resource;
    this.resolutions = undefined;
  }

  get all(): readonly Resource[] {
    return this.instances;
  }

  /** Of several with one key the last. */
  withKey(key: InstanceKey): Resource | undefined {
    return (this.instances.length > FEW ? this.index().get(key) : this.instances.findLast((resource) => resource.key === key)) ?? this.repeated;
  }

  private index(): ReadonlyMap<InstanceKey, Resource> {
    if (!this.keys) {
      this.keys = new Map();
      for (const resource of this.instances) if (resource.key !== undefined) this.keys.set(resource.key, resource);
    }
    return this.keys;
  }

  links(attribute: string | undefined): readonly ReferenceLink[] {
    return this.resolution(attribute).links;
  }

  /** What refers to all instances points to. The same each time: a thousand that refer to a thousand share it. */
  resolution(attribute: string | undefined): Resolution {
    const known = this.resolutions?.find((each) => each.attribute === attribute);
    if (known) return known.resolution;
    const resolution = linksTo(this.instances.map((resource) => (attribute === undefined ? { resource } : { resource, attribute })));
    (this.resolutions ??= []).push({ attribute, resolution });
    return resolution;
  }
}

/** What the file of a module does not tell. */
export interface FileFacts {
  /** True when the file may lack resources that it refers to, because Terraform stopped. */
  readonly partial: boolean;
  /** True when values are not known: variables then hide what a plan would show. */
  readonly unplanned: boolean;
  /** The root module of the file whose state a `terraform_remote_state` reads, where that file is reviewed together with this one. */
  readonly remote?: (reader: ConfiguredResource) => ModuleInstance | undefined;
}

/** One instance of a module, with its caller, its callees and its resources. */
export class ModuleInstance {
  readonly groups = new Map<string, ResourceGroup>();
  readonly file: FileFacts;
  private readonly children = new Map<string, Map<InstanceKey | undefined, ModuleInstance>>();
  private readonly absent = new Map<string, ModuleInstance>();

  constructor(
    readonly config: ConfiguredModule,
    readonly parent?: ModuleInstance,
    /** The block that calls it; absent for the root, and for modules that the configuration does not know. */
    readonly call?: ModuleCall,
    readonly key?: InstanceKey,
    /** Of the root; what it calls is of the same file. */
    file?: FileFacts,
  ) {
    this.file = file ?? parent?.file ?? WHOLE;
  }

  /** The group of a resource's instances, made when it is new. */
  group(key: string): ResourceGroup {
    let group = this.groups.get(key);
    if (!group) this.groups.set(key, (group = new ResourceGroup()));
    return group;
  }

  /** The instance of a module it calls, made when it is new. */
  child(name: string, key: InstanceKey | undefined): ModuleInstance {
    const siblings = this.children.get(name) ?? new Map<InstanceKey | undefined, ModuleInstance>();
    this.children.set(name, siblings);
    let found = siblings.get(key);
    if (!found) {
      const call = this.config.calls.get(name);
      found = new ModuleInstance(call?.module ?? EMPTY_MODULE, this, call, key);
      siblings.set(key, found);
    }
    return found;
  }

  hasChild(name: string, key: InstanceKey): boolean {
    return this.children.get(name)?.has(key) ?? false;
  }

  /**
   * The instances that a reference may mean. A module that holds no resource has none, and still
   * hands its inputs on to its outputs: one without a key stands for it.
   */
  called(name: string, key: InstanceKey | undefined): readonly ModuleInstance[] {
    const siblings = this.children.get(name);
    if (siblings && key === undefined) return [...siblings.values()];
    const instance = siblings?.get(key);
    if (instance) return [instance];
    const call = this.config.calls.get(name);
    if (!call?.module) return [];
    const absent = this.absent.get(name) ?? new ModuleInstance(call.module, this, call, undefined);
    this.absent.set(name, absent);
    return [absent];
  }
}

/** All module instances of a graph, by address. */
export class ModuleInstances {
  private readonly byAddress = new Map<string, ModuleInstance>();

  constructor(readonly root: ModuleInstance) {
    this.byAddress.set('', root);
  }

  /** The instance at an address. One that is no address at all gets an instance of its own. */
  at(address: string): ModuleInstance {
    let instance = this.byAddress.get(address);
    if (!instance) {
      instance = new ModuleInstance(EMPTY_MODULE, this.root);
      const steps = parseModuleAddress(address);
      if (steps) instance = steps.reduce((parent, step) => parent.child(step.name, step.key), this.root);
      this.byAddress.set(address, instance);
    }
    return instance;
  }
}
