import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { leadsToInternet, ownNetworks, policiesOf } from '../../model/google/questions';
import type { Resource } from '../../plan/resource-graph';

export const check: Check<GoogleModel> = {
  id: 'way-out-before-deny',
  title: 'a way out that may exist before the rules that close it',
  severity: 'low',
  why: 'Terraform makes what does not depend on each other in any order. Until the denies and their association exist, the implied rule lets everything out through a route or NAT that is there already.',
  fix: 'Name the final denies and the association in depends_on of the route, of the NAT and of the proxy.',
  references: ['https://cloud.google.com/firewall/docs/firewalls#default_firewall_rules'],
  comparable: [],
  *run({ model }) {
    for (const network of ownNetworks(model)) {
      const policies = policiesOf(model, network).filter(({ scope }) => scope !== 'hierarchical');
      const denies = policies.flatMap(({ resource, rules }) => rules.filter((rule) => isFinalDeny(rule.resource) && rule.resource !== resource).map((rule) => rule.resource));
      if (denies.length === 0) continue;
      const associations = policies.flatMap((policy) => policy.associations.filter(({ networks, likely }) => networks.includes(network) && (likely ?? network) === network).map(({ resource }) => resource));
      const closing = [...new Set([...denies, ...associations])];
      const routes = (model.routes.get(network) ?? []).filter((route) => !route.isImplied && route.isLikely !== false && leadsToInternet(route)).flatMap(({ resource }) => (resource ? [resource] : []));
      const nats = model.nats.filter(({ networks, likely }) => (likely ?? networks).includes(network)).map(({ resource }) => resource);
      const proxies = model.proxies.filter((proxy) => proxy.networks.includes(network)).map(({ resource }) => resource);
      for (const way of new Set([...routes, ...nats, ...proxies])) {
        // What is there already cannot come too early.
        if (!way.isConfigured([]) || !['create', 'replace', 'unplanned'].includes(way.action)) continue;
        const missing = closing.filter((each) => !way.waitsFor(each));
        if (missing.length > 0) yield { address: way.address, message: `does not wait for ${missing.map(({ address }) => address).join(', ')}` };
      }
    }
  },
};

/** A deny of all addresses of a family for everybody. */
function isFinalDeny(rule: Resource): boolean {
  const ranges = rule.elements('match').flatMap((match) => rule.valueAt([...match, 'dest_ip_ranges']) ?? []).flat();
  return rule.valueAt('action') === 'deny' && rule.valueAt('direction') === 'EGRESS'
    && rule.elements('target_secure_tags').length === 0
    && ranges.some((range) => range === '0.0.0.0/0' || range === '::/0');
}
