/**
 * Names spread over the domain lists of DNS Firewall, within what Terraform can write at once.
 *
 * The API takes 1,000 domains per request, and the provider writes a list in one request
 * (hashicorp/terraform-provider-aws#41433: a longer list stays empty), so that is the size of a
 * list here. A name falls into a list by its hash. When a list is full the number of lists doubles:
 * list 2 of 2 then holds what the first loses, and no list is ever renamed.
 */
import { hash32 } from './content-id';

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_UpdateFirewallDomains.html */
export const DOMAINS_PER_LIST = 1_000;
/** Of the 100 rules that a group takes; one allows one list. */
const MOST_LISTS = 64;

/** One list and its place. */
export interface DomainList {
  /** From 1: part of its name, and of its rule's priority. */
  readonly number: number;
  /** Sorted. May be empty, where only few names are spread over several lists. */
  readonly domains: readonly string[];
  /** The lists that took names over when this one was cut: they have to be there before it shrinks. */
  readonly successors: readonly number[];
}

/** The lists of a policy, and what does not fit, in words with the way out. */
export interface DomainLists {
  readonly lists: readonly DomainList[];
  readonly problems: readonly string[];
}

/** The lists of a policy's hosts; with no host, none. */
export function domainLists(names: readonly string[]): DomainLists {
  const hashed = names.map((name) => ({ name, bits: hash32(name) }));
  let count = 1;
  let cut = cutInto(count, hashed);
  while (count < MOST_LISTS && cut.some((list) => list.length > DOMAINS_PER_LIST)) cut = cutInto(count *= 2, hashed);

  const lists = names.length === 0 ? [] : cut.map((domains, index): DomainList => ({
    number: index + 1,
    domains: domains.sort(),
    successors: cut.flatMap((_, other) => (ancestor(other) === index && other > 0 ? [other + 1] : [])),
  }));
  return {
    lists,
    problems: cut.some((list) => list.length > DOMAINS_PER_LIST)
      ? [`aws: ${names.length} names do not fit into ${MOST_LISTS} domain lists of ${DOMAINS_PER_LIST}; use wildcards, or split the segments over two environments`]
      : [],
  };
}

function cutInto(count: number, hashed: readonly { readonly name: string; readonly bits: number }[]): string[][] {
  const lists: string[][] = Array.from({ length: count }, () => []);
  for (const { name, bits } of hashed) lists[bits % count]!.push(name);
  return lists;
}

/** The list that a list was cut off from: its number without the highest bit. */
function ancestor(index: number): number {
  return index === 0 ? 0 : index - 2 ** Math.floor(Math.log2(index));
}
