/**
 * Large plans for the benchmark, as Terraform writes them: one module instance per network by
 * `for_each`, resources by `count`, every attribute of the provider's schema (most of them null or
 * known after apply), references in the configuration, other resources between those of the network.
 */

/** A value that another resource of the same module gives. */
export class Link {
  constructor(readonly to: string, readonly attribute = 'id') {}
}

/** `aws_subnet.private[0]`. */
export function link(to: string, index?: number, attribute?: string): Link {
  return new Link(index === undefined ? to : `${to}[${index}]`, attribute);
}

type Value = null | boolean | number | string | Link | readonly Value[] | { readonly [key: string]: Value };
type Values = Readonly<Record<string, Value>>;

/** What every resource of a type has: as `terraform plan` shows it for one that sets nothing. */
export interface Schema {
  /** Names of attributes that nobody sets, separated by blanks. */
  readonly nulls?: string;
  /** Names of attributes that only the apply gives. */
  readonly computed: string;
  readonly sensitive?: Readonly<Record<string, unknown>>;
}

/** A resource block, with the values of its instances. */
export interface Block {
  readonly type: string;
  readonly name: string;
  /** One entry without `count`, else one per index. */
  readonly instances: readonly Values[];
  readonly counted: boolean;
  /** By attribute: what the configuration refers to. */
  readonly refers?: Readonly<Record<string, readonly string[] | Readonly<Record<string, readonly string[]>>>>;
}

export function one(type: string, name: string, values: Values, refers: Block['refers'] = {}): Block {
  return { type, name, instances: [values], counted: false, refers };
}

export function many(type: string, name: string, count: number, values: (index: number) => Values, refers: Block['refers'] = {}): Block {
  return { type, name, instances: Array.from({ length: count }, (_, index) => values(index)), counted: true, refers };
}

/** The references of `<address>.<attribute>`; with an index, of `<address>[index].<attribute>`. */
export function to(address: string, index?: number, attribute = 'id'): readonly string[] {
  const whole = index === undefined ? address : `${address}[${index}]`;
  return index === undefined ? [`${whole}.${attribute}`, whole] : [`${whole}.${attribute}`, whole, address];
}

/** The references of `<address>[count.index].<attribute>`. */
export function counted(address: string): readonly string[] {
  return [address, 'count.index'];
}

/** A cloud's resources. */
export interface Estate {
  readonly provider: string;
  readonly schemas: Readonly<Record<string, Schema>>;
  /** The blocks of one network; their types, names and references are the same for all. */
  network(index: number): readonly Block[];
}

export interface PlanOptions {
  readonly resources: number;
  /** True: all of it exists, and the plan has its prior state. Default: all of it is new. */
  readonly exists?: boolean;
  /** Of what exists, one in so many gets another tag. Default: nothing changes. */
  readonly oneChangedIn?: number;
}

/** @returns the JSON text of a plan with about that many resources. */
export function planText(estate: Estate, { resources, exists = false, oneChangedIn = Infinity }: PlanOptions): string {
  const first = estate.network(0);
  const perNetwork = first.reduce((sum, block) => sum + block.instances.length, 0);
  const networks = Math.max(1, Math.round(resources / perNetwork));
  const children: unknown[] = [];
  const changes: unknown[] = [];
  for (let index = 0; index < networks; index++) {
    const module = `module.network["net-${String(index).padStart(5, '0')}"]`;
    const own: unknown[] = [];
    for (const block of estate.network(index)) {
      block.instances.forEach((values, at) => {
        const { name, type } = block;
        const key = block.counted ? { index: at } : {};
        const address = `${module}.${type}.${name}${block.counted ? `[${at}]` : ''}`;
        const identity = { address, mode: 'managed', type, name, ...key, provider_name: estate.provider };
        const { after, unknown, sensitive } = filled(values, estate.schemas[type] as Schema, address, module, exists);
        own.push({ ...identity, schema_version: 1, values: after, sensitive_values: sensitive });
        changes.push({
          ...identity, module_address: module,
          change: exists
            ? { ...(changes.length % oneChangedIn === oneChangedIn - 1 ? { actions: ['update'], before: { ...after, tags: { was: 'different' } } } : { actions: ['no-op'], before: after }), after, after_unknown: {}, before_sensitive: sensitive, after_sensitive: sensitive }
            : { actions: ['create'], before: null, after, after_unknown: unknown, before_sensitive: false, after_sensitive: sensitive },
        });
      });
    }
    children.push({ address: module, resources: own });
  }
  const values = { root_module: { child_modules: children } };
  return JSON.stringify({
    format_version: '1.2', terraform_version: '1.11.4',
    planned_values: values,
    resource_changes: changes,
    ...(exists ? { prior_state: { format_version: '1.0', terraform_version: '1.11.4', values } } : {}),
    configuration: {
      provider_config: {},
      root_module: { module_calls: { network: { source: './network', for_each_expression: { references: ['var.networks'] }, expressions: { cidr: { references: ['each.value.cidr', 'each.value'] } }, module: { resources: first.map(configured), variables: { cidr: {} } } } } },
    },
    timestamp: '2026-11-22T00:00:00Z', applyable: true, complete: true, errored: false,
  });
}

function configured({ type, name, refers, counted: isCounted }: Block) {
  const expressions = Object.fromEntries(Object.entries(refers ?? {}).map(([attribute, references]) => [attribute, Array.isArray(references)
    ? { references }
    : [Object.fromEntries(Object.entries(references).map(([inner, own]) => [inner, { references: own }]))]]));
  return { address: `${type}.${name}`, mode: 'managed', type, name, provider_config_key: 'network:this', expressions, schema_version: 1, ...(isCounted ? { count_expression: { references: ['var.count'] } } : {}) };
}

/** What a plan says of one resource: values, what is unknown of them, what is sensitive. */
function filled(values: Values, { nulls = '', computed, sensitive = {} }: Schema, address: string, module: string, exists: boolean) {
  const after: Record<string, unknown> = {};
  const unknown: Record<string, unknown> = {};
  for (const name of words(nulls)) after[name] = null;
  for (const name of words(computed)) {
    if (exists) after[name] = name === 'id' || name === 'arn' || name === 'self_link' ? identityOf(address) : null;
    else unknown[name] = true;
  }
  for (const [name, value] of Object.entries(values)) {
    delete unknown[name];
    if (exists) after[name] = linked(value, module);
    else if (linksIn(value)) {
      delete after[name];
      unknown[name] = true;
    } else {
      after[name] = without(value);
      if (typeof value === 'object' && value !== null) unknown[name] = marks(value);
    }
  }
  return { after, unknown, sensitive };
}

/** A link, or a set with one: such a set is unknown as a whole. */
const linksIn = (value: Value): boolean => value instanceof Link || (Array.isArray(value) && value.some((item) => item instanceof Link));

/** With each link as the id that it stands for. */
function linked(value: Value, module: string): unknown {
  if (value instanceof Link) return identityOf(`${module}.${value.to}`);
  if (Array.isArray(value)) return value.map((item: Value) => linked(item, module));
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, linked(item, module)])) : value;
}

/** Without links: what a plan knows. */
function without(value: Value): unknown {
  if (Array.isArray(value)) return value.map((item: Value) => without(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as Values).filter(([, item]) => !linksIn(item)).map(([key, item]) => [key, without(item)]));
}

/** The links in the form of `after_unknown`. */
function marks(value: Value): unknown {
  if (Array.isArray(value)) return value.map((item: Value) => marks(item));
  if (typeof value !== 'object' || value === null) return false;
  return Object.fromEntries(Object.entries(value as Values).flatMap(([key, item]) => (linksIn(item) ? [[key, true]] : typeof item === 'object' && item !== null ? [[key, marks(item)]] : [])));
}

/** An id that looks like the clouds' own: a different one per address. */
function identityOf(address: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < address.length; at++) hash = BigInt.asUintN(64, (hash ^ BigInt(address.charCodeAt(at))) * 0x100000001b3n);
  const type = /([a-z_]+)\.[^.]+$/.exec(address)?.[1] ?? '';
  const digits = hash.toString(16).padStart(17, '0');
  if (type.startsWith('google_')) return `projects/acme/${type}/${digits}`;
  return type.startsWith('azurerm_') ? `/subscriptions/00000000-0000-0000-0000-000000000000/${type}/${digits}` : `${type.slice(4).split('_').map((word) => word[0]).join('')}-${digits}`;
}

function words(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}
