import { describe, expect, it } from 'vitest';
import { addTo, groupBy } from '../../src/base/multimap.ts';

describe('groupBy', () => {
  it('keeps keys and items in the order in which they came', () => {
    const groups = groupBy([5, 2, 3, 8, 1], (n) => (n % 2 === 0 ? 'even' : 'odd'));
    expect([...groups]).toEqual([
      ['odd', [5, 3, 1]],
      ['even', [2, 8]],
    ]);
  });

  it('groups nothing into nothing', () => {
    expect(groupBy([], String).size).toBe(0);
  });
});

describe('addTo', () => {
  it('makes the list of a key that has none', () => {
    const groups = new Map<string, number[]>();
    addTo(groups, 'a', 1);
    addTo(groups, 'a', 2);
    expect(groups.get('a')).toEqual([1, 2]);
  });
});
