/** Names behind VPC Lattice that a resource gateway asks the resolver of its own network for: provider 6. */
import { add, all, broken, vpc, type Break } from './breaks';
import { review } from './reviewed';
import { line, ref } from '../sound-stack';

const LATTICE = (kind: string) => `aws_vpclattice_${kind}`;

/** The vault, which has no way out, with an endpoint to what a gateway beside the app calls by a name. */
const reached = (name: string, gateway: object, edit: Break = () => undefined) => review(broken(all((resource) => {
  Object.assign(resource.aws_security_group!.vault!, { egress: [line({ security_groups: [ref('aws_security_group', 'endpoints')] })] });
  resource.aws_security_group!.endpoints!.ingress = [line({ security_groups: ['app', 'vault'].map((each) => ref('aws_security_group', each)) })];
  resource[LATTICE('resource_gateway')] = { own: { vpc_id: vpc, subnet_ids: [ref('aws_subnet', 'app')], security_group_ids: [ref('aws_security_group', 'app')], ...gateway } };
  resource[LATTICE('resource_configuration')] = { own: { name: 'own', port_ranges: ['443'], resource_gateway_identifier: ref(LATTICE('resource_gateway'), 'own'), resource_configuration_definition: { dns_resource: { domain_name: name, ip_address_type: 'IPV4' } } } };
  resource.aws_vpc_endpoint!.own = { vpc_id: vpc, vpc_endpoint_type: 'Resource', resource_configuration_arn: ref(LATTICE('resource_configuration'), 'own', 'arn'), subnet_ids: [ref('aws_subnet', 'vault')], security_group_ids: [ref('aws_security_group', 'endpoints')] };
}, edit))).at('aws_instance.vault');

/** Behind a route past the firewall, which would let anything out. */
const pastFirewall: Break = (resource) => void (resource.aws_route_table!.app!.route = [{ cidr_block: '0.0.0.0/0', nat_gateway_id: ref('aws_nat_gateway', 'main') }]);
const zoned = (name: string, record: object, zone: object = { vpc: [{ vpc_id: vpc }] }): Break => all(
  add('aws_route53_zone', 'own', { name, ...zone }), add('aws_route53_record', 'own', { zone_id: ref('aws_route53_zone', 'own', 'zone_id'), name: `db.${name}`, type: 'A', ...record }));
const IN_VPC = { resource_config_dns_resolution: 'IN_VPC' };
const PUBLIC = { resource_config_dns_resolution: 'PUBLIC' };

test.each<[string, string, object, Break, string]>([
  ['a private name that public DNS is asked for', 'db.corp.internal', PUBLIC, pastFirewall, 'none'],
  ['a private name, by a provider that asks public DNS alone', 'db.corp.internal', {}, pastFirewall, 'none'],
  ['a private name that nothing in the plan answers', 'db.corp.internal', IN_VPC, pastFirewall, 'unknown'],
  ['a private name where the plan does not tell who is asked', 'db.corp.internal', { resource_config_dns_resolution: '${var.resolution}' }, pastFirewall, 'unknown'],
  ['a private name with an address on the internet', 'db.corp.internal', IN_VPC, all(pastFirewall, zoned('corp.internal', { records: ['8.8.4.4'] })), 'allowlisted'],
  ['a private name that leads to one of somebody else', 'db.corp.internal', IN_VPC, all(pastFirewall, zoned('corp.internal', { type: 'CNAME', records: ['way.example.net'] })), 'allowlisted'],
  ['a private name with a private address', 'db.corp.internal', IN_VPC, all(pastFirewall, zoned('corp.internal', { records: ['10.0.2.7'] })), 'none'],
  ['a public name with a private address', 'db.corp.example', IN_VPC, all(pastFirewall, zoned('corp.example', { records: ['10.0.2.7'] })), 'none'],
  ['a public name with a private address, where public DNS is asked', 'db.corp.example', PUBLIC, all(pastFirewall, zoned('corp.example', { records: ['10.0.2.7'] })), 'allowlisted'],
  ['a public name with a private address, where the plan does not tell who is asked', 'db.corp.example', { resource_config_dns_resolution: '${var.resolution}' }, all(pastFirewall, zoned('corp.example', { records: ['10.0.2.7'] })), 'allowlisted'],
  ['a public name with a private address in another network', 'db.corp.example', IN_VPC, all(pastFirewall, zoned('corp.example', { records: ['10.0.2.7'] }, { vpc: [{ vpc_id: 'vpc-1' }] })), 'allowlisted'],
  ['a public name with a private address, of which a rule has others asked', 'db.corp.example', IN_VPC, all(pastFirewall, zoned('corp.example', { records: ['10.0.2.7'] }), add('aws_route53_resolver_rule_association', 'own', { vpc_id: vpc, resolver_rule_id: 'rslvr-rr-1' })), 'allowlisted'],
  ['a public name below a wildcard', 'db.corp.example', IN_VPC, all(pastFirewall, zoned('corp.example', { name: '*.corp.example', records: ['10.0.2.7'] })), 'allowlisted'],
  ['a database of AWS', 'db.abc.us-east-1.rds.amazonaws.com', IN_VPC, pastFirewall, 'none'],
  ['a database of AWS that the plan answers otherwise', 'db.abc.us-east-1.rds.amazonaws.com', IN_VPC, all(pastFirewall, zoned('abc.us-east-1.rds.amazonaws.com', { records: ['8.8.4.4'] })), 'allowlisted'],
])('%s', (_, name, gateway, edit, kind) => expect(reached(name, gateway, edit).kind).toBe(kind));

test('whoever answers, a gateway without a way out leads nowhere', () => {
  const closed: Break = (resource) => void (resource.aws_route_table!.app!.route = []);
  expect(reached('db.corp.internal', IN_VPC, closed)).toMatchObject({ kind: 'none', reasons: [] });
  expect(reached('db.corp.internal', IN_VPC, pastFirewall).reasons).toEqual(['which address db.corp.internal has, only the resolver of the network of aws_vpclattice_resource_gateway.own says']);
});
