/**
 * Values for computed attributes that no cloud has a rule for, guessed from the attribute's name and type.
 * They are recognisable as made up: documentation addresses, the `.invalid` domain, the attribute's own name.
 */
import { type CtyType } from '../schema/model';
import { type Value } from '../wire/cty';
import { address, hex, type Subject, uuid } from './cloud';

/** A moment that every resource was made at, so that plans do not depend on the clock. */
const MADE_AT = '2000-01-01T00:00:00Z';

const BY_NAME: readonly [name: RegExp, value: (subject: Subject, name: string) => string][] = [
  [/^region$|_region$|^location$/, ({ surroundings }) => String(surroundings.config['region'] ?? 'local')],
  [/public_ip(_address)?$/, ({ seed }, name) => address('public', seed, name)],
  [/(^|_)ip(_address)?$|^address$/, ({ seed }, name) => address('private', seed, name)],
  [/(cidr|cidr_block|ip_range)$/, ({ seed }, name) => `${address('private', seed, name).replace(/\.\d+$/, '.0')}/24`],
  [/(guid|uuid|principal_id|tenant_id|client_id|object_id)$/, ({ seed }, name) => uuid(seed, name)],
  [/(fqdn|domain|domain_name|dns_name|hostname|host)$/, ({ seed }, name) => `${hex(12, seed, name)}.offline.invalid`],
  [/(url|uri|endpoint)$/, ({ seed }, name) => `https://${hex(12, seed, name)}.offline.invalid/`],
  [/(timestamp|_time|_at|_date|created|updated|modified)$/, () => MADE_AT],
  [/(^|_)(json|policy_document)$/, () => '{}'],
];

/**
 * A plausible value.
 *
 * @param path names from the resource down to the attribute
 * @param settable the attribute could have been configured: an absent text then stays null, as an unused option would
 */
export function plainValue(subject: Subject, path: readonly string[], type: CtyType, settable: boolean): Value {
  const name = path[path.length - 1] ?? '';
  const seed = [subject.seed, ...path].join('.');
  if (type === 'bool') return false;
  if (type === 'number') return name === 'port' || name.endsWith('_port') ? 443 : 0;
  if (type === 'dynamic') return null;
  if (type === 'string') {
    const rule = BY_NAME.find(([pattern]) => pattern.test(name));
    if (rule !== undefined) return rule[1]({ ...subject, seed }, name);
    return settable && !/(^|_)(id|arn|name|self_link)$/.test(name) ? null : `${name}-${hex(8, seed)}`;
  }
  if (type[0] === 'map') return {};
  if (type[0] === 'object') return objectValue(subject, path, type[1]);
  const element = type[1];
  // A list that only the provider fills is read by index ("[0]"), so one element is more use than none.
  if (settable) return [];
  if (Array.isArray(element) && element[0] === 'object') return [objectValue(subject, path, element[1])];
  return /(ids|ips|addresses|names|servers)$/.test(name) && element === 'string' ? [plainValue(subject, [...path.slice(0, -1), singular(name)], 'string', false)] : [];
}

function objectValue(subject: Subject, path: readonly string[], members: { readonly [name: string]: CtyType }): Value {
  return Object.fromEntries(Object.entries(members).map(([name, type]) => [name, plainValue(subject, [...path, name], type, false)]));
}

function singular(name: string): string {
  return name.replace(/addresses$/, 'address').replace(/s$/, '');
}
