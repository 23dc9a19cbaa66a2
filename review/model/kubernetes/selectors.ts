/** Label selectors as the API server evaluates them; `{ expression }` is one of Calico. */
import { isList, isObject, own, ownText, type Json } from '../../plan/json';
import { calicoEqualities, calicoTest } from './calico-selector';

export type Labels = Readonly<Record<string, string>>;

/** Whether labels match; an empty selector matches everything, none nothing. */
export function selects(selector: Json | undefined, labels: Labels): boolean {
  if (!isObject(selector)) return false;
  const expression = ownText(selector, 'expression');
  // One that cannot be read could match.
  if (expression !== undefined) return calicoTest(expression)?.(labels) ?? true;
  const wanted = own(selector, 'matchLabels');
  if (isObject(wanted) && Object.entries(wanted).some(([key, value]) => labels[key] !== value)) return false;
  const expressions = own(selector, 'matchExpressions');
  return !isList(expressions) || expressions.every((each) => (isObject(each) ? expressionHolds(ownText(each, 'key') ?? '', ownText(each, 'operator'), own(each, 'values'), labels) : true));
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
  return Object.fromEntries(Object.entries(wanted).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function expressionHolds(key: string, operator: string | undefined, values: Json | undefined, labels: Labels): boolean {
  const value = labels[key];
  const listed = isList(values) && value !== undefined && values.includes(value);
  switch (operator) {
    case 'In': return listed;
    case 'NotIn': return !listed;
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    // An operator that is not known could match.
    default: return true;
  }
}
