/**
 * Networks, firewalls, private endpoints, perimeters, gateways, services and deliveries that the provider azapi writes in Azure's own words, told in those of azurerm:
 * Microsoft's verified modules make theirs so. Whatever is not translated here stays an `azapi_resource`, and the review
 * says that it is not read (`model/unread.ts`).
 */
import { AZURE_KINDS, Source } from './azapi-kinds';
import { objectOf } from './azapi-parts';
import type { ConfiguredResource } from './configuration';
import type { ResourceRecord } from './graph-resource';
import { isList, isObject, own, ownText, type Json, type JsonObject } from './json';
import { marksAnything } from './masking';
import { referenceOf } from './reference';
import { isTemplate, parseTemplate } from './template';
import { printTraversal } from './traversal';

/** A record in the words of azurerm, and where each of its attributes is written. */
export interface Translated {
  readonly record: ResourceRecord;
  readonly from: Readonly<Record<string, string>>;
}

/** What says something of other resources: peerings of a network, and the network whose subnets a NAT gateway is all at once. And a firewall's own rules, which azurerm has as resources. */
const BESIDE = ['virtualNetworkPeerings', 'sourceVirtualNetwork', 'applicationRuleCollections', 'networkRuleCollections', 'natRuleCollections'];

/** Undefined for what is not of these kinds, and where the plan does not show the body. */
export function translatedAzapi(record: ResourceRecord): Translated | undefined {
  if (record.type !== 'azapi_resource' || record.mode !== 'managed') return undefined;
  const { after, unknown, sensitive } = record;
  const azure = AZURE_KINDS[(ownText(after, 'type') ?? '').split('@', 1)[0]!.toLowerCase()];
  const isHidden = (name: string) => own(unknown, name) === true || marksAnything(own(sensitive, name));
  if (!azure || isHidden('body') || isHidden('type') || (own(after, 'sensitive_body') ?? null) !== null || own(unknown, 'sensitive_body') === true) return undefined;
  const body = bodyOf(own(after, 'body'));
  const marks = own(own(unknown, 'body'), 'properties');
  // Properties that are not known at all may hold any of these.
  if (!body || marks === true || BESIDE.some((property) => (own(own(body, 'properties'), property) ?? null) !== null || marksAnything(own(marks, property)))) return undefined;
  // Azure takes no network without addresses: what the body leaves out is somewhere else.
  if (azure.type === 'azurerm_virtual_network' && (own(own(body, 'properties'), 'addressSpace') ?? null) === null && !marksAnything(own(marks, 'addressSpace'))) return undefined;
  const words = azure.words(new Source({ value: after, unknown }, { value: body, unknown: own(unknown, 'body') }));
  const told = objectOf(Object.fromEntries(Object.entries(words).map(([name, [, part]]) => [name, part])));
  const from = Object.fromEntries(Object.entries(words).map(([attribute, [source]]) => [attribute, source]));
  const { address, moduleAddress, mode, name, key, provider, action, actionReason, previousAddress, imported, deposed, repeated, drift, source, lifecycle, dependsOn, before, beforeSensitive, unknownReason: reason } = record;
  return {
    record: {
      address, moduleAddress, mode, type: azure.type, name, key, provider, action, actionReason, previousAddress, imported, deposed, repeated, drift, source, lifecycle, dependsOn, before, beforeSensitive,
      after: { ...(told.value as JsonObject), ...(own(after, 'id') === undefined ? {} : { id: own(after, 'id') as Json }) },
      unknown: { ...(told.unknown as JsonObject), ...(own(unknown, 'id') === undefined ? {} : { id: own(unknown, 'id') as Json }) },
      // What is not known of an attribute is not known of what it is written in.
      ...(reason && action === 'unplanned' ? { unknownReason: ([attribute = '', ...rest]) => reason([from[attribute] ?? attribute, ...rest]) } : {}),
    },
    from,
  };
}

/** Up to azapi 1 it was a text. */
function bodyOf(value: Json | undefined): JsonObject | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return undefined;
  try {
    const parsed = JSON.parse(value) as unknown;
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The configuration of a translated resource: an attribute refers to what the one of azapi refers to. */
export function translatedConfig(config: ConfiguredResource, from: Translated['from']): ConfiguredResource {
  const expressions = Object.entries(from).flatMap(([attribute, source]) => {
    const expression = own(config.expressions, source);
    return expression === undefined ? [] : [[attribute, source === 'body' ? listed(expression) : expression] as const];
  });
  return { ...config, expressions: Object.fromEntries(expressions) };
}

/** A template of a synthesized stack as a plan has it: a list of what it refers to, since its parts have other places after the translation. */
function listed(expression: Json): Json {
  const template = own(expression, 'constant_value');
  if (template === undefined || !isList(own(expression, 'references'))) return expression;
  return { references: templatesOf(template).flatMap(({ traversals }) => traversals.map(printTraversal)) };
}

/**
 * Whether a synthesized stack's body shows which properties it has, and its templates refer each to one thing: a condition or
 * a function may pick or make another. A name of a property is a template, too, where it looks like one. https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function hasPlainTemplates(expression: Json | undefined): boolean {
  const template = own(expression, 'constant_value');
  return template !== undefined && !namesOf(template).some(isTemplate)
    && templatesOf(template).every(({ incomplete, plain, traversals }) => plain && !incomplete && traversals.every((steps) => referenceOf(steps) !== undefined));
}

function templatesOf(value: Json): readonly ReturnType<typeof parseTemplate>[] {
  if (typeof value === 'string') return isTemplate(value) ? [parseTemplate(value)] : [];
  return (isList(value) ? value : isObject(value) ? Object.values(value) : []).flatMap(templatesOf);
}

function namesOf(value: Json): readonly string[] {
  return [...(isObject(value) ? Object.keys(value) : []), ...(isList(value) ? value : isObject(value) ? Object.values(value) : []).flatMap(namesOf)];
}
