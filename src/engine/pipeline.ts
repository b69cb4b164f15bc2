// The main flow, on one screen: layers → universe → membership → ruleset → look-up → evaluator.

import { buildLookup } from '../compile/lookup.ts';
import { lower } from '../compile/lower.ts';
import { checkTies } from '../compile/ties.ts';
import { createEvaluator, type Evaluator } from '../evaluate/evaluator.ts';
import { createMembership } from '../graph/membership.ts';
import { buildUniverse } from '../graph/universe.ts';
import type { Layer } from '../model/layer.ts';
import type { Instant } from '../model/time.ts';
import type { Diagnostic } from '../text/diagnostic.ts';

/** Layers as they are at one instant, ready to be asked. */
export interface Snapshot {
  readonly layers: readonly Layer[];
  readonly at: Instant;
  readonly evaluator: Evaluator;
}

/**
 * Compiles the layers for the instant. Diagnostics are what only layers and inventory together show; with an error
 * among them the snapshot must not be used to answer.
 */
export function buildSnapshot(
  layers: readonly Layer[],
  options: { readonly at: Instant },
): { readonly snapshot: Snapshot; readonly diagnostics: readonly Diagnostic[] } {
  const { universe, diagnostics: merging } = buildUniverse(layers);
  const membership = createMembership(universe);
  const { ruleset, diagnostics: lowering } = lower(membership, options.at);
  const evaluator = createEvaluator(membership, buildLookup(ruleset));
  return {
    snapshot: { layers, at: options.at, evaluator },
    diagnostics: [...merging, ...lowering, ...checkTies(ruleset)],
  };
}
