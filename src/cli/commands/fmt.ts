// `bulkhead fmt`: policy files in their usual form. Files are replaced one by one, each whole; one that cannot be read
// as policy is left as it is.
import { findForm } from '../../analyze/ci/form.ts';
import { parsePolicyFile } from '../../syntax/parse.ts';
import { type Diagnostic, error, hasErrors } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { describeFailure } from '../../workspace/files.ts';
import { gatherPolicyFiles } from '../../workspace/policy-files.ts';
import { type Context, type ExitCode, emit, fail, say, warn } from '../io/context.ts';
import type { GlobalValues } from '../io/globals.ts';
import { replaceFile } from '../io/output.ts';
import { diffLines } from '../text/line-diff.ts';
import { plural } from '../text/words.ts';

/** Brings files into form; with --check or --diff only says which are not, and ends with 1 if there are any. */
export async function run(context: Context, paths: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const { files, sources, diagnostics } = gatherPolicyFiles(paths, context.cwd);
  if (hasErrors(diagnostics)) return fail(context, diagnostics, sources);
  const problems: Diagnostic[] = [];
  const changed: { readonly path: string; readonly source: Source; readonly text: string }[] = [];
  for (const { path, source } of files) {
    const parsed = parsePolicyFile(source);
    if (hasErrors(parsed.diagnostics)) {
      problems.push(...parsed.diagnostics);
      continue;
    }
    const text = findForm({ source, tree: parsed.tree });
    if (text !== null) changed.push({ path, source, text });
  }
  if (values.diff === true) {
    const output = changed.flatMap(({ source, text }) => diffLines(source.name, source.text, text));
    return finish(context, problems, sources, await emit(context, output), changed.length);
  }
  if (values.check === true) {
    const written = await emit(
      context,
      changed.map(({ source }) => `${source.name}\n`),
    );
    return finish(context, problems, sources, written, changed.length);
  }
  for (const { path, source, text } of changed) {
    try {
      replaceFile(path, text);
    } catch (reason) {
      const message = `\`${source.name}\` cannot be written: ${describeFailure(reason)}`;
      problems.push(error('workspace/cannot-write', message, null));
    }
  }
  const written = await emit(
    context,
    changed.map(({ source }) => `${source.name}\n`),
  );
  if (changed.length === 0 && problems.length === 0) say(context, `${plural(files.length, 'file')} already in form`);
  return finish(context, problems, sources, written, 0);
}

async function finish(
  context: Context,
  problems: readonly Diagnostic[],
  sources: ReadonlyMap<string, Source>,
  written: 0 | 2,
  differing: number,
): Promise<ExitCode> {
  if (hasErrors(problems)) return fail(context, problems, sources);
  warn(context, problems, sources);
  return written === 0 && differing > 0 ? 1 : written;
}
