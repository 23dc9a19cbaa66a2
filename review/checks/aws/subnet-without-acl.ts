/** A subnet of a network that uses ACLs, without one. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'subnet-without-acl',
  title: 'subnet on the default network ACL',
  severity: 'low',
  why: 'The default ACL belongs to nobody: a change of it changes every subnet that names none.',
  fix: 'Give the subnet an ACL of its own.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html'],
  comparable: ['checkov CKV2_AWS_1'],
  *run({ model }) {
    const fenced = new Set(model.subnets.filter((subnet) => subnet.acls.some((acl) => !acl.isDefault)).map((subnet) => subnet.network));
    for (const subnet of model.subnets) {
      if (!fenced.has(subnet.network) || subnet.acls.some((acl) => !acl.isDefault)) continue;
      yield { address: subnet.address, message: `${subnet.address} has no network ACL of its own, unlike others of its network`, ...(subnet.segment === undefined ? {} : { segment: subnet.segment }) };
    }
  },
};
