/** A plan that changes one network into another, as Terraform writes it: with the prior state, and with what it does to each resource. */
import { asPlan, type Resources } from './as-plan';

type Json = any;

export interface Change {
  /** New addresses, by the old ones. */
  readonly moved?: Readonly<Record<string, string>>;
  /** Attributes that a resource is replaced for, by its address. */
  readonly replaced?: Readonly<Record<string, readonly string[]>>;
  /** Addresses of what the plan imports: its prior state has them. */
  readonly imported?: readonly string[];
}

/** @param before under the names of before: Terraform moves what it calls the prior state */
export function changePlan(before: Resources, after: Resources, { moved = {}, replaced = {}, imported = [] }: Change = {}): Json {
  const [was, is] = [asPlan(before, true), asPlan(after, true)];
  const earlier = new Map<string, Json>(was.resource_changes.map((each: Json) => [moved[each.address] ?? each.address, each.change.after]));
  const oldNames = new Map(Object.entries(moved).map(([from, to]) => [to, from]));
  const changes = is.resource_changes.map((each: Json) => {
    const { address, change: { after: values } } = each;
    const own = earlier.get(address);
    earlier.delete(address);
    const previous = oldNames.has(address) ? { previous_address: oldNames.get(address) } : {};
    if (own === undefined) return { ...each, change: { actions: ['create'], before: null, after: values, after_unknown: {} } };
    const paths = replaced[address];
    const kept = { ...values, id: own.id };
    if (paths) return { ...each, ...previous, change: { actions: ['delete', 'create'], before: own, after: values, after_unknown: {}, replace_paths: paths.map((path) => [path]) }, action_reason: 'replace_because_cannot_update' };
    const importing = imported.includes(address) ? { importing: { id: own.id } } : {};
    return { ...each, ...previous, change: { ...importing, actions: [JSON.stringify(own) === JSON.stringify(kept) ? 'no-op' : 'update'], before: own, after: kept, after_unknown: {} } };
  });
  const gone = was.resource_changes.filter(({ address }: Json) => earlier.has(moved[address] ?? address)).map((each: Json) => ({ ...each, change: { actions: ['delete'], before: each.change.after, after: null, after_unknown: false } }));
  return { ...is, resource_changes: [...changes, ...gone], prior_state: stateOf(was.resource_changes, moved) };
}

function stateOf(all: readonly Json[], moved: Readonly<Record<string, string>>): Json {
  return {
    format_version: '1.0',
    values: {
      root_module: {
        resources: all.map(({ address, change: { after: values }, ...rest }) => {
          const own = moved[address] ?? address;
          return { ...rest, address: own, name: own.split('.')[1], values };
        }),
      },
    },
  };
}

/** The state before the change, under the names of before. */
export function stateBefore(before: Resources): Json {
  return stateOf(asPlan(before, true).resource_changes, {});
}
