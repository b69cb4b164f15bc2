// `bulkhead lint`: what is doubtful in policies that mean what they say, each finding with its proof. Mends what can be
// mended without a change to any flow, and writes down what is put up with.
import { resolve } from 'node:path';
import { makeCheckStep, makeReport } from '../../analyze/ci/report.ts';
import type { LintRun } from '../../analyze/lint/kit/report.ts';
import { parseEnd } from '../../analyze/lint/suppress.ts';
import { formatInstant } from '../../model/time.ts';
import { type Diagnostic, error, hasErrors } from '../../text/diagnostic.ts';
import { describeFailure, displayName } from '../../workspace/files.ts';
import { makeLintDocument } from '../../workspace/formats/lint.ts';
import { type Baseline, makeBaseline } from '../../workspace/lint/baseline.ts';
import { findBaseline } from '../../workspace/lint/find-baseline.ts';
import { mendFiles } from '../../workspace/lint/mend.ts';
import { runLint } from '../../workspace/lint/run-lint.ts';
import { folderInRepository } from '../../workspace/repository.ts';
import {
  type Context,
  type ExitCode,
  emit,
  emitJson,
  fail,
  progress,
  render,
  type Sources,
  say,
} from '../io/context.ts';
import type { GlobalValues } from '../io/globals.ts';
import { compile, type Opened, openWorkspace, requestOf } from '../io/open.ts';
import { fileOutput, replaceFile } from '../io/output.ts';
import { usage } from '../io/refusal.ts';
import { emitReport, isReportFormat } from '../io/report.ts';
import { summariseLint } from '../text/lint-text.ts';
import { makePaint } from '../text/paint.ts';
import { plural } from '../text/words.ts';

/** How long a baseline lasts unless `--until` says otherwise. */
const DAYS = 90;
const DAY = 24 * 60 * 60 * 1000;

/** 1 on errors among the findings, with --strict on warnings too; 2 where something cannot be read. */
export async function run(context: Context, paths: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const until = typeof values.until === 'string' ? values.until : dayAfter(context.at, DAYS);
  const problem = findMisuse(values, until);
  if (problem !== null) return fail(context, [problem]);
  const found = findBaseline(context.cwd, typeof values.baseline === 'string' ? values.baseline : null);
  if (hasErrors(found.diagnostics) && values.writeBaseline !== true)
    return fail(context, found.diagnostics, found.sources);

  const workspace = openWorkspace(context, paths);
  if (hasErrors(workspace.diagnostics)) return fail(context, workspace.diagnostics, workspace.sources);
  const opened = compile(context, workspace);
  if (hasErrors(opened.diagnostics)) return fail(context, opened.diagnostics, workspace.sources);

  if (values.fix === true) return fix(context, paths, opened);
  const lint = lintOpened(context, opened, values.writeBaseline === true ? null : found.baseline);
  if (values.writeBaseline === true) return writeBaseline(context, found.path, lint, workspace.sources, until);
  const sources = new Map([...workspace.sources, ...found.sources]);
  const written = await writeAnswer(context, lint, sources);
  return written !== 0 ? written : exitOf(context, lint);
}

function findMisuse(values: GlobalValues, until: string): Diagnostic | null {
  if (values.fix === true && values.writeBaseline === true) {
    return usage(
      'usage/invalid-value',
      '`--fix` and `--write-baseline` exclude each other',
      'mend first, then write down what is left',
    );
  }
  if (parseEnd(until) === null) {
    return usage('usage/invalid-value', `\`--until\` does not take \`${until}\``, 'write a day, such as `2027-01-31`');
  }
  if (values.until !== undefined && values.writeBaseline !== true) {
    return usage(
      'usage/invalid-value',
      '`--until` is the end of a baseline that is written',
      'use it with `--write-baseline`',
    );
  }
  return null;
}

function lintOpened(context: Context, opened: Opened, baseline: Baseline | null): LintRun {
  return runLint(opened.workspace, opened.snapshot, opened.diagnostics, {
    baseline,
    folder: folderInRepository(context.cwd),
    onCheck: (code) => progress(context, code),
  });
}

function exitOf(context: Context, { findings }: LintRun): 0 | 1 {
  const is = (severity: string): boolean => findings.some(({ diagnostic }) => diagnostic.severity === severity);
  return is('error') || (context.strict && is('warning')) ? 1 : 0;
}

async function writeAnswer(context: Context, lint: LintRun, sources: Sources): Promise<0 | 2> {
  const { format } = context;
  if (format === 'json') return emitJson(context, makeLintDocument(lint, sources, formatInstant(context.at)));
  const diagnostics = lint.findings.map(({ diagnostic }) => diagnostic);
  if (isReportFormat(format)) {
    const judged = { layers: lint.layers, files: lint.files, findings: diagnostics };
    const report = makeReport(context.at, [makeCheckStep(judged, { strict: context.strict })]);
    return emitReport(context, format, report, sources);
  }
  const color = context.outPath === null && context.terminal.colorOut;
  const text = render(context, diagnostics, sources, color);
  return emit(context, [text, text === '' ? '' : '\n', `${summariseLint(lint, makePaint(color))}\n`]);
}

async function writeBaseline(
  context: Context,
  path: string,
  lint: LintRun,
  sources: Sources,
  until: string,
): Promise<ExitCode> {
  const document = makeBaseline(lint.findings, until, {
    sources,
    at: context.at,
    folder: folderInRepository(context.cwd),
  });
  const name = displayName(path, context.cwd);
  try {
    const output = fileOutput(path);
    await output.write(`${JSON.stringify(document, null, 2)}\n`);
    await output.commit();
  } catch (reason) {
    return fail(context, [
      error('workspace/cannot-write', `\`${name}\` cannot be written: ${describeFailure(reason)}`, null),
    ]);
  }
  say(context, `${plural(document.findings.length, 'finding')} written to ${name}, to be put up with until ${until}`);
  return 0;
}

/** Edits are kept only where the policies still mean the same; each file is replaced whole. */
async function fix(context: Context, paths: readonly string[], opened: Opened): Promise<ExitCode> {
  const request = requestOf(context, paths);
  const mended = mendFiles(request, opened, {
    folder: folderInRepository(context.cwd),
    at: context.at,
    onStage: (stage) => progress(context, stage),
  });
  for (const { name, text } of mended.files) {
    try {
      replaceFile(resolve(context.cwd, name), text);
    } catch (reason) {
      return fail(context, [
        error('workspace/cannot-write', `\`${name}\` cannot be written: ${describeFailure(reason)}`, null),
      ]);
    }
  }
  const lines = [
    ...mended.done.map((what) => `${what}\n`),
    ...mended.left.map(({ what, why }) => `not done: ${what}: ${why}\n`),
  ];
  if (mended.done.length === 0) say(context, 'nothing to mend');
  return emit(context, lines);
}

function dayAfter(at: number, days: number): string {
  return formatInstant(at + days * DAY).slice(0, 10);
}
