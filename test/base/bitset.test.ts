// Bitsets do what sets do: every operation is compared with the same operation on a Set.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addBit,
  bitsetOf,
  countBits,
  emptyBitset,
  equalBits,
  forEachBit,
  fullBitset,
  hasBit,
  intersectBits,
  isEmptyBits,
  membersOf,
  orInto,
  overlapBits,
  subtractBits,
  unionBits,
} from '../../src/base/bitset.ts';

/** A universe that ends inside, at and after a word, and two sets over it. */
const pairs = fc
  .integer({ min: 1, max: 130 })
  .chain((size) =>
    fc.tuple(
      fc.constant(size),
      fc.uniqueArray(fc.nat(size - 1), { maxLength: size }),
      fc.uniqueArray(fc.nat(size - 1), { maxLength: size }),
    ),
  );

const sorted = (items: Iterable<number>): number[] => [...items].sort((a, b) => a - b);

describe('a bitset', () => {
  it('has the members it was made of, ascending, once each', () => {
    fc.assert(
      fc.property(pairs, ([size, a]) => {
        const set = bitsetOf(size, [...a, ...a]);
        expect(membersOf(set)).toEqual(sorted(a));
        expect(countBits(set)).toBe(a.length);
        expect(sorted(a)).toEqual(Array.from({ length: size }, (_, i) => i).filter((i) => hasBit(set, i)));
      }),
    );
  });

  it('joins, meets and differs as sets do, and leaves its operands alone', () => {
    fc.assert(
      fc.property(pairs, ([size, a, b]) => {
        const [x, y] = [bitsetOf(size, a), bitsetOf(size, b)];
        expect(membersOf(unionBits(x, y))).toEqual(sorted(new Set([...a, ...b])));
        expect(membersOf(intersectBits(x, y))).toEqual(sorted(a.filter((item) => b.includes(item))));
        expect(membersOf(subtractBits(x, y))).toEqual(sorted(a.filter((item) => !b.includes(item))));
        expect(overlapBits(x, y)).toBe(a.some((item) => b.includes(item)));
        expect(equalBits(x, y)).toBe(sorted(a).join() === sorted(b).join());
        expect(membersOf(x)).toEqual(sorted(a));
        expect(membersOf(y)).toEqual(sorted(b));
      }),
    );
  });

  it('is full without bits beyond its universe', () => {
    for (const size of [1, 31, 32, 33, 64, 100]) {
      expect(membersOf(fullBitset(size))).toEqual(Array.from({ length: size }, (_, i) => i));
      expect(isEmptyBits(subtractBits(fullBitset(size), fullBitset(size)))).toBe(true);
    }
    expect(fullBitset(0).length).toBe(0);
  });

  it('grows in place only where the name says so', () => {
    const set = emptyBitset(40);
    expect(isEmptyBits(set)).toBe(true);
    addBit(set, 39);
    expect(orInto(set, bitsetOf(40, [0, 31]))).toBe(set);
    const seen: number[] = [];
    forEachBit(set, (index) => seen.push(index));
    expect(seen).toEqual([0, 31, 39]);
  });
});
