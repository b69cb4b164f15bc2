// Classes over both sides at once: two faces are in one joint class of a role and family if neither side tells them
// apart. A pair of joint classes is a *cell*: whatever the two sides say of it, they say of all its pairs alike.

import { type Bitset, emptyBitset, hasBit } from '../../base/bitset.ts';
import { remember } from '../../base/remember.ts';
import type { TriSet } from '../../base/tri-set.ts';
import type { Classes } from '../../compile/classes.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Family } from '../../net/address.ts';
import type { Side } from './diff-row.ts';
import type { Face } from './faces.ts';

export type Role = 'source' | 'destination';

export interface JointClasses {
  readonly count: number;
  /** The class on each side; -1: the side has no such node. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  readonly family: Uint8Array;
  /** 1 where its faces are external addresses. */
  readonly isExternal: Uint8Array;
  /** The joint class of each face in the family; -1: it has none. */
  readonly ofFace: Readonly<Record<Family, Int32Array>>;
}

export function joinClasses(faces: readonly Face[], before: Evaluator, after: Evaluator, role: Role): JointClasses {
  const left: Classes = before.lookup[role];
  const right: Classes = after.lookup[role];
  const ids = new Map<number, number>();
  const found = { before: [] as number[], after: [] as number[], family: [] as number[], isExternal: [] as number[] };
  const ofFace = { 4: new Int32Array(faces.length).fill(-1), 6: new Int32Array(faces.length).fill(-1) };
  for (const [index, face] of faces.entries()) {
    for (const family of [4, 6] as const) {
      const pair = face.nodes[family];
      if (pair === null) continue;
      const b = pair.before === -1 ? -1 : (left.of[pair.before] as number);
      const a = pair.after === -1 ? -1 : (right.of[pair.after] as number);
      const isExternal = face.range === null ? 0 : 1;
      // Two of these classes are never of different families, where they are of one node at all.
      const key = ((b + 1) * (right.count + 1) + (a + 1)) * 2 + isExternal;
      ofFace[family][index] = remember(ids, key, () => {
        found.before.push(b);
        found.after.push(a);
        found.family.push(family);
        found.isExternal.push(isExternal);
        return ids.size;
      });
    }
  }
  return {
    count: ids.size,
    before: Int32Array.from(found.before),
    after: Int32Array.from(found.after),
    family: Uint8Array.from(found.family),
    isExternal: Uint8Array.from(found.isExternal),
    ofFace,
  };
}

/** A set of joint classes, some of them perhaps: what a set of nodes of one side is, seen over both. */
export type Projection = (set: TriSet) => TriSet;

/** Sets of nodes that the side's rules use, as sets of joint classes; remembered, since rules share sets. */
export function projection(classes: JointClasses, { lookup }: Evaluator, role: Role, side: Side): Projection {
  const known = new Map<Bitset, Bitset>();
  const { representative } = lookup[role];
  const own = classes[side];
  const project = (set: Bitset): Bitset =>
    remember(known, set, () => {
      const result = emptyBitset(classes.count);
      for (let joint = 0; joint < own.length; joint++) {
        const node = own[joint] as number;
        if (node === -1 || !hasBit(set, representative[node] as number)) continue;
        (result[joint >>> 5] as number) |= 1 << (joint & 31);
      }
      return result;
    });
  return (set) => {
    const sure = project(set.sure);
    return set.sure === set.possible ? { sure, possible: sure } : { sure, possible: project(set.possible) };
  };
}
