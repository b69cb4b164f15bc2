// Short forms of fast-check's combinators.

import fc from 'fast-check';

export const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** Entries are `[weight, arbitrary]`; put the plainest first, for shrinking goes that way. */
export function weighted<T>(...entries: readonly (readonly [number, fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof({ withCrossShrink: true }, ...entries.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

export function weightedOf<T>(...entries: readonly (readonly [number, T])[]): fc.Arbitrary<T> {
  return weighted(...entries.map(([weight, value]) => [weight, fc.constant(value)] as const));
}

/** A value in one of `n` cases, else null. */
export function rarely<T>(n: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return weighted<T | null>([n - 1, fc.constant(null)], [1, value]);
}

/** True in one of `n` cases. */
export function oneIn(n: number): fc.Arbitrary<boolean> {
  return weightedOf([n - 1, false], [1, true]);
}
