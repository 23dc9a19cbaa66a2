/**
 * What associations attach to subnets by way of their network: one that is written inside it has its id, or the
 * network's attribute `subnet`, which leaves open which of them is meant; and of an id that somebody composes
 * (`"${azurerm_virtual_network.x.id}/subnets/app"`) a plan shows the network alone.
 */
import { groupBy } from '../../group-by';
import type { AttributePath } from '../../plan/attribute-path';
import { own, ownTexts } from '../../plan/json';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { keysFor } from '../composed-keys';
import { attachmentOf, joined, UNATTACHED, type AssociationKind, type Attachment } from './attachments';
import { pointsTo, text } from './read';

const NETWORK = 'azurerm_virtual_network';
const RESOURCE_GROUP = 'azurerm_resource_group';

export class InsideAttachments {
  private readonly byId = new Map<string, Resource[]>();
  private readonly byNetwork = new Map<Resource, Resource[]>();
  /** Of ids that are composed from that of a group of resources: for a subnet of any network. */
  private readonly anywhere: Resource[] = [];

  constructor(graph: ResourceGraph, private readonly kind: AssociationKind) {
    for (const association of graph.ofType(kind.type)) {
      if (pointsTo(association, kind.owner, ...kind.ownerTypes).targets.length > 0) continue;
      const id = text(association, kind.owner)?.toLowerCase();
      if (id !== undefined) this.byId.set(id, [...(this.byId.get(id) ?? []), association]);
      else {
        const networks = pointsTo(association, kind.owner, NETWORK).targets;
        for (const network of networks) this.byNetwork.set(network, [...(this.byNetwork.get(network) ?? []), association]);
        if (networks.length === 0 && pointsTo(association, kind.owner, RESOURCE_GROUP).targets.length > 0) this.anywhere.push(association);
      }
    }
  }

  /** What may be for some subnet of a network. */
  private near(network: Resource): readonly Resource[] {
    const own = this.byNetwork.get(network);
    return this.anywhere.length === 0 ? own ?? [] : [...(own ?? []), ...this.anywhere];
  }

  /**
   * Standalone subnets with what composed ids may attach to them: an instance to the subnet with its key, or this name, if there
   * is one, and any other perhaps to any, as another plan may make the one that is meant. Azure takes one association for
   * each, so a subnet that has another is not meant.
   */
  composed<T extends Standing & Readonly<Record<A, Attachment>>, A extends string>(all: readonly T[], attribute: A): readonly T[] {
    if (this.byNetwork.size + this.anywhere.length === 0) return all;
    const open = groupBy(all.filter(({ network, [attribute]: own }) => network !== undefined && this.near(network.resource).length > 0 && (own.mayBeNone || own.unknown !== undefined)), ({ network }) => network?.resource);
    const found = new Map<T, Attachment>();
    for (const [network, subnets] of open) {
      const keyed = new Map<Resource, T>();
      const by = this.near(network as Resource);
      const names = calledBy(all.filter((subnet) => subnet.network?.resource === network));
      for (const association of by) {
        const [only, ...others] = association.key === undefined || !isByOwnKey(association, this.kind.owner) ? [] : subnets.filter((subnet) => isCalled(subnet, String(association.key)));
        if (only && others.length === 0 && !mayBeComposed(association, names)) keyed.set(association, only);
      }
      const rest = by.filter((association) => !keyed.has(association));
      const left = subnets.filter((subnet) => ![...keyed.values()].includes(subnet));
      for (const [association, subnet] of keyed) found.set(subnet, joined(found.get(subnet), attachmentOf([association], this.kind, false)));
      if (rest.length > 0) for (const subnet of left) found.set(subnet, attachmentOf(rest, this.kind, true));
    }
    return all.map((subnet) => {
      const attached = found.get(subnet);
      return attached ? { ...subnet, [attribute]: subnet[attribute] === UNATTACHED ? attached : joined(subnet[attribute], attached) } : subnet;
    });
  }

  /** The same as what the subnet says itself, and what is attached beside it. */
  with(written: Attachment, network: Resource, subnet: AttributePath): Attachment {
    if (this.byId.size + this.byNetwork.size + this.anywhere.length === 0) return written;
    const named = this.byId.get(idOf(network, subnet) ?? '');
    const perhaps = this.near(network);
    const own = written === UNATTACHED ? undefined : written;
    const beside = named ? joined(own, attachmentOf(named, this.kind, false)) : own;
    return perhaps.length > 0 ? joined(beside, attachmentOf(perhaps, this.kind, true)) : beside ?? written;
  }
}

interface Standing {
  readonly resource: Resource;
  readonly network?: { readonly resource: Resource };
  readonly name?: string;
}

/** Whether one's own key, or number, stands in the id, as far as the plan tells; in a stack as the whole name. */
function isByOwnKey(association: Resource, owner: string): boolean {
  const expression = association.configExpression(owner);
  const template = own(expression, 'constant_value');
  if (typeof template === 'string') return /\/\$\{(?:each\.key|count\.index)\}$/.test(template);
  return (ownTexts(expression, 'references') ?? []).some((text) => text === 'each.key' || text === 'count.index');
}

function isCalled({ resource, name }: Standing, key: string): boolean {
  return name === key || String(resource.key ?? '') === key;
}

/** Names and keys. */
function calledBy<T extends Standing>(subnets: readonly T[]): ReadonlyMap<string, T> {
  return new Map(subnets.flatMap((subnet) => [subnet.name, subnet.resource.key].flatMap((each) => (each === undefined ? [] : [[String(each), subnet] as const]))));
}

/** `…/subnets/${each.key}-b` is listed as `…/subnets/${each.key}` is: both, where every instance has a subnet for either. */
function mayBeComposed(association: Resource, names: ReadonlyMap<string, Standing>): boolean {
  return new Set(keysFor(association, names).map((key) => names.get(key))).size > 1;
}

/** The id of a subnet inside a network, lower case; undefined where the plan does not tell. */
export function idOf(network: Resource, subnet: AttributePath): string | undefined {
  const own = text(network, [...subnet, 'id']);
  if (own !== undefined) return own.toLowerCase();
  const [id, name] = [text(network, 'id'), text(network, [...subnet, 'name'])];
  return id === undefined || name === undefined ? undefined : `${id}/subnets/${name}`.toLowerCase();
}
