/** Every network has a default ACL; adopted or not, it must hold no entry that allows. */
import type { AwsModel } from '../../model/aws/model';
import { entryText } from '../../model/aws/acls';
import { inFull, type Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'default-acl-not-empty',
  title: 'default network ACL with entries',
  severity: 'low',
  why: 'A subnet that names no ACL gets this one, which AWS makes with an entry that allows everything.',
  fix: 'Adopt it with aws_default_network_acl, with no entries.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html'],
  comparable: [],
  *run({ model }) {
    for (const network of model.networks) {
      const acl = model.find.defaultAcl(network);
      const allowed = acl.entries.filter((each) => each.action === 'allow');
      const [entry] = allowed;
      if (acl.implicit) yield { address: network.address, message: `the default network ACL of ${network.address} is left as AWS makes it: everything passes` };
      else if (entry) yield { ...inFull(allowed.map(entryText), 1), address: acl.address, message: `${acl.address} allows ${entry.direction} ${entry.protocol ?? 'of every protocol'} ${entry.cidr ?? ''}`.trim(), severity: 'medium' };
    }
  },
};
