/** How the fields of an environment on Azure fit together. */
import type { AzureEnvironmentInput } from './azure-environment';
import { tierProblems, type AzureFirewallOptions } from './azure-options';
import { planSlot } from './azure-slots';
import { repeated, type CheckContext } from './check-context';
import { contains, intersects, parseBlock, type Block } from './cidr';
import type { Path } from './problems';
import type { Sound } from './schema-findings';
import { suggestion } from './suggest';

type Input = Sound<AzureEnvironmentInput>;

/** Public addresses that one NAT gateway takes. https://learn.microsoft.com/azure/nat-gateway/nat-overview */
const NAT_ADDRESSES = 16;
/** The name of the address that Azure reaches the firewall by. */
const MANAGEMENT = 'management';
/** What AKS takes for its services. https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning */
const SERVICE_PREFIX = { widest: 12, narrowest: 27 };
/** Azure keeps five addresses of every subnet. */
const SMALLEST_SUBNET = 29;

/** Reports what contradicts itself, with its place and the way out. */
export function checkAzureEnvironment(input: Input, path: Path, context: CheckContext): void {
  const zones = input.zones ?? [];
  repeated(zones, (zone) => context.error([...path, 'zones', zone], 'duplicate-zone', 'is listed twice', 'keep one of the two', zones[zone]));
  if (input.firewall) checkFirewall(input.firewall, [...path, 'firewall'], context);
  if (input.hub) checkHub(input, [...path, 'hub'], context);
  if (input.spoke) checkSpoke(input, [...path, 'spoke'], context);
  if (input.kubernetes) checkKubernetes(input, [...path, 'kubernetes'], context);
  if (input.spoke && input.serviceEndpoints) {
    context.error([...path, 'serviceEndpoints'], 'service-endpoints-elsewhere', 'belong to subnets that exist already', "set them there, with a service endpoint policy, and remove this");
  }
  input.withoutMetadata?.forEach((segment, index) => {
    const at: Path = [...path, 'withoutMetadata', index];
    if (knownSegment(segment, at, context) && segment === input.kubernetes?.segment) {
      context.error(at, 'kubernetes-needs-metadata', 'has the nodes of a cluster, which sign in with managed identities', 'remove it here; Kubernetes network policies keep pods from the service', segment);
    }
  });
  input.serviceEndpoints?.segments?.forEach((segment, index) => {
    const at: Path = [...path, 'serviceEndpoints', 'segments', index];
    if (!knownSegment(segment, at, context) || segment === null || context.segments?.get(segment)?.tier !== 'public') return;
    context.error(at, 'service-endpoint-public', 'is a public segment: storage of other regions, which the service endpoint does not take, would be reached by its route to the internet', "let a private segment fetch it, or use a private endpoint (privateServices: object-storage)", segment);
  });
}

function checkFirewall(firewall: NonNullable<Input['firewall']>, path: Path, context: CheckContext): void {
  const given = Object.fromEntries(Object.entries(firewall).filter(([, value]) => value !== null)) as Partial<AzureFirewallOptions>;
  for (const { option, value, message, fix } of tierProblems(given)) context.error([...path, option], 'azure-tier', message, fix, value);
  for (const option of ['publicAddresses', 'natAddresses'] as const) {
    const names = firewall[option] ?? [];
    repeated(names, (index) => context.error([...path, option, index], 'duplicate-address-name', 'is listed twice', 'keep one of the two', names[index]));
    names.forEach((name, index) => {
      if (name === MANAGEMENT) context.error([...path, option, index], 'reserved-name', 'is the name of the address that Azure manages the firewall by', 'choose another name', name);
      if (option === 'natAddresses' && (firewall.publicAddresses ?? ['egress']).includes(name)) context.error([...path, option, index], 'duplicate-address-name', "is one of the firewall's own public addresses", "choose another name, such as 'nat'", name);
    });
  }
  if ((firewall.natAddresses ?? []).length > NAT_ADDRESSES) {
    context.error([...path, 'natAddresses'], 'too-many-addresses', `has ${firewall.natAddresses!.length} names`, `keep at most ${NAT_ADDRESSES}, which is what a NAT gateway takes`);
  }
}

function checkHub(input: Input, path: Path, context: CheckContext): void {
  if (input.firewall) context.error([...path.slice(0, -1), 'firewall'], 'firewall-and-hub', 'is for a firewall of this environment, and the hub has one', "remove 'firewall', or 'hub'");
  if (input.dnsPolicy && (input.hub!.dnsServers ?? ['']).length > 0) {
    context.error([...path.slice(0, -1), 'dnsPolicy'], 'dns-policy-elsewhere', "would see no question: the hub's servers ask for the spoke", "let the hub's team link a policy to its network, or write 'dnsServers: []' under 'hub'");
  }
}

function checkSpoke(input: Input, path: Path, context: CheckContext): void {
  const { network, subnets, privateEndpoints } = input.spoke!;
  const subscription = network?.split('/')[2]?.toLowerCase();
  if (subscription !== undefined && input.subscription && subscription !== input.subscription.toLowerCase()) {
    context.error([...path, 'network'], 'subnet-elsewhere', `is in another subscription than the environment, ${input.subscription}`, "give the environment the network's subscription: filters and routes stand beside their subnets", network);
  }
  const places = [
    ...Object.entries(subnets ?? {}).map(([name, subnet]) => ({ at: [...path, 'subnets', name] as Path, name, subnet })),
    { at: [...path, 'privateEndpoints'] as Path, name: undefined, subnet: privateEndpoints },
  ];
  for (const { at, name } of places) if (name !== undefined) knownSegment(name, at, context);
  const declared = subnets && context.segments ? [...context.segments.keys()] : [];
  for (const segment of declared) {
    if (!Object.hasOwn(subnets!, segment)) context.error([...path, 'subnets'], 'segment-without-subnet', `has no subnet for '${segment}'`, `add '${segment}: { id: …, cidr: … }'; each segment is a subnet of its own`);
  }
  const taken: { block: Block; what: string }[] = [];
  if (!input.hub && input.cidr) {
    for (const role of ['firewall', 'firewall-management', 'gateway'] as const) {
      const block = planSlot(input.cidr, role);
      if (block) taken.push({ block, what: `the hub's block for '${role}'` });
    }
  }
  for (const { at, name, subnet } of places) {
    if (!subnet) continue;
    if (subnet.id && network && !subnet.id.toLowerCase().startsWith(`${network.toLowerCase()}/`)) {
      context.error([...at, 'id'], 'subnet-elsewhere', 'is in another network than spoke.network', 'name a subnet of that network', subnet.id);
    }
    const parsed = subnet.cidr ? parseBlock(subnet.cidr) : undefined;
    if (!parsed?.ok) continue;
    const { block } = parsed;
    if (block.prefix > SMALLEST_SUBNET) context.error([...at, 'cidr'], 'cidr-too-small', 'is too small for a subnet of Azure', `use a /${SMALLEST_SUBNET} or larger`, block.text);
    const other = taken.find((each) => intersects(each.block, block));
    if (other) context.error([...at, 'cidr'], 'cidr-overlap', `overlaps ${other.what}, ${other.block.text}`, 'give each subnet a block of its own', block.text);
    taken.push({ block, what: name === undefined ? 'the subnet of the private endpoints' : `the subnet of '${name}'` });
  }
}

function checkKubernetes(input: Input, path: Path, context: CheckContext): void {
  const kubernetes = input.kubernetes!;
  const { segment } = kubernetes;
  if (knownSegment(segment, [...path, 'segment'], context)) {
    const tier = context.segments?.get(segment as string)?.tier;
    if (tier && tier !== 'private') context.error([...path, 'segment'], 'kubernetes-not-private', `is a ${tier} segment, and nodes fetch images and updates`, 'name a private segment', segment);
  }
  if (input.hub && !input.hub.policy) {
    context.error(path, 'kubernetes-without-policy', 'needs hosts that only the firewall can allow', "name the hub's 'policy', so that they are written into it");
  }
  const { min, max } = { min: kubernetes.nodes?.min ?? 2, max: kubernetes.nodes?.max };
  if (typeof max === 'number' && typeof min === 'number' && max < min) context.error([...path, 'nodes', 'max'], 'bad-number', `is less than the fewest, ${min}`, `write ${min} or more`, max);
  const own = [
    { option: 'podCidr', text: kubernetes.podCidr ?? '10.244.0.0/16' },
    { option: 'serviceCidr', text: kubernetes.serviceCidr ?? '10.245.0.0/16' },
  ].flatMap(({ option, text }) => {
    const parsed = parseBlock(text);
    return parsed.ok ? [{ option, block: parsed.block }] : [];
  });
  for (const { option, block } of own) {
    if (option === 'serviceCidr' && (block.prefix <= SERVICE_PREFIX.widest || block.prefix > SERVICE_PREFIX.narrowest)) {
      context.error([...path, option], 'cidr-too-large', 'is not of a size that AKS takes for services', `use a /${SERVICE_PREFIX.widest + 1} to /${SERVICE_PREFIX.narrowest}`, block.text);
    }
  }
  const network = input.cidr ? parseBlock(input.cidr) : undefined;
  const around = [
    ...(network?.ok ? [{ block: network.block, what: "the environment's cidr" }] : []),
    ...Object.entries(input.spoke?.subnets ?? {}).flatMap(([name, subnet]) => {
      const parsed = subnet?.cidr ? parseBlock(subnet.cidr) : undefined;
      return parsed?.ok ? [{ block: parsed.block, what: `the subnet of '${name}'` }] : [];
    }),
  ];
  own.forEach(({ option, block }, index) => {
    const other = [...around, ...own.slice(0, index).map((each) => ({ block: each.block, what: each.option }))].find((each) => intersects(each.block, block) || contains(block, each.block));
    if (other) context.error([...path, option], 'cidr-overlap', `overlaps ${other.what}, ${other.block.text}`, 'choose a private block that nothing in the network uses', block.text);
  });
}

function knownSegment(name: string | null, path: Path, context: CheckContext): boolean {
  const { segments } = context;
  if (name === null || !segments || segments.has(name)) return name !== null;
  context.error(path, 'unknown-segment', 'is not a segment', suggestion(name, [...segments.keys()], 'segments'), name);
  return false;
}
