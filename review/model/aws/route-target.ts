/** Where a route leads: which attribute says so, and to which kind of thing. */
import type { AttributePath } from '../../plan/attribute-path';
import { isList, isObject, own, type Json } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';
import { MORE_ENDPOINTS } from './firewalls';
import { blockTemplates, choose, everyOf, isSet, templateAt, textAt, type Choice } from './read';

export type RouteTargetKind =
  | 'local' | 'internet-gateway' | 'egress-only-gateway' | 'carrier-gateway' | 'nat' | 'firewall' | 'endpoint' | 'interface'
  | 'transit' | 'peering' | 'virtual-gateway' | 'local-gateway' | 'core-network' | 'oracle-network' | 'unknown';

export interface RouteTarget {
  readonly kind: RouteTargetKind;
  /** What is meant, or may be; empty for what is not in the plan. */
  readonly resources: Choice<Resource>;
  /** The target as a message shows it: an address, or an id. */
  readonly text: string;
  /** The zone that a firewall endpoint is picked by. */
  readonly zone?: string;
  /** True when a firewall endpoint is picked by its place in an unordered set. */
  readonly byPosition?: boolean;
  /** Of `unknown`, and of a target outside of the plan. */
  readonly unknown?: string;
  /** Why it may be no target at all: another attribute names one, and a route has one. */
  readonly perhaps?: string;
}

interface TargetAttribute {
  readonly name: string;
  readonly kind: RouteTargetKind;
  readonly types: readonly string[];
}

const ENDPOINTS = ['aws_networkfirewall_firewall', MORE_ENDPOINTS, 'aws_vpc_endpoint'];

/**
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route, and for a NAT gateway that is
 * called a gateway, which AWS takes: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route_table
 */
const ATTRIBUTES: readonly TargetAttribute[] = [
  { name: 'gateway_id', kind: 'internet-gateway', types: ['aws_internet_gateway', 'aws_vpn_gateway', 'aws_vpn_gateway_attachment', 'aws_internet_gateway_attachment', 'aws_ec2_carrier_gateway', 'aws_nat_gateway', ...ENDPOINTS] },
  { name: 'nat_gateway_id', kind: 'nat', types: ['aws_nat_gateway'] },
  { name: 'vpc_endpoint_id', kind: 'endpoint', types: ENDPOINTS },
  { name: 'egress_only_gateway_id', kind: 'egress-only-gateway', types: ['aws_egress_only_internet_gateway'] },
  { name: 'transit_gateway_id', kind: 'transit', types: ['aws_ec2_transit_gateway'] },
  { name: 'vpc_peering_connection_id', kind: 'peering', types: ['aws_vpc_peering_connection', 'aws_vpc_peering_connection_accepter'] },
  { name: 'network_interface_id', kind: 'interface', types: ['aws_network_interface', 'aws_instance'] },
  { name: 'instance_id', kind: 'interface', types: ['aws_instance'] },
  { name: 'carrier_gateway_id', kind: 'carrier-gateway', types: ['aws_ec2_carrier_gateway'] },
  { name: 'local_gateway_id', kind: 'local-gateway', types: ['aws_ec2_local_gateway'] },
  { name: 'odb_network_arn', kind: 'oracle-network', types: ['aws_odb_network'] },
  { name: 'core_network_arn', kind: 'core-network', types: ['aws_networkmanager_core_network', 'aws_networkmanager_vpc_attachment'] },
];

const BY_TYPE: Readonly<Record<string, RouteTargetKind>> = {
  aws_internet_gateway: 'internet-gateway',
  aws_internet_gateway_attachment: 'internet-gateway',
  aws_vpn_gateway: 'virtual-gateway',
  aws_vpn_gateway_attachment: 'virtual-gateway',
  aws_ec2_carrier_gateway: 'carrier-gateway',
  aws_nat_gateway: 'nat',
  aws_networkfirewall_firewall: 'firewall',
  [MORE_ENDPOINTS]: 'firewall',
  aws_vpc_endpoint: 'endpoint',
  aws_network_interface: 'interface',
  aws_instance: 'interface',
};

const BY_PREFIX: readonly (readonly [string, RouteTargetKind])[] = [
  ['igw-', 'internet-gateway'], ['eigw-', 'egress-only-gateway'], ['cagw-', 'carrier-gateway'], ['vgw-', 'virtual-gateway'], ['vpce-', 'endpoint'], ['nat-', 'nat'],
];

/** Null when another target is named, and then filled in by the provider: a plan has it as not known. */
const COMPUTED: ReadonlySet<string> = new Set(['network_interface_id', 'instance_id']);

/** The targets of a route, one per attribute that is set; usually one. `block` is the path of an inline route. */
export function targetsOf(route: Resource, block: AttributePath): readonly RouteTarget[] {
  const set = ATTRIBUTES.filter(({ name }) => isSet(route, [...block, name]));
  const isNamed = block.length === 0 && set.some(({ name }) => !COMPUTED.has(name));
  const found = set.flatMap((attribute) => {
    const targets = targetAt(route, block, attribute);
    return isNamed && COMPUTED.has(attribute.name) && route.unknownAt(attribute.name) !== undefined ? targets.map((target) => ({ ...target, perhaps: `${route.address}: the plan does not say whether it leads to an interface` })) : targets;
  });
  return found.length > 0 ? found : [{ kind: 'unknown', resources: { likely: [], others: [] }, text: 'nowhere', unknown: `${route.address}: where the route leads is not in the plan` }];
}

function targetAt(route: Resource, block: AttributePath, { name, kind, types }: TargetAttribute): readonly RouteTarget[] {
  const path = [...block, name];
  const id = textAt(route, path);
  if (id === 'local') return [{ kind: 'local', resources: { likely: [], others: [] }, text: 'local' }];
  const chosen = choose(route, path, (target) => firewallBehind(target) ?? target, { types });
  const resources = name === 'gateway_id' ? gatewaysFirst(chosen, () => choose(route, path, (target) => target, { types: GATEWAYS }), () => block.length > 0 && hasOthersBeside(route)) : chosen;
  const kinds = new Set(everyOf(resources).map((target) => BY_TYPE[target.type] ?? kind));
  if (kinds.size === 0) {
    const byId = BY_PREFIX.find(([prefix]) => id?.startsWith(prefix))?.[1];
    const unknown = `${id ?? `the ${name} of ${route.address}`} is not in the plan`;
    return [{ kind: byId ?? (name === 'gateway_id' ? 'unknown' : kind), resources: { likely: [], others: [] }, text: id ?? name, unknown }];
  }
  return [...kinds].map((each): RouteTarget => {
    const only = (items: readonly Resource[]) => items.filter((target) => (BY_TYPE[target.type] ?? kind) === each);
    const mine: Choice<Resource> = { ...resources, likely: only(resources.likely), others: only(resources.others) };
    const text = (mine.likely[0] ?? mine.others[0])?.address ?? id ?? name;
    const perhaps = mine.likely.length === 0 && resources.likely.length > 0 ? { perhaps: resources.widened ?? `${route.address}: the plan does not say where the route leads` } : {};
    return each === 'firewall' ? { kind: each, resources: mine, text, ...perhaps, ...zoneOf(route, block, path, id, everyOf(mine)) } : { kind: each, resources: mine, text, ...perhaps };
  });
}

const OTHERS = [...ENDPOINTS, 'aws_nat_gateway'];
const GATEWAYS = (ATTRIBUTES[0]?.types ?? []).filter((type) => !OTHERS.includes(type));

/**
 * An endpoint or a NAT gateway may be called a gateway, but hardly where a gateway is meant besides: the lists of a plan name what
 * all routes of a table lead to in one. Where they name such things and no gateway, and no other route is what they are there for, it is one of them.
 */
function gatewaysFirst(choice: Choice<Resource>, only: () => Choice<Resource>, isForOthers: () => boolean): Choice<Resource> {
  const isOther = ({ type }: Resource) => OTHERS.includes(type);
  const all = everyOf(choice);
  if (all.length < 2 || !all.some(isOther) || all.every(isOther)) return choice;
  if (choice.likely.length > 0 && choice.likely.every(isOther) && !isForOthers()) return choice;
  const { likely, others } = only();
  const gateways = likely.length > 0 ? likely : others;
  return gateways.length === 0 ? choice : { ...choice, likely: gateways, others: all.filter((target) => !gateways.includes(target)) };
}

/** Whether a route of the same table leads to an endpoint or a NAT gateway by the attribute for these. */
function hasOthersBeside(table: Resource): boolean {
  return table.elements('route').some((path) => isSet(table, [...path, 'vpc_endpoint_id']) || isSet(table, [...path, 'nat_gateway_id']));
}

/**
 * The firewall whose endpoint a search finds: AWS tags the endpoints that it makes for a firewall with its ARN.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-components.html
 */
function firewallBehind(target: Resource): Resource | undefined {
  if (target.mode !== 'data' || target.type !== 'aws_vpc_endpoint') return undefined;
  const tags = target.valueAt('tags');
  const isTagged = isObject(tags) && Object.hasOwn(tags, 'AWSNetworkFirewallManaged');
  const isFiltered = target.elements('filter').some((path) => /^tag:(AWSNetworkFirewallManaged|Firewall)$/.test(textAt(target, [...path, 'name']) ?? ''));
  if (!isTagged && !isFiltered) return undefined;
  const firewalls = new Set(['tags', 'filter'].flatMap((name) => target.references(name, { types: ['aws_networkfirewall_firewall'] }).targets));
  const [only] = firewalls;
  return firewalls.size === 1 ? only : undefined;
}

/**
 * Which of a firewall's endpoints is meant. An applied one is found by its id; a planned one by the
 * expression that picks it: by the zone's name, by the subnet, or, wrongly, by its place in the set.
 */
function zoneOf(route: Resource, block: AttributePath, path: AttributePath, id: string | undefined, firewalls: readonly Resource[]): Pick<RouteTarget, 'zone' | 'byPosition'> {
  if (id !== undefined) {
    const zone = firewalls.map((firewall) => zoneOfEndpoint(firewall, id)).find((each) => each !== undefined);
    return zone === undefined ? {} : { zone };
  }
  const template = block.length === 0 ? templateAt(route, path) : inlineTemplate(route, block, String(path.at(-1)));
  const named = /availability_zone\s*==\s*"([a-z0-9-]+)"/.exec(template ?? '')?.[1] ?? /\["([a-z]{2,}(?:-[a-z]+)+-\d[a-z])"\]/.exec(template ?? '')?.[1];
  if (named !== undefined) return { zone: named };
  if (template !== undefined && /sync_states\)?(\[\d+\]|\.\d+)/.test(template) && !/availability_zone|subnet_id/.test(template)) return { byPosition: true };
  const subnets = route.references(path, { types: ['aws_subnet', 'aws_default_subnet'] }).likely;
  const zones = new Set(subnets.map((subnet) => textAt(subnet, 'availability_zone')));
  const [zone] = zones;
  return zones.size === 1 && zone !== undefined ? { zone } : {};
}

function inlineTemplate(route: Resource, block: AttributePath, name: string): string | undefined {
  const templates = blockTemplates(route, String(block[0]), route.valueAt(block), ['cidr_block', 'ipv6_cidr_block']);
  const texts = templates.flatMap((template) => {
    const text = own(template, name);
    return typeof text === 'string' ? [text] : [];
  });
  return texts.length === 1 ? texts[0] : undefined;
}

function zoneOfEndpoint(firewall: Resource, id: string): string | undefined {
  const states = own(first(firewall.valueAt('firewall_status')), 'sync_states');
  for (const state of isList(states) ? states : []) {
    const zone = own(state, 'availability_zone');
    if (own(first(own(state, 'attachment')), 'endpoint_id') === id && typeof zone === 'string') return zone;
  }
  return undefined;
}

function first(value: Json | undefined): Json | undefined {
  return isList(value) ? value[0] : isObject(value) ? value : undefined;
}
