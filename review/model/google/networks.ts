/** Networks and subnets: those that the plan makes, and those that it only names. */
import { mayBeElsewhere, projectsOf } from './own-project';
import { accountOf } from '../../plan/accounts';
import { composedIdentity } from '../../plan/composed-identity';
import { canonicalIdentity } from '../../plan/identity';
import type { AttributePath } from '../../plan/attribute-path';
import { own } from '../../plan/json';
import type { References, Resource, ResourceGraph } from '../../plan/resource-graph';
import { baseName, flagAt, hiddenAt, hiddenStack, inSameProject, nameOf, regionOf, textAt, whyElsewhere } from './reading';

export interface GoogleNetwork {
  /** The Terraform address; of a network that the plan only names, its name. */
  readonly address: string;
  readonly name: string;
  readonly resource?: Resource;
  /** True when its rules and routes are not, or not all, in the plan. */
  readonly isForeign: boolean;
  /** The network that every project starts with: not in the plan, but everybody knows what it is like. */
  readonly isDefault: boolean;
  readonly isAuto: boolean;
  /** Whether Google's own route 0.0.0.0/0 is there. */
  readonly keepsDefaultRoute: boolean;
  /** True when policies are evaluated before classic rules. Default: after them. */
  readonly policiesFirst: boolean;
  /** Why policies may be evaluated the other way round. */
  readonly orderDoubt?: string;
  /** Why the default route may be there, or not. */
  readonly doubt?: string;
}

export interface GoogleSubnet {
  readonly address: string;
  readonly name: string;
  readonly resource?: Resource;
  /** More than one where the plan does not tell which. */
  readonly networks: readonly GoogleNetwork[];
  /** Of these the one that is most likely meant. Absent: none is likelier than the others. */
  readonly likely?: readonly GoogleNetwork[];
  readonly region?: string;
  /** True where the plan does not tell the region; without one it is otherwise that of the provider's configuration. */
  readonly isRegionHidden?: true;
  /** Primary and secondary ranges, as far as known. */
  readonly cidrs: readonly string[];
  readonly primary?: string;
  /** `none`: IPv4 only. */
  readonly ipv6: 'none' | 'internal' | 'external';
  readonly hasIpv4: boolean;
  readonly hasPrivateAccess: boolean;
  /** By its purpose: subnets for proxies and for published services cannot hold machines. */
  readonly canHoldMachines: boolean;
  /** The same, and nobody says that it is kept for addresses of services. */
  readonly holdsMachines: boolean;
  readonly isForeign: boolean;
  /** What goes to addresses of it that nobody has may follow other routes. https://cloud.google.com/vpc/docs/hybrid-subnets */
  readonly isHybrid: boolean;
}

/** A region: a known one, the one of the provider's configuration where nobody writes one, or one that the plan does not tell. */
export interface Where {
  readonly region?: string;
  readonly isRegionHidden?: true;
}

const NETWORK_TYPES = ['google_compute_network'];
const SUBNET_TYPES = ['google_compute_subnetwork'];

/** Finds networks and subnets by whatever way a resource names them. */
export class Networks {
  readonly networks: GoogleNetwork[] = [];
  readonly subnets: GoogleSubnet[] = [];
  private readonly byKey = new Map<string, GoogleNetwork>();
  private readonly subnetByKey = new Map<string, GoogleSubnet>();
  private readonly last = new LastAnswers();
  private readonly byNetwork = new Map<GoogleNetwork, GoogleSubnet[]>();
  /** Whether all is of one project, as far as the plan tells: then there is one default network. */
  private readonly isOneProject: boolean;

  constructor(private readonly graph: ResourceGraph) {
    this.isOneProject = projectsOf(graph).size < 2 && graph.resources.every(({ file }) => file === '');
    const made = new Map<string, GoogleNetwork>();
    for (const resource of [...graph.ofType('google_compute_network'), ...graph.ofType('google_compute_network', 'data')]) {
      const same = sameAs(resource, made) ?? this.defaultOf(resource);
      if (same) this.byKey.set(resource.address, same);
      else identify(resource, this.addNetwork(networkOf(resource)), made);
    }
    const madeSubnets = new Map<string, GoogleSubnet>();
    for (const resource of [...graph.ofType('google_compute_subnetwork'), ...graph.ofType('google_compute_subnetwork', 'data')]) {
      const same = sameAs(resource, madeSubnets);
      if (same) this.subnetByKey.set(resource.address, same);
      else identify(resource, this.addSubnet(this.subnetOf(resource, graph)), madeSubnets);
    }
  }

  private subnetOf(resource: Resource, graph: ResourceGraph): GoogleSubnet {
    const networks = this.namedAt(resource, 'network');
    return subnetOf(resource, networks, networks.length > 1 ? this.likelyAt(resource, 'network') : undefined, regionOf(resource, graph));
  }

  /** Reading the network that every project starts with says no more of it than its name does. */
  private defaultOf(resource: Resource): GoogleNetwork | undefined {
    if (resource.mode !== 'data' || textAt(resource, 'name') !== 'default') return undefined;
    return this.foreign([textAt(resource, 'self_link'), textAt(resource, 'id')].find((text) => text !== undefined && baseName(text) === 'default') ?? this.nameOfOwn(resource, 'default', 'global/networks'));
  }

  subnetsOf(network: GoogleNetwork): readonly GoogleSubnet[] {
    return this.byNetwork.get(network) ?? [];
  }

  /** Where a service goes that names no network. */
  namedOrDefault(resource: Resource): readonly GoogleNetwork[] {
    return [this.foreign(this.nameOfOwn(resource, 'default', 'global/networks'))];
  }

  /** A network of which the plan has not even the name. */
  stranger(text: string): readonly GoogleNetwork[] {
    return [this.foreign(text)];
  }

  /** Those that a text means which stands where no path leads: a name, or `projects/p/global/networks/n`. */
  called(text: string): readonly GoogleNetwork[] {
    const known = this.networks.filter(({ name, isDefault }) => !isDefault && name === baseName(text));
    return meant(known, text, () => this.foreign(text));
  }

  /** The same for subnets. */
  subnetsCalled(text: string): readonly GoogleSubnet[] {
    return meant(this.subnets.filter(({ name }) => name === baseName(text)), text, () => this.foreignSubnet(text));
  }

  /** The networks that a path names; empty when it names none. */
  namedAt(resource: Resource, path: AttributePath | string): readonly GoogleNetwork[] {
    const text = textAt(resource, path);
    const hidden = hiddenAt(resource, path);
    if (text === undefined && hidden === undefined) return [];
    const { targets, unknown } = this.last.of(resource, path, NETWORK_TYPES);
    // A name alone means a network of the resource's own project.
    const meantBy = text === undefined || text.includes('/') ? targets : inSameProject(resource, targets);
    const known = [...new Set(meantBy.flatMap((target) => this.byKey.get(target.address) ?? []))];
    const isRead = targets.every(({ mode }) => mode === 'data');
    if (mayBeElsewhere(resource, path, meantBy, this.graph)) return [...known, this.foreign(`projects/${textAt(resource, 'project') ?? resource.file}/global/networks/${text as string}`)];
    if (known.length > 0 && (unknown === undefined || (text !== undefined && whyElsewhere(resource, { targets, unknown }) === undefined) || isRead)) return known;
    if (text !== undefined) {
      const near = this.inProject(resource, text);
      return near.length > 0 ? near : [...known, ...this.namesakes(text), this.foreign(this.nameOfOwn(resource, text, 'global/networks'))];
    }
    // It may be any of those that the plan makes, or one that it does not have.
    const candidates = known.length > 0 ? known : this.networks.filter(({ isForeign, isDefault }) => !isForeign && !isDefault);
    return [...candidates, this.foreign(`the network of ${resource.address}`)];
  }

  /**
   * Of several networks that a path may mean the one that it most likely means, as `google_compute_network.n[each.key]`
   * means the one with the same key: no ground to call anything closed. Undefined where none is likelier.
   */
  likelyAt(resource: Resource, path: AttributePath | string): readonly GoogleNetwork[] | undefined {
    return this.likelier(resource, path, NETWORK_TYPES, this.byKey);
  }

  /** The same for subnets. */
  likelySubnetsAt(resource: Resource, path: AttributePath | string): readonly GoogleSubnet[] | undefined {
    return this.likelier(resource, path, SUBNET_TYPES, this.subnetByKey);
  }

  private likelier<T>(resource: Resource, path: AttributePath | string, types: readonly string[], known: ReadonlyMap<string, T>): readonly T[] | undefined {
    if (hiddenAt(resource, path) === undefined) return undefined;
    const { targets, likely } = this.last.of(resource, path, types);
    const found = targets.length > 1 && likely.length === 1 ? known.get((likely[0] as Resource).address) : undefined;
    return found === undefined ? undefined : [found];
  }

  /** What `global/networks/n` means, which names no project and so is in the resource's own. */
  private inProject(resource: Resource, text: string): readonly GoogleNetwork[] {
    const name = /^global\/networks\/([^/]+)$/.exec(text)?.[1];
    if (name === undefined) return [];
    const project = textAt(resource, 'project');
    return this.networks.filter((network) => network.name === name && network.resource?.mode === 'managed' && isOfProject(network.resource, project));
  }

  /** Of `projects/p/global/networks/n` those called `n` that do not tell their project. */
  private namesakes(text: string): readonly GoogleNetwork[] {
    const name = baseName(text);
    return name === text ? [] : this.networks.filter(({ resource, name: own }) => own === name && resource !== undefined && textAt(resource, 'project') === undefined);
  }

  /** The subnets that a path names. A subnet from elsewhere is in a network from elsewhere. */
  subnetsAt(resource: Resource, path: AttributePath | string): readonly GoogleSubnet[] {
    const text = textAt(resource, path);
    const hidden = hiddenAt(resource, path);
    if (text === undefined && hidden === undefined) return [];
    const { targets, unknown } = this.last.of(resource, path, SUBNET_TYPES);
    // A name alone means a subnet of the resource's own project, or of the one that is named beside: here, or in another plan.
    const isBare = text !== undefined && !text.includes('/');
    const host = isBare ? hostProject(resource, path) : undefined;
    const meantBy = !isBare ? targets : host === undefined ? inSameProject(resource, targets) : targets.filter((target) => (textAt(target, 'project') ?? host) === host);
    if (host !== undefined && meantBy.length === 0) return [this.foreignSubnet(`projects/${host}/subnetworks/${text as string}`)];
    const known = [...new Set(meantBy.flatMap((target) => this.subnetByKey.get(target.address) ?? []))];
    const isRead = targets.every(({ mode }) => mode === 'data');
    if (host === undefined && mayBeElsewhere(resource, path, meantBy, this.graph)) return [...known, this.foreignSubnet(`projects/${textAt(resource, 'project') ?? resource.file}/subnetworks/${text as string}`)];
    if (known.length > 0 && (unknown === undefined || (text !== undefined && whyElsewhere(resource, { targets, unknown }) === undefined) || isRead)) return known;
    const near = text === undefined ? [] : this.inRegion(resource, text);
    if (near.length > 0) return near;
    return [...known, this.foreignSubnet(text === undefined ? `${resource.address}'s subnet` : this.nameOfOwn(resource, text, 'subnetworks'))];
  }

  /** What `regions/r/subnetworks/s` means, which names no project and so is in the resource's own; with one, those that do not tell theirs may be meant. */
  private inRegion(resource: Resource, text: string): readonly GoogleSubnet[] {
    const [, stated, region, name] = /^(?:projects\/([^/]+)\/)?regions\/([^/]+)\/subnetworks\/([^/]+)$/.exec(canonicalIdentity(text)) ?? [];
    if (name === undefined) return [];
    const project = stated ?? textAt(resource, 'project');
    const near = this.subnets.filter((subnet) => subnet.name === name && subnet.resource?.mode === 'managed' && (subnet.region ?? region) === region && isOfProject(subnet.resource, project));
    return stated === undefined || near.length === 0 ? near : [...near, this.foreignSubnet(text)];
  }

  /** Every project has a default network, and those of two have nothing in common: whose it is, where the plan tells, else of which file. */
  private nameOfOwn(resource: Resource, text: string, collection: string): string {
    if (text !== 'default' || this.isOneProject) return text;
    const project = accountOf(resource, this.graph.providerAccounts);
    if (project !== undefined) return `projects/${project}/${collection}/default`;
    return resource.file === '' ? text : `${resource.file}/default`;
  }

  /** `id`: what tells it from others of the same words. */
  private foreign(text: string, id = ''): GoogleNetwork {
    const key = canonicalIdentity(id === '' ? text : `the network of ${id}`);
    const owner = /^the network (of .*)$/.exec(text)?.[1];
    const name = owner ?? baseName(key);
    const found = this.byKey.get(key);
    if (found) return found;
    const isDefault = name === 'default';
    return this.addNetwork({
      address: isDefault ? `the default network${this.isOneProject || key === name ? '' : ` of ${key.replace(/^projects\/([^/]+)\/.*$|:\/default$/, '$1') || key}`}` : key, name, isForeign: !isDefault, isDefault, isAuto: isDefault, keepsDefaultRoute: true, policiesFirst: false,
    }, key);
  }

  private foreignSubnet(text: string): GoogleSubnet {
    const key = canonicalIdentity(text);
    const found = this.subnetByKey.get(key);
    if (found) return found;
    // An auto-mode network names its subnets like itself.
    const network = baseName(key) === 'default' ? this.foreign(this.isOneProject ? 'default' : key.replace(/^(projects\/[^/]+)\/.*$/, '$1/global/networks/default')) : this.foreign(`the network of subnet ${baseName(key)}`, key);
    return this.addSubnet({
      address: key, name: baseName(key), networks: [network], isRegionHidden: true, cidrs: [], ipv6: 'none', hasIpv4: true, hasPrivateAccess: true, canHoldMachines: true, holdsMachines: true, isForeign: true, isHybrid: false,
    });
  }

  private addNetwork(network: GoogleNetwork, key = network.address): GoogleNetwork {
    this.networks.push(network);
    this.byKey.set(key, network);
    return network;
  }

  private addSubnet(subnet: GoogleSubnet): GoogleSubnet {
    this.subnets.push(subnet);
    this.subnetByKey.set(subnet.address, subnet);
    for (const network of subnet.networks) {
      const others = this.byNetwork.get(network);
      if (others) others.push(subnet);
      else this.byNetwork.set(network, [subnet]);
    }
    return subnet;
  }
}

/** The last answer of either type: who asks what may be meant asks what is likely next. */
class LastAnswers {
  private readonly kept = new Map<readonly string[], { readonly resource: Resource; readonly path: AttributePath | string; readonly answer: References }>();

  of(resource: Resource, path: AttributePath | string, types: readonly string[]): References {
    const last = this.kept.get(types);
    if (last?.resource === resource && String(last.path) === String(path)) return last.answer;
    const answer = resource.references(path, { types });
    this.kept.set(types, { resource, path, answer });
    return answer;
  }
}

/** Where either of them is not told, both may be of one project. */
function isOfProject(resource: Resource, project: string | undefined): boolean {
  return project === undefined || (textAt(resource, 'project') ?? project) === project;
}

/** Of namesakes those of the project that a text names, and something from elsewhere where one of them does not tell its own. */
function meant<T extends { readonly resource?: Resource }>(namesakes: readonly T[], text: string, elsewhere: () => T): readonly T[] {
  const project = /projects\/([^/]+)\//.exec(text)?.[1];
  const projects = namesakes.map(({ resource }) => resource && textAt(resource, 'project'));
  const fitting = namesakes.filter((_, index) => project === undefined || projects[index] === undefined || projects[index] === project);
  const isSure = fitting.length > 0 && (project === undefined || projects.includes(project));
  return isSure ? fitting : [...fitting, elsewhere()];
}

/** `network n`; one of which only is known who is in it is called by that. */
export function networkText({ name }: GoogleNetwork): string {
  return name.startsWith('of ') ? `the network ${name}` : `network ${name}`;
}

/** A data source that reads what the plan makes, or what another one reads, is the same thing. */
function sameAs<T>(resource: Resource, made: ReadonlyMap<string, T>): T | undefined {
  return resource.mode === 'data' ? identitiesOf(resource).map((identity) => made.get(identity)).find((each) => each !== undefined) : undefined;
}

function identify<T>(resource: Resource, thing: T, made: Map<string, T>): void {
  for (const identity of identitiesOf(resource)) if (!made.has(identity)) made.set(identity, thing);
}

function identitiesOf(resource: Resource): readonly string[] {
  return [textAt(resource, 'id'), textAt(resource, 'self_link'), composedIdentity(resource.type, resource.values)].flatMap((text) => (text === undefined ? [] : [canonicalIdentity(text)]));
}

function networkOf(resource: Resource): GoogleNetwork {
  const doubt = hiddenAt(resource, 'delete_default_routes_on_create');
  const orderDoubt = hiddenAt(resource, 'network_firewall_policy_enforcement_order');
  return {
    address: resource.address,
    name: nameOf(resource),
    resource,
    isForeign: resource.mode === 'data',
    isDefault: false,
    isAuto: flagAt(resource, 'auto_create_subnetworks') ?? resource.mode === 'managed',
    keepsDefaultRoute: flagAt(resource, 'delete_default_routes_on_create') !== true || wasMadeWithRoutes(resource),
    policiesFirst: textAt(resource, 'network_firewall_policy_enforcement_order') === 'BEFORE_CLASSIC_FIREWALL',
    ...(orderDoubt === undefined ? {} : { orderDoubt }),
    ...(doubt === undefined ? {} : { doubt }),
  };
}

/**
 * The flag acts while a network is made. Setting it later is an update in place that deletes nothing.
 * https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/compute_network#delete_default_routes_on_create-1
 */
function wasMadeWithRoutes({ before, action }: Resource): boolean {
  return before !== undefined && action !== 'replace' && own(before, 'delete_default_routes_on_create') !== true;
}

/** How our blueprint marks a subnet that only addresses of services are in. Machines of the plan that are there count all the same. */
const ENDPOINTS_ONLY = 'Endpoints only: no machine belongs here';
/** https://cloud.google.com/vpc/docs/subnets#purpose: everything else is for proxies, NAT and Private Service Connect. */
const FOR_MACHINES = new Set(['PRIVATE', 'PRIVATE_RFC_1918', 'PEER_MIGRATION', '']);

function subnetOf(resource: Resource, networks: readonly GoogleNetwork[], likely: readonly GoogleNetwork[] | undefined, region: string | undefined): GoogleSubnet {
  const primary = textAt(resource, 'ip_cidr_range');
  const secondary = resource.elements('secondary_ip_range').flatMap((path) => textAt(resource, [...path, 'ip_cidr_range']) ?? []);
  const stack = textAt(resource, 'stack_type') ?? (hiddenStack(resource, 'stack_type') ? 'IPV4_IPV6' : 'IPV4_ONLY');
  const access = textAt(resource, 'ipv6_access_type');
  const hasIpv6 = stack !== 'IPV4_ONLY' || access !== undefined;
  const canHoldMachines = FOR_MACHINES.has(textAt(resource, 'purpose') ?? '');
  return {
    address: resource.address,
    name: nameOf(resource),
    resource,
    networks,
    ...(likely === undefined ? {} : { likely }),
    ...(region !== undefined ? { region } : resource.mode === 'data' || hiddenAt(resource, 'region') !== undefined ? { isRegionHidden: true as const } : {}),
    cidrs: [...(primary === undefined ? [] : [primary]), ...secondary],
    ...(primary === undefined ? {} : { primary }),
    // Without a type the addresses may be public ones.
    ipv6: !hasIpv6 ? 'none' : access === 'INTERNAL' ? 'internal' : 'external',
    hasIpv4: stack !== 'IPV6_ONLY',
    hasPrivateAccess: flagAt(resource, 'private_ip_google_access') ?? hiddenAt(resource, 'private_ip_google_access') !== undefined,
    canHoldMachines,
    holdsMachines: canHoldMachines && textAt(resource, 'description') !== ENDPOINTS_ONLY,
    isForeign: resource.mode === 'data',
    isHybrid: flagAt(resource, 'allow_subnet_cidr_routes_overlap') ?? hiddenAt(resource, 'allow_subnet_cidr_routes_overlap') !== undefined,
  };
}

/** Where something in one of these subnets stands, as far as they tell. */
export function regionOfAll(subnets: readonly GoogleSubnet[]): Where {
  const [first] = subnets;
  if (!first || subnets.some(({ region, isRegionHidden }) => isRegionHidden === true || region !== first.region)) return { isRegionHidden: true };
  return first.region === undefined ? {} : { region: first.region };
}

/** The ranges of all of these subnets; nothing where one of them does not tell its own. */
export function rangesOfAll(subnets: readonly GoogleSubnet[]): { readonly cidrs?: readonly string[] } {
  return subnets.length === 0 || subnets.some(({ primary }) => primary === undefined) ? {} : { cidrs: subnets.flatMap(({ cidrs }) => cidrs) };
}

/** The host project that a Shared VPC's subnet is named with; its number tells nothing here. https://cloud.google.com/vpc/docs/shared-vpc */
function hostProject(resource: Resource, path: AttributePath | string): string | undefined {
  const steps = typeof path === 'string' ? [path] : path;
  const project = steps.at(-1) === 'subnetwork' ? textAt(resource, [...steps.slice(0, -1), 'subnetwork_project']) : undefined;
  return project === undefined || /^\d+$/.test(project) ? undefined : project;
}
