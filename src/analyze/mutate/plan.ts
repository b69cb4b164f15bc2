// Gathers everything that can notice a mutant: lines of tests by the context they are judged in, claims of invariants and
// budgets, and the expectations that have to be run as a whole because they change the policies themselves.
import { remember } from '../../base/remember.ts';
import type { TriSet } from '../../base/tri-set.ts';
import { applyChanges } from '../../engine/changes/apply-changes.ts';
import type { Assertion, Expectation } from '../../model/expectation.ts';
import type { Layer } from '../../model/layer.ts';
import type { Instant } from '../../model/time.ts';
import type { Span } from '../../text/source.ts';
import { momentsOf } from '../prove/moments.ts';
import type { Stated } from '../prove/prove.ts';
import { stagesOf } from '../stages.ts';
import { areasBetween, type Context, type Contexts, makeContexts } from './context.ts';
import type { Mutant } from './operators/mutant.ts';
import type { SharedWalker } from './shared-walker.ts';
import type { NodeArea } from './splice.ts';

/** A line of a test. */
export interface TestLine {
  readonly name: string;
  readonly span: Span;
  readonly layer: number;
  readonly assertion: Assertion;
  readonly at: Instant;
  readonly source: TriSet;
  readonly destination: TriSet;
}

export interface Plan {
  /** The instant of the run. */
  readonly start: Instant;
  /** Where the rules in force differ between two real contexts. */
  readonly between: (a: Context, b: Context) => readonly NodeArea[];
  readonly real: Contexts;
  /** Contexts that have lines; the real ones first. */
  readonly tests: readonly { readonly context: Context; readonly lines: readonly TestLine[] }[];
  /** Instants that stand for all times. */
  readonly moments: readonly Instant[];
  /** Instants of tests in the world as it is. */
  readonly instants: readonly Instant[];
  readonly stated: readonly Stated[];
  readonly whole: readonly Whole[];
}

/** An expectation that changes the policies. */
export interface Whole {
  readonly layer: number;
  readonly expectation: Expectation;
  /** What it compares, or judges, with what is changed in it. */
  readonly contexts: readonly Context[];
}

export function makePlan(
  layers: readonly Layer[],
  start: Instant,
  mutants: readonly Mutant[],
  walker: SharedWalker,
): Plan {
  const real = makeContexts(layers, mutants, walker, true);
  const lines = new Map<Context, TestLine[]>();
  const instants = new Set<Instant>();
  const whole: Whole[] = [];
  const stated: Stated[] = [];
  for (const [index, layer] of layers.entries()) {
    for (const expectation of layer.expectations) {
      if (expectation.kind === 'invariant' || expectation.kind === 'budget') stated.push({ layer: index, expectation });
      else if (expectation.kind === 'change') {
        const applied = applyChanges(layers, index, expectation.changes);
        const at = applied.at ?? start;
        const after = makeContexts(applied.layers, mutants, walker, false).at(at);
        whole.push({ layer: index, expectation, contexts: [real.at(at), after] });
      } else {
        const stages = [...stagesOf(layers, index, expectation, start)];
        if (stages.some((stage) => !hasSamePolicies(stage.layers, layers))) {
          const contexts = stages.flatMap((stage) => {
            const own = makeContexts(stage.layers, mutants, walker, false);
            return stage.lines.map(({ at }) => own.at(at));
          });
          whole.push({ layer: index, expectation, contexts });
          continue;
        }
        for (const stage of stages) {
          const isReal = stage.layers === layers;
          const contexts = isReal ? real : makeContexts(stage.layers, mutants, walker, false);
          for (const { assertion, at } of stage.lines) {
            const context = contexts.at(at);
            const { membership } = context.evaluator;
            if (isReal) instants.add(at);
            remember(lines, context, () => []).push({
              name: expectation.name,
              span: assertion.span,
              layer: index,
              assertion,
              at,
              source: membership.evaluate(index, assertion.source),
              destination: membership.evaluate(index, assertion.destination),
            });
          }
        }
      }
    }
  }
  const areas = new Map<Context, Map<Context, readonly NodeArea[]>>();
  const tests = [...lines].map(([context, own]) => ({ context, lines: own }));
  return {
    start,
    between: (a, b) =>
      remember(
        remember(areas, a, () => new Map<Context, readonly NodeArea[]>()),
        b,
        () => areasBetween(a, b),
      ),
    real,
    tests: [...tests.filter(({ context }) => context.isReal), ...tests.filter(({ context }) => !context.isReal)],
    moments: momentsOf(layers, start),
    instants: [...instants],
    stated,
    whole,
  };
}

/** Then a mutant can be put into both. */
function hasSamePolicies(a: readonly Layer[], b: readonly Layer[]): boolean {
  return a.every((layer, index) => {
    const other = b[index];
    return layer.policies === other?.policies && layer.tiers === other.tiers && layer.groups === other.groups;
  });
}
