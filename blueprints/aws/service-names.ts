/** Which names stand for a service that can have an interface endpoint here, and how its clients call it. */
import { partitionOf } from './region';

/**
 * Global services: one control plane for all regions. Those with `endpoint` have a VPC endpoint in
 * the region of that control plane, by a name without a region.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam_vpc_endpoint_create.html
 */
const GLOBAL: Readonly<Record<string, { readonly endpoint?: string }>> = {
  cloudfront: {},
  globalaccelerator: {},
  iam: { endpoint: 'com.amazonaws.iam' },
  networkmanager: {},
  organizations: {},
  route53: {},
  shield: {},
  waf: {},
};

/** What all names of endpoints look like. Only a dot and a hyphen part words, and never two at once. */
const SERVICE_NAME = /^[a-z0-9]+([.-][a-z0-9]+)*$/;

/** Where the commercial partition keeps the control planes of global services. */
const GLOBAL_REGION = 'us-east-1';

/** Names that people write, and the name that AWS has given the endpoint. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  apigateway: 'execute-api',
  cloudwatch: 'monitoring',
  'cloudwatch-logs': 'logs',
  ecr: 'ecr.api and ecr.dkr',
  efs: 'elasticfilesystem',
  elb: 'elasticloadbalancing',
  eventbridge: 'events',
  firehose: 'kinesis-firehose',
  kinesis: 'kinesis-streams',
  sagemaker: 'sagemaker.api and sagemaker.runtime',
  'secrets-manager': 'secretsmanager',
  'session-manager': 'ssm, ssmmessages and ec2messages',
  stepfunctions: 'states',
};

/**
 * The names by which clients call a service that has others than `<service>.<region>`; `R` is the
 * region and `S` the suffix of the partition. Their name servers are AWS's own, and no customer
 * reads their queries.
 * https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
 */
const CLIENT_NAMES: Readonly<Record<string, readonly string[]>> = {
  'com.amazonaws.iam': ['iam.amazonaws.com'],
  // Newer SDKs put the account's number in front.
  dynamodb: ['dynamodb.R.S', '*.ddb.R.S'],
  'dynamodb-streams': ['streams.dynamodb.R.S'],
  'ecr.api': ['api.ecr.R.S'],
  'ecr.dkr': ['dkr.ecr.R.S', '*.dkr.ecr.R.S'],
  // An agent asks where to call and is told one of the numbered names.
  'ecs-agent': ['ecs-a.R.S', ...numbered('ecs-a'), ...numbered('ecs-sc')],
  'ecs-telemetry': ['ecs-t.R.S', ...numbered('ecs-t')],
  // The second is the API of a private cluster, in a zone that EKS keeps in the VPC.
  eks: ['eks.R.S', '*.R.eks.S'],
  'eks-auth': ['eks-auth.R.api.aws'],
  'execute-api': ['execute-api.R.S', '*.execute-api.R.S'],
  'kinesis-firehose': ['firehose.R.S'],
  'kinesis-streams': ['kinesis.R.S', '*.data-kinesis.R.S', '*.control-kinesis.R.S'],
  // Instances have public names with private addresses.
  rds: ['rds.R.S', '*.R.rds.S'],
  s3: ['s3.S', '*.s3.S', 's3.R.S', '*.s3.R.S', 's3.dualstack.R.S', '*.s3.dualstack.R.S', 's3-control.R.S', '*.s3-control.R.S', '*.s3-accesspoint.R.S'],
};

/** As many as have been seen in the largest regions; more go into `privateZones`. */
function numbered(name: string): readonly string[] {
  return Array.from({ length: 20 }, (_, index) => `${name}-${index + 1}.R.S`);
}

/**
 * Why a name stands for no interface endpoint in a region, in words with the way out. Endpoints for services of
 * others than AWS are open to everything: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
export function serviceNameProblems(name: string, region: string): readonly string[] {
  const problem = (message: string, fix: string) => [`aws: '${name}' ${message}; ${fix}`];
  const global = GLOBAL[name];
  if (global) {
    return global.endpoint
      ? problem('is a global service, whose endpoint has no region in its name', `write 'aws:${global.endpoint}', in ${GLOBAL_REGION} only`)
      : problem('is a global service and has no endpoint in a region', 'manage it from outside this network, or allow its host to one segment');
  }
  if (name === 'com.amazonaws.iam' && partitionOf(region) === 'aws' && region !== GLOBAL_REGION) {
    return problem(`has an endpoint in ${GLOBAL_REGION} only, and this is ${region}`, 'manage identities from there, or drop it');
  }
  if (name.startsWith('com.amazonaws.vpce.')) {
    return problem('is a service that somebody publishes, and no endpoint policy holds for what is sent to its owner', 'allow its host to the segments that need it, or make the endpoint in a stack of your own');
  }
  if (name.startsWith('aws.')) {
    return problem('is a full name with no `com.amazonaws` before it, as of SageMaker notebooks, and by which names clients call such a service differs for each', 'make the endpoint in a stack of your own, and name its zone in privateZones');
  }
  if (!SERVICE_NAME.test(name)) {
    return problem('is not how AWS names an endpoint', "write lower-case letters and digits with single dots or hyphens between them, such as 'aws:ecr.api': what 'aws ec2 describe-vpc-endpoint-services' has behind com.amazonaws.<region>");
  }
  const [, elsewhere, short] = /^com\.amazonaws\.([a-z]{2}(?:-[a-z]+)+-\d+)\.(.+)$/.exec(name) ?? [];
  if (elsewhere && elsewhere !== region) {
    return problem(`is a service of ${elsewhere}, and this network is in ${region}`, `write 'aws:${short}' for the one of ${region}`);
  }
  // By its full name nobody knew by which names clients call it, and the resolver would answer none.
  if (short) return problem('has its region in its name, which differs between environments', `write 'aws:${short}'`);
  const other = OTHER_NAMES[name];
  return other ? problem('is not what AWS calls the endpoint', `write '${other.split(/, | and /).map((each) => `aws:${each}`).join("' and '")}'`) : [];
}

/** The names that clients of a service ask for, with `R` and `S` to be filled in. */
export function clientNames(service: string): readonly string[] {
  const own = CLIENT_NAMES[service];
  if (own) return own;
  // A full name is one of somebody's own, with names nobody can guess.
  if (service.startsWith('com.amazonaws.')) return [];
  // `a.b` is `b.a.<region>`, as its endpoint answers to.
  return [`${service.split('.').reverse().join('.')}.R.S`];
}
