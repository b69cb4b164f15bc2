// What every command is given: its options, where its document goes, and how it talks to a person.
// Standard output holds the document alone; everything else goes to standard error. With JSON, errors are a document
// too, so that a program that reads the answer never has to read prose.
import type { Instant } from '../../model/time.ts';
import { type Diagnostic, error, limitDiagnostics, sortDiagnostics } from '../../text/diagnostic.ts';
import { makeDiagnosticsDocument } from '../../text/diagnostic-json.ts';
import { renderDiagnostics } from '../../text/render.ts';
import type { Source } from '../../text/source.ts';
import { describeFailure } from '../../workspace/files.ts';
import type { Format } from '../surface/commands.ts';
import { fileOutput, type Output, standardOutput } from './output.ts';
import { hideStage, showStage } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** 0 ok; 1 findings; 2 usage or input; 3 unknown where a verdict was expected; 70 our bug; 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 70 | 130;

export interface Context {
  readonly cwd: string;
  readonly format: Format;
  /** The instant that questions are judged at, whole seconds unless one was given. */
  readonly at: Instant;
  /** Inventories to add. */
  readonly world: readonly string[];
  /** How clusters that are read are taken to judge; null: as the configuration says. */
  readonly dialect: string | null;
  readonly outPath: string | null;
  readonly strict: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly terminal: Terminal;
  /** When the command started, on the clock of `performance.now`. */
  readonly started: number;
}

export type Sources = ReadonlyMap<string, Source>;
export const NO_SOURCES: Sources = new Map();

/** Diagnostics of one severity that are shown at most; the rest are counted. */
const MOST_SHOWN = 50;

/** Writes the document and ends it; 2 if that fails. `eager`: somebody waits for each part. */
export async function emit(
  context: Context,
  document: Iterable<string> | AsyncIterable<string>,
  { eager = false }: { readonly eager?: boolean } = {},
): Promise<0 | 2> {
  clearProgress();
  // A screen shows one of the two, the answer or how far it is.
  const onScreen = context.outPath === null && context.terminal.watchedOut;
  let output: Output | null = null;
  try {
    output = context.outPath === null ? standardOutput() : fileOutput(context.outPath);
    for await (const part of document) {
      if (onScreen) clearProgress();
      await output.write(part);
      if (eager) await output.flush();
    }
    clearProgress();
    await output.commit();
    return 0;
  } catch (reason) {
    output?.discard();
    if (context.outPath === null || !isSystemError(reason)) throw reason;
    const message = `\`${context.outPath}\` cannot be written: ${describeFailure(reason)}`;
    return fail(context, [error('workspace/cannot-write', message, null)]);
  }
}

/** A JSON document of one value, indented for people, ending in a line end. */
export function emitJson(context: Context, value: unknown): Promise<0 | 2> {
  return emit(context, [`${JSON.stringify(value, null, 2)}\n`]);
}

/** Ends a command that has no answer: the errors as a document or, for people, on standard error. */
export async function fail(
  context: Context,
  diagnostics: readonly Diagnostic[],
  sources: Sources = NO_SOURCES,
): Promise<2> {
  clearProgress();
  if (context.format === 'json') {
    const document = makeDiagnosticsDocument(selectShown(diagnostics), sources);
    // To standard output even with --out: the file keeps what it held.
    const output = standardOutput();
    await output.write(`${JSON.stringify(document, null, 2)}\n`);
    await output.commit();
  } else process.stderr.write(render(context, diagnostics, sources, context.terminal.colorErr));
  return 2;
}

/** Says what is worth knowing beside an answer: on standard error, not at all with --quiet. */
export function warn(context: Context, diagnostics: readonly Diagnostic[], sources: Sources): void {
  if (context.quiet || diagnostics.length === 0) return;
  clearProgress();
  process.stderr.write(render(context, diagnostics, sources, context.terminal.colorErr));
}

/** The diagnostics as a person reads them; '' for none that are shown. */
export function render(context: Context, diagnostics: readonly Diagnostic[], sources: Sources, color: boolean): string {
  const width = context.terminal.width;
  return renderDiagnostics(selectShown(diagnostics), sources, { color, width });
}

/** In order, so many of each severity. */
export function selectShown(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return limitDiagnostics(sortDiagnostics(diagnostics), MOST_SHOWN);
}

/** A sentence for a person, on standard error, not with --quiet. */
export function say(context: Context, text: string): void {
  if (context.quiet) return;
  clearProgress();
  process.stderr.write(`${text}\n`);
}

/** Names the stage that begins now, to a person at a terminal who has waited for more than a second. */
export function progress(context: Context, stage: string): void {
  if (!context.quiet && context.terminal.watched) showStage(stage, context.started, context.terminal.width);
}

export function clearProgress(): void {
  hideStage();
}

function isSystemError(reason: unknown): boolean {
  return reason instanceof Error && 'syscall' in reason;
}
