// Proves that two snapshots allow the same flows, or finds one that they do not: the diff without its description.

import type { Snapshot } from '../../engine/pipeline.ts';
import type { Question } from '../../model/question.ts';
import type { Family } from '../../net/address.ts';
import { isNoServices, NO_SERVICES } from '../../net/services.ts';
import { type Compared, NO_DIFFERENCE } from './cells.ts';
import { type Comparison, compareSnapshots } from './comparison.ts';
import type { Side } from './diff-row.ts';
import type { JointClasses } from './joint-classes.ts';
import { type Witness, witnessOf } from './witness.ts';

/** One flow that only one of them allows, or null: they allow the same. Both must be without errors. */
export function flowsDiffer(before: Snapshot, after: Snapshot): Question | null {
  return findDifference(before, after)?.witness ?? null;
}

/**
 * As `flowsDiffer`, with what each side says of the flow. With `verdicts`, a flow that is unknown on one side and denied
 * on the other is a difference too.
 */
export function findDifference(before: Snapshot, after: Snapshot, compared: Compared = 'allowed'): Witness | null {
  const comparison = compareSnapshots(before, after, compared);
  const { source, cells, exceptions } = comparison;
  for (let row = 0; row < source.count; row++) {
    const found = cells.row(row);
    for (const [i, column] of found?.columns.entries() ?? []) {
      const pair = firstPair(comparison, row, column);
      if (pair !== null) return describe(comparison, pair, found?.deltas[i] as number);
    }
  }
  const exception = exceptions.find(({ delta }) => delta !== NO_DIFFERENCE);
  return exception === undefined ? null : describe(comparison, exception, exception.delta);
}

interface Pair {
  readonly source: number;
  readonly destination: number;
  readonly family: Family;
}

/** Two faces that the cell speaks for; null: there is only an endpoint with itself, or a host with its residents. */
function firstPair({ sides, source, destination, exceptions }: Comparison, row: number, column: number): Pair | null {
  const family = source.family[row] as Family;
  const { faces } = sides.faces;
  const targets = facesIn(destination, family, column);
  for (const from of facesIn(source, family, row)) {
    for (const to of targets) {
      const isPair = faces[from]?.endpoint !== faces[to]?.endpoint;
      const isOwn = exceptions.some(
        (item) => item.source === from && item.destination === to && item.family === family,
      );
      if (isPair && !isOwn) return { source: from, destination: to, family };
    }
  }
  return null;
}

function facesIn({ ofFace }: JointClasses, family: Family, joint: number): readonly number[] {
  const found: number[] = [];
  for (const [face, own] of ofFace[family].entries()) if (own === joint) found.push(face);
  return found;
}

function describe({ sides, cells }: Comparison, { source, destination, family }: Pair, delta: number): Witness {
  const { gained, lost, unclear } = cells.deltas.get(delta);
  const allows: Side = isNoServices(gained) ? 'before' : 'after';
  const common = allows === 'after' ? gained : isNoServices(lost) ? unclear : lost;
  const services = { common, only4: NO_SERVICES, only6: NO_SERVICES };
  return witnessOf(sides, source, destination, family, services, allows);
}
