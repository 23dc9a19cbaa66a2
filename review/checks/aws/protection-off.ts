/** The flags of firewalls, of DNS firewall associations and of the block of public access. */
import { isSet, textAt } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Resource } from '../../plan/resource-graph';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'protection-off',
  title: 'control that can be deleted or changed by one call',
  severity: 'low',
  why: 'Deleting the firewall, or changing its subnets or policy, opens or cuts every path through it; a DNS filter can be taken off its network, and public access let go in the whole account.',
  fix: 'Set delete_protection, subnet_change_protection and firewall_policy_change_protection on firewalls, mutation_protection on DNS filters, and prevent_destroy in the lifecycle of both, and of the block of public access: AWS refuses only after the rest of the network is gone.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-settings.html'],
  comparable: ['checkov CKV_AWS_344'],
  *run({ model }) {
    for (const { address, protection, resource } of model.firewalls) {
      const off = [...(protection.delete ? [] : ['delete_protection']), ...(protection.subnets ? [] : ['subnet_change_protection']), ...(protection.policy ? [] : ['firewall_policy_change_protection']), ...unrefused(resource)];
      if (off.length > 0) yield { address, message: `${address} has ${off.join(', ')} off` };
    }
    // Whose destruction opens the other networks of the account.
    for (const options of model.graph.ofType('aws_vpc_block_public_access_options')) {
      if (unrefused(options).length > 0) yield { address: options.address, message: `${options.address} has prevent_destroy off` };
    }
    for (const { address, resource } of model.dns.all.flatMap((control) => control.associations)) {
      const isTold = resource.unknownAt('mutation_protection') === undefined || !isSet(resource, 'mutation_protection');
      const off = [...(isTold && textAt(resource, 'mutation_protection') !== 'ENABLED' ? ['mutation_protection'] : []), ...unrefused(resource)];
      if (off.length > 0) yield { address, message: `${address} has ${off.join(', ')} off` };
    }
  },
};

/** Only a synthesized stack tells its lifecycle. */
function unrefused({ lifecycle }: Resource): readonly string[] {
  return lifecycle && !lifecycle.preventDestroy ? ['prevent_destroy'] : [];
}
