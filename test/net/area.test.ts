// Areas: the laws of sets against plain sets of points on a small grid, and one list of bands for one set.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Area,
  areaContains,
  areaKey,
  coversArea,
  EMPTY_AREA,
  equalAreas,
  intersectAreas,
  overlapsArea,
  product,
  subtractAreas,
  toProducts,
  unionAreas,
} from '../../src/net/area.ts';
import { fromPairs } from '../../src/net/intervals.ts';
import { pairs, RUNS } from './arbitraries.ts';

const LAST = 6;
const GRID = Array.from({ length: (LAST + 1) ** 2 }, (_, i) => [Math.floor(i / (LAST + 1)), i % (LAST + 1)] as const);

const products = fc.tuple(pairs(0, LAST, 2), pairs(0, LAST, 2)).map(([x, y]) => product(fromPairs(x), fromPairs(y)));
const areas = fc.array(products, { maxLength: 4 }).map((list) => list.reduce(unionAreas, EMPTY_AREA));
const members = (a: Area) => GRID.filter(([x, y]) => areaContains(a, x, y)).map(String);

describe('areas', () => {
  it('puts neighbours with equal inner sets together', () => {
    expect(unionAreas(product([80, 80], [0, 9]), product([81, 81], [0, 9]))).toEqual([
      { lo: 80, hi: 81, inner: [0, 9] },
    ]);
    expect(subtractAreas(product([80, 81], [0, 9]), product([81, 81], [0, 4]))).toEqual([
      { lo: 80, hi: 80, inner: [0, 9] },
      { lo: 81, hi: 81, inner: [5, 9] },
    ]);
    expect(product([], [0, 9])).toEqual(EMPTY_AREA);
    expect(product([0, 9], [])).toEqual(EMPTY_AREA);
  });

  it('agrees with plain sets of points in every operation', () => {
    fc.assert(
      fc.property(areas, areas, (a, b) => {
        const x = new Set(members(a));
        const y = new Set(members(b));
        const all = GRID.map(String);
        expect(members(unionAreas(a, b))).toEqual(all.filter((p) => x.has(p) || y.has(p)));
        expect(members(intersectAreas(a, b))).toEqual(all.filter((p) => x.has(p) && y.has(p)));
        expect(members(subtractAreas(a, b))).toEqual(all.filter((p) => x.has(p) && !y.has(p)));
        expect(coversArea(a, b)).toBe([...y].every((p) => x.has(p)));
        expect(coversArea(a, intersectAreas(a, b))).toBe(true);
        expect(overlapsArea(a, b)).toBe([...y].some((p) => x.has(p)));
        const same = members(a).join() === members(b).join();
        expect(equalAreas(a, b)).toBe(same);
        expect(areaKey(a) === areaKey(b)).toBe(same);
      }),
      RUNS,
    );
  });

  it('has one form for one set, however it was built', () => {
    fc.assert(
      fc.property(areas, areas, (a, b) => {
        const built = unionAreas(a, b);
        expect(unionAreas(b, a)).toEqual(built);
        expect(unionAreas(subtractAreas(a, b), b)).toEqual(built);
        const pieces = toProducts(built).map(({ outer, inner }) => product(outer, inner));
        expect(pieces.reverse().reduce(unionAreas, EMPTY_AREA)).toEqual(built);
        const points = GRID.filter(([x, y]) => areaContains(built, x, y)).map(([x, y]) => product([x, x], [y, y]));
        expect(points.reverse().reduce(unionAreas, EMPTY_AREA)).toEqual(built);
      }),
      RUNS,
    );
  });
});
