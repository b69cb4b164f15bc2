// Cuts tokens where statements and lines of blocks end, so that a mistake in one does not hide the others.
import type { TokenRange, Tokens } from './scan.ts';

/** The statements or lines between two tokens, without the `;` between them; brackets are balanced there. */
export function splitLines(tokens: Tokens, range: TokenRange): readonly TokenRange[] {
  const { units } = tokens;
  const lines: TokenRange[] = [];
  let from = range.from;
  let depth = 0;
  for (let i = range.from; i < range.to; i++) {
    const unit = units[i];
    if (unit === '(' || unit === '{') depth++;
    else if (unit === ')' || unit === '}') depth--;
    else if (unit === ';' && depth === 0) {
      if (i > from) lines.push({ from, to: i });
      from = i + 1;
    }
  }
  if (range.to > from) lines.push({ from, to: range.to });
  return lines;
}

/** The `{` of the block that a statement ends with, or null if it ends otherwise. */
export function findBlock(tokens: Tokens, statement: TokenRange): number | null {
  const { units } = tokens;
  const last = statement.to - 1;
  if (units[last] !== '}') return null;
  let depth = 0;
  for (let i = last; i >= statement.from; i--) {
    const unit = units[i];
    if (unit === ')' || unit === '}') depth++;
    else if (unit === '(' || unit === '{') depth--;
    if (depth === 0) return i;
  }
  return null;
}

/** Whether something that is reported already stands in the range. */
export function isBroken(tokens: Tokens, range: TokenRange): boolean {
  const { broken, starts, ends } = tokens;
  const start = starts[range.from] ?? 0;
  let low = 0;
  let high = broken.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((broken[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  const next = broken[low];
  return next !== undefined && next < (ends[range.to - 1] ?? 0);
}
