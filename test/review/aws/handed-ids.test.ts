/** Ids that one file writes into a parameter and another one reads: a plan has them, and marks them as sensitive. */
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

type Values = Readonly<Record<string, unknown>>;
type Marks = Readonly<Record<string, unknown>>;

const resource = (address: string, values: Values, sensitive_values: Marks = {}) => ({
  address, mode: 'managed', type: address.split('.')[0], name: address.split('.')[1], provider_name: 'registry.terraform.io/hashicorp/aws', values, sensitive_values,
});
const [VPC, SUBNET, OTHER, GATEWAY, TABLE, GROUP, SHUT] = ['vpc-0123456789abcdef0', 'subnet-0123456789abcdef0', 'subnet-0123456789abcdef1', 'igw-0123456789abcdef0', 'rtb-0123456789abcdef0', 'sg-0123456789abcdef0', 'sg-0123456789abcdef1'];
const MACHINE = 'aws_instance.web';
const NETWORK = [
  resource('aws_vpc.main', { id: VPC, cidr_block: '10.0.0.0/16' }),
  resource('aws_subnet.public', { id: SUBNET, vpc_id: VPC, cidr_block: '10.0.1.0/24' }),
  resource('aws_internet_gateway.main', { id: GATEWAY, vpc_id: VPC }),
  resource('aws_route_table.public', { id: TABLE, vpc_id: VPC, route: [{ cidr_block: '0.0.0.0/0', gateway_id: GATEWAY }] }),
  resource('aws_route_table_association.public', { id: 'rtbassoc-0123456789abcdef0', subnet_id: SUBNET, route_table_id: TABLE }),
  resource('aws_security_group.open', { id: GROUP, vpc_id: VPC, ingress: [], egress: [{ protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: ['0.0.0.0/0'] }] }),
  resource('aws_security_group.shut', { id: SHUT, vpc_id: VPC, ingress: [], egress: [] }),
];
const parameter = (name: string) => ({ address: `data.aws_ssm_parameter.${name}`, mode: 'data', type: 'aws_ssm_parameter', name });
const reads = (...names: readonly string[]) => ({ references: names.flatMap((name) => [`data.aws_ssm_parameter.${name}.value`, `data.aws_ssm_parameter.${name}`]) });

const network: PlanFile = parsePlan(JSON.stringify({ format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: NETWORK } } }), 'network.json');

/** As Terraform writes it: what a parameter hands on is known, and sensitive. */
function app(values: Values, sensitive: Marks): PlanFile {
  const { values: after, sensitive_values: after_sensitive, ...parts } = resource(MACHINE, { associate_public_ip_address: true, ...values }, sensitive);
  return parsePlan(JSON.stringify({
    format_version: '1.2', terraform_version: '1.11.4',
    resource_changes: [{ ...parts, change: { actions: ['create'], before: null, after, after_unknown: { id: true }, after_sensitive } }],
    prior_state: { format_version: '1.0', values: { root_module: { resources: ['subnet', 'groups'].map((name) => ({ ...parameter(name), values: { name: `/net/${name}`, value: 'hidden' }, sensitive_values: { value: true } })) } } },
    configuration: { root_module: { resources: [...['subnet', 'groups'].map((name) => ({ ...parameter(name), expressions: { name: { constant_value: `/net/${name}` } } })), { ...parts, expressions: { subnet_id: reads('subnet'), vpc_security_group_ids: reads('groups') } }] } },
  }), 'app.json');
}
const state = (values: Values, sensitive: Marks): PlanFile => parsePlan(JSON.stringify({
  format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: [resource(MACHINE, { id: 'i-0123456789abcdef0', associate_public_ip_address: true, ...values }, sensitive)] } },
}), 'app.json');

const judged = (file: PlanFile) => review({ inputs: [network, file], today: TODAY, together: true }).verdicts.find(({ place, family }) => place.endsWith(MACHINE) && family === 4)?.verdict;
const BOTH = { subnet_id: true, vpc_security_group_ids: true };

test.each([['open', GROUP], ['none', SHUT]])('a machine whose subnet and groups are read from parameters is judged where it stands: %s', (verdict, group) => {
  const values = { subnet_id: SUBNET, vpc_security_group_ids: [group] };
  expect([judged(app(values, BOTH)), judged(app(values, { subnet_id: true })), judged(app(values, { vpc_security_group_ids: [true] })), judged(state(values, BOTH))]).toEqual([verdict, verdict, verdict, verdict]);
});

test('an id that nothing has is not known', () => {
  expect(judged(app({ subnet_id: OTHER, vpc_security_group_ids: [GROUP] }, BOTH))).toBe('unknown');
  expect(judged(app({ subnet_id: SUBNET, vpc_security_group_ids: [SHUT, 'sg-0123456789abcdef9'] }, BOTH))).toBe('unknown');
  expect(JSON.stringify(review({ inputs: [network, app({ subnet_id: OTHER, vpc_security_group_ids: [GROUP] }, BOTH)], today: TODAY, together: true }))).not.toContain(OTHER);
});

test('what is no id joins nothing, and no value is told', () => {
  const secret = 'public-address-of-somebody';
  const result = review({ inputs: [network, app({ subnet_id: secret, vpc_security_group_ids: [GROUP] }, BOTH)], today: TODAY, together: true });
  expect(result.verdicts.find(({ place }) => place.endsWith(MACHINE))?.verdict).toBe('unknown');
  expect(JSON.stringify(result)).not.toContain(secret);
});

test('judged apart, the files are told to belong together', () => {
  const apart = review({ inputs: [network, app({ subnet_id: SUBNET, vpc_security_group_ids: [GROUP] }, BOTH)], today: TODAY });
  expect(apart.verdicts.find(({ place }) => place.endsWith(MACHINE))?.verdict).toBe('unknown');
  expect(apart.notices).toEqual(['app.json: has ids of network.json, which is judged by itself; --together judges both as one network']);
});
