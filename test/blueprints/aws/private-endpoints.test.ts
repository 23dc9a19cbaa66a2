import { endpointNeeds } from '../../../blueprints/aws/endpoint-catalog';
import { endpointPolicy } from '../../../blueprints/aws/endpoint-policy';
import { AwsPrivateEndpoints, type AwsPrivateEndpointsProps } from '../../../blueprints/aws/private-endpoints';
import { bodies, synthesize } from './policies';

const perimeter = { region: 'us-east-1', partition: 'aws', account: '111122223333', readableBuckets: ['prod-us-east-1-starport-layer-bucket'] };
const props: AwsPrivateEndpointsProps = {
  name: 'acme-test', region: 'us-east-1', vpcId: 'vpc-1', account: '111122223333', subnetIds: ['subnet-a', 'subnet-b'], groupIds: ['sg-1'], gatewayRouteTableIds: ['rtb-1'],
  services: [{ name: 'container-registry' }, { name: 'object-storage' }, { name: 'rds-data', cloud: 'aws' }],
};
const made = (over: Partial<AwsPrivateEndpointsProps> = {}) => synthesize((stack) => new AwsPrivateEndpoints(stack, 'endpoints', { ...props, ...over }));

test('a service that two ask for is one endpoint', () => {
  expect(endpointNeeds(props.services, true).map(({ name, kind }) => `${name} ${kind}`)).toEqual(['ecr.api interface', 'ecr.dkr interface', 'rds-data interface', 's3 gateway', 's3 interface']);
});

test('without a segment that can use it there is no gateway endpoint', () => {
  expect(endpointNeeds(props.services, false).every(({ kind }) => kind === 'interface')).toBe(true);
  expect(() => made({ services: [{ name: 'dynamodb', cloud: 'aws' }], gatewayRouteTableIds: [] })).toThrow(/'dynamodb' has a gateway endpoint only.*drop 'aws:dynamodb'/);
});

test('interface endpoints are in every subnet, answer to the usual name and stay in their group', () => {
  for (const body of bodies(made(), 'aws_vpc_endpoint').filter((each) => each.vpc_endpoint_type === 'Interface')) {
    expect(body).toMatchObject({ subnet_ids: ['subnet-a', 'subnet-b'], security_group_ids: ['sg-1'], private_dns_enabled: true });
  }
});

test('a policy serves own identities on own resources, and reads the buckets that image layers lie in', () => {
  const { Statement } = JSON.parse(endpointPolicy('s3', perimeter));
  expect(Statement[0].Condition).toEqual({ StringEquals: { 'aws:PrincipalAccount': '111122223333', 'aws:ResourceAccount': '111122223333' } });
  expect(Statement[1]).toMatchObject({ Action: 's3:GetObject', Resource: ['arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*'] });
  expect(JSON.parse(endpointPolicy('kms', perimeter)).Statement).toHaveLength(1);
});

test('an organization widens the perimeter to its accounts and no further', () => {
  const [own] = JSON.parse(endpointPolicy('kms', { ...perimeter, organizationId: 'o-abc' })).Statement;
  expect(own.Condition).toEqual({ StringEquals: { 'aws:PrincipalOrgID': 'o-abc', 'aws:ResourceOrgID': 'o-abc' } });
});

test('web identities may take own roles only', () => {
  const [, webIdentity] = JSON.parse(endpointPolicy('sts', perimeter)).Statement;
  expect(webIdentity).toMatchObject({ Action: 'sts:AssumeRoleWithWebIdentity', Resource: 'arn:aws:iam::111122223333:role/*' });
});

test('without a subnet or a group it refuses, and says both', () => {
  expect(() => made({ subnetIds: [], groupIds: [] })).toThrow(/pass subnetIds[\s\S]*pass groupIds/);
});
