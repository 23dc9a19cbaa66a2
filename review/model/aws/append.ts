/** Lists by key, grown in place: a group that ten thousand places carry must not be copied ten thousand times. */
export function append<K, V>(lists: Map<K, V[]>, key: K, ...items: readonly V[]): void {
  const known = lists.get(key);
  if (known) known.push(...items);
  else lists.set(key, [...items]);
}
