/** What runs in the network: where each workload stands, in which groups, and whether it has a public address. */
import { append } from '../../append';
import { AddedGroups } from './added-groups';
import type { Family } from '../addresses';
import type { Traffic } from '../traffic';
import { INTERFACE_BLOCKS, INTERFACES, interfacesIn, interfacesOf, strangersOf } from './carried-interfaces';
import { clusterObjects } from './cluster-objects';
import { ContainerMachines } from './container-machines';
import { expanded } from './expanded';
import { isList } from '../../plan/json';
import { toPath, type AttributePath, type PathLike } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { implicitGroup, type AwsGroup, type Groups } from './groups';
import { asksForIpv6 } from './ipv6-addresses';
import { templatesOf } from './launch-templates';
import type { AwsNetwork, Networks } from './networks';
import { choose, everyOf, flagAt, isFound, isHidden, isNothing, isSet, joined, NO_CHOICE, onceNeeded, possible, textAt, type Choice } from './read';
import { FormerParts, isReadBack } from './read-back';
import { queriesOf } from './resolver-endpoints';
import type { AwsSubnet, Subnets } from './subnets';
import { WORKLOAD_KINDS, type WorkloadKind } from './workload-kinds';

export interface AwsWorkload {
  readonly address: string;
  readonly resource: Resource;
  readonly subnets: Choice<AwsSubnet>;
  readonly groups: Choice<AwsGroup>;
  /** True when groups do not apply to it. */
  readonly unfiltered: boolean;
  /** Whether it has a public IPv4 address; undefined when its subnet decides. */
  readonly isPublic?: boolean;
  /** Why it may have none: what asks for one is not known. */
  readonly publicUnknown?: string;
  /** Why it may have one although nothing says so: an address is given to something that only the apply finds. */
  readonly maybePublic?: string;
  /** Why it may send by an interface that is not in the plan. */
  readonly stranger?: string;
  /** Whether it has an IPv6 address wherever the subnet has a block; else only where the subnet gives one. */
  readonly asksForIpv6: boolean;
  /** True for what runs in a network of AWS with a way to the internet, or sends by one. */
  readonly outside: boolean;
  /** See `WorkloadKind`. */
  readonly outsideWords?: string | undefined;
  /** True for what stands in the account's default VPC, because it names no subnet. */
  readonly inDefaultVpc: boolean;
  /** All that it may send, where that is bounded by what it is. */
  readonly sends?: Readonly<Record<Family, Traffic>>;
}

const SUBNETS = { types: ['aws_subnet', 'aws_default_subnet'] };
const GROUPS = { types: ['aws_security_group'] };

/** Of what names subnets and groups for others: see `WorkloadKind.subnetGroup`. */
const SUBNETS_OF_HOLDERS: readonly PathLike[] = ['subnet_ids', 'subnets', ['vpc_config', 0, 'subnet_ids'], ['physical_connection_requirements', 0, 'subnet_id'], ['configuration', 0, 'vpc_egress_configuration', 0, 'subnet_ids']];
const GROUPS_OF_HOLDERS: readonly PathLike[] = ['security_groups', ['vpc_config', 0, 'security_group_ids'], ['physical_connection_requirements', 0, 'security_group_id_list'], ['configuration', 0, 'vpc_egress_configuration', 0, 'security_group_ids']];

/** What runs the pods of a cluster. */
const RUNNING_PODS: ReadonlySet<string> = new Set(['aws_eks_node_group', 'aws_eks_fargate_profile', 'aws_autoscaling_group']);

export class Workloads {
  readonly all: readonly AwsWorkload[];
  private readonly withAddress = new Set<Resource>();
  private readonly strangers: ReadonlyMap<Resource, string>;
  /** What may have an Elastic IP, by why it is not certain. */
  private readonly perhapsAddressed = new Map<Resource, string>();
  private readonly givenAway: string | undefined;
  /** What carries an interface, by itself or by its template. */
  readonly carriers = new Map<Resource, Resource[]>();
  /** Groups that an attachment adds to what stands there. */
  private readonly added: AddedGroups;

  constructor(private readonly graph: ResourceGraph, private readonly networks: Networks, private readonly subnets: Subnets, private readonly groups: Groups) {
    for (const [address, attribute] of addresses(graph)) {
      const { likely, others, widened } = choose(address, attribute, (target) => target, { types: CARRIERS });
      likely.forEach((carrier) => this.withAddress.add(carrier));
      others.forEach((carrier) => this.perhapsAddressed.set(carrier, widened ?? `${address.address}: the plan does not say what is meant`));
    }
    const away = addresses(graph).find(([address, attribute]) => isFound(address, attribute, CARRIERS));
    this.givenAway = away && `${away[0].address}: the plan does not say what is meant`;
    this.added = new AddedGroups(graph, groups);
    const owned = interfacesOf(graph);
    this.strangers = strangersOf(graph);
    const machines = new ContainerMachines(graph);
    const made = WORKLOAD_KINDS.flatMap((kind) => graph.ofType(kind.type)
      .filter((resource) => !owned.has(resource))
      .flatMap((resource) => {
        if (kind.tasks !== true || !machines.isUpon(resource)) return isActive(resource, kind) ? this.read(resource, kind) : [];
        const reason = machines.lackedBy(resource);
        return reason === undefined ? [] : { ...this.read(resource, kind), subnets: { ...NO_CHOICE, unknown: reason } };
      })
      .filter((workload) => !isPassive(workload)));
    this.all = [...made, ...clusterObjects(graph, subnets, groups, made.filter(({ resource: { type } }) => RUNNING_PODS.has(type)))];
  }

  private read(resource: Resource, kind: WorkloadKind): AwsWorkload {
    const templates = templatesOf(resource);
    const interfaces = this.interfacesAt(resource, templates);
    for (const each of interfaces) append(this.carriers, each, resource);
    for (const each of this.takenAtStart(templates)) append(this.carriers, each, resource);
    const own = kind.document === undefined ? this.subnetsAt(resource, kind.subnets ?? [], kind.groups) : namedInside(resource, kind.document, /\bsubnet-[0-9a-f]/, (path) => choose(resource, path, (target) => this.subnets.of(target), SUBNETS));
    const holder = kind.subnetGroup && isSet(resource, kind.subnetGroup[0]) ? choose(resource, kind.subnetGroup[0], (target) => target, { types: [kind.subnetGroup[1]] }) : NO_CHOICE;
    const ofTemplates = isNothing(own) ? joined(everyOf(templates).map((template) => this.subnetsAt(template, [['network_interfaces', '*', 'subnet_id']]))) : NO_CHOICE;
    const outside = this.isOutside(resource, kind, own, holder);
    // Most stand where they say themselves.
    const isAlone = holder === NO_CHOICE && interfaces.length === 0 && ofTemplates === NO_CHOICE && outside !== undefined;
    const subnets = isAlone ? own : joined([
      own,
      ...everyOf(holder).map((each) => this.subnetsAt(each, SUBNETS_OF_HOLDERS)),
      ...(holder.unknown === undefined ? [] : [{ ...NO_CHOICE, unknown: holder.unknown }]),
      ...interfaces.map((each) => this.subnetsAt(each, ['subnet_id'])),
      ofTemplates,
      ...(outside === undefined ? [{ ...NO_CHOICE, unknown: `whether ${resource.address} stands in the network at all is not known` }] : []),
    ]);
    const isPublic = this.publicness(resource, kind, templates, interfaces);
    const groups = this.groupsOf(resource, kind, templates, interfaces, holder, subnets);
    const sends = queriesOf(this.graph, resource);
    const stranger = this.strangers.get(resource);
    const mayAsk = kind.document !== undefined && kind.neverPublic !== true && resource.unknownAt(kind.document) !== undefined ? `whether ${resource.address} asks for public addresses is not known` : undefined;
    const perhaps = this.givenAway ?? [resource, ...interfaces].flatMap((each) => this.perhapsAddressed.get(each) ?? [])[0];
    return {
      address: resource.address,
      resource,
      subnets,
      groups,
      unfiltered: isNothing(groups) && textAt(resource, 'load_balancer_type') === 'network',
      ...(isPublic === undefined ? {} : { isPublic }),
      ...(isPublic !== true && perhaps !== undefined && CARRIERS.includes(resource.type) ? { maybePublic: perhaps } : mayAsk !== undefined ? { maybePublic: mayAsk } : {}),
      ...(isPublic === true && hidesInterfaces(templates) ? { publicUnknown: `the interfaces of ${resource.address} are not known` } : {}),
      ...(isPublic === true && hidesCompute(resource) ? { publicUnknown: `whether ${resource.address} runs on Fargate is not known` } : {}),
      ...(sends ? { sends } : {}),
      ...(stranger === undefined ? {} : { stranger }),
      asksForIpv6: asksForIpv6([resource, ...interfaces], everyOf(templates).length > 0 || templates.unknown !== undefined),
      outside: outside === true,
      outsideWords: kind.outsideWords,
      inDefaultVpc: kind.defaultVpc === true && isNothing(subnets) && templates.unknown === undefined,
    };
  }

  /** Undefined when the plan does not say. */
  private isOutside(resource: Resource, kind: WorkloadKind, subnets: Choice<AwsSubnet>, holder: Choice<Resource>): boolean | undefined {
    if (kind.outsideUnless) {
      const [path, value] = kind.outsideUnless;
      if (isLeftToAws(resource, path)) return true;
      return isSet(resource, path) && resource.unknownAt(path) !== undefined ? undefined : (textAt(resource, path) ?? String(flagAt(resource, path))) !== value;
    }
    if (kind.outside === true && kind.subnetGroup && holder !== NO_CHOICE) {
      if (holder.unknown !== undefined) return undefined;
      // One that stands in a VPC takes the whole of it there; others name hosts outside.
      const isThere = (each: Resource) => SUBNETS_OF_HOLDERS.some((path) => isSet(each, path));
      if (!everyOf(holder).some(isThere)) return true;
      return holder.others.length === 0 ? false : undefined;
    }
    if (kind.document !== undefined && kind.outside === true && isNothing(subnets) && resource.unknownAt(kind.document) !== undefined) return undefined;
    const isHidden = (kind.subnets ?? []).some((path) => !isLeftToAws(resource, path) && isSet(resource, toPath(path).slice(0, 1)) && resource.unknownAt(toPath(path).slice(0, 1)) !== undefined);
    return kind.outside === true && isHidden ? undefined : kind.outside === true && (isNothing(subnets) || (kind.subnets ?? []).some((path) => isLacked(resource, toPath(path))));
  }

  private subnetsAt(resource: Resource, paths: readonly PathLike[], groups: readonly PathLike[] = []): Choice<AwsSubnet> {
    const options = groups.length === 0 ? SUBNETS : { ...SUBNETS, fits: onceNeeded(() => this.networks.fits(this.networkOfGroups(resource, groups))) };
    return joinedAt(resource, paths, (path) => choose(resource, path, (target) => this.subnets.of(target), options));
  }

  /** What carries groups of one network stands in that. */
  private networkOfGroups(resource: Resource, groups: readonly PathLike[]): AwsNetwork | undefined {
    return this.groups.holding(everyOf(joinedAt(resource, groups, (path) => choose(resource, path, (target) => target, GROUPS))));
  }

  private groupsOf(resource: Resource, kind: WorkloadKind, templates: Choice<Resource>, interfaces: readonly Resource[], holder: Choice<Resource>, subnets: Choice<AwsSubnet>): Choice<AwsGroup> {
    const added = this.added.to(resource, interfaces, everyOf(subnets));
    const base = ofNetworks(this.ownGroups(resource, kind, templates, interfaces, holder, subnets), subnets);
    return added.length === 0 ? base : joined([base, ...added]);
  }

  private ownGroups(resource: Resource, kind: WorkloadKind, templates: Choice<Resource>, interfaces: readonly Resource[], holder: Choice<Resource>, subnets: Choice<AwsSubnet>): Choice<AwsGroup> {
    const own = kind.document !== undefined ? this.groupsInside(resource, kind, kind.document)
      : holder === NO_CHOICE && interfaces.length === 0 ? this.groupsAt(resource, kind.groups ?? []) : joined([
      this.groupsAt(resource, kind.groups ?? []),
      ...everyOf(holder).map((each) => this.groupsAt(each, GROUPS_OF_HOLDERS)),
      ...interfaces.map((each) => this.groupsAt(each, ['security_groups'])),
    ]);
    // The group that EKS makes is on every interface of its cluster, whatever groups are named besides.
    if (!isNothing(own)) return resource.type === 'aws_eks_cluster' ? joined([own, this.fallback(resource, kind, subnets)]) : own;
    const fallback = this.fallback(resource, kind, subnets);
    const all = everyOf(templates);
    if (all.length === 0 && templates.unknown === undefined) return fallback;
    const parts = all.map((template) => {
      const carried = this.groupsOfTemplate(template, fallback);
      return templates.likely.includes(template) ? carried : possible(carried, templates.widened ?? `${resource.address}: the plan does not say which template is meant`);
    });
    return joined([...parts, ...(templates.unknown === undefined ? [] : [{ ...NO_CHOICE, unknown: templates.unknown }])]);
  }

  private groupsInside(resource: Resource, kind: WorkloadKind, document: string): Choice<AwsGroup> {
    const named = namedInside(resource, document, /\bsg-[0-9a-f]/, (path) => this.groups.at(resource, path));
    // What names none has the group that AWS makes, which lets out all that any other would.
    return kind.makesGroup === true && everyOf(named).length === 0 ? NO_CHOICE : named;
  }

  /** Of each interface that a template asks for; one that names no group has the default. */
  private groupsOfTemplate(template: Resource, fallback: Choice<AwsGroup>): Choice<AwsGroup> {
    const whole = this.groupsAt(template, ['vpc_security_group_ids', 'security_groups']);
    const interfaces = template.elements('network_interfaces').map((path) => {
      const carried = this.groupsAt(template, [[...path, 'security_groups']]);
      return isNothing(carried) ? fallback : carried;
    });
    const hidden = isHidden(template, 'network_interfaces') ? [{ ...NO_CHOICE, unknown: `${template.address}: the plan does not say which groups its interfaces have` }] : [];
    const all = [...(isNothing(whole) ? [] : [whole]), ...interfaces, ...hidden];
    return all.length === 0 ? fallback : joined(all);
  }

  /** The group of what names none. */
  private fallback(resource: Resource, kind: WorkloadKind, subnets: Choice<AwsSubnet>): Choice<AwsGroup> {
    if (textAt(resource, 'load_balancer_type') === 'network') return NO_CHOICE;
    const networks = [...new Set(everyOf(subnets).flatMap((subnet) => subnet.networks))];
    if (kind.makesGroup) return { likely: [this.groups.of(resource) ?? madeGroup(resource, networks[0])], others: [] };
    return networks.length > 0 ? this.groups.defaultsOf(networks) : NO_CHOICE;
  }

  private groupsAt(resource: Resource, paths: readonly PathLike[]): Choice<AwsGroup> {
    return joinedAt(resource, paths, (path) => this.groups.at(resource, path));
  }

  /** Those that it names itself, and those that a template names, which one machine at a time takes. */
  private interfacesAt(resource: Resource, templates: Choice<Resource>): readonly Resource[] {
    const at = (holder: Resource, block: string) => (isSet(holder, block) ? interfacesIn(holder, block) : []);
    const own = INTERFACE_BLOCKS.flatMap((block) => at(resource, block));
    const all = everyOf(templates);
    return all.length === 0 ? own : [...own, ...all.flatMap((template) => at(template, 'network_interfaces'))];
  }

  /** Interfaces that the machines of a template attach when they start: their user data name them. */
  private takenAtStart(templates: Choice<Resource>): readonly Resource[] {
    if (this.graph.ofType('aws_network_interface').length === 0) return [];
    return everyOf(templates).flatMap((template) => USER_DATA.filter((attribute) => isSet(template, attribute)).flatMap((attribute) => template.references(attribute, INTERFACES).likely));
  }

  private publicness(resource: Resource, kind: WorkloadKind, templates: Choice<Resource>, interfaces: readonly Resource[]): boolean | undefined {
    if ([resource, ...interfaces].some((each) => this.withAddress.has(each))) return true;
    // Machines of a cluster get what their subnet hands out.
    if (kind.document !== undefined) return /elasticmapreduce/.test(textAt(resource, kind.document) ?? '') ? undefined : /"AssignPublicIp"\s*:\s*"ENABLED"/.test(textAt(resource, kind.document) ?? '');
    if (resource.type.endsWith('lb')) return flagAt(resource, 'internal') !== true;
    const said = kind.isPublic === undefined || !isSet(resource, kind.isPublic) || isLeftToAws(resource, kind.isPublic) ? undefined : (flagAt(resource, kind.isPublic) ?? textAt(resource, kind.isPublic) !== 'DISABLED');
    if (said !== undefined) return said;
    if (resource.type === BEANSTALK && hasNoAddress(resource)) return false;
    if (this.hasPublicMember(resource)) return true;
    if (interfaces.length > 0) return false;
    const asked = everyOf(templates).map((template) => {
      if (isHidden(template, 'network_interfaces')) return true;
      const paths = expanded(template, ['associate_public_ip_address', ['network_interfaces', '*', 'associate_public_ip_address'], ['network_interfaces', '*', 'associate_carrier_ip_address']]).filter((path) => isSet(template, path));
      return paths.length === 0 ? undefined : paths.some((path) => flagAt(template, path) ?? true);
    });
    // A template that the plan does not show may ask for one, too.
    if (asked.includes(true) || templates.unknown !== undefined) return true;
    if (asked.length > 0 && !asked.includes(undefined)) return false;
    if ((/^FARGATE/.test(textAt(resource, COMPUTE) ?? '') || hidesCompute(resource)) && this.jobsMayBePublic()) return true;
    // EKS puts the machines of its automatic mode into the subnets of the cluster.
    if (flagAt(resource, 'compute_config[0].enabled') === true) return undefined;
    return kind.publicDefault;
  }

  /** Of jobs on Fargate each says itself whether it has a public address; jobs of other plans may. */
  private jobsMayBePublic(): boolean {
    const jobs = this.graph.ofType('aws_batch_job_definition');
    return jobs.length === 0 || jobs.some((job) => /"ENABLED"/.test(textAt(job, 'container_properties') ?? '"ENABLED"'));
  }

  /** A cluster of databases is as public as any of its instances. */
  private hasPublicMember(resource: Resource): boolean {
    const member = { aws_rds_cluster: 'aws_rds_cluster_instance', aws_neptune_cluster: 'aws_neptune_cluster_instance' }[resource.type];
    return member !== undefined && this.graph.referrers(resource, [member])
      .some(({ resource: each, path }) => path[0] === 'cluster_identifier' && isSet(each, 'publicly_accessible') && flagAt(each, 'publicly_accessible') !== false);
  }
}

/** Of groups that may be meant rather those of the network where it most likely stands: AWS refuses the others. */
function ofNetworks(groups: Choice<AwsGroup>, { likely }: Choice<AwsSubnet>): Choice<AwsGroup> {
  const [first] = groups.likely;
  if (groups.likely.length < 2 || groups.widened === undefined || groups.likely.every(({ network }) => network === first?.network)) return groups;
  const networks = new Set(likely.flatMap((subnet) => subnet.networks));
  const kept = groups.likely.filter(({ network, otherNetworks }) => network === undefined || networks.has(network) || otherNetworks?.some((each) => networks.has(each)) === true);
  return kept.length === 0 ? groups : { ...groups, likely: kept, others: [...groups.others, ...groups.likely.filter((group) => !kept.includes(group))] };
}

const BEANSTALK = 'aws_elastic_beanstalk_environment';

/** https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html#command-options-general-ec2vpc */
function hasNoAddress(environment: Resource): boolean {
  const said = environment.elements('setting').filter((path) => textAt(environment, [...path, 'name']) === 'AssociatePublicIpAddress');
  return said.length > 0 && said.every((path) => /^false$/i.test(textAt(environment, [...path, 'value']) ?? ''));
}

/** Of a compute environment of Batch, whose other attributes say nothing of addresses. */
const COMPUTE: PathLike = ['compute_resources', 0, 'type'];

function hidesCompute(resource: Resource): boolean {
  return resource.type === 'aws_batch_compute_environment' && resource.unknownAt(COMPUTE) !== undefined;
}

function hidesInterfaces(templates: Choice<Resource>): boolean {
  return templates.unknown !== undefined || everyOf(templates).some((template) => isHidden(template, 'network_interfaces'));
}

/** Blocks that the provider fills in where nobody wrote one, so that a first plan knows nothing of them. */
const FILLED_IN: Readonly<Record<string, string>> = {
  aws_apprunner_service: 'network_configuration',
  aws_bedrockagentcore_agent_runtime: 'network_configuration',
  aws_bedrockagentcore_browser: 'network_configuration',
  aws_bedrockagentcore_code_interpreter: 'network_configuration',
  aws_ecs_express_gateway_service: 'network_configuration',
  aws_kinesisanalyticsv2_application: 'application_configuration',
  aws_workspaces_directory: 'workspace_creation_properties',
};

/** Whether nobody wrote the block, so that AWS does as it does by default. */
function isLeftToAws(resource: Resource, path: PathLike): boolean {
  const [block] = toPath(path);
  return block !== undefined && FILLED_IN[resource.type] === block && resource.isConfigured([]) && !resource.isConfigured([block]) && resource.elements([block]).length === 0;
}

/** Whether a path is there because the provider fills it in: in a block that somebody wrote, the only one, or that nobody did. */
function isFilledIn(resource: Resource, path: AttributePath): boolean {
  if (isLeftToAws(resource, path)) return true;
  if (path.length < 3 || path[1] !== 0 || resource.unknownAt(path) === undefined) return false;
  const blocks = resource.configExpression(path.slice(0, 1));
  return isList(blocks) && blocks.length === 1 && !resource.isConfigured(path);
}

/** What the paths choose together, those that are set. */
function joinedAt<T>(resource: Resource, paths: readonly PathLike[], read: (path: AttributePath) => Choice<T>): Choice<T> {
  let first: Choice<T> | undefined;
  const more: Choice<T>[] = [];
  for (const path of paths) {
    const steps = toPath(path);
    for (const own of steps.includes('*') ? expanded(resource, [steps]) : [steps]) {
      if (!isSet(resource, own) || isFilledIn(resource, own)) continue;
      if (first) more.push(read(own));
      else first = read(own);
    }
  }
  return first === undefined ? NO_CHOICE : more.length === 0 ? first : joined([first, ...more]);
}

/** What AWS makes itself lets everything out: of a cluster, of a directory, of a desktop. */
function madeGroup(resource: Resource, network: AwsNetwork | undefined): AwsGroup {
  return { ...implicitGroup(resource.address, network), isDefault: false };
}

/** Of a document, which is known as a whole or names what it refers to. */
function namedInside<T>(resource: Resource, path: string, id: RegExp, read: (path: string) => Choice<T>): Choice<T> {
  const text = textAt(resource, path);
  return text !== undefined && !id.test(text) ? NO_CHOICE : read(path);
}

/** What a document that is not known refers to says whether it starts anything in a network. */
const STARTED = { types: ['aws_ecs_task_definition', ...SUBNETS.types] };

/** Whether one of several jobs in a resource names no subnet. */
function isLacked(resource: Resource, path: AttributePath): boolean {
  const at = path.indexOf('*');
  return at > 0 && resource.elements(path.slice(0, at)).some((each) => !isSet(resource, [...each, ...path.slice(at + 1)]));
}

/** Whether it opens connections of its own at all. What is not known does. */
function isActive(resource: Resource, { document, outside, onlyWith, isolatedBy, isolatedValue, upon }: WorkloadKind): boolean {
  if (isolatedBy && (isolatedValue === undefined ? flagAt(resource, isolatedBy) === true : isValue(textAt(resource, isolatedBy), isolatedValue))) return false;
  if (upon && resource.references(upon[0], { types: [upon[1]] }).targets.some(({ mode }) => mode === 'managed')) return false;
  if (!onlyWith) return true;
  const [path, value] = onlyWith;
  if (value === undefined) return isSet(resource, path) || isHidden(resource, toPath(path).slice(0, 1));
  if (typeof value === 'string') return (textAt(resource, path) ?? value) === value;
  if (document !== undefined && resource.unknownAt(document) !== undefined) return outside === true || resource.references(document, STARTED).targets.length > 0;
  return resource.unknownAt(toPath(path).slice(0, 1)) !== undefined || expanded(resource, [path]).some((each) => resource.unknownAt(each) !== undefined || value.test(textAt(resource, each) ?? ''));
}

function isValue(text: string | undefined, value: string | RegExp): boolean {
  return typeof value === 'string' ? text === value : text !== undefined && value.test(text);
}

/** Network and gateway load balancers open no connections of their own unless groups say that they are filtered at all. */
function isPassive({ resource, unfiltered }: AwsWorkload): boolean {
  return unfiltered || textAt(resource, 'load_balancer_type') === 'gateway';
}

const USER_DATA = ['user_data', 'user_data_base64'] as const;

/** What an Elastic IP may be given to. */
const CARRIERS = ['aws_instance', 'aws_spot_instance_request', 'aws_network_interface'];

/** Elastic IPs with the attributes that say to what they are given; without what only shows associations that the plan takes away. */
export function addresses(graph: ResourceGraph): readonly (readonly [address: Resource, attribute: string])[] {
  const former = new FormerParts(graph, ['aws_eip_association'], 'allocation_id');
  return ['aws_eip', 'aws_eip_association'].flatMap((type) => graph.ofType(type)).flatMap((address) => ['instance', 'instance_id', 'network_interface', 'network_interface_id']
    .filter((attribute) => isSet(address, attribute) && !(former.of(address).length > 0 && isReadBack(address, attribute))).map((attribute) => [address, attribute] as const));
}
