// Set algebra over flat lists of inclusive intervals [lo0, hi0, lo1, hi1, …], for any totally ordered integer type.
// One implementation serves numbers (IPv4, ports: intervals.ts) and bigints (IPv6: wide-intervals.ts).
// Lists are canonical (sorted, disjoint, never adjacent), so two sets are equal exactly when their lists are.
// Results are new lists or, where nothing changed, an argument itself: nobody may write to a list.

import { invariant } from '../base/invariant.ts';

/** A canonical list. The element type says which algebra it belongs to. */
type List<T> = readonly T[];

/** The operations; every list given must be canonical, every list returned is. */
export interface IntervalAlgebra<T extends number | bigint> {
  /** The one interval lo..hi, both included; `lo <= hi` is the caller's duty. */
  single(lo: T, hi: T): List<T>;
  union(a: List<T>, b: List<T>): List<T>;
  /** The union of many at once, in n log n: folding `union` over n sets would be quadratic. */
  unionAll(sets: Iterable<List<T>>): List<T>;
  intersect(a: List<T>, b: List<T>): List<T>;
  /** What is in `a` and not in `b`. */
  subtract(a: List<T>, b: List<T>): List<T>;
  /** What of lo..hi is not in `a`. */
  complement(a: List<T>, lo: T, hi: T): List<T>;
  contains(a: List<T>, x: T): boolean;
  isEmpty(a: List<T>): boolean;
  equals(a: List<T>, b: List<T>): boolean;
  /** Whether the two have a value in common. */
  overlaps(a: List<T>, b: List<T>): boolean;
  /** Whether every value of `b` is in `a`. */
  covers(a: List<T>, b: List<T>): boolean;
  /** From inclusive pairs in any order, overlapping or not; each pair has `lo <= hi`. */
  fromPairs(pairs: Iterable<readonly [T, T]>): List<T>;
  toPairs(a: List<T>): [lo: T, hi: T][];
}

/**
 * The algebra over one integer type, given how to reach the neighbours of a value. Built once a type, so that each
 * has its own functions and the engine can specialise them.
 */
export function intervalAlgebra<T extends number | bigint>(
  next: (value: T) => T,
  previous: (value: T) => T,
): IntervalAlgebra<T> {
  const empty: List<T> = [];

  function single(lo: T, hi: T): List<T> {
    invariant(lo <= hi, 'an interval ends before it begins');
    return [lo, hi];
  }

  function union(a: List<T>, b: List<T>): List<T> {
    if (a === b || b.length === 0) return a;
    if (a.length === 0) return b;
    const out: T[] = [];
    let i = 0;
    let j = 0;
    // The interval that is still growing; it starts as the first of either list.
    let lo = (a[0] as T) <= (b[0] as T) ? (a[0] as T) : (b[0] as T);
    let hi = lo;
    while (i < a.length || j < b.length) {
      let from: T;
      let to: T;
      if (j >= b.length || (i < a.length && (a[i] as T) <= (b[j] as T))) {
        from = a[i] as T;
        to = a[i + 1] as T;
        i += 2;
      } else {
        from = b[j] as T;
        to = b[j + 1] as T;
        j += 2;
      }
      if (from <= next(hi)) {
        if (to > hi) hi = to;
      } else {
        out.push(lo, hi);
        lo = from;
        hi = to;
      }
    }
    out.push(lo, hi);
    return out;
  }

  function unionAll(sets: Iterable<List<T>>): List<T> {
    const pairs: (readonly [T, T])[] = [];
    for (const set of sets) for (const pair of toPairs(set)) pairs.push(pair);
    return fromPairs(pairs);
  }

  function intersect(a: List<T>, b: List<T>): List<T> {
    if (a === b) return a;
    const out: T[] = [];
    let i = 0;
    let j = 0;
    while (i < a.length && j < b.length) {
      const aHi = a[i + 1] as T;
      const bHi = b[j + 1] as T;
      const lo = (a[i] as T) > (b[j] as T) ? (a[i] as T) : (b[j] as T);
      const hi = aHi < bHi ? aHi : bHi;
      if (lo <= hi) out.push(lo, hi);
      if (aHi <= bHi) i += 2;
      if (bHi <= aHi) j += 2;
    }
    return out;
  }

  function subtract(a: List<T>, b: List<T>): List<T> {
    if (a.length === 0 || b.length === 0) return a;
    const out: T[] = [];
    let j = 0;
    for (let i = 0; i < a.length; i += 2) {
      let lo = a[i] as T;
      const hi = a[i + 1] as T;
      let left = true;
      while (j < b.length && (b[j + 1] as T) < lo) j += 2;
      // A cut that reaches past `hi` stays current: it may also cut the next interval.
      while (j < b.length && (b[j] as T) <= hi) {
        const from = b[j] as T;
        const to = b[j + 1] as T;
        if (from > lo) out.push(lo, previous(from));
        if (to >= hi) {
          left = false;
          break;
        }
        lo = next(to);
        j += 2;
      }
      if (left) out.push(lo, hi);
    }
    return out;
  }

  function complement(a: List<T>, lo: T, hi: T): List<T> {
    return subtract(single(lo, hi), a);
  }

  function contains(a: List<T>, x: T): boolean {
    let low = 0;
    let high = a.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((a[2 * middle + 1] as T) < x) low = middle + 1;
      else high = middle;
    }
    return 2 * low < a.length && (a[2 * low] as T) <= x;
  }

  function isEmpty(a: List<T>): boolean {
    return a.length === 0;
  }

  function equals(a: List<T>, b: List<T>): boolean {
    if (a === b) return true;
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
    return true;
  }

  function overlaps(a: List<T>, b: List<T>): boolean {
    let i = 0;
    let j = 0;
    while (i < a.length && j < b.length) {
      if ((a[i + 1] as T) < (b[j] as T)) i += 2;
      else if ((b[j + 1] as T) < (a[i] as T)) j += 2;
      else return true;
    }
    return false;
  }

  function covers(a: List<T>, b: List<T>): boolean {
    if (a === b) return true;
    let i = 0;
    for (let j = 0; j < b.length; j += 2) {
      while (i < a.length && (a[i + 1] as T) < (b[j] as T)) i += 2;
      if (i >= a.length || (a[i] as T) > (b[j] as T) || (a[i + 1] as T) < (b[j + 1] as T)) return false;
    }
    return true;
  }

  function fromPairs(pairs: Iterable<readonly [T, T]>): List<T> {
    const sorted = [...pairs].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    const out: T[] = [];
    for (const [lo, hi] of sorted) {
      invariant(lo <= hi, 'an interval ends before it begins');
      const last = out.length - 1;
      if (last < 0 || lo > next(out[last] as T)) out.push(lo, hi);
      else if (hi > (out[last] as T)) out[last] = hi;
    }
    return out.length === 0 ? empty : out;
  }

  function toPairs(a: List<T>): [lo: T, hi: T][] {
    const out: [T, T][] = [];
    for (let i = 0; i < a.length; i += 2) out.push([a[i] as T, a[i + 1] as T]);
    return out;
  }

  return {
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
  };
}
