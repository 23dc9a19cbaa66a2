/** Hosts that are allowed by name, held against what a plan's own zones answer. */

/** Of the allowed hosts the one that means the name: itself, `*.` before one of its ends, or one below a wildcard record. */
export function allowing(name: string, allowed: ReadonlySet<string> | undefined): string | undefined {
  if (!allowed) return undefined;
  if (allowed.has(name)) return name;
  if (name.startsWith('*.')) return [...allowed].find((host) => host.endsWith(name.slice(1)));
  const labels = name.split('.');
  return labels.map((_, index) => `*.${labels.slice(index + 1).join('.')}`).find((wildcard) => allowed.has(wildcard));
}
