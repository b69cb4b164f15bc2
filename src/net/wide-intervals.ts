// Exact sets of the integers 0..2^128-1, for IPv6 addresses: the same algebra as intervals.ts, over bigints.

import { intervalAlgebra } from './interval-algebra.ts';

/** Flat [lo0, hi0, lo1, hi1, …], both ends included; sorted, disjoint, never adjacent. Never written to. */
export type WideIntervals = readonly bigint[];

export const EMPTY: WideIntervals = [];

export const {
  single,
  union,
  unionAll,
  intersect,
  subtract,
  complement,
  contains,
  isEmpty,
  equals,
  overlaps,
  covers,
  fromPairs,
  toPairs,
} = intervalAlgebra<bigint>(
  (value) => value + 1n,
  (value) => value - 1n,
);

/** How many values the set has. */
export function size(a: WideIntervals): bigint {
  let total = 0n;
  for (const [lo, hi] of toPairs(a)) total += hi - lo + 1n;
  return total;
}
