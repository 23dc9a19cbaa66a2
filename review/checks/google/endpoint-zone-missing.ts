import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import type { GoogleNetwork } from '../../model/google/networks';
import { privateApis } from '../../model/google/private-apis';
import { ownNetworks } from '../../model/google/questions';
import { textAt } from '../../model/google/reading';

const DOMAINS = ['gcr.io.', 'googleapis.com.', 'pkg.dev.'];

export const check: Check<GoogleModel> = {
  id: 'endpoint-zone-missing',
  title: 'a domain of Google\'s APIs that leads to the internet',
  severity: 'low',
  why: 'Images and packages live below gcr.io and pkg.dev. A name that no private zone answers leads to a public address, and into the deny.',
  fix: 'Make private zones for googleapis.com, gcr.io and pkg.dev, each with an A record and an alias for *.',
  references: ['https://cloud.google.com/vpc-service-controls/docs/set-up-private-connectivity'],
  comparable: [],
  *run({ model }) {
    for (const network of ownNetworks(model)) {
      const { zones } = privateApis(model, network);
      if (zones.length === 0) continue;
      for (const domain of DOMAINS) {
        const zone = zones.find(({ dnsName }) => dnsName === domain);
        const anchors = zone?.records.filter(({ type }) => type === 'A') ?? [];
        const alias = zone?.records.find(({ name, type }) => name === `*.${domain}` && (type === 'A' || type === 'CNAME'));
        const leadsTo = alias?.type === 'CNAME' ? alias.values.every((value) => anchors.some(({ name }) => name === value)) : alias !== undefined;
        if (!zone && answersInstead(model, network, domain)) continue;
        if (!zone) yield { address: network.address, message: `no private zone answers ${domain}` };
        else if (anchors.length === 0 || !leadsTo) yield { address: zone.address, message: `names below ${domain} have no record that leads to the private address` };
      }
    }
  },
};

/** A response policy is asked before any zone. https://cloud.google.com/dns/docs/zones/manage-response-policies */
function answersInstead({ graph }: GoogleModel, { resource: network }: GoogleNetwork, domain: string): boolean {
  if (!network) return false;
  return graph.ofType('google_dns_response_policy_rule').some((rule) => [domain, `*.${domain}`].includes((textAt(rule, 'dns_name') ?? '').toLowerCase())
    && rule.references('response_policy', { types: ['google_dns_response_policy'] }).targets.some((policy) => policy.elements('networks').some((path) => policy.references([...path, 'network_url'], { types: ['google_compute_network'] }).targets.includes(network))));
}
