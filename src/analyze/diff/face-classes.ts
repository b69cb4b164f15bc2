// Classes of faces in one role: faces that neither side tells apart in any family. What differs between two of these
// classes differs, or does not, for every pair of their faces.

import { remember } from '../../base/remember.ts';
import type { Family } from '../../net/address.ts';
import type { Face } from './faces.ts';
import type { JointClasses } from './joint-classes.ts';

export interface FaceClass {
  /** Faces, ascending. */
  readonly members: readonly number[];
  /** Its joint class in each family; -1: its faces have none. */
  readonly joint: Readonly<Record<Family, number>>;
  readonly isExternal: boolean;
  /** The endpoint that all its faces are of, or -1. */
  readonly only: number;
}

export interface FaceClasses {
  readonly classes: readonly FaceClass[];
  /** Class of each face. */
  readonly of: Int32Array;
}

/** `apart`: faces that are classes of their own, whatever the rules say. */
export function classifyFaces(faces: readonly Face[], joint: JointClasses, apart: ReadonlySet<number>): FaceClasses {
  const ids = new Map<string, number>();
  const members: number[][] = [];
  const of = Int32Array.from(faces, (_, index) => {
    const own = `${joint.ofFace[4][index]} ${joint.ofFace[6][index]}${apart.has(index) ? ` ${index}` : ''}`;
    const id = remember(ids, own, () => members.push([]) - 1);
    members[id]?.push(index);
    return id;
  });
  const classes = members.map((list): FaceClass => {
    const first = list[0] as number;
    const endpoints = new Set(list.map((index) => faces[index]?.endpoint ?? -1));
    return {
      members: list,
      joint: { 4: joint.ofFace[4][first] as number, 6: joint.ofFace[6][first] as number },
      isExternal: faces[first]?.range !== null,
      only: endpoints.size === 1 ? ([...endpoints][0] as number) : -1,
    };
  });
  return { classes, of };
}

/** Whether no face of the one and face of the other make a pair: an endpoint with itself, no common family, two ranges outside. */
export function hasNoPair(source: FaceClass, destination: FaceClass): boolean {
  if (source.isExternal && destination.isExternal) return true;
  if (source.only !== -1 && source.only === destination.only) return true;
  return ([4, 6] as const).every((family) => source.joint[family] === -1 || destination.joint[family] === -1);
}
