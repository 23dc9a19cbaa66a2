/**
 * Policy documents as JSON: from their text, or from the data source that writes it. Of a text that only the apply knows a first
 * plan has the statements of that source, with all but what is not made yet.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
 */
import type { AttributePath, PathLike } from '../../plan/attribute-path';
import { isList, isObject, own, ownTexts, type Json } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';
import { isHidden, isSet, templateAt, textAt } from './read';

/** Something may come before it and behind it: `${aws_s3_bucket.b.arn}…`. */
export const MORE = '…';

const DOCUMENT = 'aws_iam_policy_document';

/** Undefined when the plan does not show the document, or it is none. What it does not know of a statement stands there as what it is made of, with `MORE` behind. */
export function documentAt(resource: Resource, path: PathLike): Json | undefined {
  // A template may stand for an account id inside of a text that is otherwise written out.
  const text = textAt(resource, path) ?? templateAt(resource, path);
  const document = text === undefined ? undefined : parsed(text);
  return document ?? (resource.unknownAt(path) === undefined ? undefined : referredTo(resource, path));
}

/** Of any kind that it may refer to: where the document of something else is the only one in reach, it is not meant. */
function referredTo(resource: Resource, path: PathLike): Json | undefined {
  // A local may be anything in reach, which takes long to find and says nothing.
  const expression = resource.configExpression(path);
  if (isObject(expression) && ownTexts(expression, 'references')?.some((text) => text.startsWith('local.'))) return undefined;
  const { targets: [source, ...others], exact } = resource.references(path);
  return exact && others.length === 0 && source?.type === DOCUMENT ? written(source) : undefined;
}

const kept = new WeakMap<Resource, { readonly document: Json | undefined }>();

function written(source: Resource): Json | undefined {
  let found = kept.get(source);
  if (!found) kept.set(source, (found = { document: read(source) }));
  return found.document;
}

function read(source: Resource): Json | undefined {
  const text = textAt(source, 'json');
  if (text !== undefined) return parsed(text);
  if (isHidden(source, 'statement') || isSet(source, 'source_json') || isSet(source, 'override_json')) return undefined;
  const parts = [others(source, 'source_policy_documents'), source.elements('statement').map((at) => statementAt(source, at)), others(source, 'override_policy_documents')];
  const statements = parts.flatMap((part) => part ?? [undefined]);
  if (statements.includes(undefined)) return undefined;
  // What has the name of another, and comes later, takes its place.
  const isReplaced = (statement: Json, at: number) => statements.some((later, index) => index > at && sidOf(later) !== '' && sidOf(later) === sidOf(statement));
  return { Statement: (statements as readonly Json[]).filter((statement, at) => !isReplaced(statement, at)) };
}

const sidOf = (statement: Json | undefined): string => { const sid = own(statement, 'Sid'); return typeof sid === 'string' ? sid : ''; };

/** The statements of other documents that it takes in; undefined where the plan does not show one of them. */
function others(source: Resource, path: string): readonly (Json | undefined)[] | undefined {
  if (!isSet(source, path)) return [];
  if (!isList(source.valueAt(path))) return undefined;
  return source.elements(path).flatMap((at): readonly (Json | undefined)[] => {
    const text = textAt(source, at);
    const statements = own(text === undefined ? referredTo(source, at) : parsed(text), 'Statement');
    return statements === undefined ? [undefined] : isList(statements) ? statements : [statements];
  });
}

/** As JSON has it; undefined where something that decides is not told. */
function statementAt(source: Resource, at: AttributePath): Json | undefined {
  let isTold = true;
  const texts = (...names: AttributePath): readonly string[] | undefined => {
    const path = [...at, ...names];
    const found = textsAt(source, path);
    if (found === undefined) isTold = false;
    return found === undefined || found.length === 0 ? undefined : found;
  };
  const named = (key: string, list: readonly string[] | undefined): Record<string, Json> => (list ? { [key]: list } : {});
  const principals = (block: string): Json | undefined => {
    if (isHidden(source, [...at, block])) isTold = false;
    const all = source.elements([...at, block]).map((path) => ({ type: textAt(source, [...path, 'type']), identifiers: textsAt(source, [...path, 'identifiers']) }));
    if (all.some(({ type, identifiers }) => type === undefined || identifiers === undefined)) isTold = false;
    if (all.length === 0) return undefined;
    return all.some(({ type, identifiers }) => type === '*' && identifiers?.includes('*')) ? '*' : Object.fromEntries(all.map(({ type, identifiers }) => [type ?? '', [...identifiers ?? []]]));
  };
  const condition: Record<string, Record<string, Json>> = {};
  if (isHidden(source, [...at, 'condition'])) isTold = false;
  for (const path of source.elements([...at, 'condition'])) {
    const [test, variable] = [textAt(source, [...path, 'test']), textAt(source, [...path, 'variable'])];
    const values = textsAt(source, [...path, 'values']);
    if (test === undefined || variable === undefined || values === undefined) isTold = false;
    else (condition[test] ??= {})[variable] = [...values];
  }
  const [who, notWho] = [principals('principals'), principals('not_principals')];
  const sid = textAt(source, [...at, 'sid']);
  if (source.unknownAt([...at, 'effect']) !== undefined) isTold = false;
  const statement = {
    ...(sid === undefined ? {} : { Sid: sid }), Effect: textAt(source, [...at, 'effect']) ?? 'Allow',
    ...named('Action', texts('actions')), ...named('NotAction', texts('not_actions')), ...named('Resource', texts('resources')), ...named('NotResource', texts('not_resources')),
    ...(who === undefined ? {} : { Principal: who }), ...(notWho === undefined ? {} : { NotPrincipal: notWho }), ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  } as Json;
  return isTold ? statement : undefined;
}

/** Texts of a list, with what they refer to for those that are not known; undefined where that is nothing that the plan makes. */
function textsAt(source: Resource, path: AttributePath): readonly string[] | undefined {
  const value = source.valueAt(path);
  const known = isList(value) ? value.filter((each): each is string => typeof each === 'string') : typeof value === 'string' ? [value] : [];
  if (!source.hasUnknown(path)) return known;
  const made = source.references(path).links.filter(({ resource, attribute }) => resource.mode === 'managed' && attribute !== undefined);
  return made.length === 0 ? undefined : [...known, ...new Set(made.map(({ resource, attribute }) => `\${${resource.address}.${attribute as string}}${MORE}`))];
}

function parsed(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
