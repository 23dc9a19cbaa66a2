import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { TerraformStack } from 'cdktf';
import type { AwsEnvironment } from '../blueprints/policy/model';
import { useVersionRange } from './version-range';

/** The versions that the tests cover: the blueprints use only what both majors have. */
export const AWS_VERSIONS = '>= 5.100.0, < 7.0.0';

/**
 * Makes the AWS provider of a stack: its region, the one account that it may touch when the
 * policy names it, and the tags of everything it makes.
 */
export function configureAws(
  stack: TerraformStack,
  environment: AwsEnvironment,
  { organization, environmentName }: { readonly organization: string; readonly environmentName: string },
): AwsProvider {
  const provider = new AwsProvider(stack, 'aws', {
    region: environment.region,
    ...(environment.account ? { allowedAccountIds: [environment.account] } : {}),
    defaultTags: [{ tags: { organization, environment: environmentName, 'managed-by': 'terraform' } }],
  });
  useVersionRange(stack, provider, 'hashicorp/aws', AWS_VERSIONS);
  return provider;
}
