/** Whose things a policy of an endpoint serves. */
import { change, configured, plan } from '../plan/plans';
import { ref } from '../sound-stack';
import { changed, review } from './reviewed';

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
  ['every organization', { Resource: '*', Condition: { StringLike: { 'aws:ResourceOrgID': 'o-*' } } }],
  ['accounts that begin with a digit', { Resource: '*', Condition: { StringLike: { 'aws:ResourceAccount': '1*' } } }],
  ['everything but one bucket', { NotResource: 'arn:aws:s3:::acme/*' }],
])('a policy for %s serves anybody', (_, statement) => expect(judged(statement)).toEqual(['aws_vpc_endpoint.logs']));

test.each([
  ['the organization of callers that are named', on('*', { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}', 'aws:PrincipalOrgID': 'o-1' })],
  ['all paths of an organization', { Resource: '*', Condition: { 'ForAnyValue:StringLike': { 'aws:ResourceOrgPaths': ['o-1/r-1/*'] } } }],
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
  ['of organizations that are called otherwise', { StringNotLike: { 'aws:ResourceOrgID': 'o-*' } }, {}],
  ['of others, but for a role', { StringNotEquals: { 'aws:ResourceOrgID': 'o-1', 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/r' } }, {}],
  ['of others, for one action', { StringNotEquals: { 'aws:ResourceOrgID': 'o-1' } }, { Action: 's3:DeleteObject' }],
  ['of others, on one bucket', { StringNotEquals: { 'aws:ResourceOrgID': 'o-1' } }, { Resource: 'arn:aws:s3:::acme/*' }],
  ['of others, to one role', { StringNotEquals: { 'aws:ResourceOrgID': 'o-1' } }, { Principal: { AWS: 'arn:aws:iam::111122223333:role/r' } }],
])('but not what is refused %s', (_, condition, more) => expect(refusing(condition, more)).toBe(true));

const OWN = { aws_caller_identity: { me: { account_id: '111122223333' } }, aws_organizations_organization: { us: { id: 'o-aaaaaaaaaa' } } };
const writing = (statement: object, data: object = {}) => changed((resource, stack) => {
  stack.data = data as typeof stack.data;
  resource['aws_s3_bucket'] = { mine: { bucket: 'mine' } };
  resource['aws_vpc_endpoint']!['logs']!['policy'] = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*', ...statement }] });
}).findings.filter(({ rule }) => rule === 'endpoint-writes-elsewhere').map(({ message }) => message.replace('aws_vpc_endpoint.logs lets data be put into ', ''));

test.each<[string, object, object, string]>([
  ['a bucket of whoever', { Resource: ['arn:aws:s3:::theirs/*', 'arn:aws:s3:::mine/*'] }, {}, 'arn:aws:s3:::theirs/*, which the plan does not make'],
  ['a bucket by the action that puts', { Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::theirs/*' }, {}, 'arn:aws:s3:::theirs/*, which the plan does not make'],
  ['a bucket by all actions but one', { Action: undefined, NotAction: 's3:DeleteObject', Resource: 'arn:aws:s3:::theirs/*' }, {}, 'arn:aws:s3:::theirs/*, which the plan does not make'],
  ['queues of another account', { Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:us-east-1:999999999999:*' }, OWN, 'arn:aws:sqs:us-east-1:999999999999:*, and the plan is of 111122223333'],
  ['another organization', { Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-bbbbbbbbbb' } } }, OWN, 'o-bbbbbbbbbb, and the organization is o-aaaaaaaaaa'],
  ['what is refused to all but another organization', { Effect: 'Deny', Action: '*', Condition: { StringNotEquals: { 'aws:ResourceOrgID': 'o-bbbbbbbbbb' } } }, OWN, 'o-bbbbbbbbbb, and the organization is o-aaaaaaaaaa'],
  ['an organization where nobody knows one\'s own', { Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-bbbbbbbbbb' } } }, {}, ''],
  ['a bucket that is only read', { Action: ['s3:GetObject', 's3:List*'], Resource: 'arn:aws:s3:::theirs/*' }, {}, ''],
  ['a bucket of AWS', { Resource: 'arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*' }, {}, ''],
  ['a bucket of one\'s own organization', { Resource: 'arn:aws:s3:::shared/*', Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-aaaaaaaaaa' } } }, OWN, ''],
  ['one\'s own account', { Condition: { StringEquals: { 'aws:ResourceAccount': '111122223333' } } }, OWN, ''],
  ['accounts where nobody knows one\'s own', { Condition: { StringEquals: { 'aws:ResourceAccount': '999999999999' } } }, {}, ''],
])('what an endpoint lets be written to: %s', (_, statement, data, says) => expect(writing(statement, data)).toEqual(says === '' ? [] : [says]));

test('a bucket that a template names is not known to be somebody else\'s', () => {
  expect(writing({ Resource: `${ref('aws_s3_bucket', 'mine', 'arn')}/*` })).toEqual([]);
});

describe('policies of their own', () => {
  const [open, bounded] = [{}, { Condition: { StringEquals: { 'aws:ResourceAccount': '111122223333' } } }].map((more) => JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', ...more }] })) as [string, string];
  /** Endpoints s3 and dynamodb, and one of another name, as a local may mean. */
  const found = (policies: Record<string, string>, references = ['local.id']) => review(plan([
    change('aws_vpc.v', 'aws_vpc', 'v', { after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true } }),
    ...['s3', 'dynamodb'].map((key) => change(`aws_vpc_endpoint.e["${key}"]`, 'aws_vpc_endpoint', 'e', { after: { service_name: `com.amazonaws.us-east-1.${key}`, vpc_endpoint_type: 'Gateway' }, after_unknown: { id: true, vpc_id: true } }, { index: key })),
    change('aws_vpc_endpoint.third', 'aws_vpc_endpoint', 'third', { after: { service_name: 'com.amazonaws.us-east-1.sqs', vpc_endpoint_type: 'Interface', policy: bounded }, after_unknown: { id: true, vpc_id: true } }),
    ...Object.entries(policies).map(([key, policy]) => change(`aws_vpc_endpoint_policy.p["${key}"]`, 'aws_vpc_endpoint_policy', 'p', { after: { policy }, after_unknown: { vpc_endpoint_id: true } }, { index: key })),
  ], { resources: [
    configured('aws_vpc', 'v', {}),
    ...['e', 'third'].map((name) => configured('aws_vpc_endpoint', name, { vpc_id: { references: ['aws_vpc.v.id', 'aws_vpc.v'] } })),
    configured('aws_vpc_endpoint_policy', 'p', { vpc_endpoint_id: { references } }),
  ] })).findings.filter(({ rule }) => rule === 'endpoint-policy-full-access').map(({ address, confidence = 'certain' }) => `${address} ${confidence}`);

  test('the narrow one of another endpoint speaks for none', () => {
    const keyed = ['local.ids', 'each.key'];
    expect(found({ dynamodb: bounded, s3: open }, keyed)).toEqual(['aws_vpc_endpoint.e["s3"] certain']);
    expect(found({ dynamodb: bounded }, keyed)).toEqual(['aws_vpc_endpoint.e["s3"] certain']);
    expect(found({ x: bounded })).toContain('aws_vpc_endpoint.e["s3"] possible');
    expect(found({ x: bounded, y: bounded, z: open })).toContain('aws_vpc_endpoint.e["s3"] possible');
  });
  test('where as many as endpoints are narrow, each has one', () => expect(found({ x: bounded, y: bounded, z: bounded })).toEqual([]));
});

describe('a policy that only the apply knows', () => {
  const anybody = { actions: ['s3:*'], principals: [{ type: '*', identifiers: ['*'] }] };
  const BUCKET = [null];
  /** As a first plan has them: of what is not made yet the references alone. */
  const planned = (documents: Record<string, { after: object; after_unknown?: object; expressions?: Record<string, unknown> }>, policy: object = { references: ['data.aws_iam_policy_document.p.json', 'data.aws_iam_policy_document.p'] }) => review(plan([
    change('aws_vpc.v', 'aws_vpc', 'v', { after: { cidr_block: '10.0.0.0/16' }, after_unknown: { id: true } }),
    change('aws_s3_bucket.b', 'aws_s3_bucket', 'b', { after: {}, after_unknown: { id: true, arn: true } }),
    ...Object.entries(documents).map(([name, { after, after_unknown = {} }]) => change(`data.aws_iam_policy_document.${name}`, 'aws_iam_policy_document', name, { actions: ['read'], after, after_unknown: { id: true, json: true, ...after_unknown } }, { mode: 'data' })),
    change('aws_vpc_endpoint.s3', 'aws_vpc_endpoint', 's3', { after: { service_name: 'com.amazonaws.us-east-1.s3', vpc_endpoint_type: 'Gateway' }, after_unknown: { id: true, vpc_id: true, policy: true } }),
    change('aws_sqs_queue_policy.q', 'aws_sqs_queue_policy', 'q', { after: {}, after_unknown: { id: true, policy: true } }),
  ], { resources: [
    configured('aws_vpc', 'v', {}), configured('aws_s3_bucket', 'b', {}),
    ...Object.entries(documents).map(([name, { expressions = {} }]) => configured('aws_iam_policy_document', name, expressions, { address: `data.aws_iam_policy_document.${name}`, mode: 'data' })),
    configured('aws_vpc_endpoint', 's3', { vpc_id: { references: ['aws_vpc.v.id', 'aws_vpc.v'] }, policy }),
    configured('aws_sqs_queue_policy', 'q', { policy }),
  ] })).findings.filter(({ rule }) => /^(endpoint-policy-full-access|policy-open-to-others)$/.test(rule)).map(({ rule, confidence = 'certain' }) => `${rule} ${confidence}`);
  const resources = { references: ['aws_s3_bucket.b.arn', 'aws_s3_bucket.b'] };
  const toBucket = { after: { statement: [{ ...anybody, resources: BUCKET }] }, after_unknown: { statement: [{ resources: [true] }] }, expressions: { statement: [{ resources }] } };
  const toAll = { ...anybody, resources: ['*'] };
  const OPEN = ['endpoint-policy-full-access certain'];
  const UNKNOWN = ['endpoint-policy-full-access possible'];

  test.each<[string, Parameters<typeof planned>[0], readonly string[]]>([
    ['for what the plan makes', { p: toBucket }, []],
    ['for it and for everything', { p: { after: { statement: [{ ...anybody, resources: BUCKET }, toAll] }, after_unknown: { statement: [{ resources: [true] }, {}] }, expressions: { statement: [{ resources }, { resources: { constant_value: ['*'] } }] } } }, OPEN],
    ['for everything from a network', { p: { after: { statement: [{ ...toAll, condition: [{ test: 'StringEquals', variable: 'aws:SourceVpc', values: [null] }] }] }, after_unknown: { statement: [{ condition: [{ values: [true] }] }] }, expressions: { statement: [{ condition: [{ values: { references: ['aws_vpc.v.id', 'aws_vpc.v'] } }] }] } } }, OPEN],
    ['for an account', { p: { after: { statement: [{ ...toAll, condition: [{ test: 'StringEquals', variable: 'aws:ResourceAccount', values: ['111122223333'] }] }] } } }, []],
    ['that takes in another', { base: { after: { statement: [toAll] } }, p: { ...toBucket, after: { ...toBucket.after, source_policy_documents: [null] }, after_unknown: { ...toBucket.after_unknown, source_policy_documents: [true] }, expressions: { ...toBucket.expressions, source_policy_documents: { references: ['data.aws_iam_policy_document.base.json', 'data.aws_iam_policy_document.base'] } } } }, OPEN],
    ['that replaces what it takes in', { p: { ...toBucket, after: { statement: [{ ...anybody, sid: 'own', resources: BUCKET }], source_policy_documents: [JSON.stringify({ Statement: [{ Sid: 'own', Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] })] } } }, []],
    ['of statements that the plan does not tell', { p: { after: {}, after_unknown: { statement: true }, expressions: { statement: { references: ['var.statements'] } } } }, UNKNOWN],
    ['of what nobody tells', { p: { ...toBucket, expressions: { statement: [{ resources: { references: ['var.any'] } }] } } }, UNKNOWN],
  ])('%s', (_, documents, told) => expect(planned(documents).filter((each) => each.startsWith('endpoint'))).toEqual(told));

  test('nor does one that is there for something else speak for it', () => {
    expect(planned({ p: toBucket }, { references: ['aws_s3_bucket.b.arn', 'aws_s3_bucket.b'] })).toEqual(UNKNOWN);
    expect(planned({ p: toBucket }, { references: ['local.policy'] })).toEqual(UNKNOWN);
  });

  test('policies of resources are read so, too', () => {
    const queue = (principals: object) => planned({ p: { ...toBucket, after: { statement: [{ actions: ['sqs:*'], principals: [principals], resources: BUCKET }] } } }).filter((each) => each.startsWith('policy'));
    expect([queue({ type: '*', identifiers: ['*'] }), queue({ type: 'AWS', identifiers: ['arn:aws:iam::111122223333:root'] })]).toEqual([['policy-open-to-others certain'], expect.not.arrayContaining(['policy-open-to-others certain'])]);
  });
});
