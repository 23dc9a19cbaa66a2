/** What a plan does to a network that it does not hold changes no verdict: a finding tells it. */
import { parsePlan } from '../../review/plan/load';
import { review } from '../../review/review';
import { TODAY } from '../fixtures/stacks';

const WORLD = '0.0.0.0/0';
const NETWORK = 'projects/p/global/networks/n';
const IP_GROUP = '/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/ipGroups/g';
const wayOut = { vpc_id: 'vpc-0a1b2c3d', route: [{ cidr_block: WORLD, gateway_id: 'igw-0a1b2c3d' }] };
const everything = { protocol: '-1', from_port: 0, to_port: 0 };
const allow = { action: 'allow', direction: 'EGRESS', priority: 1, match: [{ dest_ip_ranges: [WORLD], layer4_configs: [{ ip_protocol: 'all' }] }] };
const firewallPolicy = { google_compute_network_firewall_policy: { p: { name: 'p' } }, google_compute_network_firewall_policy_rule: { r: { firewall_policy: '${google_compute_network_firewall_policy.p.name}', ...allow } } };
const held = (attachment_target: string) => ({ ...firewallPolicy, google_compute_network_firewall_policy_association: { a: { name: 'a', firewall_policy: '${google_compute_network_firewall_policy.p.name}', attachment_target } } });
const nat = (network: string) => ({
  google_compute_router: { r: { name: 'r', region: 'r1', network } },
  google_compute_router_nat: { n: { name: 'n', region: 'r1', router: '${google_compute_router.r.name}', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' } },
});

interface Case {
  readonly what: string;
  readonly resource: Record<string, Record<string, object>>;
  readonly told: readonly string[];
}

const managed = (type: string, over: object = {}) => ({ aws_fms_policy: { p: { name: 'p', remediation_enabled: true, security_service_policy_data: [{ type, managed_service_data: '{}' }], ...over } } });
const given = (egress: readonly object[]) => ({ aws_vpc: { v: { cidr_block: '10.0.0.0/16' } }, aws_default_security_group: { d: { vpc_id: '${aws_vpc.v.id}', egress: [] } }, aws_security_group: { g: { vpc_id: '${aws_vpc.v.id}', egress } }, ...managed('SECURITY_GROUPS_COMMON', { security_service_policy_data: [{ type: 'SECURITY_GROUPS_COMMON', managed_service_data: '{"securityGroups":[{"id":"${aws_security_group.g.id}"}]}' }] }) });

const CASES: readonly Case[] = [
  { what: 'the internet in an IP group', resource: { azurerm_ip_group_cidr: { c: { ip_group_id: IP_GROUP, cidr: '0.0.0.0/0' } } }, told: ['medium azurerm_ip_group_cidr.c'] },
  { what: 'an address in an IP group', resource: { azurerm_ip_group_cidr: { c: { ip_group_id: IP_GROUP, cidr: '8.8.8.8/32' } } }, told: ['low azurerm_ip_group_cidr.c'] },
  { what: 'a private range in an IP group', resource: { azurerm_ip_group_cidr: { c: { ip_group_id: IP_GROUP, cidr: '10.0.0.0/8' } } }, told: [] },
  { what: 'the internet in an IP group of the plan', resource: { azurerm_ip_group: { g: { name: 'g' } }, azurerm_ip_group_cidr: { c: { ip_group_id: '${azurerm_ip_group.g.id}', cidr: '0.0.0.0/0' } } }, told: [] },
  ...['SECURITY_GROUPS_COMMON', 'NETWORK_ACL_COMMON', 'NETWORK_FIREWALL', 'IMPORT_NETWORK_FIREWALL', 'THIRD_PARTY_FIREWALL', 'DNS_FIREWALL'].map((type) => ({ what: `what Firewall Manager does by ${type}`, resource: managed(type), told: ['medium aws_fms_policy.p'] })),
  { what: 'what Firewall Manager only reports', resource: managed('NETWORK_FIREWALL', { remediation_enabled: false }), told: [] },
  { what: 'what Firewall Manager may do', resource: managed('NETWORK_FIREWALL', { remediation_enabled: '${var.remediate}' }), told: ['medium aws_fms_policy.p'] },
  { what: 'rules for the web by Firewall Manager', resource: managed('WAFV2'), told: [] },
  { what: 'a group that lets nothing out, by Firewall Manager', resource: given([]), told: [] },
  { what: 'a group that lets everything out, by Firewall Manager', resource: given([{ ...everything, cidr_blocks: [WORLD] }]), told: ['medium aws_fms_policy.p'] },
  { what: 'another main route table', resource: { aws_route_table: { t: wayOut }, aws_main_route_table_association: { a: { vpc_id: 'vpc-0a1b2c3d', route_table_id: '${aws_route_table.t.id}' } } }, told: ['high aws_main_route_table_association.a'] },
  { what: 'a route in the main table', resource: { aws_default_route_table: { t: { default_route_table_id: 'rtb-0a1b2c3d', route: wayOut.route } } }, told: ['high aws_default_route_table.t'] },
  { what: 'a main table without a way out', resource: { aws_default_route_table: { t: { default_route_table_id: 'rtb-0a1b2c3d', route: [] } } }, told: [] },
  { what: 'the default group', resource: { aws_default_security_group: { g: { vpc_id: 'vpc-0a1b2c3d', egress: [{ ...everything, cidr_blocks: [WORLD] }] } } }, told: ['medium aws_default_security_group.g'] },
  { what: 'the default group, emptied', resource: { aws_default_security_group: { g: { vpc_id: 'vpc-0a1b2c3d', egress: [] } } }, told: [] },
  { what: 'the default group of a network of the plan', resource: { aws_vpc: { v: { cidr_block: '10.0.0.0/16' } }, aws_default_security_group: { g: { vpc_id: '${aws_vpc.v.id}', egress: [{ ...everything, cidr_blocks: [WORLD] }] } } }, told: [] },
  { what: 'the default ACL', resource: { aws_default_network_acl: { a: { default_network_acl_id: 'acl-0a1b2c3d', egress: [{ ...everything, rule_no: 1, action: 'allow', cidr_block: WORLD }] } } }, told: ['medium aws_default_network_acl.a'] },
  { what: 'a public address', resource: { aws_eip: { e: { instance: 'i-0a1b2c3d' } }, aws_eip_association: { a: { network_interface_id: 'eni-0a1b2c3d', allocation_id: 'eipalloc-1' } } }, told: ['medium aws_eip.e', 'medium aws_eip_association.a'] },
  { what: 'a classic rule', resource: { google_compute_firewall: { f: { name: 'f', network: NETWORK, direction: 'EGRESS', allow: [{ protocol: 'all' }] } } }, told: ['medium google_compute_firewall.f'] },
  { what: 'a classic rule of ingress', resource: { google_compute_firewall: { f: { name: 'f', network: NETWORK, direction: 'INGRESS', allow: [{ protocol: 'all' }] } } }, told: [] },
  { what: 'a policy', resource: held(NETWORK), told: ['medium google_compute_network_firewall_policy_association.a'] },
  { what: 'a policy of a network of the plan', resource: { google_compute_network: { n: { name: 'n' } }, ...held('${google_compute_network.n.id}') }, told: [] },
  { what: 'a NAT', resource: nat(NETWORK), told: ['medium google_compute_router_nat.n'] },
  { what: 'a NAT of a network of the plan', resource: { google_compute_network: { n: { name: 'n' } }, ...nat('${google_compute_network.n.id}') }, told: [] },
];

test.each(CASES)('$what', ({ resource, told }) => {
  const { verdicts, findings } = review({ inputs: [parsePlan(JSON.stringify({ resource }), 'cdk.tf.json')], today: TODAY });
  expect(verdicts.filter(({ verdict }) => verdict === 'open')).toEqual([]);
  expect(findings.filter(({ rule }) => rule === 'way-out-elsewhere').map(({ severity, address }) => `${severity} ${address}`)).toEqual(told);
});
