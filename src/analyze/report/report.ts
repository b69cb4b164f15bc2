// A report of layers at an instant: everything that its sections show, computed by what answers the single questions.
// How it is laid out, and what its numbers are called, is left to the formats.
import type { Snapshot } from '../../engine/pipeline.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import type { LintRun } from '../lint/kit/report.ts';
import { runTests, type TestReport } from '../tests/run-tests.ts';
import { type BlastRadius, findBlastRadius } from './blast-radius.ts';
import { type Defaults, findDefaults } from './defaults.ts';
import { type Endings, findEndings } from './endings.ts';
import { type Exposure, findExposure } from './exposure.ts';
import { type Isolation, measureIsolation } from './isolation.ts';
import { kindsOf } from './kinds.ts';
import { type CoverageOutcome, type MutationOutcome, reportCoverage, reportMutation } from './tests-of-tests.ts';
import { findUnresolved, type Unresolved } from './unknowns.ts';

export interface PolicyReport {
  readonly snapshot: Snapshot;
  readonly defaults: Defaults;
  readonly isolation: Isolation;
  readonly exposure: Exposure;
  readonly blastRadius: BlastRadius;
  readonly lint: LintRun;
  readonly tests: TestReport;
  readonly coverage: CoverageOutcome;
  readonly mutation: MutationOutcome;
  readonly endings: Endings;
  readonly unresolved: readonly Unresolved[];
}

export interface PolicyReportOptions {
  /** What lint found of the same snapshot. */
  readonly lint: LintRun;
  /** Until when endings are listed. */
  readonly until: Instant;
  /** Whether small changes are tried. */
  readonly wantsMutation: boolean;
  /** Called with what is done next. */
  readonly onStage?: (stage: string) => void;
}

/** Of a snapshot without errors. */
export function makePolicyReport(
  snapshot: Snapshot,
  { lint, until, wantsMutation, onStage = () => {} }: PolicyReportOptions,
): PolicyReport {
  const { evaluator, at } = snapshot;
  const of = (what: string) => (done: number, all: number) => onStage(`${what} ${done + 1} of ${all}`);
  const kinds = kindsOf(evaluator);
  onStage('defaults');
  const defaults = findDefaults(evaluator, kinds);
  const isolation = measureIsolation(evaluator, kinds, of('pairs of workloads:'));
  onStage('exposure');
  const exposure = findExposure(evaluator, kinds);
  const blastRadius = findBlastRadius(evaluator, of('group'));
  const tests = runTests(snapshot, { at, run: null, onTest: (name) => onStage(`test ${name}`) });
  const coverage = reportCoverage(snapshot, (stage) => onStage(`coverage of ${stage}`));
  const mutation = reportMutation(snapshot, tests.tests, wantsMutation, of('mutant'));
  onStage('endings');
  const endings = findEndings(snapshot, until, (instant) => onStage(`what ends at ${formatInstant(instant)}`));
  const unresolved = findUnresolved(evaluator, tests.tests);
  return {
    snapshot,
    defaults,
    isolation,
    exposure,
    blastRadius,
    lint,
    tests,
    coverage,
    mutation,
    endings,
    unresolved,
  };
}
