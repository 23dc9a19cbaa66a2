/** Whether what delivers network logs may write them. */
import { keysOf, logStores, settingsOf, writersTo } from '../../model/aws/log-stores';
import { statementsAt, takesIn, type Statement } from '../../model/aws/policy-documents';
import type { AwsModel } from '../../model/aws/model';
import { isSet, textAt } from '../../model/aws/read';
import type { Resource } from '../../plan/resource-graph';
import type { Check, Hit } from '../check';

const DELIVERY = /^delivery\.logs\.amazonaws\.com(\.cn)?$/;
const FLOW_LOGS = /^vpc-flow-logs\.amazonaws\.com(\.cn)?$/;
const CLOUDWATCH = /^logs\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?$/;
/** Nothing is made by these: what they stand for is there, and was made before. */
const THERE: ReadonlySet<string> = new Set(['no-op', 'update', 'read']);

export const check: Check<AwsModel> = {
  id: 'log-delivery-refused',
  title: 'network logs that nobody may deliver',
  severity: 'medium',
  why: 'A log that is set up and may not be written looks like a quiet network. AWS adds what is missing to the policy of a bucket when the log is made, and the next apply takes it away again.',
  fix: 'Name the place by its kind and the role that may write there. Let delivery.logs.amazonaws.com put objects into the bucket and use its key, let logs.<region>.amazonaws.com use the key of a log group, and make the log after the policy (depends_on).',
  references: ['https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html', 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html'],
  comparable: [],
  *run({ model }) {
    for (const bucket of logStores(model, 'aws_s3_bucket')) {
      const policies = settingsOf(model, bucket, 'aws_s3_bucket_policy');
      const statements = policies.map((policy) => statementsAt(policy, 'policy'));
      // Without a policy in the plan AWS writes one, and one that is known only after apply may say it.
      if (policies.length > 0 && !statements.includes(undefined) && !statements.some((own) => own?.some((statement) => lets(statement, DELIVERY, /^s3:(\*|Put\*|PutObject\*?)$/i)))) {
        yield { address: bucket.address, message: `the policy of ${bucket.address} does not let log delivery write` };
      }
      for (const writer of writersTo(model, bucket)) yield* early(writer, policies);
      yield* locked(model, bucket, DELIVERY, 'log delivery');
    }
    for (const group of logStores(model, 'aws_cloudwatch_log_group')) yield* locked(model, group, CLOUDWATCH, 'CloudWatch Logs');
    for (const log of model.graph.ofType('aws_flow_log')) yield* undelivered(model, log);
  },
};

/** What a kind of flow log is written to, and the service in its ARN. https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html */
const PLACES = [['cloud-watch-logs', 'aws_cloudwatch_log_group', 'logs'], ['s3', 'aws_s3_bucket', 's3'], ['kinesis-data-firehose', 'aws_kinesis_firehose_delivery_stream', 'firehose']] as const;

/** A flow log that takes its place for one of another kind, or has no role that may write. */
function* undelivered(model: AwsModel, log: Resource): Iterable<Hit> {
  if (log.unknownAt('log_destination_type') !== undefined && log.isConfigured('log_destination_type')) return;
  const kind = textAt(log, 'log_destination_type') ?? 'cloud-watch-logs';
  const { targets } = log.references('log_destination', { types: PLACES.map(([, type]) => type) });
  const service = /^arn:[^:]*:([a-z0-9]+):/.exec(textAt(log, 'log_destination') ?? '')?.[1];
  const found = PLACES.filter(([, type, name]) => (service === undefined ? targets.some((target) => target.type === type) : name === service));
  if (found.length > 0 && !found.some(([name]) => name === kind)) yield { address: log.address, message: `${log.address} takes ${targets[0]?.address ?? 'its place'} for ${kind}` };
  if (kind !== 'cloud-watch-logs') return;
  if (!isSet(log, 'iam_role_arn')) yield { address: log.address, message: `${log.address} writes to CloudWatch Logs and names no role that may` };
  else {
    for (const role of log.references('iam_role_arn', { types: ['aws_iam_role'] }).targets) {
      const fault = faultOf(model, role);
      if (fault) yield { address: log.address, message: `${role.address}, by which ${log.address} writes, ${fault}` };
    }
  }
}

const INLINE = 'aws_iam_role_policy';
const POLICIES = [INLINE, 'aws_iam_role_policy_attachment', 'aws_iam_policy_attachment', 'aws_iam_role_policies_exclusive', 'aws_iam_role_policy_attachments_exclusive'];

/** Of a role that is there already somebody else may have said what it may. https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
function faultOf({ graph }: AwsModel, role: Resource): string | undefined {
  if (role.mode !== 'managed') return undefined;
  if (statementsAt(role, 'assume_role_policy')?.some((statement) => lets(statement, FLOW_LOGS, /^sts:(\*|AssumeRole)$/i)) === false) return 'does not let flow logs take it';
  if (graph.kind === 'state' || THERE.has(role.action) || ['inline_policy', 'managed_policy_arns'].some((name) => isSet(role, name))) return undefined;
  const policies = graph.referrers(role, POLICIES).map(({ resource }) => (resource.type === INLINE ? statementsAt(resource, 'policy') : undefined));
  if (policies.length === 0) return 'has no policy';
  if (policies.includes(undefined)) return undefined;
  const missing = ['logs:CreateLogStream', 'logs:PutLogEvents'].filter((action) => !policies.some((own) => own?.some((statement) => grants(statement, action))));
  return missing.length > 0 ? `has no right to do ${missing.join(' and ')}` : undefined;
}

function grants({ allows, actions, allBut }: Statement, action: string): boolean {
  return allows && (allBut !== undefined || actions.some((pattern) => takesIn(pattern, action)));
}

/** What is made before the policy is there. Only a plan or a configuration that says what waits for what tells. */
function* early(writer: Resource, policies: readonly Resource[]): Iterable<Hit> {
  if (THERE.has(writer.action) || !writer.isConfigured([])) return;
  const isAwaited = (policy: Resource) => writer.waitsFor(policy)
    || writer.references([], { types: ['aws_s3_bucket_policy'] }).targets.includes(policy);
  const first = policies.find((policy) => policy.moduleAddress === writer.moduleAddress && !isAwaited(policy));
  if (first) yield { address: writer.address, severity: 'low', message: `${writer.address} may be made before ${first.address}, which lets it write` };
}

function* locked(model: AwsModel, store: Resource, service: RegExp, who: string): Iterable<Hit> {
  for (const key of keysOf(model, store)) {
    const statements = statementsAt(key, 'policy');
    if (statements && !statements.some((statement) => lets(statement, service, /^kms:(\*|GenerateDataKey.*|Encrypt.*)$/i))) {
      yield { address: key.address, message: `${key.address} does not let ${who} use it for ${store.address}` };
    }
  }
}

function lets({ allows, principals, actions }: Statement, service: RegExp, action: RegExp): boolean {
  return allows && principals.some((principal) => principal === '*' || principal.startsWith('${') || service.test(principal)) && actions.some((each) => each === '*' || action.test(each));
}
