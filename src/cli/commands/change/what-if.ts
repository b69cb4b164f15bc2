// `bulkhead what-if`: what changes would do, without making them. Statements as options, files of statements, or a
// dialogue.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { askWhatIf, breaksSomething, makeBaseline, type WhatIf } from '../../../analyze/what-if/what-if.ts';
import { type ChangeText, parseChanges } from '../../../bind/question/change-text.ts';
import type { Snapshot } from '../../../engine/pipeline.ts';
import { type Diagnostic, hasErrors } from '../../../text/diagnostic.ts';
import { makeSource, type Source } from '../../../text/source.ts';
import { displayName, readSource } from '../../../workspace/files.ts';
import { makeWhatIfDocument } from '../../../workspace/formats/what-if.ts';
import { type Context, type ExitCode, emit, emitJson, fail, progress, warn } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { answerFrom, type Opened } from '../../io/open.ts';
import { invalidChoice, usage } from '../../io/refusal.ts';
import { runRepl } from '../../repl/run-repl.ts';
import { DIFF_GROUPINGS } from '../../surface/change-commands.ts';
import { makePaint } from '../../text/paint.ts';
import { makeRangeNames } from '../../text/range-names.ts';
import { renderWhatIf } from '../../text/what-if-text.ts';

/** Answers; 1 if an expectation that held does not hold any more. */
export async function run(context: Context, paths: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const wanted = typeof values.by === 'string' ? values.by : 'group';
  const by = DIFF_GROUPINGS.find((unit) => unit === wanted);
  if (by === undefined) return fail(context, [invalidChoice('`what-if --by`', wanted, DIFF_GROUPINGS)]);
  const layers = listOf(values.in);
  const { texts, sources, problem } = readTexts(context, paths, listOf(values.eval));
  if (problem !== null) return fail(context, [problem]);
  if (values.repl === true) {
    const refused = refuseForRepl(context, texts);
    if (refused !== null) return fail(context, [refused]);
    return answerFrom(context, layers, (opened) => runRepl(context, opened, by));
  }
  if (texts.length === 0)
    return fail(context, [usage('usage/missing-argument', 'there is no change to ask about', FORMS)]);
  return answerFrom(context, layers, async (opened) => {
    const { snapshot, workspace } = opened;
    const all = new Map([...workspace.sources, ...sources]);
    const { changes, home, diagnostics } = parseChanges(texts, snapshot.layers);
    if (hasErrors(diagnostics)) return fail(context, diagnostics, all);
    const baseline = makeBaseline(snapshot);
    const found = askWhatIf(baseline, home, changes, { by, onStage: (stage) => progress(context, stage) });
    if (found.answer === null) return fail(context, found.diagnostics, all);
    const written = await write(context, opened, found.answer, texts, found.diagnostics, all);
    return written === 0 && breaksSomething(found.answer) ? 1 : written;
  });
}

const FORMS =
  "write `bulkhead what-if -e 'move web-01 to esx-2'`, or name a file of such statements;\n" +
  '`--repl` asks for them one by one';

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Files first, then the statements of options, each a text of its own name. */
function readTexts(
  context: Context,
  paths: readonly string[],
  statements: readonly string[],
): {
  readonly texts: readonly ChangeText[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly problem: Diagnostic | null;
} {
  const texts: ChangeText[] = [];
  for (const path of paths) {
    const full = resolve(context.cwd, path);
    const reading = readSource({ path: full, name: displayName(full, context.cwd) });
    if (reading.diagnostic !== null) {
      const problem =
        statSync(full, { throwIfNoEntry: false })?.isDirectory() === true
          ? usage(
              'usage/invalid-value',
              `\`${path}\` is a folder, and no file of changes`,
              `write \`--in ${path}\` to read it as a layer`,
            )
          : reading.diagnostic;
      return { texts: [], sources: new Map(), problem };
    }
    texts.push({ source: reading.source, kind: 'file' });
  }
  for (const [index, text] of statements.entries()) {
    const name = statements.length === 1 ? '-e' : `-e (${index + 1})`;
    texts.push({ source: makeSource(name, text), kind: 'statement' });
  }
  return { texts, sources: new Map(texts.map(({ source }) => [source.name, source])), problem: null };
}

function refuseForRepl(context: Context, texts: readonly ChangeText[]): Diagnostic | null {
  if (texts.length > 0) {
    return usage('usage/invalid-value', '`--repl` takes its changes line by line', 'leave out the files and the `-e`');
  }
  if (context.format === 'json' || context.outPath !== null) {
    const what = context.outPath === null ? '`-f json`' : '`--out`';
    return usage('usage/invalid-value', `\`--repl\` does not take ${what}`, 'ask for one answer with `-e` instead');
  }
  return null;
}

function write(
  context: Context,
  { snapshot }: Opened,
  answer: WhatIf,
  texts: readonly ChangeText[],
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, Source>,
): Promise<0 | 2> {
  if (context.format === 'json') {
    const changes = texts.map(({ source }) => source.text.trim());
    return emitJson(context, makeWhatIfDocument(answer, { at: snapshot.at, changes, diagnostics }, sources));
  }
  warn(context, diagnostics, sources);
  const paint = makePaint(context.outPath === null && context.terminal.colorOut);
  return emit(context, renderWhatIf(answer, sources, sideNames(snapshot, answer.after), paint));
}

/** What ranges of addresses are called on each side. */
function sideNames(before: Snapshot, after: Snapshot) {
  return { before: makeRangeNames(before.evaluator), after: makeRangeNames(after.evaluator) };
}
