/**
 * Where a peering leads: to all of the other network, or to the subnets that it names there, and over IPv6 alone if it says so.
 * Those that it names here are no matter: every subnet of the network has the routes.
 * https://learn.microsoft.com/azure/virtual-network/how-to-configure-subnet-peering#subnet-peering-checks-and-limitations
 */
import type { Family } from '../addresses';
import type { Peering } from './network';
import type { AzureSubnet } from './subnet';
import type { Topology } from './topology';

/** Whether packets of one subnet may get to the other by their networks' being one or being peered. */
export function joinsSubnets(from: AzureSubnet, to: AzureSubnet, family: Family): boolean {
  const [own, other] = [from.network, to.network];
  if (!own || !other) return false;
  return own === other || own.peerings.some((peering) => peering.remote.targets.includes(other.resource) && holdsFor(peering, family) && isNamed(peering.remoteSubnets, to));
}

/** Prefixes of system routes to peers, with the peering that each is of. */
export function peeredPrefixes(subnet: AzureSubnet, family: Family, { networks, subnetsIn }: Topology): readonly { readonly address: string; readonly prefix: string }[] {
  const { network } = subnet;
  return (network?.peerings ?? []).filter((peering) => peering.remote.exact && holdsFor(peering, family)).flatMap(({ address, remote, remoteSubnets }) =>
    remote.targets.filter((other) => other !== network?.resource).flatMap((target) => {
      const other = networks.get(target);
      const all = other && remoteSubnets ? subnetsIn(other).filter((each) => isNamed(remoteSubnets, each)) : other ? [other] : [];
      return all.flatMap(({ cidrs }) => cidrs.items).map((prefix) => ({ address, prefix }));
    }));
}

function holdsFor({ onlyIpv6 }: Peering, family: Family): boolean {
  return family === 6 || onlyIpv6 !== true;
}

function isNamed(names: ReadonlySet<string> | undefined, { name }: AzureSubnet): boolean {
  return names === undefined || name === undefined || names.has(name.toLowerCase());
}
