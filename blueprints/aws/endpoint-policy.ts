/**
 * What may be done through a VPC endpoint: a data perimeter, as an IAM policy document.
 *
 * Traffic to an endpoint does not meet the firewall, so this document is what stands between a
 * workload and somebody else's bucket. AWS's default is to allow everything.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */

/** Whose identities and resources the endpoints serve. */
export interface Perimeter {
  readonly region: string;
  readonly partition: string;
  /** Twelve digits, or a reference to them. */
  readonly account: string;
  /** `o-…`: opens the perimeter to every account of the organization. */
  readonly organizationId?: string;
  /** Buckets of others that may be read, by name. */
  readonly readableBuckets: readonly string[];
}

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Where ECR keeps the layers of every account's images; a pull fails without it. */
export function layerBucket(region: string): string {
  return `prod-${region}-starport-layer-bucket`;
}

/** The policy of one endpoint, as JSON text with a fixed order of keys. */
export function endpointPolicy(service: string, perimeter: Perimeter): string {
  const statements: readonly Statement[] = [
    own(perimeter),
    awsServices(perimeter),
    ...(service === 's3' && perimeter.readableBuckets.length > 0 ? [readOthers(perimeter)] : []),
    ...(service === 'sts' ? [webIdentity(perimeter)] : []),
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Own identities on own resources: neither a stolen key of another account nor a stranger's bucket. */
function own({ account, organizationId }: Perimeter): Statement {
  const condition: Record<string, string> = organizationId
    ? { 'aws:PrincipalOrgID': organizationId, 'aws:ResourceOrgID': organizationId }
    : { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': account };
  return { Sid: 'OwnIdentitiesOnOwnResources', Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition: { StringEquals: condition } };
}

/**
 * AWS's services call with identities of their own, such as CloudFormation on behalf of a stack.
 * On own resources that opens nothing: without it such a call through the endpoint fails.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
 */
function awsServices({ account, organizationId }: Perimeter): Statement {
  return {
    Sid: 'AwsServicesOnOwnResources',
    Effect: 'Allow',
    Principal: '*',
    Action: '*',
    Resource: '*',
    Condition: {
      Bool: { 'aws:PrincipalIsAWSService': 'true' },
      StringEquals: organizationId ? { 'aws:ResourceOrgID': organizationId } : { 'aws:ResourceAccount': account },
    },
  };
}

/** Reading only, and only named buckets. The caller is AWS or nobody, so its account says nothing. */
function readOthers({ partition, readableBuckets }: Perimeter): Statement {
  return {
    Sid: 'ReadNamedBucketsOfOthers',
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: [...new Set(readableBuckets)].sort().map((bucket) => `arn:${partition}:s3:::${bucket}/*`),
  };
}

/** A pod trades its token for a role before it has an identity, so only the role can be named. */
function webIdentity({ partition, account }: Perimeter): Statement {
  return {
    Sid: 'WebIdentitiesIntoOwnRoles',
    Effect: 'Allow',
    Principal: '*',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Resource: `arn:${partition}:iam::${account}:role/*`,
  };
}
