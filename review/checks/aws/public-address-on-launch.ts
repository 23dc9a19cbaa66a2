/** Public IPv4 addresses by default. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'public-address-on-launch',
  title: 'subnet that hands out public addresses',
  severity: 'medium',
  why: 'Whatever is launched there has an address that the internet can call, and can call the internet by itself.',
  fix: 'Set map_public_ip_on_launch to false; load balancers bring their own addresses.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html'],
  comparable: ['checkov CKV_AWS_130', 'trivy AWS-0164'],
  *run({ model }) {
    for (const subnet of model.subnets) {
      if (subnet.publicOnLaunch === true) yield { address: subnet.address, message: `${subnet.address} gives a public address to whatever is launched in it`, ...(subnet.segment === undefined ? {} : { segment: subnet.segment }) };
    }
  },
};
