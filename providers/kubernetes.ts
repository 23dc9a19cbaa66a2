import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { Fn, type TerraformStack } from 'cdktf';
import { useVersionRange } from './version-range';

/** How to reach an API server, and how to get a token for it. */
export interface ClusterAccess {
  /** `https://…`: a token until deployed. */
  readonly host: string;
  /** Base64, as every cloud returns it. */
  readonly clusterCaCertificate: string;
  /** A program on the machine that runs Terraform, which asks the cloud with its own credentials. */
  readonly exec: { readonly apiVersion: string; readonly command: string; readonly args: readonly string[] };
}

/**
 * Sets up `hashicorp/kubernetes` with short-lived tokens of the cloud: no secret of a cluster is in
 * the configuration or passes through the state.
 * https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs#exec-plugins
 *
 * 2.38.0 is the version that the bindings were made from, and the first to be relied on.
 */
export function configureKubernetes(stack: TerraformStack, { host, clusterCaCertificate, exec }: ClusterAccess): KubernetesProvider {
  const provider = new KubernetesProvider(stack, 'kubernetes', {
    host,
    clusterCaCertificate: Fn.base64decode(clusterCaCertificate),
    exec: [{ ...exec, args: [...exec.args] }],
  });
  useVersionRange(stack, provider, 'hashicorp/kubernetes', '>= 2.38.0, < 3.0.0');
  return provider;
}
