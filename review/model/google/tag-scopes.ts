/**
 * Where secure tags hold: on interfaces in the one network that their key names, and nowhere where the key is none for
 * firewalls. A rule of another network's policy that asks for such a tag is for nobody there.
 * https://cloud.google.com/firewall/docs/tags-firewalls-overview#specifications
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Interface } from './interfaces';
import type { Keys } from './keys';
import type { GoogleNetwork, Networks } from './networks';
import { baseName, hiddenAt, textAt } from './reading';

type Scope = (network: GoogleNetwork) => boolean;

/** Takes from interfaces the tags that do not hold for them; undefined where no key of the plan limits any. What the plan does not tell holds. */
export function tagsInForce(graph: ResourceGraph, networks: Networks): ((from: Interface) => Interface) | undefined {
  const scopes = new Map<string, Scope>();
  for (const value of graph.ofType('google_tags_tag_value')) {
    const { targets, exact } = value.references('parent', { types: ['google_tags_tag_key'] });
    const [key] = targets;
    const scope = key && targets.length === 1 && exact ? scopeOf(key, networks) : undefined;
    if (scope) scopes.set(value.address, scope);
  }
  if (scopes.size === 0) return undefined;
  return (from) => {
    const { secureTags } = from.carrier;
    if (from.networks.length === 0 || ![...secureTags.sure, ...secureTags.could, ...secureTags.maybe].some((tag) => scopes.has(tag))) return from;
    return { ...from, carrier: { ...from.carrier, secureTags: inForce(secureTags, from.networks, scopes) } };
  };
}

function inForce(keys: Keys, networks: readonly GoogleNetwork[], scopes: ReadonlyMap<string, Scope>): Keys {
  const held = (tag: string) => networks.filter((network) => scopes.get(tag)?.(network) ?? true).length;
  const [sure, could, maybe] = [keys.sure, keys.could, keys.maybe].map((tags) => [...tags].filter((tag) => held(tag) > 0)) as [string[], string[], string[]];
  // Of several networks that it may be in, the tag may hold in some.
  const [everywhere, somewhere] = [sure.filter((tag) => held(tag) === networks.length), sure.filter((tag) => held(tag) < networks.length)];
  return { ...keys, sure: new Set(everywhere), could: new Set(could), maybe: new Set([...maybe, ...somewhere]) };
}

/** Undefined where the key does not tell, or is for a whole organization. */
function scopeOf(key: Resource, networks: Networks): Scope | undefined {
  if (hiddenAt(key, 'purpose') !== undefined) return undefined;
  if (textAt(key, 'purpose') !== 'GCE_FIREWALL') return key.mode === 'managed' ? () => false : undefined;
  const path = ['purpose_data', 'network'];
  const text = textAt(key, path);
  // Google's own id of a network tells no name.
  if (text !== undefined && /^\d+$/.test(baseName(text))) return undefined;
  const named = networks.namedAt(key, path);
  if (text === undefined && named.length !== 1) return undefined;
  return (network) => named.includes(network) || network.isForeign || (text !== undefined && network.name === baseName(text));
}
