// Edits of policy files that take a thing away: its lines with the documentation above them, where nothing else stands
// on these lines. Whether flows stay the same is proved later, by whoever applies them.
import type { Rule } from '../../../model/policy.ts';
import { lineBounds, positionAt, type Source, type Span } from '../../../text/source.ts';
import type { LintContext } from './check.ts';
import type { Fix } from './finding.ts';

/** Takes a rule out of its policy file; null: it is not written in one, or not on lines of its own. */
export function removeRule(context: LintContext, rule: Rule): Fix | null {
  return removeSpan(context, rule.span, `remove the rule \`${rule.id}\``);
}

/** Takes the lines of the span away. */
export function removeSpan(
  { sources, trees }: Pick<LintContext, 'sources' | 'trees'>,
  span: Span | null,
  what: string,
): Fix | null {
  const source = span === null ? undefined : sources.get(span.file);
  if (span === null || source === undefined || !trees.some(({ file }) => file === span.file)) return null;
  const lines = ownLines(source, span);
  return lines === null ? null : { what, edits: [{ span: { file: span.file, ...lines }, text: '' }] };
}

/** From the start of the first line, or of the documentation above it, to the start of the line behind the last. */
function ownLines(source: Source, { start, end }: Span): { readonly start: number; readonly end: number } | null {
  const first = positionAt(source, start).line;
  const last = positionAt(source, end).line;
  const before = source.text.slice(lineBounds(source, first).start, start);
  const after = source.text.slice(end, lineBounds(source, last).end);
  if (before.trim() !== '' || !/^\s*(\/\/.*)?$/.test(after)) return null;
  let top = first;
  while (top > 1 && /^\s*\/\/\//.test(textOf(source, top - 1))) top--;
  const stop = lineBounds(source, last).end;
  const next = /^\r?\n|^\r/.exec(source.text.slice(stop, stop + 2))?.[0].length ?? 0;
  return { start: lineBounds(source, top).start, end: stop + next };
}

function textOf(source: Source, line: number): string {
  const { start, end } = lineBounds(source, line);
  return source.text.slice(start, end);
}
