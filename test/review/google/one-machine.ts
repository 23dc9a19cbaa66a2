/** The smallest network of Google that says something, one machine in one subnet, and the parts that tests put beside it. */
import { stack, verdictsOf } from './reviewing';

export type Resources = Record<string, Record<string, any>>;

export const network = '${google_compute_network.n.id}';
export const subnetwork = '${google_compute_subnetwork.s.id}';
export const SUBNET = { name: 's', network, region: 'r', ip_cidr_range: '10.0.0.0/24' };
export const INSIDE: Resources = {
  google_compute_network: { n: { name: 'n', auto_create_subnetworks: false, delete_default_routes_on_create: true } },
  google_compute_subnetwork: { s: SUBNET },
  google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork }] } },
  google_compute_route: { r: { name: 'r', network, dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway' } },
};
export const outside = (more: object = {}): Resources => ({ google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [{ subnetwork, access_config: [{}] }], ...more } } });
export const classic = (rules: Record<string, object>): Resources => ({ google_compute_firewall: Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, { name, network, direction: 'EGRESS', ...rule }])) });
export const DENY = { priority: 900, deny: [{ protocol: 'all' }] };

export function kinds(document: unknown, family: 4 | 6 = 4): Record<string, string> {
  return Object.fromEntries(verdictsOf(document).verdicts.filter((verdict) => verdict.family === family).map(({ place, kind }) => [place.id, kind]));
}
export const kindOf = (id: string, ...parts: readonly Resources[]) => kinds(stack(Object.assign({}, ...parts)))[id];
export const kind = (...parts: readonly Resources[]) => kindOf('google_compute_instance.m', INSIDE, ...parts);

export function policy(base: string, rule: object, more: object = {}): Resources {
  const firewall_policy = `\${${base}.p.name}`;
  return {
    [base]: { p: { name: 'p', ...more } },
    [`${base}_association`]: { a: { name: 'a', firewall_policy, attachment_target: network, ...more } },
    [`${base}_rule`]: { r: { firewall_policy, priority: 10, action: 'deny', direction: 'EGRESS', match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_ip_ranges: ['0.0.0.0/0'] }], ...rule, ...more } },
  };
}
