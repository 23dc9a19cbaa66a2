/** Label selectors as the API server evaluates them; `{ expression }` is one of Calico. */
import { isList, isObject, own, ownText, type Json, type JsonObject } from '../../plan/json';
import { calicoEqualities, calicoTest } from './calico-selector';
import { isGivenLater, texts, type Labels } from './labels';

export type { Labels } from './labels';

/** Whether labels match, or may; an empty selector matches everything, none nothing. */
export function selects(selector: Json | undefined, labels: Labels): boolean {
  return matches(selector, labels) !== 'no';
}

/** The same; `maybe` by labels that somebody else gives, and by what cannot be read. */
export function matches(selector: Json | undefined, labels: Labels): 'yes' | 'maybe' | 'no' {
  if (!isObject(selector)) return 'no';
  const expression = ownText(selector, 'expression');
  const answers = expression !== undefined ? [calicoTest(expression)?.(labels)] : requirements(selector, labels);
  if (answers.includes(false)) return 'no';
  return answers.includes(undefined) ? 'maybe' : 'yes';
}

function requirements(selector: JsonObject, labels: Labels): readonly (boolean | undefined)[] {
  const wanted = own(selector, 'matchLabels');
  const expressions = own(selector, 'matchExpressions');
  return [
    ...Object.entries(isObject(wanted) ? wanted : {}).map(([key, value]) => (isGivenLater(key, labels) ? undefined : labels[key] === String(value))),
    ...(isList(expressions) ? expressions.filter(isObject) : []).map((each) => expressionHolds(ownText(each, 'key') ?? '', ownText(each, 'operator'), own(each, 'values'), labels)),
  ];
}

/** Whether a selector says nothing, and so selects everything. */
export function isEmpty(selector: Json | undefined): boolean {
  if (!isObject(selector) || ownText(selector, 'expression') !== undefined) return false;
  const expressions = own(selector, 'matchExpressions');
  return Object.keys(matchLabels(selector)).length === 0 && (!isList(expressions) || expressions.length === 0);
}

/** Whether a selector has labels only, and no expressions. */
export function isPlain(selector: Json | undefined): boolean {
  if (ownText(selector, 'expression') !== undefined) return false;
  const expressions = isObject(selector) ? own(selector, 'matchExpressions') : undefined;
  return !isList(expressions) || expressions.length === 0;
}

/** What a selector asks for by `matchLabels`; of an expression of Calico, by `==`. */
export function matchLabels(selector: Json | undefined): Labels {
  const expression = ownText(selector, 'expression');
  if (expression !== undefined) return calicoEqualities(expression);
  const wanted = isObject(selector) ? own(selector, 'matchLabels') : undefined;
  if (!isObject(wanted)) return {};
  return texts(wanted);
}

function expressionHolds(key: string, operator: string | undefined, values: Json | undefined, labels: Labels): boolean | undefined {
  if (isGivenLater(key, labels)) return undefined;
  const value = labels[key];
  const listed = isList(values) && value !== undefined && values.some((each) => String(each) === value);
  switch (operator) {
    case 'In': return listed;
    case 'NotIn': return !listed;
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    // An operator that is not known could match.
    default: return undefined;
  }
}
