/** The templates that machines are launched from: of a group of machines there may be one per instance type. */
import type { AttributePath, Resource } from '../../plan/resource-graph';
import { own, type Json } from '../../plan/json';
import { choose, everyOf, flagAt, isHidden, isSet, joined, NO_CHOICE, numberAt, textAt, type Choice } from './read';

const TYPES = ['aws_launch_template', 'aws_launch_configuration'];
const SINGLE: readonly AttributePath[] = [['launch_template', 0, 'id'], ['launch_template', 0, 'name']];
const ONE: readonly (readonly AttributePath[])[] = [SINGLE];
const SPECIFICATION = ['launch_template_id', 'launch_template_name'];

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups-launch-template-overrides.html */
export function templatesOf(resource: Resource): Choice<Resource> {
  const named = pathsOf(resource).flatMap((paths) => {
    // A block that nobody wrote may yet be unknown as a whole, because the provider fills it in: then there is no template in it.
    const found = paths.filter((path) => isSet(resource, String(path[0])) && isSet(resource, path)).map((path) => choose(resource, path, (target) => target, { types: TYPES }));
    // A template is named by its id or its name, and the provider fills in the other.
    const choice = found.find((each) => everyOf(each).length > 0) ?? found[0];
    return choice === undefined ? [] : inVersion(resource, [...(paths[0] as AttributePath).slice(0, -1), 'version'], choice);
  });
  if (named.length > 0) return joined(named);
  const unknown = hiddenIn(resource);
  return unknown === undefined ? NO_CHOICE : { ...NO_CHOICE, unknown };
}

/** What decides on the network of a machine. */
const OF_NETWORKS = ['network_interfaces', 'vpc_security_group_ids', 'security_group_names'] as const;

/**
 * A template that changes gets a version more, and machines come from the version that is asked for: the default one, which
 * stays as it is unless somebody says otherwise. https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-templates.html
 */
function inVersion(resource: Resource, path: AttributePath, choice: Choice<Resource>): Choice<Resource> {
  const other = everyOf(choice).find((template) => template.type === 'aws_launch_template' && template.mode === 'managed' && isOther(resource, path, template));
  return other === undefined ? choice : { ...choice, unknown: choice.unknown ?? `${resource.address} takes another version of ${other.address} than the one in the plan` };
}

function isOther(resource: Resource, path: AttributePath, template: Resource): boolean {
  const asked = textAt(resource, path);
  // Not known before the apply: the number that the template will have.
  if (asked === '$Latest' || (asked === undefined && isSet(resource, path))) return false;
  const isDefault = asked === undefined || asked === '$Default';
  if (isDefault && flagAt(template, 'update_default_version') === true) return false;
  const { before } = template;
  const numberOf = (name: string) => (before ? Number(own(before, name)) : numberAt(template, name));
  const version = isDefault ? numberOf('default_version') : Number(asked);
  const latest = numberOf('latest_version');
  if (version === undefined || latest === undefined || !Number.isFinite(version) || !Number.isFinite(latest)) return false;
  // An older version may say anything; the one before the change is known.
  return version !== latest || (template.action === 'update' && before !== undefined && OF_NETWORKS.some((name) => !isSame(own(before, name), template, name)));
}

function isSame(value: Json | undefined, template: Resource, name: string): boolean {
  return !template.hasUnknown(name) && JSON.stringify(value ?? null) === JSON.stringify(template.valueAt(name) ?? null);
}

const LAUNCHING: readonly AttributePath[] = [['launch_template']];
/** A group of machines has a template in any case, and the provider fills in the other ways to name it. */
const HIDING: Readonly<Record<string, readonly AttributePath[]>> = {
  aws_autoscaling_group: [...LAUNCHING, ['mixed_instances_policy']], aws_instance: LAUNCHING, aws_spot_instance_request: LAUNCHING, aws_eks_node_group: LAUNCHING,
};

/** Why there may be a template, although none is named. */
function hiddenIn(resource: Resource): string | undefined {
  return HIDING[resource.type]?.some((block) => isHidden(resource, block)) === true ? `the template of ${resource.address} is not known` : undefined;
}

/** Per template the paths that may name it. */
function pathsOf(resource: Resource): readonly (readonly AttributePath[])[] {
  switch (resource.type) {
    case 'aws_autoscaling_group': {
      const mixed: AttributePath = ['mixed_instances_policy', 0, 'launch_template', 0];
      const blocks: readonly AttributePath[] = [[...mixed, 'launch_template_specification', 0], ...resource.elements([...mixed, 'override']).map((path) => [...path, 'launch_template_specification', 0])];
      return [SINGLE, [['launch_configuration']], ...blocks.map((block) => SPECIFICATION.map((name) => [...block, name]))];
    }
    case 'aws_batch_compute_environment':
      return [SPECIFICATION.map((name) => ['compute_resources', 0, 'launch_template', 0, name])];
    case 'aws_ec2_fleet':
      return resource.elements('launch_template_config').map((path) => SPECIFICATION.map((name) => [...path, 'launch_template_specification', 0, name]));
    case 'aws_spot_fleet_request':
      return resource.elements('launch_template_config').map((path) => ['id', 'name'].map((name) => [...path, 'launch_template_specification', 0, name]));
    case 'aws_instance':
    case 'aws_spot_instance_request':
    case 'aws_eks_node_group':
    case 'aws_gamelift_game_server_group':
      return ONE;
    default:
      return [];
  }
}
