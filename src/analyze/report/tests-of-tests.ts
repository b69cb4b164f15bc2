// What the tests of policies are worth: what they exercise, and which small changes they notice. Both look at much more
// than one question, so that of large policies a sample has to do, or nothing is said.
import type { Snapshot } from '../../engine/pipeline.ts';
import { type Coverage, measureCoverage } from '../coverage/coverage.ts';
import { type MutationReport, mutate } from '../mutate/mutate.ts';
import type { Mutant } from '../mutate/operators/mutant.ts';
import { makeMutants } from '../mutate/operators/mutants.ts';
import type { TestResult } from '../test-result.ts';
import { type Measured, notMeasured } from './share.ts';

/** How much is looked at, at most. */
export interface Limits {
  /** Pairs of classes, for anything to be measured. */
  readonly pairs: number;
  readonly mutants: number;
  /** Pairs of classes for all mutants together. */
  readonly cells: number;
}

const LIMITS: Limits = { pairs: 250_000, mutants: 4_000, cells: 100_000_000 };

export type CoverageOutcome = Measured<{ readonly coverage: Coverage }>;
export type MutationOutcome = Measured<{
  readonly mutation: MutationReport;
  /** How many mutants there are; more than were tried where it is a sample. */
  readonly mutants: number;
}>;

const NO_TESTS = 'there are no tests, invariants or budgets';

export function reportCoverage(
  snapshot: Snapshot,
  onStage?: (stage: string) => void,
  limits: Limits = LIMITS,
): CoverageOutcome {
  if (expectationsOf(snapshot) === 0) return notMeasured(NO_TESTS);
  if (pairsOf(snapshot) > limits.pairs) return notMeasured(tooLarge(snapshot, limits));
  const coverage = measureCoverage(snapshot, { at: snapshot.at, ...(onStage === undefined ? {} : { onStage }) });
  return { measured: true, coverage };
}

/** Every so many of the mutants where there are too many; `wanted` false: it was asked to be left out. */
export function reportMutation(
  snapshot: Snapshot,
  tests: readonly TestResult[],
  wanted: boolean,
  onMutant?: (done: number, of: number) => void,
  limits: Limits = LIMITS,
): MutationOutcome {
  if (!wanted) return notMeasured('left out with `--no-mutation`');
  if (expectationsOf(snapshot) === 0) return notMeasured(NO_TESTS);
  const failed = tests.find(({ outcome }) => outcome !== 'passed');
  if (failed !== undefined) return notMeasured(`\`${failed.name}\` does not hold: what fails notices no change`);
  if (pairsOf(snapshot) > limits.pairs) return notMeasured(tooLarge(snapshot, limits));
  const ids = makeMutants(snapshot.layers, snapshot.evaluator).map(({ id }) => id);
  const every = Math.ceil(ids.length / Math.min(limits.mutants, Math.ceil(limits.cells / pairsOf(snapshot))));
  const chosen = new Set(ids.filter((_, index) => index % every === 0));
  const wants = ({ id }: Mutant): boolean => chosen.has(id);
  const mutation = mutate(snapshot, {
    at: snapshot.at,
    ...(every > 1 ? { wants } : {}),
    ...(onMutant === undefined ? {} : { onMutant }),
  });
  return { measured: true, mutation, mutants: ids.length };
}

function expectationsOf({ layers }: Snapshot): number {
  return layers.reduce((sum, { expectations }) => sum + expectations.length, 0);
}

function pairsOf({ evaluator }: Snapshot): number {
  return evaluator.lookup.source.count * evaluator.lookup.destination.count;
}

function tooLarge(snapshot: Snapshot, limits: Limits): string {
  return `the policies tell ${pairsOf(snapshot)} pairs of ends apart, more than ${limits.pairs}: \`bulkhead test\` measures them, however long it takes`;
}
