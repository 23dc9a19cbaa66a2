import type { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import type { ResidualRisk } from '../egress-control';
import type { ClusterNetwork } from './cluster-network';
import type { Manifest } from './manifest';
import { clusterStages } from './manifests';
import { kubernetesRisks } from './residual-risks';
import { resourceOf } from './terraform';

/** What closes a cluster needs to know of it. */
export interface KubernetesSegmentationProps {
  readonly network: ClusterNetwork;
}

/**
 * Namespaces in which pods reach only whom the policy names.
 *
 * Terraform makes a namespace, then what closes it, then what opens it, each of the last two
 * depending on the one before: a pod that is created meanwhile can do less, never more. On the way
 * down the order is reversed, and the default deny goes last.
 */
export class KubernetesSegmentation extends Construct {
  /** By name. */
  readonly namespaces: ReadonlyMap<string, TerraformResource>;
  /** Every object that is made, in order: what `egress manifests` writes. */
  readonly manifests: readonly Manifest[];
  readonly residualRisks: readonly ResidualRisk[];

  constructor(scope: Construct, id: string, { network }: KubernetesSegmentationProps) {
    super(scope, id);
    const stages = clusterStages(network);
    this.manifests = stages.flatMap(({ manifests }) => manifests);
    this.residualRisks = kubernetesRisks(network);

    const scopes = new Map<string, Construct>();
    const latest = new Map<string, readonly TerraformResource[]>();
    const namespaces = new Map<string, TerraformResource>();
    for (const { manifests } of stages) {
      const made = new Map<string, TerraformResource[]>();
      for (const manifest of manifests) {
        const { name, namespace } = manifest.metadata;
        const place = manifest.kind === 'Namespace' ? name : namespace;
        const within = place === undefined ? this : scopes.get(place) ?? new Construct(this, `namespace-${place}`);
        if (place !== undefined) scopes.set(place, within);
        const resource = resourceOf(within, resourceId(manifest), manifest, place === undefined ? [] : latest.get(place) ?? []);
        if (place !== undefined) made.set(place, [...(made.get(place) ?? []), resource]);
        if (manifest.kind === 'Namespace') namespaces.set(name, resource);
      }
      for (const [place, resources] of made) latest.set(place, resources);
    }
    this.namespaces = namespaces;
  }
}

const SHORT: Readonly<Record<string, string>> = { NetworkPolicy: 'policy', CiliumNetworkPolicy: 'cilium', FQDNNetworkPolicy: 'fqdn', ValidatingAdmissionPolicy: 'admission', ValidatingAdmissionPolicyBinding: 'admission-binding', ContainerNetworkLog: 'flow-log' };

/** Kind and name: unique in a namespace, and the same for the same object for ever. */
function resourceId({ kind, metadata }: Manifest): string {
  return kind === 'Namespace' ? 'namespace' : `${SHORT[kind] ?? kind.toLowerCase()}-${metadata.name}`;
}
