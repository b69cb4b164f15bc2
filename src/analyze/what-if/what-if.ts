// What changes would do: the layers before and after them as snapshots, the flows gained and lost between the two, and
// the expectations of the policies that hold on one side only. Nothing is changed but a copy.

import { type AppliedChanges, applyChanges } from '../../engine/changes/apply-changes.ts';
import type { Placement } from '../../engine/changes/placement.ts';
import { nextSnapshot } from '../../engine/live/next-snapshot.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import type { Change } from '../../model/change.ts';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.ts';
import { diffSnapshots } from '../diff/diff.ts';
import type { Diff, DiffBy } from '../diff/diff-row.ts';
import type { TestResult } from '../test-result.ts';
import { runTests } from '../tests/run-tests.ts';

/** An expectation with another outcome on either side. */
export interface Flip {
  readonly before: TestResult;
  readonly after: TestResult;
}

export interface WhatIf {
  /** The layers after the changes. */
  readonly after: Snapshot;
  readonly diff: Diff;
  /** Where each added rule was put, in the order of the changes. */
  readonly placed: readonly Placement[];
  readonly flips: readonly Flip[];
}

export interface WhatIfOptions {
  readonly by?: DiffBy;
  /** Called with what is done next. */
  readonly onStage?: (stage: string) => void;
}

/** What is true before the changes, kept for several questions about them. */
export interface Baseline {
  readonly snapshot: Snapshot;
  /** Results of its expectations, worked out when first asked for. */
  readonly results: () => readonly TestResult[];
}

export function makeBaseline(snapshot: Snapshot): Baseline {
  let results: readonly TestResult[] | null = null;
  return {
    snapshot,
    results: () => {
      results ??= runTests(snapshot, { at: snapshot.at, run: null }).tests;
      return results;
    },
  };
}

/**
 * The changes, in names of the layer of index `home`, on the baseline. With an error among the diagnostics there is no
 * answer: a change could not be made, or what comes of the changes cannot be compiled.
 */
export function askWhatIf(
  baseline: Baseline,
  home: number,
  changes: readonly Change[],
  options: WhatIfOptions = {},
): { readonly answer: WhatIf | null; readonly diagnostics: readonly Diagnostic[] } {
  const { snapshot: before } = baseline;
  const applied: AppliedChanges = applyChanges(before.layers, home, changes);
  if (hasErrors(applied.diagnostics)) return { answer: null, diagnostics: applied.diagnostics };
  options.onStage?.('compiling');
  const { snapshot: after, diagnostics: found } = nextSnapshot(before, applied.layers, applied.at ?? before.at);
  // Warnings about the layers were given when they were read; what comes of the changes alone is worth an error only.
  const diagnostics = [...applied.diagnostics, ...found.filter((item) => item.severity === 'error')];
  if (hasErrors(diagnostics)) return { answer: null, diagnostics };
  options.onStage?.('comparing');
  const diff = diffSnapshots(before, after, options.by === undefined ? {} : { by: options.by });
  options.onStage?.('testing');
  const flips = flipsBetween(baseline.results(), makeBaseline(after).results());
  return { answer: { after, diff, placed: applied.placed, flips }, diagnostics };
}

/** Whether an expectation that held does not hold any more. */
export function breaksSomething({ flips }: WhatIf): boolean {
  return flips.some(({ before }) => before.outcome === 'passed');
}

/** Expectations with another outcome: both lists are results of the same ones, in the same order. */
export function flipsBetween(before: readonly TestResult[], after: readonly TestResult[]): readonly Flip[] {
  // The same expectations run on both sides, in the same order: no change touches them.
  return before.flatMap((result, index) => {
    const other = after[index];
    return other === undefined || other.outcome === result.outcome ? [] : [{ before: result, after: other }];
  });
}
