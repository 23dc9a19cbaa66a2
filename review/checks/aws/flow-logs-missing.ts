/** Each network needs a flow log of accepted and refused traffic. */
import type { AwsModel } from '../../model/aws/model';
import { ownNetworks } from '../../model/aws/planned-environments';
import { textAt } from '../../model/aws/read';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'flow-logs-missing',
  title: 'network without a record of every flow',
  severity: 'medium',
  why: 'Without flow logs nobody can say afterwards what left the network, and by which way.',
  fix: 'Add an aws_flow_log for the VPC with traffic_type ALL.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html'],
  comparable: ['checkov CKV2_AWS_11', 'trivy AWS-0178'],
  *run({ model, policy }) {
    const logs = model.graph.ofType('aws_flow_log').map((log) => ({ type: textAt(log, 'traffic_type'), hidden: log.unknownAt('traffic_type') !== undefined, format: textAt(log, 'log_format'), of: new Set(log.references('vpc_id').targets) }));
    for (const network of ownNetworks(model, policy)) {
      const own = logs.filter((log) => network.resource && log.of.has(network.resource));
      const whole = own.filter((log) => log.type === 'ALL' || log.hidden);
      if (whole.length > 0) {
        // https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
        if (whole.every(({ format }) => format !== undefined && !/dstaddr/.test(format))) yield { address: network.address, message: `the flow log of ${network.address} does not say where packets go (dstaddr)` };
        continue;
      }
      yield { address: network.address, message: own.length === 0 ? `${network.address} has no flow log` : `the flow log of ${network.address} holds ${own[0]?.type ?? 'an unknown part'} traffic only` };
    }
  },
};
