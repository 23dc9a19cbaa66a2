/** Whether a cluster on Azure has a place in its environment: a segment, a way out, and addresses enough. */
import { SLOT_BITS } from './address-plan';
import type { AzureEnvironmentInput } from './azure-environment';
import { knownSegment, type CheckContext } from './check-context';
import { contains, intersects, knownBlock, parseBlock, privateBlockProblem, type Block } from './cidr';
import type { Path } from './problems';
import type { Sound } from './schema-findings';

type Input = Sound<AzureEnvironmentInput>;

/** What AKS takes for its services. https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning */
const SERVICE_PREFIX = { widest: 12, narrowest: 27 };
/** What AKS keeps for itself, of pods, services and the cluster's network. https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning */
const KEPT_BY_AKS = ['169.254.0.0/16', '172.30.0.0/16', '172.31.0.0/16', '192.0.2.0/24'].map(knownBlock);
/** Each node takes a block of this size from the pods' own. https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay */
const PODS_OF_NODE = 24;
/** Azure keeps five addresses of every subnet, and the API server's endpoint takes one. https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
const NOT_FOR_NODES = 6;
/** While nodes are replaced, so many more stand beside them: the pool's `maxSurge`. */
const SURGE = 0.1;
const DEFAULTS = { min: 2, max: 5, podCidr: '10.244.0.0/16', serviceCidr: '10.245.0.0/16' };

/** Reports what AKS would refuse, or would only notice once it grows. */
export function checkAzureKubernetes(input: Input, path: Path, context: CheckContext): void {
  const kubernetes = input.kubernetes!;
  const { segment } = kubernetes;
  if (knownSegment(segment, [...path, 'segment'], context)) {
    const tier = context.segments?.get(segment as string)?.tier;
    if (tier && tier !== 'private') context.error([...path, 'segment'], 'kubernetes-not-private', `is a ${tier} segment, and nodes fetch images and updates`, 'name a private segment', segment);
  }
  if (input.hub && !input.hub.policy) {
    context.error(path, 'kubernetes-without-policy', 'needs hosts that only the firewall can allow', "name the hub's 'policy', so that they are written into it");
  }
  const { min, max } = { min: kubernetes.nodes?.min ?? DEFAULTS.min, max: kubernetes.nodes?.max };
  if (typeof max === 'number' && typeof min === 'number' && max < min) context.error([...path, 'nodes', 'max'], 'bad-number', `is less than the fewest, ${min}`, `write ${min} or more`, max);
  const pods = blockOf(kubernetes.podCidr ?? DEFAULTS.podCidr);
  const services = blockOf(kubernetes.serviceCidr ?? DEFAULTS.serviceCidr);
  if (services && (services.prefix <= SERVICE_PREFIX.widest || services.prefix > SERVICE_PREFIX.narrowest)) {
    context.error([...path, 'serviceCidr'], 'cidr-too-large', 'is not of a size that AKS takes for services', `use a /${SERVICE_PREFIX.widest + 1} to /${SERVICE_PREFIX.narrowest}`, services.text);
  }
  checkBlocks(input, { pods, services }, path, context);
  checkRoom(input, pods, Math.max(min, max ?? DEFAULTS.max), path, context);
}

function checkBlocks(input: Input, { pods, services }: { readonly pods: Block | undefined; readonly services: Block | undefined }, path: Path, context: CheckContext): void {
  const { hub, spoke } = input;
  const around = [
    ...named(input.cidr, "the environment's cidr"),
    ...Object.entries(spoke?.subnets ?? {}).flatMap(([name, subnet]) => named(subnet?.cidr, `the subnet of '${name}'`)),
    ...named(spoke?.privateEndpoints?.cidr, 'the subnet of the private endpoints'),
    // Pods would look for them among themselves.
    ...named(hub?.privateAddress, "the hub's firewall"),
    ...(hub?.dnsServers ?? []).flatMap((server) => named(server, 'a DNS server of the hub')),
    ...KEPT_BY_AKS.map((block) => ({ block, what: 'what AKS keeps for itself' })),
  ];
  const own = [...(pods ? [{ option: 'podCidr', block: pods }] : []), ...(services ? [{ option: 'serviceCidr', block: services }] : [])];
  own.forEach(({ option, block }, index) => {
    const other = [...around, ...own.slice(0, index).map((each) => ({ block: each.block, what: each.option }))].find((each) => intersects(each.block, block) || contains(block, each.block));
    const problem = privateBlockProblem(block);
    if (other) context.error([...path, option], 'cidr-overlap', `overlaps ${other.what}, ${other.block.text}`, 'choose a private block that nothing in the network uses', block.text);
    else if (problem) context.error([...path, option], problem.code, problem.message, problem.fix, block.text);
  });
  const network = blockOf(input.cidr);
  const kept = network && KEPT_BY_AKS.find((block) => intersects(block, network));
  if (kept) context.error([...path.slice(0, -1), 'cidr'], 'cidr-overlap', `overlaps ${kept.text}, which AKS keeps for itself`, "choose a block without it, or remove 'kubernetes'", network.text);
}

/** Nodes that there is no address for are never made: the pool stops growing, and an upgrade stands still. */
function checkRoom(input: Input, pods: Block | undefined, most: number, path: Path, context: CheckContext): void {
  const { segment, podCidr } = input.kubernetes!;
  const needed = most + Math.ceil(most * SURGE);
  const blocks = pods ? Math.floor(2 ** (PODS_OF_NODE - pods.prefix)) : needed;
  if (blocks < needed) {
    context.error(
      podCidr ? [...path, 'podCidr'] : [...path, 'nodes', 'max'],
      'cidr-too-small',
      `is too small: ${needed} nodes (${most}, and a tenth more while they are upgraded) take a /${PODS_OF_NODE} each of ${pods!.text}, which has ${blocks}`,
      `use a /${PODS_OF_NODE - Math.ceil(Math.log2(needed))} or larger as podCidr, or fewer nodes`,
      podCidr ? pods!.text : most,
    );
  }
  const subnet = blockOf(input.spoke ? (segment === null ? null : input.spoke.subnets?.[segment]?.cidr) : input.cidr);
  if (!subnet) return;
  const prefix = subnet.prefix + (input.spoke ? 0 : SLOT_BITS);
  const room = 2 ** (32 - prefix) - NOT_FOR_NODES;
  if (room < needed) {
    context.error(
      [...path, 'nodes', 'max'],
      'too-many-nodes',
      `asks for ${needed} addresses (${most} nodes, and a tenth more while they are upgraded), and the segment's subnet, a /${prefix}, has ${Math.max(room, 0)} for nodes`,
      input.spoke ? 'use a larger subnet, or fewer nodes' : "give the environment a larger cidr, or use fewer nodes",
      most,
    );
  }
}

function blockOf(text: string | null | undefined): Block | undefined {
  const parsed = text ? parseBlock(text, true) : undefined;
  return parsed?.ok ? parsed.block : undefined;
}

function named(text: string | null | undefined, what: string): readonly { readonly block: Block; readonly what: string }[] {
  const block = blockOf(text);
  return block ? [{ block, what }] : [];
}
