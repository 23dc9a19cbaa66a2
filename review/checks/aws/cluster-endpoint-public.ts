/** EKS clusters; public access is the default. */
import { flagAt, isSet, textsAt } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'cluster-endpoint-public',
  title: 'Kubernetes API that answers the internet',
  severity: 'high',
  why: 'Stolen credentials work from everywhere, and nodes call their cluster over the internet.',
  fix: 'Set endpoint_public_access to false and endpoint_private_access to true.',
  references: ['https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html'],
  comparable: ['checkov CKV_AWS_38', 'checkov CKV_AWS_39', 'trivy AWS-0040', 'trivy AWS-0041'],
  *run({ model }) {
    for (const cluster of model.graph.ofType('aws_eks_cluster')) {
      const path = ['vpc_config', 0, 'endpoint_public_access'];
      const isPublic = isSet(cluster, path) ? flagAt(cluster, path) : true;
      if (isPublic !== true) continue;
      const from = textsAt(cluster, ['vpc_config', 0, 'public_access_cidrs']);
      const isWide = from.length === 0 || from.includes('0.0.0.0/0');
      yield { address: cluster.address, message: `the API of ${cluster.address} answers ${isWide ? 'the whole internet' : from.join(', ')}`, ...(isWide ? {} : { severity: 'low' as const }) };
    }
  },
};
