/** Whose things a policy of an endpoint serves. */
import { changed } from './reviewed';

function judged(statement: object): readonly string[] {
  return changed((resource) => {
    resource.aws_vpc_endpoint!.logs!.policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', ...statement }] });
  }).findings.filter(({ rule }) => rule === 'endpoint-policy-full-access').map(({ address }) => address);
}

const on = (Resource: string, Condition?: object) => ({ Resource, ...(Condition ? { Condition: { StringEquals: Condition } } : {}) });

test.each([
  ['the account of whoever calls', on('*', { 'aws:ResourceAccount': '${aws:PrincipalAccount}' })],
  ['the organization of whoever calls', on('*', { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' })],
  ['the organization of whoever calls, which is that of whoever calls', on('*', { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}', 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' })],
  ['buckets that begin with a word, as anybody\'s may', on('arn:aws:s3:::acme-*')],
  ['buckets with anything in their name', on('arn:aws:s3:::prod-*-starport-layer-bucket/*')],
  ['buckets that are called after the account of whoever calls', on('arn:aws:s3:::logs-${aws:PrincipalAccount}/*')],
  ['queues of a name in every account', on('arn:aws:sqs:us-east-1:*:jobs')],
  ['everything but one bucket', { NotResource: 'arn:aws:s3:::acme/*' }],
])('a policy for %s serves anybody', (_, statement) => expect(judged(statement)).toEqual(['aws_vpc_endpoint.logs']));

test.each([
  ['the organization of callers that are named', on('*', { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}', 'aws:PrincipalOrgID': 'o-1' })],
  ['one bucket', on('arn:aws:s3:::acme/*')],
  ['one bucket itself', on('arn:aws:s3:::acme')],
  ['a bucket whose name is known after apply', on('arn:aws:s3:::${var.bucket}/*')],
  ['queues of an account', on('arn:aws:sqs:*:111122223333:*')],
  ['parameters that AWS has', on('arn:aws:ssm:us-east-1::parameter/aws/service/*')],
])('a policy for %s does not', (_, statement) => expect(judged(statement)).toEqual([]));

const refusing = (Condition: object, more: object = {}) => changed((resource) => {
  resource.aws_vpc_endpoint!.logs!.policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }, { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*', Condition, ...more }] });
}).rules.includes('endpoint-policy-full-access');

test('what is refused to all others is allowed to these alone', () => {
  expect(refusing({ StringNotEquals: { 'aws:ResourceOrgID': 'o-1' } })).toBe(false);
  expect(refusing({ StringNotEqualsIfExists: { 'aws:ResourceAccount': ['111122223333'] }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } })).toBe(false);
});

test.each<[string, object, object]>([
  ['of whoever calls', { StringNotEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } }, {}],
  ['of some accounts, which are named', { StringEquals: { 'aws:ResourceAccount': '999999999999' } }, {}],
  ['of others, to services alone', { StringNotEquals: { 'aws:ResourceOrgID': 'o-1' }, Bool: { 'aws:PrincipalIsAWSService': 'true' } }, {}],
  ['of others, but for a role', { StringNotEquals: { 'aws:ResourceOrgID': 'o-1', 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/r' } }, {}],
  ['of others, for one action', { StringNotEquals: { 'aws:ResourceOrgID': 'o-1' } }, { Action: 's3:DeleteObject' }],
  ['of others, on one bucket', { StringNotEquals: { 'aws:ResourceOrgID': 'o-1' } }, { Resource: 'arn:aws:s3:::acme/*' }],
  ['of others, to one role', { StringNotEquals: { 'aws:ResourceOrgID': 'o-1' } }, { Principal: { AWS: 'arn:aws:iam::111122223333:role/r' } }],
])('but not what is refused %s', (_, condition, more) => expect(refusing(condition, more)).toBe(true));
