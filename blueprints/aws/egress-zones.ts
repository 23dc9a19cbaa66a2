/** Which zone's firewall and NAT gateway each zone of the workloads leaves by. */
import type { Zone } from '../policy/model';
import { compare } from '../policy/rules';

/**
 * By zone of the workloads, the zone that it leaves by: its own where that has a way out.
 *
 * A zone without one is given to another by its slot, so that a zone that comes or goes moves no
 * other's way. Out and back are one way: a firewall endpoint keeps the connections that it saw open.
 *
 * @param egressZones the zones with a firewall endpoint and a NAT gateway; at least one. @default - every zone
 */
export function servingZones(zones: readonly Zone[], egressZones: readonly string[] = zones.map(({ name }) => name)): Readonly<Record<string, string>> {
  const serving = [...egressZones].sort(compare);
  return Object.fromEntries([...zones]
    .sort((a, b) => compare(a.name, b.name))
    .map(({ name, slot }) => [name, serving.includes(name) ? name : serving[slot % serving.length]!]));
}
