// Numbers the parties of chains: every workload and host as a whole, with all its interfaces, and every atom of addresses
// outside. A flow is between addresses, but whoever has got into a machine has all its interfaces to go on from.
import { hasBit } from '../../base/bitset.ts';
import type { TriSet } from '../../base/tri-set.ts';
import type { Universe } from '../../graph/universe.ts';
import { isEmptyAddresses, singleAddress, subtractAddresses, unionAllAddresses } from '../../net/address-set.ts';

export type PlaceKind = 'workload' | 'host' | 'external';

export interface Places {
  readonly count: number;
  /** The place of each node; -1: nobody can be asked about it, see `isReachable`. */
  readonly of: Int32Array;
  readonly kind: (place: number) => PlaceKind;
  readonly nodes: (place: number) => readonly number[];
  /** The places with a node in the set: for certain, or at all. */
  within(set: TriSet, certainty: 'sure' | 'possible'): readonly number[];
}

const known = new WeakMap<Universe, Places>();

/** Endpoints first, by their index; then external atoms, in their order. */
export function placesOf(universe: Universe): Places {
  const found = known.get(universe);
  if (found !== undefined) return found;
  const { nodes, nodesOf, firstExternal, world } = universe;
  const inside = world.endpoints.length;
  const isTaken = serviceAtoms(universe);
  const of = Int32Array.from(nodes, (node, index) =>
    node.kind !== 'external' ? node.endpoint : isTaken(index) ? -1 : inside + index - firstExternal,
  );
  const places: Places = {
    count: inside + nodes.length - firstExternal,
    of,
    kind: (place) => world.endpoints[place]?.kind ?? 'external',
    nodes: (place) => nodesOf[place] ?? [place - inside + firstExternal],
    within(set, certainty) {
      const members = set[certainty];
      const places = new Set<number>();
      for (let node = 0; node < of.length; node++) {
        if (hasBit(members, node) && of[node] !== -1) places.add(of[node] as number);
      }
      return [...places];
    },
  };
  known.set(universe, places);
  return places;
}

/** Atoms of which every address is a service address: what goes there goes to backends (semantics §12). */
function serviceAtoms({ nodes, world }: Universe): (node: number) => boolean {
  const addresses = [...world.serviceAddresses.values()].flatMap(({ service }) => service.addresses);
  if (addresses.length === 0) return () => false;
  const all = unionAllAddresses(addresses.map(singleAddress));
  return (index) => {
    const node = nodes[index];
    return node?.kind === 'external' && isEmptyAddresses(subtractAddresses(node.range, all));
  };
}
