/** Domain lists: 1,000 names per request, not deletable while a rule uses them. */
import { demand } from '../api-error';
import type { Operation } from '../json-service';
import { page, type ApiRecord, type Records } from './records';

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_UpdateFirewallDomains.html */
const MOST_PER_REQUEST = 1_000;

export interface DomainListRecord extends ApiRecord {
  readonly Name: string;
  /** As given, without the trailing dot that answers have. */
  domains: string[];
}

/** @param usersOf names of the rules that use a list */
export function domainListOperations(lists: Records<DomainListRecord>, usersOf: (list: DomainListRecord) => readonly string[]): Record<string, Operation> {
  const status = (list: DomainListRecord) => (lists.settled(list) ? 'COMPLETE' : 'UPDATING');
  const describe = (list: DomainListRecord) => ({
    FirewallDomainList: { Id: list.Id, Arn: list.Arn, Name: list.Name, DomainCount: list.domains.length, Status: status(list) },
  });
  return {
    CreateFirewallDomainList: (input) => {
      demand(input.Name, 'ValidationException', 'Name is required');
      return describe(lists.add(input.Name, input.Tags, { Name: input.Name, domains: [] }));
    },
    GetFirewallDomainList: (input) => describe(lists.get(input.FirewallDomainListId)),
    ListFirewallDomainLists: (input) => page('FirewallDomainLists', lists.all().map(({ Id, Arn, Name }) => ({ Id, Arn, Name })), input),
    // AWS ends each name with a dot.
    ListFirewallDomains: (input) => page('Domains', lists.get(input.FirewallDomainListId).domains.map((domain) => `${domain}.`), input),

    UpdateFirewallDomains: (input) => {
      const list = lists.get(input.FirewallDomainListId);
      const given: readonly string[] = (input.Domains ?? []).map((domain: string) => domain.toLowerCase().replace(/\.$/, ''));
      demand(given.length <= MOST_PER_REQUEST, 'ValidationException', `a request takes ${MOST_PER_REQUEST} domains, and this one has ${given.length}`);
      for (const domain of given) {
        demand(/^(?=.{1,255}$)(\*|\*?\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*)$/.test(domain), 'ValidationException', `'${domain}' is not a domain`);
      }
      const rest = list.domains.filter((domain) => !given.includes(domain));
      const outcomes: Record<string, string[]> = { ADD: [...rest, ...given], REMOVE: rest, REPLACE: [...new Set(given)] };
      const outcome = outcomes[input.Operation];
      demand(outcome, 'ValidationException', `'${input.Operation}' is not an operation`);
      list.domains = outcome;
      lists.settle(list);
      return { Id: list.Id, Name: list.Name, Status: status(list) };
    },

    DeleteFirewallDomainList: (input) => {
      const list = lists.get(input.FirewallDomainListId);
      const users = usersOf(list);
      demand(users.length === 0, 'ConflictException', `[RSLVR-02004] The domain list is used by ${users.join(', ')}`);
      lists.remove(list);
      return describe(list);
    },
  };
}
