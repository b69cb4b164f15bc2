// Exact sets of points in two dimensions: destination port × source port, or ICMP type × code.
// An area is a list of bands of the outer dimension, each with the set of inner values that belong to it. Bands are
// sorted, disjoint, never empty, and neighbours that hold the same inner set are one band: equal areas, equal lists.
// Which dimension means what is for services.ts to say.

import { contains, covers, EMPTY, equals, type Intervals, intersect, overlaps, subtract, union } from './intervals.ts';

export interface Band {
  /** First and last value of the outer dimension (destination port or ICMP type). */
  readonly lo: number;
  readonly hi: number;
  /** The values of the inner dimension (source ports or ICMP codes); never empty. */
  readonly inner: Intervals;
}

export type Area = readonly Band[];

export const EMPTY_AREA: Area = [];

/** Every combination of an outer with an inner value. */
export function product(outer: Intervals, inner: Intervals): Area {
  if (outer.length === 0 || inner.length === 0) return EMPTY_AREA;
  const bands: Band[] = [];
  for (let i = 0; i < outer.length; i += 2) {
    bands.push({ lo: outer[i] as number, hi: outer[i + 1] as number, inner });
  }
  return bands;
}

export function unionAreas(a: Area, b: Area): Area {
  if (a === b || b.length === 0) return a;
  if (a.length === 0) return b;
  return combine(a, b, union);
}

export function intersectAreas(a: Area, b: Area): Area {
  if (a === b) return a;
  if (a.length === 0 || b.length === 0) return EMPTY_AREA;
  return combine(a, b, intersect);
}

/** What is in `a` and not in `b`. */
export function subtractAreas(a: Area, b: Area): Area {
  if (a === b) return EMPTY_AREA;
  if (a.length === 0 || b.length === 0) return a;
  return combine(a, b, subtract);
}

export function equalAreas(a: Area, b: Area): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every((band, i) => {
    const other = b[i] as Band;
    return band.lo === other.lo && band.hi === other.hi && equals(band.inner, other.inner);
  });
}

export function areaContains(a: Area, outer: number, inner: number): boolean {
  for (const band of a) {
    if (outer <= band.hi) return outer >= band.lo && contains(band.inner, inner);
  }
  return false;
}

/** Whether every point of `b` is in `a`. */
export function coversArea(a: Area, b: Area): boolean {
  if (a === b) return true;
  let i = 0;
  for (const band of b) {
    let at = band.lo;
    while (at <= band.hi) {
      while (i < a.length && (a[i] as Band).hi < at) i++;
      const cover = a[i];
      if (cover === undefined || cover.lo > at || !covers(cover.inner, band.inner)) return false;
      at = cover.hi + 1;
    }
  }
  return true;
}

/** Whether the two have a point in common. */
export function overlapsArea(a: Area, b: Area): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] as Band;
    const y = b[j] as Band;
    if (x.lo <= y.hi && y.lo <= x.hi && overlaps(x.inner, y.inner)) return true;
    if (x.hi <= y.hi) i++;
    else j++;
  }
  return false;
}

/** Text that is the same exactly when the areas are. */
export function areaKey(a: Area): string {
  return a.map((band) => `${band.lo}-${band.hi}:${band.inner.join(',')}`).join(';');
}

/** An area as few products: bands that hold the same inner set are put together, in order of their first value. */
export function toProducts(a: Area): readonly { readonly outer: Intervals; readonly inner: Intervals }[] {
  const products = new Map<string, { readonly outer: number[]; readonly inner: Intervals }>();
  for (const band of a) {
    const key = band.inner.join(',');
    const found = products.get(key);
    // Bands of one inner set cannot be adjacent, so the list stays canonical.
    if (found) found.outer.push(band.lo, band.hi);
    else products.set(key, { outer: [band.lo, band.hi], inner: band.inner });
  }
  return [...products.values()];
}

/** Cuts both areas at every boundary of either and applies `operate` to the inner sets of each piece. */
function combine(a: Area, b: Area, operate: (x: Intervals, y: Intervals) => Intervals): Area {
  const bands: Band[] = [];
  let i = 0;
  let j = 0;
  let at = 0;
  while (i < a.length || j < b.length) {
    const x = a[i];
    const y = b[j];
    const lo = Math.max(at, Math.min(x === undefined ? Infinity : x.lo, y === undefined ? Infinity : y.lo));
    let hi = Infinity;
    let left = EMPTY;
    let right = EMPTY;
    if (x !== undefined) {
      if (x.lo <= lo) {
        hi = x.hi;
        left = x.inner;
      } else hi = x.lo - 1;
    }
    if (y !== undefined) {
      if (y.lo <= lo) {
        hi = Math.min(hi, y.hi);
        right = y.inner;
      } else hi = Math.min(hi, y.lo - 1);
    }
    append(bands, lo, hi, operate(left, right));
    at = hi + 1;
    if (x !== undefined && x.hi < at) i++;
    if (y !== undefined && y.hi < at) j++;
  }
  return bands.length === 0 ? EMPTY_AREA : bands;
}

function append(bands: Band[], lo: number, hi: number, inner: Intervals): void {
  if (inner.length === 0) return;
  const last = bands.at(-1);
  if (last !== undefined && last.hi + 1 === lo && equals(last.inner, inner)) {
    bands[bands.length - 1] = { lo: last.lo, hi, inner: last.inner };
  } else bands.push({ lo, hi, inner });
}
