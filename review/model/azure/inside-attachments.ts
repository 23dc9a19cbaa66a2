/**
 * What associations attach to subnets that are written inside a network: they name such a subnet by its id,
 * or by the network's attribute `subnet`, which leaves open which of them is meant.
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { attachmentOf, joined, UNATTACHED, type AssociationKind, type Attachment } from './attachments';
import { pointsTo, text } from './read';

const NETWORK = 'azurerm_virtual_network';

export class InsideAttachments {
  private readonly byId = new Map<string, Resource[]>();
  private readonly byNetwork = new Map<Resource, Resource[]>();

  constructor(graph: ResourceGraph, private readonly kind: AssociationKind) {
    for (const association of graph.ofType(kind.type)) {
      if (pointsTo(association, kind.owner, ...kind.ownerTypes).targets.length > 0) continue;
      const id = text(association, kind.owner)?.toLowerCase();
      if (id !== undefined) this.byId.set(id, [...(this.byId.get(id) ?? []), association]);
      else for (const network of pointsTo(association, kind.owner, NETWORK).targets) this.byNetwork.set(network, [...(this.byNetwork.get(network) ?? []), association]);
    }
  }

  /** The same as what the subnet says itself, and what is attached beside it. */
  with(written: Attachment, network: Resource, subnet: AttributePath): Attachment {
    if (this.byId.size + this.byNetwork.size === 0) return written;
    const named = this.byId.get(idOf(network, subnet) ?? '');
    const perhaps = this.byNetwork.get(network);
    const own = written === UNATTACHED ? undefined : written;
    const beside = named ? joined(own, attachmentOf(named, this.kind, false)) : own;
    return perhaps ? joined(beside, attachmentOf(perhaps, this.kind, true)) : beside ?? written;
  }
}

/** The id of a subnet inside a network, lower case; undefined where the plan does not tell. */
export function idOf(network: Resource, subnet: AttributePath): string | undefined {
  const own = text(network, [...subnet, 'id']);
  if (own !== undefined) return own.toLowerCase();
  const [id, name] = [text(network, 'id'), text(network, [...subnet, 'name'])];
  return id === undefined || name === undefined ? undefined : `${id}/subnets/${name}`.toLowerCase();
}
