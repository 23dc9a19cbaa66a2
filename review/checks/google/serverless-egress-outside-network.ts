import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { openWitness, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'serverless-egress-outside-network',
  title: 'a service that leaves from Google\'s own network',
  severity: 'high',
  why: 'Cloud Run, functions, App Engine, builds, notebooks and other services reach the internet directly unless they are told to leave through a VPC. No rule, route or NAT of the project holds for it.',
  fix: 'Set the egress setting to ALL_TRAFFIC with a VPC interface or connector in a subnet of a segment, or take away the public addresses of the service.',
  references: ['https://cloud.google.com/run/docs/configuring/vpc-direct-vpc', 'https://cloud.google.com/functions/docs/networking/network-settings'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const { address, leavesDirectly } of model.workloads) {
      if (leavesDirectly === undefined) continue;
      yield { address, message: leavesDirectly.reason, ...(leavesDirectly.isSure ? {} : { confidence: 'possible' as const }), ...witnessed(openWitness(verdicts, address)) };
    }
  },
};
