// Turns diagnostics into the text a person reads: message, place, the line with the wrong part underlined, notes, help.
// Everything quoted from a source is made safe for a terminal and cut to a window around the underlined part, so that
// neither an escape sequence nor a line of megabytes reaches the screen. Deciding what is printed is left to the caller.
import { invariant } from '../base/invariant.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';
import { cutLine, makePrintable, shorten } from './printable.ts';
import { lineBounds, positionAt, type Source, type Span } from './source.ts';

export interface RenderOptions {
  readonly color: boolean;
  /** Columns that an excerpt may use; 100 if not given. Messages wrap by themselves. */
  readonly width?: number;
}

/**
 * The diagnostics in the order given, a blank line between two, with a final newline; '' for none. A span whose source
 * is not in `sources` is named by its file alone.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, Source>,
  options: RenderOptions,
): string {
  const page: Page = {
    sources,
    width: Math.max(options.width ?? 100, MINIMUM_WIDTH),
    paint: options.color ? (style, text) => `${STYLES[style]}${text}\u001b[0m` : (_, text) => text,
  };
  return diagnostics.map((d) => `${renderOne(d, page).join('\n')}\n`).join('\n');
}

type Style = Severity | 'bold' | 'frame' | 'help';

interface Page {
  readonly sources: ReadonlyMap<string, Source>;
  readonly width: number;
  readonly paint: (style: Style, text: string) => string;
}

const STYLES: Readonly<Record<Style, string>> = {
  error: '\u001b[1;31m',
  warning: '\u001b[1;33m',
  note: '\u001b[1;36m',
  bold: '\u001b[1m',
  frame: '\u001b[34m',
  help: '\u001b[1;32m',
};

const MINIMUM_WIDTH = 40;

/** A message quotes what a user wrote, which may be anything; this much of it is enough to read. */
const LONGEST = 1000;

function renderOne(diagnostic: Diagnostic, page: Page): readonly string[] {
  const { severity, code, message, span, notes, help } = diagnostic;
  const { paint } = page;
  const gutter = Math.max(...[span, ...notes.map((n) => n.span)].map((s) => gutterOf(s, page)));
  const lines = [`${paint(severity, `${severity}[${code}]`)}${paint('bold', `: ${shorten(message, LONGEST)}`)}`];
  if (span !== null) lines.push(...renderExcerpt(span, severity, gutter, page));
  for (const { message: text, span: place } of notes) {
    lines.push(`${paint('note', 'note')}: ${shorten(text, LONGEST)}`);
    if (place !== null) lines.push(...renderExcerpt(place, 'note', gutter, page));
  }
  if (help !== null) {
    const [first = '', ...rest] = help.split('\n');
    lines.push(
      `${paint('help', 'help')}: ${shorten(first, LONGEST)}`,
      ...rest.map((r) => `      ${shorten(r, LONGEST)}`),
    );
  }
  return lines;
}

/** How many digits the line number of a place takes, so that all excerpts of one diagnostic line up. */
function gutterOf(span: Span | null, page: Page): number {
  const source = span === null ? undefined : page.sources.get(span.file);
  return span === null || source === undefined ? 1 : String(positionAt(source, span.start).line).length;
}

function renderExcerpt(span: Span, style: Style, gutter: number, { sources, width, paint }: Page): readonly string[] {
  const source = sources.get(span.file);
  const indent = ' '.repeat(gutter);
  const arrow = `${indent}${paint('frame', '-->')}`;
  if (source === undefined) return [`${arrow} ${makePrintable(span.file)}`];
  invariant(span.start <= span.end, `a span that ends before it starts, in ${span.file}`);
  const { line, column } = positionAt(source, span.start);
  const bounds = lineBounds(source, line);
  const from = Math.min(span.start, bounds.end);
  const marked = { start: from, end: Math.max(from, Math.min(span.end, bounds.end)) };
  const cut = cutLine(source.text, bounds, marked, width - gutter - 3);
  const bar = paint('frame', '|');
  const underline = ' '.repeat(cut.column) + paint(style, '^'.repeat(Math.max(cut.columns, 1)));
  const number = paint('frame', String(line).padStart(gutter));
  return [
    `${arrow} ${makePrintable(span.file)}:${line}:${column}`,
    `${indent} ${bar}`,
    `${number} ${bar}${cut.text === '' ? '' : ` ${cut.text}`}`,
    `${indent} ${bar} ${underline}`,
  ];
}
