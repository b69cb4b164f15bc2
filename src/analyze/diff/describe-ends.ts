// Says who the faces at one end of a rectangle are, in as few parts as it can: a group, an owner, a condition that holds
// for exactly these (or for more, where the rectangle allows more), and members one by one for the rest.

import { type Bitset, hasBit, membersOf } from '../../base/bitset.ts';
import { addTo } from '../../base/multimap.ts';
import { compareText } from '../../base/order.ts';
import { remember } from '../../base/remember.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { fillOwned } from '../../evaluate/flow-rows.ts';
import { ownerId } from '../../evaluate/flow-units.ts';
import type { Endpoint } from '../../graph/merge.ts';
import type { Universe } from '../../graph/universe.ts';
import { formatAddress } from '../../net/address.ts';
import { toRanges, unionAddresses, unionAllAddresses } from '../../net/address-set.ts';
import type { DiffBy, DiffEnd, DiffPart, Side } from './diff-row.ts';
import { endpointOf, type Face, type Faces } from './faces.ts';

/** Faces of endpoints, or external ones, that must be meant, and those that may be. Both ascending. */
export interface Extent {
  readonly least: readonly number[];
  readonly most: readonly number[];
}

export interface EndDescriber {
  /** `side`: of two descriptions alike, that of this side is taken. */
  endpoints(extent: Extent, side: Side): DiffEnd;
  external(extent: Extent): DiffEnd;
  /** One face by itself. */
  face(index: number): DiffPart;
}

/** A condition and the faces it holds for. */
interface Name {
  readonly part: DiffPart;
  readonly members: readonly number[];
  /** Of names for as many faces the lowest is taken. */
  readonly rank: number;
}

const RANKS: readonly DiffPart['kind'][] = ['group', 'owner', 'workloads', 'hosts', 'namespace', 'label', 'segment'];
const KINDS_BY: Readonly<Record<DiffBy, readonly DiffPart['kind'][]>> = {
  group: RANKS,
  owner: ['owner'],
  workload: [],
};

export function endDescriber(faces: Faces, before: Evaluator, after: Evaluator, by: DiffBy): EndDescriber {
  const owned = unionAddresses(faces.before.owned, faces.after.owned);
  const facesOf: number[][] = faces.endpoints.map(() => []);
  for (const [index, { endpoint }] of faces.faces.entries()) facesOf[endpoint]?.push(index);
  let names: readonly Name[] | null = null;

  function part(index: number, whole: boolean): DiffPart {
    const face = faces.faces[index] as Face;
    if (face.range !== null) return { kind: 'external', ranges: toRanges(fillOwned(face.range, owned)) };
    const endpoint = endpointOf(
      faces.before,
      faces.after,
      faces.endpoints[face.endpoint] as Faces['endpoints'][number],
    );
    const kind = endpoint.kind === 'host' ? 'host' : endpoint.workloadKind;
    return {
      kind,
      id: endpoint.id,
      ...(whole || face.interface === null ? {} : { interface: face.interface }),
      ...(whole || face.address === null ? {} : { address: formatAddress(face.address) }),
    };
  }

  /** What is left, endpoint by endpoint: as a whole where all its faces may be meant. */
  function members(indexes: readonly number[], may: Uint8Array): readonly DiffPart[] {
    const seen = new Set<number>();
    return indexes.flatMap((index) => {
      const { endpoint } = faces.faces[index] as Face;
      if (seen.has(endpoint)) return [];
      const isWhole = (facesOf[endpoint] as readonly number[]).every((other) => may[other] === 1);
      if (isWhole) seen.add(endpoint);
      return [part(index, isWhole)];
    });
  }

  return {
    face: (index) => part(index, facesOf[faces.faces[index]?.endpoint ?? -1]?.length === 1),
    external({ least, most }) {
      const rangesOf = (indexes: readonly number[]): readonly string[] =>
        toRanges(fillOwned(unionAllAddresses(indexes.flatMap((i) => faces.faces[i]?.range ?? [])), owned));
      const [few, many] = [rangesOf(least), rangesOf(most)];
      return { kind: 'external', ranges: many.length < few.length ? many : few };
    },
    endpoints({ least, most }, side) {
      const must = new Uint8Array(faces.faces.length);
      const may = new Uint8Array(faces.faces.length);
      for (const index of least) must[index] = 1;
      for (const index of most) may[index] = 1;
      let left = least.length;
      const parts: DiffPart[] = [];
      if (left > 1) {
        names ??= namesOf(faces, before, after, KINDS_BY[by]);
        const open = names.filter((name) => name.members.every((index) => may[index] === 1));
        while (left > 1) {
          const best = chooseName(open, must, side);
          if (best === null) break;
          parts.push(best.part);
          for (const index of best.members) {
            left -= must[index] as number;
            must[index] = 0;
          }
        }
      }
      parts.push(
        ...members(
          least.filter((index) => must[index] === 1),
          may,
        ),
      );
      return parts.length === 1 ? (parts[0] as DiffPart) : { kind: 'set', of: parts };
    },
  };
}

/** The name for most of what is not named yet; two at least, or members are plainer. */
function chooseName(names: readonly Name[], must: Uint8Array, side: Side): Name | null {
  let best: Name | null = null;
  let most = 1;
  const price = (name: Name): number =>
    name.rank + ('side' in name.part && name.part.side !== side ? RANKS.length : 0) + name.members.length / 1e9;
  for (const name of names) {
    let count = 0;
    for (const index of name.members) count += must[index] as number;
    if (count > most || (count === most && best !== null && price(name) < price(best))) {
      best = name;
      most = count;
    }
  }
  return best;
}

// ---- names --------------------------------------------------------------------------------------------------------

/** Everything that endpoints have in common under some name, on either side; once, where both sides mean the same. */
function namesOf(
  faces: Faces,
  before: Evaluator,
  after: Evaluator,
  kinds: readonly DiffPart['kind'][],
): readonly Name[] {
  if (kinds.length === 0) return [];
  const sides = { before: namesOnSide(faces, before, 'before'), after: namesOnSide(faces, after, 'after') };
  const all: Name[] = [];
  for (const [key, { part, members }] of sides.before) {
    const other = sides.after.get(key);
    const same = other !== undefined && sameList(members, other.members);
    add(same ? part : ({ ...part, side: 'before' } as DiffPart), members);
  }
  for (const [key, { part, members }] of sides.after) {
    const other = sides.before.get(key);
    if (other === undefined || !sameList(members, other.members)) add({ ...part, side: 'after' } as DiffPart, members);
  }
  return all;

  function add(part: DiffPart, members: readonly number[]): void {
    const isOne = new Set(members.map((index) => faces.faces[index]?.endpoint)).size < 2;
    if (isOne || !kinds.includes(part.kind)) return;
    all.push({ part, members, rank: RANKS.indexOf(part.kind) });
  }
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

type Found = { readonly part: DiffPart; readonly members: number[] };

function namesOnSide(faces: Faces, evaluator: Evaluator, side: Side): ReadonlyMap<string, Found> {
  const { universe, membership } = evaluator;
  const found = new Map<string, Found>();
  const offer = (part: DiffPart, key: string, face: number): void => {
    const own = remember(found, key, () => ({ part, members: [] })).members;
    if (own.at(-1) !== face) own.push(face);
  };
  const faceOf = new Int32Array(universe.nodes.length).fill(-1);
  for (const [index, face] of faces.faces.entries()) {
    const own = faces.endpoints[face.endpoint]?.[side] ?? -1;
    if (own === -1) continue;
    const nodes = nodesOf(universe, face, side);
    for (const node of nodes) faceOf[node] = index;
    for (const part of conditionsOf(universe.world.endpoints[own] as Endpoint, universe, nodes)) {
      offer(part, JSON.stringify(part), index);
    }
  }
  const homes = new Map<string, number[]>();
  for (const [layer, { groups }] of universe.layers.entries()) for (const id of groups.keys()) addTo(homes, id, layer);
  for (const [id, layers] of homes) {
    for (const [i, layer] of layers.entries()) {
      const { sure, possible } = membership.evaluate(layer, { kind: 'group', group: id, span: null });
      // Ends are endpoints or addresses outside, never both: a group of both is no name for its endpoints alone.
      if (hasMembersFrom(possible, universe.firstExternal)) continue;
      const members = new Set<number>();
      // A group may have an interface in one family only, and then does not stand for it.
      for (const node of membersOf(sure)) {
        const index = faceOf[node] as number;
        if (index !== -1 && nodesOf(universe, faces.faces[index] as Face, side).every((own) => hasBit(sure, own)))
          members.add(index);
      }
      const name = layers.length === 1 ? {} : { layer: universe.layers[layer]?.name ?? '' };
      for (const index of [...members].sort((a, b) => a - b))
        offer({ kind: 'group', id, ...name }, `${id} ${i}`, index);
    }
  }
  return found;
}

/** Whether it has members from `first` on. */
function hasMembersFrom(set: Bitset, first: number): boolean {
  for (let word = first >>> 5; word < set.length; word++) {
    const bits = (set[word] as number) & (word === first >>> 5 ? -1 << (first & 31) : -1);
    if (bits !== 0) return true;
  }
  return false;
}

/** The face's own nodes on the side, not those of the addresses outside that it is compared with. */
function nodesOf(universe: Universe, face: Face, side: Side): readonly number[] {
  return ([4, 6] as const).flatMap((family) => {
    const node = face.nodes[family]?.[side] ?? -1;
    return node === -1 || node >= universe.firstExternal ? [] : [node];
  });
}

/** What can be said of an endpoint: owner, namespace, labels, that it is one; and of the interface there, its segment. */
function* conditionsOf(endpoint: Endpoint, universe: Universe, nodes: readonly number[]): Generator<DiffPart> {
  if (endpoint.kind === 'host') {
    yield { kind: 'hosts' };
    return;
  }
  yield { kind: 'workloads' };
  if (endpoint.owner !== null) yield { kind: 'owner', id: ownerId(endpoint), owner: endpoint.owner.kind };
  const item = universe.nodes[nodes[0] ?? -1];
  const segment = item?.kind === 'workload' ? endpoint.interfaces[item.interface]?.segment : null;
  if (segment != null) yield { kind: 'segment', id: segment };
  const labels = new Map<string, string[]>();
  for (const view of endpoint.views.values()) {
    if (view.namespace !== null) yield { kind: 'namespace', id: view.namespace };
    for (const [key, values] of view.labels) for (const value of values) addTo(labels, key, value);
  }
  for (const [key, values] of [...labels].sort(([a], [b]) => compareText(a, b))) {
    for (const value of new Set(values)) yield { kind: 'label', key, value };
  }
}
