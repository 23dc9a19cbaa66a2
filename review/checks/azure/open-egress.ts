import { type AzureCheck, portWords } from './azure-check';
import { STORAGE_OF_REGION } from '../../model/azure/outbound';
import { STORAGE_ACCOUNTS } from '../../model/azure/service-ports';
import { packetsText } from '../../model/ip-protocols';
import { includes } from '../../model/ranges';
import { ALL_PORTS, type Traffic } from '../../model/traffic';
import { trafficInFull, trafficWords as reachWords } from '../../paths/traffic-words';

export const check: AzureCheck = {
  id: 'open-egress',
  title: 'place that reaches the internet with no control by host name',
  severity: 'critical',
  why: 'Whatever runs there can send data to any address on the internet.',
  fix: 'Send 0.0.0.0/0 to a firewall with a list of hosts, or to None, and end the security group with a deny. What is in no network of yours has to be put into one first.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview', 'https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access'],
  comparable: ['trivy AZU-0051'],
  *run({ verdicts, model }) {
    const endpointsOnly = new Set<string>(model.privateEndpoints.flatMap(({ subnet }) => (subnet.exact ? subnet.targets.map(({ address }) => address) : [])));
    for (const { place, family, kind, witness, openTraffic } of verdicts) {
      if (kind !== 'open') continue;
      // A place of its own is a subnet in which the plan has no workload; endpoints call nobody.
      const isIdle = place.hypothetical && endpointsOnly.has(place.id);
      const isStorageAlone = openTraffic?.every(({ boxes }) => boxes.every(({ service }) => service === STORAGE_ACCOUNTS)) === true && witness?.some(({ label }) => label === STORAGE_OF_REGION) === true;
      yield {
        address: place.addresses[0] ?? place.id,
        message: `${place.id} reaches the internet over IPv${family} with no control by host name${openTraffic ? `: ${trafficWords(openTraffic)}` : ''}${isStorageAlone ? ' in its region, which Azure lets a machine call without a public address' : ''}${isIdle ? ', should anything but private endpoints stand there' : ''}`,
        ...(openTraffic ? { whole: trafficInFull(openTraffic) } : {}),
        severity: isIdle ? 'medium' : place.hypothetical ? 'high' : 'critical',
        confidence: place.hypothetical ? 'likely' : 'certain',
        ...(place.segment === undefined ? {} : { segment: place.segment }),
        ...(witness ? { witness } : {}),
      };
    }
  },
};

/** Where it gets, when that is a part of the internet; ports otherwise. */
function trafficWords(all: readonly Traffic[]): string {
  const reached = [...new Set(all.flatMap(reachWords))].sort();
  if (reached.length > 0 && !reached.some((each) => / to the (IPv6 )?internet$/.test(each))) return reached.slice(0, 5).join('; ') + (reached.length > 5 ? '; …' : '');
  const ports = portWords({ family: all[0]?.family ?? 4, boxes: all.flatMap(({ boxes }) => boxes) });
  if (ports.length === 0) return [...new Set(all.flatMap(({ boxes }) => boxes.map((box) => (box.protocol === 'other' && includes(box.ports, ALL_PORTS) ? 'protocols other than tcp, udp and icmp' : packetsText(box)))))].sort().join(', ');
  return ports.slice(0, 5).join(', ') + (ports.length > 5 ? ', …' : '');
}
