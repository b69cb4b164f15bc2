// What a set of nodes looks like from a place: the addresses by which its members are known there. A packet shows an
// address and not who sent it, so where several own one address (in different address spaces, or by mistake) only what is
// true of all that it may mean is certain.

import { type Bitset, forEachBit, hasBit } from '../../base/bitset.ts';
import { remember } from '../../base/remember.ts';
import type { TriSet } from '../../base/tri-set.ts';
import { spaceOf } from '../../graph/resolve.ts';
import type { Universe } from '../../graph/universe.ts';
import type { Address, Family } from '../../net/address.ts';
import {
  type AddressSet,
  singleAddress,
  subtractAddresses,
  unionAddresses,
  unionAllAddresses,
} from '../../net/address-set.ts';

export interface Seen {
  readonly sure: AddressSet;
  /** Perhaps members; disjoint from those that are. */
  readonly maybe: AddressSet;
  /** How many members, or perhaps members, of each family have no known address. */
  readonly unresolved: Readonly<Record<Family, number>>;
}

export interface SeenAddresses {
  /** What the set looks like in an address space (null: the one without a name). */
  readonly of: (set: TriSet, space: string | null) => Seen;
}

interface Shared {
  readonly address: Address;
  readonly owners: readonly number[];
}

type Plain = { readonly addresses: AddressSet; readonly unresolved: Seen['unresolved'] };

export function seenAddresses(universe: Universe): SeenAddresses {
  const shared: Shared[] = [];
  for (const owners of universe.owners.values()) {
    const node = universe.nodes[owners[0] as number];
    if (owners.length > 1 && node !== undefined && node.kind !== 'external' && node.address !== null)
      shared.push({ address: node.address, owners });
  }
  const isOfSeveral = new Set(shared.flatMap(({ owners }) => owners));
  const plain = new Map<Bitset, Plain>();

  /** Of the members that have their addresses to themselves. */
  function plainOf(set: Bitset): Plain {
    return remember(plain, set, () => {
      const parts: AddressSet[] = [];
      const unresolved = { 4: 0, 6: 0 };
      forEachBit(set, (index) => {
        const node = universe.nodes[index];
        if (node === undefined || isOfSeveral.has(index)) return;
        if (node.kind === 'external') parts.push(node.range);
        else if (node.address === null) unresolved[node.family]++;
        else parts.push(singleAddress(node.address));
      });
      return { addresses: unionAllAddresses(parts), unresolved };
    });
  }

  /** Whom an address may mean in a space: its one owner there, or all of those between whom nothing tells. */
  function candidates({ owners }: Shared, space: string | null): readonly number[] {
    const inside = owners.filter((node) => spaceOf(universe, node) === space);
    return inside.length === 0 ? owners : inside;
  }

  return {
    of({ sure, possible }, space) {
      const always = plainOf(sure);
      const perhaps = sure === possible ? always : plainOf(possible);
      const certain: AddressSet[] = [always.addresses];
      const doubtful: AddressSet[] = [perhaps.addresses];
      for (const item of shared) {
        const meant = candidates(item, space);
        if (meant.every((node) => hasBit(sure, node))) certain.push(singleAddress(item.address));
        else if (meant.some((node) => hasBit(possible, node))) doubtful.push(singleAddress(item.address));
      }
      const own = certain.length === 1 ? always.addresses : unionAllAddresses(certain);
      const all = doubtful.length === 1 ? perhaps.addresses : unionAddresses(unionAllAddresses(doubtful), own);
      return { sure: own, maybe: subtractAddresses(all, own), unresolved: perhaps.unresolved };
    },
  };
}
