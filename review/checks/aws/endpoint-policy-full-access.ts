/** Gateway and interface endpoints of AWS services. */
import { judgePolicy } from '../../model/aws/endpoint-policies';
import { isPrivateLink } from '../../model/aws/served-by';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'endpoint-policy-full-access',
  title: 'endpoint that serves anybody\'s account',
  severity: 'medium',
  why: 'Traffic to an endpoint meets no firewall: without a policy it reaches buckets and queues of every account, an attacker\'s too.',
  fix: 'Allow only resources of your account or organization (aws:ResourceAccount, aws:ResourceOrgID), or named ones.',
  references: ['https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html'],
  comparable: [],
  *run({ model }) {
    for (const endpoint of model.endpoints) {
      if (endpoint.kind !== 'gateway' && endpoint.kind !== 'interface') continue;
      // Somebody else's service has no such policy, and that of another plan's endpoint is not told.
      if (isPrivateLink(endpoint) || endpoint.stranger !== undefined) continue;
      const judgement = judgePolicy(endpoint.policyHolder);
      if (judgement.kind === 'unknown') yield { address: endpoint.address, severity: 'low', confidence: 'possible', message: `${endpoint.address} (${endpoint.service ?? 'unknown service'}): its policy is not known before the apply, and may serve anybody; a plan shows the statements of a data.aws_iam_policy_document` };
      if (judgement.kind !== 'open') continue;
      const message = `${endpoint.address} (${endpoint.service ?? 'unknown service'}): ${judgement.what}`;
      yield endpoint.policyGuessed ? { address: endpoint.address, message: `${message}, as long as the plan does not say which policy is its own`, confidence: 'possible' } : { address: endpoint.address, message };
    }
  },
};
