// Turns text into the tokens that the grammar reads: brackets balanced, and a `;` wherever a statement or a line of a
// block ends. Brackets that do not match are reported here, and mended so that the rest can still be read.
// A line end ends a statement except inside `( )`, after an operator, and before what goes on with the line above.
import type { Code } from '../../text/codes.ts';
import type { Source } from '../../text/source.ts';
import type { Comment } from './comment.ts';
import { lex, type RawTokens } from './lex.ts';
import type { Reports } from './reports.ts';
import { isContinuation, isWordOperator, propertyWords, statementWords, unitOf, units, wordUnits } from './words.ts';

export interface Tokens {
  readonly source: Source;
  /** One UTF-16 unit for each token. */
  readonly units: string;
  /** Offsets in the text; a token that is not written there has no length. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly comments: readonly Comment[];
  /** Offsets of what is reported already, ascending: what contains one is not worth a second report. */
  readonly broken: readonly number[];
}

/** The tokens of a file, or null when it is refused as a whole: `reports` then says why. */
export function scan(source: Source, reports: Reports): Tokens | null {
  const raw = lex(source, reports);
  if (raw === null || reports.full) return null;
  const first = balance(source, raw, false);
  // With a bracket open at the end, a second look takes each statement at the start of a line for what it is.
  const { tokens, faults } = first.isOpen ? balance(source, raw, true) : first;
  for (const { code, message, offset, help } of faults) reports.add(code, message, offset, offset + 1, help);
  return reports.full || faults.some((fault) => fault.code === 'syntax/too-deep') ? null : tokens;
}

/** A run of tokens, `to` exclusive. */
export interface TokenRange {
  readonly from: number;
  readonly to: number;
}

/** Brackets in brackets; deeper ones are refused, which bounds the recursion of everything after. */
const MAXIMUM_DEPTH = 64;
/** More than is ever reported; the rest of such a file is not looked at. */
const MAXIMUM_FAULTS = 100;

interface Fault {
  readonly code: Code;
  readonly message: string;
  readonly offset: number;
  readonly help: string | null;
}

interface Balanced {
  readonly tokens: Tokens;
  readonly faults: readonly Fault[];
  /** Whether a bracket was still open at the end. */
  readonly isOpen: boolean;
}

/** `mend`: brackets are taken to be closed before a statement that starts at the very start of a line. */
function balance(source: Source, raw: RawTokens, mend: boolean): Balanced {
  // An end before each token and a closing bracket for each, at the very most.
  const codes = new Uint16Array(raw.count * 3 + 1);
  const starts = new Int32Array(codes.length);
  const ends = new Int32Array(codes.length);
  let count = 0;
  const open: { readonly unit: string; readonly offset: number }[] = [];
  const faults: Fault[] = [];
  const broken = [...raw.broken];

  const push = (unit: string, start: number, end: number): void => {
    codes[count] = unit.charCodeAt(0);
    starts[count] = start;
    ends[count] = end;
    count++;
  };
  /** A token that is not written, directly behind the one before it. */
  const insert = (unit: string): void => {
    const end = count === 0 ? 0 : (ends[count - 1] ?? 0);
    push(unit, end, end);
  };
  const unitAt = (index: number): string => (index < 0 ? '' : String.fromCharCode(codes[index] ?? 0));

  /** Closes the innermost bracket, which nothing in the file closes. */
  const forceClosed = (): void => {
    const bracket = open.pop();
    if (bracket === undefined) return;
    const { unit, offset } = bracket;
    faults.push({ code: 'syntax/unclosed-bracket', message: `this \`${unit}\` is never closed`, offset, help: null });
    // The block of a statement may well be whole but for its end.
    if (unit === '(' || open.length > 0) broken.push(offset);
    insert(unit === '(' ? ')' : '}');
  };
  const close = (unit: string, start: number): void => {
    const opening = unit === ')' ? '(' : '{';
    if (!open.some((bracket) => bracket.unit === opening)) {
      const message = `this \`${unit}\` closes nothing`;
      faults.push({ code: 'syntax/unmatched-bracket', message, offset: start, help: null });
      broken.push(start);
      return;
    }
    while (open.at(-1)?.unit !== opening) forceClosed();
    open.pop();
    push(unit, start, start + 1);
  };

  for (let k = 0; k < raw.count && faults.length < MAXIMUM_FAULTS; k++) {
    const unit = rawUnit(raw, k);
    const start = raw.starts[k] ?? 0;
    if (raw.fresh[k] === 1 && count > 0) {
      if (mend && open.length > 0 && startsStatement(source, raw, k)) {
        while (open.length > 0) forceClosed();
        insert(units.end);
      } else if (open.at(-1)?.unit === '(') {
        if (startsRule(raw, k)) {
          while (open.at(-1)?.unit === '(') forceClosed();
          insert(units.end);
        }
      } else if (!isUnfinished(unitAt(count - 1), unitAt(count - 2)) && !goesOn(raw, k, unitAt(count - 2))) {
        insert(units.end);
      }
    }
    if (unit === ')' || unit === '}') {
      close(unit, start);
      continue;
    }
    push(unit, start, raw.ends[k] ?? 0);
    if (unit !== '(' && unit !== '{') continue;
    open.push({ unit, offset: start });
    if (open.length > MAXIMUM_DEPTH) {
      const message = `brackets are nested more than ${MAXIMUM_DEPTH} deep`;
      const help = 'name the inner parts as groups of their own';
      faults.push({ code: 'syntax/too-deep', message, offset: start, help });
      break;
    }
  }
  // What is refused for its depth was not read to its end: nothing is known of what closes there.
  const isOpen = open.length > 0 && faults.at(-1)?.code !== 'syntax/too-deep';
  while (isOpen && open.length > 0) forceClosed();
  const tokens: Tokens = {
    source,
    units: toText(codes.subarray(0, count)),
    starts: starts.subarray(0, count),
    ends: ends.subarray(0, count),
    comments: raw.comments,
    broken: broken.sort((a, b) => a - b),
  };
  return { tokens, faults, isOpen };
}

const wordsOf = (words: Iterable<string>): ReadonlySet<string> =>
  new Set([...words].flatMap((word) => wordUnits.get(word) ?? []));

const { arrow, both, equal, differs, atMost } = units;
const operators: ReadonlySet<string> = new Set([',', '=', ':', arrow, both, equal, differs, atMost]);
const wordOperators = wordsOf([...wordUnits.keys()].filter(isWordOperator));
const valueMarks: ReadonlySet<string> = new Set(['=', equal, differs]);
const closers: ReadonlySet<string> = new Set([')', '}', '{']);
const continuing = wordsOf([...wordUnits.keys()].filter(isContinuation));
const actions = wordsOf(['allow', 'drop', 'reject', 'pass', 'log']);
const directions = wordsOf(['in', 'out']);
const nameMarks = 'nqdrtp';
/** Words that start a statement and stand at the start of no line inside one. */
const topWords = wordsOf(statementWords.filter((word) => !propertyWords.includes(word) && word !== 'at'));

/** Whether a line cannot end with this token; `before` is the one before it. */
function isUnfinished(last: string, before: string): boolean {
  if (operators.has(last) || last === '(' || last === '{' || last === units.end) return true;
  return wordOperators.has(last) && !valueMarks.has(before);
}

/** Whether the line that starts with token `k` goes on with the one above, whose last token but one is `before`. */
function goesOn(raw: RawTokens, k: number, before: string): boolean {
  const unit = rawUnit(raw, k);
  if (operators.has(unit) || closers.has(unit)) return true;
  if (continuing.has(unit)) return !startsRule(raw, k);
  const next = rawUnit(raw, k + 1);
  // `in namespaces where …`, or one more `key=value`.
  return (unit === unitOf('in') && next === unitOf('namespaces')) || (before === '=' && next === '=');
}

/** Whether a token is the first of its line. */
export function startsLine(tokens: Tokens, token: number): boolean {
  return /[\n\r]/.test(tokens.source.text.slice(tokens.ends[token - 1] ?? 0, tokens.starts[token]));
}

/** Whether a line starts with this token that is plainly a rule: `ACTION [in|out] NAME:`. */
export function isRuleStart(tokens: Tokens, token: number): boolean {
  return looksLikeRule((k) => tokens.units[k] ?? '', token) && startsLine(tokens, token);
}

function startsRule(raw: RawTokens, k: number): boolean {
  return looksLikeRule((index) => rawUnit(raw, index), k);
}

function looksLikeRule(unitAt: (index: number) => string, k: number): boolean {
  if (!actions.has(unitAt(k))) return false;
  let next = k + 1;
  if (unitAt(next) === unitOf('to') && unitAt(next + 1) !== ':') next += 2;
  if (directions.has(unitAt(next)) && unitAt(next + 1) !== ':') next++;
  return isName(unitAt(next)) && unitAt(next + 1) === ':';
}

function startsStatement(source: Source, raw: RawTokens, k: number): boolean {
  const start = raw.starts[k] ?? 0;
  const atMargin = start === 0 || /[\n\r]/.test(source.text.charAt(start - 1));
  return atMargin && topWords.has(rawUnit(raw, k));
}

function isName(unit: string): boolean {
  return unit !== '' && (nameMarks.includes(unit) || unit >= '\uE000');
}

function rawUnit(raw: RawTokens, k: number): string {
  return k < raw.count ? String.fromCharCode(raw.codes[k] ?? 0) : '';
}

function toText(codes: Uint16Array): string {
  const parts: string[] = [];
  for (let at = 0; at < codes.length; at += 4096) parts.push(String.fromCharCode(...codes.subarray(at, at + 4096)));
  return parts.join('');
}
