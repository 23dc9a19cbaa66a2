import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { openWitness, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'serverless-egress-outside-network',
  title: 'a service that leaves from Google\'s own network',
  severity: 'high',
  why: 'Cloud Run, functions and App Engine reach the internet directly unless all of their traffic is sent into a VPC. No rule, route or NAT of the project holds for it.',
  fix: 'Set the egress setting to ALL_TRAFFIC with a VPC interface or connector in a subnet of a segment.',
  references: ['https://cloud.google.com/run/docs/configuring/vpc-direct-vpc', 'https://cloud.google.com/functions/docs/networking/network-settings'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const { address, leavesDirectly } of model.workloads) {
      if (leavesDirectly === undefined) continue;
      yield { address, message: leavesDirectly, ...witnessed(openWitness(verdicts, address)) };
    }
  },
};
