/**
 * The firewalls, interfaces and load balancers that a route's next hop may be. A plan lists in one what all
 * `route` blocks of a table refer to, without what a dynamic block refers to: then anything in reach of the
 * module may be meant, unless the values tell that it is not.
 */
import { printPath, type AttributePath } from '../../plan/attribute-path';
import { isList, isObject, own, ownTexts } from '../../plan/json';
import { parseReference, primaryReferences } from '../../plan/reference';
import type { Resource } from '../../plan/resource-graph';
import { isPlainVariable } from '../plain-variables';
import { mayForward } from './interfaces';
import { pointsTo, text, under, unknownBlocks, type Pointed } from './read';

const PALO_ALTO = ['panorama', 'local_rulestack', 'strata_cloud_manager'].map((managed) => `azurerm_palo_alto_next_generation_firewall_virtual_network_${managed}`);
const APPLIANCES: readonly string[] = ['azurerm_firewall', 'azurerm_network_interface', 'azurerm_lb', ...PALO_ALTO];

/** What may tell an address of an appliance without being one, or of one that is out of reach. */
const TELLERS: readonly string[] = ['azurerm_linux_virtual_machine', 'azurerm_windows_virtual_machine', 'azurerm_resource_group_template_deployment', 'azurerm_template_deployment', 'azurerm_managed_application'];

export function appliancesAt(route: Resource, at: AttributePath, attribute = 'next_hop_in_ip_address'): Pointed {
  const path = under(at, attribute);
  const found = pointsTo(route, path, ...APPLIANCES);
  if (found.targets.length === 0) return found;
  const named = found.exact ? undefined : written(route, at, path);
  const teller = named ? undefined : tellerInReach(route, path);
  const targets = found.exact ? found.targets : named ?? found.targets.filter(mayBeNextHop);
  if (teller) return { ...found, exact: false, unknown: found.unknown ?? `${route.address} ${printPath(path)} may be an address that ${teller.address} tells` };
  if (targets.length === 0 || targets.length === found.targets.length) return found;
  return { ...found, targets, exact: targets.length === 1 && found.unknown === undefined };
}

/** One of them, where what the next hop refers to is hidden. */
function tellerInReach(route: Resource, path: AttributePath): Resource | undefined {
  const { widened, targets } = route.references(path, { types: TELLERS });
  return widened.length === 0 ? undefined : targets.find((target) => target.mode === 'managed' && mayTell(target));
}

function mayTell(teller: Resource): boolean {
  if (!teller.type.endsWith('_virtual_machine')) return /microsoft\.(network|compute|solutions|resources)\//i.test(text(teller, 'template_content') ?? text(teller, 'template_body') ?? 'microsoft.network/');
  const interfaces = pointsTo(teller, 'network_interface_ids', 'azurerm_network_interface');
  return interfaces.targets.length === 0 || interfaces.targets.some((each) => mayForward(each, []));
}

/**
 * What is listed, where it is all: each block that is written out makes an element, so if just one of them has
 * anything that is not known, and something listed is not known, both are the same. Terraform repeats what several
 * blocks refer to: where one appliance is listed as often as there are unknown next hops, it is each of them.
 */
function written(table: Resource, at: AttributePath, path: AttributePath): readonly Resource[] | undefined {
  const [block] = at;
  if (typeof block !== 'string') return undefined;
  const expression = table.configExpression(block);
  const listed = isObject(expression) && isList(own(expression, 'references')) ? ownTexts(expression, 'references') ?? [] : [];
  // A name or an id says nothing of an address.
  const meant = listed.filter((reference) => /^(module|azurerm_\w+)\.[^.]+\..*[a-z_]$/.test(reference) && !/\.(name|id)$/.test(reference));
  if (meant.length === 0) return undefined;
  const hidden = table.elements(block).filter((element) => table.hasUnknown(element));
  const isOnly = hidden.length === 1 && printPath(hidden[0] as AttributePath) === printPath(at);
  if (!isOnly && !(hidden.every((element) => table.hasUnknown(under(element, 'next_hop_in_ip_address'))) && isRepeated(table, listed, hidden.length))) return undefined;
  const likely = table.references(path, { types: APPLIANCES }).likely.filter(({ mode }) => mode === 'managed');
  return likely.length > 0 && (isOnly || likely.length === 1) && likely.every(isHidden) ? likely : undefined;
}

/** True when one thing, and no other that may be an appliance, is listed so many times. */
function isRepeated(table: Resource, listed: readonly string[], times: number): boolean {
  const primary = primaryReferences(listed).filter((reference) => {
    if (isPlainVariable(table, reference)) return false;
    const parsed = parseReference(reference);
    return parsed?.kind === 'module' || (parsed?.kind === 'resource' && APPLIANCES.includes(parsed.type)) || parsed?.kind === 'var' || parsed?.kind === 'local';
  });
  return primary.length === times && new Set(primary).size === 1;
}

/** True when the address of an appliance is not known yet. */
function isHidden(appliance: Resource): boolean {
  return ['ip_configuration', 'private_ip_address', 'frontend_ip_configuration', 'network_profile'].some((name) => appliance.hasUnknown(name));
}

/** What does not forward packets of others takes none by a route, and a balancer with public addresses alone has no address for one. https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface#enable-or-disable-ip-forwarding */
function mayBeNextHop(appliance: Resource): boolean {
  if (appliance.type === 'azurerm_network_interface') return mayForward(appliance, []);
  if (appliance.type !== 'azurerm_lb' || unknownBlocks(appliance, 'frontend_ip_configuration') !== undefined) return true;
  return appliance.elements('frontend_ip_configuration').some((frontend) => pointsTo(appliance, under(frontend, 'subnet_id')).isSet);
}
