// Finds the nodes in a set of addresses by the set's ranges instead of node by node: nodes whose address is known lie
// sorted, and only external nodes and those of unknown address are looked at one by one.

import { addBit, emptyBitset } from '../base/bitset.ts';
import { remember } from '../base/remember.ts';
import { certain, type TriSet } from '../base/tri-set.ts';
import type { Family } from '../net/address.ts';
import {
  type AddressSet,
  ALL_V4,
  ALL_V6,
  addressesKey,
  containsAddress,
  coversAddresses,
  isEmptyAddresses,
  overlapsAddresses,
} from '../net/address-set.ts';
import type { Node, Universe } from './universe.ts';

/** Whether the node's own address is in the set; `maybe` where the address is unknown. */
export function nodeInAddresses(node: Node, addresses: AddressSet): 'yes' | 'no' | 'maybe' {
  // Atoms are cut at the borders of every set in use, so one that overlaps a set lies within it.
  if (node.kind === 'external') return overlapsAddresses(node.range, addresses) ? 'yes' : 'no';
  if (node.address !== null) return containsAddress(addresses, node.address) ? 'yes' : 'no';
  return unknownInAddresses(node.family, addresses);
}

/** An unknown address is surely inside only where the set is its whole family. */
function unknownInAddresses(family: Family, addresses: AddressSet): 'yes' | 'no' | 'maybe' {
  if (coversAddresses(addresses, family === 4 ? ALL_V4 : ALL_V6)) return 'yes';
  return isEmptyAddresses(family === 4 ? { v4: addresses.v4, v6: [] } : { v4: [], v6: addresses.v6 }) ? 'no' : 'maybe';
}

/** The nodes in a set of addresses. Equal sets give the same result, made once. */
export function createAddressIndex({ nodes }: Universe): (addresses: AddressSet) => TriSet {
  const known = new Map<string, TriSet>();
  const narrow: Located<number>[] = [];
  const wide: Located<bigint>[] = [];
  const others: number[] = [];
  for (const [index, node] of nodes.entries()) {
    if (node.kind === 'external' || node.address === null) others.push(index);
    else if (node.address.family === 4) narrow.push({ address: node.address.value, node: index });
    else wide.push({ address: node.address.value, node: index });
  }
  sortByAddress(narrow);
  sortByAddress(wide);

  return (addresses) =>
    remember(known, addressesKey(addresses), () => {
      const sure = emptyBitset(nodes.length);
      const add = (node: number): void => addBit(sure, node);
      visitInside(narrow, addresses.v4, add);
      visitInside(wide, addresses.v6, add);
      const doubtful: number[] = [];
      for (const index of others) {
        const match = nodeInAddresses(nodes[index] as Node, addresses);
        if (match === 'yes') add(index);
        else if (match === 'maybe') doubtful.push(index);
      }
      if (doubtful.length === 0) return certain(sure);
      const possible = sure.slice();
      for (const index of doubtful) addBit(possible, index);
      return { sure, possible };
    });
}

interface Located<T extends number | bigint> {
  readonly address: T;
  readonly node: number;
}

function sortByAddress<T extends number | bigint>(list: Located<T>[]): void {
  list.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}

/** Calls `visit` with each node whose address is in the ranges (low, high, low, high, …). */
function visitInside<T extends number | bigint>(
  sorted: readonly Located<T>[],
  ranges: readonly T[],
  visit: (node: number) => void,
): void {
  for (let i = 0; i < ranges.length; i += 2) {
    const high = ranges[i + 1] as T;
    for (let at = firstFrom(sorted, ranges[i] as T); at < sorted.length; at++) {
      const { address, node } = sorted[at] as Located<T>;
      if (address > high) break;
      visit(node);
    }
  }
}

/** Position of the first address that is not below `low`. */
function firstFrom<T extends number | bigint>(sorted: readonly Located<T>[], low: T): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] as Located<T>).address < low) from = middle + 1;
    else to = middle;
  }
  return from;
}
