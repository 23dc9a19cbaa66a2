/**
 * What azapi makes of a kind that nobody here knows, and gives a subnet: it may run somebody's code there. Rules that let
 * subnets in give none, and neither do kinds that only have an address.
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-for-azure-services
 */
import type { AttributePath } from '../../plan/attribute-path';
import { isList, isObject, own, type Json } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';

/** Kinds that answer in their subnet, and call nobody from there, and those that only write of subnets; of Microsoft.Network each is known by its name. */
const ANSWERING = /^Microsoft\.(Network|Authorization|DBfor\w+|Cache|NetApp|StorageCache|ElasticSan|AAD|HardwareSecurityModules|ServiceNetworking|Storage|KeyVault|EventHub|ServiceBus|EventGrid|Search|DocumentDB\/databaseAccounts|Sql\/servers|ContainerRegistry\/registries)(\/|@|$)/i;
const LETS_IN = /rules?$|rulesets?$|acls?$/i;
const BODY: AttributePath = ['body'];

export function mayRunCode(resource: Resource): boolean {
  const type = resource.valueAt('type');
  if (typeof type === 'string' && ANSWERING.test(type)) return false;
  const body = parsed(resource.valueAt(BODY));
  if (namesSubnet(body) || hasProjects(body)) return true;
  // Of what is not known, the configuration tells where it comes from.
  return resource.references(BODY, { types: ['azurerm_subnet'] }).targets.length > 0 && isHidden(resource, BODY, body);
}

/** Of an account of Foundry, whose agents call any public address. https://learn.microsoft.com/azure/foundry/agents/how-to/virtual-networks */
function hasProjects(body: Json | undefined): boolean {
  const properties = isObject(body) ? own(body, 'properties') : undefined;
  return isObject(properties) && own(properties, 'allowProjectManagement') === true;
}

/** Up to azapi 1 it was a text. */
function parsed(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}

function namesSubnet(value: Json | undefined): boolean {
  if (isList(value)) return value.some(namesSubnet);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([name, each]) => !LETS_IN.test(name) && ((/subnet/i.test(name) && meansSubnet(each)) || namesSubnet(each)));
}

/** An id, or what says which one it is. */
function meansSubnet(value: Json | undefined): boolean {
  if (isList(value)) return value.some(meansSubnet);
  return typeof value === 'string' ? value.toLowerCase().includes('/subnets/') : isObject(value) && ['id', 'name'].some((name) => typeof own(value, name) === 'string');
}

/** Whether something is not known that is no rule. */
function isHidden(resource: Resource, path: AttributePath, value: Json | undefined): boolean {
  if (!resource.hasUnknown(path)) return false;
  const parts = isList(value) ? value.map((each, index) => [index, each] as const) : isObject(value) ? Object.entries(value) : [];
  const hidden = parts.filter(([name]) => resource.hasUnknown([...path, name]));
  return hidden.length === 0 || hidden.some(([name, each]) => !LETS_IN.test(String(name)) && isHidden(resource, [...path, name], each));
}
