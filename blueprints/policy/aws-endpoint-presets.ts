/** Named sets of AWS endpoints: what a platform needs to run where there is no other way out. */

/** One set. */
export interface EndpointPreset {
  /** AWS's short names of the services, sorted. */
  readonly services: readonly string[];
  /** The page of AWS that lists them. */
  readonly source: string;
}

/** The sets by name. What workloads call besides is theirs to add, in `privateServices`. */
export const AWS_ENDPOINT_PRESETS = {
  /** Fargate and EC2 tasks: agent, images, logs. The three `ecs` endpoints belong together. */
  ecs: {
    services: ['ecr.api', 'ecr.dkr', 'ecs', 'ecs-agent', 'ecs-telemetry', 'logs', 's3'],
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html',
  },
  /** Nodes and pods of a private cluster. `autoscaling` only where Cluster Autoscaler runs. */
  eks: {
    services: ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'elasticloadbalancing', 'logs', 's3', 'sts'],
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html',
  },
  /** Functions that call functions, take roles and read secrets. Lambda itself needs none: it ships code and logs from outside the VPC. */
  lambda: {
    services: ['lambda', 'secretsmanager', 'sts'],
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-endpoints.html',
  },
  /** Session Manager, Run Command and Patch Manager, for agents of every age. */
  ssm: {
    services: ['ec2messages', 'ssm', 'ssmmessages'],
    source: 'https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html',
  },
} as const satisfies Readonly<Record<string, EndpointPreset>>;

/** The name of a set. */
export type AwsEndpointPreset = keyof typeof AWS_ENDPOINT_PRESETS;

/** The names of the sets, sorted. */
export const AWS_ENDPOINT_PRESET_NAMES = Object.keys(AWS_ENDPOINT_PRESETS).sort() as readonly AwsEndpointPreset[];
