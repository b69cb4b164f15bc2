// The places that a point guards: its own nodes, named, with what of their neighbourhood a verdict depends on.

import { bitsetOf } from '../../base/bitset.ts';
import { certain } from '../../base/tri-set.ts';
import type { WorkloadEndpoint } from '../../graph/merge.ts';
import { spaceOf } from '../../graph/resolve.ts';
import type { Node, Universe } from '../../graph/universe.ts';
import { type Family, formatAddress } from '../../net/address.ts';
import { type AddressSet, formatAddressSet, isEmptyAddresses, NO_ADDRESSES } from '../../net/address-set.ts';
import type { BundlePlace } from './content.ts';
import { interfaceAt } from './guarded.ts';
import type { SeenAddresses } from './seen-addresses.ts';

export interface Place {
  readonly node: number;
  readonly family: Family;
  readonly space: string | null;
  readonly place: BundlePlace;
}

/** `withHosts`: whether some layer exempts what a workload's own host sends. */
export function placesOf(
  universe: Universe,
  seen: SeenAddresses,
  nodes: readonly number[],
  withHosts: boolean,
): readonly Place[] {
  const taken = new Set<string>();
  const size = universe.nodes.length;
  return nodes.map((node): Place => {
    const item = universe.nodes[node] as Node & { readonly kind: 'workload' };
    const endpoint = universe.world.endpoints[item.endpoint] as WorkloadEndpoint;
    const face = interfaceAt(endpoint, item).name;
    const space = spaceOf(universe, node);
    const address = item.address === null ? null : formatAddress(item.address);
    const own = seen.of(certain(bitsetOf(size, universe.nodesOf[item.endpoint] as readonly number[])), space);
    const host = withHosts && endpoint.host !== null ? universe.hostIndex.get(endpoint.host) : undefined;
    const resident =
      host === undefined ? null : seen.of(certain(bitsetOf(size, universe.nodesOf[host] as readonly number[])), space);
    let id = `${endpoint.id}/${face} ${address ?? `unknown IPv${item.family}`}`;
    while (taken.has(id)) id = `${id}'`;
    taken.add(id);
    return {
      node,
      family: item.family,
      space,
      place: {
        id,
        workload: endpoint.id,
        interface: face,
        family: item.family,
        ...(address === null ? {} : { address }),
        ...(space === null ? {} : { space }),
        ...listed('own', textsOf(ofFamily(own.sure, item.family))),
        ...(resident === null
          ? {}
          : {
              ...listed('host', textsOf(ofFamily(resident.sure, item.family))),
              ...listed('hostMaybe', textsOf(ofFamily(resident.maybe, item.family))),
            }),
      },
    };
  });
}

/** A field with a list, or nothing where the list is empty. */
export function listed<K extends string>(
  name: K,
  list: readonly string[],
): { readonly [key in K]?: readonly string[] } {
  return list.length === 0 ? {} : ({ [name]: list } as { readonly [key in K]: readonly string[] });
}

export function ofFamily(set: AddressSet, family: Family): AddressSet {
  return family === 4 ? { v4: set.v4, v6: NO_ADDRESSES.v6 } : { v4: NO_ADDRESSES.v4, v6: set.v6 };
}

/** Each interval as an address, a prefix or a range, ascending, IPv4 first. */
export function textsOf(set: AddressSet): readonly string[] {
  return isEmptyAddresses(set) ? [] : formatAddressSet(set).split(', ');
}
