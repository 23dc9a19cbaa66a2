/** What a segment's subnet may call and who may call it, by the security groups of both ends. */
import type { AzureSubnet } from '../../model/azure/subnet';
import type { SubnetView } from '../../model/azure/subnet-view';
import { text } from '../../model/azure/read';
import { addressesOf } from '../../model/addresses';
import type { Ranges } from '../../model/ranges';
import { towards } from '../../model/traffic';
import { portWords, resolvingFirewall, workloadViews, type AzureContext } from './azure-check';
import { hubOf } from './hub-of-policy';
import { blockOf, certainEnvironments } from './planned-environments';

/** Subnets of segments, whose group is certain. */
export function segmentViews(context: AzureContext): readonly SubnetView[] {
  return workloadViews(context).filter((view) => view.name.segment !== undefined && view.group !== undefined && blockOf(context, view.subnet).length > 0);
}

/** Ports that a subnet's group lets out to another subnet: `tcp/443`. */
export function calls(context: AzureContext, from: SubnetView, to: Pick<SubnetView, 'subnet'>): readonly string[] {
  return callsTo(from, blockOf(context, to.subnet));
}

/** The same to some addresses. */
export function callsTo(from: SubnetView, addresses: Ranges): readonly string[] {
  const allowed = from.allowed('Outbound');
  return allowed ? portWords(towards(allowed, addresses)) : [];
}

/** Ports on which a subnet's group lets another one in. */
export function accepts(context: AzureContext, of: SubnetView, from: SubnetView): readonly string[] {
  const allowed = of.allowed('Inbound');
  return allowed ? portWords(towards(allowed, blockOf(context, from.subnet))) : [];
}

/** Subnets that hold private endpoints, with a group that is certain. */
export function endpointViews(context: AzureContext): readonly SubnetView[] {
  const holds = endpointSubnets(context);
  return context.model.views.filter(({ subnet, group }) => holds(subnet) && group !== undefined && blockOf(context, subnet).length > 0);
}

/** Whether a subnet holds private endpoints. */
export function endpointSubnets({ model }: AzureContext): (subnet: AzureSubnet) => boolean {
  const used = new Set(model.privateEndpoints.flatMap(({ subnet }) => subnet.targets));
  const ids = new Set(model.privateEndpoints.flatMap(({ subnet }) => subnet.subnetId ?? []));
  return ({ resource, exists }) => used.has(resource) || (exists === true && ids.has(text(resource, 'subnet_id')?.toLowerCase() ?? ''));
}

/** Whether a subnet is one of those that the policy file gives a group and a route table of this plan: segments, and that of the endpoints. */
export function isFiltered(context: AzureContext): (view: SubnetView) => boolean {
  if (certainEnvironments(context).length === 0) return () => false;
  const names = new Set(context.policy?.segments.map(({ name }) => name));
  const holdsEndpoints = endpointSubnets(context);
  return ({ name, subnet }) => (name.segment !== undefined && names.has(name.segment)) || holdsEndpoints(subnet);
}

/** Where a subnet's names are resolved, by a firewall of the plan or of a hub that the policy names. */
export function resolverOf(context: AzureContext, { subnet }: SubnetView): { readonly address: string; readonly block: Ranges } | undefined {
  const environment = subnet.exists ? certainEnvironments(context).find(({ spoke }) => spoke !== undefined) : undefined;
  const firewall = environment && !environment.hub ? [...context.model.firewalls.values()].find(({ tier }) => tier !== 'Basic') : subnet.network && resolvingFirewall(context, subnet.network);
  if (firewall) return { address: firewall.subnet?.address ?? firewall.address, block: firewall.subnet?.addresses[4] ?? addressesOf(firewall.privateAddresses.items, 4) };
  const servers = (environment?.hub ?? (subnet.network && hubOf(context, subnet.network)))?.dnsServers ?? [];
  return servers.length > 0 ? { address: servers.join(', '), block: addressesOf(servers, 4) } : undefined;
}
