/** What a replacement left to be deleted later runs until then, and a state has it beside its successor. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

const resource = (address: string, values: object, more: object = {}) => {
  const [type, name] = address.split('.');
  return { address, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/aws', schema_version: 0, values, ...more };
};
const machine = (id: string, subnet_id: string, associate_public_ip_address: boolean, more?: object) => resource('aws_instance.app', { id, subnet_id, associate_public_ip_address, vpc_security_group_ids: ['sg-1'] }, more);
const STATE = { format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: [
  resource('aws_vpc.main', { id: 'vpc-1', cidr_block: '10.0.0.0/16' }),
  resource('aws_internet_gateway.main', { id: 'igw-1', vpc_id: 'vpc-1' }),
  ...[['public', '0', [{ cidr_block: '0.0.0.0/0', gateway_id: 'igw-1' }]], ['private', '1', []]].flatMap(([name, octet, route]) => [
    resource(`aws_subnet.${name as string}`, { id: `subnet-${octet as string}`, vpc_id: 'vpc-1', cidr_block: `10.0.${octet as string}.0/24` }),
    resource(`aws_route_table.${name as string}`, { id: `rtb-${octet as string}`, vpc_id: 'vpc-1', route }),
    resource(`aws_route_table_association.${name as string}`, { id: `rtbassoc-${octet as string}`, subnet_id: `subnet-${octet as string}`, route_table_id: `rtb-${octet as string}` }),
  ]),
  resource('aws_security_group.app', { id: 'sg-1', vpc_id: 'vpc-1', ingress: [], egress: [{ protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: ['0.0.0.0/0'] }] }),
  machine('i-new', 'subnet-1', false),
  machine('i-old', 'subnet-0', true, { deposed_key: 'ab12cd34' }),
] } } };

test('a deposed machine is a place of its own', () => {
  const { verdicts, findings } = review({ inputs: [{ ...parsePlan(JSON.stringify(STATE), 'state.json'), name: 'state.json' }], today: TODAY });
  expect(verdicts.map(({ place, verdict }) => [place, verdict])).toEqual([['aws_instance.app', 'none'], ['aws_instance.app (deposed ab12cd34)', 'open']]);
  expect(findings.map(({ rule, address }) => `${rule} ${address}`)).toContain('public-address-on-workload aws_instance.app');
});
