// Sets two snapshots side by side: what the diff and the proof of equality both start from.

import type { Snapshot } from '../../engine/pipeline.ts';
import { affectedCells } from './affected.ts';
import { type Cells, type Compared, compareCells } from './cells.ts';
import { matchFaces } from './faces.ts';
import { type JointClasses, joinClasses } from './joint-classes.ts';
import { type Exception, findExceptions } from './residents.ts';
import type { Sides } from './witness.ts';

export interface Comparison {
  readonly sides: Sides;
  readonly source: JointClasses;
  readonly destination: JointClasses;
  readonly cells: Cells;
  readonly exceptions: readonly Exception[];
}

/** Nothing is judged yet, but for pairs of hosts and their residents. */
export function compareSnapshots(
  { evaluator: before }: Snapshot,
  { evaluator: after }: Snapshot,
  compared: Compared = 'allowed',
): Comparison {
  const faces = matchFaces(before.universe, after.universe);
  const source = joinClasses(faces.faces, before, after, 'source');
  const destination = joinClasses(faces.faces, before, after, 'destination');
  const affected = affectedCells(before, after, source, destination);
  const cells = compareCells(before, after, source, destination, affected, compared);
  const exceptions = findExceptions(faces, before, after, source, destination, cells);
  return { sides: { faces, before, after }, source, destination, cells, exceptions };
}
