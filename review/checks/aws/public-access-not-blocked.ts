/** VPC Block Public Access, where the policy file wants it for the account. */
import type { AwsModel } from '../../model/aws/model';
import { environmentsOf } from '../../model/aws/planned-environments';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'public-access-not-blocked',
  title: 'account whose public access nobody blocks, and the policy file wants it blocked',
  severity: 'medium',
  why: 'Block Public Access holds when routes and groups are wrong, in every network of the account and region.',
  fix: 'Let the plan make aws_vpc_block_public_access_options with block-bidirectional, or write exclusions in the policy file where somebody else switches it on.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html'],
  comparable: [],
  *run({ model, policy }) {
    // Another file may be for another account.
    const files = new Set(model.graph.ofType('aws_vpc_block_public_access_options').map(({ file }) => file));
    for (const { environment, network } of environmentsOf(model, policy)) {
      if (environment.blockPublicAccess === 'account' && !(network.resource ? files.has(network.resource.file) : files.size > 0)) yield { address: network.address, message: `the policy wants public access blocked in the account of ${network.address}, and the plan does not block it` };
    }
  },
};
