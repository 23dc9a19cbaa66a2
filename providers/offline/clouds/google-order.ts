/** What Google Cloud refuses to delete because of something else that is there: why the order of an apply matters. */
import { isObject, type ObjectValue, type Value } from '../wire/cty';
import { type Known, text } from './cloud';

/**
 * By type, who keeps it from being deleted, and by which of its attributes: `resourceInUseByAnotherResource`.
 *
 * - address, subnet: https://github.com/hashicorp/terraform-provider-google/issues/6812 and /28572
 * - security policy of a proxy: https://github.com/GoogleCloudPlatform/magic-modules/pull/12704
 * - tag key: https://cloud.google.com/resource-manager/docs/tags/tags-creating-and-managing#deleting
 * - zone: https://cloud.google.com/dns/docs/zones#delete-zone
 */
const HELD_BY: { readonly [type: string]: { readonly [user: string]: string } } = {
  google_compute_network: {
    google_compute_subnetwork: 'network', google_compute_route: 'network', google_compute_router: 'network', google_compute_network_peering: 'network',
    google_compute_forwarding_rule: 'network', google_compute_global_forwarding_rule: 'network', google_compute_global_address: 'network',
    google_service_networking_connection: 'network', google_network_services_gateway: 'network', google_compute_network_firewall_policy_association: 'attachment_target',
  },
  google_compute_subnetwork: { google_compute_router_nat: 'subnetwork', google_network_services_gateway: 'subnetwork', google_compute_address: 'subnetwork' },
  google_compute_address: { google_compute_router_nat: 'nat_ips', google_compute_forwarding_rule: 'ip_address' },
  google_compute_global_address: { google_compute_global_forwarding_rule: 'ip_address', google_service_networking_connection: 'reserved_peering_ranges' },
  google_compute_router: { google_compute_router_nat: 'router' },
  google_compute_network_firewall_policy: { google_compute_network_firewall_policy_association: 'firewall_policy' },
  google_compute_shared_vpc_host_project: { google_compute_shared_vpc_service_project: 'host_project' },
  google_dns_managed_zone: { google_dns_record_set: 'managed_zone' },
  google_network_security_gateway_security_policy: { google_network_services_gateway: 'gateway_security_policy', google_network_security_gateway_security_policy_rule: 'gateway_security_policy' },
  google_network_security_url_lists: { google_network_security_gateway_security_policy_rule: 'session_matcher' },
  google_tags_tag_key: { google_tags_tag_value: 'parent' },
};

/** Why a resource cannot be deleted as things are. */
export function refusedByGoogle(type: string, values: ObjectValue, memory: ReadonlyMap<string, Known>): string | undefined {
  const users = HELD_BY[type];
  const id = text(values['id'] ?? null);
  if (users === undefined || id === undefined) return undefined;
  const called = new Set([id, text(values['self_link'] ?? null), text(values['name'] ?? null)].filter((each) => each !== undefined));
  for (const [user, known] of memory) {
    const attribute = users[known.type];
    if (attribute !== undefined && names(known.values[attribute], called, id)) return `The resource '${id}' is already being used by '${user}', resourceInUseByAnotherResource`;
  }
  return undefined;
}

function names(value: Value | undefined, called: ReadonlySet<string>, id: string): boolean {
  if (Array.isArray(value)) return value.some((each) => names(each, called, id));
  if (isObject(value)) return Object.values(value).some((each) => names(each, called, id));
  return typeof value === 'string' && (called.has(value) || value.includes(`'${id}'`));
}
