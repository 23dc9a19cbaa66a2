/** Policies and lists of resources that let everybody, or other accounts, fetch what these hold. */
import { ownAccounts } from '../../model/aws/own-accounts';
import type { AwsModel } from '../../model/aws/model';
import { settingsOf } from '../../model/aws/log-stores';
import { isPublicAcl, LISTED, RESOURCE_POLICIES, type ResourcePolicy } from '../../model/aws/resource-policies';
import { isService, isUnbounded, statementsAt, takesIn, type Statement } from '../../model/aws/policy-documents';
import { flagAt, textAt } from '../../model/aws/read';
import { referencesOf } from '../../model/aws/written-references';
import type { PathLike } from '../../plan/attribute-path';
import { parseReference, primaryReferences } from '../../plan/reference';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'policy-open-to-others',
  title: 'data that others may fetch',
  severity: 'low',
  why: 'Who is let in by the policy of a bucket, a queue, a secret or a repository fetches what stands there by AWS\'s API: none of these networks, routes and firewalls hold there.',
  fix: 'Name principals of your own accounts, or add aws:PrincipalOrgID, and aws:SourceArn for services; block public access of buckets; accept what is meant in egress-review.yaml, with whose it is.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html',
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
  ],
  comparable: ['checkov CKV_AWS_70', 'checkov CKV_AWS_20'],
  *run({ model }) {
    const { graph } = model;
    const present = RESOURCE_POLICIES.filter(({ type }) => graph.typeNames.has(type));
    const own = present.length > 0 ? ownAccounts(graph) : new Set<string>();
    const told = new Set<string>();
    for (const policy of present) {
      for (const resource of graph.ofType(policy.type)) {
        // Most have none: only of the others it is asked what has one apart, which may be thousands.
        const hits = resource.mode === 'managed' ? [...opened(model, resource, policy, own)].filter(({ message }) => !told.has(message)) : [];
        if (hits.length > 0 && !isApart(graph, resource, policy.apart)) yield* hits;
        // A bucket of either kind has its policy by one type.
        for (const { message } of hits) told.add(message);
      }
    }
    for (const [type, what] of UNBLOCKED) {
      for (const resource of graph.ofType(type)) if (resource.mode === 'managed' && textAt(resource, 'state') === 'unblocked') yield { address: resource.address, message: `${resource.address} lets ${what} of the account be shared with everybody` };
    }
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html#block-public-access
    for (const setting of graph.ofType('aws_ssm_service_setting')) {
      if (setting.mode === 'managed' && /\/ssm\/documents\/console\/public-sharing-permission$/.test(textAt(setting, 'setting_id') ?? '') && textAt(setting, 'setting_value') === 'Enable') yield { address: setting.address, message: `${setting.address} lets documents of the account be shared with everybody` };
    }
    for (const type of LISTED) {
      for (const resource of graph.ofType(type)) {
        if (resource.mode === 'managed' && isPublicAcl(resource) && !isApart(graph, resource, 'aws_s3_bucket_acl') && !isBlocked(model, resource, 'ignore_public_acls')) yield { address: resource.address, message: `${resource.address} lets everybody read by its access list`, severity: 'medium' };
      }
    }
  },
};

/**
 * What says of a whole account and region whether anything may be public.
 * https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html
 */
const UNBLOCKED = [['aws_ebs_snapshot_block_public_access', 'snapshots'], ['aws_ec2_image_block_public_access', 'images']] as const;

function* opened(model: AwsModel, resource: Resource, { path, takes, isTold, isClosed }: ResourcePolicy, own: ReadonlySet<string>): Iterable<Hit> {
  const { address } = resource;
  const told = statementsAt(resource, path);
  if (told === undefined && resource.unknownAt(path) !== undefined) yield* named(resource, path, own);
  const statements = told ?? [];
  const taking = statements.filter((statement) => statement.allows && takes.some((action) => isAbout(statement, action)));
  const all = taking.find((statement) => isForAll(statement) && !statement.bounds.some(isOwner));
  const isRefused = statements.some((statement) => !statement.allows && isForAll(statement) && statement.excludes.some(isOwner) && takes.every((action) => isAbout(statement, action)));
  if (all && !isTold && !isRefused && isClosed?.(resource) !== true && !isBlocked(model, resource, 'restrict_public_buckets', 'block_public_policy')) yield { address, message: `${address} lets everybody do ${actionsOf(all)}`, severity: 'medium' };
  // What a service does for whoever asks it to: the distribution of a stranger reads a bucket that lets CloudFront in.
  const asked = isTold ? undefined : taking.find((statement) => !isForAll(statement) && isUnbounded(statement) && takes.some((action) => !/:List/.test(action) && isAbout(statement, action)));
  if (asked) yield { address, message: `${address} lets ${asked.principals.filter(isService).join(', ')} do ${actionsOf(asked)} on behalf of any account` };
  const said = new Set<string>();
  for (const statement of taking) {
    // An organization that is named is one's own.
    if (statement.bounds.some((key) => /org(id|paths)$/.test(key))) continue;
    for (const account of statement.principals.flatMap((principal) => ACCOUNT.exec(principal)?.[1] ?? [])) {
      if (own.has(account) || said.has(account) || (own.size === 0 && isOfWhole(statement))) continue;
      said.add(account);
      yield own.size > 0 ? { address, message: `${address} lets account ${account} do ${actionsOf(statement)}, and the plan is of ${[...own].sort().join(', ')}` }
        : { address, message: `${address} lets account ${account} do ${actionsOf(statement)}; of which account the plan is, it does not say`, severity: 'info', confidence: 'possible' };
    }
  }
}

/** Of a text that only the apply knows a plan has what it refers to, and of variables their values. */
function* named(resource: Resource, path: PathLike, own: ReadonlySet<string>): Iterable<Hit> {
  for (const text of new Set(primaryReferences(referencesOf(resource.configExpression(path))))) {
    const reference = text.startsWith('var.') ? parseReference(text) : undefined;
    const value = reference && resource.told(reference);
    const account = typeof value === 'object' ? ACCOUNT.exec(value.text)?.[1] : undefined;
    if (account !== undefined && !own.has(account)) yield { address: resource.address, message: `${resource.address} names account ${account} (${text}), in a policy that is known after the apply`, severity: 'info', confidence: 'possible' };
  }
}

function isApart(graph: ResourceGraph, resource: Resource, type: string | undefined): boolean {
  return type !== undefined && graph.typeNames.has(type) && graph.referrers(resource, [type]).length > 0;
}

const ACCOUNT = /^(?:arn:aws[a-z-]*:(?:iam|sts)::)?(\d{12})(?::|$)/;

/** Who has a key, or anything else, leaves it to IAM so. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function isOfWhole({ principals, actions }: Statement): boolean {
  return actions.some((action) => /^([a-z0-9-]+:)?\*$/.test(action)) && principals.every((principal) => principal.endsWith(':root'));
}

/** Keys by which nobody but those who are named gets in. */
function isOwner(key: string): boolean {
  return /^(aws:(principal|source|vpce)(account|orgid|orgpaths|arn|owner|vpc|vpce|vpcarn|ip)|aws:source(vpc|vpce|vpcarn)|aws:userid|s3:dataaccesspoint(account|arn)|sns:endpoint)$/.test(key);
}

function isForAll({ principals }: Statement): boolean {
  return principals.includes('*');
}

function isAbout({ actions, allBut }: Statement, action: string): boolean {
  const isAmong = (patterns: readonly string[]) => patterns.some((pattern) => takesIn(pattern, action));
  return allBut ? !isAmong(allBut) : isAmong(actions);
}

function actionsOf({ actions, allBut }: Statement): string {
  return allBut ? `everything but ${allBut.join(', ')}` : actions.join(', ');
}

/** Whether AWS refuses the public what a bucket would let it do. */
function isBlocked(model: AwsModel, resource: Resource, ...settings: readonly string[]): boolean {
  const buckets = resource.type === 'aws_s3_bucket' ? [resource] : resource.references('bucket', { types: ['aws_s3_bucket'] }).targets;
  const ofAccount = model.graph.ofType('aws_s3_account_public_access_block').filter(({ providerConfig }) => providerConfig === resource.providerConfig);
  return [...buckets.flatMap((bucket) => settingsOf(model, bucket, 'aws_s3_bucket_public_access_block')), ...(buckets.length > 0 ? ofAccount : [])].some((block) => settings.some((name) => flagAt(block, name) === true || block.unknownAt(name) !== undefined));
}
