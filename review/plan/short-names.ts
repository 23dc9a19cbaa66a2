/** What files are called beside each other. */

/** Says of a file what it is, and not of what. */
const TELLS_NOTHING = /^(tf|terraform)?[-_.]?(plan|state|show)$/i;

/**
 * One short name per file, without the folders and the endings that all share: `network` and `app` of `prod/network.json`
 * and `prod/app.json`, as of `network/state.json` and `app/plan.json`. Of letters, digits and `_./-` alone, as it becomes
 * part of addresses.
 */
export function shortNames(names: readonly string[]): readonly string[] {
  let all: readonly (readonly string[])[] = names.map((name) => name.replace(/\.json$/, '').split(/[\\/]+/).filter((part) => part !== '' && part !== '.'));
  const isEach = (holds: (parts: readonly string[]) => boolean): boolean => all.every((parts) => parts.length > 1 && holds(parts));
  const hasFolders = new Set(all.map((parts) => parts.slice(0, -1).join('/'))).size === all.length;
  while (isEach((parts) => parts.at(-1) === all[0]?.at(-1)) || (hasFolders && isEach((parts) => TELLS_NOTHING.test(parts.at(-1) as string)))) all = all.map((parts) => parts.slice(0, -1));
  while (isEach(([first]) => first === all[0]?.[0])) all = all.map((parts) => parts.slice(1));
  const taken = new Set<string>();
  return all.map((parts) => {
    const wanted = parts.join('/').replace(/[^\w./-]+/g, '-') || 'plan';
    let found = wanted;
    for (let number = 2; taken.has(found); number += 1) found = `${wanted}-${number}`;
    taken.add(found);
    return found;
  });
}
