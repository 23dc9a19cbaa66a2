import { TerraformOutput, type App } from 'cdktf';
import { SEGMENT_LABEL } from '../blueprints/kubernetes/manifest';
import type { NodePools } from '../blueprints/policy/pods';
import { clusterNetwork, hostRulesOf, type ClusterNetwork, type CloudPart } from '../blueprints/kubernetes/cluster-network';
import { podTable } from '../blueprints/kubernetes/pod-table';
import { KubernetesSegmentation } from '../blueprints/kubernetes/segmentation';
import { BlueprintError } from '../blueprints/blueprint-error';
import { privateServicesFor, type Environment, type Policy } from '../blueprints/policy/model';
import { uniqueSorted } from '../blueprints/policy/rules';
import { configureBackend } from '../providers/backend';
import { configureKubernetes, type ClusterAccess } from '../providers/kubernetes';
import { EgressStack, type StackSummary } from './egress-stack';

/** A segment whose nodes the stack makes. */
export interface SegmentNodes {
  readonly segment: string;
  readonly nodes: NodePools;
  /** Key of the label and the taint. */
  readonly segmentKey: string;
  readonly hasHosts: boolean;
}

/** The policies of one cluster, named `<cloud>-<environment>-kubernetes`. The cluster itself is the team's. */
export abstract class KubernetesStack extends EgressStack {
  readonly summary: StackSummary;
  readonly network: ClusterNetwork;
  readonly segmentation: KubernetesSegmentation;

  /** @param access sets up the cloud's provider, finds the cluster, and says how to reach it */
  constructor(app: App, policy: Policy, environment: Environment, part: CloudPart, access: (stack: KubernetesStack) => ClusterAccess) {
    super(app, `${part.cloud}-${environment.name}-kubernetes`);
    configureBackend(this, policy.organization, policy.state);
    configureKubernetes(this, access(this));
    this.network = clusterNetwork(policy, environment.name, part);
    this.segmentation = new KubernetesSegmentation(this, 'segmentation', { network: this.network });
    new TerraformOutput(this, 'namespaces', {
      value: [...this.segmentation.namespaces.keys()],
      description: 'Namespaces that the policy closes',
    });

    const { cluster, groups } = this.network;
    this.summary = {
      stack: this.node.id,
      cloud: part.cloud,
      environment: environment.name,
      region: part.region,
      cidr: part.cidr,
      segments: policy.segments.filter(({ pods }) => pods).map(({ name, tier }) => {
        const rules = groups.filter(({ segment }) => segment === name).flatMap((pods) => hostRulesOf(pods, this.network));
        return {
          name,
          tier,
          hosts: uniqueSorted(rules.flatMap((rule) => rule.ports.map((port) => `${rule.host.text}:${port}${rule.protocol === 'tls' ? '' : ` (${rule.protocol})`}`))),
          wayOut: rules.length > 0 ? `${cluster.cni}, then that of the segment` : 'none',
        };
      }),
      privateServices: uniqueSorted(groups.flatMap(({ calls }) => calls.flatMap(({ to }) => (to.kind === 'service' ? [to.service] : [])))),
      residualRisks: this.segmentation.residualRisks,
      cluster: { name: cluster.name, cni: cluster.cni, pods: podTable(this.network) },
    };
  }

  /**
   * The segments with pods, when the policy asks for nodes.
   *
   * @param needs private services without which nodes do not join, and how else to have them
   * @throws BlueprintError when the policy lacks some: the nodes would be made, and never be ready
   */
  protected segmentNodes(policy: Policy, needs: { readonly services: readonly string[]; readonly otherwise?: string; readonly met?: boolean }): readonly SegmentNodes[] {
    const { cluster, groups, cloud } = this.network;
    const { nodes } = cluster;
    if (!nodes) return [];
    const listed = privateServicesFor(policy, cloud).map(({ name }) => name);
    const missing = needs.met ? [] : needs.services.filter((service) => !listed.includes(service));
    if (missing.length > 0) {
      throw new BlueprintError(this, [{
        message: `${cloud}: nodes without a way to the internet need private endpoints for ${missing.join(', ')}; add them to privateServices${needs.otherwise ? `, or ${needs.otherwise}` : ''}`,
      }]);
    }
    return uniqueSorted(groups.map(({ segment }) => segment)).map((segment) => ({
      segment,
      nodes,
      segmentKey: SEGMENT_LABEL,
      hasHosts: this.network.rulesOf.has(segment),
    }));
  }
}
