// Classes are exactly the sets of nodes that no set tells apart: refinement is compared with signatures.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsetOf, hasBit } from '../../src/base/bitset.ts';
import { partition } from '../../src/compile/classes.ts';

const cases = fc
  .integer({ min: 1, max: 70 })
  .chain((size) =>
    fc.tuple(fc.constant(size), fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: size }), { maxLength: 12 })),
  );

describe('a partition', () => {
  it('puts two nodes into one class exactly when they are in the same sets', () => {
    fc.assert(
      fc.property(cases, ([size, members]) => {
        const sets = members.map((list) => bitsetOf(size, list));
        const signature = (node: number): string => sets.map((set) => (hasBit(set, node) ? 1 : 0)).join('');
        const { of, count } = partition(size, sets);
        const signatures = Array.from({ length: size }, (_, node) => signature(node));
        expect(count).toBe(new Set(signatures).size);
        // With as many classes as signatures, it is enough that each class has one signature.
        const ofClass = new Map(signatures.map((text, node) => [of[node], text]));
        expect(signatures.filter((text, node) => ofClass.get(of[node]) !== text)).toEqual([]);
      }),
    );
  });

  it('numbers classes by their first member, which represents them', () => {
    fc.assert(
      fc.property(cases, ([size, members]) => {
        const { of, representative, count } = partition(
          size,
          members.map((list) => bitsetOf(size, list)),
        );
        expect(representative.length).toBe(count);
        for (let own = 0; own < count; own++) expect(representative[own]).toBe(of.indexOf(own));
        expect([...representative]).toEqual([...representative].sort((a, b) => a - b));
      }),
    );
  });

  it('is one class without sets, and none without nodes', () => {
    expect(partition(5, []).count).toBe(1);
    expect(partition(5, [bitsetOf(5, [0, 1, 2, 3, 4]), bitsetOf(5, [])]).count).toBe(1);
    expect(partition(0, []).count).toBe(0);
  });

  it('depends on what the sets are, not on how often or in which order they come', () => {
    const [a, b] = [bitsetOf(6, [0, 1, 2]), bitsetOf(6, [2, 3])];
    const once = [...partition(6, [a, b]).of];
    expect(once).toEqual([0, 0, 1, 2, 3, 3]);
    expect([...partition(6, [b, a, a, b.slice()]).of]).toEqual(once);
  });
});
