/** What the Amazon resolver says to a name, by DNS Firewall's order: rule groups, rules, first match. */
import { referent, resources } from './resources';
import type { SynthesizedStack } from '../observation';

/** Why a name is not answered with addresses; undefined when it is. */
export function answersName(stack: SynthesizedStack, name: string, type = 'A'): string | undefined {
  const [association] = resources(stack, 'aws_route53_resolver_firewall_rule_group_association');
  if (!association) return undefined;
  const rules = resources(stack, 'aws_route53_resolver_firewall_rule')
    .filter(({ body }) => referent(body.firewall_rule_group_id) === referent(association.body.firewall_rule_group_id))
    .sort((a, b) => a.body.priority - b.body.priority);
  const decisive = rules.find(({ body }) => (body.q_type === undefined || body.q_type === type) && namesOf(stack, body.firewall_domain_list_id).some((pattern) => (pattern.startsWith('*')
    ? name.endsWith(pattern.slice(1)) && name.length > pattern.length - 1
    : name === pattern)));
  return decisive?.body.action === 'BLOCK' ? `blocked by ${decisive.address}` : undefined;
}

function namesOf(stack: SynthesizedStack, list: string): readonly string[] {
  const found = resources(stack, 'aws_route53_resolver_firewall_domain_list').find(({ address }) => address === referent(list));
  return (found?.body.domains ?? []).map((name: string) => name.replace(/\.$/, ''));
}
