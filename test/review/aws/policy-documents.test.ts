/** Actions of policy documents, as IAM compares them. */
import { takesIn } from '../../../review/model/aws/policy-documents';
import { changed } from './reviewed';

test.each<[string, string, boolean]>([
  ['s3:DeleteObject', 's3:DeleteObject', true], ['S3:deleteobject', 's3:DeleteObject', true], ['s3:Delete*', 's3:DeleteObjectVersion', true], ['*', 's3:DeleteObject', true], ['s3:*Object', 's3:DeleteObject', true],
  ['s3:*Object', 's3:DeleteObjectVersion', false], ['s3:DeleteObjec?', 's3:DeleteObject', true], ['s3:Delete?', 's3:DeleteObject', false], ['s3:*e*e*Obj**', 's3:DeleteObject', true], ['s3.DeleteObject', 's3:DeleteObject', false],
  ['', 's3:DeleteObject', false], ['s3:DeleteObject*', 's3:DeleteObject', true], ['s3:(', 's3:DeleteObject', false], ['[', 's3:DeleteObject', false],
])('the action "%s" takes in %s: %s', (pattern, action, expected) => expect(takesIn(pattern, action)).toBe(expected));

test('nor does an action of thousands of stars take long', () => expect(takesIn('*a'.repeat(5_000), 's3:DeleteObject'.repeat(100))).toBe(false));

test.each<[string, object, boolean]>([
  ['for its own account', { StringEquals: { 'aws:SourceAccount': '111122223333' } }, false],
  ['for logs of its own account', { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:us-east-1:111122223333:log-group:*' } }, false],
  ['for a bucket', { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::acme' } }, false],
  ['for every account but its own', { StringNotEquals: { 'aws:SourceAccount': '111122223333' } }, true],
  ['for whatever account there is', { StringLike: { 'aws:SourceAccount': '*' } }, true],
  ['for whoever says no account', { StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } }, true],
  ['for logs of every account', { ArnLike: { 'aws:SourceArn': 'arn:aws:logs:*:*:*' } }, true],
  ['for every bucket', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } }, true],
])('a service that acts %s', (_, Condition, isOpen) => {
  const policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { Service: 'logs.us-east-1.amazonaws.com' }, Action: 'kms:Encrypt', Resource: '*', Condition }] });
  expect(changed((resource) => void (resource.aws_kms_key = { logs: { enable_key_rotation: true, policy } })).rules.includes('key-policy-open')).toBe(isOpen);
});

test('a policy of its own is told once, and so is that of a replica', () => {
  const policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }] });
  const told = (key: object, more: Record<string, Record<string, object>>) => changed((resource) => void Object.assign(resource, { aws_kms_key: { own: { enable_key_rotation: true, ...key } } }, more)).findings.flatMap(({ rule, address }) => (rule === 'key-policy-open' ? [address] : []));
  expect(told({ policy }, { aws_kms_key_policy: { own: { key_id: '${aws_kms_key.own.id}', policy } } })).toEqual(['aws_kms_key_policy.own']);
  expect(told({}, { aws_kms_replica_key: { other: { primary_key_arn: '${aws_kms_key.own.arn}', policy } } })).toEqual(['aws_kms_replica_key.other']);
});
