// Interval algebra, numbers and bigints alike: the laws of sets against plain Set objects over a small domain, and
// the canonical form that makes equal sets equal lists.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IntervalAlgebra } from '../../src/net/interval-algebra.ts';
import * as narrow from '../../src/net/intervals.ts';
import * as wide from '../../src/net/wide-intervals.ts';
import { pairs, RUNS } from './arbitraries.ts';

describe('intervals', () => {
  it('merges what touches or overlaps', () => {
    expect(
      narrow.fromPairs([
        [80, 80],
        [443, 443],
        [81, 90],
        [85, 100],
      ]),
    ).toEqual([80, 100, 443, 443]);
    expect(narrow.union([1, 2], [3, 4])).toEqual([1, 4]);
    expect(narrow.union([1, 2], [4, 5])).toEqual([1, 2, 4, 5]);
  });

  it('cuts exactly at the ends', () => {
    expect(narrow.subtract([0, 65535], [22, 22])).toEqual([0, 21, 23, 65535]);
    expect(narrow.subtract([0, 9, 20, 29], [5, 24])).toEqual([0, 4, 25, 29]);
    expect(narrow.complement([0, 0, 255, 255], 0, 255)).toEqual([1, 254]);
    expect(narrow.complement(narrow.EMPTY, 0, 255)).toEqual([0, 255]);
  });

  it('holds values above 2^31 and up to the last address', () => {
    const last = 2 ** 32 - 1;
    const upper = narrow.single(2 ** 31, last);
    expect(narrow.complement(upper, 0, last)).toEqual([0, 2 ** 31 - 1]);
    expect(narrow.contains(upper, 3_232_235_777)).toBe(true);
    expect(narrow.union([0, 2 ** 31 - 1], upper)).toEqual([0, last]);
    expect(narrow.size(narrow.single(0, last))).toBe(2 ** 32);
    expect(wide.size(wide.single(0n, 2n ** 128n - 1n))).toBe(2n ** 128n);
  });

  it('refuses an interval that ends before it begins', () => {
    expect(() => narrow.single(2, 1)).toThrow('ends before it begins');
    expect(() => narrow.fromPairs([[2, 1]])).toThrow('ends before it begins');
    expect(() => narrow.single(Number.NaN, 1)).toThrow('ends before it begins');
  });

  it('unites very many sets', () => {
    const sets = Array.from({ length: 200_000 }, (_, i) => narrow.single(2 * i, 2 * i));
    expect(narrow.size(narrow.unionAll(sets))).toBe(200_000);
    expect(narrow.size(narrow.unionAll([narrow.unionAll(sets), [1, 1]]))).toBe(200_001);
  });
});

const DOMAIN = Array.from({ length: 16 }, (_, i) => i);
const LAST = DOMAIN.length - 1;

describe.each([
  { name: 'numbers', algebra: narrow as IntervalAlgebra<number>, of: (value: number) => value },
  { name: 'bigints', algebra: wide as IntervalAlgebra<bigint>, of: (value: number) => BigInt(value) },
])('set laws over $name', ({ algebra, of }) => {
  // The two algebras are tested through one signature; which type flows through does not matter here.
  const sets = algebra as IntervalAlgebra<number | bigint>;
  type List = readonly (number | bigint)[];

  const lists: fc.Arbitrary<List> = pairs(0, LAST, 5).map((list) =>
    sets.fromPairs(list.map(([lo, hi]): [number | bigint, number | bigint] => [of(lo), of(hi)])),
  );
  const members = (a: List) => DOMAIN.filter((x) => sets.contains(a, of(x)));

  function expectCanonical(a: List): void {
    expect(a.length % 2).toBe(0);
    const ends = a.map(Number);
    for (let i = 0; i < ends.length; i += 2) {
      expect(ends[i]).toBeLessThanOrEqual(ends[i + 1] ?? -1);
      if (i > 0) expect(ends[i]).toBeGreaterThan((ends[i - 1] ?? Infinity) + 1);
    }
  }

  it('agrees with plain sets in every operation', () => {
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const x = members(a);
        const y = members(b);
        const cases: [List, number[]][] = [
          [sets.union(a, b), DOMAIN.filter((v) => x.includes(v) || y.includes(v))],
          [sets.unionAll([a, b]), DOMAIN.filter((v) => x.includes(v) || y.includes(v))],
          [sets.intersect(a, b), x.filter((v) => y.includes(v))],
          [sets.subtract(a, b), x.filter((v) => !y.includes(v))],
          [sets.complement(a, of(0), of(LAST)), DOMAIN.filter((v) => !x.includes(v))],
        ];
        for (const [result, expected] of cases) {
          expect(members(result)).toEqual(expected);
          expectCanonical(result);
        }
        expect(sets.covers(a, b)).toBe(y.every((v) => x.includes(v)));
        expect(sets.overlaps(a, b)).toBe(y.some((v) => x.includes(v)));
        expect(sets.equals(a, b)).toBe(x.join() === y.join());
        expect(sets.isEmpty(a)).toBe(x.length === 0);
      }),
      RUNS,
    );
  });

  it('has one form for one set, however it was built', () => {
    fc.assert(
      fc.property(lists, lists, lists, (a, b, c) => {
        const built = sets.union(sets.union(a, b), c);
        expect(sets.union(c, sets.union(b, a))).toEqual(built);
        expect(sets.fromPairs([...sets.toPairs(c), ...sets.toPairs(a), ...sets.toPairs(b)])).toEqual(built);
        const inverse = (list: List) => sets.complement(list, of(0), of(LAST));
        expect(inverse(sets.intersect(inverse(a), sets.intersect(inverse(b), inverse(c))))).toEqual(built);
        expect(sets.union(sets.subtract(built, a), sets.intersect(built, a))).toEqual(built);
        expect(sets.fromPairs(sets.toPairs(built).reverse())).toEqual(built);
      }),
      RUNS,
    );
  });

  it('changes no argument', () => {
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const x = Object.freeze([...a]);
        const y = Object.freeze([...b]);
        for (const operate of [sets.union, sets.intersect, sets.subtract]) operate(x, y);
        expect([x, y]).toEqual([a, b]);
      }),
      RUNS,
    );
  });
});

it('counts the values of a set', () => {
  fc.assert(
    fc.property(pairs(0, LAST), (list) => {
      const a = narrow.fromPairs(list);
      const count = DOMAIN.filter((x) => narrow.contains(a, x)).length;
      expect(narrow.size(a)).toBe(count);
      expect(wide.size(a.map(BigInt))).toBe(BigInt(count));
    }),
    RUNS,
  );
});
