/** Which of our own stacks are one network: a cluster's, where it has nodes, and the one in whose subnets these stand. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PlanFile } from '../review/plan/load';

const NODES = /^(aws_eks_node_group|google_container_node_pool|azurerm_kubernetes_cluster_node_pool)$/;

/** `aws-prod` of `aws-prod-kubernetes`. */
const networkOf = (stack: string): string => stack.replace(/-kubernetes$/, '');

/** The same for plans that are judged together. */
export function ownNetwork({ name, kind, document }: PlanFile): string {
  const stack = basename(name, '.json');
  const changes: unknown = document['resource_changes'];
  const hasNodes = kind === 'plan' && Array.isArray(changes) && changes.some((change: { type?: unknown } | null) => NODES.test(String(change?.type)));
  return hasNodes ? networkOf(stack) : stack;
}

/** The stacks, and those in whose networks their nodes stand. */
export function withNetworks(stacks: readonly string[], outdir: string): readonly string[] {
  const hasNodes = (stack: string): boolean => {
    const { resource = {} } = JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')) as { readonly resource?: object };
    return Object.keys(resource).some((type) => NODES.test(type));
  };
  return [...new Set(stacks.flatMap((stack) => (hasNodes(stack) ? [stack, networkOf(stack)] : [stack])))];
}
