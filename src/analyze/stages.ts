// Unfolds a test or a scenario into stages: the layers as they are at each, and the assertions that are judged there.
// Whoever judges them, or counts what they exercise, gets the same stages.
import { applyChanges } from '../engine/changes/apply-changes.ts';
import type { Change } from '../model/change.ts';
import type { Assertion, Expectation } from '../model/expectation.ts';
import type { Layer } from '../model/layer.ts';
import type { Instant } from '../model/time.ts';
import type { Workload } from '../model/workload.ts';
import type { Diagnostic } from '../text/diagnostic.ts';

export type Runnable = Extract<Expectation, { kind: 'test' | 'scenario' }>;

export interface Stage {
  /** Those given, as the same array, where nothing is changed. */
  readonly layers: readonly Layer[];
  readonly lines: readonly { readonly assertion: Assertion; readonly at: Instant }[];
  /** Errors of changes that could not be made: then there are no lines, and no further stage. */
  readonly problems: readonly Diagnostic[];
}

interface Step {
  readonly at: Instant;
  readonly changes: readonly Change[];
  readonly assertions: readonly Assertion[];
}

/** In order. `index`: the layer whose names it uses; `start`: the instant of the run. */
export function* stagesOf(
  layers: readonly Layer[],
  index: number,
  test: Runnable,
  start: Instant,
): Generator<Stage, void, undefined> {
  let current = layers;
  if (test.kind === 'test' && test.given.length > 0) current = layers.with(index, withGiven(layers, index, test.given));
  for (const step of stepsOf(test, start)) {
    const changed = applyChanges(current, index, step.changes);
    const problems = changed.diagnostics.filter((d) => d.severity === 'error');
    if (problems.length > 0) {
      yield { layers: current, lines: [], problems };
      return;
    }
    current = changed.layers;
    const lines = step.assertions.map((assertion) => ({ assertion, at: assertion.at ?? changed.at ?? step.at }));
    yield { layers: current, lines, problems: [] };
  }
}

/** A test is one step, at the instant of the run; the steps of a scenario each see what those before it changed. */
function stepsOf(test: Runnable, start: Instant): readonly Step[] {
  if (test.kind === 'test') return [{ at: start, changes: test.changes, assertions: test.assertions }];
  return test.steps.map(({ at, changes, assertions }) => ({
    at: 'offset' in at ? start + at.offset : at.instant,
    changes,
    assertions,
  }));
}

function withGiven(layers: readonly Layer[], index: number, given: readonly Workload[]): Layer {
  const layer = layers[index] as Layer;
  return { ...layer, world: { ...layer.world, workloads: [...layer.world.workloads, ...given] } };
}
