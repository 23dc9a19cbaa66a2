/** GKE clusters; a public address of the control plane is the default. */
import type { Check } from '../check';
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { addressesOf } from '../../model/addresses';
import { PUBLIC } from '../../model/google/api-ranges';
import { MOST_LISTED } from '../../model/google/firewall-stages';
import type { GoogleModel } from '../../model/google/google-model';
import { blocksAt, flagAt, hiddenAt, hiddenBlockAt, textAt } from '../../model/google/reading';
import { intersect, size } from '../../model/ranges';

export const check: Check<GoogleModel> = {
  id: 'cluster-endpoint-public',
  title: 'Kubernetes API that answers the internet',
  severity: 'high',
  why: 'Stolen credentials work from everywhere, and whoever may open a session or forward a port carries out what a pod holds, past every rule and route of the network.',
  fix: 'Set private_cluster_config.enable_private_endpoint, or control_plane_endpoints_config.ip_endpoints_config.enabled to false, or list who may call in master_authorized_networks_config; leave allow_external_traffic off.',
  references: [
    'https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation',
    'https://cloud.google.com/kubernetes-engine/docs/how-to/latest/network-isolation#authorized-networks',
  ],
  comparable: ['checkov CKV_GCP_18', 'checkov CKV_GCP_20', 'trivy GCP-0053', 'trivy GCP-0061'],
  *run({ model }) {
    for (const cluster of model.graph.ofType('google_container_cluster')) {
      if (cluster.mode !== 'managed') continue;
      const callers = hasPublicAddress(cluster) ? callersOf(cluster) : undefined;
      if (callers) yield { address: cluster.address, message: `the API of ${cluster.address} answers ${callers.who}`, ...(callers.isWide ? {} : { severity: 'low' as const }) };
      // Only identities that IAM lets in get an answer by this name.
      if (flagAt(cluster, [...ENDPOINTS, 'dns_endpoint_config', 0, 'allow_external_traffic']) === true) yield { address: cluster.address, message: `the API of ${cluster.address} answers by its DNS name whoever IAM lets in, from anywhere (allow_external_traffic)`, severity: 'low' };
    }
  },
};

const ENDPOINTS: AttributePath = ['control_plane_endpoints_config', 0];
const CLOSING: readonly (readonly [path: AttributePath, closes: boolean])[] = [[['private_cluster_config', 0, 'enable_private_endpoint'], true], [[...ENDPOINTS, 'ip_endpoints_config', 0, 'enabled'], false]];
const AUTHORIZED = 'master_authorized_networks_config';

/** What somebody wrote and the plan does not tell may close it. */
function hasPublicAddress(cluster: Resource): boolean {
  return CLOSING.every(([path, closes]) => flagAt(cluster, path) !== closes && hiddenAt(cluster, path) === undefined);
}

/** Undefined for nobody on the internet, and where the plan does not tell. Without the block it is anybody. */
function callersOf(cluster: Resource): { readonly who: string; readonly isWide: boolean } | undefined {
  if (hiddenBlockAt(cluster, AUTHORIZED) !== undefined) return undefined;
  if (cluster.elements(AUTHORIZED).length === 0) return { who: 'the whole internet', isWide: true };
  const blocks = blocksAt(cluster, [AUTHORIZED, 'cidr_blocks']).flatMap((path) => textAt(cluster, [...path, 'cidr_block']) ?? []);
  const outside = blocks.filter((block) => ([4, 6] as const).some((family) => size(intersect(addressesOf([block], family), PUBLIC[family])) > 0n));
  const isWide = size(intersect(addressesOf(outside, 4), PUBLIC[4])) > MOST_LISTED[4];
  const others = flagAt(cluster, [AUTHORIZED, 0, 'gcp_public_cidrs_access_enabled']) === true ? ["anybody's machines on Google Cloud"] : [];
  const all = [...outside, ...others];
  return all.length === 0 ? undefined : { who: all.join(', '), isWide: isWide || others.length > 0 };
}
