/** Addresses and prefixes, for what packets are judged by: shares nothing with the review. */
export function lengthOf(prefix: string): number {
  return Number(prefix.split('/')[1]);
}

export function holds(prefix: string, address: string): boolean {
  if (prefix.includes(':') !== address.includes(':')) return false;
  const width = address.includes(':') ? 128n : 32n;
  const [base, length = String(width)] = prefix.split('/') as [string, string?];
  const host = width - BigInt(length);
  return numberOf(base) >> host === numberOf(address) >> host;
}

const numbers = new Map<string, bigint>();

function numberOf(address: string): bigint {
  let found = numbers.get(address);
  if (found === undefined) numbers.set(address, (found = parsed(address)));
  return found;
}

function parsed(address: string): bigint {
  if (!address.includes(':')) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [left, right] = address.split('::').map((part) => part.split(':').filter((group) => group !== '')) as [string[], string[] | undefined];
  const groups = right ? [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right] : left;
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
