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
