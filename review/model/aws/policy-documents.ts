/** Statements of IAM policy documents: who may do what, under which conditions. */
import { isList, isObject, own, type Json } from '../../plan/json';
import type { PathLike } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { documentAt } from './written-documents';

/** One statement; lists are lists, however they were written. */
export interface Statement {
  readonly allows: boolean;
  /** `delivery.logs.amazonaws.com`, an ARN, `*`. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Where it is about all but some: these. */
  readonly allBut?: readonly string[];
  /** Names of the condition keys, in lower case. */
  readonly conditionKeys: readonly string[];
  /** Those that have to be there, with a value that not everybody has. */
  readonly bounds: readonly string[];
  /** Those whose value must not be one that not everybody has: a deny of all others. */
  readonly excludes: readonly string[];
}

/** The statements of a document; undefined when the plan does not show it, or it is none. */
export function statementsAt(resource: Resource, path: PathLike): readonly Statement[] | undefined {
  const document = documentAt(resource, path);
  return document === undefined ? undefined : listed(own(document, 'Statement')).map(statement);
}

function statement(value: Json): Statement {
  const principal = own(value, 'Principal');
  const condition = own(value, 'Condition');
  const tests = isObject(condition) ? Object.entries(condition).flatMap(([operator, test]) => (isObject(test) ? Object.entries(test).map(([key, values]) => ({ operator, key: key.toLowerCase(), values: listed(values).map(String) })) : [])) : [];
  const keysWith = (operators: RegExp) => tests.filter(({ operator, key, values }) => operators.test(operator) && values.length > 0 && values.every((each) => isSomebody(each) && !(OWNER.test(key) && /[*?]/.test(each.split('/')[0] as string)))).map(({ key }) => key);
  const allows = own(value, 'Effect') === 'Allow';
  const allBut = own(value, 'Action') === undefined ? own(value, 'NotAction') : undefined;
  return {
    allows,
    // Who is not among those that are named, may be anybody; and who is, is not refused.
    principals: allows && own(value, 'NotPrincipal') !== undefined ? ['*'] : isObject(principal) ? Object.values(principal).flatMap(texts) : texts(principal),
    actions: texts(own(value, 'Action')),
    resources: texts(own(value, 'Resource')),
    ...(allBut === undefined ? {} : { allBut: texts(allBut) }),
    conditionKeys: tests.map(({ key }) => key),
    bounds: keysWith(COMPARES),
    excludes: keysWith(EXCLUDES),
  };
}

/** A key that is not there fails these; it does not fail `…IfExists`, `ForAllValues:…` and `Null`. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const COMPARES = /^(ForAnyValue:)?(StringEquals(IgnoreCase)?|StringLike|ArnEquals|ArnLike|IpAddress)$/i;
const EXCLUDES = /^(ForAnyValue:)?(StringNotEquals(IgnoreCase)?|StringNotLike|ArnNotEquals|ArnNotLike|NotIpAddress)(IfExists)?$/i;

/** Keys whose values begin with one account or organization: `o-*` is any. */
const OWNER = /(account|orgid|orgpaths)$/;

/** Whether a value is not everybody's: of an ARN, whether its account is written out, or its name where it has none. */
function isSomebody(value: string): boolean {
  const [arn, , , , account, ...name] = value.split(':');
  if (arn !== 'arn') return /[^*?/:]/.test(value) && !/^(0\.0\.0\.0|::)\/0$/.test(value);
  return account === '' ? /^[^*?]/.test(name.join(':')) : account !== undefined && !/[*?]/.test(account);
}

function texts(value: Json | undefined): readonly string[] {
  return listed(value).filter((item): item is string => typeof item === 'string');
}

function listed(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

export function isService(principal: string): boolean {
  return /\.amazonaws\.com(\.cn)?$/.test(principal);
}

/** Anybody, or an AWS service, without saying on whose behalf: a service acts for every account that asks it to. */
export function isUnbounded({ allows, principals, bounds }: Statement): boolean {
  const wide = principals.some((principal) => principal === '*' || isService(principal));
  return allows && wide && !bounds.some((key) => /^(aws:source(account|arn|orgid|orgpaths|owner)|aws:principal(account|orgid|orgpaths)|kms:encryptioncontext:.+|kms:calleraccount)$/.test(key));
}

/**
 * Whether a pattern takes in an action: `*` stands for any text, `?` for any one letter, and case does not count. A
 * pattern comes from a plan, so it is compared letter by letter and never made an expression.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function takesIn(pattern: string, action: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), action.toLowerCase()];
  let at = 0;
  let star = -1;
  let resumed = 0;
  for (let letter = 0; letter < given.length;) {
    if (wanted[at] === '*') {
      star = at;
      at += 1;
      resumed = letter;
    } else if (wanted[at] === '?' || wanted[at] === given[letter]) {
      at += 1;
      letter += 1;
    } else if (star >= 0) {
      // The last star takes one letter more.
      at = star + 1;
      resumed += 1;
      letter = resumed;
    } else return false;
  }
  return /^\**$/.test(wanted.slice(at));
}
