/** What files are called beside each other. */

/**
 * One short name per file, without the folders and the ending that all share: `network` and `app` of `prod/network.json`
 * and `prod/app.json`, as of `network/plan.json` and `app/plan.json`. Of letters, digits and `_./-` alone, as it becomes
 * part of addresses.
 */
export function shortNames(names: readonly string[]): readonly string[] {
  const all = names.map((name) => name.replace(/\.json$/, '').split(/[\\/]+/).filter((part) => part !== '' && part !== '.'));
  const shared = (at: (parts: readonly string[], depth: number) => string | undefined): number => {
    const shortest = Math.min(...all.map(({ length }) => length));
    let depth = 0;
    while (depth < shortest - 1 && all.every((parts) => at(parts, depth) === at(all[0] as readonly string[], depth))) depth += 1;
    return depth;
  };
  const last = shared((parts, depth) => parts.at(-1 - depth));
  const first = Math.min(shared((parts, depth) => parts[depth]), ...all.map(({ length }) => length - last - 1));
  const taken = new Set<string>();
  return all.map((parts) => {
    const wanted = parts.slice(Math.max(0, first), parts.length - last).join('/').replace(/[^\w./-]+/g, '-') || 'plan';
    let found = wanted;
    for (let number = 2; taken.has(found); number += 1) found = `${wanted}-${number}`;
    taken.add(found);
    return found;
  });
}
