/** Manifests as Terraform resources: typed where the provider has a type, as `kubernetes_manifest` where it has none. */
import { Manifest as KubernetesManifest } from '@cdktf/provider-kubernetes/lib/manifest';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { NetworkPolicyV1, type NetworkPolicyV1SpecEgressTo } from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import type { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import type { Manifest, NetworkPolicy, Peer, Port } from './manifest';

/** Makes the resource of one object. */
export function resourceOf(scope: Construct, id: string, manifest: Manifest, dependsOn: readonly TerraformResource[]): TerraformResource {
  const metadata = { ...manifest.metadata };
  switch (manifest.kind) {
    case 'Namespace': return new NamespaceV1(scope, id, { metadata, dependsOn: [...dependsOn] });
    case 'NetworkPolicy': return new NetworkPolicyV1(scope, id, { metadata, spec: policySpec(manifest as NetworkPolicy), dependsOn: [...dependsOn] });
    // Plans of these ask the API server for the kind's schema: the cluster has to be there, with the CRD.
    default: return new KubernetesManifest(scope, id, { manifest: { ...manifest }, dependsOn: [...dependsOn] });
  }
}

function policySpec({ spec }: NetworkPolicy) {
  const { podSelector, policyTypes, ingress = [], egress = [] } = spec;
  return {
    podSelector: { ...podSelector },
    policyTypes: [...policyTypes],
    ...(ingress.length > 0 ? { ingress: ingress.map((rule) => ({ from: rule.from.map(peer), ports: rule.ports.map(port) })) } : {}),
    ...(egress.length > 0 ? { egress: egress.map((rule) => ({ to: rule.to.map(peer), ports: rule.ports.map(port) })) } : {}),
  };
}

function peer(from: Peer): NetworkPolicyV1SpecEgressTo {
  if ('ipBlock' in from) return { ipBlock: { cidr: from.ipBlock.cidr, ...(from.ipBlock.except ? { except: [...from.ipBlock.except] } : {}) } };
  return { namespaceSelector: { ...from.namespaceSelector }, ...(from.podSelector ? { podSelector: { ...from.podSelector } } : {}) };
}

function port({ protocol, port: number, endPort }: Port) {
  return { protocol, port: String(number), ...(endPort === undefined ? {} : { endPort }) };
}
