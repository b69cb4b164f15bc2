// Finds policy files that are not in their usual form, and where they first leave it. Writing the form is left to `fmt`.
import { printTree } from '../../syntax/print.ts';
import type { Tree } from '../../syntax/tree.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import { lineText, positionAt, type Source, type Span } from '../../text/source.ts';

/** A policy file that was read without an error. */
export interface FormedFile {
  readonly source: Source;
  readonly tree: Tree;
}

/** The text of the file in its usual form; null where it is in form. */
export function findForm({ source, tree }: FormedFile): string | null {
  const text = printTree(tree, source);
  return text === source.text && source.marked !== true ? null : text;
}

/** One error for each file that is not in form, at the first line that would change. */
export function findUnformed(files: readonly FormedFile[]): readonly Diagnostic[] {
  return files.flatMap((file) => {
    const text = findForm(file);
    if (text === null) return [];
    const message = `\`${file.source.name}\` is not in its usual form`;
    return [error('ci/not-in-form', message, firstDifference(file.source, text), { help: 'run `bulkhead fmt`' })];
  });
}

/** The line in which the texts first differ, without its indent. */
function firstDifference(source: Source, other: string): Span {
  const most = Math.min(source.text.length, other.length);
  let at = 0;
  while (at < most && source.text.charCodeAt(at) === other.charCodeAt(at)) at++;
  const { line, column } = positionAt(source, at);
  const text = lineText(source, line);
  const start = at - column + 1;
  const end = start + text.length;
  return { file: source.name, start: Math.min(start + (text.length - text.trimStart().length), end), end };
}
