import { endpointNeeds, presetServices } from '../../../blueprints/policy/aws-endpoint-catalog';
import { endpointPolicy } from '../../../blueprints/aws/endpoint-policy';
import { AwsPrivateEndpoints, type AwsPrivateEndpointsProps } from '../../../blueprints/aws/private-endpoints';
import { bodies, synthesize } from './policies';

const perimeter = { region: 'us-east-1', partition: 'aws', account: '111122223333', readableBuckets: ['prod-us-east-1-starport-layer-bucket'] };
const props: AwsPrivateEndpointsProps = {
  name: 'acme-test', region: 'us-east-1', vpcId: 'vpc-1', account: '111122223333', subnetIds: ['subnet-a', 'subnet-b'], groupIds: ['sg-1'], gateways: [{ service: 's3', interfaceEndpoint: true, routeTableIds: ['rtb-1'] }],
  services: [{ name: 'container-registry' }, { name: 'object-storage' }, { name: 'rds-data', cloud: 'aws' }],
};
const made = (over: Partial<AwsPrivateEndpointsProps> = {}) => synthesize((stack) => new AwsPrivateEndpoints(stack, 'endpoints', { ...props, ...over }));

test('a service that two ask for is one endpoint', () => {
  expect(endpointNeeds(props.services, props.gateways!).map(({ name, kind }) => `${name} ${kind}`)).toEqual(['ecr.api interface', 'ecr.dkr interface', 'rds-data interface', 's3 gateway', 's3 interface']);
});

test('without a segment that can use it there is no gateway endpoint', () => {
  expect(endpointNeeds(props.services, []).every(({ kind }) => kind === 'interface')).toBe(true);
});

test('a gateway that serves every segment stands alone, in the tables that it is given', () => {
  const gateways = [{ service: 's3', interfaceEndpoint: false, routeTableIds: ['rtb-1', 'rtb-2'] }];
  const bodiesOfS3 = bodies(made({ gateways }), 'aws_vpc_endpoint').filter(({ service_name }) => service_name === 'com.amazonaws.us-east-1.s3');
  expect(bodiesOfS3).toEqual([expect.objectContaining({ vpc_endpoint_type: 'Gateway', route_table_ids: ['rtb-1', 'rtb-2'] })]);
  expect(JSON.parse(bodiesOfS3[0].policy).Statement[0].Condition.StringEquals).toHaveProperty(['aws:ResourceAccount']);
});

test('DynamoDB is reached by an interface of its own name, and by the gateway where a segment has hosts', () => {
  const services = [{ name: 'dynamodb', cloud: 'aws' as const }];
  expect(endpointNeeds(services, [{ service: 'dynamodb', interfaceEndpoint: true }]).map(({ kind }) => kind)).toEqual(['gateway', 'interface']);
  const [body, ...more] = bodies(made({ services, gateways: [] }), 'aws_vpc_endpoint');
  expect(more).toEqual([]);
  // AWS refuses private DNS for it.
  expect(body).toMatchObject({ vpc_endpoint_type: 'Interface', service_name: 'com.amazonaws.us-east-1.dynamodb', private_dns_enabled: false });
});

test.each([
  ['ecs', ['ecr.api', 'ecr.dkr', 'ecs', 'ecs-agent', 'ecs-telemetry', 'logs', 's3']],
  ['eks', ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'elasticloadbalancing', 'logs', 's3', 'sts']],
  ['lambda', ['lambda', 'secretsmanager', 'sts']],
  ['ssm', ['ec2messages', 'ssm', 'ssmmessages']],
] as const)('the preset %s', (preset, services) => {
  expect(presetServices([preset]).map(({ name }) => name)).toEqual(services);
});

test('presets that share a service ask for one endpoint', () => {
  const needs = endpointNeeds([...presetServices(['ecs', 'eks']), { name: 'kubernetes' }], []);
  expect(needs.map(({ name }) => name)).toEqual([...new Set(needs.map(({ name }) => name))]);
  expect(needs.find(({ name }) => name === 'ecr.api')!.services).toEqual([{ name: 'ecr.api', cloud: 'aws' }, { name: 'kubernetes' }]);
});

test.each([
  ['iam', 'us-east-1', /global service.*write 'aws:com\.amazonaws\.iam'/],
  ['route53', 'us-east-1', /global service and has no endpoint/],
  ['com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0', 'eu-west-1', /somebody publishes, and no endpoint policy holds .*; allow its host/],
  ['com.amazonaws.iam', 'eu-west-1', /in us-east-1 only, and this is eu-west-1/],
  ['com.amazonaws.us-east-1.sqs', 'us-east-1', /has its region in its name.*write 'aws:sqs'/],
  ['com.amazonaws.us-east-1.ecr.api', 'eu-west-1', /is a service of us-east-1, and this network is in eu-west-1; write 'aws:ecr\.api'/],
  ['aws.sagemaker.us-east-1.notebook', 'us-east-1', /as of SageMaker notebooks.*in a stack of your own/],
  ['ecr.', 'us-east-1', /is not how AWS names an endpoint; write lower-case letters/],
  ['S3', 'us-east-1', /is not how AWS names an endpoint/],
  ['ecr', 'us-east-1', /write 'aws:ecr\.api' and 'aws:ecr\.dkr'/],
  ['kinesis', 'us-east-1', /write 'aws:kinesis-streams'/],
])("'%s' in %s is refused with the way out", (name, region, message) => {
  expect(() => made({ region, services: [{ name, cloud: 'aws' }] })).toThrow(message);
});

test('two names of which AWS has one at most are refused together', () => {
  expect(() => made({ services: ['ecr.api', 'ecr-api'].map((name) => ({ name, cloud: 'aws' as const })) })).toThrow(/'ecr-api' and 'ecr\.api' are one name to Terraform.*; drop the one that it has not/);
});

test('IAM has its one endpoint, by its full name', () => {
  expect(bodies(made({ services: [{ name: 'com.amazonaws.iam', cloud: 'aws' }] }), 'aws_vpc_endpoint')[0]).toMatchObject({ service_name: 'com.amazonaws.iam', private_dns_enabled: true });
});

test('interface endpoints are in every subnet, answer to the usual name and stay in their group', () => {
  for (const body of bodies(made(), 'aws_vpc_endpoint').filter((each) => each.vpc_endpoint_type === 'Interface')) {
    expect(body).toMatchObject({ subnet_ids: ['subnet-a', 'subnet-b'], security_group_ids: ['sg-1'], private_dns_enabled: true });
  }
});

test('a policy serves own identities on own resources, and reads the buckets that image layers lie in', () => {
  const { Statement } = JSON.parse(endpointPolicy('s3', perimeter));
  expect(Statement[0].Condition).toEqual({ StringEquals: { 'aws:PrincipalAccount': '111122223333', 'aws:ResourceAccount': '111122223333' } });
  expect(Statement[2]).toMatchObject({ Action: 's3:GetObject', Resource: ['arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*'] });
  expect(JSON.parse(endpointPolicy('kms', perimeter)).Statement).toHaveLength(2);
});

test('an organization widens the perimeter to its accounts and no further', () => {
  const [own] = JSON.parse(endpointPolicy('kms', { ...perimeter, organizationId: 'o-abc' })).Statement;
  expect(own.Condition).toEqual({ StringEquals: { 'aws:PrincipalOrgID': 'o-abc', 'aws:ResourceOrgID': 'o-abc' } });
});

test('web identities may take own roles only', () => {
  const [, , webIdentity] = JSON.parse(endpointPolicy('sts', perimeter)).Statement;
  expect(webIdentity).toMatchObject({ Action: 'sts:AssumeRoleWithWebIdentity', Resource: 'arn:aws:iam::111122223333:role/*' });
});

test('AWS services come through on own resources, of the organization where there is one', () => {
  const condition = (over: object) => JSON.parse(endpointPolicy('kms', { ...perimeter, ...over })).Statement[1].Condition;
  expect(condition({})).toEqual({ Bool: { 'aws:PrincipalIsAWSService': 'true' }, StringEquals: { 'aws:ResourceAccount': '111122223333' } });
  expect(condition({ organizationId: 'o-abc' })).toEqual({ Bool: { 'aws:PrincipalIsAWSService': 'true' }, StringEquals: { 'aws:ResourceOrgID': 'o-abc' } });
});

test('buckets that a team names are read beside the one with image layers', () => {
  const gateway = bodies(made({ readableBuckets: ['al2023-repos-us-east-1-de612dc2'] }), 'aws_vpc_endpoint').find((body) => body.vpc_endpoint_type === 'Gateway');
  expect(JSON.parse(gateway.policy).Statement[2].Resource).toEqual(['arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*', 'arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*']);
});

test('without a subnet or a group it refuses, and says both', () => {
  expect(() => made({ subnetIds: [], groupIds: [] })).toThrow(/pass subnetIds[\s\S]*pass groupIds/);
});
