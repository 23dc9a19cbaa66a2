/** Several regions in one plan: by the `region` of each resource, as provider 6 has it, and by provider blocks. */
import { review } from './reviewed';

type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

const PROVIDERS = [{ region: 'us-east-1' }, { alias: 'eu', region: 'eu-west-1' }];

function stack(resource: Resources, provider: readonly object[] = PROVIDERS) {
  return review({ terraform: { required_providers: { aws: { source: 'aws' } } }, provider: { aws: provider }, resource });
}

/** How one says that something is in Europe: by itself, or by its provider. */
const IN_EUROPE = [['region', { region: 'eu-west-1' }], ['provider', { provider: 'aws.eu' }]] as const;
const machine = (subnet: string) => ({ ami: 'ami-1', instance_type: 't3.micro', subnet_id: `\${aws_default_subnet.${subnet}.id}` });
const tell = ({ rule, message }: { readonly rule: string; readonly message: string }) => `${rule}: ${message}`;

describe.each(IN_EUROPE)('the default VPC of another region (%s)', (_, europe) => {
  const closed = (more: Resources) => stack({
    aws_default_vpc: { eu: { ...europe }, ...more['aws_default_vpc'] },
    aws_default_route_table: { eu: { ...europe, default_route_table_id: '${aws_default_vpc.eu.default_route_table_id}', route: [] } },
    aws_default_subnet: { eu: { ...europe, availability_zone: 'eu-west-1a' }, us: { availability_zone: 'us-east-1a' } },
    aws_instance: { eu: { ...europe, ...machine('eu') }, us: machine('us') },
  });

  test('closes nothing here, where AWS made one that nobody adopted', () => {
    const { at } = closed({});
    expect(at('aws_instance.eu')).toMatchObject({ kind: 'none' });
    expect(at('aws_instance.us')).toMatchObject({ kind: 'open' });
  });

  test('is told from the one that is adopted here', () => {
    const { at } = closed({ aws_default_vpc: { us: {} } });
    expect(at('aws_instance.eu')).toMatchObject({ kind: 'none' });
    expect(at('aws_instance.us')).toMatchObject({ kind: 'open' });
  });

  test('settings for machines of that region hold for no others', () => {
    const { findings } = stack({
      aws_ec2_instance_metadata_defaults: { eu: { ...europe, http_tokens: 'required' } },
      aws_instance: { us: { ami: 'ami-1', instance_type: 't3.micro' }, eu: { ...europe, ami: 'ami-1', instance_type: 't3.micro' } },
    });
    expect(findings.filter(({ rule }) => rule === 'metadata-tokens-optional').map(tell)).toEqual(['metadata-tokens-optional: aws_instance.us has http_tokens not set']);
  });
});

test('a network of one\'s own is no default one', () => {
  const { at } = stack({ aws_vpc: { own: { cidr_block: '10.0.0.0/16' } }, aws_default_subnet: { us: { availability_zone: 'us-east-1a' } }, aws_instance: { us: machine('us') } });
  expect(at('aws_instance.us')).toMatchObject({ kind: 'open', reasons: [] });
});

test.each([['vpc-0000000000000000a', 'none'], ['vpc-0000000000000000b', 'open'], ['vpc-0000000000000000c', 'open']])('what exists says itself in which network it is: %s', (vpc_id, kind) => {
  const of = (type: string, name: string, values: object) => ({ address: `${type}.${name}`, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/aws', values });
  const network = (name: string, region: string) => of('aws_default_vpc', name, { id: `vpc-0000000000000000${name}`, arn: `arn:aws:ec2:${region}:111122223333:vpc/vpc-0000000000000000${name}`, cidr_block: '172.31.0.0/16', default_route_table_id: `rtb-0000000000000000${name}` });
  const { at } = review({ format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: [
    network('a', 'eu-west-1'), network('b', 'us-east-1'), of('aws_default_route_table', 'a', { id: 'rtb-0000000000000000a', default_route_table_id: 'rtb-0000000000000000a', vpc_id: 'vpc-0000000000000000a', route: [] }),
    of('aws_default_subnet', 'some', { id: 'subnet-0000000000000000a', vpc_id, availability_zone: 'eu-west-1a' }), of('aws_instance', 'app', { id: 'i-0000000000000000a', subnet_id: 'subnet-0000000000000000a' }),
  ] } } });
  expect(at('aws_instance.app').kind).toBe(kind);
});

test('names of what is in no region hold everywhere', () => {
  const { model } = stack({ aws_iam_role: { app: { provider: 'aws.eu', name: 'app' } }, aws_kms_alias: { app: { provider: 'aws.eu', name: 'app' } }, aws_lambda_function: { app: { function_name: 'app', role: 'app' } } });
  const [lambda] = model.graph.ofType('aws_lambda_function');
  const named = (type: string) => lambda!.references('role', { types: [type] }).targets.map(({ address }) => address);
  expect([named('aws_iam_role'), named('aws_kms_alias')]).toEqual([['aws_iam_role.app'], []]);
});

test('settings of a region that the plan does not tell hold for nothing', () => {
  const { rules } = stack({ aws_ec2_instance_metadata_defaults: { some: { region: '${var.region}', http_tokens: 'required' } }, aws_instance: { us: { ami: 'ami-1', instance_type: 't3.micro' } } });
  expect(rules).toContain('metadata-tokens-optional');
});

test.each(['eu-west-1', '${var.other}'])('a subnet whose region the plan does not tell may be in the one that AWS made: beside %s', (region) => {
  const { at } = stack({
    aws_default_vpc: { eu: { region } },
    aws_default_route_table: { eu: { region: 'eu-west-1', default_route_table_id: '${aws_default_vpc.eu.default_route_table_id}', route: [] } },
    aws_default_subnet: { some: { region: '${var.region}', availability_zone: '${var.zone}' } },
    aws_instance: { app: machine('some') },
  });
  expect(at('aws_instance.app').kind).toBe('unknown');
});

describe.each(IN_EUROPE)('a name that two regions have (%s)', (_, europe) => {
  const network = (more: object) => ({ cidr_block: '10.0.0.0/16', ...more });
  const database = (more: object) => ({ instance_class: 'db.t3.micro', db_subnet_group_name: 'main', publicly_accessible: true, ...more });
  const reviewed = (groups: Readonly<Record<string, object>>) => stack({
    aws_vpc: { eu: network(europe), us: network({}) },
    aws_subnet: { eu: { ...europe, vpc_id: '${aws_vpc.eu.id}', cidr_block: '10.0.0.0/24' }, us: { vpc_id: '${aws_vpc.us.id}', cidr_block: '10.0.0.0/24' } },
    aws_internet_gateway: { us: { vpc_id: '${aws_vpc.us.id}' } },
    aws_route_table: { us: { vpc_id: '${aws_vpc.us.id}', route: [{ cidr_block: '0.0.0.0/0', gateway_id: '${aws_internet_gateway.us.id}' }] } },
    aws_route_table_association: { us: { subnet_id: '${aws_subnet.us.id}', route_table_id: '${aws_route_table.us.id}' } },
    aws_db_subnet_group: groups,
    aws_db_instance: { eu: database(europe), us: database({}) },
  });
  const europeans = { ...europe, name: 'main', subnet_ids: ['${aws_subnet.eu.id}'] };

  test('is that of one\'s own', () => {
    const { at, verdicts } = reviewed({ eu: europeans, us: { name: 'main', subnet_ids: ['${aws_subnet.us.id}'] } });
    expect(at('aws_db_instance.eu')).toMatchObject({ kind: 'none', reasons: [] });
    expect(at('aws_db_instance.us')).toMatchObject({ kind: 'open', reasons: [] });
    expect(verdicts.filter(({ place }) => place.id.startsWith('aws_db_instance'))).toHaveLength(2);
  });

  test('is nobody\'s where only the other has it', () => {
    expect(reviewed({ eu: europeans }).at('aws_db_instance.us').kind).toBe('unknown');
  });
});

test.each([
  ['a peering of transit gateways', 'aws_ec2_transit_gateway_peering_attachment', 'tgw-attach-0123456789abcdef0', 'aws_ec2_transit_gateway_peering_attachment_accepter', 'transit_gateway_attachment_id'],
  ['a gateway of Direct Connect', 'aws_dx_gateway', 'f30d0d8d-0f1c-4a3b-9c0e-1d2c3b4a5f60', 'aws_dx_gateway_association', 'dx_gateway_id'],
])('an id that AWS gave is that of one thing, wherever it is: %s', (_, type, id, user, attribute) => {
  const of = (kind: string, values: object) => ({ address: `${kind}.x`, mode: 'managed', type: kind, name: 'x', provider_name: 'registry.terraform.io/hashicorp/aws', values });
  const { model } = review({ format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: [of(type, { id, name: 'x', region: 'us-east-1' }), of(user, { id: 'some', [attribute]: id, region: 'eu-west-1' })] } } });
  expect(model.graph.ofType(user)[0]!.references(attribute, { types: [type] }).targets.map(({ address }) => address)).toEqual([`${type}.x`]);
});
