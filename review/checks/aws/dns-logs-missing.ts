/** Networks with a DNS firewall and no query log. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-logs-missing',
  title: 'filtered network without a record of its queries',
  severity: 'low',
  why: 'A name that carries data out is seen in the query log and nowhere else.',
  fix: 'Associate an aws_route53_resolver_query_log_config with the network.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs.html'],
  comparable: [],
  *run({ model }) {
    for (const { network } of model.dns.all) {
      if (!model.dns.logged.has(network)) yield { address: network.address, message: `${network.address} has no record of DNS queries` };
    }
  },
};
