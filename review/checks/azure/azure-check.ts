/** What the checks of Azure share: their type, the paths that prove a finding, and words for numbers. */
import type { AzureModel } from '../../model/azure/azure-model';
import type { SubnetView } from '../../model/azure/subnet-view';
import type { AzureFirewall } from '../../model/azure/firewall';
import type { AzureNetwork } from '../../model/azure/network';
import { pointsTo } from '../../model/azure/read';
import type { Resource } from '../../plan/resource-graph';
import { holdsAddress } from '../../model/azure/subnet';
import type { Traffic } from '../../model/traffic';
import { rangesOf, type Ranges } from '../../model/ranges';
import type { Step } from '../../paths/trace';
import type { Verdict } from '../../paths/verdict';
import type { Check, CheckContext } from '../check';

export type AzureCheck = Check<AzureModel>;
export type AzureContext = CheckContext<AzureModel>;

/** By address, the most telling verdict whose place or way out it belongs to. */
const provenBy = new WeakMap<readonly Verdict[], ReadonlyMap<string, Verdict>>();

/** The way out of a place that some of the addresses belong to: an open one first. */
export function witnessOf({ verdicts }: AzureContext, ...addresses: readonly string[]): { readonly witness?: readonly Step[] } {
  const index = provenBy.get(verdicts) ?? proofs(verdicts);
  const found = addresses.flatMap((address) => index.get(address) ?? []).sort((a, b) => RANK[a.kind] - RANK[b.kind]);
  return found[0]?.witness ? { witness: found[0].witness } : {};
}

const RANK = { open: 0, unknown: 1, allowlisted: 2, none: 3 };

function proofs(verdicts: readonly Verdict[]): ReadonlyMap<string, Verdict> {
  const index = new Map<string, Verdict>();
  for (const verdict of verdicts) {
    if (!verdict.witness) continue;
    for (const address of [...verdict.place.addresses, ...verdict.witness.map((step) => step.address)]) {
      const known = index.get(address);
      if (!known || RANK[verdict.kind] < RANK[known.kind]) index.set(address, verdict);
    }
  }
  provenBy.set(verdicts, index);
  return index;
}

/** A place's segment, for a finding. */
export function segmentOfView(view: SubnetView): { readonly segment?: string } {
  return view.name.segment === undefined ? {} : { segment: view.name.segment };
}

/** Subnets for workloads, not those that Azure keeps for its own devices. */
export function workloadViews({ model }: AzureContext): readonly SubnetView[] {
  return model.views.filter(({ subnet }) => subnet.role === 'workloads');
}

/** `tcp/443, udp/53`, sorted; tcp and udp only. */
export function portWords(traffic: Traffic): readonly string[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) => rangeWords(rangesOf(traffic.boxes.filter((box) => box.protocol === protocol).flatMap(({ ports }) => ports))).map((ports) => `${protocol}/${ports}`));
}

export function rangeWords(ports: Ranges): readonly string[] {
  return ports.map(([from, to]) => (from === to ? `${from}` : from === 0n && to === 65535n ? '*' : `${from}-${to}`));
}

/** The firewall that a network's DNS servers are, when all of them are the same one. */
export function resolvingFirewall({ model }: AzureContext, { serversSaidBy }: AzureNetwork): AzureFirewall | undefined {
  const [first, ...more] = serversSaidBy.map((resource) => askedFirewall(model, resource));
  return more.every((each) => each === first) ? first : undefined;
}

/** The same of what one resource says. */
export function askedFirewall(model: AzureModel, resource: Resource): AzureFirewall | undefined {
  const servers = resource.elements('dns_servers');
  const value = resource.valueAt('dns_servers');
  const count = Array.isArray(value) ? value.length : 0;
  if (count === 0) {
    const pointed = pointsTo(resource, 'dns_servers', 'azurerm_firewall');
    return pointed.targets.length === 1 && pointed.unknown === undefined ? model.firewalls.get(pointed.targets[0]!) : undefined;
  }
  const found = servers.map((path) => {
    const address = resource.valueAt(path);
    const byAddress = typeof address === 'string' ? [...model.firewalls.values()].find((firewall) => firewall.privateAddresses.items.includes(address) || (firewall.subnet && holdsAddress(firewall.subnet, address))) : undefined;
    const [target] = pointsTo(resource, path, 'azurerm_firewall').targets;
    return byAddress ?? (target && model.firewalls.get(target));
  });
  return found.every((each) => each !== undefined && each === found[0]) ? found[0] : undefined;
}

const viewsByNetwork = new WeakMap<AzureModel, ReadonlyMap<AzureNetwork, readonly SubnetView[]>>();

/** The subnets for workloads of one network. */
export function viewsOf({ model }: AzureContext, network: AzureNetwork): readonly SubnetView[] {
  let index = viewsByNetwork.get(model);
  if (!index) {
    const made = new Map<AzureNetwork, SubnetView[]>();
    for (const view of model.views) {
      const { network: own, role } = view.subnet;
      if (!own || role !== 'workloads') continue;
      const known = made.get(own);
      if (known) known.push(view);
      else made.set(own, [view]);
    }
    viewsByNetwork.set(model, (index = made));
  }
  return index.get(network) ?? [];
}

/** Firewalls of the plan that some subnet of a network sends packets to. */
export function firewallsUsedBy(context: AzureContext, network: AzureNetwork): readonly AzureFirewall[] {
  return [...new Set(viewsOf(context, network).flatMap((view) => view.internetRoutes().flatMap((route) => view.firewallsOf(route))))];
}
