// One way to change a thing, in words.

export interface Way<T> {
  readonly to: T;
  /** `to any`, `without 10.0.0.0/8`. */
  readonly words: string;
}

/** Few of many, from both ends and the middle: the same ones each time. */
export function sample<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))] as T);
}
