import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import type { TerraformStack } from 'cdktf';
import type { GoogleEnvironment } from '../blueprints/policy/model';
import { useVersionRange } from './version-range';

/** The versions of `hashicorp/google` that have every attribute the blueprints use. */
export const GOOGLE_VERSIONS = '>= 6.50.0, < 7.0.0';

/**
 * Sets up Google Cloud for a stack: project and region of the environment, and labels on whatever
 * can carry them. Credentials come from the environment (`gcloud auth application-default login`).
 *
 * Access Context Manager and the organization policy service answer a person's own credentials with 403
 * unless the request names a project to be counted against. Named only for these two, because whoever
 * deploys needs `roles/serviceusage.serviceUsageConsumer` there for it.
 * https://cloud.google.com/docs/authentication/troubleshoot-adc#user-creds-client-based
 */
export function configureGoogle(
  stack: TerraformStack,
  environment: GoogleEnvironment,
  names: { readonly organization: string; readonly environmentName: string },
): GoogleProvider {
  const provider = new GoogleProvider(stack, 'google', {
    project: environment.project,
    region: environment.region,
    defaultLabels: { organization: names.organization, environment: names.environmentName },
    ...(environment.perimeter || environment.denyExternalAddresses ? { billingProject: environment.project, userProjectOverride: true } : {}),
  });
  useVersionRange(stack, provider, 'hashicorp/google', GOOGLE_VERSIONS);
  return provider;
}
