/** What a segment's subnet may call and who may call it, by the security groups of both ends. */
import type { SubnetView } from '../../model/azure/subnet-view';
import { towards } from '../../model/traffic';
import { portWords, workloadViews, type AzureContext } from './azure-check';

/** Subnets of segments, whose group is certain. */
export function segmentViews(context: AzureContext): readonly SubnetView[] {
  return workloadViews(context).filter((view) => view.name.segment !== undefined && view.group !== undefined && view.subnet.addresses[4].length > 0);
}

/** Ports that a subnet's group lets out to another subnet: `tcp/443`. */
export function calls(from: SubnetView, to: Pick<SubnetView, 'subnet'>): readonly string[] {
  const allowed = from.allowed('Outbound');
  return allowed ? portWords(towards(allowed, to.subnet.addresses[4])) : [];
}

/** Ports on which a subnet's group lets another one in. */
export function accepts(of: SubnetView, from: SubnetView): readonly string[] {
  const allowed = of.allowed('Inbound');
  return allowed ? portWords(towards(allowed, from.subnet.addresses[4])) : [];
}

/** Subnets that hold private endpoints, with a group that is certain. */
export function endpointViews(context: AzureContext): readonly SubnetView[] {
  const used = new Set(context.model.privateEndpoints.flatMap(({ subnet }) => subnet.targets));
  return context.model.views.filter(({ subnet, group }) => used.has(subnet.resource) && group !== undefined && subnet.addresses[4].length > 0);
}
