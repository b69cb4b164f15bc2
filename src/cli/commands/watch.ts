// `bulkhead watch`: findings and tests, again after every change of a file, and what the change does to the flows. The
// flows are compared with the last state that had no error and met all tests. Ends with 130 on Ctrl-C.
import {
  type CiReport,
  type CiStep,
  makeCheckStep,
  makeDiffStep,
  makeReport,
  makeTestsStep,
} from '../../analyze/ci/report.ts';
import { diffSnapshots } from '../../analyze/diff/diff.ts';
import { runTests } from '../../analyze/tests/run-tests.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import { hasErrors } from '../../text/diagnostic.ts';
import { makePrintable } from '../../text/printable.ts';
import { watchedPaths } from '../../workspace/load.ts';
import { watchFiles } from '../../workspace/watch-files.ts';
import {
  type Context,
  clearProgress,
  type ExitCode,
  emit,
  progress,
  render,
  type Sources,
  say,
} from '../io/context.ts';
import { currentInstant, type GlobalValues } from '../io/globals.ts';
import { compile, openWorkspace, requestOf } from '../io/open.ts';
import { exitOf } from '../io/report.ts';
import { renderCi } from '../text/ci-text.ts';
import { makePaint } from '../text/paint.ts';
import { makeRangeNames } from '../text/range-names.ts';
import { listWords } from '../text/words.ts';

/** Names of files that are listed at most. */
const MOST_NAMES = 5;
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

interface Round {
  readonly report: CiReport;
  readonly sources: Sources;
  /** null: not a state to compare the next with. */
  readonly good: Snapshot | null;
}

/** Runs until it is interrupted; 2 where there is nothing to begin with. */
export async function run(context: Context, paths: readonly string[], values: GlobalValues): Promise<ExitCode> {
  let good: Snapshot | null = null;
  const judge = (): Round & { readonly now: Context } => {
    const at = values.at === undefined ? currentInstant() : context.at;
    const now = { ...context, at, started: performance.now() };
    const round = judgeOnce(now, paths, good);
    good = round.good ?? good;
    return { ...round, now };
  };
  const first = judge();
  await show(first.now, first, []);
  if (first.report.outcome === 'unusable') return exitOf(first.report);
  return new Promise((resolve, reject) => {
    const watching = watchFiles({
      paths: () => watchedPaths(requestOf(context, paths)),
      cwd: context.cwd,
      onPolling: () => say(context, 'folders cannot be watched here: files are looked at every second'),
      onChange: async (names) => {
        // While it computes, Ctrl-C ends the program at once, as the system does it.
        process.off('SIGINT', stop);
        try {
          const round = judge();
          process.once('SIGINT', stop);
          await show(round.now, round, names);
        } catch (reason) {
          watching.close();
          reject(reason);
        }
      },
    });
    const stop = (): void => {
      watching.close();
      clearProgress();
      resolve(130);
    };
    process.once('SIGINT', stop);
    say(context, 'waiting for changes; Ctrl-C ends it');
  });
}

function judgeOnce(context: Context, paths: readonly string[], good: Snapshot | null): Round {
  const workspace = openWorkspace(context, paths);
  const { layers, sources } = workspace;
  const opened = hasErrors(workspace.diagnostics) ? null : compile(context, workspace);
  const findings = opened?.diagnostics ?? workspace.diagnostics;
  const check = makeCheckStep({ layers, files: sources.size, findings }, { strict: context.strict });
  if (opened === null || hasErrors(findings)) return { report: makeReport(context.at, [check]), sources, good: null };
  const { snapshot } = opened;
  const { tests } = runTests(snapshot, {
    at: context.at,
    run: null,
    onTest: (name) => progress(context, `test ${name}`),
  });
  const steps: CiStep[] = [check, makeTestsStep(tests)];
  if (good !== null) {
    progress(context, 'comparing');
    const nameRanges = makeRangeNames(snapshot.evaluator);
    steps.push(makeDiffStep('before', diffSnapshots(good, snapshot), { allowNew: true, nameRanges }));
  }
  const report = makeReport(context.at, steps);
  return { report, sources, good: report.outcome === 'passed' ? snapshot : null };
}

async function show(context: Context, { report, sources }: Round, changed: readonly string[]): Promise<void> {
  const onScreen = context.outPath === null && context.terminal.watchedOut;
  const color = context.outPath === null && context.terminal.colorOut;
  const names = [
    ...changed.slice(0, MOST_NAMES).map(makePrintable),
    ...(changed.length > MOST_NAMES ? [`${changed.length - MOST_NAMES} more`] : []),
  ];
  const text = renderCi(report, sources, makePaint(color), (findings) => render(context, findings, sources, color));
  await emit(context, [
    onScreen ? CLEAR : '',
    names.length === 0 ? '' : `changed: ${listWords(names)}\n\n`,
    text,
    onScreen ? '' : '\n',
  ]);
}
