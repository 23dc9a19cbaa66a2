/**
 * Policies of core networks of Cloud WAN: JSON, or the blocks of the data source that writes it, of which a first plan
 * has all but the ids of attachments.
 * https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policies-json.html
 */
import { isList, isObject, own, type Json } from '../../plan/json';
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { isHidden, templateAt, textAt } from './read';

/** Names of segments; the star is all of them, and so is what is not known. */
export type Names = '*' | readonly string[] | { readonly except: readonly string[] };

export interface CoreSegment {
  readonly name: string;
  readonly isolated: boolean;
  /** From which segments it takes no routes, or takes them alone. */
  readonly denies?: readonly string[];
  readonly allows?: readonly string[];
}

export interface CoreAction {
  readonly kind: string;
  readonly segment: string;
  /** Undefined where the plan does not tell. */
  readonly cidrs: readonly string[] | undefined;
  /** Ids of attachments, or `blackhole`. */
  readonly destinations: readonly string[];
  /** Of blocks, where these say the destinations. */
  readonly path?: AttributePath;
  /** The other segments of a share, or to which what is sent goes by way of a group. */
  readonly others: Names;
  /** Network function groups; undefined where the plan does not tell. */
  readonly groups: readonly string[] | undefined;
}

export interface CoreCondition {
  readonly type: string | undefined;
  readonly operator: string | undefined;
  readonly key: string | undefined;
  readonly value: string | undefined;
}

export interface CoreRule {
  readonly number: number;
  readonly logic: string | undefined;
  readonly conditions: readonly CoreCondition[];
  /** A segment or a group; or the key of the tag that names the segment. */
  readonly puts?: string;
  readonly byTag?: string;
}

export interface CorePolicy {
  /** What says it: of the data source, where that does. */
  readonly source: Resource;
  readonly segments: ReadonlyMap<string, CoreSegment>;
  readonly groups: readonly string[];
  readonly actions: readonly CoreAction[];
  /** In the order in which they are asked. */
  readonly rules: readonly CoreRule[];
  /** Ranges that routing policies make one route of, where the core network may take it itself; undefined for one that the plan does not tell. */
  readonly summaries: readonly (string | undefined)[];
}

const DOCUMENT = 'aws_networkmanager_core_network_policy_document';

/** Why the plan does not tell the policy, instead. */
export function corePolicyOf(holder: Resource): CorePolicy | string {
  // A template may stand for an attachment's id inside of a text that is otherwise written out.
  const text = textAt(holder, 'policy_document') ?? templateAt(holder, 'policy_document');
  if (text?.trimStart().startsWith('{') === true) {
    try {
      return policyOf(holder, JSON.parse(text) as Json) ?? `the policy of ${holder.address} is none that is known`;
    } catch {
      return `the policy of ${holder.address} is not JSON`;
    }
  }
  const { targets, exact } = holder.references('policy_document', { types: [DOCUMENT] });
  const [document] = targets;
  if (!document || targets.length > 1 || !exact) return `the policy of ${holder.address} is known after the apply: before it, as blocks of ${DOCUMENT} alone`;
  if (BLOCKS.some((block) => isHidden(document, block))) return `${document.address}: the plan does not tell its blocks`;
  const value = Object.fromEntries(BLOCKS.map((block) => [asKey(block), blocksAt(document, block)]));
  return policyOf(document, value) ?? `${document.address}: the plan does not tell its segments`;
}

const BLOCKS = ['segments', 'network_function_groups', 'segment_actions', 'attachment_policies', 'routing_policies'] as const;
const asKey = (name: string): string => name.replaceAll('_', '-');

function blocksAt(document: Resource, block: string): Json {
  return document.elements(block).map((path) => dashed(document.valueAt(path)));
}

/** As JSON calls it. */
function dashed(value: Json | undefined): Json {
  if (isList(value)) return value.map(dashed);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [asKey(key), dashed(each)])) : value ?? null;
}

function policyOf(source: Resource, value: Json): CorePolicy | undefined {
  const paths = source.type === DOCUMENT ? source.elements('segment_actions') : [];
  const segments = objects(own(value, 'segments')).map(segmentOf);
  const actions = objects(own(value, 'segment-actions')).map((each, at) => actionOf(each, paths[at]));
  const groups = objects(own(value, 'network-function-groups')).map((each) => text(own(each, 'name')));
  if (segments.length === 0 || [...segments, ...actions, ...groups].includes(undefined)) return undefined;
  return {
    source, segments: new Map((segments as readonly CoreSegment[]).map((each) => [each.name, each])), groups: groups as readonly string[], actions: actions as readonly CoreAction[],
    rules: objects(own(value, 'attachment-policies')).map(ruleOf).sort((a, b) => a.number - b.number), summaries: summariesOf(value),
  };
}

/**
 * AWS tells of summaries that go out by an attachment, and neither allows nor refuses others: those of policies for what comes
 * in, or for what segments and edges tell each other. https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-route-policy.html
 */
function summariesOf(value: Json): readonly (string | undefined)[] {
  const within = new Set(objects(own(value, 'segment-actions')).flatMap((each) => [each, first(own(each, 'edge-location-association'))]).flatMap((each) => texts(own(each, 'routing-policy-names')) ?? []));
  const policies = objects(own(value, 'routing-policies')).filter((each) => own(each, 'routing-policy-direction') !== 'outbound' || within.has(text(own(each, 'routing-policy-name')) ?? ''));
  const actions = policies.flatMap((each) => objects(own(each, 'routing-policy-rules'))).map((rule) => first(own(first(own(rule, 'rule-definition')), 'action')));
  return actions.filter((action) => own(action, 'type') === 'summarize').map((action) => text(own(action, 'value')));
}

function segmentOf(value: Json): CoreSegment | undefined {
  const name = text(own(value, 'name'));
  const isolated = own(value, 'isolate-attachments');
  const [denies, allows] = ['deny-filter', 'allow-filter'].map((filter) => texts(own(value, filter)));
  return name === undefined ? undefined : { name, isolated: isolated === true || isolated === 'true', ...(denies ? { denies } : {}), ...(allows ? { allows } : {}) };
}

function actionOf(value: Json, path: AttributePath | undefined): CoreAction | undefined {
  const [kind, segment] = [text(own(value, 'action')), text(own(value, 'segment'))];
  if (kind === undefined || segment === undefined) return undefined;
  const except = texts(own(value, 'share-with-except') ?? own(own(value, 'share-with'), 'except'));
  const sentTo = texts(own(first(own(value, 'when-sent-to')), 'segments'));
  return {
    kind, segment, cidrs: texts(own(value, 'destination-cidr-blocks')), destinations: texts(own(value, 'destinations')) ?? [], ...(path ? { path: [...path, 'destinations'] } : {}),
    others: kind === 'share' && except ? { except } : names(kind === 'share' ? texts(own(value, 'share-with')) : sentTo),
    groups: texts(own(first(own(value, 'via')), 'network-function-groups')),
  };
}

function ruleOf(value: Json): CoreRule {
  const action = first(own(value, 'action'));
  const byTag = text(own(action, 'tag-value-of-key'));
  const puts = text(own(action, 'add-to-network-function-group')) ?? text(own(action, 'segment'));
  return {
    number: Number(own(value, 'rule-number') ?? 0), logic: text(own(value, 'condition-logic')),
    conditions: objects(own(value, 'conditions')).map((each) => ({ type: text(own(each, 'type')), operator: text(own(each, 'operator')), key: text(own(each, 'key')), value: text(own(each, 'value')) })),
    ...(puts === undefined ? {} : { puts }), ...(byTag === undefined ? {} : { byTag }),
  };
}

const names = (list: readonly string[] | undefined): Names => (list === undefined || list.includes('*') ? '*' : list);

/** Whether some names have this one. */
export function isAmong(all: Names, name: string): boolean {
  if (all === '*') return true;
  return 'except' in all ? !all.except.includes(name) : all.includes(name);
}

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined);
const first = (value: Json | undefined): Json | undefined => (isList(value) ? value[0] : value);
const objects = (value: Json | undefined): readonly Json[] => (isList(value) ? value.filter(isObject) : isObject(value) ? [value] : []);

/** Undefined also where one of them is not known. */
function texts(value: Json | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  return isList(value) && value.length > 0 && value.every((each) => typeof each === 'string') ? value as readonly string[] : undefined;
}
