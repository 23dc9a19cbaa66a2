/** VPC Block Public Access: its mode, and exclusions against what leads to an internet gateway. */
import { leavingRoutes, tableOf } from '../../model/aws/facts';
import { textAt } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { AwsSubnet } from '../../model/aws/subnets';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'public-access-exclusion-wide',
  title: 'block of public access that leaves out more than it must',
  severity: 'low',
  why: 'Block Public Access holds when routes and groups are wrong; what is excluded has them alone.',
  fix: 'Set the mode to block-bidirectional, and exclude only subnets that answer the internet; a whole network only where a network firewall lets its traffic out.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html'],
  comparable: [],
  *run({ model }) {
    for (const options of model.graph.ofType('aws_vpc_block_public_access_options')) {
      const mode = textAt(options, 'internet_gateway_block_mode');
      if (mode !== undefined && mode !== 'block-bidirectional') yield { address: options.address, message: `${options.address} is '${mode}', which lets packets out` };
    }
    for (const exclusion of model.graph.ofType('aws_vpc_block_public_access_exclusion')) {
      const meant = exclusion.references('subnet_id');
      const subnets = model.subnets.filter((subnet) => meant.targets.includes(subnet.resource));
      // Of several subnets that may be meant, one without a gateway says nothing.
      const idle = meant.exact || subnets.length === 1 ? subnets.find((subnet) => tableOf(subnet) && !leadsToGateway(subnet)) : undefined;
      if (idle) yield { address: exclusion.address, message: `${exclusion.address} excludes ${idle.address}, whose table leads to no internet gateway`, ...(idle.segment === undefined ? {} : { segment: idle.segment }) };
      for (const network of exclusion.references('vpc_id').targets) {
        const inside = model.subnets.filter((subnet) => subnet.network?.resource === network);
        const guarded = model.firewalls.some((firewall) => firewall.network?.resource === network);
        const called = inside.some((subnet) => leadsToGateway(subnet) && subnet.segment !== undefined);
        if (!guarded && inside.length > 0) yield { address: exclusion.address, message: `${exclusion.address} excludes all of ${network.address}, and no network firewall is in it; exclude the subnets that answer the internet` };
        else if (!called && textAt(exclusion, 'internet_gateway_exclusion_mode') === 'allow-bidirectional') yield { address: exclusion.address, message: `${exclusion.address} lets the internet into ${network.address}, where no segment answers it; allow-egress is enough` };
      }
    }
  },
};

function leadsToGateway(subnet: AwsSubnet): boolean {
  return leavingRoutes(tableOf(subnet)).some((route) => route.target.kind === 'internet-gateway');
}
