/** Cloud Run of the first version names its networks in annotations. https://cloud.google.com/run/docs/configuring/vpc-direct-vpc */
import { stack, verdictsOf } from './reviewing';

type Resources = Record<string, Record<string, any>>;

const network = '${google_compute_network.n.id}';
const INSIDE: Resources = {
  google_compute_network: { n: { name: 'n', project: 'p', auto_create_subnetworks: false, delete_default_routes_on_create: true } },
  google_compute_subnetwork: { s: { name: 's', project: 'p', network, region: 'r', ip_cidr_range: '10.0.0.0/24' } },
  google_compute_route: { r: { name: 'r', network, dest_range: '0.0.0.0/0', next_hop_gateway: 'default-internet-gateway' } },
};
const classic = (rules: Record<string, object>): Resources => ({ google_compute_firewall: Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, { name, network, direction: 'EGRESS', ...rule }])) });
const DENY = { priority: 900, deny: [{ protocol: 'all' }] };
const kindOf = (id: string, ...parts: readonly Resources[]) => verdictsOf(stack(Object.assign({}, ...parts))).verdicts.find(({ place, family }) => place.id === id && family === 4)?.kind;

describe('Cloud Run of the first version with interfaces in an annotation', () => {
  const service = (annotations: object): Resources => ({
    google_cloud_run_service: { r: { name: 'r', location: 'r', template: [{ metadata: [{ annotations: { 'run.googleapis.com/vpc-access-egress': 'all-traffic', ...annotations } }] }] } },
  });
  const written = (interfaces: unknown) => ({ 'run.googleapis.com/network-interfaces': typeof interfaces === 'string' ? interfaces : JSON.stringify(interfaces) });
  const from = (annotations: object, ...more: readonly Resources[]) => kindOf('google_cloud_run_service.r', INSIDE, service(annotations), ...more);
  const tagged = classic({ deny: DENY, allow: { priority: 10, allow: [{ protocol: 'all' }], target_tags: ['out'] } });
  const nat: Resources = {
    google_compute_router: { r: { name: 'r', network, region: 'r' } },
    google_compute_router_nat: { n: { name: 'n', router: '${google_compute_router.r.name}', region: 'r', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } },
  };
  test.each<[string, object, readonly Resources[], string]>([
    ['leaves through the network', written([{ network: 'n', subnetwork: 's' }]), [], 'none'],
    ['by a NAT', written([{ network: 'n', subnetwork: 's' }]), [nat], 'open'],
    ['with a tag that rules let out', written([{ network: 'n', tags: ['out'] }]), [nat, tagged], 'open'],
    ['without that tag', written([{ subnetwork: 's', tags: ['in'] }]), [nat, tagged], 'none'],
    ['of another project', written([{ network: 'projects/other/global/networks/n' }]), [], 'unknown'],
    ['that are no list', written('{'), [], 'unknown'],
    ['that are not known', written('${var.interfaces}'), [], 'unknown'],
    ['for private addresses alone', { ...written([{ network: 'n' }]), 'run.googleapis.com/vpc-access-egress': 'private-ranges-only' }, [], 'open'],
    ['or none', {}, [], 'open'],
  ])('%s', (_, annotations, more, expected) => {
    expect(from(annotations, ...more)).toBe(expected);
  });
});
