/** Which services of AWS a policy file asks for in an environment, by the pages of docs/ that say what each word stands for. */
import type { Written } from './random-policies';

const EKS = ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'elasticloadbalancing', 'logs', 's3', 'sts'];
const SSM = ['ec2messages', 'ssm', 'ssmmessages'];

const SERVICES: Readonly<Record<string, readonly string[]>> = {
  'container-registry': ['ecr.api', 'ecr.dkr', 's3'], database: ['dynamodb', 'rds'], kubernetes: EKS, logs: ['logs'], metrics: ['monitoring'],
  'object-storage': ['s3'], queue: ['sqs'], secrets: ['kms', 'secretsmanager'], 'session-access': SSM,
};
const PRESETS: Readonly<Record<string, readonly string[]>> = {
  ecs: ['ecr.api', 'ecr.dkr', 'ecs', 'ecs-agent', 'ecs-telemetry', 'logs', 's3'], eks: EKS, lambda: ['lambda', 'secretsmanager', 'sts'], ssm: SSM,
};

/** By AWS's short names. */
export function serviceNamesOf(policy: Written, environment: Written): readonly string[] {
  const words: readonly string[] = policy.privateServices ?? [];
  const presets: readonly string[] = environment.aws.endpointPresets ?? [];
  return [...new Set([...words.flatMap((word) => (word.startsWith('aws:') ? [word.slice(4)] : word.includes(':') ? [] : SERVICES[word]!)), ...presets.flatMap((preset) => PRESETS[preset]!)])];
}
