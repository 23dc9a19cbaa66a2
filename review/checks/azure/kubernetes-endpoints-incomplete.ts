import type { AzureCheck, AzureContext } from './azure-check';
import { pointsTo, text, texts } from '../../model/azure/read';
import { outboundType } from '../../model/azure/platform-workloads';
import type { Resource } from '../../plan/resource-graph';

/** What nodes of a public Azure cloud need for images, packages and the control plane. */
const NEEDED: readonly string[] = ['mcr.microsoft.com', '*.data.mcr.microsoft.com', 'management.azure.com', 'login.microsoftonline.com', 'packages.microsoft.com', 'acs-mirror.azureedge.net'];

export const check: AzureCheck = {
  id: 'kubernetes-endpoints-incomplete',
  title: 'nodes that cannot reach what a cluster needs',
  severity: 'low',
  why: 'Nodes pull images and report to the control plane. A cluster that cannot gets a way out for everything in its first week.',
  fix: 'Let the firewall pass the tag AzureKubernetesService for the subnets of the nodes; for outbound type none, add a private endpoint of the registry that caches the images.',
  references: ['https://learn.microsoft.com/azure/aks/outbound-rules-control-egress', 'https://learn.microsoft.com/azure/aks/network-isolated'],
  comparable: [],
  *run(context) {
    const { model, verdicts } = context;
    for (const cluster of model.graph.ofType('azurerm_kubernetes_cluster')) {
      const type = outboundType(cluster)?.toLowerCase();
      // Nodes of a cluster that starts from a registry of one's own call nothing else.
      const isCached = text(cluster, 'bootstrap_profile[0].artifact_source')?.toLowerCase() === 'cache';
      if (type === 'none' || type === 'block' || isCached) {
        if (!hasRegistryEndpoint(context)) yield { address: cluster.address, message: `${isCached ? 'artifact_source is Cache' : `outbound_type is ${type}`}, and no private endpoint leads to a registry` };
      }
      if (type !== 'userdefinedrouting' || isCached) continue;
      const own = verdicts.filter(({ place, family }) => family === 4 && place.addresses.includes(cluster.address));
      // What is open or not known may reach everything.
      if (own.length === 0 || own.some(({ kind }) => kind === 'open' || kind === 'unknown')) continue;
      const allowed = new Set(own.flatMap(({ hosts }) => hosts.map(({ host }) => host.toLowerCase())));
      if ([...allowed].some((host) => host === 'tag:azurekubernetesservice')) continue;
      const missing = NEEDED.filter((name) => !isAllowed(name, allowed));
      if (missing.length > 0) yield { address: cluster.address, message: `nodes cannot reach ${missing.join(', ')}` };
    }
  },
};

function isAllowed(name: string, allowed: ReadonlySet<string>): boolean {
  if (allowed.has(name)) return true;
  const labels = name.replace(/^\*\./, '').split('.');
  return labels.some((_, index) => index > 0 && allowed.has(`*.${labels.slice(index).join('.')}`));
}

function hasRegistryEndpoint({ model }: AzureContext): boolean {
  return model.graph.ofType('azurerm_private_endpoint').some((endpoint: Resource) => endpoint.elements('private_service_connection').some((path) =>
    texts(endpoint, [...path, 'subresource_names']).items.includes('registry')
    || pointsTo(endpoint, [...path, 'private_connection_resource_id'], 'azurerm_container_registry').targets.length > 0));
}
