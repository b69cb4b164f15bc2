// An engine that keeps verdicts while policies and machines change, and says after every edit which flows it gained and
// lost. What it holds is always what building everything from nothing would give, only got there faster:
//
//   layers ──apply──▶ layers' ──next──▶ snapshot' ──compare with snapshot──▶ gained, lost
//
// Every step is a function of its input; an edit that a step does not recognise is worked out from nothing.

import type { Change } from '../../model/change.ts';
import type { Layer } from '../../model/layer.ts';
import type { Instant } from '../../model/time.ts';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.ts';
import { applyChanges } from '../changes/apply-changes.ts';
import type { Placement } from '../changes/placement.ts';
import { buildSnapshot, type Snapshot } from '../pipeline.ts';
import { changedFlows, type FlowDelta } from './changed-flows.ts';
import { nextSnapshot } from './next-snapshot.ts';

export interface LiveUpdate {
  /** With an error among them nothing has changed. */
  readonly diagnostics: readonly Diagnostic[];
  readonly deltas: readonly FlowDelta[];
  /** Where each added rule was put. */
  readonly placed: readonly Placement[];
  /** Whether only what the edit touches was worked out, and how many pairs of classes were compared. */
  readonly isPatched: boolean;
  readonly compared: number;
}

export interface LiveEngine {
  /** What is true now: equal to building a snapshot of the layers as they are. */
  readonly snapshot: () => Snapshot;
  /** Makes the changes, in names of the layer of index `home`: all of them or none. `at` among them moves time. */
  readonly apply: (home: number, changes: readonly Change[]) => LiveUpdate;
  /** Takes over layers that were changed elsewhere, such as files that were read again; or time as it goes on. */
  readonly update: (layers: readonly Layer[], at: Instant) => LiveUpdate;
}

/** A chain of patches this long is worth building anew: sets that nobody asks for any more go. */
const MOST_PATCHES = 256;

/** Starts with the layers at the instant. With an error among the diagnostics there is nothing to keep. */
export function startLive(
  layers: readonly Layer[],
  at: Instant,
): { readonly live: LiveEngine; readonly diagnostics: readonly Diagnostic[] } {
  const built = buildSnapshot(layers, { at });
  let current = built.snapshot;
  let patches = 0;

  function update(next: readonly Layer[], instant: Instant): LiveUpdate {
    const found =
      patches < MOST_PATCHES
        ? nextSnapshot(current, next, instant)
        : { ...buildSnapshot(next, { at: instant }), isPatched: false };
    const nothing = { deltas: [], placed: [], isPatched: found.isPatched, compared: 0 };
    if (hasErrors(found.diagnostics)) return { ...nothing, diagnostics: found.diagnostics };
    const changed = changedFlows(current, found.snapshot);
    patches = found.isPatched ? patches + 1 : 0;
    current = found.snapshot;
    return { ...nothing, ...changed, diagnostics: found.diagnostics };
  }

  const live: LiveEngine = {
    snapshot: () => current,
    update,
    apply(home, changes) {
      const applied = applyChanges(current.layers, home, changes);
      if (hasErrors(applied.diagnostics)) {
        return { diagnostics: applied.diagnostics, deltas: [], placed: [], isPatched: true, compared: 0 };
      }
      const updated = update(applied.layers, applied.at ?? current.at);
      return { ...updated, diagnostics: [...applied.diagnostics, ...updated.diagnostics], placed: applied.placed };
    },
  };
  return { live, diagnostics: built.diagnostics };
}
