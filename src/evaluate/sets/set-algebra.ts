// Operations on sets of services, over two representations: the sets themselves, and numbers that stand for them.
// By number, an operation on the same two sets is computed once; equal sets have one number.

import { PairTable } from '../../base/pair-table.ts';
import {
  intersectServices,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  servicesKey,
  subtractServices,
  unionServices,
} from '../../net/services.ts';
import { interner } from './interner.ts';

/** `S` stands for a set of services. */
export interface SetAlgebra<S> {
  readonly none: S;
  readonly union: (a: S, b: S) => S;
  readonly intersect: (a: S, b: S) => S;
  readonly subtract: (a: S, b: S) => S;
  readonly isEmpty: (a: S) => boolean;
  /** The representation of a plain set. */
  readonly of: (set: ServiceSet) => S;
}

export const plainSets: SetAlgebra<ServiceSet> = {
  none: NO_SERVICES,
  union: unionServices,
  intersect: intersectServices,
  subtract: subtractServices,
  isEmpty: isNoServices,
  of: (set) => set,
};

export interface NumberedSets extends SetAlgebra<number> {
  readonly get: (id: number) => ServiceSet;
}

/** A fresh numbering; the empty set is 0. */
export function numberedSets(): NumberedSets {
  const sets = interner<ServiceSet>(servicesKey);
  // Plain sets come again and again as the same object: those of rules and dialects.
  const known = new WeakMap<ServiceSet, number>();
  const none = sets.intern(NO_SERVICES);
  const operation = (compute: (a: ServiceSet, b: ServiceSet) => ServiceSet): ((a: number, b: number) => number) => {
    const table = new PairTable();
    return (a, b) => {
      const found = table.get(a, b);
      if (found !== -1) return found;
      const result = sets.intern(compute(sets.get(a), sets.get(b)));
      table.set(a, b, result);
      return result;
    };
  };
  const union = operation(unionServices);
  const intersect = operation(intersectServices);
  const subtract = operation(subtractServices);
  return {
    none,
    union: (a, b) => (a === b || b === none ? a : a === none ? b : union(a, b)),
    intersect: (a, b) => (a === b ? a : a === none || b === none ? none : intersect(a, b)),
    subtract: (a, b) => (a === b || a === none ? none : b === none ? a : subtract(a, b)),
    isEmpty: (a) => a === none,
    of(set) {
      let id = known.get(set);
      if (id === undefined) {
        id = sets.intern(set);
        known.set(set, id);
      }
      return id;
    },
    get: sets.get,
  };
}
