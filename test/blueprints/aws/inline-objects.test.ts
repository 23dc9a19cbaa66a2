/**
 * In JSON an inline rule or route is an object, and Terraform refuses one that lacks an attribute which the installed
 * provider knows; what it does not know it leaves out. So each has what any provider of the range has.
 */
import { fixture, synthesized } from '../../fixtures/stacks';

/** Attributes of the objects in provider 6.66.0. Those of 5.100.0 are among them. */
const RULE = 'cidr_blocks description from_port ipv6_cidr_blocks prefix_list_ids protocol security_groups self to_port'.split(' ');
const ENTRY = 'action cidr_block from_port icmp_code icmp_type ipv6_cidr_block protocol rule_no to_port'.split(' ');
const ROUTE = 'carrier_gateway_id cidr_block core_network_arn destination_prefix_list_id egress_only_gateway_id gateway_id ipv6_cidr_block local_gateway_id nat_gateway_id network_interface_id odb_network_arn transit_gateway_id vpc_endpoint_id vpc_peering_connection_id'.split(' ');
const WANTED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  aws_security_group: { ingress: RULE, egress: RULE },
  aws_default_security_group: { ingress: RULE, egress: RULE },
  aws_network_acl: { ingress: ENTRY, egress: ENTRY },
  aws_route_table: { route: ROUTE },
  aws_default_route_table: { route: ROUTE },
};

// Every option of AWS is in the second.
test.each(['full', 'aws-options'])('%s.yaml: inline objects are whole', async (name) => {
  const { texts } = await synthesized(fixture(name));
  const seen = new Set<string>();
  const found: string[] = [];
  for (const { resource } of Object.values(texts).map((text) => JSON.parse(text) as { resource: Record<string, Record<string, Record<string, unknown>>> })) {
    for (const [type, attributes] of Object.entries(WANTED)) {
      for (const [id, config] of Object.entries(resource[type] ?? {})) {
        for (const [attribute, wanted] of Object.entries(attributes)) {
          for (const object of (config[attribute] ?? []) as object[]) {
            seen.add(`${type}.${attribute}`);
            const missing = wanted.filter((name) => !(name in object));
            if (missing.length > 0) found.push(`${type}.${id}.${attribute}: ${missing.join(', ')}`);
          }
        }
      }
    }
  }
  expect(found).toEqual([]);
  expect([...seen]).toEqual(expect.arrayContaining(['aws_security_group.egress', 'aws_network_acl.egress', 'aws_route_table.route']));
});
