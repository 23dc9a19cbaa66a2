/** Something reaches the internet unguarded; the verdict says so, and its witness proves it. */
import { packetsText } from '../../model/ip-protocols';
import { includes, type Ranges } from '../../model/ranges';
import { trafficInFull } from '../../paths/traffic-words';
import type { Verdict } from '../../paths/verdict';
import { ALL_PORTS, type Traffic } from '../../model/traffic';
import { plumbingOf } from '../../model/aws/facts';
import { firewallNetworks } from '../../model/aws/guarded-networks';
import type { AwsModel } from '../../model/aws/model';
import type { AwsPlace } from '../../model/aws/places';
import { everyOf, isSet } from '../../model/aws/read';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'open-egress',
  title: 'open way to the internet',
  severity: 'critical',
  why: 'Whatever runs there can send data to any address, with no control that knows a host name.',
  fix: 'Route it through a firewall that lets only listed hosts through, or take the route, the group rule or the public address away.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html', 'https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-igw-ngw.html'],
  comparable: ['checkov CKV_AWS_321', 'checkov CKV_AWS_382', 'trivy AWS-0104'],
  *run({ model, verdicts }) {
    const own = new Set<AwsPlace>(model.places);
    const { nat } = plumbingOf(model);
    const guarded = firewallNetworks(model.firewalls);
    const elsewhereClosed = new Set(verdicts.flatMap(({ kind, family, place }) => (kind === 'open' || !isOneOfSeveral(place as AwsPlace) ? [] : [`${(place as AwsPlace).workload?.address} ${family}`])));
    const found = new Map<string, { readonly hit: Hit; readonly open: Verdict[]; readonly what: string }>();
    for (const verdict of verdicts) {
      const place = verdict.place as AwsPlace;
      if (verdict.kind !== 'open' || !own.has(place)) continue;
      const { family, witness, openTraffic = [] } = verdict;
      // Perhaps nobody ever places anything beside the NAT gateway of a network with a firewall.
      const isBesideNat = place.hypothetical && place.subnet !== undefined && nat.has(place.subnet) && guarded.has(place.subnet.network);
      const isPerhaps = isOneOfSeveral(place) && elsewhereClosed.has(`${place.workload?.address} ${family}`);
      const last = witness?.at(-1);
      const address = place.addresses[0] ?? place.id;
      const what = ` over IPv${family}${last ? ` by ${last.address}` : ''}, unguarded: ${trafficText(openTraffic[0])}${isBesideNat ? '; a NAT gateway stands there, and anything placed beside it gets out so' : isPerhaps ? ', if it stands there: the plan does not say in which of its subnets it does' : ''}`;
      const key = `${address}|${place.segment ?? ''}|${what}`;
      const same = found.get(key);
      if (same) same.open.push(verdict);
      else {
        found.set(key, { open: [verdict], what, hit: {
          address,
          message: '',
          ...(place.segment === undefined ? {} : { segment: place.segment }),
          ...(isBesideNat ? { severity: 'low' as const, confidence: 'possible' as const } : place.hypothetical ? { severity: 'high' as const, confidence: 'likely' as const } : isPerhaps ? { severity: 'high' as const, confidence: 'possible' as const } : {}),
        } });
      }
    }
    for (const { hit, open, what } of found.values()) {
      // The same in whatever order a file has them.
      const [first, ...more] = open.length === 1 ? open : open.sort((a, b) => (a.place.id < b.place.id ? -1 : 1));
      if (first) yield { ...hit, whole: wholeOf(open), message: `${whereText([first, ...more].map(({ place }) => place as AwsPlace))} ${more.length === 0 ? 'reaches' : 'reaches from each of them'} the internet${what}`, ...(first.witness ? { witness: first.witness } : {}) };
    }
  },
};

/** Whether what names one subnet may name several, as far as the plan tells. */
function isOneOfSeveral({ workload }: AwsPlace): boolean {
  return workload !== undefined && everyOf(workload.subnets).length > 1 && isSet(workload.resource, 'subnet_id');
}

/** The message has ports alone, and the first of many subnets. */
function wholeOf(open: readonly Verdict[]): string {
  const traffic = trafficInFull(open.length === 1 ? open[0]?.openTraffic ?? [] : open.flatMap(({ openTraffic }) => openTraffic ?? []));
  return open.length > MOST_NAMED ? `${traffic}\n${open.map(({ place }) => place.id).join('\n')}` : traffic;
}

/** One workload in several subnets, as scaling groups and clusters are, is one finding. */
function whereText([first, ...more]: readonly AwsPlace[]): string {
  const subnets = more.flatMap(({ subnet }) => subnet?.address ?? []);
  const named = subnets.slice(0, MOST_NAMED);
  const rest = subnets.length - named.length;
  return [first?.id ?? '', ...named].join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

const MOST_NAMED = 4;

const words = new WeakMap<Traffic, string>();

function trafficText(open: Traffic | undefined): string {
  if (!open) return 'everything';
  let text = words.get(open);
  if (text === undefined) words.set(open, (text = textOf(open)));
  return text;
}

function textOf(open: Traffic): string {
  return [...new Set(open.boxes.map((box) => (box.protocol === 'tcp' || box.protocol === 'udp' ? `${box.protocol}/${portsText(box.ports)}` : includes(box.ports, ALL_PORTS) ? box.protocol : packetsText(box))))].slice(0, 4).join(', ');
}

function portsText(ports: Ranges): string {
  return ports.slice(0, 4).map(([from, to]) => (from === to ? String(from) : from === 0n && to === 65535n ? '*' : `${from}-${to}`)).join(',');
}
