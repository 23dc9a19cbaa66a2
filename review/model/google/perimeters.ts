/** Perimeters of VPC Service Controls that enforce something, however a plan writes them. https://cloud.google.com/vpc-service-controls/docs/service-perimeters */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { addressesOf, INTERNET } from '../addresses';
import { includes } from '../ranges';
import { flagAt, hiddenAt, textAt, textsAt, type Texts } from './reading';

export interface Perimeter {
  readonly resource: Resource;
  /** Where it stands in the resource, which may list several. */
  readonly at: AttributePath;
  /** Its name where the resource has several. */
  readonly title?: string;
  /** What is enforced. */
  readonly status: AttributePath;
  readonly restricted: Texts;
  /** One that joins others, and restricts nothing itself. https://cloud.google.com/vpc-service-controls/docs/share-across-perimeters */
  readonly isBridge: boolean;
}

const ONE = 'google_access_context_manager_service_perimeter';
const SEVERAL = 'google_access_context_manager_service_perimeters';

export function perimeters(graph: ResourceGraph): readonly Perimeter[] {
  return [
    ...graph.ofType(ONE).map((resource) => perimeterAt(resource, [])),
    ...graph.ofType(SEVERAL).flatMap((resource) => resource.elements('service_perimeters').map((at) => perimeterAt(resource, at))),
  ];
}

function perimeterAt(resource: Resource, at: AttributePath): Perimeter {
  const status = [...at, 'status', 0];
  const title = at.length === 0 ? undefined : textAt(resource, [...at, 'name']) ?? textAt(resource, [...at, 'title']);
  return {
    resource, at, status, ...(title === undefined ? {} : { title }),
    restricted: textsAt(resource, [...status, 'restricted_services']),
    isBridge: textAt(resource, [...at, 'perimeter_type']) === 'PERIMETER_TYPE_BRIDGE',
  };
}

/** What an egress policy lets out of a perimeter. */
export interface LetOut {
  readonly resource: Resource;
  /** `every project`, or resources of other clouds. */
  readonly to: string;
  readonly toEveryProject: boolean;
  /** Of every service, and not of some alone. */
  readonly isOfEveryService: boolean;
  /** What is fetched from elsewhere takes nothing out but names. */
  readonly isReadOnly: boolean;
  /** Why it may lead to every project though it names none. */
  readonly unknown?: string;
}

/** Egress policies that lead further than to projects that are named. https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules */
export function letOut(graph: ResourceGraph): readonly LetOut[] {
  return [
    ...perimeters(graph).flatMap(({ resource, status }) => resource.elements([...status, 'egress_policies']).flatMap((policy) => wide(resource, policy))),
    // Those that stand beside their perimeter.
    ...graph.ofType(`${ONE}_egress_policy`).flatMap((resource) => wide(resource, [])),
  ];
}

function wide(resource: Resource, policy: AttributePath): readonly LetOut[] {
  return resource.elements([...policy, 'egress_to']).flatMap((to): readonly LetOut[] => {
    const operations = resource.elements([...to, 'operations']);
    const isReadOnly = operations.length > 0 && operations.every((each) => onlyReads(resource, each));
    const isOfEveryService = operations.some((each) => textAt(resource, [...each, 'service_name']) === '*');
    const outside = textsAt(resource, [...to, 'external_resources']).values;
    const named = textsAt(resource, [...to, 'resources']);
    const toEveryProject = named.values.includes('*');
    const places = [...(toEveryProject ? ['every project'] : []), ...outside];
    // What is made of the number of a project of the plan is that project.
    const unknown = toEveryProject || resource.references([...to, 'resources']).targets.length > 0 ? undefined : named.unknown;
    return places.length === 0 && unknown === undefined ? [] : [{ resource, to: places.length === 0 ? 'projects that the plan does not tell' : places.join(', '), toEveryProject, isOfEveryService, isReadOnly, ...(unknown === undefined ? {} : { unknown }) }];
  });
}

/** Who may come into a perimeter from anywhere, whatever identity it has. */
export interface LetIn {
  readonly resource: Resource;
  /** `an ingress policy`, or the level. */
  readonly by: string;
  /** Of every service, and not of some alone. */
  readonly isOfEveryService: boolean;
}

/**
 * Ingress policies for anybody from anywhere, and access levels that every address has. What is in the perimeter is then
 * fetched by whoever has the rights, also by stolen ones.
 * https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules#ingress-rules-reference
 */
export function letIn(graph: ResourceGraph): readonly LetIn[] {
  return [
    ...perimeters(graph).flatMap(({ resource, status }) => [
      ...resource.elements([...status, 'ingress_policies']).flatMap((policy) => anybody(resource, policy, graph)),
      ...levelsAt(resource, [...status, 'access_levels'], graph).flatMap(({ level, at }) => (isForEverybody(level, at, graph) ? [{ resource, by: `${(at.length === 0 ? undefined : textAt(level, [...at, 'name'])) ?? level.address}, a level that every address has,`, isOfEveryService: true }] : [])),
    ]),
    ...graph.ofType(`${ONE}_ingress_policy`).flatMap((resource) => anybody(resource, [], graph)),
  ];
}

interface Level {
  readonly level: Resource;
  /** Where it stands in the resource, which may list several. */
  readonly at: AttributePath;
}

const LEVEL = 'google_access_context_manager_access_level';
const LEVELS = `${LEVEL}s`;

/** Those of the plan that a path names, whether they stand alone or in a list. */
function levelsAt(resource: Resource, path: AttributePath, graph: ResourceGraph): readonly Level[] {
  const { targets } = resource.references(path, { types: [LEVEL, LEVELS] });
  const names = new Set(textsAt(resource, path).values.concat(textAt(resource, path) ?? []));
  const listed = graph.ofType(LEVELS).flatMap((level) => level.elements('access_levels').map((at): Level => ({ level, at })).filter(({ at }) => targets.includes(level) || names.has(textAt(level, [...at, 'name']) ?? '')));
  return [...targets.filter(({ type }) => type === LEVEL).map((level): Level => ({ level, at: [] })), ...listed];
}

function anybody(resource: Resource, policy: AttributePath, graph: ResourceGraph): readonly LetIn[] {
  const isAnybody = resource.elements([...policy, 'ingress_from']).some((from) => /^ANY_/.test(textAt(resource, [...from, 'identity_type']) ?? '')
    && resource.elements([...from, 'sources']).some((source) => textAt(resource, [...source, 'access_level']) === '*'
      || levelsAt(resource, [...source, 'access_level'], graph).some(({ level, at }) => isForEverybody(level, at, graph))));
  if (!isAnybody) return [];
  const operations = resource.elements([...policy, 'ingress_to']).flatMap((to) => resource.elements([...to, 'operations']));
  return [{ resource, by: 'an ingress policy', isOfEveryService: operations.some((each) => textAt(resource, [...each, 'service_name']) === '*') }];
}

/** Whether all of a level's conditions, or one where one is enough, ask for nothing but addresses, and for any of these. */
function isForEverybody(level: Resource, at: AttributePath, graph: ResourceGraph): boolean {
  const own = level.elements([...at, 'basic', 0, 'conditions']).map((condition): Condition => ({ of: level, condition }));
  const conditions = [...own, ...addedTo(level, at, graph)];
  const isAny = ({ of, condition }: Condition): boolean => {
    const ranges = addressesOf(textsAt(of, [...condition, 'ip_subnetworks']).values, 4);
    const asked = OTHER_CONDITIONS.some((name) => of.elements([...condition, name]).length > 0 || hiddenAt(of, [...condition, name]) !== undefined);
    return !asked && flagAt(of, [...condition, 'negate']) !== true && includes(ranges, INTERNET[4]);
  };
  return conditions.some(({ isDoubtful }) => !isDoubtful) && (textAt(level, [...at, 'basic', 0, 'combining_function']) === 'OR' ? conditions.some(isAny) : conditions.every((each) => isAny(each) || each.isDoubtful));
}

interface Condition {
  readonly of: Resource;
  readonly condition: AttributePath;
  /** It may be one of another level: then it narrows nothing. */
  readonly isDoubtful?: true;
}

/** Conditions that stand beside their level. https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/access_context_manager_access_level_condition */
function addedTo(level: Resource, at: AttributePath, graph: ResourceGraph): readonly Condition[] {
  const name = textAt(level, [...at, 'name']);
  return graph.ofType(`${LEVEL}_condition`).filter(({ mode }) => mode === 'managed').flatMap((of): readonly Condition[] => {
    const said = textAt(of, 'access_level');
    if (said !== undefined && said === name) return [{ of, condition: [] }];
    const { targets, exact } = of.references('access_level', { types: [LEVEL] });
    return at.length > 0 || !targets.includes(level) ? [] : [{ of, condition: [], ...(exact || targets.length === 1 ? {} : { isDoubtful: true as const }) }];
  });
}

const OTHER_CONDITIONS = ['members', 'regions', 'required_access_levels', 'device_policy', 'vpc_network_sources'];

function onlyReads(resource: Resource, operation: AttributePath): boolean {
  const selectors = resource.elements([...operation, 'method_selectors']);
  const reads = (selector: AttributePath) => {
    const named = textAt(resource, [...selector, 'method']) ?? textAt(resource, [...selector, 'permission']);
    return named !== undefined && /(^|\.)(get|list|read)\w*$/i.test(named);
  };
  return selectors.length > 0 && selectors.every(reads);
}

const ATTACHED = ['google_access_context_manager_service_perimeter_resource'];

/** Whether it stands around anything: what it lists, or what a resource of its own attaches. */
export function isAroundSomething({ resource, status }: Perimeter, graph: ResourceGraph): boolean {
  const { values, unknown } = textsAt(resource, [...status, 'resources']);
  return values.length > 0 || unknown !== undefined || resource.hasUnknown([...status, 'resources']) || graph.referrers(resource, ATTACHED).length > 0;
}

/** Why the network may call other APIs than those that are listed. */
export function accessibleUnknown({ resource, status }: Perimeter): string | undefined {
  return textsAt(resource, [...status, 'vpc_accessible_services', 0, 'allowed_services']).unknown;
}

/** APIs that the network may call although the perimeter does not restrict them. https://cloud.google.com/vpc-service-controls/docs/vpc-accessible-services */
export function alsoAccessible({ resource, status, restricted }: Perimeter): readonly string[] {
  if (restricted.unknown !== undefined) return [];
  return textsAt(resource, [...status, 'vpc_accessible_services', 0, 'allowed_services']).values.filter((service) => service !== 'RESTRICTED-SERVICES' && !restricted.values.includes(service));
}

/** Whether the network is kept from calling what the perimeter does not restrict. */
export function keepsToRestricted({ resource, status }: Perimeter): boolean {
  return flagAt(resource, [...status, 'vpc_accessible_services', 0, 'enable_restriction']) === true;
}
