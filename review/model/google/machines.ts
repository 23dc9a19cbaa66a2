/** Virtual machines and their templates: every network interface with its tags, accounts and addresses. */
import { groupBy } from '../../group-by';
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Having, Interface, LentAddress } from './interfaces';
import { backendMachines, type LentAddresses } from './passthrough-balancers';
import { DEFAULT_ACCOUNT, hasKeys, joinKeys, keysAt, keysOf, NO_KEYS, unknownKeys, type Keys } from './keys';
import { ACCOUNT_TYPES, TAG_TYPES } from './firewall-rule';
import { tagText } from './named-tags';
import { rangesOfAll, regionOfAll, type GoogleNetwork, type GoogleSubnet, type Networks } from './networks';
import { baseName, flagAt, hiddenAt, hiddenBlockAt, hiddenStack, textAt, whyElsewhere } from './reading';

/** A way out past every network of the project. */
export interface DirectWay {
  readonly reason: string;
  /** False where the plan does not tell whether it is there. */
  readonly isSure: boolean;
}

/** Something in the plan that runs somebody's code. */
export interface Workload {
  readonly address: string;
  readonly resource: Resource;
  /** Empty when it is in no network of the project. */
  readonly interfaces: readonly Interface[];
  /** Traffic that leaves from Google's own network, without passing any of the project. */
  readonly leavesDirectly?: DirectWay;
  /** Why nothing of it leaves, where it is in no network. Absent there: nobody knows what becomes of it. */
  readonly staysInside?: string;
  readonly zone?: string;
}

const MACHINES = [
  'google_compute_instance', 'google_compute_instance_template', 'google_compute_region_instance_template',
  'google_compute_instance_from_template', 'google_compute_instance_from_machine_image',
];

export function machines(graph: ResourceGraph, networks: Networks, lent: LentAddresses): readonly Workload[] {
  const bindings = tagBindings(graph);
  const used = usedTemplates(graph);
  const backends = backendMachines(graph);
  return [
    ...MACHINES.flatMap((type) => graph.ofType(type)).filter((resource) => !used.has(resource)).map((resource) => machine(resource, networks, bindings.get(resource) ?? NO_KEYS, lent.get(resource), backends.has(resource))),
    ...MANAGERS.flatMap((type) => graph.ofType(type)).filter((manager) => isOfForeignTemplate(manager)).map((resource): Workload => ({ address: resource.address, resource, interfaces: [] })),
  ];
}

const MANAGERS = ['google_compute_instance_group_manager', 'google_compute_region_instance_group_manager'];

/** Templates that stand for nothing, because the machines that are made from them do so themselves. */
function usedTemplates(graph: ResourceGraph): ReadonlySet<Resource> {
  const made = new Set(graph.ofType('google_compute_instance_from_template').flatMap((machine) => {
    const { targets, exact } = machine.references('source_instance_template', { types: MACHINES });
    return exact && targets.length === 1 ? targets : [];
  }));
  if (made.size === 0) return made;
  for (const manager of MANAGERS.flatMap((type) => graph.ofType(type))) for (const path of templatesOf(manager)) for (const template of manager.references(path, { types: MACHINES }).targets) made.delete(template);
  return made;
}

/** Where a group manager names its templates. */
function templatesOf(manager: Resource): readonly AttributePath[] {
  const versions = manager.elements('version').map((path): AttributePath => [...path, 'instance_template']);
  return [...(versions.length > 0 ? versions : [['version']]), ['instance_template']];
}

/** A template that the plan has stands for its machines; of any other nobody knows the network. */
function isOfForeignTemplate(manager: Resource): boolean {
  return templatesOf(manager).some((path) => {
    if (textAt(manager, path) === undefined && manager.unknownAt(path) === undefined) return false;
    const references = manager.references(path, { types: MACHINES });
    return whyElsewhere(manager, references) !== undefined || !references.targets.some(({ mode }) => mode === 'managed');
  });
}

/** Tags that a binding gives to a machine after it is made. */
function tagBindings(graph: ResourceGraph): ReadonlyMap<Resource, Keys> {
  const found = new Map<Resource, Keys>();
  const made = new MadeMachines(graph);
  for (const type of ['google_tags_location_tag_binding', 'google_tags_tag_binding']) {
    for (const binding of graph.ofType(type)) {
      const { targets, isSure } = boundTo(binding, made);
      for (const target of targets) {
        const tags = keysAt(binding, ['tag_value'], TAG_TYPES);
        found.set(target, joinKeys([found.get(target) ?? NO_KEYS, isSure ? tags : { ...tags, sure: new Set(), maybe: new Set([...tags.sure, ...tags.maybe]) }]));
      }
    }
  }
  return found;
}

/** The machines of a plan, by their numbers and by zone and name. */
class MadeMachines {
  private byNumber?: ReadonlyMap<string, Resource>;
  private byPlace?: ReadonlyMap<string, readonly Resource[]>;

  constructor(private readonly graph: ResourceGraph) {}

  get all(): readonly Resource[] {
    return MACHINES.flatMap((type) => this.graph.ofType(type));
  }

  numbered(number: string): Resource | undefined {
    return (this.byNumber ??= new Map(this.all.map((resource) => [textAt(resource, 'instance_id') ?? resource.address, resource]))).get(number);
  }

  /** @param zone none for an instance of any */
  called(zone: string, name: string): readonly Resource[] {
    this.byPlace ??= groupBy(this.all, (resource) => `${baseName(textAt(resource, 'zone') ?? '')}/${textAt(resource, 'name') ?? ''}`);
    return this.byPlace.get(`${zone}/${name}`) ?? [];
  }
}

/**
 * A state has no references, and in `…/instances/123` the number that Google gave the machine; a first plan has no ids, and what is written there may
 * be the machine's name. Of what the apply finds, nobody knows which machine it is.
 */
function boundTo(binding: Resource, made: MadeMachines): { readonly targets: readonly Resource[]; readonly isSure: boolean } {
  const { targets } = binding.references('parent', { types: MACHINES });
  const parent = textAt(binding, 'parent');
  if (targets.length > 0) return { targets, isSure: true };
  if (parent === undefined) {
    // Machines have places, and their projects numbers.
    const isOfOthers = binding.type !== 'google_tags_location_tag_binding' || binding.references('parent').targets.some(({ mode, type }) => mode === 'managed' && type !== 'terraform_data' && type !== 'google_project');
    return { targets: hiddenAt(binding, 'parent') === undefined || isOfOthers ? [] : made.all, isSure: false };
  }
  const own = made.numbered(baseName(parent));
  if (own) return { targets: [own], isSure: true };
  const [, project, zone, name] = /\/projects\/([^/]+)\/zones\/([^/]+)\/instances\/([^/]+)$/.exec(parent) ?? [];
  if (zone === undefined || name === undefined) return { targets: [], isSure: true };
  const called = made.called(zone, name).filter((machine) => [project, undefined].includes(textAt(machine, 'project')) || /^\d+$/.test(project as string));
  return { targets: called, isSure: called.length === 1 && called.every((machine) => textAt(machine, 'project') === project) };
}

function machine(resource: Resource, networks: Networks, bound: Keys, lent: readonly LentAddress[] | undefined, isBackend: boolean): Workload {
  const template = resource.type.endsWith('from_template') ? resource.references('source_instance_template', { types: MACHINES }).targets : [];
  // What a machine from a template does not say itself, the template says.
  const ownOrTemplate = (path: AttributePath): readonly Resource[] => (resource.elements(path).length > 0 || template.length === 0 ? [resource] : template);
  const inherited = template.length > 0 ? undefined : inheritedFrom(resource);
  const perhaps = (...path: AttributePath): readonly Keys[] => (inherited !== undefined && resource.elements(path).length === 0 && hiddenAt(resource, path) === undefined ? [unknownKeys(inherited)] : []);
  const zone = textAt(resource, 'zone');
  const region = zone === undefined ? textAt(resource, 'region') : baseName(zone).replace(/-[a-z0-9]+$/, '');
  const carrier = {
    networkTags: joinKeys([...perhaps('tags'), ...ownOrTemplate(['tags']).map((source) => keysAt(source, ['tags'], []))]),
    secureTags: joinKeys([bound, ...perhaps('params'), ...[resource, ...template].flatMap((source) => [
      tagsAt(source, ['params', 0, 'resource_manager_tags']), tagsAt(source, ['resource_manager_tags']),
    ])]),
    accounts: joinKeys([...perhaps('service_account'), ...ownOrTemplate(['service_account']).map((source) => (source.elements('service_account').length === 0 ? keysAt(source, ['service_account', 0, 'email'], ACCOUNT_TYPES) : accountAt(source, ['service_account', 0, 'email'])))]),
  };
  const interfaces = ownOrTemplate(['network_interface']).flatMap((source) => source.elements('network_interface').flatMap((path) => interfacePlaces(source, path, networks).map((place): Interface => {
    const { named, subnets, doubt } = nearby(place, region);
    const from = regionOfAll(subnets);
    const stack = textAt(source, [...path, 'stack_type']);
    const ip = textAt(source, [...path, 'network_ip']);
    const mayForward = flagAt(source, 'can_ip_forward') === true || hiddenAt(source, 'can_ip_forward') !== undefined;
    const mayHaveIpv6 = subnets.some(({ ipv6, isForeign }) => ipv6 !== 'none' || isForeign);
    // In a subnet without IPv4 there is nothing else to have.
    const withoutIpv4 = subnets.filter((subnet) => !subnet.hasIpv4);
    const isOnlyIpv6 = subnets.length > 0 && withoutIpv4.length === subnets.length;
    const isAsked = stack === undefined ? hiddenStack(source, [...path, 'stack_type']) !== undefined || source.elements([...path, 'ipv6_access_config']).length > 0 : stack !== 'IPV4_ONLY';
    const wantsIpv6 = isOnlyIpv6 || isAsked;
    // It may be in one of these, and then has nothing but IPv6.
    const mayNeedIpv6 = !wantsIpv6 && stack === undefined && withoutIpv4.length > 0 ? { unknown: whichSubnet(resource) } : undefined;
    return {
      address: resource.address,
      networks: named,
      subnets,
      carrier: { ...carrier, ...(mayForward ? { forwards: true as const } : {}), ...(from.region !== undefined || region === undefined ? from : { region: baseName(region) }), ...(isBackend ? rangesOfAll(subnets) : sourcesOf(source, path, subnets)) },
      hasIpv4: stack === 'IPV6_ONLY' || isOnlyIpv6 ? 'no' : 'yes',
      publicIpv4: publicAddress(source, [...path, 'access_config']),
      hasIpv6: mayHaveIpv6 && wantsIpv6 ? 'yes' : mayNeedIpv6 ?? 'no',
      publicIpv6: !mayHaveIpv6 || !wantsIpv6 ? (withoutIpv4.some(({ ipv6 }) => ipv6 === 'external') ? mayNeedIpv6 : undefined) ?? 'no' : publicIpv6(source, path, subnets),
      ips: ip === undefined ? [] : [ip],
      ...(mayForward ? { forwards: true as const } : hasNoAliases(source, path) ? { isOfPrimary: true as const } : {}),
      ...(lent ? { lent } : {}),
      ...(doubt === undefined ? {} : { doubt }),
    };
  })));
  return { address: resource.address, resource, interfaces: interfaces.length > 0 ? interfaces : unknownInterface(resource, networks, { ...carrier, ...(region === undefined ? { isRegionHidden: true as const } : { region: baseName(region) }) }), ...(zone === undefined ? {} : { zone: baseName(zone) }) };
}

/**
 * Where one machine has one address that the plan knows, it sends from no other one of its subnet. A template's machines have each their own.
 * https://cloud.google.com/vpc/docs/using-routes#canipforward
 */
function sourcesOf(source: Resource, path: AttributePath, subnets: readonly GoogleSubnet[]): { readonly cidrs?: readonly string[] } {
  const ip = textAt(source, [...path, 'network_ip']);
  const all = rangesOfAll(subnets);
  if (ip === undefined || !/^\d+(?:\.\d+){3}$/.test(ip) || source.type !== 'google_compute_instance' || !hasNoAliases(source, path)) return all;
  return { cidrs: [`${ip}/32`, ...(all.cidrs ?? []).filter((cidr) => cidr.includes(':'))] };
}

function hasNoAliases(source: Resource, path: AttributePath): boolean {
  const aliases = [...path, 'alias_ip_range'];
  return /_(instance|instance_template)$/.test(source.type) && source.elements(aliases).length === 0 && hiddenBlockAt(source, aliases) === undefined;
}

const SOURCES = [['from_template', 'source_instance_template'], ['from_machine_image', 'source_machine_image']] as const;

/**
 * Why a machine has tags and an account that it does not say itself: until it is made no plan shows what a template or an
 * image that is not in the plan gives it. https://cloud.google.com/compute/docs/machine-images/create-instance-from-machine-image
 */
function inheritedFrom(resource: Resource): string | undefined {
  const path = SOURCES.find(([kind]) => resource.type.endsWith(kind))?.[1];
  const isNew = resource.action === 'create' || resource.action === 'replace' || resource.action === 'unplanned';
  return path !== undefined && isNew ? `what ${textAt(resource, path) ?? 'its source'} gives ${resource.address} is not in the plan` : undefined;
}

/** Whatever stands in a subnet stands in one of its own region: of several that may be meant, the others are not. */
function nearby(place: Place, region: string | undefined): Place {
  if (region === undefined || place.subnets.length < 2) return place;
  const near = place.subnets.filter((subnet) => subnet.region === undefined || subnet.region === baseName(region));
  if (near.length === 0) return place;
  const left = (network: GoogleNetwork) => near.some((subnet) => subnet.networks.includes(network)) || !place.subnets.some((subnet) => subnet.networks.includes(network));
  return { ...place, named: place.named.filter(left), subnets: near };
}

/** A machine has an interface, even where a plan does not show it. */
function unknownInterface(resource: Resource, networks: Networks, carrier: Interface['carrier']): readonly Interface[] {
  const reason = hiddenBlockAt(resource, 'network_interface') ?? `${resource.address}: its network interfaces are not in the plan`;
  const hidden = hiddenBlockAt(resource, 'network_interface') !== undefined;
  const said = [...networks.namedAt(resource, 'network'), ...(hidden ? networks.namedAt(resource, 'network_interface') : [])];
  const subnets = hidden && said.length === 0 ? networks.subnetsAt(resource, ['network_interface']) : [];
  const own = [...new Set([...said, ...subnets.flatMap((subnet) => subnet.networks)])];
  // It is in some network, and which ones there are is all that is known.
  const all = own.length > 0 || !hidden ? own : networks.networks;
  const named = all.length > 0 ? all : networks.stranger(`the network of ${resource.address}`);
  const possible = hidden ? named.flatMap((network) => networks.subnetsOf(network)) : [];
  const isAnywhere = !hidden && own.length === 0;
  const ipv6 = isAnywhere || possible.some((subnet) => subnet.ipv6 !== 'none') ? { unknown: reason } : 'no';
  return [{
    address: resource.address, networks: named, subnets: possible, carrier, hasIpv4: 'yes', publicIpv4: { unknown: reason }, hasIpv6: ipv6, publicIpv6: ipv6, ips: [],
  }];
}

export function tagsAt(resource: Resource, path: AttributePath): Keys {
  const values = resource.valueAt(path);
  const hidden = hiddenAt(resource, path);
  if ((typeof values !== 'object' || values === null) && hidden === undefined) return NO_KEYS;
  const { targets, exact, unknown } = resource.references(path, { types: TAG_TYPES });
  const literal = typeof values === 'object' && values !== null ? Object.entries(values).flatMap(([key, value]) => (typeof value === 'string' && value !== '' ? [tagText(key, value)] : [])) : [];
  const sure = exact || (targets.length === 1 && unknown === undefined);
  const foreign = literal.filter((text) => targets.length === 0 || text.includes('=') || !resource.hasUnknown(path) && targets.every((target) => textAt(target, 'id') !== text && textAt(target, 'name') !== text));
  const known = keysOf([...(sure ? targets.map(({ address }) => address) : []), ...foreign]);
  if (sure) return known;
  const reason = targets.length === 0 && literal.length === 0 ? unknown ?? hidden : undefined;
  return { ...known, maybe: new Set(targets.map(({ address }) => address)), ...(reason === undefined ? {} : { unknown: reason }) };
}

/** Where something stands: in one of these subnets. */
export interface Place {
  readonly named: readonly GoogleNetwork[];
  readonly subnets: readonly GoogleSubnet[];
  /** Why it may not: another place is likelier. */
  readonly doubt?: string;
}

/** A machine's interface in its own networks, or in those of somebody else who gave it an attachment. */
function interfacePlaces(source: Resource, path: AttributePath, networks: Networks): readonly Place[] {
  const own = placesOf(source, path, networks);
  const attached = own.every(({ named }) => named.length === 0) ? attachedTo(source, [...path, 'network_attachment'], networks) : undefined;
  return attached ? [attached] : own;
}

const NAMES = { network: 'network', subnet: 'subnetwork' };

/**
 * Where a block puts something: where it most likely does, and, with the reason, everywhere where it may.
 * A plan tells `google_compute_subnetwork.s[each.key]` from no other choice of a subnet by the key.
 */
export function placesOf(resource: Resource, path: AttributePath, networks: Networks, names: typeof NAMES = NAMES): readonly Place[] {
  const all = placeOf(resource, path, networks, names);
  if (all.subnets.length < 2 && all.named.length < 2) return [all];
  const subnets = networks.likelySubnetsAt(resource, [...path, names.subnet])?.filter((subnet) => all.subnets.includes(subnet)) ?? all.subnets;
  const said = networks.likelyAt(resource, [...path, names.network]) ?? (subnets.some(({ likely }) => likely !== undefined) || subnets.length < all.subnets.length ? subnets.flatMap((subnet) => subnet.likely ?? subnet.networks) : all.named);
  const named = all.named.filter((network) => said.includes(network));
  const inside = subnets.filter((subnet) => subnet.networks.some((network) => named.includes(network)));
  if (named.length === 0 || (named.length === all.named.length && inside.length === all.subnets.length)) return [all];
  return [{ named, subnets: inside }, { ...all, doubt: `which network or subnet ${resource.address} is in is not known before the plan is applied` }];
}

/** Network and subnet of a block; a network without a subnet may be in any of its subnets. */
export function placeOf(resource: Resource, path: AttributePath, networks: Networks, names: typeof NAMES = NAMES): Place {
  const subnets = networks.subnetsAt(resource, [...path, names.subnet]);
  const own = networks.namedAt(resource, [...path, names.network]);
  const fromSubnets = [...new Set(subnets.flatMap((subnet) => subnet.networks))];
  // A shared network's subnet is named by itself; where both are named, the network is the surer one.
  const named = own.length > 0 && !(own.every(({ isForeign }) => isForeign) && fromSubnets.some(({ isForeign }) => !isForeign)) ? narrowed(own, fromSubnets) : fromSubnets;
  const all = subnets.length > 0 || named.length === 0 ? subnets : named.flatMap((network) => networks.subnetsOf(network));
  return nearby({ named, subnets: all }, placedIn(resource));
}

/**
 * The subnets of a network attachment; undefined where none is named. What has an interface by it stands in them as any
 * machine does: the network's rules, routes and NAT hold for it.
 * https://cloud.google.com/vpc/docs/configure-security-network-attachments
 */
export function attachedTo(resource: Resource, path: AttributePath, networks: Networks): Place | undefined {
  if (textAt(resource, path) === undefined && hiddenAt(resource, path) === undefined) return undefined;
  const references = resource.references(path, { types: ['google_compute_network_attachment'] });
  const subnets = references.targets.flatMap((attachment) => {
    const listed = attachment.elements('subnetworks');
    return (listed.length > 0 ? listed : [['subnetworks']]).flatMap((each) => networks.subnetsAt(attachment, each));
  });
  const named = [...new Set(subnets.flatMap((subnet) => subnet.networks))];
  const isSure = named.length > 0 && whyElsewhere(resource, references) === undefined;
  return { named: isSure ? named : [...named, ...networks.stranger(`the network of ${resource.address}`)], subnets };
}

/** The region that a resource says it is in, be it by zone. */
function placedIn(resource: Resource): string | undefined {
  const location = textAt(resource, 'zone') ?? textAt(resource, 'region') ?? textAt(resource, 'location');
  return location === undefined ? undefined : baseName(location).replace(/-[a-z]$/, '');
}

/** Of several networks that may be meant it is one in which its subnets are. That of a subnet from elsewhere may be any from elsewhere. */
function narrowed(own: readonly GoogleNetwork[], fromSubnets: readonly GoogleNetwork[]): readonly GoogleNetwork[] {
  const both = own.length > 1 ? own.filter((network) => fromSubnets.includes(network) || (network.isForeign && fromSubnets.some(({ isForeign }) => isForeign))) : own;
  return both.length > 0 ? both : own;
}

function publicAddress(resource: Resource, path: AttributePath): Having {
  if (resource.elements(path).length > 0) return 'yes';
  const hidden = hiddenBlockAt(resource, path);
  return hidden === undefined ? 'no' : { unknown: hidden };
}

/** Of a subnet with public IPv6 every address of a dual-stack interface is on the internet. It stands in one that has IPv6. */
function publicIpv6(resource: Resource, path: AttributePath, subnets: readonly GoogleSubnet[]): Having {
  return resource.elements([...path, 'ipv6_access_config']).length > 0 ? 'yes' : publicIpv6In(resource, subnets);
}

function publicIpv6In(resource: Resource, subnets: readonly GoogleSubnet[]): Having {
  const possible = subnets.filter(({ ipv6 }) => ipv6 !== 'none');
  if (subnets.some((subnet) => subnet.resource === undefined)) return { unknown: whichSubnet(resource) };
  const outside = possible.filter(({ ipv6 }) => ipv6 === 'external');
  if (outside.length === 0) return 'no';
  return outside.length === possible.length ? 'yes' : { unknown: whichSubnet(resource) };
}

/** Of something that has addresses of both families wherever its subnet has them. */
export function ipv6Of(resource: Resource, subnets: readonly GoogleSubnet[]): Pick<Interface, 'hasIpv6' | 'publicIpv6'> {
  const dual = subnets.filter(({ ipv6 }) => ipv6 !== 'none');
  if (dual.length === 0 && subnets.every((subnet) => subnet.resource !== undefined)) return { hasIpv6: 'no', publicIpv6: 'no' };
  return { hasIpv6: dual.length === subnets.length ? 'yes' : { unknown: whichSubnet(resource) }, publicIpv6: publicIpv6In(resource, subnets) };
}

function whichSubnet({ address }: Resource): string {
  return `which subnet ${address} is in is not known before the plan is applied`;
}

/**
 * The account that a service runs as. Where nobody names one, or names it `default`, it is the default
 * account of Compute Engine. https://cloud.google.com/compute/docs/access/service-accounts#default_service_account
 */
export function accountAt(resource: Resource, path: AttributePath): Keys {
  const named = keysAt(resource, path, ACCOUNT_TYPES);
  return hasKeys(named) && textAt(resource, path) !== 'default' ? named : keysOf([DEFAULT_ACCOUNT]);
}

/** An interface as a managed service makes it. */
export function serviceInterface(
  address: string,
  place: Place,
  keys: { readonly networkTags?: Keys; readonly secureTags?: Keys; readonly accounts?: Keys },
  publicIpv4: Having,
): Interface {
  return {
    address,
    networks: place.named,
    subnets: place.subnets,
    carrier: {
      networkTags: keys.networkTags ?? NO_KEYS, secureTags: keys.secureTags ?? NO_KEYS, accounts: keys.accounts ?? NO_KEYS, ...regionOfAll(place.subnets), ...rangesOfAll(place.subnets),
    },
    hasIpv4: 'yes',
    publicIpv4,
    hasIpv6: 'no',
    publicIpv6: 'no',
    ips: [],
    ...(place.doubt === undefined ? {} : { doubt: place.doubt }),
  };
}

/** `yes` unless the flag that forbids it is set. */
export function publicUnless(resource: Resource, path: AttributePath): Having {
  const flag = flagAt(resource, path);
  const hidden = hiddenAt(resource, path);
  if (flag === true) return 'no';
  return hidden === undefined ? 'yes' : { unknown: hidden };
}
