// Looks a value up, and makes and keeps it the first time.

/** What both Map and WeakMap can do. */
interface Store<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** The value under `key`; `make` is called once a key. Values must not be undefined. */
export function remember<K, V extends NonNullable<unknown> | null>(store: Store<K, V>, key: K, make: () => V): V {
  const known = store.get(key);
  if (known !== undefined) return known;
  const made = make();
  store.set(key, made);
  return made;
}
