// `bulkhead ci`: everything that a change must pass, in one run over one load: form, findings, tests, and the flows that
// it opens and closes against a base.
import {
  type CiReport,
  type DiffStep,
  makeCheckStep,
  makeDiffStep,
  makeFormStep,
  makeReport,
  makeTestsStep,
  skipDiff,
  skipTests,
  type TestsStep,
} from '../../analyze/ci/report.ts';
import { diffSnapshots } from '../../analyze/diff/diff.ts';
import { runTests } from '../../analyze/tests/run-tests.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import { type Diagnostic, hasErrors, warning } from '../../text/diagnostic.ts';
import { chooseBase, loadBase } from '../../workspace/base.ts';
import { type Context, type ExitCode, emit, fail, progress, render } from '../io/context.ts';
import type { GlobalValues } from '../io/globals.ts';
import { compile, type Opened, openWorkspace, requestOf } from '../io/open.ts';
import { usage } from '../io/refusal.ts';
import { emitReport, exitOf, isReportFormat, parseReportFiles, writeReportFiles } from '../io/report.ts';
import { renderCi } from '../text/ci-text.ts';
import { makePaint } from '../text/paint.ts';
import { makeRangeNames } from '../text/range-names.ts';

/** Runs the steps and writes the report; 1 where one failed, 2 where something could not be read. */
export async function run(context: Context, paths: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const { files, problem } = parseReportFiles(context, values.report);
  if (problem !== null) return fail(context, [problem]);
  const base = chooseBase(typeof values.base === 'string' ? values.base : null, context.cwd);
  const allowNew = values.newFlows !== false;
  if (base === null && !allowNew) {
    const help = 'add `--base REV`, or `base:` to bulkhead.yaml';
    return fail(context, [usage('usage/missing-argument', '`--no-new-flows` needs a base to compare with', help)]);
  }
  const workspace = openWorkspace(context, paths);
  const form = makeFormStep(workspace.policies.filter(({ diagnostics }) => !hasErrors(diagnostics)));
  const opened = hasErrors(workspace.diagnostics) ? null : compile(context, workspace);
  const findings = opened?.diagnostics ?? workspace.diagnostics;
  const check = makeCheckStep(
    { layers: workspace.layers, files: workspace.sources.size, findings },
    { strict: context.strict },
  );
  const usable = opened !== null && !hasErrors(findings) ? opened : null;
  const before = usable === null || base === null ? null : openBase(context, base, paths);
  const steps = [form, check, testStep(context, usable), diffStep(context, base, before, usable, allowNew)];
  const report = makeReport(context.at, steps);
  const written = await writeAnswer(context, report, workspace.sources);
  const filed = await writeReportFiles(context, files, report, workspace.sources);
  return written !== 0 ? written : filed !== 0 ? filed : exitOf(report);
}

/** The base as it was, or what keeps it from being compared with. */
function openBase(context: Context, base: string, paths: readonly string[]): Snapshot | readonly Diagnostic[] {
  progress(context, `reading ${base}`);
  const workspace = loadBase(base, requestOf(context, paths));
  const errors = workspace.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return errors;
  const { snapshot, diagnostics } = compile(context, workspace);
  const found = diagnostics.filter(({ severity }) => severity === 'error');
  return found.length > 0 ? found : snapshot;
}

function testStep(context: Context, opened: Opened | null): TestsStep {
  if (opened === null) return skipTests('there are errors to mend first');
  const onTest = (name: string): void => progress(context, `test ${name}`);
  const { tests } = runTests(opened.snapshot, { at: context.at, run: null, onTest });
  return makeTestsStep(tests);
}

function diffStep(
  context: Context,
  base: string | null,
  before: Snapshot | readonly Diagnostic[] | null,
  opened: Opened | null,
  allowNew: boolean,
): DiffStep {
  if (base === null) return skipDiff(null, 'no base to compare with');
  if (opened === null || before === null) return skipDiff(base, 'there are errors to mend first');
  if (!('evaluator' in before)) {
    // A base that is not there ends the run; one that is broken must not keep its repair from passing.
    const absent = before.filter(({ code }) => code.startsWith('git/'));
    if (absent.length > 0) return skipDiff(base, 'the base cannot be read', absent, true);
    const first = before[0]?.message ?? '';
    const message = `the policies of \`${base}\` have errors: flows were not compared with them`;
    const finding = warning('ci/base-unusable', message, null, { notes: [{ message: first, span: null }] });
    return skipDiff(base, 'the policies of the base have errors', [finding], context.strict || !allowNew);
  }
  progress(context, `comparing with ${base}`);
  const { snapshot } = opened;
  const nameRanges = makeRangeNames(snapshot.evaluator);
  return makeDiffStep(base, diffSnapshots(before, snapshot), { allowNew, nameRanges });
}

function writeAnswer(context: Context, report: CiReport, sources: Parameters<typeof render>[2]): Promise<0 | 2> {
  const { format } = context;
  if (isReportFormat(format)) return emitReport(context, format, report, sources);
  const color = context.outPath === null && context.terminal.colorOut;
  const renderFindings = (findings: Parameters<typeof render>[1]): string => render(context, findings, sources, color);
  return emit(context, [renderCi(report, sources, makePaint(color), renderFindings)]);
}
