/**
 * Reads a resource's settings with the provider's defaults. What a plan does not know and nobody
 * wrote is a default of the provider; what somebody wrote and the plan does not know is unknown.
 */
import { printPath, toPath, valueAt, type AttributePath, type PathLike } from '../../plan/attribute-path';
import { isList, own } from '../../plan/json';
import type { Json, References, Resource, ResourceGraph } from '../../plan/resource-graph';

/** Why the value is hidden; nothing when it is known, or left to the provider. */
export function hiddenAt(resource: Resource, path: PathLike): string | undefined {
  const reason = resource.unknownAt(path);
  if (reason === undefined) return undefined;
  const steps = toPath(path);
  const isLeftToProvider = resource.isConfigured([]) && !isWritten(resource, steps);
  return isLeftToProvider ? undefined : because(resource, steps, reason);
}

/**
 * Blocks that the provider fills in where nobody writes them: of what is new a plan has each of them as not known.
 * What a `dynamic` one with an unknown `for_each` leaves looks alike, and nobody writes such a one for these.
 * https://github.com/hashicorp/terraform-provider-google/tree/v6.50.0/google/services/container
 */
const FILLED_IN: Readonly<Record<string, readonly string[]>> = {
  google_container_cluster: ['node_pool', 'node_config', 'private_cluster_config', 'ip_allocation_policy', 'cluster_autoscaling', 'node_pool_auto_config', 'master_authorized_networks_config', 'control_plane_endpoints_config'],
  google_container_node_pool: ['node_config', 'network_config'],
  google_composer_environment: ['config', 'node_config', 'software_config', 'private_environment_config'],
  google_dataproc_cluster: ['cluster_config', 'gce_cluster_config'],
  google_workbench_instance: ['gce_setup', 'network_interfaces'],
  google_cloudbuild_worker_pool: ['worker_config'],
  google_workstations_workstation_config: ['host', 'gce_instance'],
};

/** Whether one of the blocks on the path is of those. */
function isFilledIn(resource: Resource, path: AttributePath): boolean {
  const names = FILLED_IN[resource.type];
  return names !== undefined && (resource.action === 'create' || resource.action === 'replace') && path.some((step) => typeof step === 'string' && names.includes(step));
}

/** Whether the configuration sets the value, or something that the value is part of. */
function isWritten(resource: Resource, path: AttributePath): boolean {
  for (let length = 1; length <= path.length; length += 1) {
    const expression = resource.configExpression(path.slice(0, length));
    // A block that is not in the configuration may be a dynamic one, and then sets what it likes.
    if (expression === undefined) return length === 1 && path.length > 1 && !isFilledIn(resource, path);
    const isExpression = own(expression, 'references') !== undefined || own(expression, 'constant_value') !== undefined;
    if (!isExpression) continue;
    const constant = own(expression, 'constant_value');
    return constant === undefined || length === path.length || setsInside(constant, path.slice(length));
  }
  return true;
}

/** The same inside of what a synthesized stack writes. A text in the place of a block is a template, which may set what it likes. */
function setsInside(constant: Json, path: AttributePath): boolean {
  return valueAt(constant, path) !== undefined || path.some((_, length) => typeof valueAt(constant, path.slice(0, length)) === 'string');
}

/** What could give a stack type that no plan of Google's own resources gives: what is read, or handed on, during the apply. */
const STACKED = ['google_compute_subnetwork', 'google_compute_instance', 'google_container_cluster', 'terraform_data', 'terraform_remote_state', 'external'];

/**
 * The same for a stack type. Modules write `stack_type = lookup(each.value, "stack_type", null)`: what is not
 * known then is what Google fills in, which is always IPv4 alone
 * (https://cloud.google.com/compute/docs/reference/rest/v1/subnetworks). So is what another resource of the
 * plan could give that does not know its own either.
 */
export function hiddenStack(resource: Resource, path: PathLike): string | undefined {
  const hidden = hiddenAt(resource, path);
  // A synthesized stack has what a plan would know: there a variable may be anything.
  if (hidden === undefined || resource.action === 'unplanned') return hidden;
  const givers = resource.references(path, { types: STACKED }).targets;
  return givers.some((giver) => (giver.mode === 'data' || giver.type === 'terraform_data') && giver.hasUnknown([])) ? hidden : undefined;
}

/** The same for blocks: a `dynamic` one is in no configuration, so what is not known of it stays unknown. */
export function hiddenBlockAt(resource: Resource, path: PathLike): string | undefined {
  const reason = resource.unknownAt(path);
  if (reason === undefined) return undefined;
  const steps = toPath(path);
  return isFilledIn(resource, steps) && resource.configExpression(steps) === undefined ? undefined : because(resource, steps, reason);
}

function because(resource: Resource, path: AttributePath, reason: string): string {
  return `${resource.address}: '${printPath(path)}' is not known (${reason})`;
}

/** Every element of a block within blocks, from outside to inside; without any the resource itself. */
export function blocksAt(resource: Resource, names: readonly string[]): readonly AttributePath[] {
  return names.reduce<readonly AttributePath[]>((paths, name) => paths.flatMap((path) => resource.elements([...path, name])), [[]]);
}

export function textAt(resource: Resource, path: PathLike): string | undefined {
  const value = resource.valueAt(path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** JSON syntax and states of old providers have booleans and numbers as text, too. */
export function flagAt(resource: Resource, path: PathLike): boolean | undefined {
  const value = resource.valueAt(path);
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

export function numberAt(resource: Resource, path: PathLike): number | undefined {
  const value = resource.valueAt(path);
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Texts of a list; `unknown` when there are more that the plan does not know. */
export interface Texts {
  readonly values: readonly string[];
  readonly unknown?: string;
}

export function textsAt(resource: Resource, path: PathLike): Texts {
  const value = resource.valueAt(path);
  const values = (isList(value) ? value : value === undefined ? [] : [value]).filter(isText).map(String);
  const steps = toPath(path);
  // A list that is unknown as a whole and that nobody wrote is the provider's to fill.
  const whole = hiddenBlockAt(resource, steps);
  if (whole !== undefined) return values.length === 0 && hiddenAt(resource, steps) === undefined ? { values } : { values, unknown: whole };
  const hasGap = isList(value) && value.some((item) => item === null) && resource.hasUnknown(steps);
  return hasGap ? { values, unknown: because(resource, steps, 'known after apply') } : { values };
}

function isText(value: Json): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

/** A resource's own name: the last part of `projects/p/global/networks/n`. */
export function baseName(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

/** The region of something, or what its provider block says where nobody writes one: no first plan has that beside it. */
export function regionOf(resource: Resource, { providerRegions }: ResourceGraph): string | undefined {
  const own = textAt(resource, 'region');
  if (own !== undefined) return baseName(own);
  return resource.mode === 'data' || resource.isConfigured('region') ? undefined : providerRegions?.get(resource.providerConfig ?? 'google');
}

/** Of what a name may mean, what is in the resource's own project: names are a project's. */
export function inSameProject(resource: Resource, named: readonly Resource[]): readonly Resource[] {
  const project = named.length > 1 ? textAt(resource, 'project') : undefined;
  if (project === undefined) return named;
  const own = named.filter((each) => (textAt(each, 'project') ?? project) === project);
  return own.length > 0 ? own : named;
}

/** Why what another file has may not be meant, which alone has the name: names are a project's, and these files do not tell both of theirs. */
export function whyElsewhere({ file }: Resource, { targets, unknown }: Pick<References, 'targets' | 'unknown'>): string | undefined {
  return unknown !== undefined && targets.length > 0 && targets.every((target) => target.file !== file) ? unknown : undefined;
}

/** The name that it has at Google, else the one that it has in the code. */
export function nameOf(resource: Resource): string {
  return textAt(resource, 'name') ?? resource.name;
}
