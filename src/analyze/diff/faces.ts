// Finds what the two sides of a comparison have in common: who is who, interface by interface, and ranges of external
// addresses that no policy of either side tells apart. A *face* is one place at which flows begin and end: an interface
// (where it has several addresses of a family, one address of it), a host, or a range outside.

import { compareText } from '../../base/order.ts';
import type { Endpoint, WorkloadEndpoint } from '../../graph/merge.ts';
import type { Node, Universe } from '../../graph/universe.ts';
import { type Address, compareAddress, type Family } from '../../net/address.ts';
import { type AddressSet, containsAddress, intersectAddresses, isEmptyAddresses } from '../../net/address-set.ts';

/** An endpoint that at least one side has; -1: the side has it not. */
export interface JointEndpoint {
  readonly before: number;
  readonly after: number;
}

/** The nodes of a face in one family; -1: the side has none. */
export interface NodePair {
  readonly before: number;
  readonly after: number;
}

export interface Face {
  /** Index into the endpoints; -1: external. */
  readonly endpoint: number;
  /** null: a host, or the only interface that the workload has on either side. */
  readonly interface: string | null;
  /** Of an interface with several addresses of the family: the one that is meant. */
  readonly address: Address | null;
  /** The addresses of an external face; null: not external. */
  readonly range: AddressSet | null;
  readonly nodes: Readonly<Record<Family, NodePair | null>>;
}

export interface Faces {
  readonly before: Universe;
  readonly after: Universe;
  readonly endpoints: readonly JointEndpoint[];
  /** Faces of endpoints first, in the order of endpoints. */
  readonly faces: readonly Face[];
}

export function matchFaces(before: Universe, after: Universe): Faces {
  const endpoints = matchEndpoints(before, after);
  const faces: Face[] = [];
  for (const [index, joint] of endpoints.entries()) faces.push(...facesOf(before, after, joint, index));
  faces.push(...externalFaces(before, after, 4), ...externalFaces(before, after, 6));
  return { before, after, endpoints, faces };
}

// ---- endpoints ----------------------------------------------------------------------------------------------------

/** By id, then by other ids and external ids (semantics §2a), never by address; in the order of their ids. */
function matchEndpoints(before: Universe, after: Universe): readonly JointEndpoint[] {
  const taken = new Set<number>();
  const matches: JointEndpoint[] = [];
  const open: number[] = [];
  const byId = new Map(after.world.endpoints.map((endpoint, index) => [keyOf(endpoint), index]));
  for (const [index, endpoint] of before.world.endpoints.entries()) {
    const same = byId.get(keyOf(endpoint));
    if (same === undefined) open.push(index);
    else {
      taken.add(same);
      matches.push({ before: index, after: same });
    }
  }
  const free = after.world.endpoints.flatMap((_, index) => (taken.has(index) ? [] : [index]));
  const byName = new Map<string, number>();
  if (open.length > 0) {
    const names = otherNames(after);
    for (const index of free) for (const name of names(index)) if (!byName.has(name)) byName.set(name, index);
  }
  const names = otherNames(before);
  for (const index of open) {
    const same = byName.size === 0 ? undefined : names(index).map((name) => byName.get(name)).find((i) => i !== undefined && !taken.has(i)); // biome-ignore format: one step
    if (same !== undefined) taken.add(same);
    matches.push({ before: index, after: same ?? -1 });
  }
  for (const index of free) if (!taken.has(index)) matches.push({ before: -1, after: index });
  const idOf = (joint: JointEndpoint): string => keyOf(endpointOf(before, after, joint));
  return matches
    .map((joint) => ({ joint, id: idOf(joint) }))
    .sort((a, b) => compareText(a.id, b.id))
    .map(({ joint }) => joint);
}

/** As the later side knows it, if it does. */
export function endpointOf(before: Universe, after: Universe, joint: JointEndpoint): Endpoint {
  const found = joint.after === -1 ? before.world.endpoints[joint.before] : after.world.endpoints[joint.after];
  return found as Endpoint;
}

function keyOf(endpoint: Endpoint): string {
  return `${endpoint.kind === 'host' ? 1 : 0} ${endpoint.id}`;
}

/** Every name of a workload: in which layer it has which id, and what the platforms call it. */
function otherNames({ world }: Universe): (index: number) => readonly string[] {
  const other = new Map<string, string[]>();
  for (const [name, id] of world.otherIds) other.set(id, [...(other.get(id) ?? []), name]);
  return (index) => {
    const endpoint = world.endpoints[index];
    if (endpoint?.kind !== 'workload') return [];
    const external = [...endpoint.views.values()].flatMap((view) => view.externalIds);
    return [endpoint.id, ...(other.get(endpoint.id) ?? []), ...external];
  };
}

// ---- interfaces and addresses -------------------------------------------------------------------------------------

type NodesOf = Readonly<Record<Family, readonly number[]>>;
const NO_NODES: NodesOf = { 4: [], 6: [] };

function* facesOf(before: Universe, after: Universe, joint: JointEndpoint, index: number): Generator<Face> {
  const left = nodesByInterface(before, joint.before);
  const right = nodesByInterface(after, joint.after);
  // Interfaces are matched by name; the only one is the only one, whatever each side calls it.
  const isSole = left.size <= 1 && right.size <= 1;
  const names = isSole ? [null] : [...new Set([...left.keys(), ...right.keys()])];
  for (const name of names) {
    const own = { endpoint: index, interface: name, range: null };
    const b = (name === null ? [...left.values()][0] : left.get(name)) ?? NO_NODES;
    const a = (name === null ? [...right.values()][0] : right.get(name)) ?? NO_NODES;
    const pairs = { 4: pairNodes(before, after, b[4], a[4]), 6: pairNodes(before, after, b[6], a[6]) };
    if (pairs[4].length <= 1 && pairs[6].length <= 1) {
      yield { ...own, address: null, nodes: { 4: pairs[4][0] ?? null, 6: pairs[6][0] ?? null } };
      continue;
    }
    for (const family of [4, 6] as const) {
      for (const pair of pairs[family]) {
        const nodes = family === 4 ? { 4: pair, 6: null } : { 4: null, 6: pair };
        yield { ...own, address: addressOf(after, pair.after) ?? addressOf(before, pair.before), nodes };
      }
    }
  }
}

function nodesByInterface(universe: Universe, endpoint: number): ReadonlyMap<string, NodesOf> {
  const found = new Map<string, Record<Family, number[]>>();
  for (const node of universe.nodesOf[endpoint] ?? []) {
    const item = universe.nodes[node] as Node;
    const name =
      item.kind === 'workload'
        ? ((universe.world.endpoints[endpoint] as WorkloadEndpoint).interfaces[item.interface]?.name ?? '')
        : '';
    const own = found.get(name) ?? { 4: [], 6: [] };
    own[item.family].push(node);
    found.set(name, own);
  }
  return found;
}

/**
 * The nodes of one interface in one family: the same address is the same; of the others, an unknown address stands for
 * each of the other side, and what is left is paired in order, for an interface keeps its flows when it is renumbered.
 * An address more than the other side has is compared with what that side says of the same address outside. An interface
 * that one side alone has, has nothing to be compared with.
 */
function pairNodes(
  before: Universe,
  after: Universe,
  left: readonly number[],
  right: readonly number[],
): readonly NodePair[] {
  if (left.length <= 1 && right.length <= 1) {
    return left.length + right.length === 0 ? [] : [{ before: left[0] ?? -1, after: right[0] ?? -1 }];
  }
  const pairs: NodePair[] = [];
  const rest = new Set(right);
  const open = left.filter((node) => {
    const own = addressOf(before, node);
    for (const other of own === null ? [] : rest) {
      const address = addressOf(after, other);
      if (address === null || compareAddress(own as Address, address) !== 0) continue;
      rest.delete(other);
      pairs.push({ before: node, after: other });
      return false;
    }
    return true;
  });
  const free = [...rest];
  const isShared = left.length > 0 && right.length > 0;
  const count = Math.max(open.length, free.length);
  const standsForAll = (universe: Universe, nodes: readonly number[]): boolean =>
    nodes.length === 1 && addressOf(universe, nodes[0] as number) === null;
  const [oneBefore, oneAfter] = [standsForAll(before, open), standsForAll(after, free)];
  for (let i = 0; i < count; i++) {
    const [b, a] = [open[oneBefore ? 0 : i], free[oneAfter ? 0 : i]];
    pairs.push({
      before: b ?? (isShared ? outsideNode(before, after, a) : -1),
      after: a ?? (isShared ? outsideNode(after, before, b) : -1),
    });
  }
  return pairs;
}

/** The external node that has the address which the node has on the other side; -1: there it is somebody's. */
function outsideNode(universe: Universe, other: Universe, node: number | undefined): number {
  const address = node === undefined ? null : addressOf(other, node);
  if (address === null) return -1;
  for (let i = universe.firstExternal; i < universe.nodes.length; i++) {
    const item = universe.nodes[i];
    if (item?.kind === 'external' && containsAddress(item.range, address)) return i;
  }
  return -1;
}

function addressOf(universe: Universe, node: number): Address | null {
  const item = universe.nodes[node];
  return item === undefined || item.kind === 'external' ? null : item.address;
}

// ---- addresses outside --------------------------------------------------------------------------------------------

/** The common refinement of both sides' atoms, without what an endpoint of either side owns. */
function* externalFaces(before: Universe, after: Universe, family: Family): Generator<Face> {
  const [left, right] = [atomsOf(before, family), atomsOf(after, family)];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [a, b] = [left[i] as Atom, right[j] as Atom];
    const range = intersectAddresses(a.range, b.range);
    if (!isEmptyAddresses(range)) {
      const pair = { before: a.node, after: b.node };
      const nodes = family === 4 ? { 4: pair, 6: null } : { 4: null, 6: pair };
      yield { endpoint: -1, interface: null, address: null, range, nodes };
    }
    if (a.last <= b.last) i++;
    if (b.last <= a.last) j++;
  }
}

interface Atom {
  readonly node: number;
  readonly range: AddressSet;
  readonly last: number | bigint;
}

/** Ascending: an atom is what lies between two cuts. */
function atomsOf(universe: Universe, family: Family): readonly Atom[] {
  const atoms: Atom[] = [];
  for (let node = universe.firstExternal; node < universe.nodes.length; node++) {
    const item = universe.nodes[node] as Node;
    if (item.kind !== 'external' || item.family !== family) continue;
    const last = family === 4 ? item.range.v4.at(-1) : item.range.v6.at(-1);
    if (last !== undefined) atoms.push({ node, range: item.range, last });
  }
  return atoms;
}
