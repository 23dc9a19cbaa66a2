/** What evaluators of single packets share: they import nothing of the review. */

/** What becomes of a packet: it may get out where the plan leaves that open, or to a host that is shown by name. */
export type Fate = 'open' | 'perhaps' | 'named' | 'none';

const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** The length of the prefix, or -1 for an address outside of it. */
export function within(address: string, cidr: string): number {
  const [base = '', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size) ? Number(bits) : -1;
}

/** Of what covers an address the longest; of equal ones the first in rank. */
export function best<T>(all: readonly (readonly [cidr: string, rank: number, value: T])[], to: string): T | undefined {
  const fitting = all.map(([cidr, rank, value]) => ({ length: within(to, cidr), rank, value })).filter(({ length }) => length >= 0);
  return fitting.sort((a, b) => b.length - a.length || a.rank - b.rank)[0]?.value;
}
