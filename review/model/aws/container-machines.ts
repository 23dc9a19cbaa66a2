/**
 * The machines under container tasks that have no network interface of their own. Such a task leaves by
 * the interface of its machine, so that the machine stands for it, as long as the plan has it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking.html
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { templatesOf } from './launch-templates';
import { everyOf, isHidden, isSet, textAt } from './read';

/** Where something that runs tasks says how: the block, and the cluster. */
const TASKS: Readonly<Record<string, { readonly block: AttributePath; readonly cluster: AttributePath }>> = {
  aws_ecs_service: { block: [], cluster: ['cluster'] },
  aws_ecs_task_set: { block: [], cluster: ['cluster'] },
  aws_cloudwatch_event_target: { block: ['ecs_target', 0], cluster: ['arn'] },
  aws_scheduler_schedule: { block: ['target', 0, 'ecs_parameters', 0], cluster: ['target', 0, 'arn'] },
  aws_pipes_pipe: { block: ['target_parameters', 0, 'ecs_task_parameters', 0], cluster: ['target'] },
};

const CLUSTERS = { types: ['aws_ecs_cluster'] };
const ASSOCIATION = 'aws_ecs_cluster_capacity_providers';
const MACHINES = ['aws_autoscaling_group', 'aws_instance', 'aws_spot_instance_request', 'aws_ec2_fleet', 'aws_spot_fleet_request'];
/** The default cluster, too, is nobody's in particular. */
const NO_CLUSTER = 'its cluster is made elsewhere';
/** Launch type and providers of AWS itself. */
const FARGATE = /^FARGATE(_SPOT)?$/;

export class ContainerMachines {
  /** Why the machines of a cluster are not in the plan. */
  private readonly reasons = new Map<Resource, string | undefined>();

  constructor(private readonly graph: ResourceGraph) {}

  /** Whether it runs tasks and names no subnets: those of their machines are meant. */
  isUpon(resource: Resource): boolean {
    const task = TASKS[resource.type];
    if (!task || (task.block.length > 0 && resource.elements(task.block.slice(0, -1)).length === 0)) return false;
    return !isSet(resource, [...task.block, 'network_configuration']);
  }

  /** Why the machines of such a resource, or some of them, are not in the plan; undefined when each is a place of its own there. */
  lackedBy(resource: Resource): string | undefined {
    const { address } = resource;
    const { block, cluster } = TASKS[resource.type] as (typeof TASKS)[string];
    if (resource.hasUnknown([...block, 'network_configuration'])) return `whether ${address} has a network of its own is not known`;
    const strategy = [...block, 'capacity_provider_strategy'];
    // Either says on which machines tasks run, so that no other answer holds without it.
    if (resource.hasUnknown('deployment_controller') || isHidden(resource, strategy)) return `on which machines ${address} runs is not known`;
    if (textAt(resource, 'deployment_controller[0].type') === 'EXTERNAL') {
      return this.graph.referrers(resource, ['aws_ecs_task_set']).length > 0 ? undefined : `the task sets of ${address} are not in the plan`;
    }
    const providers = resource.elements(strategy);
    const launchType = [...block, 'launch_type'];
    const type = textAt(resource, launchType);
    // On Fargate every task has an interface of its own, wherever that is said.
    if (FARGATE.test(type ?? '') || providers.some((path) => FARGATE.test(textAt(resource, [...path, 'capacity_provider']) ?? ''))) return `the subnets of ${address} are not in the plan`;
    const reason = providers.length > 0 ? first(providers, (path) => this.lackedByProvider(resource, [...path, 'capacity_provider']))
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-anywhere.html
      : type === 'EXTERNAL' ? 'they are outside of AWS'
      : type === undefined && isSet(resource, launchType) ? 'its launch type is not known'
      : this.lackedIn(resource, cluster, type === undefined);
    return reason === undefined ? undefined : `${address} runs on the machines of its cluster, which are not in the plan: ${reason}`;
  }

  /** @param byDefault true for what leaves the choice to its cluster, whose own strategy comes first: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
  private lackedIn(resource: Resource, path: AttributePath, byDefault: boolean): string | undefined {
    const clusters = resource.references(path, CLUSTERS);
    if (clusters.unknown !== undefined || clusters.targets.length === 0) return NO_CLUSTER;
    return first(clusters.targets, (cluster) => {
      if (byDefault && this.settingsOf(cluster).some((each) => isHidden(each, 'default_capacity_provider_strategy'))) return `the default strategy of ${cluster.address} is not known`;
      const chosen = byDefault ? this.settingsOf(cluster).flatMap((each) => each.elements('default_capacity_provider_strategy').map((block) => [each, [...block, 'capacity_provider']] as const)) : [];
      return chosen.length > 0 ? first(chosen, ([each, at]) => this.lackedByProvider(each, at)) : this.lackedByCluster(cluster);
    });
  }

  /** The cluster itself, which has providers in older configurations, and what associates providers with it. */
  private settingsOf(cluster: Resource): readonly Resource[] {
    return [cluster, ...this.graph.referrers(cluster, [ASSOCIATION]).filter(({ path }) => path[0] === 'cluster_name').map(({ resource }) => resource)];
  }

  private lackedByCluster(cluster: Resource): string | undefined {
    if (!this.reasons.has(cluster)) this.reasons.set(cluster, this.searched(cluster));
    return this.reasons.get(cluster);
  }

  private searched(cluster: Resource): string | undefined {
    if (cluster.mode === 'data') return NO_CLUSTER;
    const named = this.settingsOf(cluster).filter((each) => isSet(each, 'capacity_providers')).flatMap((each) => {
      const items = each.elements('capacity_providers');
      return (items.length > 0 ? items : [['capacity_providers']]).filter((path) => !FARGATE.test(textAt(each, path) ?? '')).map((path) => [each, path] as const);
    });
    if (named.length > 0) return first(named, ([each, path]) => this.lackedByProvider(each, path));
    const isManaged = this.graph.referrers(cluster, ['aws_ecs_capacity_provider']).some(({ path }) => path[0] === 'cluster');
    return isManaged || this.isJoined(cluster) ? undefined : `nothing in the plan joins ${cluster.address}`;
  }

  private lackedByProvider(resource: Resource, path: AttributePath): string | undefined {
    const { targets, unknown } = resource.references(path, { types: ['aws_ecs_capacity_provider'] });
    if (unknown !== undefined || targets.length === 0) return `the capacity provider ${textAt(resource, path) ?? `of ${resource.address}`} is made elsewhere`;
    return first(targets, (provider) => {
      // Machines that AWS manages are a place by their provider.
      if (provider.elements('managed_instances_provider').length > 0) return undefined;
      const groups = provider.references(['auto_scaling_group_provider', 0, 'auto_scaling_group_arn'], { types: ['aws_autoscaling_group'] });
      const isHere = groups.unknown === undefined && groups.targets.length > 0 && groups.targets.every(({ mode }) => mode === 'managed');
      return isHere ? undefined : `the group of machines of ${provider.address} is made elsewhere`;
    });
  }

  /** Whether some machine is told to join, as user data do: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bootstrap_container_instance.html */
  private isJoined(cluster: Resource): boolean {
    const answers = new Map<Resource, boolean>();
    const joins = (resource: Resource): boolean => {
      let found = answers.get(resource);
      if (found === undefined) answers.set(resource, (found = USER_DATA.some((attribute) => isSet(resource, attribute) && namesCluster(resource, attribute, cluster))));
      return found;
    };
    return MACHINES.some((type) => this.graph.ofType(type).some((machine) => joins(machine) || everyOf(templatesOf(machine)).some(joins)));
  }
}

const USER_DATA = ['user_data', 'user_data_base64'] as const;

function namesCluster(resource: Resource, attribute: string, cluster: Resource): boolean {
  if (resource.references(attribute, CLUSTERS).targets.includes(cluster)) return true;
  const [name, text] = [textAt(cluster, 'name'), textAt(resource, attribute)];
  if (name === undefined || text === undefined) return false;
  return [text, Buffer.from(text, 'base64').toString()].some((each) => /^[^#\r\n\u2028\u2029]*\bECS_CLUSTER=["']?([\w-]+)/m.exec(each)?.[1] === name);
}

function first<T>(items: readonly T[], reason: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = reason(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
