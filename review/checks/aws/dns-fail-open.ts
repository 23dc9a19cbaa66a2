/** Networks with a DNS firewall that do not say that it fails closed. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-fail-open',
  title: 'DNS filter that lets every name through when it fails',
  severity: 'low',
  why: 'AWS decides what happens when the DNS firewall is out of order, unless the network says it.',
  fix: 'Set firewall_fail_open to DISABLED in an aws_route53_resolver_firewall_config for the network.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-vpc-configuration.html'],
  comparable: [],
  *run({ model }) {
    for (const { network } of model.dns.all) {
      const config = model.dns.failOpen.get(network);
      if (config?.value === 'DISABLED') continue;
      yield { address: config?.address ?? network.address, message: config?.value === 'ENABLED' ? `${config.address} lets every name through when the DNS firewall fails` : `${network.address} does not say what happens when its DNS firewall fails`, ...(config?.value === 'ENABLED' ? { severity: 'medium' as const } : {}) };
    }
  },
};
