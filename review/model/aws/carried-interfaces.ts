/** Interfaces that something carries: it stands for them. */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { choose, isSet } from './read';

export const INTERFACES = { types: ['aws_network_interface'] };

/** What an interface may be attached to. */
export const MACHINE_TYPES = ['aws_instance', 'aws_spot_instance_request'];

/** Blocks that name an interface of a machine. */
export const INTERFACE_BLOCKS = ['network_interface', 'primary_network_interface'] as const;

/** Of blocks those that name an interface; of blocks that a plan does not know, all that they may mean. */
export function interfacesIn(holder: Resource, block: string): readonly Resource[] {
  const elements = holder.elements(block);
  if (elements.length === 0) return holder.references(block, INTERFACES).likely;
  return elements.map((path): AttributePath => [...path, 'network_interface_id']).filter((path) => isSet(holder, path)).flatMap((path) => {
    const { likely, others } = choose(holder, path, (target) => target, INTERFACES);
    return likely.length > 0 ? likely : others;
  });
}

/** Interfaces that some instance carries: the instance stands for them. */
export function interfacesOf(graph: ResourceGraph): ReadonlySet<Resource> {
  const found = new Set<Resource>();
  for (const instance of graph.ofType('aws_instance')) {
    for (const block of INTERFACE_BLOCKS) {
      if (!isSet(instance, block)) continue;
      const elements = instance.elements(block);
      // What else the provider fills into such a block is nobody's interface.
      for (const path of elements.length === 0 ? [[block]] : elements.map((element) => [...element, 'network_interface_id'])) {
        const references = instance.references(path, INTERFACES);
        if (references.exact) references.targets.forEach((target) => found.add(target));
      }
    }
  }
  return found;
}

/** Machines to which an interface is added that the plan does not make, and why nothing is known of that. */
export function strangersOf(graph: ResourceGraph): ReadonlyMap<Resource, string> {
  const found = new Map<Resource, string>();
  for (const attachment of graph.ofType('aws_network_interface_attachment')) {
    if (attachment.references('network_interface_id', INTERFACES).targets.some(({ mode }) => mode === 'managed')) continue;
    for (const machine of attachment.references('instance_id', { types: MACHINE_TYPES }).targets) found.set(machine, `where the interface stands that ${attachment.address} adds is not in the plan`);
  }
  return found;
}
