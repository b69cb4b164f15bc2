// Splits nodes into classes that no rule tells apart, by exact partition refinement: every set splits every class that
// it cuts. Nothing is hashed, so two nodes are in one class exactly when they are in the same sets.

import { type Bitset, forEachBit } from '../base/bitset.ts';

export interface Classes {
  /** Class of each node. */
  readonly of: Int32Array;
  /** A member of each class: its first. */
  readonly representative: Int32Array;
  readonly count: number;
}

/** Classes of 0..size-1 under the sets; numbered by first member. O(size + sum of the sets' members). */
export function partition(size: number, sets: Iterable<Bitset>): Classes {
  const of = new Int32Array(size);
  let count = 1;
  let members = new Int32Array(1).fill(size);
  let splitInto = new Int32Array(1);
  let stamp = new Int32Array(1).fill(-1);
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
  return renumber(of);
}

function renumber(of: Int32Array): Classes {
  const number = new Map<number, number>();
  const representative: number[] = [];
  for (let node = 0; node < of.length; node++) {
    let own = number.get(of[node] as number);
    if (own === undefined) {
      own = number.size;
      number.set(of[node] as number, own);
      representative.push(node);
    }
    of[node] = own;
  }
  return { of, representative: Int32Array.from(representative), count: number.size };
}
