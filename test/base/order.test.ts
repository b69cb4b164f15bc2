import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareNatural, compareText, sortBy } from '../../src/base/order.ts';

describe('compareText', () => {
  it('orders by code unit, not by language', () => {
    expect(['b', 'Z', 'a', 'ä', 'a-', 'a0', ''].sort(compareText)).toEqual(['', 'Z', 'a', 'a-', 'a0', 'b', 'ä']);
  });
});

describe('compareNatural', () => {
  it('orders runs of digits as numbers', () => {
    const names = ['web-10', 'web-2', 'web', 'web-02', 'db-1', 'web-2-a', '10', '9'];
    expect(names.sort(compareNatural)).toEqual(['9', '10', 'db-1', 'web', 'web-02', 'web-2', 'web-2-a', 'web-10']);
  });

  it('is a total order: antisymmetric, transitive, equal only for the same text', () => {
    const text = fc.string({ unit: fc.constantFrom('0', '1', '2', 'a', 'b', '-'), maxLength: 6 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) + 0);
        expect(compareNatural(a, b) === 0).toBe(a === b);
        if (compareNatural(a, b) <= 0 && compareNatural(b, c) <= 0) {
          expect(compareNatural(a, c)).toBeLessThanOrEqual(0);
        }
      }),
      { seed: 7, numRuns: 1000 },
    );
  });
});

describe('sortBy', () => {
  it('sorts a copy and keeps the order of equal keys', () => {
    const items = [
      { key: 'b', n: 1 },
      { key: 'a', n: 2 },
      { key: 'b', n: 3 },
      { key: 'a', n: 4 },
    ];
    expect(sortBy(items, (i) => i.key).map((i) => i.n)).toEqual([2, 4, 1, 3]);
    expect(items.map((i) => i.n)).toEqual([1, 2, 3, 4]);
  });
});
