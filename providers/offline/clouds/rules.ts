/** Picks the rules of a provider and turns them into values. */
import { type CtyType } from '../schema/model';
import { type ObjectValue, type Value } from '../wire/cty';
import { AWS } from './aws';
import { AZURE } from './azure';
import { type CloudRules, fillTemplate, type Subject } from './cloud';
import { GOOGLE } from './google';
import { KUBERNETES } from './kubernetes';
import { plainValue } from './plain';

const RULES: { readonly [provider: string]: CloudRules } = { aws: AWS, google: GOOGLE, 'google-beta': GOOGLE, azurerm: AZURE, kubernetes: KUBERNETES };

/** The rules of a provider, by the last part of its address; none for one that has no cloud of its own here. */
export function rulesOf(provider: string): CloudRules {
  return RULES[provider] ?? {};
}

/** The id of a resource. */
export function idOf(rules: CloudRules, subject: Subject): string {
  const template = rules.ids?.[subject.type] ?? rules.defaultId?.(subject.type, subject.self) ?? `${subject.type.replace(/_/g, '-')}-{hex12}`;
  return fillTemplate(template, subject, rules.defaults);
}

/**
 * The value of a computed attribute: by rule when there is one, else guessed from its name.
 *
 * @param path names from the resource down to the attribute; only resources' own attributes and those of their blocks have rules
 */
export function computedValue(rules: CloudRules, subject: Subject, path: readonly string[], type: CtyType, settable: boolean): Value {
  const name = path[path.length - 1] ?? '';
  const rule =
    rules.values?.[`${subject.type}.${name}`] ??
    // Inside a block, "arn" or "region" is somebody else's.
    (path.length === 1 ? rules.values?.[name] : undefined) ??
    (type === 'string' && !settable ? rules.values?.['*'] : undefined);
  const value = typeof rule === 'string' ? fillTemplate(rule, subject, rules.defaults) : rule?.(subject, name);
  return value === undefined ? plainValue(subject, path, type, settable) : value;
}

/** The values of a data source that a rule gives; the others are guessed from their names. */
export function dataSourceValues(rules: CloudRules, subject: Subject): ObjectValue {
  const rule = rules.dataSources?.[subject.type];
  if (rule !== undefined) return rule(subject);
  // A lookup of an existing resource answers with the id that the resource itself would have.
  return { id: idOf(rules, subject) };
}
