import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import type { TerraformStack } from 'cdktf';
import type { GoogleEnvironment } from '../blueprints/policy/model';
import { useVersionRange } from './version-range';

/** The versions of `hashicorp/google` that have every attribute the blueprints use. */
export const GOOGLE_VERSIONS = '>= 6.50.0, < 7.0.0';

/**
 * Sets up Google Cloud for a stack: project and region of the environment, and labels on whatever
 * can carry them. Credentials come from the environment (`gcloud auth application-default login`).
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
  });
  useVersionRange(stack, provider, 'hashicorp/google', GOOGLE_VERSIONS);
  return provider;
}
