// Turns text into tokens, one at a time and each by its own look: what a word means is left to the grammar.
// Refuses what is no token, and says so where it stands. Takes time in proportion to the text, whatever the text, and
// memory within a bound. Comments go aside. Brackets, and where statements end, are left to scan.ts.
import type { Source } from '../../text/source.ts';
import { findNameProblem, findUnsafe, isLetter, nameCharacter } from './characters.ts';
import type { Comment } from './comment.ts';
import { findBadEscape } from './quote.ts';
import type { Reports } from './reports.ts';
import { explainCharacter } from './unexpected-character.ts';
import { units, wordUnits } from './words.ts';

/** The tokens of a text, in order; the first `count` entries of each array. */
export interface RawTokens {
  readonly count: number;
  /** The unit of each token. */
  readonly codes: Uint16Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 for the first token of a line. */
  readonly fresh: Uint8Array;
  readonly comments: readonly Comment[];
  /** Offsets of what was refused. */
  readonly broken: readonly number[];
}

// Nobody keeps more in one file; the others bound the memory of what is made of the tokens.
const MAXIMUM_TEXT = 8 * 1024 * 1024;
const MAXIMUM_TOKENS = 2_000_000;
const MAXIMUM_TOKEN = 4096;

/** The tokens of a file, or null when it is refused as a whole: `reports` then says why. */
export function lex(source: Source, reports: Reports): RawTokens | null {
  const { text, name: file } = source;
  const length = text.length;
  if (length > MAXIMUM_TEXT) {
    reports.add('syntax/too-large', 'the file is larger than 8 MiB', 0, 0, 'split it into several files');
    return null;
  }

  let capacity = 1024;
  let count = 0;
  let codes = new Uint16Array(capacity);
  let starts = new Int32Array(capacity);
  let ends = new Int32Array(capacity);
  let fresh = new Uint8Array(capacity);
  let isFresh = true;
  const comments: Comment[] = [];
  const broken: number[] = [];

  const push = (unit: string, start: number, end: number): void => {
    if (count === capacity) {
      capacity *= 2;
      codes = grow(codes, new Uint16Array(capacity));
      starts = grow(starts, new Int32Array(capacity));
      ends = grow(ends, new Int32Array(capacity));
      fresh = grow(fresh, new Uint8Array(capacity));
    }
    codes[count] = unit.charCodeAt(0);
    starts[count] = start;
    ends[count] = end;
    fresh[count] = isFresh ? 1 : 0;
    isFresh = false;
    count++;
    if (end - start > MAXIMUM_TOKEN) {
      broken.push(start);
      reports.add('syntax/too-long', `this is longer than ${MAXIMUM_TOKEN} characters`, start, end);
    }
  };

  const refuse = (...[code, message, start, end, help]: Parameters<Reports['add']>): void => {
    broken.push(start);
    reports.add(code, message, start, end, help);
  };

  /** Says what is wrong with the characters between two offsets, if anything. */
  const inspect = (start: number, end: number): boolean => {
    const found = findUnsafe(text, start, end);
    if (found === null) return true;
    const [offset, stop] = [found.offset, found.offset + found.length];
    const character = nameCharacter(text.slice(offset, stop));
    if (found.kind === 'encoding') {
      const message = 'this is not valid UTF-8';
      refuse('syntax/invalid-utf8', message, offset, stop, 'save the file in UTF-8');
    } else if (found.kind === 'bidirectional') {
      const message = `${character} changes the direction of the text around it`;
      refuse(
        'syntax/bidirectional-control',
        message,
        offset,
        stop,
        'remove it, or write it as an escape in a quoted name',
      );
    } else {
      const message = `${character} is a character that cannot be seen`;
      refuse('syntax/control-character', message, offset, stop, 'remove it, or write it as an escape in a quoted name');
    }
    return false;
  };

  const inspectName = (name: string, start: number, end: number): void => {
    const problem = findNameProblem(name);
    if (problem?.kind === 'mixed') {
      const message = `\`${name}\` mixes ${problem.scripts.join(' and ')} letters`;
      const help = `\`${problem.odd}\` (${nameCharacter(problem.odd)}) is ${problem.scripts[1]}; type the name again in one script`;
      refuse('syntax/mixed-script', message, start, end, help);
    } else if (problem?.kind === 'not-normalised') {
      const help = `type the name again, as \`${problem.normal}\``;
      refuse('syntax/not-normalised', `\`${name}\` is spelt with combining characters`, start, end, help);
    }
  };

  const readComment = (start: number): number => {
    const end = lineEnd(text, start);
    inspect(start, end);
    const slashes = text.charCodeAt(start + 2) === SLASH && text.charCodeAt(start + 3) !== SLASH ? 3 : 2;
    const from = start + slashes + (text.charCodeAt(start + slashes) === BLANK ? 1 : 0);
    const style = isFresh ? (slashes === 3 ? 'doc' : 'line') : 'trailing';
    comments.push({ text: text.slice(from, end).trimEnd(), style, span: { file, start, end } });
    return end;
  };

  const readQuoted = (start: number): number => {
    let end = start + 1;
    for (; end < length; end++) {
      const c = text.charCodeAt(end);
      if (c === QUOTE || c === LF || c === CR) break;
      if (c === BACKSLASH && text.charCodeAt(end + 1) !== LF && text.charCodeAt(end + 1) !== CR) end++;
    }
    if (text.charCodeAt(end) !== QUOTE) {
      end = Math.min(end, length);
      refuse('syntax/unclosed-quote', 'this quoted name does not end on its line', start, end, 'end it with `"`');
      push(units.quoted, start, end);
      return end;
    }
    const written = text.slice(start + 1, end);
    if (inspect(start + 1, end)) {
      const bad = findBadEscape(written);
      if (bad !== null) {
        const offset = start + 1 + bad.offset;
        const message = `\`${written.substr(bad.offset, bad.length)}\` stands for no character`;
        const help = 'escapes are `\\"`, `\\\\`, `\\n`, `\\r`, `\\t` and `\\u{…}` with the number of a character';
        refuse('syntax/invalid-escape', message, offset, offset + bad.length, help);
      }
      if (FOREIGN.test(written)) {
        for (const word of written.matchAll(LETTERS)) {
          inspectName(word[0], start + 1 + word.index, start + 1 + word.index + word[0].length);
        }
      }
    }
    push(units.quoted, start, end + 1);
    return end + 1;
  };

  const readWord = (start: number): number => {
    const end = wordEnd(text, start);
    const next = text.charCodeAt(end);
    const isHex = start === end || HEX[text.charCodeAt(start)] === 1;
    const pattern = next === DOT || next === COLON ? (isHex ? ADDRESS : null) : null;
    const address = pattern === null ? 0 : matchAt(pattern, text, start);
    if (address > end) {
      push(units.address, start, address);
      return address;
    }
    const word = text.slice(start, end);
    const unit = unitOfWord(word);
    const time = unit === units.name && next === COLON ? matchAt(INSTANT, text, start) : 0;
    if (time > end) {
      push(units.time, start, time);
      return time;
    }
    if (FOREIGN.test(word)) inspectName(word, start, end);
    push(unit, start, end);
    return end;
  };

  const readOther = (start: number): number => {
    const mark = text.slice(start, start + 3) === '<->' ? '<->' : text.slice(start, start + 2);
    const marked = MARKS.get(mark);
    if (marked !== undefined) {
      push(marked, start, start + mark.length);
      return start + mark.length;
    }
    const offset = text.charCodeAt(start) === PLUS ? matchAt(OFFSET, text, start) : 0;
    if (offset > 0) {
      push(units.offset, start, offset);
      return offset;
    }
    const { message, help, end, resume } = explainCharacter(text, start);
    if (inspect(start, Math.min(start + 2, end))) refuse('syntax/unexpected-character', message, start, end, help);
    return resume;
  };

  let at = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  while (at < length && !reports.full) {
    const c = text.charCodeAt(at);
    if (c === BLANK || c === TAB) {
      at++;
    } else if (c === LF || c === CR) {
      isFresh = true;
      at++;
    } else if (c < 128 ? WORD[c] === 1 : isLetter(characterAt(text, at))) {
      at = readWord(at);
    } else if (c === QUOTE) {
      at = readQuoted(at);
    } else if (c === SLASH && text.charCodeAt(at + 1) === SLASH) {
      at = readComment(at);
    } else if (c === COLON && text.charCodeAt(at + 1) === COLON) {
      at = readWord(at);
    } else if (SINGLE[c] === 1 && !startsMark(text, at)) {
      push(text.charAt(at), at, at + 1);
      at++;
    } else {
      at = readOther(at);
    }
    if (count + comments.length > MAXIMUM_TOKENS) {
      const message = `the file has more than ${MAXIMUM_TOKENS / 1e6} million words and marks`;
      reports.add('syntax/too-large', message, at, at, 'split it into several files');
      return null;
    }
  }
  return { count, codes, starts, ends, fresh, comments, broken };
}

const TAB = 9;
const LF = 10;
const CR = 13;
const BLANK = 32;
const QUOTE = 34;
const PLUS = 43;
const DASH = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const EQUALS = 61;
const BACKSLASH = 92;
const BYTE_ORDER_MARK = 0xfeff;

const WORD = tableOf(/[A-Za-z0-9_]/);
const HEX = tableOf(/[A-Fa-f0-9]/);
const SINGLE = tableOf(/[,;:=(){}./]/);
const MARKS: ReadonlyMap<string, string> = new Map([
  ['->', units.arrow],
  ['<->', units.both],
  ['==', units.equal],
  ['!=', units.differs],
  ['<=', units.atMost],
]);

const IP = String.raw`(?:\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)`;
const ADDRESS = new RegExp(String.raw`${IP}(?:/\d+)?(?:-${IP})?`, 'y');
const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?/y;
const OFFSET = /\+(?:\d{1,9}(?:ms|[smhd]))+/y;
const LETTERS = /[\p{L}\p{M}\p{N}]+/gu;
const FOREIGN = /[^ -~]/;
const LINE_END = /[\n\r]/g;

function tableOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}

function grow<T extends Uint8Array | Uint16Array | Int32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

/** Where the line of an offset ends, before its line end. */
function lineEnd(text: string, from: number): number {
  LINE_END.lastIndex = from;
  return LINE_END.exec(text)?.index ?? text.length;
}

function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

/** Where the word ends that starts here: letters, digits and `_`, with `-` between them. */
function wordEnd(text: string, start: number): number {
  let end = start;
  for (let at = start; at < text.length; ) {
    const c = text.charCodeAt(at);
    if (c < 128) {
      if (WORD[c] === 1) end = ++at;
      else if (c === DASH && at > start) at++;
      else break;
    } else {
      const character = characterAt(text, at);
      if (!isLetter(character)) break;
      at += character.length;
      end = at;
    }
  }
  return end;
}

/** Where the match of a sticky pattern ends that starts here, or 0. */
function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : 0;
}

/** Whether a mark that can stand alone starts one of two characters here: `==`, or `=>` or a comment of other languages. */
function startsMark(text: string, at: number): boolean {
  const next = text.charAt(at + 1);
  return text.charCodeAt(at) === SLASH
    ? next === '*'
    : text.charCodeAt(at) === EQUALS && (next === '=' || next === '>');
}

function unitOfWord(word: string): string {
  const first = word.charCodeAt(0);
  if (first >= 97 && first <= 122) return wordUnits.get(word) ?? units.name;
  if (first < 48 || first > 57) return units.name;
  if (/^\d{1,15}$/.test(word)) return units.number;
  if (/^\d{1,15}-\d{1,15}$/.test(word)) return units.range;
  return /^\d{4}-\d{2}-\d{2}$/.test(word) ? units.time : units.name;
}
