/** Clusters to hold to the contract: objects from YAML, as a GitOps tool reads them. */
import { parseAllDocuments } from 'yaml';
import { clusterNetwork } from '../../../blueprints/kubernetes/cluster-network';
import { clusterStages } from '../../../blueprints/kubernetes/manifests';
import { yamlFiles } from '../../../blueprints/kubernetes/yaml';
import { planAddresses } from '../../../blueprints/policy/address-plan';
import type { Cloud, Policy } from '../../../blueprints/policy/model';
import type { Cni } from '../../../blueprints/policy/pods';
import type { Scene } from './contract';
import type { KubernetesObject } from './evaluator';

const NAMES: Readonly<Record<Cni, Scene['names']>> = {
  'vpc-cni': 'none', cilium: 'cilium', 'dataplane-v2': 'none', 'dataplane-v2-fqdn': 'gke', 'azure-cilium': 'none', acns: 'cilium',
};

/** Every CNI with its cloud. */
export const CNIS_AND_CLOUDS: readonly (readonly [Cni, Cloud])[] = [
  ['vpc-cni', 'aws'], ['cilium', 'aws'], ['dataplane-v2', 'google'], ['dataplane-v2-fqdn', 'google'], ['azure-cilium', 'azure'], ['acns', 'azure'],
];

/** The objects of an environment's cluster on a cloud, by default of the first one's, with another CNI if one is named. */
export function cluster(policy: Policy, cloud: Cloud, cni?: Cni, environment = policy.environments[0]!): { readonly objects: KubernetesObject[]; readonly scene: Scene } {
  const written = environment[cloud]!;
  const part = { ...written, cluster: { ...written.cluster!, cni: cni ?? written.cluster!.cni } };
  const addresses = planAddresses(policy, part);
  // Where somebody else made the subnets, the file says where they are.
  const existing = (segment: string) => ('spoke' in part ? part.spoke?.subnets[segment]?.cidr : 'existingNetwork' in part ? Object.values(part.existingNetwork?.subnets[segment] ?? {})[0]?.cidr : undefined);
  const files = yamlFiles(clusterStages(clusterNetwork(policy, environment.name, part)));
  return {
    objects: files.flatMap(({ text }) => parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject)),
    scene: {
      policy,
      cloud,
      environment: environment.name,
      names: NAMES[part.cluster.cni],
      ownedOnly: part.cluster.cni === 'vpc-cni',
      recorded: ['dataplane-v2', 'dataplane-v2-fqdn', 'acns'].includes(part.cluster.cni),
      ...(cloud === 'google' || part.cluster.apiServer ? {} : { apiServerIn: part.cluster.system }),
      segmentAddress: (segment) => nth(existing(segment) ?? addresses.segment(segment), 9),
    },
  };
}

/** The address with this number in a block. */
function nth(block: string, number: number): string {
  const first = block.split('/', 1)[0]!.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [24, 16, 8, 0].map((bits) => Math.floor((first + number) / 2 ** bits) % 256).join('.');
}
