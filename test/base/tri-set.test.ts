// Kleene's logic, member by member: the set operations are its or, and, and and-not.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsetOf } from '../../src/base/bitset.ts';
import {
  allOf,
  certain,
  doubtful,
  equalTri,
  isSurelyEmpty,
  noneOf,
  type Tri,
  type TriSet,
  triAnd,
  triIntersect,
  triSubtract,
  triUnion,
  triValue,
} from '../../src/base/tri-set.ts';

const size = 40;
const values = fc.array(fc.constantFrom<Tri>('yes', 'no', 'maybe'), { minLength: size, maxLength: size });

function toSet(all: readonly Tri[]): TriSet {
  const of = (...wanted: readonly Tri[]) =>
    bitsetOf(
      size,
      all.flatMap((value, i) => (wanted.includes(value) ? [i] : [])),
    );
  return all.includes('maybe') ? { sure: of('yes'), possible: of('yes', 'maybe') } : certain(of('yes'));
}

const toValues = (set: TriSet): Tri[] => Array.from({ length: size }, (_, i) => triValue(set, i));
const order: readonly Tri[] = ['no', 'maybe', 'yes'];
const atMost = (a: Tri, b: Tri): Tri => order[Math.min(order.indexOf(a), order.indexOf(b))] as Tri;
const atLeast = (a: Tri, b: Tri): Tri => order[Math.max(order.indexOf(a), order.indexOf(b))] as Tri;
const not = (a: Tri): Tri => order[2 - order.indexOf(a)] as Tri;

describe('a set of three values', () => {
  it('unites by or, intersects by and, subtracts by and-not', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [x, y] = [toSet(a), toSet(b)];
        expect(toValues(triUnion(x, y))).toEqual(a.map((value, i) => atLeast(value, b[i] as Tri)));
        expect(toValues(triIntersect(x, y))).toEqual(a.map((value, i) => atMost(value, b[i] as Tri)));
        expect(toValues(triSubtract(x, y))).toEqual(a.map((value, i) => atMost(value, not(b[i] as Tri))));
      }),
    );
  });

  it('keeps sure members among the possible ones', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        for (const op of [triUnion, triIntersect, triSubtract]) {
          const { sure, possible } = op(toSet(a), toSet(b));
          expect(sure.every((word, i) => (word & ~(possible[i] as number)) === 0)).toBe(true);
        }
      }),
    );
  });

  it('is one array where nothing is in doubt, so that it is looked at once', () => {
    const [x, y] = [certain(bitsetOf(size, [1, 2])), certain(bitsetOf(size, [2, 3]))];
    for (const set of [triUnion(x, y), triIntersect(x, y), triSubtract(x, y), allOf(size), noneOf(size)]) {
      expect(set.sure).toBe(set.possible);
    }
  });

  it('is surely empty only if nothing may be in it', () => {
    expect(isSurelyEmpty(noneOf(size))).toBe(true);
    expect(isSurelyEmpty(doubtful(bitsetOf(size, [7])))).toBe(false);
    expect(equalTri(doubtful(bitsetOf(size, [7])), certain(bitsetOf(size, [7])))).toBe(false);
    expect(toValues(triSubtract(allOf(size), doubtful(bitsetOf(size, [7]))))[7]).toBe('maybe');
  });
});

it('a conjunction is as weak as its weakest part', () => {
  expect(triAnd()).toBe('yes');
  expect(triAnd('yes', 'maybe', 'yes')).toBe('maybe');
  expect(triAnd('maybe', 'no')).toBe('no');
});
