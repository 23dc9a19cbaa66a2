/** Statements of IAM policy documents: who may do what, under which conditions. */
import { isList, isObject, own, type Json } from '../../plan/json';
import type { PathLike } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { templateAt, textAt } from './read';

/** One statement; lists are lists, however they were written. */
export interface Statement {
  readonly allows: boolean;
  /** `delivery.logs.amazonaws.com`, an ARN, `*`. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  /** Names of the condition keys, in lower case. */
  readonly conditionKeys: readonly string[];
}

/** The statements of a document; undefined when the plan does not show it, or it is none. */
export function statementsAt(resource: Resource, path: PathLike): readonly Statement[] | undefined {
  // A template may stand for an account id inside of a text that is otherwise written out.
  const text = textAt(resource, path) ?? templateAt(resource, path);
  if (text === undefined) return undefined;
  try {
    return listed(own(JSON.parse(text) as Json, 'Statement')).map(statement);
  } catch {
    return undefined;
  }
}

function statement(value: Json): Statement {
  const principal = own(value, 'Principal');
  const condition = own(value, 'Condition');
  return {
    allows: own(value, 'Effect') === 'Allow',
    principals: isObject(principal) ? Object.values(principal).flatMap(texts) : texts(principal),
    actions: texts(own(value, 'Action')),
    conditionKeys: isObject(condition) ? Object.values(condition).flatMap((test) => (isObject(test) ? Object.keys(test) : [])).map((key) => key.toLowerCase()) : [],
  };
}

function texts(value: Json | undefined): readonly string[] {
  return listed(value).filter((item): item is string => typeof item === 'string');
}

function listed(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

/** Anybody, or an AWS service, without saying on whose behalf: a service acts for every account that asks it to. */
export function isUnbounded({ allows, principals, conditionKeys }: Statement): boolean {
  const wide = principals.some((principal) => principal === '*' || /\.amazonaws\.com(\.cn)?$/.test(principal));
  return allows && wide && !conditionKeys.some((key) => /^(aws:source(account|arn|orgid|orgpaths|owner)|aws:principal(account|orgid|orgpaths)|kms:encryptioncontext:.+|kms:calleraccount)$/.test(key));
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
