// Sets of small integers as bits in typed arrays: the working form wherever many sets over one universe are combined.
// Every function takes sets of one length; results are new arrays unless the name says `Into`.

export type Bitset = Uint32Array;

/** The empty set over 0..size-1. */
export function emptyBitset(size: number): Bitset {
  return new Uint32Array((size + 31) >>> 5);
}

/** All of 0..size-1. */
export function fullBitset(size: number): Bitset {
  const set = emptyBitset(size).fill(0xffffffff);
  if ((size & 31) !== 0) set[set.length - 1] = 2 ** (size & 31) - 1;
  return set;
}

export function addBit(set: Bitset, index: number): void {
  (set[index >>> 5] as number) |= 1 << (index & 31);
}

export function hasBit(set: Bitset, index: number): boolean {
  return ((set[index >>> 5] as number) & (1 << (index & 31))) !== 0;
}

export function bitsetOf(size: number, members: Iterable<number>): Bitset {
  const set = emptyBitset(size);
  for (const member of members) addBit(set, member);
  return set;
}

export function orInto(target: Bitset, other: Bitset): Bitset {
  for (let i = 0; i < target.length; i++) (target[i] as number) |= other[i] as number;
  return target;
}

export function unionBits(a: Bitset, b: Bitset): Bitset {
  return orInto(a.slice(), b);
}

export function intersectBits(a: Bitset, b: Bitset): Bitset {
  const result = a.slice();
  for (let i = 0; i < result.length; i++) (result[i] as number) &= b[i] as number;
  return result;
}

export function subtractBits(a: Bitset, b: Bitset): Bitset {
  const result = a.slice();
  for (let i = 0; i < result.length; i++) (result[i] as number) &= ~(b[i] as number);
  return result;
}

export function isEmptyBits(set: Bitset): boolean {
  for (let i = 0; i < set.length; i++) if (set[i] !== 0) return false;
  return true;
}

export function equalBits(a: Bitset, b: Bitset): boolean {
  if (a === b) return true;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function overlapBits(a: Bitset, b: Bitset): boolean {
  for (let i = 0; i < a.length; i++) if (((a[i] as number) & (b[i] as number)) !== 0) return true;
  return false;
}

/** Calls `visit` with each member, ascending. */
export function forEachBit(set: Bitset, visit: (index: number) => void): void {
  for (let i = 0; i < set.length; i++) {
    let word = set[i] as number;
    while (word !== 0) {
      visit((i << 5) + 31 - Math.clz32(word & -word));
      word &= word - 1;
    }
  }
}

export function membersOf(set: Bitset): number[] {
  const members: number[] = [];
  forEachBit(set, (index) => members.push(index));
  return members;
}

export function countBits(set: Bitset): number {
  let count = 0;
  for (let i = 0; i < set.length; i++) {
    let word = set[i] as number;
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
