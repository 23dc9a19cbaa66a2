/** A value or a whole block that a file leaves to somebody else makes no verdict better: one case for each place where it once did. */
import { parsePlan } from '../../review/plan/load';
import { review } from '../../review/review';
import { TODAY } from '../fixtures/stacks';
import { asPlan, type Resources } from './as-plan';
import { endpointIn, line, ref, soundStack, WORLD } from './sound-stack';

const HIDDEN = '${var.hidden}';
const service = (over: object) => ({ aws_ecs_cluster: { main: { name: 'main' } }, aws_ecs_service: { web: { name: 'web', cluster: ref('aws_ecs_cluster', 'main'), ...over } } });

function aws(more: Resources, edit: (resource: Resources) => void = () => undefined): Resources {
  const { resource } = soundStack();
  Object.assign(resource, more);
  edit(resource);
  return resource;
}

const NETWORK = ref('google_compute_network', 'n');

function google(more: Resources): Resources {
  return {
    google_compute_network: { n: { name: 'n', auto_create_subnetworks: false, network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' } },
    google_compute_subnetwork: { s: { name: 's', network: NETWORK, region: 'r1', ip_cidr_range: '10.0.0.0/24', private_ip_google_access: true } },
    google_compute_instance: { m: { name: 'm', zone: 'r1-a', service_account: { email: 'app@p.iam.gserviceaccount.com' }, network_interface: [{ subnetwork: ref('google_compute_subnetwork', 's'), access_config: [{}] }] } },
    ...more,
  };
}

const deny = (over: object) => ({ google_compute_firewall: { deny: { name: 'deny', network: NETWORK, direction: 'EGRESS', priority: 900, destination_ranges: [WORLD], deny: [{ protocol: 'all' }], ...over } } });
const policy = {
  google_compute_network_firewall_policy: { p: { name: 'p' } },
  google_compute_network_firewall_policy_association: { p: { name: 'p', firewall_policy: ref('google_compute_network_firewall_policy', 'p'), attachment_target: NETWORK } },
  google_compute_network_firewall_policy_rule: { all: { firewall_policy: ref('google_compute_network_firewall_policy', 'p'), priority: 1, direction: 'EGRESS', action: 'allow', match: { dest_ip_ranges: [WORLD], layer4_configs: [{ ip_protocol: 'all' }] } } },
};
const cluster = (over: object) => ({ google_container_cluster: { c: { name: 'c', location: 'r1', network: NETWORK, subnetwork: ref('google_compute_subnetwork', 's'), private_cluster_config: { enable_private_nodes: true }, ...over } } });
const proxy = {
  google_compute_instance: { m: { name: 'm', zone: 'r1-a', network_interface: [{ subnetwork: ref('google_compute_subnetwork', 's') }] } },
  google_compute_firewall: {
    ...deny({}).google_compute_firewall,
    allow: { name: 'allow', network: NETWORK, direction: 'EGRESS', priority: 800, destination_ranges: ['10.0.0.9/32'], allow: [{ protocol: 'tcp', ports: ['8443'] }] },
  },
  google_network_security_gateway_security_policy: { p: { name: 'p', location: 'r1' } },
  google_network_security_gateway_security_policy_rule: { r: { name: 'r', location: 'r1', enabled: true, priority: 1, basic_profile: 'ALLOW', session_matcher: "host() == 'api.example.com'", gateway_security_policy: ref('google_network_security_gateway_security_policy', 'p', 'name') } },
  google_network_services_gateway: { g: { name: 'g', location: 'r1', type: 'SECURE_WEB_GATEWAY', addresses: ['10.0.0.9'], ports: [8443], network: NETWORK, subnetwork: ref('google_compute_subnetwork', 's'), gateway_security_policy: ref('google_network_security_gateway_security_policy', 'p') } },
};

const CASES: readonly (readonly [what: string, resources: () => Resources, place: string, path: readonly string[], was: string, is: string])[] = [
  ['the capacity providers of a service', () => aws(service({ capacity_provider_strategy: [{ capacity_provider: 'other' }] }), joined), 'aws_ecs_service.web', ['aws_ecs_service', 'web', 'capacity_provider_strategy'], 'unknown', 'unknown'],
  ['who deploys a service', () => aws(service({ deployment_controller: { type: 'EXTERNAL' } }), joined), 'aws_ecs_service.web', ['aws_ecs_service', 'web', 'deployment_controller'], 'unknown', 'unknown'],
  ['by what a service is deployed', () => aws(service({ deployment_controller: { type: 'EXTERNAL' } }), joined), 'aws_ecs_service.web', ['aws_ecs_service', 'web', 'deployment_controller', 'type'], 'unknown', 'unknown'],
  ['the default providers of a cluster', () => aws({ ...service({}), aws_ecs_cluster_capacity_providers: { main: { cluster_name: ref('aws_ecs_cluster', 'main', 'name'), default_capacity_provider_strategy: [{ capacity_provider: 'FARGATE' }] } } }, joined), 'aws_ecs_service.web', ['aws_ecs_cluster_capacity_providers', 'main', 'default_capacity_provider_strategy'], 'unknown', 'unknown'],
  ['where a firewall stands whose policy is made elsewhere', () => aws({}, (all) => void (all['aws_networkfirewall_firewall']!['main'].firewall_policy_arn = 'arn:aws:network-firewall:us-east-1:1:firewall-policy/other')), 'aws_instance.app', ['aws_networkfirewall_firewall', 'main', 'subnet_mapping'], 'unknown', 'unknown'],
  ['what a compute environment runs on', () => aws({ aws_batch_compute_environment: { jobs: { compute_resources: { type: 'FARGATE', subnets: [ref('aws_subnet', 'nat')], security_group_ids: [ref('aws_security_group', 'app')] } } } }, (all) => { delete all['aws_network_acl']; delete all['aws_default_network_acl']; }), 'aws_batch_compute_environment.jobs', ['aws_batch_compute_environment', 'jobs', 'compute_resources', 'type'], 'open', 'open'],
  ['where a route of a subnet with a NAT gateway leads', () => aws({}, (all) => {
    delete all['aws_instance'];
    for (const subnet of Object.values(all['aws_subnet']!)) delete subnet.tags;
    all['aws_route_table']!['nat'].route[1] = { ipv6_cidr_block: '::/0', vpc_endpoint_id: endpointIn('us-east-1a') };
    all['aws_security_group'] = { app: { vpc_id: ref('aws_vpc', 'main'), ingress: [], egress: [line({ cidr_blocks: [WORLD] })] } };
  }), 'aws_subnet.nat', ['aws_route_table', 'nat', 'route', '1', 'ipv6_cidr_block'], 'open', 'open'],
  ['the order of rules and policies', () => google({ ...deny({}), ...policy }), 'google_compute_instance.m', ['google_compute_network', 'n', 'network_firewall_policy_enforcement_order'], 'open', 'unknown'],
  ['whose account a machine has', () => google(deny({ target_service_accounts: ['other@p.iam.gserviceaccount.com'] })), 'google_compute_instance.m', ['google_compute_instance', 'm', 'service_account'], 'open', 'unknown'],
  ['the pools of a cluster', () => google(cluster({ node_pool: [{ network_config: { enable_private_nodes: false } }] })), 'google_container_cluster.c', ['google_container_cluster', 'c', 'node_pool'], 'open', 'unknown'],
  ['the networks of a pool', () => google({ ...cluster({ remove_default_node_pool: true }), google_container_node_pool: { p: { name: 'p', cluster: ref('google_container_cluster', 'c'), network_config: { enable_private_nodes: false } } } }), 'google_container_node_pool.p', ['google_container_node_pool', 'p', 'network_config'], 'open', 'unknown'],
  ['where a proxy listens', () => google(proxy), 'google_compute_instance.m', ['google_network_services_gateway', 'g', 'ports'], 'allowlisted', 'unknown'],
];

/** Some machine joins the cluster, and would stand for the service. */
function joined(all: Resources): void {
  all['aws_instance']!['app'].user_data = 'echo ECS_CLUSTER=main >> /etc/ecs/ecs.config';
}

describe.each([['synthesized', (resource: Resources) => ({ resource })], ['planned', (resource: Resources) => asPlan(resource)]] as const)('%s', (_, document) => {
  test.each(CASES)('%s', (__, resources, place, path, was, is) => {
    const resource = structuredClone(resources());
    expect(kindAt(document(resource), place)).toBe(was);
    const parent = path.slice(0, -1).reduce<any>((node, step) => node[step], resource);
    expect(parent[path.at(-1) as string]).toBeDefined();
    parent[path.at(-1) as string] = HIDDEN;
    expect(kindAt(document(resource), place)).toBe(is);
  });
});

test('a firewall that may stand anywhere in its network is not taken to lead back to itself', () => {
  const plan = asPlan(aws({}));
  const isFirewall = ({ address }: { address: string }) => address === 'aws_networkfirewall_firewall.main';
  const { change } = plan.resource_changes.find(isFirewall);
  // As a dynamic block over what nobody knows: it stands in no configuration.
  delete change.after.subnet_mapping;
  change.after_unknown.subnet_mapping = true;
  delete plan.configuration.root_module.resources.find(isFirewall).expressions.subnet_mapping;
  expect(kindAt(plan, 'aws_instance.app')).toBe('allowlisted');
});

function kindAt(document: object, place: string): string | undefined {
  const { verdicts } = review({ inputs: [parsePlan(JSON.stringify(document), 'file.json')], today: TODAY });
  return verdicts.find((verdict) => verdict.family === 4 && verdict.place.startsWith(place))?.verdict;
}
