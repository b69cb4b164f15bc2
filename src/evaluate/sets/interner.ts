// Numbers values by content, from 0: equal values have one number, so that they can be compared and remembered cheaply.

export interface Interner<T> {
  readonly intern: (value: T) => number;
  readonly get: (id: number) => T;
}

/** `key` must be equal for equal values and different for different ones. */
export function interner<T>(key: (value: T) => string): Interner<T> {
  const ids = new Map<string, number>();
  const values: T[] = [];
  return {
    intern(value) {
      const text = key(value);
      const known = ids.get(text);
      if (known !== undefined) return known;
      ids.set(text, values.length);
      return values.push(value) - 1;
    },
    get: (id) => values[id] as T,
  };
}
