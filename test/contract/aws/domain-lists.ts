/** What a domain list lets through, behind the rules that stand before it. Knows AWS's semantics of lists and no blueprint. */
import type { Fault, ObservationSubject } from '../observation';
import type { Grant, Rule } from './firewall';
import type { Resource } from './resources';

export function readDomainList(group: Resource, before: readonly Rule[], subject: ObservationSubject): { readonly grants: readonly Grant[]; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const wide = (detail: string) => ({ grants: [], faults: [...faults, { id: 'wide-firewall-rule', where: group.address, detail }] });
  const { rules_source: { rules_source_list: list }, rule_variables: variables } = group.body.rule_group;
  if (list.generated_rules_type !== 'ALLOWLIST') return wide('a list that allows what it does not name');
  const home: readonly string[] | undefined = variables?.ip_sets?.find((set: any) => set.key === 'HOME_NET')?.ip_set.definition;
  const segment = subject.segments.find(({ cidrs }) => home?.length === cidrs.length && cidrs.every((block) => home.includes(block)));
  if (!segment) return wide('a list that is not for one segment');

  const grants = (list.target_types as readonly string[]).flatMap((type): readonly Grant[] => {
    const protocol = type === 'TLS_SNI' ? 'tls' : 'http';
    const from = (rule: Rule) => rule.protocol === protocol && segment.cidrs.every((block) => rule.source.includes(block));
    const closed = before.find((rule) => rule.action === 'drop' && from(rule) && rule.ports.startsWith('!') && !/content:/.test(rule.options));
    if (!closed) {
      faults.push({ id: 'wide-firewall-rule', where: group.address, detail: `${segment.name}: a list holds for every port, and no rule before it closes any to ${protocol}` });
      return [];
    }
    const ports = closed.ports.replace(/[![\]]/g, '').split(',').map(Number);
    const recorded = before.some((rule) => rule.action === 'alert' && from(rule) && ports.every((port) => rule.ports.replace(/[[\]]/g, '').split(',').includes(String(port))) && !/content:/.test(rule.options));
    if (!recorded) faults.push({ id: 'allowed-traffic-unlogged', where: group.address, detail: `${segment.name}: no rule before the list records ${protocol}` });
    return (list.targets as readonly string[])
      .flatMap((target) => (target.startsWith('.') ? [{ target: `*${target}` }, { target: target.slice(1), implied: true }] : [{ target }]))
      .map((grant) => ({ segment: segment.name, protocol, ports, ...grant }));
  });
  return { grants, faults };
}
