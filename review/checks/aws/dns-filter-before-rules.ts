/** What the association of a DNS firewall waits for. */
import type { AwsModel } from '../../model/aws/model';
import type { Resource } from '../../plan/resource-graph';
import type { Check } from '../check';

const GROUP = 'aws_route53_resolver_firewall_rule_group';

export const check: Check<AwsModel> = {
  id: 'dns-filter-before-rules',
  title: 'DNS filter that is on the network before its rules',
  severity: 'low',
  why: 'Terraform makes what does not depend on each other in any order: until every rule is there, names are blocked that should be resolved, or resolved that should be blocked.',
  fix: 'Name every rule of the group in depends_on of its association with the network.',
  references: ['https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on'],
  comparable: [],
  *run({ model }) {
    const rules = model.graph.ofType('aws_route53_resolver_firewall_rule');
    for (const { resource } of model.dns.all.flatMap((control) => control.associations)) {
      // What is there already cannot come too early.
      if (!resource.isConfigured([]) || !['create', 'replace', 'unplanned'].includes(resource.action)) continue;
      const groups = new Set(resource.references('firewall_rule_group_id', { types: [GROUP] }).targets);
      const late = rules.filter((rule) => !resource.waitsFor(rule) && rule.references('firewall_rule_group_id', { types: [GROUP] }).targets.some((group) => groups.has(group)));
      if (late.length > 0) yield { address: resource.address, message: `${resource.address} does not wait for ${listed(late)}` };
    }
  },
};

function listed(rules: readonly Resource[]): string {
  const shown = rules.map(({ address }) => address).sort().slice(0, 3).join(', ');
  return rules.length > 3 ? `${shown} and ${rules.length - 3} more` : shown;
}
