/** Names of hosts as lists write them. */

/** Whether whatever one text stands for, another does: `*.x` is every name below x, `.x` x itself too, `*x` every longer name that ends so, `*` any name. */
export function isBelow(host: string, above: string): boolean {
  if (host === above || above === '*') return true;
  if (above.startsWith('.')) return host === above.slice(1) || host.endsWith(above);
  const end = above.slice(1);
  return above.startsWith('*') && host.endsWith(end) && host.replace(/^\*/, '').length > end.length;
}

/** Of the names that were refused before, those that a text stands for, too. */
export function refusedBelow(host: string, refused: readonly string[]): { readonly except?: readonly string[] } {
  const below = [...new Set(refused)].filter((name) => name !== host && isBelow(name, host)).sort();
  return below.length > 0 ? { except: below } : {};
}

/** A name as resolvers compare it: lower case, without the dot at its end. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
