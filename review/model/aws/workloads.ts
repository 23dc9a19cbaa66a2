/** What runs in the network: which attribute of which resource says where, and in which groups. */
import type { PathLike } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { implicitGroup, type AwsGroup, type Groups } from './groups';
import type { AwsNetwork } from './networks';
import { choose, everyOf, flagAt, isSet, joined, NO_CHOICE, textAt, type Choice } from './read';
import type { AwsSubnet, Subnets } from './subnets';

export interface AwsWorkload {
  readonly address: string;
  readonly resource: Resource;
  readonly subnets: Choice<AwsSubnet>;
  readonly groups: Choice<AwsGroup>;
  /** True when groups do not apply to it. */
  readonly unfiltered: boolean;
  /** Whether it has a public IPv4 address; undefined when its subnet decides. */
  readonly isPublic?: boolean;
  /** True for what runs in a network of AWS with a way to the internet. */
  readonly outside: boolean;
}

interface Kind {
  readonly type: string;
  readonly subnets?: readonly PathLike[];
  readonly groups?: readonly PathLike[];
  /** The subnet group that names the subnets: attribute and type. */
  readonly subnetGroup?: readonly [attribute: string, type: string];
  /** What says that it has a public address. */
  readonly isPublic?: PathLike;
  /** What it is when nothing says so; absent: as the subnet hands out. */
  readonly publicDefault?: boolean;
}

const VPC_CONFIG = (name: string): PathLike => ['vpc_config', 0, name];

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs */
const KINDS: readonly Kind[] = [
  { type: 'aws_instance', subnets: ['subnet_id'], groups: ['vpc_security_group_ids', 'security_groups'], isPublic: 'associate_public_ip_address' },
  { type: 'aws_spot_instance_request', subnets: ['subnet_id'], groups: ['vpc_security_group_ids', 'security_groups'], isPublic: 'associate_public_ip_address' },
  { type: 'aws_network_interface', subnets: ['subnet_id'], groups: ['security_groups'], publicDefault: false },
  { type: 'aws_autoscaling_group', subnets: ['vpc_zone_identifier'] },
  { type: 'aws_eks_cluster', subnets: [VPC_CONFIG('subnet_ids')], groups: [VPC_CONFIG('security_group_ids')], publicDefault: false },
  { type: 'aws_eks_node_group', subnets: ['subnet_ids'] },
  { type: 'aws_eks_fargate_profile', subnets: ['subnet_ids'], publicDefault: false },
  { type: 'aws_ecs_service', subnets: [['network_configuration', 0, 'subnets']], groups: [['network_configuration', 0, 'security_groups']], isPublic: ['network_configuration', 0, 'assign_public_ip'], publicDefault: false },
  { type: 'aws_lambda_function', subnets: [VPC_CONFIG('subnet_ids')], groups: [VPC_CONFIG('security_group_ids')], publicDefault: false },
  { type: 'aws_db_instance', subnetGroup: ['db_subnet_group_name', 'aws_db_subnet_group'], groups: ['vpc_security_group_ids'], isPublic: 'publicly_accessible', publicDefault: false },
  { type: 'aws_rds_cluster', subnetGroup: ['db_subnet_group_name', 'aws_db_subnet_group'], groups: ['vpc_security_group_ids'], publicDefault: false },
  { type: 'aws_docdb_cluster', subnetGroup: ['db_subnet_group_name', 'aws_docdb_subnet_group'], groups: ['vpc_security_group_ids'], publicDefault: false },
  { type: 'aws_neptune_cluster', subnetGroup: ['neptune_subnet_group_name', 'aws_neptune_subnet_group'], groups: ['vpc_security_group_ids'], publicDefault: false },
  { type: 'aws_redshift_cluster', subnetGroup: ['cluster_subnet_group_name', 'aws_redshift_subnet_group'], groups: ['vpc_security_group_ids'], isPublic: 'publicly_accessible', publicDefault: false },
  { type: 'aws_elasticache_cluster', subnetGroup: ['subnet_group_name', 'aws_elasticache_subnet_group'], groups: ['security_group_ids'], publicDefault: false },
  { type: 'aws_elasticache_replication_group', subnetGroup: ['subnet_group_name', 'aws_elasticache_subnet_group'], groups: ['security_group_ids'], publicDefault: false },
  { type: 'aws_msk_cluster', subnets: [['broker_node_group_info', 0, 'client_subnets']], groups: [['broker_node_group_info', 0, 'security_groups']], publicDefault: false },
  { type: 'aws_opensearch_domain', subnets: [['vpc_options', 0, 'subnet_ids']], groups: [['vpc_options', 0, 'security_group_ids']], publicDefault: false },
  { type: 'aws_batch_compute_environment', subnets: [['compute_resources', 0, 'subnets']], groups: [['compute_resources', 0, 'security_group_ids']] },
  { type: 'aws_codebuild_project', subnets: [VPC_CONFIG('subnets')], groups: [VPC_CONFIG('security_group_ids')], publicDefault: false },
  { type: 'aws_sagemaker_notebook_instance', subnets: ['subnet_id'], groups: ['security_groups'], publicDefault: false },
  { type: 'aws_lb', subnets: ['subnets', 'subnet_mapping'], groups: ['security_groups'] },
  { type: 'aws_alb', subnets: ['subnets', 'subnet_mapping'], groups: ['security_groups'] },
  { type: 'aws_elb', subnets: ['subnets'], groups: ['security_groups'] },
];

/** AWS runs these in a network of its own, with a way out, unless they are told to stand in a VPC. */
const OUTSIDE_WITHOUT_VPC = new Set(['aws_lambda_function', 'aws_codebuild_project']);

const TEMPLATES: readonly PathLike[] = [
  ['launch_template', 0, 'id'], ['launch_template', 0, 'name'], ['mixed_instances_policy', 0, 'launch_template', 0, 'launch_template_specification', 0, 'launch_template_id'],
  ['launch_configuration'], ['compute_resources', 0, 'launch_template', 0, 'launch_template_id'],
];

const SUBNETS = { types: ['aws_subnet', 'aws_default_subnet'] };

export class Workloads {
  readonly all: readonly AwsWorkload[];
  private readonly withAddress: ReadonlySet<Resource>;

  constructor(private readonly graph: ResourceGraph, private readonly subnets: Subnets, private readonly groups: Groups) {
    this.withAddress = addressed(graph);
    const owned = interfacesOf(graph);
    this.all = KINDS.flatMap((kind) => graph.ofType(kind.type)
      .filter((resource) => !owned.has(resource) && resource.deposed === undefined)
      .map((resource) => this.read(resource, kind))
      .filter((workload) => !isPassive(workload)));
  }

  private read(resource: Resource, kind: Kind): AwsWorkload {
    const template = this.templateOf(resource);
    const interfaces = this.interfacesAt(resource);
    const own = this.subnetsAt(resource, kind.subnets ?? []);
    const byGroup = kind.subnetGroup ? this.subnetsOfGroup(resource, kind.subnetGroup) : NO_CHOICE;
    const others = template ? this.subnetsAt(template, [['network_interfaces', 0, 'subnet_id']]) : NO_CHOICE;
    const subnets = joined([own, byGroup, ...interfaces.map((each) => this.subnetsAt(each, ['subnet_id'])), ...(isNothing(own) ? [others] : [])]);
    const groups = this.groupsOf(resource, kind, template, interfaces, everyOf(subnets)[0]?.network);
    const isPublic = this.publicness(resource, kind, template, interfaces);
    return {
      address: resource.address,
      resource,
      subnets,
      groups,
      unfiltered: isNothing(groups) && textAt(resource, 'load_balancer_type') === 'network',
      ...(isPublic === undefined ? {} : { isPublic }),
      outside: OUTSIDE_WITHOUT_VPC.has(resource.type) && isNothing(subnets) && !resource.hasUnknown('vpc_config'),
    };
  }

  private subnetsAt(resource: Resource, paths: readonly PathLike[]): Choice<AwsSubnet> {
    return joined(paths.filter((path) => isSet(resource, path)).map((path) => choose(resource, path, (target) => this.subnets.of(target), SUBNETS)));
  }

  private subnetsOfGroup(resource: Resource, [attribute, type]: readonly [string, string]): Choice<AwsSubnet> {
    if (!isSet(resource, attribute)) return NO_CHOICE;
    const found = choose(resource, attribute, (target) => target, { types: [type] });
    const parts = everyOf(found).map((group) => this.subnetsAt(group, ['subnet_ids']));
    return joined([...parts, { likely: [], others: [], ...(found.unknown === undefined ? {} : { unknown: found.unknown }) }]);
  }

  private groupsOf(resource: Resource, kind: Kind, template: Resource | undefined, interfaces: readonly Resource[], network: AwsNetwork | undefined): Choice<AwsGroup> {
    const own = joined([this.groupsAt(resource, kind.groups ?? []), ...interfaces.map((each) => this.groupsAt(each, ['security_groups']))]);
    if (!isNothing(own)) return own;
    const ofTemplate = template ? this.groupsAt(template, ['vpc_security_group_ids', ['network_interfaces', 0, 'security_groups'], 'security_groups']) : NO_CHOICE;
    if (!isNothing(ofTemplate)) return ofTemplate;
    if (textAt(resource, 'load_balancer_type') === 'network') return NO_CHOICE;
    // https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
    if (resource.type.startsWith('aws_eks_')) return { likely: [clusterGroup(resource, network)], others: [] };
    return network ? { likely: [this.groups.defaultOf(network)], others: [] } : NO_CHOICE;
  }

  private groupsAt(resource: Resource, paths: readonly PathLike[]): Choice<AwsGroup> {
    return joined(paths.filter((path) => isSet(resource, path)).map((path) => choose(resource, path, (target) => this.groups.of(target))));
  }

  private templateOf(resource: Resource): Resource | undefined {
    for (const path of TEMPLATES) {
      if (!isSet(resource, path)) continue;
      const [found] = resource.references(path, { types: ['aws_launch_template', 'aws_launch_configuration'] }).likely;
      if (found) return found;
    }
    return undefined;
  }

  private interfacesAt(resource: Resource): readonly Resource[] {
    return ['network_interface', 'primary_network_interface'].filter((block) => isSet(resource, block)).flatMap((block) => resource.references(block, { types: ['aws_network_interface'] }).likely);
  }

  private publicness(resource: Resource, kind: Kind, template: Resource | undefined, interfaces: readonly Resource[]): boolean | undefined {
    if ([resource, ...interfaces].some((each) => this.withAddress.has(each))) return true;
    if (resource.type.endsWith('lb')) return flagAt(resource, 'internal') !== true;
    const said = kind.isPublic === undefined || !isSet(resource, kind.isPublic) ? undefined : (flagAt(resource, kind.isPublic) ?? true);
    if (said !== undefined) return said;
    if (interfaces.length > 0) return false;
    const path = template?.type === 'aws_launch_configuration' ? 'associate_public_ip_address' : ['network_interfaces', 0, 'associate_public_ip_address'];
    if (template && isSet(template, path)) return flagAt(template, path) ?? true;
    return kind.publicDefault;
  }
}

/** EKS makes this one itself and lets everything out of it. */
function clusterGroup(resource: Resource, network: AwsNetwork | undefined): AwsGroup {
  return { ...implicitGroup(resource.address, network), isDefault: false };
}

function isNothing(choice: Choice<unknown>): boolean {
  return choice.likely.length === 0 && choice.others.length === 0 && choice.unknown === undefined;
}

/** Network and gateway load balancers open no connections of their own unless groups say that they are filtered at all. */
function isPassive({ resource, unfiltered }: AwsWorkload): boolean {
  return unfiltered || textAt(resource, 'load_balancer_type') === 'gateway';
}

/** Interfaces that some instance carries: the instance stands for them. */
function interfacesOf(graph: ResourceGraph): ReadonlySet<Resource> {
  const found = new Set<Resource>();
  for (const instance of graph.ofType('aws_instance')) {
    for (const block of ['network_interface', 'primary_network_interface']) {
      if (!isSet(instance, block)) continue;
      const references = instance.references(block, { types: ['aws_network_interface'] });
      if (references.exact) references.targets.forEach((target) => found.add(target));
    }
  }
  return found;
}

/** What has an Elastic IP. */
function addressed(graph: ResourceGraph): ReadonlySet<Resource> {
  const found = new Set<Resource>();
  for (const type of ['aws_eip', 'aws_eip_association']) {
    for (const address of graph.ofType(type)) {
      for (const attribute of ['instance', 'instance_id', 'network_interface', 'network_interface_id']) {
        if (isSet(address, attribute)) address.references(attribute, { types: ['aws_instance', 'aws_network_interface'] }).targets.forEach((target) => found.add(target));
      }
    }
  }
  return found;
}
