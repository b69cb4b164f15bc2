// Says who the faces at one end of a rectangle are, in as few parts as it can: a group, an owner, a condition that holds
// for exactly these (or for more, where the rectangle allows more), and members one by one for the rest.

import type { Evaluator } from '../../evaluate/evaluator.ts';
import { fillOwned } from '../../evaluate/flow-rows.ts';
import { formatAddress } from '../../net/address.ts';
import { toRanges, unionAddresses, unionAllAddresses } from '../../net/address-set.ts';
import type { DiffBy, DiffEnd, DiffPart, Side } from './diff-row.ts';
import { endpointOf, type Face, type Faces } from './faces.ts';
import { KINDS, type Name, namesOf } from './names.ts';

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

/** `touched`: 1 for each face that can be at an end, by index. */
export function endDescriber(
  faces: Faces,
  before: Evaluator,
  after: Evaluator,
  by: DiffBy,
  touched: Uint8Array,
): EndDescriber {
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
        names ??= namesOf(faces, before, after, by, touched);
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
    name.rank + ('side' in name.part && name.part.side !== side ? KINDS.length : 0) + name.members.length / 1e9;
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
