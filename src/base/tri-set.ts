// Sets whose membership may be unknown: `sure` are members, `possible` may be; sure ⊆ possible (Kleene's three values).
// Where nothing is in doubt both are one array, so that the common case costs what a plain set costs.

import {
  type Bitset,
  emptyBitset,
  equalBits,
  fullBitset,
  hasBit,
  intersectBits,
  isEmptyBits,
  subtractBits,
  unionBits,
} from './bitset.ts';

export type Tri = 'yes' | 'no' | 'maybe';

export interface TriSet {
  readonly sure: Bitset;
  readonly possible: Bitset;
}

export function certain(set: Bitset): TriSet {
  return { sure: set, possible: set };
}

/** Nothing is known to be in it, `set` may be. */
export function doubtful(set: Bitset): TriSet {
  return { sure: new Uint32Array(set.length), possible: set };
}

export function noneOf(size: number): TriSet {
  return certain(emptyBitset(size));
}

export function allOf(size: number): TriSet {
  return certain(fullBitset(size));
}

function map2(a: TriSet, b: TriSet, op: (x: Bitset, y: Bitset) => Bitset): TriSet {
  const sure = op(a.sure, b.sure);
  if (a.sure === a.possible && b.sure === b.possible) return certain(sure);
  return { sure, possible: op(a.possible, b.possible) };
}

export function triUnion(a: TriSet, b: TriSet): TriSet {
  return map2(a, b, unionBits);
}

export function triIntersect(a: TriSet, b: TriSet): TriSet {
  return map2(a, b, intersectBits);
}

/** `a` and not `b`. */
export function triSubtract(a: TriSet, b: TriSet): TriSet {
  const sure = subtractBits(a.sure, b.possible);
  if (a.sure === a.possible && b.sure === b.possible) return certain(sure);
  return { sure, possible: subtractBits(a.possible, b.sure) };
}

export function triValue(set: TriSet, index: number): Tri {
  return hasBit(set.sure, index) ? 'yes' : hasBit(set.possible, index) ? 'maybe' : 'no';
}

/** Whether nothing is in it and nothing may be. */
export function isSurelyEmpty(set: TriSet): boolean {
  return isEmptyBits(set.possible);
}

export function equalTri(a: TriSet, b: TriSet): boolean {
  return equalBits(a.sure, b.sure) && equalBits(a.possible, b.possible);
}

/** Kleene's conjunction. */
export function triAnd(...values: readonly Tri[]): Tri {
  return values.includes('no') ? 'no' : values.includes('maybe') ? 'maybe' : 'yes';
}
