// The table of pairs remembers what a Map of composite keys remembers, also after it has grown and where slots collide.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PairTable } from '../../src/base/pair-table.ts';

it('remembers the last value of each pair and nothing else', () => {
  const number = fc.oneof(fc.nat(8), fc.nat(100_000));
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number, fc.nat(1000)), { maxLength: 400 }), (entries) => {
      const table = new PairTable(2);
      const model = new Map<string, number>();
      for (const [a, b, value] of entries) {
        expect(table.get(a, b)).toBe(model.get(`${a} ${b}`) ?? -1);
        table.set(a, b, value);
        model.set(`${a} ${b}`, value);
      }
      for (const [a, b] of entries) {
        expect(table.get(a, b)).toBe(model.get(`${a} ${b}`));
        expect(table.get(b, a)).toBe(model.get(`${b} ${a}`) ?? -1);
      }
    }),
    { numRuns: 50 },
  );
});
