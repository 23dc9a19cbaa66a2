/** What is attached to what by an association resource: groups, route tables and NAT gateways to subnets and interfaces. */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { isFound, pointsTo } from './read';

/** What may be attached to one thing. */
export interface Attachment {
  /** One of these, or, with several, it is not known which. */
  readonly candidates: readonly Resource[];
  /** True when it may be none of them, and nothing attached. */
  readonly mayBeNone: boolean;
  /** Why it may be something that the plan does not hold. */
  readonly unknown?: string;
  /** The associations, for messages. */
  readonly by: readonly Resource[];
}

export const UNATTACHED: Attachment = { candidates: [], mayBeNone: true, by: [] };

export interface AssociationKind {
  readonly type: string;
  readonly owner: string;
  readonly ownerTypes: readonly string[];
  readonly attached: string;
  readonly attachedTypes: readonly string[];
  /** True where having it may open a way that having none leaves closed. */
  readonly opens?: true;
}

/**
 * Attachments by owner.
 *
 * Azure takes one association per owner. So where a plan does not say which of several instances
 * belong together, as with `for_each`, but has an association for each, every owner has one of them.
 */
export function attachments(graph: ResourceGraph, kind: AssociationKind): ReadonlyMap<Resource, Attachment> {
  const result = new Map<Resource, Attachment>();
  const shared = new Map<readonly Resource[], { by: Resource[]; sure: boolean }>();
  const found: Resource[] = [];
  for (const association of graph.ofType(kind.type)) {
    const owners = pointsTo(association, kind.owner, ...kind.ownerTypes);
    const [owner] = owners.targets;
    if (!owner && kind.opens && isFound(association, kind.owner, ...kind.ownerTypes)) found.push(association);
    if (!owner) continue;
    if (owners.exact && owners.targets.length === 1 && !association.repeated) {
      result.set(owner, joined(result.get(owner), attachmentOf([association], kind, false)));
      continue;
    }
    let group = shared.get(owners.targets);
    if (!group) shared.set(owners.targets, (group = { by: [], sure: true }));
    group.by.push(association);
    if (owners.unknown !== undefined || association.repeated) group.sure = false;
  }
  for (const [owners, { by, sure }] of shared) {
    const repeatedAlike = owners.length === 1 && by.every(({ repeated }) => repeated) && (owners[0] as Resource).repeated;
    const attachment = attachmentOf(by, kind, !repeatedAlike && (!sure || by.length < owners.length));
    for (const owner of owners) result.set(owner, joined(result.get(owner), attachment));
  }
  // What the apply finds may be anything that has none for certain: Azure takes no second one.
  for (const owner of found.length > 0 ? kind.ownerTypes.flatMap((type) => graph.ofType(type)) : []) {
    if (result.get(owner)?.mayBeNone !== false) result.set(owner, joined(result.get(owner), attachmentOf(found, kind, true)));
  }
  return result;
}

export function attachmentOf(by: readonly Resource[], kind: AssociationKind, mayBeNone: boolean): Attachment {
  const pointed = by.map((association) => pointsTo(association, kind.attached, ...kind.attachedTypes));
  const unknown = pointed.find((each) => each.unknown !== undefined)?.unknown ?? (pointed.some(({ isSet }) => !isSet) ? `${by[0]?.address ?? kind.type} does not say ${kind.attached}` : undefined);
  return { candidates: [...new Set([...new Set(pointed.map(({ targets }) => targets))].flat())], mayBeNone, by, ...(unknown === undefined ? {} : { unknown }) };
}

/** A sure one wins: two for one owner cannot be. */
export function joined(a: Attachment | undefined, b: Attachment): Attachment {
  if (!a) return b;
  const unknown = a.unknown ?? b.unknown;
  return {
    candidates: [...new Set([...a.candidates, ...b.candidates])],
    mayBeNone: a.mayBeNone && b.mayBeNone,
    by: [...a.by, ...b.by],
    ...(unknown === undefined ? {} : { unknown }),
  };
}
