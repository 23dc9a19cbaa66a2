/** The APIs of Google and of its clusters: who reaches them, and what bounds whose data they hold. */
import { asPlan } from '../as-plan';
import { INSIDE, network, policy, SUBNET, type Resources } from './one-machine';
import { review, stack } from './reviewing';

const told = (rule: string, resources: Resources, document: unknown = stack(resources)): readonly string[] => review(document).hits.filter((hit) => hit.rule === rule).map(({ severity, address, message }) => [severity, message.replaceAll(`${address} `, '')].filter(Boolean).join(' '));

describe('APIs that no perimeter can restrict', () => {
  const { google_compute_route: world = {}, ...closed } = INSIDE;
  const ROUTE: Resources = { google_compute_route: world };
  const reached = (...parts: readonly Resources[]) => told('endpoint-serves-all-apis', Object.assign({}, closed, ...parts) as Resources);
  const access: Resources = { google_compute_subnetwork: { s: { ...SUBNET, private_ip_google_access: true } } };
  const route = (dest_range: string): Resources => ({ google_compute_route: { a: { name: 'a', network, dest_range, next_hop_gateway: 'default-internet-gateway' } } });
  const PUBLIC = '0.0.0.0/0 -> default-internet-gateway leads google_compute_instance.m to the public addresses of Google\'s APIs, by private_ip_google_access';

  test('by a route to private.googleapis.com', () => {
    expect(reached(access, route('199.36.153.8/30'))).toEqual(['199.36.153.8/30 is private.googleapis.com']);
    expect(reached(access, route('199.36.153.4/30'))).toEqual([]);
  });

  test('by a route to the internet that nothing translates', () => {
    expect(reached(access, ROUTE)).toEqual([PUBLIC]);
    expect(reached(ROUTE)).toEqual([]);
    expect(reached(access, route('199.36.153.4/30'))).toEqual([]);
  });

  test('not where the firewall refuses them', () => {
    const rule = (more: object) => reached(access, ROUTE, policy('google_compute_network_firewall_policy', more));
    const to = (ip_protocol: string, ports: readonly string[]) => ({ match: [{ layer4_configs: [{ ip_protocol, ports }], dest_ip_ranges: ['0.0.0.0/0'] }] });
    expect(rule({})).toEqual([]);
    expect(rule(to('tcp', ['443']))).toEqual([]);
    expect(rule(to('tcp', ['80']))).toEqual([PUBLIC]);
    expect(rule({ disabled: true })).toEqual([PUBLIC]);
  });
});

describe('the API of a cluster', () => {
  const cluster = (values: object): Resources => ({ google_container_cluster: { c: { name: 'c', location: 'europe-west1', network, ...values } } });
  const answers = (values: object) => told('cluster-endpoint-public', cluster(values)).map((each) => each.replace('the API of ', '').replace('answers ', ''));
  const listed = (...blocks: string[]) => ({ master_authorized_networks_config: { cidr_blocks: blocks.map((cidr_block) => ({ cidr_block })) } });

  test.each<[says: string, values: object, who: readonly string[]]>([
    ['nothing', {}, ['the whole internet']],
    ['private nodes alone', { private_cluster_config: { enable_private_nodes: true } }, ['the whole internet']],
    ['a private endpoint', { private_cluster_config: { enable_private_nodes: true, enable_private_endpoint: true } }, []],
    ['no endpoint by address', { control_plane_endpoints_config: { ip_endpoints_config: { enabled: false } } }, []],
    ['nobody', { master_authorized_networks_config: {} }, []],
    ['callers inside', listed('10.0.0.0/8'), []],
    ['an office', listed('10.0.0.0/8', '93.184.215.0/24'), ['low 93.184.215.0/24']],
    ['everybody in halves', listed('0.0.0.0/1', '128.0.0.0/1'), ['0.0.0.0/1, 128.0.0.0/1']],
    ['whoever has a machine there', { master_authorized_networks_config: { gcp_public_cidrs_access_enabled: true } }, ['anybody\'s machines on Google Cloud']],
    ['a name', { private_cluster_config: { enable_private_endpoint: true }, control_plane_endpoints_config: { dns_endpoint_config: { allow_external_traffic: true } } }, ['low by its DNS name whoever IAM lets in, from anywhere (allow_external_traffic)']],
    ['a flag that nobody knows', { private_cluster_config: { enable_private_endpoint: '${var.closed}' } }, []],
    ['callers that nobody knows', { master_authorized_networks_config: '${var.callers}' }, []],
  ])('%s', (_, values, who) => expect(answers(values)).toEqual(who));

  test('what the provider fills in hides nothing in a first plan', () => {
    const resources = cluster({});
    const plan = asPlan(resources);
    Object.assign(plan.resource_changes[0].change.after_unknown, { master_authorized_networks_config: true, control_plane_endpoints_config: true, private_cluster_config: true });
    expect(told('cluster-endpoint-public', resources, plan)).toEqual(['the API of answers the whole internet']);
  });
});
