/** Endpoints whose policy is bounded, by what is not the plan's. */
import { judgePolicy } from '../../model/aws/endpoint-policies';
import type { AwsModel } from '../../model/aws/model';
import { accountIn, ownAccounts } from '../../model/aws/own-accounts';
import { plannedEnvironments } from '../../model/aws/planned-environments';
import { textAt } from '../../model/aws/read';
import { isPrivateLink } from '../../model/aws/served-by';
import { inFull, type Check, type Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'endpoint-writes-elsewhere',
  title: 'endpoint by which data may be put into what is not known to be one\'s own',
  severity: 'low',
  why: 'Traffic to an endpoint meets no firewall: what its policy names is where data may go, and a name says nothing of whose it is.',
  fix: 'Name only your own account or organization, let buckets of others be read alone (s3:GetObject), and accept what is meant in egress-review.yaml, with whose it is.',
  references: ['https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html'],
  comparable: [],
  *run({ model, policy }) {
    const { graph } = model;
    const judged = model.endpoints.flatMap((endpoint) => {
      const judgement = (endpoint.kind === 'gateway' || endpoint.kind === 'interface') && !isPrivateLink(endpoint) ? judgePolicy(endpoint.policyHolder) : undefined;
      return judgement?.kind === 'bounded' && judgement.writes.length > 0 ? [{ address: endpoint.address, writes: judgement.writes }] : [];
    });
    if (judged.length === 0) return;
    const agreed = plannedEnvironments(model, policy);
    const readable = new Set(agreed.flatMap(({ readableBuckets = [] }) => readableBuckets));
    const own: Own = {
      accounts: new Set([...ownAccounts(graph), ...agreed.flatMap(({ account }) => account ?? [])]),
      organizations: new Set([...['data', 'managed'] as const].flatMap((mode) => graph.ofType('aws_organizations_organization', mode)).flatMap((each) => textAt(each, 'id') ?? []).concat(agreed.flatMap(({ organizationId }) => organizationId ?? []))),
      buckets: new Set([...graph.ofType('aws_s3_bucket').flatMap((bucket) => textAt(bucket, 'bucket') ?? []), ...agreed.flatMap(({ logs }) => ('bucketArn' in logs && logs.bucketArn !== undefined ? bucketIn(logs.bucketArn) ?? [] : []))]),
    };
    for (const { address, writes } of judged) {
      yield* told(address, writes.filter((name) => isOfOrganization(name, own)), 'medium', `and the organization is ${[...own.organizations].sort().join(', ')}`);
      yield* told(address, writes.filter((name) => isOfAccount(name, own)), 'low', `and the plan is of ${[...own.accounts].sort().join(', ')}`);
      yield* told(address, writes.filter((name) => readable.has(bucketIn(name) ?? '')), 'medium', 'which the policy has for reading alone');
      yield* told(address, writes.filter((name) => !readable.has(bucketIn(name) ?? '') && isBucket(name, own)), 'low', 'which the plan does not make');
    }
  },
};

interface Own {
  readonly accounts: ReadonlySet<string>;
  readonly organizations: ReadonlySet<string>;
  readonly buckets: ReadonlySet<string>;
}

function* told(address: string, names: readonly string[], severity: 'medium' | 'low', so: string): Iterable<Hit> {
  const what = [...new Set(names)].sort();
  if (what.length > 0) yield { ...inFull(what, 5), address, severity, confidence: severity === 'medium' ? 'certain' : 'possible', message: `${address} lets data be put into ${what.slice(0, 5).join(', ')}, ${so}` };
}

function isOfOrganization(name: string, { organizations }: Own): boolean {
  const id = /^(o-[a-z0-9]+)(\/|$)/.exec(name)?.[1];
  return id !== undefined && organizations.size > 0 && !organizations.has(id);
}

function isOfAccount(name: string, { accounts }: Own): boolean {
  const account = accountIn(name);
  return account !== undefined && accounts.size > 0 && !accounts.has(account);
}

function isBucket(name: string, { buckets }: Own): boolean {
  const bucket = bucketIn(name);
  return bucket !== undefined && !buckets.has(bucket) && !OF_AWS.test(bucket);
}

/** Of an ARN that is written out the name; whose the bucket is, it does not say. */
function bucketIn(arn: string): string | undefined {
  return /^arn:[a-z-]+:s3:::([^/${}]+)(\/.*)?$/.exec(arn)?.[1];
}

const REGION = '[a-z]{2}(-[a-z]+)+-\\d';
/**
 * Buckets of AWS, which nobody else can have.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-technical-details.html
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
const OF_AWS = new RegExp(`^(prod-${REGION}-starport-layer-bucket|((aws|amazon)-ssm|amazon-ssm-packages|aws-ssm-document-attachments|aws-patchmanager-macos|patch-baseline-snapshot|amazonlinux|amazonlinux-2-repos|aws-codedeploy|amazoncloudwatch-agent|aws-windows-downloads)-${REGION}|${REGION}-birdwatcher-prod|(${REGION}\\.elasticmapreduce)|(packages|repo)\\.${REGION}\\.amazonaws\\.com|al2023-repos-${REGION}-[0-9a-f]{8})$`);
