/**
 * Secure tags that machines have by name, as GKE takes them: `{ "acme-prod/segment" = "payments" }`.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/tags-firewall-policies#format
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Interface } from './interfaces';
import { joinKeys, keysOf, NO_KEYS, type Keys } from './keys';
import type { Workload } from './machines';
import { baseName, textAt } from './reading';

/** What a pair is called among keys; of ids the value alone. */
export function tagText(key: string, value: string): string {
  return key.includes('/') && !key.startsWith('tagKeys/') && !value.includes('/') ? `${key}=${value}` : value;
}

const NAMED = /^([^/=]+)\/([^/=]+)=([^/=]+)$/;

/** The same workloads, with the tags of the plan that these names mean. */
export function withTagsByName(workloads: readonly Workload[], graph: ResourceGraph): readonly Workload[] {
  if (!workloads.some(({ interfaces }) => interfaces.some(hasNames))) return workloads;
  const values = graph.ofType('google_tags_tag_value');
  const meant = (from: Interface): Interface => {
    if (!hasNames(from)) return from;
    const { secureTags } = from.carrier;
    const [names, others] = [[...secureTags.sure].filter((tag) => NAMED.test(tag)), [...secureTags.sure].filter((tag) => !NAMED.test(tag))];
    return { ...from, carrier: { ...from.carrier, secureTags: joinKeys([{ ...secureTags, sure: new Set(others) }, ...names.map((name) => tagCalled(name, values))]) } };
  };
  return workloads.map((workload) => ({ ...workload, interfaces: workload.interfaces.map(meant) }));
}

function hasNames({ carrier: { secureTags } }: Interface): boolean {
  for (const tag of secureTags.sure) if (NAMED.test(tag)) return true;
  return false;
}

/** What a plan does not have by this name may be one that rules know by its id. */
function tagCalled(name: string, values: readonly Resource[]): Keys {
  const [, owner, key, value] = NAMED.exec(name) as unknown as readonly [string, string, string, string];
  const found = values.filter((each) => textAt(each, 'short_name') === value).map((each) => ({ each, how: isOf(each, owner, key) })).filter(({ how }) => how !== 'no');
  if (found.length === 0) return { ...NO_KEYS, unknown: `which secure tag ${name} is, this plan does not tell`, isElsewhere: true };
  const [only] = found;
  if (found.length === 1 && only?.how === 'yes') return keysOf([only.each.address]);
  return { ...NO_KEYS, maybe: new Set(found.map(({ each }) => each.address)) };
}

/** Whether a value is of the key; of the project, or organization, a number is not known by its name. */
function isOf(value: Resource, owner: string, key: string): 'yes' | 'maybe' | 'no' {
  const [parent] = value.references('parent', { types: ['google_tags_tag_key'] }).targets;
  if (!parent) return 'maybe';
  if (textAt(parent, 'short_name') !== key) return 'no';
  const text = textAt(parent, 'parent');
  const named = text === undefined ? undefined : baseName(text);
  if (named === owner) return 'yes';
  if (owner.includes('${')) return 'maybe';
  return named === undefined || /^\d+$/.test(named) !== /^\d+$/.test(owner) ? 'maybe' : 'no';
}
