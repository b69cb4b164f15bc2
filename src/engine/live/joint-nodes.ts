// The nodes of two snapshots side by side: who is the same on both, and who is on one only. External addresses meet where
// their ranges overlap; an address that an endpoint of either side owns is that endpoint's.

import type { Endpoint } from '../../graph/merge.ts';
import type { Node, Universe } from '../../graph/universe.ts';
import { type Family, formatAddress } from '../../net/address.ts';
import { type AddressSet, intersectAddresses, isEmptyAddresses } from '../../net/address-set.ts';

/** -1: the side does not have it. */
export interface JointNodes {
  readonly before: Int32Array;
  readonly after: Int32Array;
  readonly family: readonly Family[];
  /** Where the sides cut external addresses in other places: those of both. */
  readonly ranges: ReadonlyMap<number, AddressSet>;
}

export type NodeName =
  | {
      readonly kind: 'workload' | 'host';
      readonly id: string;
      /** null: of a host. */
      readonly interface: string | null;
      /** null: not known. */
      readonly address: string | null;
    }
  | { readonly kind: 'external'; readonly range: AddressSet };

export function joinNodes(before: Universe, after: Universe): JointNodes {
  if (before.nodes === after.nodes) {
    const all = Int32Array.from(before.nodes, (_, index) => index);
    return { before: all, after: all, family: before.nodes.map((node) => node.family), ranges: new Map() };
  }
  const pairs: (readonly [number, number, Family])[] = [];
  const ranges = new Map<number, AddressSet>();
  const known = new Map<string, number>();
  for (let node = 0; node < before.firstExternal; node++) known.set(keyOf(before, node), node);
  for (let node = 0; node < after.firstExternal; node++) {
    const key = keyOf(after, node);
    pairs.push([known.get(key) ?? -1, node, (after.nodes[node] as Node).family]);
    known.delete(key);
  }
  for (const node of known.values()) pairs.push([node, -1, (before.nodes[node] as Node).family]);
  for (let a = before.firstExternal; a < before.nodes.length; a++) {
    const one = before.nodes[a] as Node & { kind: 'external' };
    for (let b = after.firstExternal; b < after.nodes.length; b++) {
      const other = after.nodes[b] as Node & { kind: 'external' };
      if (one.family !== other.family) continue;
      const range = intersectAddresses(one.range, other.range);
      if (isEmptyAddresses(range)) continue;
      ranges.set(pairs.length, range);
      pairs.push([a, b, one.family]);
    }
  }
  return {
    before: Int32Array.from(pairs, ([node]) => node),
    after: Int32Array.from(pairs, ([, node]) => node),
    family: pairs.map(([, , family]) => family),
    ranges,
  };
}

/** Equal for nodes of the same endpoint, interface and address. */
function keyOf(universe: Universe, index: number): string {
  const name = nameNode(universe, index);
  const family = universe.nodes[index]?.family;
  return name.kind === 'external' ? '' : JSON.stringify([name.kind, name.id, name.interface, name.address, family]);
}

export function nameNode(universe: Universe, index: number): NodeName {
  const node = universe.nodes[index] as Node;
  if (node.kind === 'external') return { kind: 'external', range: node.range };
  const endpoint = universe.world.endpoints[node.endpoint] as Endpoint;
  const face =
    node.kind === 'workload' && endpoint.kind === 'workload' ? endpoint.interfaces[node.interface] : undefined;
  return {
    kind: node.kind,
    id: endpoint.id,
    interface: face?.name ?? null,
    address: node.address === null ? null : formatAddress(node.address),
  };
}
