/**
 * What answers behind an endpoint of the plan's own service: a balancer of another network hands calls on to its targets.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';

const BALANCERS = { types: ['aws_lb', 'aws_alb'] };
const LISTENERS = ['aws_lb_listener', 'aws_alb_listener'];
const TARGET_GROUPS = { types: ['aws_lb_target_group', 'aws_alb_target_group'] };
/** What names a group, or what is in it: by which attribute, where it is not in it itself. */
const MEMBERS: Readonly<Record<string, string | undefined>> = {
  aws_lb_target_group_attachment: 'target_id', aws_alb_target_group_attachment: 'target_id', aws_autoscaling_attachment: 'autoscaling_group_name', aws_autoscaling_group: undefined, aws_ecs_service: undefined,
};

/** Each once. */
export function answeringBehind(graph: ResourceGraph, endpoint: Resource): ReadonlySet<Resource> {
  const services = endpoint.references('service_name', { types: ['aws_vpc_endpoint_service'] }).targets;
  const waiting = services.flatMap((service) => service.references('network_load_balancer_arns', BALANCERS).targets);
  const found = new Set<Resource>(waiting);
  // A target of one balancer may be another.
  for (const balancer of found) for (const target of targetsOf(graph, balancer)) found.add(target);
  return found;
}

function targetsOf(graph: ResourceGraph, balancer: Resource): readonly Resource[] {
  if (!BALANCERS.types.includes(balancer.type)) return [];
  const groups = graph.referrers(balancer, LISTENERS).flatMap(({ resource }) => resource.references('default_action', TARGET_GROUPS).targets);
  return groups.flatMap((group) => graph.referrers(group, Object.keys(MEMBERS))).flatMap(({ resource }) => {
    const path = MEMBERS[resource.type];
    return path === undefined ? [resource] : resource.references(path).targets.filter((target) => target !== resource && target.mode === 'managed');
  });
}
