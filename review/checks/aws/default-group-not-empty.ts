/** Every network has a default group; adopted or not, it must hold no rule. */
import { ruleText } from '../../model/aws/facts';
import type { AwsModel } from '../../model/aws/model';
import { ownNetworks } from '../../model/aws/planned-environments';
import { inFull, type Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'default-group-not-empty',
  title: 'default security group with rules',
  severity: 'medium',
  why: 'Whatever names no group gets this one. As AWS makes it, it lets everything out.',
  fix: 'Adopt it with aws_default_security_group, with empty ingress and egress.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html'],
  comparable: ['checkov CKV2_AWS_12', 'trivy AWS-0173'],
  *run({ model, policy }) {
    for (const network of ownNetworks(model, policy, ({ existingNetwork }) => existingNetwork?.emptyDefaults === true)) {
      const group = model.find.defaultGroup(network);
      if (group.implicit) yield { address: network.address, message: `the default security group of ${network.address} is left as AWS makes it: everything may leave` };
      // A rule that is most likely of another group is no ground for a finding.
      const rules = group.rules.filter(({ possible }) => possible === undefined);
      const [rule] = rules;
      if (!group.implicit && rule) yield { ...inFull(rules.map(ruleText), 1), address: group.address, message: `${group.address} has rules: ${ruleText(rule)}` };
    }
  },
};
