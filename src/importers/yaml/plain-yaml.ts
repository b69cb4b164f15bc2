// Reads YAML as kubectl, helm and people write it: block and flow collections with scalars of every style. About
// fifty times as fast as a full reader, so that the dump of a cluster can be read at all. Anything else (anchors, tags,
// merge keys, a mistake) is not read: the offset where that showed is returned, and a full reader decides.
import { readBlockScalar } from './plain-blocks.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  CR,
  contentFrom,
  GREATER,
  HASH,
  isCrLf,
  isDash,
  isGap,
  isRestBlank,
  keyEnd,
  LF,
  lineEnd,
  OPEN_BRACE,
  OPEN_BRACKET,
  PIPE,
  SPACE,
  skipSpaces,
  TAB,
} from './plain-lines.ts';
import { closingQuote, DOUBLE, foldLines, plainValue, quotedValue, SINGLE, startsPlain } from './plain-scalars.ts';

export type PlainReading = { readonly value: unknown } | PlainStop;

export interface PlainStop {
  readonly stoppedAt: number;
  /** The key, if it stopped at one that is given twice. */
  readonly repeatedKey: string | null;
}

/** Reads the one document between two offsets; markers (`---`) are no part of it. */
export function readPlainYaml(text: string, start: number, end: number, deepest: number): PlainReading {
  const reader = new PlainReader(text, start, end, deepest);
  const value = reader.readDocument();
  const { stoppedAt, repeatedKey } = reader;
  return stoppedAt === -1 ? { value } : { stoppedAt, repeatedKey };
}

class PlainReader {
  stoppedAt = -1;
  repeatedKey: string | null = null;
  readonly #text: string;
  readonly #end: number;
  readonly #deepest: number;
  #depth = 0;
  /** The first character of the line's content, or the end. */
  #at: number;
  /** Its column; -1 at the end. */
  #indent = -1;

  constructor(text: string, start: number, end: number, deepest: number) {
    this.#text = text;
    this.#at = start;
    this.#end = end;
    this.#deepest = deepest;
  }

  readDocument(): unknown {
    this.#toContent(this.#at);
    const value = this.#indent === -1 ? null : this.#readNode(-1, this.#indent);
    if (this.#indent !== -1) this.#stop();
    return value;
  }

  #stop(at = this.#at): null {
    if (this.stoppedAt === -1) this.stoppedAt = at;
    this.#indent = -1;
    return null;
  }

  /** Moves to the content of the line that starts at `lineStart`, or of the next one that has any. */
  #toContent(lineStart: number): void {
    const line = contentFrom(this.#text, lineStart, this.#end);
    this.#at = line?.at ?? this.#end;
    this.#indent = line?.indent ?? -1;
    if (this.#text.charCodeAt(this.#at) === TAB && line !== null) this.#stop();
  }

  /** Goes on with the line after `at`, if nothing but a comment follows in this one. */
  #finishLine(at: number): void {
    if (!isRestBlank(this.#text, at, this.#end)) this.#stop(at);
    else this.#toContent(lineEnd(this.#text, at, this.#end) + 1);
  }

  /** The node whose first character is at hand, in column `column`, inside a collection in column `parent`. */
  #readNode(parent: number, column: number): unknown {
    if (this.stoppedAt !== -1) return null;
    if (++this.#depth > this.#deepest) return this.#stop();
    const value = isDash(this.#text, this.#at, this.#end)
      ? this.#readList(column)
      : keyEnd(this.#text, this.#at, this.#end) === -1
        ? this.#readScalar(parent)
        : this.#readMapping(column);
    this.#depth--;
    return value;
  }

  #readList(column: number): unknown {
    const items: unknown[] = [];
    while (this.#indent === column && isDash(this.#text, this.#at, this.#end)) {
      const dash = this.#at;
      if (isRestBlank(this.#text, dash + 1, this.#end)) {
        this.#finishLine(dash + 1);
        items.push(this.#indent > column ? this.#readNode(column, this.#indent) : null);
      } else {
        this.#at = skipSpaces(this.#text, dash + 1);
        this.#indent = column + this.#at - dash;
        items.push(this.#readNode(column, this.#indent));
      }
      if (this.#indent > column) return this.#stop();
    }
    return items;
  }

  #readMapping(column: number): unknown {
    const fields: Record<string, unknown> = {};
    while (this.#indent === column && !isDash(this.#text, this.#at, this.#end)) {
      const colon = keyEnd(this.#text, this.#at, this.#end);
      if (colon === -1) return this.#stop();
      const key = this.#keyText(this.#at, colon);
      if (!this.#isFree(key, fields)) return this.#stop();
      fields[key] = this.#readField(colon + 1, column);
      if (this.#indent > column) return this.#stop();
    }
    return fields;
  }

  /** A key that comes twice is an error, and two have a meaning of their own. */
  #isFree(key: string | null, fields: Readonly<Record<string, unknown>>): key is string {
    if (key === null || key === '<<' || key === '__proto__') return false;
    if (!Object.hasOwn(fields, key)) return true;
    if (this.stoppedAt === -1) this.repeatedKey = key;
    return false;
  }

  /** The value after a colon: on the line, or on the next ones if they are indented; a list need not be. */
  #readField(from: number, column: number): unknown {
    if (isRestBlank(this.#text, from, this.#end)) {
      this.#finishLine(from);
      const isHere = this.#indent > column || (this.#indent === column && isDash(this.#text, this.#at, this.#end));
      return isHere ? this.#readNode(column, this.#indent) : null;
    }
    this.#at = skipSpaces(this.#text, from);
    return this.#readScalar(column);
  }

  #keyText(start: number, colon: number): string | null {
    const raw = this.#text.slice(start, colon);
    const first = raw.charCodeAt(0);
    if (first === DOUBLE || first === SINGLE) return quotedValue(raw) ?? null;
    return raw.replace(BLANKS_AT_END, '') === '' || !startsPlain(raw) || raw.includes('\t')
      ? null
      : raw.replace(BLANKS_AT_END, '');
  }

  /** A scalar or a flow collection, inside a collection in column `parent`; leaves the reader at the next line. */
  #readScalar(parent: number): unknown {
    const text = this.#text;
    const start = this.#at;
    switch (text.charCodeAt(start)) {
      case DOUBLE:
      case SINGLE: {
        const quote = closingQuote(text, start, this.#end);
        if (quote === -1 || !this.#isIndented(start, quote, parent)) return this.#stop();
        const value = quotedValue(text.slice(start, quote + 1));
        if (value === undefined) return this.#stop();
        this.#finishLine(quote + 1);
        return value;
      }
      case OPEN_BRACE:
      case OPEN_BRACKET: {
        const value = this.#readFlow();
        if (this.stoppedAt !== -1 || !this.#isIndented(start, this.#at, parent)) return this.#stop(start);
        this.#finishLine(this.#at);
        return value;
      }
      case PIPE:
      case GREATER:
        return this.#readBlock(parent);
      default:
        return this.#readPlain(parent);
    }
  }

  /** Whether every further line of a scalar or flow collection is indented more than what it is in. */
  #isIndented(start: number, end: number, parent: number): boolean {
    for (
      let line = this.#text.indexOf('\n', start) + 1;
      line > 0 && line <= end;
      line = this.#text.indexOf('\n', line) + 1
    ) {
      let at = line;
      while (this.#text.charCodeAt(at) === SPACE) at++;
      const unit = this.#text.charCodeAt(at);
      if (at - line <= parent && unit !== LF && unit !== CR) return false;
    }
    return true;
  }

  #readPlain(parent: number): unknown {
    const start = this.#at;
    const first = this.#plainLine(start);
    if (first === null) return this.#stop();
    this.#toContent(lineEnd(this.#text, start, this.#end) + 1);
    if (this.#indent <= parent) {
      const value = plainValue(first);
      return value === undefined ? this.#stop(start) : value;
    }
    // Further lines belong to it. A comment would end it, and what comes after would be a mistake.
    let last = start;
    while (this.#indent > parent) {
      if (
        this.#plainLine(this.#at) === null ||
        keyEnd(this.#text, this.#at, this.#end) !== -1 ||
        isDash(this.#text, this.#at, this.#end)
      )
        return this.#stop();
      last = this.#at;
      this.#toContent(lineEnd(this.#text, last, this.#end) + 1);
    }
    const raw = this.#text.slice(start, lineEnd(this.#text, last, this.#end));
    if (raw.includes('#') || raw.includes('\t')) return this.#stop(start);
    const value = plainValue(foldLines(raw.replace(BLANKS_AT_END, ''), false));
    return value === undefined ? this.#stop(start) : value;
  }

  /** The plain text from `at` to the end of the line or to a comment; null if it cannot be one. */
  #plainLine(at: number): string | null {
    const line = this.#text.slice(at, lineEnd(this.#text, at, this.#end));
    if (line.includes('\t') || line.includes(': ') || !startsPlain(line)) return null;
    const comment = line.indexOf(' #');
    const text = (comment === -1 ? line : line.slice(0, comment)).replace(BLANKS_AT_END, '');
    return text.endsWith(':') || text.includes('\r') ? null : text;
  }

  #readBlock(parent: number): unknown {
    const block = readBlockScalar(this.#text, this.#at, parent, this.#end);
    if (block === null) return this.#stop();
    this.#toContent(block.next);
    return this.#indent > parent ? this.#stop() : block.value;
  }

  // ---- flow collections ---------------------------------------------------------------------------------------------

  /** The flow collection or scalar at hand; leaves the reader behind it. */
  #readFlow(): unknown {
    if (this.stoppedAt !== -1) return null;
    if (++this.#depth > this.#deepest) return this.#stop();
    const text = this.#text;
    const unit = text.charCodeAt(this.#at);
    let value: unknown;
    if (unit === OPEN_BRACE) value = this.#readFlowMapping();
    else if (unit === OPEN_BRACKET) value = this.#readFlowList();
    else if (unit === DOUBLE || unit === SINGLE) value = this.#readFlowQuoted();
    else {
      const plain = this.#readFlowPlain();
      const read = plain === null ? undefined : plainValue(plain);
      value = read === undefined ? this.#stop() : read;
    }
    this.#depth--;
    return value;
  }

  #readFlowMapping(): unknown {
    const fields: Record<string, unknown> = {};
    this.#at++;
    for (;;) {
      const unit = this.#skipFlowBlank();
      if (unit === CLOSE_BRACE) {
        this.#at++;
        return fields;
      }
      const isQuoted = unit === DOUBLE || unit === SINGLE;
      const start = this.#at;
      const key = isQuoted ? this.#readFlowQuoted() : this.#readFlowPlain();
      if (!this.#isFree(key, fields) || key === '') return this.#stop(start);
      // After a quoted key the colon may be close to the value; after a plain one it cannot.
      if (this.#text.charCodeAt(this.#at) !== COLON) return this.#stop();
      this.#at++;
      if (!isQuoted && !isGap(this.#text, this.#at, this.#end)) return this.#stop();
      const next = this.#skipFlowBlank();
      const isEmpty = next === COMMA || next === CLOSE_BRACE;
      fields[key] = isEmpty ? null : this.#readFlow();
      if (!this.#readFlowSeparator(CLOSE_BRACE)) return this.#stop();
    }
  }

  #readFlowList(): unknown {
    const items: unknown[] = [];
    this.#at++;
    for (;;) {
      if (this.#skipFlowBlank() === CLOSE_BRACKET) {
        this.#at++;
        return items;
      }
      items.push(this.#readFlow());
      if (!this.#readFlowSeparator(CLOSE_BRACKET)) return this.#stop();
    }
  }

  /** Moves past a comma, or up to the closing bracket. */
  #readFlowSeparator(closer: number): boolean {
    if (this.stoppedAt !== -1) return false;
    const unit = this.#skipFlowBlank();
    if (unit === COMMA) this.#at++;
    return unit === COMMA || unit === closer;
  }

  #readFlowQuoted(): string | null {
    const quote = closingQuote(this.#text, this.#at, this.#end);
    const value = quote === -1 ? undefined : quotedValue(this.#text.slice(this.#at, quote + 1));
    if (value === undefined) return this.#stop();
    this.#at = quote + 1;
    return value;
  }

  /** A plain scalar or key on one line. */
  #readFlowPlain(): string | null {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    for (; at < this.#end; at++) {
      const unit = text.charCodeAt(at);
      if (
        unit === COMMA ||
        unit === OPEN_BRACE ||
        unit === CLOSE_BRACE ||
        unit === OPEN_BRACKET ||
        unit === CLOSE_BRACKET
      )
        break;
      if (unit === LF || unit === CR || unit === TAB) break;
      if (unit === COLON) {
        const next = text.charCodeAt(at + 1);
        if (isGap(text, at + 1, this.#end)) break;
        if (
          next === COMMA ||
          next === CLOSE_BRACE ||
          next === CLOSE_BRACKET ||
          next === OPEN_BRACE ||
          next === OPEN_BRACKET
        )
          return this.#stop();
      }
      if (unit === HASH && text.charCodeAt(at - 1) === SPACE) break;
    }
    const value = text.slice(start, at).replace(BLANKS_AT_END, '');
    if (value === '' || !startsPlain(value)) return this.#stop();
    this.#at = start + value.length;
    const next = this.#skipFlowBlank();
    if (next === COLON) return value;
    return next === COMMA || next === CLOSE_BRACE || next === CLOSE_BRACKET ? value : this.#stop();
  }

  /** Moves over blanks, line ends and comments, and gives the character there; -1 at the end. */
  #skipFlowBlank(): number {
    const text = this.#text;
    while (this.#at < this.#end) {
      const unit = text.charCodeAt(this.#at);
      if (unit === HASH) {
        const before = text.charCodeAt(this.#at - 1);
        if (before !== SPACE && before !== LF) return unit;
        this.#at = lineEnd(this.#text, this.#at, this.#end);
      } else if (unit === SPACE || unit === LF || isCrLf(text, this.#at)) this.#at++;
      else return unit;
    }
    return -1;
  }
}

const BLANKS_AT_END = / +$/;
