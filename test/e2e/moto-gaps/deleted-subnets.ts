import { DescribeNetworkAclsCommand, ReplaceNetworkAclAssociationCommand } from '@aws-sdk/client-ec2';
import type { MotoGap } from './gap';

/**
 * moto keeps a deleted subnet on its network ACL, which then can neither be read as it is nor be
 * deleted; on AWS the association goes with the subnet. Here it goes to the default ACL, and is
 * left out wherever ACLs are read.
 */
export function deletedSubnets(): MotoGap {
  const deleted = new Set<string>();
  return {
    service: 'ec2',
    operations: ['DeleteSubnet', 'DescribeNetworkAcls'],
    async follow(request, moto) {
      if (request.get('Action') !== 'DeleteSubnet') return;
      const subnet = request.get('SubnetId')!;
      deleted.add(subnet);
      const { NetworkAcls = [] } = await moto.send(new DescribeNetworkAclsCommand({}));
      for (const { VpcId, IsDefault, Associations = [] } of NetworkAcls) {
        const AssociationId = Associations.find(({ SubnetId }) => SubnetId === subnet)?.NetworkAclAssociationId;
        const NetworkAclId = NetworkAcls.find((acl) => acl.VpcId === VpcId && acl.IsDefault)?.NetworkAclId;
        if (!IsDefault && AssociationId && NetworkAclId) await moto.send(new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId }));
      }
    },
    correct(request, answer) {
      if (request.get('Action') !== 'DescribeNetworkAcls') return answer;
      return answer.replace(/<item>\s*(?:<(networkAclAssociationId|networkAclId|subnetId)>[^<]*<\/\1>\s*){3}<\/item>/g, (item) => (
        deleted.has(/<subnetId>([^<]*)</.exec(item)?.[1] ?? '') ? '' : item));
    },
  };
}
