// Scalars of YAML as nearly everything writes them: plain, quoted and literal, to values of the core schema (YAML 1.2.2,
// chapters 7 and 10). What is rare is not read here, but left to a full reader: null says so.

const NULL = /^(?:~|null|Null|NULL)$/;
const TRUE = /^(?:true|True|TRUE)$/;
const FALSE = /^(?:false|False|FALSE)$/;
const INTEGER = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const RARE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
/** What a plain scalar cannot start with, or what has a meaning there that is not read here. */
const BAD_START = /^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?:\s|$))/;

export type Scalar = string | number | boolean | null;

/** The value of a plain scalar, or undefined for one that is not read here. */
export function plainValue(text: string): Scalar | undefined {
  if (text === '') return null;
  const unit = text.charCodeAt(0);
  // Most are words: only those that start like a number, or are one of a few, are anything but text.
  const isLetter = (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 47;
  if (isLetter && !KEYWORD_START.has(text.charAt(0))) return text;
  if (BAD_START.test(text)) return undefined;
  if (INTEGER.test(text) || FLOAT.test(text)) return Number(text);
  if (NULL.test(text)) return null;
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  return RARE.test(text) ? undefined : text;
}

const KEYWORD_START = new Set(['n', 'N', 't', 'T', 'f', 'F']);

/** Whether a plain scalar, or a plain key, may start like this. */
export function startsPlain(text: string): boolean {
  return !BAD_START.test(text);
}

/** The offset of the quote that ends the scalar that starts with one at `at`; -1 if none does before `end`. */
export function closingQuote(text: string, at: number, end: number): number {
  const quote = text.charCodeAt(at);
  for (let next = at + 1; next < end; next++) {
    const unit = text.charCodeAt(next);
    if (unit === BACKSLASH && quote === DOUBLE) next++;
    else if (unit === quote) {
      if (quote === SINGLE && text.charCodeAt(next + 1) === SINGLE) next++;
      else return next;
    }
  }
  return -1;
}

/** The value of a quoted scalar, given with its quotes; undefined if it has an escape that is not known. */
export function quotedValue(raw: string): string | undefined {
  const body = raw.slice(1, -1);
  const isDouble = raw.charCodeAt(0) === DOUBLE;
  const folded = body.includes('\n') ? foldLines(body, isDouble) : body;
  if (!isDouble) return folded.replaceAll("''", "'");
  return folded.includes('\\') ? resolveEscapes(folded) : folded;
}

/** Line ends inside a flow scalar: one is a blank, each further one a line end; blanks around them do not count. */
export function foldLines(body: string, hasEscapes: boolean): string {
  const lines = body.split(/\r?\n/);
  let folded = '';
  let breaks = 0;
  let isJoined = false;
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    let part = index === 0 ? line : line.replace(/^[ \t]+/, '');
    const isContinued = hasEscapes && !isLast && /(?:^|[^\\])(?:\\\\)*\\$/.test(part);
    if (isContinued) part = part.slice(0, -1);
    else if (!isLast) part = trimBlanks(part, hasEscapes);
    if (index > 0 && part === '' && !isLast && !isContinued) {
      breaks++;
      continue;
    }
    if (index > 0 && !isJoined) folded += breaks === 0 ? ' ' : '\n'.repeat(breaks);
    else if (index > 0) folded += '\n'.repeat(breaks);
    folded += part;
    breaks = 0;
    isJoined = isContinued;
  }
  return folded;
}

/** Without blanks at the end; one that is escaped stays. */
function trimBlanks(text: string, hasEscapes: boolean): string {
  const trimmed = text.replace(/[ \t]+$/, '');
  const isEscaped = hasEscapes && trimmed.length < text.length && /(?:^|[^\\])(?:\\\\)*\\$/.test(trimmed);
  return isEscaped ? text.slice(0, trimmed.length + 1) : trimmed;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};

function resolveEscapes(text: string): string | undefined {
  let isKnown = true;
  const value = text.replace(ESCAPE, (written: string, hex: string | undefined, short: string | undefined) => {
    if (hex !== undefined) {
      const point = Number.parseInt(hex.slice(1), 16);
      if (point <= 0x10ffff) return String.fromCodePoint(point);
    } else if (short !== undefined && Object.hasOwn(ESCAPES, short)) return ESCAPES[short] as string;
    isKnown = false;
    return written;
  });
  return isKnown ? value : undefined;
}

const ESCAPE = /\\(?:(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|([\s\S]?))/g;

export const DOUBLE = 34;
export const SINGLE = 39;
const BACKSLASH = 92;
