/**
 * What a private AKS cluster reaches outside, besides what the policy's rules list.
 * https://learn.microsoft.com/azure/aks/outbound-rules-control-egress
 */
import type { KubernetesAddOn } from './azure-options';
import { compare } from './rules';

/**
 * Microsoft's own list of what every cluster needs. A private cluster asks for no more: nodes reach
 * the API server by a private endpoint, so there is no rule for 1194, 9000 or its address.
 */
export const KUBERNETES_TAG = 'AzureKubernetesService';

/** Hosts of the tag, for what knows names only. The tag may hold more. */
export const KUBERNETES_TAG_HOSTS: readonly string[] = [
  '*.data.mcr.microsoft.com', 'acs-mirror.azureedge.net', 'login.microsoftonline.com', 'management.azure.com', 'mcr-0001.mcr-msedge.net',
  'mcr.microsoft.com', 'packages.aks.azure.com', 'packages.microsoft.com',
];

const secure = (...hosts: readonly string[]) => ({ http: [] as readonly string[], tls: hosts });

/** Names by protocol; `region` is part of some. */
function catalog(region: string): Readonly<Record<KubernetesAddOn, { readonly http: readonly string[]; readonly tls: readonly string[] }>> {
  return {
    'azure-policy': secure('data.policy.core.windows.net', 'dc.services.visualstudio.com', 'store.policy.core.windows.net'),
    defender: secure('*.ods.opinsights.azure.com', '*.oms.opinsights.azure.com', 'login.microsoftonline.com'),
    extensions: secure(`${region}.dp.kubernetesconfiguration.azure.com`, 'arcmktplaceprod.azurecr.io', `arcmktplaceprod.${region}.data.azurecr.io`, 'marketplaceapi.microsoft.com'),
    gpu: secure('download.docker.com', 'nvidia.github.io', 'us.download.nvidia.com'),
    monitoring: secure('*.monitoring.azure.com', '*.ods.opinsights.azure.com', '*.oms.opinsights.azure.com', 'dc.services.visualstudio.com',
      `${region}.handler.control.monitor.azure.com`, `${region}.ingest.monitor.azure.com`),
    'os-updates': { http: ['azure.archive.ubuntu.com', 'changelogs.ubuntu.com', 'security.ubuntu.com'], tls: ['snapshot.ubuntu.com'] },
    'secrets-store': secure('vault.azure.net'),
    windows: { http: ['*.mp.microsoft.com', 'ctldl.windowsupdate.com', 'www.msftconnecttest.com'], tls: ['go.microsoft.com', 'onegetcdn.azureedge.net'] },
  };
}

/** What the chosen add-ons reach, sorted. */
export function addOnHosts(addOns: readonly KubernetesAddOn[], region: string): { readonly http: readonly string[]; readonly tls: readonly string[] } {
  const known = catalog(region);
  const of = (protocol: 'http' | 'tls') => [...new Set(addOns.flatMap((addOn) => known[addOn][protocol]))].sort(compare);
  return { http: of('http'), tls: of('tls') };
}
