// The lines of plain YAML: where their content is, whether they start with a dash or a key. `end` bounds the document.
import { closingQuote, DOUBLE, SINGLE } from './plain-scalars.ts';

/** A line with content: where that starts, and its column. */
export interface Line {
  readonly at: number;
  readonly indent: number;
}

/** The first line with more than blanks or a comment, from the one that starts at `start`; null if there is none. */
export function contentFrom(text: string, start: number, end: number): Line | null {
  for (let line = start; line < end; line = lineEnd(text, line, end) + 1) {
    let at = line;
    while (text.charCodeAt(at) === SPACE) at++;
    if (at >= end) return null;
    const unit = text.charCodeAt(at);
    if (unit !== LF && unit !== HASH && !isCrLf(text, at)) return { at, indent: at - line };
    // Searching on from the blanks that were skipped already.
    line = at;
  }
  return null;
}

/** The offset of the line end after `at`, or the end. */
export function lineEnd(text: string, at: number, end: number): number {
  const found = text.indexOf('\n', at);
  return found === -1 || found > end ? end : found;
}

/** Whether nothing but blanks and a comment follows in the line. */
export function isRestBlank(text: string, from: number, end: number): boolean {
  const at = skipSpaces(text, from);
  if (at >= end) return true;
  const unit = text.charCodeAt(at);
  return unit === LF || isCrLf(text, at) || (unit === HASH && at > from);
}

export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at++;
  return at;
}

/** Whether an item of a list starts here. */
export function isDash(text: string, at: number, end: number): boolean {
  return text.charCodeAt(at) === DASH && isGap(text, at + 1, end);
}

/** The offset of the colon that ends the key at `at`; -1 if the line does not start with a key. */
export function keyEnd(text: string, at: number, end: number): number {
  const first = text.charCodeAt(at);
  if (first === DOUBLE || first === SINGLE) {
    const quote = closingQuote(text, at, lineEnd(text, at, end));
    return quote !== -1 && isColon(text, quote + 1, end) ? quote + 1 : -1;
  }
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return -1;
  for (let next = at; next < end; next++) {
    const unit = text.charCodeAt(next);
    if (unit === LF || (unit === HASH && text.charCodeAt(next - 1) === SPACE)) return -1;
    if (unit === COLON && isColon(text, next, end)) return next;
  }
  return -1;
}

function isColon(text: string, at: number, end: number): boolean {
  return text.charCodeAt(at) === COLON && isGap(text, at + 1, end);
}

/** Whether an indicator before `at` stands alone: a blank follows, or the end of the line or text. */
export function isGap(text: string, at: number, end: number): boolean {
  const unit = text.charCodeAt(at);
  return at >= end || unit === SPACE || unit === LF || unit === CR;
}

export function isCrLf(text: string, at: number): boolean {
  return text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF;
}

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const HASH = 35;
export const COMMA = 44;
const DASH = 45;
export const COLON = 58;
export const GREATER = 62;
export const OPEN_BRACKET = 91;
export const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
export const PIPE = 124;
export const CLOSE_BRACE = 125;
