/** Lists within one rule group. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'dns-list-used-twice',
  title: 'two DNS rules of one group on one list',
  severity: 'low',
  why: 'The provider knows a rule by its group and its list: of two rules with one list it loses one.',
  fix: 'Give each rule a list of its own.',
  references: ['https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53_resolver_firewall_rule'],
  comparable: [],
  *run({ model }) {
    for (const { rules } of model.dns.all.flatMap((control) => control.associations)) {
      const seen = new Map<string, string>();
      for (const rule of rules) {
        const key = rule.lists.join();
        const other = seen.get(key);
        if (key !== '' && other !== undefined) yield { address: rule.address, message: `${rule.address} and ${other} use the same list ${key}` };
        seen.set(key, rule.address);
      }
    }
  },
};
