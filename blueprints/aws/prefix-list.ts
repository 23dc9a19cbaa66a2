import type { Construct } from 'constructs';
import { DataAwsEc2ManagedPrefixList } from '@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list';
import { serviceName } from '../policy/aws-endpoint-catalog';
import type { PlannedGateway } from './gateway-plan';

/**
 * The prefix list of a service in a region, which AWS keeps, held against the ranges that were
 * written down for it.
 *
 * Groups and routes name the list and follow it. A network ACL cannot, so it has the written
 * ranges; a plan fails as soon as the two differ, and prints what to write. AWS's lists are never empty: an
 * empty one comes from a stand-in, which has nothing to compare with.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
 */
export class AwsServicePrefixList extends DataAwsEc2ManagedPrefixList {
  constructor(scope: Construct, id: string, region: string, { service, ranges }: Pick<PlannedGateway, 'service' | 'ranges'>) {
    const name = serviceName(region, service);
    super(scope, id, { name, ...(ranges ? { lifecycle: { postcondition: conditions(name, service, ranges) } } : {}) });
  }
}

function conditions(name: string, service: string, ranges: readonly string[]) {
  const listed = '[for entry in self.entries : entry.cidr]';
  const written = JSON.stringify(ranges);
  const fix = `Write under gatewayEndpoints: ${service}: { ranges: [\${join(", ", sort(${listed}))}] }`;
  return [
    {
      condition: `\${length(self.entries) == 0 || length(setsubtract(${listed}, ${written})) == 0}`,
      errorMessage: `AWS has addresses in ${name} that are not written down, and network ACLs without them refuse calls to the service. ${fix}`,
    },
    {
      condition: `\${length(self.entries) == 0 || length(setsubtract(${written}, ${listed})) == 0}`,
      errorMessage: `Addresses are written down for ${name} that AWS does not have in it, and network ACLs let them through. ${fix}`,
    },
  ];
}
