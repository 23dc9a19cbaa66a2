/** Whether segments, place and addresses of a network are ones that Azure takes, before anything is made. */
import type { BlueprintProblem } from '../blueprint-error';
import { parseBlock } from '../policy/cidr';
import { blockProblems, NARROWEST_SUBNET, prefixProblems, regionProblems, segmentProblems } from '../policy/sound-network';
import type { AzureEgressControlProps } from './egress-control';
import type { AzureSegmentedNetworkProps } from './segmented-network';

/** https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources */
const TAGS = { most: 50, longestName: 512, longestValue: 256, refused: /[<>%&\\?/]/ };
/** What constructs add to the tags that they are given. */
const OWN_TAGS = 2;

/** Every problem of a spoke, in lower case and with the way out. */
export function placeProblems(props: AzureSegmentedNetworkProps): readonly BlueprintProblem[] {
  const { name, location, segments, rules, addresses, existing, cluster, egressNextHop, dnsServers = [] } = props;
  const subnets = [
    ...segments.map((segment) => ({ owner: `'${segment.name}'`, cidr: existing?.subnets[segment.name]?.cidr ?? addresses.segment(segment.name) })),
    { owner: 'the private endpoints', cidr: existing?.privateEndpoints.cidr ?? addresses.infrastructure('endpoints') },
  ];
  return [
    ...segmentProblems(segments, rules),
    ...prefixProblems('azure', name),
    ...regionProblems('azure', location),
    ...blockProblems(subnets, { narrowest: NARROWEST_SUBNET.azure, ...(existing ? {} : { within: props.addressSpace ?? [addresses.cidr] }) }),
    ...(cluster ? blockProblems([{ owner: 'the network', cidr: addresses.cidr }, { owner: 'the pods of the cluster', cidr: cluster.podCidr }]) : []),
    ...[...(egressNextHop === undefined ? [] : [egressNextHop]), ...dnsServers].flatMap(addressProblem),
    ...tagProblems(props.tags ?? {}),
  ].map((problem) => ({ message: `azure: ${problem}` }));
}

/** Every problem of a hub's place, and of the spokes' addresses beside it. */
export function hubPlaceProblems({ name, location, segments, hubAddressSpace, firewallSubnetCidr, managementSubnetCidr, tags = {} }: AzureEgressControlProps): readonly string[] {
  const own = [
    { owner: 'the firewall', cidr: firewallSubnetCidr },
    ...(managementSubnetCidr === undefined ? [] : [{ owner: "the firewall's management", cidr: managementSubnetCidr }]),
  ];
  const hub = hubAddressSpace.map((cidr) => ({ owner: 'the hub', cidr }));
  const spokes = segments.flatMap((segment) => segment.cidrs.map((cidr) => ({ owner: `'${segment.name}'`, cidr })));
  return [
    ...prefixProblems('azure', name),
    ...regionProblems('azure', location),
    ...blockProblems(own, { within: hubAddressSpace }),
    ...blockProblems([...hub, ...spokes]),
    ...tagProblems(tags),
  ].map((problem) => `azure: ${problem}`);
}

function addressProblem(text: string): readonly string[] {
  if (text.includes('${')) return [];
  const parsed = parseBlock(text, true);
  return parsed.ok && parsed.block.prefix === 32 ? [] : [`'${text}' is no IPv4 address; write one such as 10.40.0.4`];
}

function tagProblems(tags: Readonly<Record<string, string>>): readonly string[] {
  const entries = Object.entries(tags);
  return [
    ...(entries.length > TAGS.most - OWN_TAGS ? [`there are ${entries.length} tags; give at most ${TAGS.most - OWN_TAGS}, as the network adds ${OWN_TAGS}`] : []),
    ...entries.flatMap(([key, value]) => [
      ...(key === '' || key.length > TAGS.longestName || TAGS.refused.test(key) ? [`the tag '${key}' has a name that Azure refuses; use 1 to ${TAGS.longestName} characters, none of <>%&\\?/`] : []),
      ...(value.length > TAGS.longestValue ? [`the tag '${key}' has ${value.length} characters; use at most ${TAGS.longestValue}`] : []),
    ]),
  ];
}
