/**
 * Where something of AWS is. Since provider 6 a resource says so itself, and one provider block makes things in several
 * regions: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support
 */
import { own } from './json';
import type { ProviderRegions } from './provider-settings';
import type { Resource } from './resource-graph';

/** Services whose names hold everywhere. */
const GLOBAL = /^aws_(account|billing|budgets|cloudfront|globalaccelerator|iam|networkmanager|organizations|route53(?!_?resolver|profiles)|s3_bucket|shield|waf)(_|$)/;

/** As the resource says, or its ARN, or what its provider block says where nobody writes one. Undefined for what is in none, or where the plan does not tell. */
export function awsRegionOf(resource: Resource, regions: ProviderRegions | undefined): string | undefined {
  const { type, values } = resource;
  if (!type.startsWith('aws_') || GLOBAL.test(type)) return undefined;
  const region = own(values, 'region');
  if (typeof region === 'string' && /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) return region;
  const arn = own(values, 'arn');
  const named = typeof arn === 'string' ? arn.split(':', 4)[3] : undefined;
  if (named !== undefined && named !== '') return named;
  return resource.isConfigured('region') ? undefined : regions?.get(resource.providerConfig ?? 'aws');
}
