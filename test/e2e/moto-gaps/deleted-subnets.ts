import type { MotoGap } from './gap';

/** moto keeps a deleted subnet on its network ACL for ever; on AWS the association goes with the subnet. */
export function deletedSubnets(): MotoGap {
  const deleted = new Set<string>();
  return {
    service: 'ec2',
    operations: ['DeleteSubnet', 'DescribeNetworkAcls'],
    correct(request, answer) {
      const subnet = request.get('SubnetId');
      if (request.get('Action') === 'DeleteSubnet') {
        if (subnet !== null) deleted.add(subnet);
        return answer;
      }
      return answer.replace(/<item>\s*(?:<(networkAclAssociationId|networkAclId|subnetId)>[^<]*<\/\1>\s*){3}<\/item>/g, (item) => (
        deleted.has(/<subnetId>([^<]*)</.exec(item)?.[1] ?? '') ? '' : item));
    },
  };
}
