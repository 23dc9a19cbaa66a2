/** What of a firewall rule is more than a list of hosts. */
import type { FirewallRule } from '../../model/google/firewall-rule';
import { isListed } from '../../model/google/firewall-stages';
import { isEveryPort, layer4Text } from '../../model/google/layer4';
import { publicSize } from '../../model/google/questions';

/** In words; empty for a list. */
export function wideness({ peers, layer4, ...rule }: FirewallRule): readonly string[] {
  const whole = { peers, layer4, ...rule };
  const isPublic = publicSize(whole, 4) > 0n || publicSize(whole, 6) > 0n;
  const isLong = !isListed(whole, 4) || !isListed(whole, 6);
  const everyPort = layer4.filter(isEveryPort);
  // A list of names for tcp; what else it lets through has no name.
  if (rule.names?.isOfEveryProtocol) return [];
  if (rule.names && !rule.names.hosts.includes('*') && layer4.every(({ protocol }) => protocol === 'tcp' || protocol === '6')) return [];
  return [
    ...(isLong ? [peers.ranges.join(', ')] : []),
    ...peers.opaque,
    ...((peers.fqdns.length > 0 || (isPublic && !isLong)) && everyPort.length > 0
      ? [`every port (${everyPort.map(layer4Text).join(', ')}) of ${[...peers.fqdns, ...peers.ranges].slice(0, 3).join(', ')}`]
      : []),
  ];
}
