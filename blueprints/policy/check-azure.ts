/** How the fields of an environment on Azure fit together. */
import type { AzureEnvironmentInput } from './azure-environment';
import { tierProblems, type AzureFirewallOptions } from './azure-options';
import { planSlot } from './azure-slots';
import { checkAzureKubernetes } from './check-azure-kubernetes';
import { knownSegment, repeated, type CheckContext } from './check-context';
import { intersects, parseBlock, privateBlock, type Block } from './cidr';
import type { Path } from './problems';
import type { Sound } from './schema-findings';

type Input = Sound<AzureEnvironmentInput>;

/** Public addresses that one NAT gateway takes. https://learn.microsoft.com/azure/nat-gateway/nat-overview */
const NAT_ADDRESSES = 16;
/** The name of the address that Azure reaches the firewall by. */
const MANAGEMENT = 'management';
/** What the NAT gateway's subnet is called beside its addresses. */
const NAT_SUBNET = 'subnet';
/** Azure's own resolver. https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 */
const AZURE_RESOLVER = '168.63.129.16';
/** Azure keeps five addresses of every subnet. */
const SMALLEST_SUBNET = 29;

/** Reports what contradicts itself, with its place and the way out. */
export function checkAzureEnvironment(input: Input, path: Path, context: CheckContext): void {
  const zones = input.zones ?? [];
  repeated(zones, (zone) => context.error([...path, 'zones', zone], 'duplicate-zone', 'is listed twice', 'keep one of the two', zones[zone]));
  if (input.firewall) checkFirewall(input.firewall, [...path, 'firewall'], context);
  if (input.dnsPolicy) checkDnsPolicy(input, [...path, 'dnsPolicy'], context);
  if (input.hub) checkHub(input, [...path, 'hub'], context);
  if (input.spoke) checkSpoke(input, [...path, 'spoke'], context);
  if (input.kubernetes) checkAzureKubernetes(input, [...path, 'kubernetes'], context);
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
      if (name === NAT_SUBNET && option === 'natAddresses') context.error([...path, option, index], 'reserved-name', "is what joins the NAT gateway to the firewall's subnet", "choose another name, such as 'nat'", name);
      if (option === 'natAddresses' && (firewall.publicAddresses ?? ['egress']).includes(name)) context.error([...path, option, index], 'duplicate-address-name', "is one of the firewall's own public addresses", "choose another name, such as 'nat'", name);
    });
  }
  firewall.dnsServers?.forEach((server, index) => {
    const parsed = server === null || server === AZURE_RESOLVER ? undefined : parseBlock(server, true);
    if (parsed?.ok && !privateBlock(parsed.block)) context.warning([...path, 'dnsServers', index], 'host-public-resolver', 'is on the internet: data can leave inside the questions that the firewall asks there', "name servers of your own, or remove it: Azure's resolver is asked then", server);
  });
  if (firewall.forcedTunnel) inside(firewall.forcedTunnel, [...path, 'forcedTunnel'], 'a next hop is an address of a network', context);
  if ((firewall.natAddresses ?? []).length > NAT_ADDRESSES) {
    context.error([...path, 'natAddresses'], 'too-many-addresses', `has ${firewall.natAddresses!.length} names`, `keep at most ${NAT_ADDRESSES}, which is what a NAT gateway takes`);
  }
}

/** A policy decides on what a network asks Azure's resolver, and on nothing else. https://learn.microsoft.com/azure/dns/dns-security-policy */
function checkDnsPolicy({ hub, firewall }: Input, path: Path, context: CheckContext): void {
  if (hub && (hub.dnsServers ?? ['']).length > 0) {
    context.error(path, 'dns-policy-elsewhere', "would see no question: the hub's servers ask for the spoke", "let the hub's team link a policy to its network, or write 'dnsServers: []' under 'hub'");
  }
  const others = (firewall?.dnsServers ?? []).filter((server) => server !== null && server !== AZURE_RESOLVER);
  if (others.length > 0) {
    context.error(path, 'dns-policy-elsewhere', `would see no question: the firewall asks ${others.join(', ')}, and not Azure's resolver`, "remove 'firewall.dnsServers', or filter names where those servers stand and remove 'dnsPolicy'");
  }
}

function checkHub(input: Input, path: Path, context: CheckContext): void {
  const { privateAddress, network, dnsServers } = input.hub!;
  if (input.firewall) context.error([...path.slice(0, -1), 'firewall'], 'firewall-and-hub', 'is for a firewall of this environment, and the hub has one', "remove 'firewall', or 'hub'");
  if (privateAddress) inside(privateAddress, [...path, 'privateAddress'], 'a next hop is an address of a network', context);
  dnsServers?.forEach((server, index) => {
    if (server === AZURE_RESOLVER) context.error([...path, 'dnsServers', index], 'cidr-not-private', "is Azure's own resolver, which the groups deny where there are others", "write 'dnsServers: []' to ask it", server);
    else if (server) inside(server, [...path, 'dnsServers', index], 'segments would send their questions out to it, past the firewall', context);
  });
  if (network && input.spoke?.network?.toLowerCase() === network.toLowerCase()) {
    context.error([...path, 'network'], 'network-taken', "is the spoke's own network, and no network is peered with itself", "remove 'network' here: the firewall is in reach", network);
  }
}

function inside(address: string, path: Path, why: string, context: CheckContext): void {
  const parsed = parseBlock(address, true);
  if (parsed.ok && !privateBlock(parsed.block)) context.error(path, 'cidr-not-private', `is not a private address: ${why}`, 'name an address of the hub', address);
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
  const ids = places.map(({ subnet }) => subnet?.id?.toLowerCase() ?? null);
  repeated(ids, (index, first) => context.error([...places[index]!.at, 'id'], 'subnet-twice', `is the subnet of ${owner(places[first]!)}, too, and a subnet has one security group and one route table`, 'give each a subnet of its own', places[index]!.subnet!.id));
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

const owner = ({ name }: { readonly name: string | undefined }) => (name === undefined ? 'the private endpoints' : `'${name}'`);
