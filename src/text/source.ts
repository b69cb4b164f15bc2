// Turns offsets into a text to lines and columns that a person can look up.
// Offsets count UTF-16 units, as JavaScript strings, peggy and the YAML parser do. LF, CRLF and a lone CR each end a
// line. Reading files is left to the workspace, drawing excerpts to render.ts.
import { invariant } from '../base/invariant.ts';

/** A text and the name it is reported under, usually a path relative to where the command was run. */
export interface Source {
  readonly name: string;
  readonly text: string;
  /** Whether the file begins with a byte order mark, which is no part of the text. */
  readonly marked?: true;
}

/** A piece of the source of the name `file`: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** Line and column from 1; the column counts UTF-16 units, as editors and language servers do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineStarts = new WeakMap<Source, readonly number[]>();

/** The text without a byte order mark. Line ends are kept, so that offsets stay those of the file. */
export function normalise(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Makes a source of a text as it was read. */
export function makeSource(name: string, text: string): Source {
  const normalised = normalise(text);
  return normalised.length === text.length ? { name, text } : { name, text: normalised, marked: true };
}

/** The position of an offset, which may be anything from 0 to the length of the text; beyond either is clamped. */
export function positionAt(source: Source, offset: number): Position {
  const starts = lineStartsOf(source);
  const clamped = Math.min(Math.max(offset, 0), source.text.length);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (startOf(starts, middle) <= clamped) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: clamped - startOf(starts, low) + 1 };
}

/** Where a line (from 1) starts, and where its text ends, before the line end. */
export function lineBounds(source: Source, line: number): { readonly start: number; readonly end: number } {
  const starts = lineStartsOf(source);
  invariant(line >= 1 && line <= starts.length, `no line ${line} in a source of ${starts.length} lines`);
  const start = startOf(starts, line - 1);
  let end = starts[line] ?? source.text.length;
  if (line < starts.length) {
    const crlf = source.text.charCodeAt(end - 1) === LF && source.text.charCodeAt(end - 2) === CR && end - 2 >= start;
    end -= crlf ? 2 : 1;
  }
  return { start, end };
}

/** The text of a line (from 1), without its line end. */
export function lineText(source: Source, line: number): string {
  const { start, end } = lineBounds(source, line);
  return source.text.slice(start, end);
}

/** How many lines the source has; an empty text has one. */
export function countLines(source: Source): number {
  return lineStartsOf(source).length;
}

const LF = 10;
const CR = 13;

function lineStartsOf(source: Source): readonly number[] {
  const known = lineStarts.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  const { text } = source;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === LF || (unit === CR && text.charCodeAt(i + 1) !== LF)) starts.push(i + 1);
  }
  lineStarts.set(source, starts);
  return starts;
}

function startOf(starts: readonly number[], index: number): number {
  const start = starts[index];
  invariant(start !== undefined, `no line start ${index}`);
  return start;
}
