// `bulkhead test`: runs the tests that policies carry.
import { makeReport, makeTestsStep } from '../../analyze/ci/report.ts';
import { runTests, type TestReport } from '../../analyze/tests/run-tests.ts';
import { formatInstant } from '../../model/time.ts';
import { error } from '../../text/diagnostic.ts';
import { makeTestDocument } from '../../workspace/formats/test.ts';
import { type Context, type ExitCode, emit, emitJson, fail, progress, type Sources } from '../io/context.ts';
import type { GlobalValues } from '../io/globals.ts';
import { answerFrom } from '../io/open.ts';
import { suggest, usage } from '../io/refusal.ts';
import { emitReport, isReportFormat } from '../io/report.ts';
import { readTestMode } from '../io/test-mode.ts';
import { makePaint } from '../text/paint.ts';
import { renderTests } from '../text/test-text.ts';
import { reportCoverage } from './test-coverage.ts';
import { reportMutation } from './test-mutate.ts';

/** Runs the tests; 1 if one failed, or with --require-tests if there is none. */
export async function run(context: Context, paths: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const mode = readTestMode(context, values);
  if ('code' in mode) return fail(context, [mode]);
  return answerFrom(context, paths, async ({ snapshot, workspace: { sources } }) => {
    const wanted = typeof values.run === 'string' ? values.run : null;
    const report = runTests(snapshot, {
      at: context.at,
      run: wanted,
      onTest: (name) => progress(context, `test ${name}`),
    });
    if (wanted !== null && report.tests.length === 0) {
      const names = snapshot.layers.flatMap((layer) => layer.expectations.map(({ name }) => name));
      const message = `there is no test whose name contains \`${wanted}\``;
      return fail(context, [usage('usage/unknown-test', message, suggest(wanted, names))]);
    }
    const isMissing = values.requireTests === true && report.tests.length === 0;
    const isFailed = isMissing || report.tests.some((test) => test.outcome !== 'passed');
    if (mode.kind === 'coverage') return reportCoverage(context, snapshot, sources, isFailed, mode.atLeast);
    if (mode.kind === 'mutate') {
      const failed = report.tests.find((test) => test.outcome !== 'passed');
      if (failed === undefined) return reportMutation(context, snapshot, sources, mode.atLeast);
      const message = `\`${failed.name}\` does not hold: what fails already notices no change`;
      const help = 'run `bulkhead test` without `--mutate` and mend what it shows';
      return fail(context, [error('test/must-hold', message, failed.span, { help })], sources);
    }
    const written = await writeAnswer(context, report, sources);
    return written === 0 && isFailed ? 1 : written;
  });
}

function writeAnswer(context: Context, report: TestReport, sources: Sources): Promise<0 | 2> {
  const { format } = context;
  if (format === 'json') return emitJson(context, makeTestDocument(report, sources, formatInstant(context.at)));
  if (isReportFormat(format)) {
    const tests = makeTestsStep(report.tests);
    return emitReport(context, format, makeReport(context.at, [tests]), sources);
  }
  const paint = makePaint(context.outPath === null && context.terminal.colorOut);
  return emit(context, [renderTests(report, sources, paint)]);
}
