// `bulkhead ci`: everything that a change must pass, in one run over one load: form, findings, tests, and the flows that
// it opens and closes against a base.
import {
  type CiReport,
  type DiffStep,
  makeCheckStep,
  makeFormStep,
  makeReport,
  makeTestsStep,
  skipDiff,
  skipTests,
  type TestsStep,
} from '../../analyze/ci/report.ts';
import { runTests } from '../../analyze/tests.ts';
import { hasErrors } from '../../text/diagnostic.ts';
import { type Context, type ExitCode, emit, fail, progress, render } from '../io/context.ts';
import type { GlobalValues } from '../io/globals.ts';
import { compile, type Opened, openWorkspace } from '../io/open.ts';
import { emitReport, exitOf, isReportFormat, parseReportFiles, writeReportFiles } from '../io/report.ts';
import { renderCi } from '../text/ci-text.ts';
import { makePaint } from '../text/paint.ts';

/** Runs the steps and writes the report; 1 where one failed, 2 where something could not be read. */
export async function run(context: Context, paths: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const { files, problem } = parseReportFiles(context, values.report);
  if (problem !== null) return fail(context, [problem]);
  const workspace = openWorkspace(context, paths);
  const form = makeFormStep(workspace.policies.filter(({ diagnostics }) => !hasErrors(diagnostics)));
  const opened = hasErrors(workspace.diagnostics) ? null : compile(context, workspace);
  const findings = opened?.diagnostics ?? workspace.diagnostics;
  const check = makeCheckStep(
    { layers: workspace.layers, files: workspace.sources.size, findings },
    { strict: context.strict },
  );
  const usable = opened !== null && !hasErrors(findings) ? opened : null;
  const steps = [form, check, testStep(context, usable), diffStep(usable)];
  const report = makeReport(context.at, steps);
  const written = await writeAnswer(context, report, workspace.sources);
  const filed = await writeReportFiles(context, files, report, workspace.sources);
  return written !== 0 ? written : filed !== 0 ? filed : exitOf(report);
}

function testStep(context: Context, opened: Opened | null): TestsStep {
  if (opened === null) return skipTests('there are errors to mend first');
  const onTest = (name: string): void => progress(context, `test ${name}`);
  const { tests, diagnostics } = runTests(opened.snapshot, { at: context.at, run: null, onTest });
  return makeTestsStep(tests, diagnostics);
}

function diffStep(opened: Opened | null): DiffStep {
  if (opened === null) return skipDiff(null, 'there are errors to mend first');
  return skipDiff(null, 'no base to compare with');
}

function writeAnswer(context: Context, report: CiReport, sources: Parameters<typeof render>[2]): Promise<0 | 2> {
  const { format } = context;
  if (isReportFormat(format)) return emitReport(context, format, report, sources);
  const color = context.outPath === null && context.terminal.colorOut;
  const renderFindings = (findings: Parameters<typeof render>[1]): string => render(context, findings, sources, color);
  return emit(context, [renderCi(report, sources, makePaint(color), renderFindings)]);
}
