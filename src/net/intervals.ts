// Exact sets of the integers 0..2^32-1: IPv4 addresses, ports, ICMP types and codes, protocol numbers.
// The algebra is in interval-algebra.ts; this names it for numbers. IPv6 is wide-intervals.ts.
// Values are plain doubles: bit operators, which would make anything above 2^31 negative, have no place here.

import { intervalAlgebra } from './interval-algebra.ts';

/** Flat [lo0, hi0, lo1, hi1, …], both ends included; sorted, disjoint, never adjacent. Never written to. */
export type Intervals = readonly number[];

export const EMPTY: Intervals = [];

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
} = intervalAlgebra<number>(
  (value) => value + 1,
  (value) => value - 1,
);

/** How many values the set has. */
export function size(a: Intervals): number {
  let total = 0;
  for (const [lo, hi] of toPairs(a)) total += hi - lo + 1;
  return total;
}
