/** An Elastic IP, or a public address that the resource asks for. */
import type { AwsModel } from '../../model/aws/model';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'public-address-on-workload',
  title: 'workload with a public address',
  severity: 'medium',
  why: 'An internet gateway carries its packets past every NAT gateway, and the internet can call it.',
  fix: 'Take the address away; let a load balancer in a public subnet take the calls.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html'],
  comparable: ['checkov CKV_AWS_17', 'checkov CKV_AWS_88', 'checkov CKV_AWS_333'],
  *run({ model }) {
    for (const workload of model.workloads) {
      const { type } = workload.resource;
      if (workload.isPublic !== true || workload.publicUnknown !== undefined || type.endsWith('lb')) continue;
      yield { address: workload.address, message: `${workload.address} has a public address`, ...(/^aws_(db|rds|redshift)/.test(type) ? { severity: 'high' as const } : {}) } satisfies Hit;
    }
  },
};
