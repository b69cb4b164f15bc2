// Compares what two snapshots of the same workloads allow, row by row: what proves that an export says what it was made
// from. A difference is found, not described.

import type { Snapshot } from '../engine/pipeline.ts';
import { type FlowRow, flowRows } from '../evaluate/flow-rows.ts';

/** The first row that only one of the two has; null: every row is in both. */
export function firstDifference(before: Snapshot, after: Snapshot): FlowRow | null {
  const options = { by: 'owner', from: null, to: null } as const;
  const left = flowRows(before.evaluator, options)[Symbol.iterator]();
  const right = flowRows(after.evaluator, options)[Symbol.iterator]();
  for (;;) {
    const [a, b] = [left.next(), right.next()];
    if (a.done === true || b.done === true) return a.done === true ? (b.done === true ? null : b.value) : a.value;
    if (JSON.stringify(a.value) !== JSON.stringify(b.value)) return a.value;
  }
}
