/**
 * Route maps of a virtual hub: what they do to routes to the internet that a connection tells the hub, or learns from it.
 * https://learn.microsoft.com/azure/virtual-wan/route-maps-about#actions
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { isInternetPrefix } from './routing';
import { isUnset, pointsTo, text, texts, under, unknownBlocks } from './read';

export interface MapEffect {
  /** Routes to the internet may be dropped, or become others. */
  readonly drops: boolean;
  /** Prefixes of the internet that others become; undefined for what the plan does not tell. */
  readonly makes: readonly string[] | undefined;
}

const NOTHING: MapEffect = { drops: false, makes: [] };
const ANYTHING: MapEffect = { drops: true, makes: undefined };
const MAP = 'azurerm_route_map';

export function mapAt(connection: Resource, direction: 'inbound' | 'outbound'): MapEffect {
  const path: AttributePath = ['routing', 0, `${direction}_route_map_id`];
  if (isUnset(connection, path)) return connection.unknownAt(path) === undefined ? NOTHING : ANYTHING;
  const { targets: [map], exact } = pointsTo(connection, path, MAP);
  if (!map || !exact || unknownBlocks(map, 'rule') !== undefined) return ANYTHING;
  const rules = map.elements('rule').map((rule) => effectOf(map, rule));
  return { drops: rules.some(({ drops }) => drops), makes: rules.some(({ makes }) => makes === undefined) ? undefined : rules.flatMap(({ makes }) => makes ?? []) };
}

function effectOf(map: Resource, rule: AttributePath): MapEffect {
  if (unknownBlocks(map, under(rule, 'action')) !== undefined) return ANYTHING;
  const all = map.elements(under(rule, 'action')).map((action) => {
    const type = text(map, under(action, 'type'))?.toLowerCase();
    if (type === 'drop') return { drops: true, made: [] };
    // Paths and communities say which of several routes is taken, and lead nowhere else.
    if (type === 'add' || type === 'remove') return { drops: false, made: [] };
    if (unknownBlocks(map, under(action, 'parameter')) !== undefined) return undefined;
    const prefixes = map.elements(under(action, 'parameter')).map((parameter) => texts(map, under(parameter, 'route_prefix')));
    const made = prefixes.flatMap(({ items }) => items);
    return prefixes.some(({ unknown }) => unknown !== undefined) ? undefined : { drops: made.length > 0 || type !== 'replace', made: made.filter(isInternetPrefix) };
  });
  if (all.includes(undefined)) return ANYTHING;
  const known = all.flatMap((each) => each ?? []);
  return { drops: known.some(({ drops }) => drops) && mayMatch(map, rule), makes: known.flatMap(({ made }) => made) };
}

/** Whether a rule may be for a route to the internet: what names prefixes is for these, or for all but these. */
function mayMatch(map: Resource, rule: AttributePath): boolean {
  return map.elements(under(rule, 'match_criterion')).every((criterion) => {
    const { items, unknown } = texts(map, under(criterion, 'route_prefix'));
    const condition = text(map, under(criterion, 'match_condition'))?.toLowerCase();
    return unknown !== undefined || items.length === 0 || !(condition === 'contains' || condition === 'equals') || items.some(isInternetPrefix);
  });
}
