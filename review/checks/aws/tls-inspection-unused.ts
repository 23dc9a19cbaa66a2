/** TLS inspection configurations that no firewall policy refers to. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'tls-inspection-unused',
  title: 'TLS inspection that opens nothing',
  severity: 'medium',
  why: 'A configuration does nothing until a firewall policy refers to it; AWS takes it into a new policy only, so a policy that was there before goes on without.',
  fix: 'Refer to it with tls_inspection_configuration_arn, in a policy of another name.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/tls-inspection-configurations.html'],
  comparable: [],
  *run({ model }) {
    const used = new Set(model.policies.flatMap(({ resource }) => resource.references(['firewall_policy', 0, 'tls_inspection_configuration_arn']).targets));
    for (const configuration of model.graph.ofType('aws_networkfirewall_tls_inspection_configuration')) {
      if (!used.has(configuration)) yield { address: configuration.address, message: `${configuration.address} is in no firewall policy` };
    }
  },
};
