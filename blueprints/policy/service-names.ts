/** What a cloud calls a service that has a neutral name here, for the advice of messages. */
import type { NeutralService } from './model';

const NEUTRAL_OF: Readonly<Record<NeutralService, string>> = {
  'container-registry': 'acr artifact-registry artifactregistry docker ecr gcr registry',
  database: 'cloud-sql cloudsql mysql postgres postgresql rds sql',
  kubernetes: 'aks eks gke k8s',
  logs: 'cloudwatch-logs log-analytics logging',
  metrics: 'cloudwatch monitor monitoring',
  'object-storage': 'blob blob-storage bucket buckets gcs s3 storage',
  queue: 'pubsub service-bus servicebus sqs',
  secrets: 'key-vault keyvault secret-manager secretmanager secrets-manager secretsmanager vault',
  'session-access': 'bastion iap session-manager ssm',
};

/** The neutral name of a service that somebody calls as one of the clouds does. */
export function neutralName(name: string): string | undefined {
  const own = name.replace(/^(aws|google|gcp|azure):/, '');
  return Object.entries(NEUTRAL_OF).find(([, names]) => names.split(' ').includes(own))?.[0];
}
