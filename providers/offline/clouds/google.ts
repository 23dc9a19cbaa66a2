/** How Google Cloud names what it makes: https://cloud.google.com/apis/design/resource_names, and the provider's own id formats. */
import { isObject, isWhollyKnown, type ObjectValue, type Value } from '../wire/cty';
import { address, CERTIFICATE, type CloudRules, draw, type Subject, type Surroundings, text } from './cloud';
import { refusedByGoogle } from './google-order';

const IDS: { readonly [type: string]: string } = {
  google_compute_router_nat: '{project}/{region}/{router|basename}/{name}',
  google_compute_router_interface: '{region}/{router|basename}/{name}',
  google_compute_network_firewall_policy: 'projects/{project}/global/firewallPolicies/{name}',
  google_compute_network_firewall_policy_rule: 'projects/{project}/global/firewallPolicies/{firewall_policy|basename}/{priority}',
  google_compute_network_firewall_policy_association: 'projects/{project}/global/firewallPolicies/{firewall_policy|basename}/associations/{name}',
  google_compute_region_network_firewall_policy: 'projects/{project}/regions/{region}/firewallPolicies/{name}',
  google_compute_region_network_firewall_policy_rule: 'projects/{project}/regions/{region}/firewallPolicies/{firewall_policy|basename}/{priority}',
  google_compute_region_network_firewall_policy_association: 'projects/{project}/regions/{region}/firewallPolicies/{firewall_policy|basename}/associations/{name}',
  google_compute_firewall_policy: 'locations/global/firewallPolicies/{digits}',
  google_compute_firewall_policy_rule: 'locations/global/firewallPolicies/{firewall_policy|basename}/rules/{priority}',
  google_compute_firewall_policy_association: 'locations/global/firewallPolicies/{firewall_policy|basename}/associations/{name}',
  google_compute_network_peering: '{network|basename}/{name}',
  google_dns_record_set: 'projects/{project}/managedZones/{managed_zone|basename}/rrsets/{name}/{type}',
  google_dns_response_policy: 'projects/{project}/responsePolicies/{response_policy_name}',
  google_dns_response_policy_rule: 'projects/{project}/responsePolicies/{response_policy|basename}/rules/{rule_name}',
  google_dns_policy: 'projects/{project}/policies/{name}', google_dns_managed_zone: 'projects/{project}/managedZones/{name}',
  google_network_security_gateway_security_policy_rule: 'projects/{project}/locations/{location}/gatewaySecurityPolicies/{gateway_security_policy|basename}/rules/{name}',
  google_network_security_gateway_security_policy: 'projects/{project}/locations/{location}/gatewaySecurityPolicies/{name}',
  google_network_security_url_lists: 'projects/{project}/locations/{location}/urlLists/{name}',
  google_service_account: 'projects/{project}/serviceAccounts/{account_id}@{project}.iam.gserviceaccount.com',
  google_project_service: '{project}/{service}', google_project: 'projects/{project_id}', google_project_iam_member: '{project}/{role}/{member}',
  google_service_networking_connection: '{network}:{service}', google_storage_bucket: '{name}', google_compute_shared_vpc_host_project: '{project}',
  google_access_context_manager_service_perimeter: '{name}', google_access_context_manager_access_policy: '{digits}',
  google_logging_project_sink: 'projects/{project}/sinks/{name}', google_kms_key_ring: 'projects/{project}/locations/{location}/keyRings/{name}',
  google_kms_crypto_key: '{key_ring}/cryptoKeys/{name}', google_secret_manager_secret: 'projects/{project}/secrets/{secret_id}',
};

/** Compute types without a region or zone of their own. */
const GLOBAL = /^google_compute_(network|firewall|route|global_\w+|backend_service|url_map|health_check|target_https?_proxy|ssl_certificate|instance_template|security_policy|packet_mirroring_global)$/;

/** Words at the start of a type that name a service and are no part of the resource's name in paths. */
const SERVICES = /^google_(compute|dns|network_security|network_services|network_connectivity|certificate_manager|kms|storage|logging|container|secret_manager|artifact_registry|vpc_access|monitoring|access_context_manager|iam)_/;

/** Names of options that do change in place although they look like identity. */
const CHANGED_IN_PLACE: { readonly [type: string]: readonly string[] } = { google_project: ['name'], google_compute_router: ['network_tags'], google_compute_instance: ['network_interface'] };

const REPLACED_BY: { readonly [type: string]: readonly string[] } = {
  google_compute_network: ['auto_create_subnetworks', 'internal_ipv6_range', 'description'], google_compute_subnetwork: ['purpose', 'ipv6_access_type'],
  google_compute_address: ['address', 'address_type', 'purpose', 'subnetwork', 'network_tier', 'ip_version'], google_compute_global_address: ['address', 'address_type', 'purpose', 'prefix_length'],
  google_compute_firewall: ['direction'], google_compute_router_nat: ['router'], google_compute_network_firewall_policy_rule: ['priority', 'firewall_policy'],
  google_compute_region_network_firewall_policy_rule: ['priority', 'firewall_policy'], google_compute_network_firewall_policy_association: ['firewall_policy', 'attachment_target'],
  google_compute_region_network_firewall_policy_association: ['firewall_policy', 'attachment_target'], google_compute_route: ['dest_range', 'next_hop_gateway', 'next_hop_ip', 'next_hop_ilb', 'next_hop_instance', 'priority', 'tags', 'description'],
  google_compute_forwarding_rule: ['ip_address', 'ip_protocol', 'load_balancing_scheme', 'subnetwork', 'port_range'], google_compute_global_forwarding_rule: ['ip_address', 'load_balancing_scheme', 'port_range'],
  google_dns_managed_zone: ['dns_name', 'visibility'], google_dns_record_set: ['managed_zone', 'type'], google_dns_response_policy: ['response_policy_name'], google_dns_response_policy_rule: ['rule_name', 'response_policy'],
  google_service_account: ['account_id'], google_network_security_gateway_security_policy_rule: ['gateway_security_policy'], google_storage_bucket: ['location'], google_kms_crypto_key: ['key_ring', 'purpose'],
  google_network_services_gateway: ['type', 'addresses', 'ports', 'subnetwork', 'gateway_security_policy', 'certificate_urls'], google_secret_manager_secret: ['secret_id', 'replication'],
};

/** The rules of `hashicorp/google` and `hashicorp/google-beta`. */
export const GOOGLE: CloudRules = {
  ids: IDS,
  defaultId: (type, self) => `projects/{project}/${place(type, self)}${collection(type)}/{name}`,
  defaults: (name, surroundings) => ({ project: project(surroundings), region: region(surroundings), zone: `${region(surroundings)}-b`, location: region(surroundings) })[name],
  replaces: (type, attribute) =>
    CHANGED_IN_PLACE[type]?.includes(attribute) !== true &&
    (['name', 'project', 'region', 'zone', 'location', 'network', 'parent'].includes(attribute) || REPLACED_BY[type]?.includes(attribute) === true),
  refuses: (what, type, values, memory) => (what === 'delete' ? refusedByGoogle(type, values, memory) : undefined),
  planned: (_, planned, { config }) => plannedLabels(planned, config),
  dataSources: {
    google_container_cluster: ({ self, surroundings }) => {
      const name = text(self['name']) ?? 'offline';
      return {
        id: `projects/${project(surroundings)}/locations/${text(self['location']) ?? region(surroundings)}/clusters/${name}`, name,
        endpoint: address('private', name), master_auth: [{ cluster_ca_certificate: CERTIFICATE, client_certificate: '', client_key: '', client_certificate_config: [] }],
      };
    },
    google_project: ({ self, surroundings }) => {
      const id = text(self['project_id']) ?? project(surroundings);
      return { id: `projects/${id}`, project_id: id, name: id, number: projectNumber(id) };
    },
    google_client_config: ({ surroundings }) => ({ id: `projects/${project(surroundings)}/regions/${region(surroundings)}/zones/`, project: project(surroundings), region: region(surroundings), zone: `${region(surroundings)}-b`, access_token: 'offline' }),
    google_compute_zones: ({ self, surroundings }) => {
      const own = text(self['region']) ?? region(surroundings);
      return { id: `projects/${project(surroundings)}/regions/${own}`, names: ['b', 'c', 'd'].map((letter) => `${own}-${letter}`) };
    },
    google_netblock_ip_ranges: ({ self }) => {
      const ranges = NETBLOCKS[text(self['range_type']) ?? ''] ?? ['192.0.2.0/24'];
      return { id: 'netblock-ip-ranges', cidr_blocks: ranges, cidr_blocks_ipv4: ranges, cidr_blocks_ipv6: [] };
    },
  },
  values: {
    self_link: (subject) => selfLink(subject),
    project: '{project}', region: '{region}', zone: '{zone}',
    number: ({ self, surroundings }) => projectNumber(text(self['project_id']) ?? project(surroundings)),
    creation_timestamp: () => '2000-01-01T00:00:00.000-00:00', fingerprint: '{hex12}=', label_fingerprint: '{hex12}=', etag: '{hex12}',
    network_id: ({ seed }) => String(draw(10 ** 15, seed)), numeric_id: ({ seed }) => String(draw(10 ** 15, seed)), generated_id: ({ seed }) => draw(2 ** 31, seed),
    'google_compute_network.gateway_ipv4': () => '', 'google_compute_subnetwork.gateway_address': ({ self }) => text(self['ip_cidr_range'])?.replace(/\.\d+\/\d+$/, '.1'),
    'google_compute_address.address': (subject) => reserved(subject), 'google_compute_global_address.address': (subject) => reserved(subject),
    'google_compute_forwarding_rule.ip_address': ({ seed }) => address('private', seed), 'google_compute_router_nat.auto_network_tier': () => 'PREMIUM',
    'google_dns_managed_zone.name_servers': () => ['ns-gcp-private.googledomains.com.'], 'google_service_account.email': '{account_id}@{project}.iam.gserviceaccount.com',
    'google_service_account.member': 'serviceAccount:{account_id}@{project}.iam.gserviceaccount.com', 'google_service_account.unique_id': '{digits}',
    'google_compute_firewall_policy.name': '{digits}', 'google_compute_firewall_policy.firewall_policy_id': '{digits}',
  },
};

/** Published, stable virtual addresses: https://cloud.google.com/vpc/docs/configure-private-google-access */
const NETBLOCKS: { readonly [rangeType: string]: string[] } = {
  'restricted-googleapis': ['199.36.153.4/30'], 'private-googleapis': ['199.36.153.8/30'], 'health-checkers': ['35.191.0.0/16', '130.211.0.0/22'], 'iap-forwarders': ['35.235.240.0/20'],
};

function project({ config }: Surroundings): string {
  return text(config['project']) ?? 'offline-project';
}

function region({ config }: Surroundings): string {
  return text(config['region']) ?? 'us-central1';
}

function projectNumber(id: string): string {
  return String(10 ** 11 + draw(9 * 10 ** 11, id));
}

function place(type: string, self: ObjectValue): string {
  if (text(self['zone']) !== undefined) return 'zones/{zone|basename}/';
  if (GLOBAL.test(type)) return 'global/';
  if ('location' in self) return 'locations/{location}/';
  return 'region' in self ? 'regions/{region|basename}/' : 'zone' in self ? 'zones/{zone|basename}/' : type.startsWith('google_compute_') ? 'global/' : '';
}

/** `google_compute_global_address` -> `addresses`, `google_network_services_gateway` -> `gateways`. */
function collection(type: string): string {
  const name = type.replace(SERVICES, '').replace(/^google_/, '').replace(/^(global|region)_/, '');
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (/(s|x|ch)$/.test(camel)) return camel.endsWith('ss') || !camel.endsWith('s') ? `${camel}es` : camel;
  return /[^aeiou]y$/.test(camel) ? `${camel.slice(0, -1)}ies` : `${camel}s`;
}

function selfLink({ type, self }: Subject): string {
  const service = type.startsWith('google_compute_') ? 'compute' : (/^google_([a-z]+)_/.exec(type)?.[1] ?? 'compute');
  return `https://www.googleapis.com/${service}/v1/${text(self['id']) ?? ''}`;
}

function reserved({ self, seed }: Subject): string {
  const internal = self['address_type'] === 'INTERNAL' || ['VPC_PEERING', 'PRIVATE_SERVICE_CONNECT'].includes(text(self['purpose']) ?? '');
  return address(internal ? 'private' : 'public', seed);
}

/** The provider merges its default labels, and one that marks Terraform's work, when planning. */
function plannedLabels(planned: ObjectValue, config: ObjectValue): ObjectValue {
  if (!('terraform_labels' in planned) || !('effective_labels' in planned)) return planned;
  const labels = planned['labels'] ?? null;
  if (!isWhollyKnown(labels)) return planned;
  const marks: ObjectValue = config['add_terraform_attribution_label'] === false ? {} : { 'goog-terraform-provisioned': 'true' };
  const merged: Value = { ...marks, ...asMap(config['default_labels']), ...asMap(labels) };
  return { ...planned, terraform_labels: merged, effective_labels: merged };
}

function asMap(value: Value | undefined): ObjectValue {
  return isObject(value) ? value : {};
}
