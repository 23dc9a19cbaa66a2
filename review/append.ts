/** Lists by key, grown in place: a group that ten thousand places carry must not be copied ten thousand times. */
export function append<K, V>(lists: Map<K, V[]>, key: K, item: V): void {
  const known = lists.get(key);
  if (known) known.push(item);
  else lists.set(key, [item]);
}
