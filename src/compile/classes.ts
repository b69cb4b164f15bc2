// Splits nodes into classes that no rule tells apart, by exact partition refinement: every set splits every class that
// it cuts. Nothing is hashed, so two nodes are in one class exactly when they are in the same sets.

import { addBit, type Bitset, emptyBitset, forEachBit, hasBit } from '../base/bitset.ts';

export interface Classes {
  /** Class of each node. */
  readonly of: Int32Array;
  /** A member of each class: its first. */
  readonly representative: Int32Array;
  readonly count: number;
}

/** Classes of 0..size-1 under the sets; numbered by first member. O(size + sum of the sets' members). */
export function partition(size: number, sets: Iterable<Bitset>): Classes {
  return renumber(split(new Int32Array(size), 1, sets));
}

/**
 * The classes under `sets`, from those under other sets. `moved`: members that may belong elsewhere now; all others are
 * told apart by what was told apart before, and by those of the sets that were not among `before`. `isSame`: the sets
 * are those of before but for what they say of the moved, in the same order.
 */
export function repartition(
  known: Classes,
  moved: readonly number[],
  before: ReadonlySet<Bitset>,
  sets: ReadonlySet<Bitset>,
  isSame: boolean,
): Classes {
  const start = known.of.slice();
  let count = known.count;
  for (const node of moved) start[node] = count++;
  if (isSame) return renumber(joinMoved(start, moved, sets));
  const fresh = [...sets].filter((set) => !before.has(set));
  const of = renumber(split(start, count, fresh));
  const isLost = moved.length > 0 || [...before].some((set) => !sets.has(set));
  return isLost ? renumber(joinBlocks(of, sets)) : of;
}

/** Each of the moved into the class of those that are in the same sets, where there is one. */
function joinMoved(of: Int32Array<ArrayBuffer>, moved: readonly number[], sets: ReadonlySet<Bitset>): Int32Array {
  const list = [...sets];
  const representatives = new Map<number, number>();
  const isMoved = new Set(moved);
  for (let node = 0; node < of.length; node++) {
    if (!isMoved.has(node) && !representatives.has(of[node] as number)) representatives.set(of[node] as number, node);
  }
  for (const node of moved) {
    for (const [own, other] of representatives) {
      if (!list.every((set) => hasBit(set, node) === hasBit(set, other))) continue;
      of[node] = own;
      break;
    }
    if (!representatives.has(of[node] as number)) representatives.set(of[node] as number, node);
  }
  return of;
}

/** Joins classes that none of the sets tells apart. */
function joinBlocks({ of, representative, count }: Classes, sets: ReadonlySet<Bitset>): Int32Array {
  const blocks = partition(
    count,
    (function* () {
      for (const set of sets) {
        const own = emptyBitset(count);
        for (let block = 0; block < count; block++) {
          if (hasBit(set, representative[block] as number)) addBit(own, block);
        }
        yield own;
      }
    })(),
  );
  return of.map((block) => blocks.of[block] as number);
}

/** Splits the classes 0..first-1 of the members by each set in turn. */
function split(of: Int32Array<ArrayBuffer>, first: number, sets: Iterable<Bitset>): Int32Array {
  let count = first;
  let members = new Int32Array(Math.max(1, first));
  for (const own of of) (members[own] as number)++;
  let splitInto = new Int32Array(members.length);
  let stamp = new Int32Array(members.length).fill(-1);
  let round = 0;
  for (const set of new Set(sets)) {
    const touched: number[] = [];
    const inside = new Map<number, number>();
    forEachBit(set, (node) => {
      const own = of[node] as number;
      inside.set(own, (inside.get(own) ?? 0) + 1);
    });
    for (const [own, n] of inside) if (n < (members[own] as number)) touched.push(own);
    if (touched.length === 0) continue;
    round++;
    if (count + touched.length > members.length) {
      const grow = (array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
        const bigger = new Int32Array((count + touched.length) * 2).fill(-1);
        bigger.set(array);
        return bigger;
      };
      members = grow(members);
      splitInto = grow(splitInto);
      stamp = grow(stamp);
    }
    for (const own of touched) {
      const n = inside.get(own) as number;
      stamp[own] = round;
      splitInto[own] = count;
      members[own] = (members[own] as number) - n;
      members[count++] = n;
    }
    forEachBit(set, (node) => {
      const own = of[node] as number;
      if (stamp[own] === round) of[node] = splitInto[own] as number;
    });
  }
  return of;
}

function renumber(of: Int32Array): Classes {
  const number = new Int32Array(of.reduce((most, own) => Math.max(most, own), 0) + 1).fill(-1);
  const representative: number[] = [];
  for (let node = 0; node < of.length; node++) {
    const own = of[node] as number;
    if (number[own] === -1) {
      number[own] = representative.length;
      representative.push(node);
    }
    of[node] = number[own] as number;
  }
  return { of, representative: Int32Array.from(representative), count: representative.length };
}
