/** Whether name, place and addresses of a network are ones that AWS takes, before anything is made. */
import { knownBlock } from '../policy/cidr';
import { blockProblems, NARROWEST_SUBNET, prefixProblems, regionProblems, zoneProblems, type OwnedBlock } from '../policy/sound-network';
import type { AwsSegmentedNetworkProps } from './segmented-network';

/** What a network is made of, as far as it has a place. */
type Placed = Pick<AwsSegmentedNetworkProps, 'name' | 'region' | 'zones' | 'account' | 'segments' | 'addresses' | 'secondaryCidrs'>;

/** Every problem, in lower case and with the way out. */
export function placeProblems({ name, region, zones, account, segments, addresses, secondaryCidrs = {} }: Placed): readonly string[] {
  const network: OwnedBlock = { owner: 'the network', cidr: addresses.cidr };
  const subnets = zones.flatMap((zone) => [
    ...segments.map((segment) => ({ owner: `'${segment.name}' in ${zone.name}`, cidr: addresses.segmentIn(segment.name, zone) })),
    { owner: `the endpoints in ${zone.name}`, cidr: addresses.infrastructureIn('endpoints', zone) },
  ]);
  const ranges = Object.entries(secondaryCidrs).map(([segment, cidr]) => ({ owner: `secondaryCidrs of '${segment}'`, cidr }));
  return [
    ...prefixProblems('aws', name),
    ...regionProblems('aws', region),
    ...zoneProblems(region, zones.map((zone) => zone.name)),
    ...(/^\d{12}$/.test(account) || account.includes('${') ? [] : [`'${account}' is no account; write its twelve digits`]),
    ...blockProblems(subnets, { within: [addresses.cidr], narrowest: NARROWEST_SUBNET.aws }),
    ...blockProblems([network, ...ranges]),
  ].map((problem) => `aws: ${problem}`);
}

/** What AWS keeps of each subnet for itself. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED_ADDRESSES = 5;

/** Whether each subnet for interface endpoints has an address for every one of them: AWS says so only half way through a deployment. */
export function endpointRoomProblems(endpoints: number, { zones, addresses, existing }: Placed & { readonly existing?: unknown }): readonly string[] {
  return zones.flatMap((zone) => {
    const { text, prefix } = knownBlock(addresses.infrastructureIn('endpoints', zone));
    const room = 2 ** (32 - prefix) - RESERVED_ADDRESSES;
    return endpoints > room ? [`aws: ${endpoints} interface endpoints need an address each in ${text} of ${zone.name}, which has ${room}; give the environment a larger ${existing ? 'freeCidr' : 'cidr'}, or drop services that nobody calls`] : [];
  });
}
