/** Faults of what records are kept in: log groups, buckets and the keys that encrypt them. */
import type { Fault, SynthesizedStack } from '../observation';
import { referent, resources, type Resource } from './resources';

const YEAR = 365;

export function logFaults(stack: SynthesizedStack): readonly Fault[] {
  return [...retention(stack), ...buckets(stack), ...keys(stack), ...writers(stack)];
}

/** Flow logs write to a log group by a role: one that may do it, for this account's flow logs and nobody else's. */
function writers(stack: SynthesizedStack): readonly Fault[] {
  return resources(stack, 'aws_flow_log').filter(({ body }) => body.log_destination_type === 'cloud-watch-logs').flatMap(({ address: where, body }): Fault[] => {
    const role = resources(stack, 'aws_iam_role').find(({ address }) => address === referent(body.iam_role_arn));
    const grants: any[] = resources(stack, 'aws_iam_role_policy').filter((each) => role && referent(each.body.role) === role.address).flatMap((each) => JSON.parse(each.body.policy).Statement);
    const writes = ['logs:CreateLogStream', 'logs:PutLogEvents'].every((action) => grants.some((grant) => grant.Effect === 'Allow'
      && [grant.Action].flat().includes(action) && String(grant.Resource) === `${String(body.log_destination)}:*`));
    // Reading the names of log groups is all that may be wider.
    const wide = grants.some((grant) => grant.Effect === 'Allow' && [grant.Action].flat().some((action: string) => action !== 'logs:DescribeLogGroups') && String(grant.Resource) !== `${String(body.log_destination)}:*`);
    const trust: any[] = role ? JSON.parse(role.body.assume_role_policy).Statement : [];
    const lent = trust.every((each) => each.Principal?.Service === 'vpc-flow-logs.amazonaws.com' && each.Condition?.StringEquals?.['aws:SourceAccount'] && each.Condition?.ArnLike?.['aws:SourceArn']);
    return [
      ...(writes && trust.length > 0 ? [] : [{ id: 'log-delivery-refused', where, detail: 'flow logs may not write to their log group' }]),
      ...(wide || !lent ? [{ id: 'log-role-open', where: role!.address, detail: wide ? 'does more than write to one log group' : 'serves the flow logs of any account' }] : []),
    ];
  });
}

function retention(stack: SynthesizedStack): readonly Fault[] {
  const groups = resources(stack, 'aws_cloudwatch_log_group').filter(({ body }) => !(body.retention_in_days >= YEAR));
  const short = resources(stack, 'aws_s3_bucket').filter((bucket) => !settings(stack, bucket, 'aws_s3_bucket_lifecycle_configuration')
    .some(({ body }) => body.rule.some((rule: any) => rule.status === 'Enabled' && rule.expiration[0].days >= YEAR)));
  return [...groups, ...short].map(({ address }) => ({ id: 'log-retention-short', where: address, detail: 'records are kept for less than a year, or forever by accident' }));
}

function settings(stack: SynthesizedStack, bucket: Resource, type: string): readonly Resource[] {
  return resources(stack, type).filter(({ body }) => referent(body.bucket) === bucket.address);
}

function buckets(stack: SynthesizedStack): readonly Fault[] {
  return resources(stack, 'aws_s3_bucket').flatMap((bucket) => {
    const one = (type: string) => settings(stack, bucket, type)[0]?.body;
    const exposed = (detail: string): Fault => ({ id: 'log-bucket-exposed', where: bucket.address, detail });
    const block = one('aws_s3_bucket_public_access_block') ?? {};
    const closed = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'].every((name) => block[name] === true);
    const policy = one('aws_s3_bucket_policy');
    const statements: any[] = policy ? JSON.parse(policy.policy).Statement : [];
    const secure = statements.some((statement) => statement.Effect === 'Deny' && statement.Principal === '*' && statement.Action === 's3:*'
      && statement.Resource.length === 2 && statement.Condition?.Bool?.['aws:SecureTransport'] === 'false');
    const writes = statements.filter((statement) => statement.Effect === 'Allow');
    const own = (statement: any) => statement.Principal?.Service === 'delivery.logs.amazonaws.com' && statement.Condition?.StringEquals?.['aws:SourceAccount']
      && statement.Condition?.ArnLike?.['aws:SourceArn'];
    const delivered = writes.some((statement) => statement.Action === 's3:PutObject' && /\/AWSLogs\//.test(statement.Resource));
    const kept = statements.some((statement) => statement.Effect === 'Deny' && statement.Principal === '*' && !statement.Condition
      && ['s3:DeleteObject', 's3:DeleteObjectVersion'].every((action) => statement.Action.includes(action)) && /\/\*$/.test(statement.Resource));
    const versioned = one('aws_s3_bucket_versioning')?.versioning_configuration?.status === 'Enabled';
    const first = [...resources(stack, 'aws_flow_log'), ...resources(stack, 'aws_networkfirewall_logging_configuration'), ...resources(stack, 'aws_route53_resolver_query_log_config')]
      .filter(({ body }) => !(body.depends_on ?? []).some((address: string) => address.startsWith('aws_s3_bucket_policy.')));
    return [
      ...(closed ? [] : [exposed('public access is not blocked')]),
      ...(one('aws_s3_bucket_ownership_controls')?.rule?.object_ownership === 'BucketOwnerEnforced' ? [] : [{ id: 'log-bucket-owner', where: bucket.address, detail: 'objects may belong to whoever wrote them' }]),
      ...(secure ? [] : [exposed('answers without TLS')]),
      ...(writes.every(own) ? [] : [exposed('is written to on behalf of any account')]),
      ...(kept ? [] : [{ id: 'log-records-deletable', where: bucket.address, detail: 'whoever breaks in takes the traces away' }]),
      ...(delivered ? [] : [{ id: 'log-delivery-refused', where: bucket.address, detail: 'log delivery may not write' }]),
      ...(versioned ? [] : [{ id: 'log-bucket-overwritten', where: bucket.address, detail: 'a record that is overwritten is gone' }]),
      ...first.map(({ address }) => ({ id: 'log-delivery-refused', where: address, detail: 'delivers before the policy is there' })),
    ];
  });
}

/** A stack that has a key uses it everywhere, and lets in nobody but whom it has to. */
function keys(stack: SynthesizedStack): readonly Fault[] {
  return resources(stack, 'aws_kms_key').flatMap((key) => {
    const mine = (value: unknown) => typeof value === 'string' && referent(value) === key.address;
    const unused = [
      ...resources(stack, 'aws_cloudwatch_log_group').filter(({ body }) => !mine(body.kms_key_id)),
      ...['firewall', 'firewall_policy', 'rule_group', 'tls_inspection_configuration'].flatMap((type) => resources(stack, `aws_networkfirewall_${type}`))
        .filter(({ body }) => !mine([body.encryption_configuration].flat()[0]?.key_id)),
      ...resources(stack, 'aws_s3_bucket').filter((bucket) => !settings(stack, bucket, 'aws_s3_bucket_server_side_encryption_configuration')
        .some(({ body }) => mine(body.rule[0].apply_server_side_encryption_by_default.kms_master_key_id))),
    ];
    const statements: any[] = JSON.parse(key.body.policy).Statement;
    const open = statements.filter(({ Principal: principal, Condition: condition }) => !principal.AWS
      && !(condition?.ArnLike?.['kms:EncryptionContext:aws:logs:arn'] || (condition?.StringEquals?.['aws:SourceAccount'] && condition?.ArnLike?.['aws:SourceArn'])));
    const services = statements.map(({ Principal: principal }) => principal.Service);
    const groups = resources(stack, 'aws_cloudwatch_log_group').length > 0;
    const refused = [
      ...(groups && !services.some((service) => /^logs\./.test(service ?? '')) ? ['CloudWatch Logs'] : []),
      ...(resources(stack, 'aws_s3_bucket').length > 0 && !services.includes('delivery.logs.amazonaws.com') ? ['log delivery'] : []),
    ];
    return [
      ...(key.body.enable_key_rotation === true ? [] : [{ id: 'key-not-rotated', where: key.address, detail: 'one key material for ever' }]),
      ...open.map((statement) => ({ id: 'key-policy-open', where: key.address, detail: `${JSON.stringify(statement.Principal)} on behalf of any account` })),
      ...refused.map((who) => ({ id: 'log-delivery-refused', where: key.address, detail: `${who} may not use the key` })),
      ...unused.map(({ address }) => ({ id: 'key-not-used', where: address, detail: 'encrypted with a key that AWS owns' })),
    ];
  });
}
