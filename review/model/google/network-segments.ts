/** The segments of a network, as checks ask for them: told by secure tags of the plan, or by the accounts that our blueprint's rules are for. */
import { addressRange, addressesOf } from '../addresses';
import { subtract } from '../ranges';
import type { FirewallRule } from './firewall-rule';
import type { GoogleModel } from './google-model';
import { allKeys } from './keys';
import type { GoogleNetwork, GoogleSubnet } from './networks';
import { isByAccount, ownNetworks, policiesOf, segmentedPolicies } from './questions';
import { displayName, ownNetwork, pairByNames, pairByWords, segmentOfRule } from './segments';
import { textAt } from './reading';

export interface NetworkSegment {
  readonly name: string;
  /** Of its tag; else of a rule that is for its account. */
  readonly address: string;
  /** What rules name it by. */
  readonly keys: ReadonlySet<string>;
  /** Empty where names do not tell. */
  readonly subnets: readonly GoogleSubnet[];
}

export interface NetworkSegments {
  readonly segments: readonly NetworkSegment[];
  readonly by: 'tag' | 'account';
}

const kept = new WeakMap<GoogleModel, ReadonlyMap<GoogleNetwork, NetworkSegments>>();

/** By network, of those that have any. */
export function segmentedNetworks(model: GoogleModel): ReadonlyMap<GoogleNetwork, NetworkSegments> {
  let found = kept.get(model);
  if (!found) kept.set(model, (found = new Map([...byTag(model), ...byAccount(model)])));
  return found;
}

/** The segments that a rule is for, by name; a key of none by itself. */
export function targetsOf({ segments, by }: NetworkSegments, rule: FirewallRule): readonly string[] {
  return namesOf(segments, by === 'tag' ? rule.secureTags.sure : rule.accounts.sure);
}

export function namesOf(segments: readonly NetworkSegment[], keys: Iterable<string>): readonly string[] {
  return [...keys].map((key) => segments.find((segment) => segment.keys.has(key))?.name ?? key);
}

/** The segment that a private range is, or lies in. */
export function segmentOfRange(segments: readonly NetworkSegment[], range: string): string | undefined {
  const known = addressRange(range);
  if (!known) return undefined;
  return segments.find(({ subnets }) => subnets.some(({ cidrs }) => subtract([known.range], addressesOf(cidrs, known.family)).length === 0))?.name;
}

/** Subnets by the tag that shares their words. */
function* byTag(model: GoogleModel): Iterable<readonly [GoogleNetwork, NetworkSegments]> {
  const made = new Set(model.tags.map(({ address }) => address));
  const ours = segmentedPolicies(model).filter((policy) => policy.rules.some(({ secureTags }) => allKeys(secureTags).some((key) => made.has(key))));
  const associated = new Set(ours.flatMap((policy) => policy.associations.flatMap(({ networks }) => networks)));
  const all = ownNetworks(model);
  for (const network of all) {
    if (!associated.has(network) && (ours.length === 0 || all.length > 1)) continue;
    const subnets = subnetsOf(model, network);
    const tags = model.tags.map((tag) => ({ key: tag.address, text: tag.name }));
    const own = ownNetwork(model.tags);
    const pairs = (own === undefined ? undefined : pairByNames(subnets.map(({ address, name }) => ({ key: address, text: name })), tags, (segment) => `${own}-${segment}`))
      ?? pairByWords(subnets.map((subnet) => ({ key: subnet.address, text: subnet.resource ? displayName(subnet.resource) : subnet.name })), tags, [network.name]);
    yield [network, {
      by: 'tag',
      segments: model.tags.map(({ address, name }) => ({ name, address, keys: new Set([address]), subnets: subnets.filter((subnet) => pairs.paired.get(subnet.address)?.has(address)) })),
    }];
  }
}

/** Of our blueprint's: what each rule says of itself, and the subnet of that name. A segment that no rule names has a subnet all the same. */
function* byAccount(model: GoogleModel): Iterable<readonly [GoogleNetwork, NetworkSegments]> {
  if (model.tags.length > 0) return;
  for (const network of ownNetworks(model)) {
    const subnets = new Map(subnetsOf(model, network).filter(({ name }) => name.startsWith(`${network.name}-`)).map((subnet) => [subnet.name.slice(network.name.length + 1), subnet]));
    const named = new Map<string, { readonly address: string; readonly keys: Set<string> }>();
    for (const rule of policiesOf(model, network).filter(isByAccount).flatMap(({ rules }) => rules)) {
      const name = segmentOfRule(textAt(rule.resource, 'description') ?? '');
      if (name === undefined || rule.accounts.sure.size !== 1) continue;
      const segment = named.get(name) ?? { address: rule.address, keys: new Set<string>() };
      for (const key of rule.accounts.sure) segment.keys.add(key);
      named.set(name, segment);
    }
    // Words of somebody else's rules: no subnet has such names.
    if ([...named.keys()].filter((name) => subnets.has(name)).length < 2) continue;
    const others = [...subnets].filter(([name]) => !named.has(name)).map(([name, subnet]) => ({ name, address: subnet.address, keys: new Set<string>(), subnets: [subnet] }));
    yield [network, { by: 'account', segments: [...[...named].map(([name, { address, keys }]) => ({ name, address, keys, subnets: [subnets.get(name) ?? []].flat() })), ...others] }];
  }
}

function subnetsOf(model: GoogleModel, network: GoogleNetwork): readonly GoogleSubnet[] {
  return model.subnets.filter((subnet) => subnet.networks.includes(network) && subnet.holdsMachines);
}
