/** Rules by name follow what the network's own resolver answers, and that may be what this plan says. */
import { plainName } from '../../model/host-names';
import { allowing } from '../answered-hosts';
import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import type { GoogleNetwork } from '../../model/google/networks';
import { isPublic } from '../../model/google/questions';
import { blocksAt, textAt, textsAt } from '../../model/google/reading';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';

export const check: Check<GoogleModel> = {
  id: 'host-answered-here',
  title: 'an allowed host that the network\'s own zone leads elsewhere',
  severity: 'medium',
  why: 'Rules by name let through whatever addresses the network\'s resolver answers, and a proxy calls them. A private zone or a response policy answers before the internet does: who writes the record chooses where the packets go.',
  fix: 'Take the record away, let it lead to a private address, or allow the address that is meant.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details#domain-names-for-firewall', 'https://cloud.google.com/dns/docs/vpc-name-res-order'],
  comparable: [],
  *run({ model, verdicts }) {
    const answers = [...zoneAnswers(model), ...policyAnswers(model)];
    if (answers.length === 0) return;
    const allowed = new Map<GoogleNetwork, Set<string>>();
    const standing = new Map(model.places.map(({ id, networks }) => [id, networks]));
    for (const { place, hosts } of verdicts) {
      if (hosts.length === 0) continue;
      for (const network of standing.get(place.id) ?? []) {
        const names = allowed.get(network) ?? new Set();
        allowed.set(network, names);
        for (const { host } of hosts) names.add(host);
      }
    }
    for (const { address, name, networks, to } of answers) {
      const rule = networks.map((network) => allowing(name, allowed.get(network))).find((host) => host !== undefined);
      if (rule !== undefined) yield { address, message: `${name} leads to ${to.join(', ')}: ${rule === name ? 'it' : rule} is allowed by name, and this answers it` };
    }
  },
};

interface Answer {
  readonly address: string;
  /** Lower case, without the dot at the end. */
  readonly name: string;
  readonly networks: readonly GoogleNetwork[];
  /** Public addresses, or another name. */
  readonly to: readonly string[];
}

const KINDS: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

function zoneAnswers({ dns, graph }: GoogleModel): readonly Answer[] {
  return dns.zones.filter(({ isPrivate }) => isPrivate).flatMap(({ networks, records, resource, dnsName }) => [
    ...records.filter(({ type }) => KINDS.has(type)).map(({ address, name, type, values }) => answer(address, name, networks, type, values)),
    ...endpointsIn(resource, dnsName, graph).map(({ address, name, value }) => answer(address, name, networks, 'A', [value])),
  ].filter(({ to }) => to.length > 0).map((each) => ({ ...each, networks: askedFrom(each, dns) })));
}

/**
 * Also networks that have what they are asked answered in one of these: by a zone that is peered, over two steps at most.
 * https://cloud.google.com/dns/docs/zones/peering-zones
 */
function askedFrom({ name, networks }: Answer, { zones }: GoogleModel['dns']): readonly GoogleNetwork[] {
  const found = new Set(networks);
  for (let step = 0; step < 2; step += 1) {
    const peered = zones.filter(({ peers, dnsName }) => peers.some((peer) => found.has(peer)) && isBelow(name, dnsName));
    for (const zone of peered) for (const network of zone.networks) found.add(network);
  }
  return [...found];
}

function isBelow(name: string, zone: string): boolean {
  const top = plainName(zone);
  return top === '' || name === top || name.endsWith(`.${top}`);
}

/** A zone of Service Directory answers the addresses of its endpoints: `service.zone`. https://cloud.google.com/service-directory/docs/service-directory-and-dns */
function endpointsIn(zone: Resource, dnsName: string, graph: ResourceGraph): readonly { readonly address: string; readonly name: string; readonly value: string }[] {
  const namespaces = zone.references(['service_directory_config', 0, 'namespace', 0, 'namespace_url'], { types: ['google_service_directory_namespace'] }).targets;
  if (namespaces.length === 0) return [];
  return graph.ofType('google_service_directory_endpoint').flatMap((endpoint) => endpoint.references('service', { types: ['google_service_directory_service'] }).targets
    .filter((service) => service.references('namespace', { types: ['google_service_directory_namespace'] }).targets.some((each) => namespaces.includes(each)))
    .map((service) => ({ address: endpoint.address, name: `${textAt(service, 'service_id') ?? ''}.${dnsName}`, value: textAt(endpoint, 'address') ?? '' })));
}

function policyAnswers({ graph, networks }: GoogleModel): readonly Answer[] {
  return graph.ofType('google_dns_response_policy_rule').flatMap((rule) => {
    const bound = rule.references('response_policy', { types: ['google_dns_response_policy'] }).targets.flatMap((policy) => blocksAt(policy, ['networks']).flatMap((path) => policy.references([...path, 'network_url'], { types: ['google_compute_network'] }).targets));
    const held = networks.filter(({ resource }) => resource !== undefined && bound.includes(resource));
    return blocksAt(rule, ['local_data', 'local_datas']).filter((data) => KINDS.has(textAt(rule, [...data, 'type']) ?? ''))
      .map((data) => answer(rule.address, textAt(rule, 'dns_name') ?? '', held, textAt(rule, [...data, 'type']) ?? '', textsAt(rule, [...data, 'rrdatas']).values)).filter(({ to }) => to.length > 0);
  });
}

function answer(address: string, name: string, networks: readonly GoogleNetwork[], type: string, values: readonly string[]): Answer {
  return { address, name: plainName(name), networks, to: type === 'CNAME' ? values.map(plainName).filter((value) => !OF_GOOGLE.test(value)) : values.filter(isPublic) };
}

/** Names that Google answers at its private addresses. */
const OF_GOOGLE = /(^|\.)(googleapis\.com|p\.googleapis\.com|gcr\.io|pkg\.dev)$/;
