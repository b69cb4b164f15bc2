// Everything that can stand at an end of a flow, numbered: a *node* is one address (or an unknown one) of one interface
// or host, or an *atom* of external addresses that no policy tells apart. Sets of nodes are bitsets over this numbering.

import { invariant } from '../base/invariant.ts';
import { remember } from '../base/remember.ts';
import type { Layer } from '../model/layer.ts';
import { type Address, compareAddress, type Family } from '../net/address.ts';
import {
  type AddressSet,
  parseAddresses,
  singleAddress,
  subtractAddresses,
  unionAllAddresses,
} from '../net/address-set.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import { type MergedWorld, mergeWorlds } from './merge.ts';
import { addressSetsOf, peersOf } from './peers.ts';

export type Node =
  | {
      readonly kind: 'workload';
      readonly endpoint: number;
      readonly interface: number;
      readonly family: Family;
      /** null: unknown. */
      readonly address: Address | null;
    }
  | { readonly kind: 'host'; readonly endpoint: number; readonly family: Family; readonly address: Address | null }
  /** Addresses of no endpoint, as one unit: the range without what is owned inside it. */
  | { readonly kind: 'external'; readonly family: Family; readonly range: AddressSet };

export interface Universe {
  readonly layers: readonly Layer[];
  readonly world: MergedWorld;
  readonly nodes: readonly Node[];
  /** Nodes of each endpoint, in the order of its interfaces and addresses. */
  readonly nodesOf: readonly (readonly number[])[];
  /** Endpoint index by workload id, in whatever layer it has that id, and by host id. */
  readonly workloadIndex: ReadonlyMap<string, number>;
  readonly hostIndex: ReadonlyMap<string, number>;
  /** First node that is external; all from here on are. */
  readonly firstExternal: number;
  /** Addresses that some endpoint owns. */
  readonly owned: AddressSet;
  /** Node indexes by `family/value` of an owned address: several where an address has several owners. */
  readonly owners: ReadonlyMap<string, readonly number[]>;
  /** What `internet` leaves out (semantics §13). */
  readonly internal: AddressSet;
}

/** Private, shared, loopback, link-local, unique-local and multicast addresses (RFC 1918, 6598, 1122, 3927, 4193, 4291, 5771). */
const defaultInternal: AddressSet = unionAllAddresses(
  [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '224.0.0.0/4',
    '::1',
    'fe80::/10',
    'fc00::/7',
    'ff00::/8',
  ].map((text) => {
    const set = parseAddresses(text);
    invariant(!('problem' in set), `${text} is an address set`);
    return set;
  }),
);

export function ownerKey(address: Address): string {
  return `${address.family}/${address.value}`;
}

export function buildUniverse(layers: readonly Layer[]): {
  readonly universe: Universe;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { world, diagnostics } = mergeWorlds(layers);
  const { ownedAddresses, ...numbered } = numberEndpoints(world);
  const owned = unionAllAddresses(ownedAddresses.map(singleAddress));
  const internal = internalOf(layers);
  const firstExternal = numbered.nodes.length;
  const nodes = [...numbered.nodes, ...externalNodes(bordersOf(layers), owned)];
  return { universe: { ...numbered, layers, world, nodes, firstExternal, owned, internal }, diagnostics };
}

/** The endpoints of a world as nodes, and no others: for asking about these alone. */
export function buildPartialUniverse(layers: readonly Layer[], world: MergedWorld): Universe {
  const { ownedAddresses, ...numbered } = numberEndpoints(world);
  const owned = unionAllAddresses(ownedAddresses.map(singleAddress));
  const firstExternal = numbered.nodes.length;
  return { ...numbered, layers, world, firstExternal, owned, internal: internalOf(layers) };
}

/** The same endpoints, and what is outside cut where these layers say: layers of the same worlds, with other policies. */
export function recutUniverse(before: Universe, layers: readonly Layer[]): Universe {
  const endpoints = before.nodes.slice(0, before.firstExternal);
  return { ...before, layers, nodes: [...endpoints, ...externalNodes(bordersOf(layers), before.owned)] };
}

/** What `internet` leaves out: as the first root declares that does, else private and special addresses (semantics §13). */
export function internalOf(layers: readonly Layer[]): AddressSet {
  return layers.find((layer) => layer.kind === 'root' && layer.internal !== null)?.internal ?? defaultInternal;
}

function numberEndpoints(world: MergedWorld) {
  const nodes: Node[] = [];
  const nodesOf: number[][] = [];
  const owners = new Map<string, number[]>();
  const workloadIndex = new Map<string, number>();
  const hostIndex = new Map<string, number>();
  const ownedAddresses: Address[] = [];

  const addNode = (node: Node & { readonly address: Address | null }, of: number[]): void => {
    of.push(nodes.length);
    if (node.address !== null) {
      const key = ownerKey(node.address);
      const list = owners.get(key);
      if (list === undefined) owners.set(key, [nodes.length]);
      else list.push(nodes.length);
      ownedAddresses.push(node.address);
    }
    nodes.push(node);
  };

  for (const [endpoint, item] of world.endpoints.entries()) {
    const own: number[] = [];
    nodesOf.push(own);
    (item.kind === 'workload' ? workloadIndex : hostIndex).set(item.id, endpoint);
    if (item.kind === 'host') {
      for (const [family, address] of nodeAddresses(item.addresses))
        addNode({ kind: 'host', endpoint, family, address }, own);
      continue;
    }
    for (const [index, itemInterface] of item.interfaces.entries()) {
      for (const [family, address] of nodeAddresses(itemInterface.addresses)) {
        addNode({ kind: 'workload', endpoint, interface: index, family, address }, own);
      }
    }
  }
  for (const [other, id] of world.otherIds) workloadIndex.set(other, workloadIndex.get(id) as number);
  return { nodes, nodesOf, owners, workloadIndex, hostIndex, ownedAddresses };
}

/** One node an address; without any known address, one of unknown address a family (semantics §2). */
function nodeAddresses(addresses: readonly Address[]): readonly (readonly [Family, Address | null])[] {
  if (addresses.length === 0) return [[4, null], [6, null]]; // biome-ignore format: one line reads better
  return [...addresses].sort(compareAddress).map((address) => [address.family, address] as const);
}

/** Where the address space of each family is cut, ascending: at every border of every address set that a policy names. */
export interface Borders {
  readonly v4: readonly number[];
  readonly v6: readonly bigint[];
}

const knownBorders = new WeakMap<readonly Layer[], Borders>();

/** Equal borders and owned addresses give equal external nodes. */
export function bordersOf(layers: readonly Layer[]): Borders {
  return remember(knownBorders, layers, () => findBorders(layers));
}

function findBorders(layers: readonly Layer[]): Borders {
  const narrow = new Set<number>([0, 2 ** 32]);
  const wide = new Set<bigint>([0n, 2n ** 128n]);
  const cut = (set: AddressSet): void => {
    for (let i = 0; i < set.v4.length; i++) narrow.add((set.v4[i] as number) + (i & 1));
    for (let i = 0; i < set.v6.length; i++) wide.add((set.v6[i] as bigint) + BigInt(i & 1));
  };
  cut(internalOf(layers));
  for (const layer of layers) for (const peer of peersOf(layer)) addressSetsOf(peer).forEach(cut);
  return { v4: [...narrow].sort((a, b) => a - b), v6: [...wide].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) };
}

function externalNodes({ v4, v6 }: Borders, owned: AddressSet): readonly Node[] {
  const nodes: Node[] = [];
  const add = (family: Family, range: AddressSet): void => {
    const rest = subtractAddresses(range, owned);
    if (rest.v4.length > 0 || rest.v6.length > 0) nodes.push({ kind: 'external', family, range: rest });
  };
  for (let i = 0; i + 1 < v4.length; i++) add(4, { v4: [v4[i] as number, (v4[i + 1] as number) - 1], v6: [] });
  for (let i = 0; i + 1 < v6.length; i++) add(6, { v4: [], v6: [v6[i] as bigint, (v6[i + 1] as bigint) - 1n] });
  return nodes;
}
