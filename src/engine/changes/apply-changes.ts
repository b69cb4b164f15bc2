// Gives change statements their meaning: layers and changes → layers as they would be. Nothing is evaluated here; what
// the change does to flows is seen by building a snapshot of the result and comparing.

import { unreachable } from '../../base/invariant.ts';
import type { Change } from '../../model/change.ts';
import type { Layer } from '../../model/layer.ts';
import type { Instant } from '../../model/time.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { addRule } from './add-rule.ts';
import { type Draft, startDraft } from './draft.ts';
import { cutOrJoin, failOrRestore } from './overlay.ts';
import type { Placement } from './placement.ts';
import { removeGroup, removePolicy, removeRule, switchPolicy, switchRule } from './policies.ts';
import { cloneWorkload, createWorkload, deleteWorkload, moveWorkload, setLabels } from './workloads.ts';

export interface AppliedChanges {
  /** What was not changed is shared with the layers given; after an error, those layers themselves. */
  readonly layers: readonly Layer[];
  readonly diagnostics: readonly Diagnostic[];
  /** Where each added rule was put, in the order of the changes. */
  readonly placed: readonly Placement[];
  /** The instant of the last `at`; null: none is among the changes. */
  readonly at: Instant | null;
}

/**
 * Makes the changes in order, each on what those before it left: all of them, or none if one of them is in error.
 * `home` is the index of the layer whose names they use (its policies, rules and groups come first, what is created is
 * created there); workloads and places are those of every layer, and a workload is changed in each that has it.
 */
export function applyChanges(layers: readonly Layer[], home: number, changes: readonly Change[]): AppliedChanges {
  const draft = startDraft(layers, home);
  for (const change of changes) {
    // What comes after an error would only repeat it in other words.
    if (!make(draft, change)) return { layers, diagnostics: draft.diagnostics, placed: [], at: null };
  }
  const { diagnostics, placed, at } = draft;
  return { layers: draft.layers, diagnostics, placed, at };
}

/** Whether it could be made; if not, the draft says why. */
function make(draft: Draft, change: Change): boolean {
  switch (change.kind) {
    case 'set':
      return setLabels(draft, change);
    case 'move':
      return moveWorkload(draft, change);
    case 'clone':
      return cloneWorkload(draft, change);
    case 'create':
      return createWorkload(draft, change);
    case 'delete':
      return deleteWorkload(draft, change);
    case 'add':
      return addRule(draft, change);
    case 'remove':
      return { rule: removeRule, policy: removePolicy, group: removeGroup }[change.what](draft, change);
    case 'switch':
      return (change.what === 'rule' ? switchRule : switchPolicy)(draft, change);
    case 'fail':
    case 'restore':
      return failOrRestore(draft, change);
    case 'cut':
    case 'join':
      return cutOrJoin(draft, change);
    case 'at':
      draft.at = change.instant;
      return true;
    default:
      return unreachable(change);
  }
}
