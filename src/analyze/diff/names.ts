// Finds what endpoints have in common under some name, on either side of a comparison: groups, owners, namespaces, labels,
// segments. Which of the names say exactly who is meant is left to describe-ends.ts.

import { addBit, type Bitset, emptyBitset, hasBit, isEmptyBits, membersOf, subtractBits } from '../../base/bitset.ts';
import { addTo } from '../../base/multimap.ts';
import { remember } from '../../base/remember.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { ownerId } from '../../evaluate/flow-units.ts';
import type { Endpoint, WorkloadEndpoint } from '../../graph/merge.ts';
import type { Universe } from '../../graph/universe.ts';
import type { DiffBy, DiffPart, Side } from './diff-row.ts';
import type { Face, Faces } from './faces.ts';

/** A name and the faces it holds for, ascending. */
export interface Name {
  readonly part: DiffPart;
  readonly members: readonly number[];
  /** Of names for as many faces the lowest is taken. */
  readonly rank: number;
}

/** The kinds of names, those that say most to a reader first. */
export const KINDS: readonly DiffPart['kind'][] = [
  'group',
  'owner',
  'workloads',
  'hosts',
  'namespace',
  'label',
  'segment',
];
const KINDS_BY: Readonly<Record<DiffBy, readonly DiffPart['kind'][]>> = {
  group: KINDS,
  owner: ['owner'],
  workload: [],
};

/**
 * Every name of two endpoints or more, all of whose faces are `touched` (1 by index): the others name no end of a row.
 * Once, where both sides mean the same by it.
 */
export function namesOf(
  faces: Faces,
  before: Evaluator,
  after: Evaluator,
  by: DiffBy,
  touched: Uint8Array,
): readonly Name[] {
  const kinds = KINDS_BY[by];
  if (kinds.length === 0) return [];
  const sides = {
    before: namesOnSide(faces, before, 'before', touched),
    after: namesOnSide(faces, after, 'after', touched),
  };
  const all: Name[] = [];
  const add = (part: DiffPart, members: readonly number[]): void => {
    const first = faces.faces[members[0] as number]?.endpoint;
    if (!kinds.includes(part.kind) || members.every((index) => faces.faces[index]?.endpoint === first)) return;
    all.push({ part, members, rank: KINDS.indexOf(part.kind) });
  };
  for (const [key, { part, members }] of sides.before) {
    const other = sides.after.get(key);
    const isSame = other !== undefined && sameList(members, other.members);
    add(isSame ? part : ({ ...part, side: 'before' } as DiffPart), members);
  }
  for (const [key, { part, members }] of sides.after) {
    const other = sides.before.get(key);
    if (other === undefined || !sameList(members, other.members)) add({ ...part, side: 'after' } as DiffPart, members);
  }
  return all;
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

interface Found {
  readonly part: DiffPart;
  readonly members: readonly number[];
}

function namesOnSide(faces: Faces, evaluator: Evaluator, side: Side, touched: Uint8Array): ReadonlyMap<string, Found> {
  const { universe } = evaluator;
  const index = new NameIndex(universe);
  const others: (readonly [endpoint: Endpoint, node: number])[] = [];
  const faceOf = new Int32Array(universe.nodes.length).fill(-1);
  const nodes = emptyBitset(universe.nodes.length);
  for (const [position, face] of faces.faces.entries()) {
    const own = faces.endpoints[face.endpoint]?.[side] ?? -1;
    if (own === -1) continue;
    const endpoint = universe.world.endpoints[own] as Endpoint;
    const ownNodes = nodesOf(universe, face, side);
    if (touched[position] === 1) {
      for (const node of ownNodes) {
        faceOf[node] = position;
        addBit(nodes, node);
      }
      index.add(position, endpoint, ownNodes[0] ?? -1);
    } else others.push([endpoint, ownNodes[0] ?? -1]);
  }
  for (const [endpoint, node] of others) index.leaveOut(endpoint, node);
  return new Map([...index.found(), ...groupsOnSide(faces, evaluator, side, faceOf, nodes)]);
}

/** Faces by what can be said of their endpoints. */
class NameIndex {
  private readonly universe: Universe;
  private readonly kinds = new Map<Endpoint['kind'], number[]>();
  private readonly owners = new Map<string, { readonly part: DiffPart; readonly members: number[] }>();
  private readonly namespaces = new Map<string, number[]>();
  private readonly segments = new Map<string, number[]>();
  private readonly labels = new Map<string, Map<string, number[]>>();

  constructor(universe: Universe) {
    this.universe = universe;
  }

  add(face: number, endpoint: Endpoint, node: number): void {
    addTo(this.kinds, endpoint.kind, face);
    if (endpoint.kind === 'host') return;
    if (endpoint.owner !== null) {
      const [id, owner] = [ownerId(endpoint), endpoint.owner.kind];
      const made = (): { part: DiffPart; members: number[] } => ({ part: { kind: 'owner', id, owner }, members: [] });
      remember(this.owners, ownerKey(endpoint), made).members.push(face);
    }
    const segment = this.segmentOf(endpoint, node);
    if (segment !== null) addTo(this.segments, segment, face);
    for (const view of endpoint.views.values()) {
      if (view.namespace !== null) addOnce(this.namespaces, view.namespace, face);
      for (const [key, values] of view.labels) {
        const own = remember(this.labels, key, () => new Map<string, number[]>());
        for (const value of values) addOnce(own, value, face);
      }
    }
  }

  /** Takes away the names that hold for a face that is none of the others. Most are soon gone, and then cost nothing. */
  leaveOut(endpoint: Endpoint, node: number): void {
    this.kinds.delete(endpoint.kind);
    if (endpoint.kind === 'host') return;
    if (endpoint.owner !== null && this.owners.size > 0) this.owners.delete(ownerKey(endpoint));
    if (this.segments.size > 0) this.segments.delete(this.segmentOf(endpoint, node) ?? '');
    for (const view of endpoint.views.values()) {
      if (view.namespace !== null) this.namespaces.delete(view.namespace);
      for (const [key, byValue] of this.labels) {
        for (const value of view.labels.get(key) ?? []) byValue.delete(value);
        if (byValue.size === 0) this.labels.delete(key);
      }
    }
  }

  private segmentOf(endpoint: WorkloadEndpoint, node: number): string | null {
    const item = this.universe.nodes[node];
    return item?.kind === 'workload' ? (endpoint.interfaces[item.interface]?.segment ?? null) : null;
  }

  *found(): Generator<readonly [key: string, found: Found]> {
    for (const [kind, members] of this.kinds) {
      yield [kind, { part: { kind: kind === 'host' ? 'hosts' : 'workloads' }, members }];
    }
    for (const [key, own] of this.owners) yield [`owner ${key}`, own];
    for (const [id, members] of this.namespaces)
      yield [`namespace ${id}`, { part: { kind: 'namespace', id }, members }];
    for (const [id, members] of this.segments) yield [`segment ${id}`, { part: { kind: 'segment', id }, members }];
    for (const [key, byValue] of this.labels) {
      for (const [value, members] of byValue) {
        yield [`label ${JSON.stringify([key, value])}`, { part: { kind: 'label', key, value }, members }];
      }
    }
  }
}

function ownerKey(endpoint: WorkloadEndpoint): string {
  return `${endpoint.owner?.kind} ${ownerId(endpoint)}`;
}

/** Several layers may say the same of a workload. */
function addOnce(lists: Map<string, number[]>, key: string, face: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [face]);
  else if (list[list.length - 1] !== face) list.push(face);
}

/** `nodes`: the nodes of all faces that count. */
function* groupsOnSide(
  faces: Faces,
  { universe, membership }: Evaluator,
  side: Side,
  faceOf: Int32Array,
  nodes: Bitset,
): Generator<readonly [key: string, found: Found]> {
  const homes = new Map<string, number[]>();
  for (const [layer, { groups }] of universe.layers.entries()) for (const id of groups.keys()) addTo(homes, id, layer);
  for (const [id, layers] of homes) {
    for (const [i, layer] of layers.entries()) {
      const { sure, possible } = membership.evaluate(layer, { kind: 'group', group: id, span: null });
      // Ends are endpoints or addresses outside, never both: a group of both is no name for its endpoints alone.
      if (!isEmptyBits(subtractBits(sure, nodes)) || hasMembersFrom(possible, universe.firstExternal)) continue;
      // A group may have an interface in one family only, and then does not stand for it.
      const members = [...new Set(membersOf(sure).map((node) => faceOf[node] as number))].filter((face) =>
        nodesOf(universe, faces.faces[face] as Face, side).every((node) => hasBit(sure, node)),
      );
      if (members.length === 0) continue;
      const name = layers.length === 1 ? {} : { layer: universe.layers[layer]?.name ?? '' };
      yield [`group ${id} ${i}`, { part: { kind: 'group', id, ...name }, members: members.sort((a, b) => a - b) }];
    }
  }
}

/** The face's own nodes on the side, not those of addresses outside that it is compared with. */
function nodesOf(universe: Universe, face: Face, side: Side): readonly number[] {
  const own: number[] = [];
  for (const pair of [face.nodes[4], face.nodes[6]]) {
    const node = pair === null ? -1 : pair[side];
    if (node !== -1 && node < universe.firstExternal) own.push(node);
  }
  return own;
}

/** Whether it has members from `first` on. */
function hasMembersFrom(set: Bitset, first: number): boolean {
  for (let word = first >>> 5; word < set.length; word++) {
    const bits = (set[word] as number) & (word === first >>> 5 ? -1 << (first & 31) : -1);
    if (bits !== 0) return true;
  }
  return false;
}
