// Finds where in a document of plain YAML a path lies: as for JSON, only when it is asked for and only as far as needed.
// Relies on the text having been read by plain-yaml.ts: inside a collection every line is indented more than it.

import type { Path, Place } from './place.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  contentFrom,
  GREATER,
  HASH,
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
} from './plain-lines.ts';
import { closingQuote, DOUBLE, quotedValue, SINGLE } from './plain-scalars.ts';

/** A value that was met on the way to a place. What was found in it once is kept. */
interface Node {
  readonly start: number;
  /** Of its first character; the children of a block collection stand in the same one. */
  readonly column: number;
  readonly key: Place | null;
  readonly kind: 'list' | 'mapping' | 'scalar' | 'flow list' | 'flow mapping' | 'flow scalar' | 'nothing';
  items: Node[] | null;
  fields: Map<string, Node> | null;
  /** Where the next child of a block collection is looked for; -1: there are none. */
  next: number;
}

/** Finds the places of values and keys; the nearest collection that exists where a path does not. */
export class PlainPositions {
  readonly #text: string;
  readonly #end: number;
  readonly #root: Node | null;

  /** The document between two offsets. */
  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.#end = end;
    const line = contentFrom(text, start, end);
    this.#root = line === null ? null : this.#nodeAt(line.at, line.indent, null);
  }

  /** Where the value at `path` is, and its key. */
  find(path: Path): { readonly value: Place; readonly key: Place | null; readonly complete: boolean } {
    let node = this.#root;
    if (node === null) return { value: { start: 0, end: 0 }, key: null, complete: path.length === 0 };
    let complete = true;
    for (const step of path) {
      const next: Node | null = this.#findChild(node, step);
      if (next === null) {
        complete = false;
        break;
      }
      node = next;
    }
    return { value: { start: node.start, end: this.#endOf(node) }, key: node.key, complete };
  }

  #nodeAt(start: number, column: number, key: Place | null): Node {
    const kind = this.#kindAt(start);
    return { start, column, key, kind, items: null, fields: null, next: start };
  }

  #kindAt(start: number): Node['kind'] {
    if (isDash(this.#text, start, this.#end)) return 'list';
    if (keyEnd(this.#text, start, this.#end) !== -1) return 'mapping';
    const unit = this.#text.charCodeAt(start);
    return unit === OPEN_BRACE ? 'flow mapping' : unit === OPEN_BRACKET ? 'flow list' : 'scalar';
  }

  #findChild(node: Node, step: string | number): Node | null {
    const isList = node.kind === 'list' || node.kind === 'flow list';
    for (;;) {
      const known = isList ? node.items?.[Number(step)] : node.fields?.get(String(step));
      if (known !== undefined) return known;
      if (!this.#readChild(node)) return null;
    }
  }

  /** Reads one more child of a block collection, or all of a flow collection; false if there is none. */
  #readChild(node: Node): boolean {
    if (node.next === -1) return false;
    switch (node.kind) {
      case 'list':
        return this.#readItem(node);
      case 'mapping':
        return this.#readField(node);
      case 'flow list':
      case 'flow mapping':
        this.#readFlow(node);
        node.next = -1;
        return true;
      default:
        return false;
    }
  }

  #readItem(node: Node): boolean {
    const dash = node.next;
    node.items ??= [];
    node.items.push(this.#valueAfter(dash + 1, node.column, dash - node.column, null, false));
    node.next = this.#nextSibling(node, dash);
    return true;
  }

  #readField(node: Node): boolean {
    const text = this.#text;
    const start = node.next;
    const colon = keyEnd(text, start, this.#end);
    const raw = text.slice(start, colon).replace(/ +$/, '');
    const isQuoted = raw.charCodeAt(0) === DOUBLE || raw.charCodeAt(0) === SINGLE;
    const key = { start, end: start + raw.length };
    node.fields ??= new Map();
    const value = this.#valueAfter(colon + 1, node.column, start - node.column, key, true);
    node.fields.set(isQuoted ? (quotedValue(raw) ?? raw) : raw, value);
    node.next = this.#nextSibling(node, start);
    return true;
  }

  /** What follows a dash or a colon: in the line, or in the next ones. A list under a key need not be indented. */
  #valueAfter(from: number, column: number, lineStart: number, key: Place | null, takesLists: boolean): Node {
    const text = this.#text;
    if (!isRestBlank(text, from, this.#end)) {
      const at = skipSpaces(text, from);
      // A mapping cannot start behind a key, however much the text of a scalar there looks like one.
      const node = this.#nodeAt(at, at - lineStart, key);
      return key !== null && (node.kind === 'mapping' || node.kind === 'list') ? { ...node, kind: 'scalar' } : node;
    }
    const line = contentFrom(text, lineEnd(text, from, this.#end) + 1, this.#end);
    const isHere =
      line !== null &&
      (line.indent > column || (takesLists && line.indent === column && isDash(text, line.at, this.#end)));
    if (isHere) return this.#nodeAt(line.at, line.indent, key);
    return { start: from, column, key, kind: 'nothing', items: null, fields: null, next: -1 };
  }

  /** Where the next child starts: the next line of the same column that is of the same sort; -1 if there is none. */
  #nextSibling(node: Node, child: number): number {
    const text = this.#text;
    const isList = node.kind === 'list';
    for (let from = child; ; ) {
      const line = contentFrom(text, lineEnd(text, from, this.#end) + 1, this.#end);
      if (line === null || line.indent < node.column) return -1;
      const dash = isDash(text, line.at, this.#end);
      if (line.indent === node.column && dash === isList) return line.at;
      // A key in the column of a list ends it; a list in the column of a key belongs to that key.
      if (line.indent === node.column && isList) return -1;
      from = line.at;
    }
  }

  #readFlow(node: Node): void {
    const isMapping = node.kind === 'flow mapping';
    const items: Node[] = [];
    const fields = new Map<string, Node>();
    let at = this.#skipFlowBlank(node.start + 1);
    while (at < this.#end && this.#text.charCodeAt(at) !== CLOSE_BRACE && this.#text.charCodeAt(at) !== CLOSE_BRACKET) {
      let key: Place | null = null;
      let name = '';
      if (isMapping) {
        key = { start: at, end: this.#endOfFlow(at) };
        name = this.#text.slice(key.start, key.end);
        if (name.startsWith('"') || name.startsWith("'")) name = quotedValue(name) ?? name;
        at = this.#skipFlowBlank(this.#skipFlowBlank(key.end) + 1);
      }
      const value = this.#flowNode(at, key);
      items.push(value);
      if (key !== null) fields.set(name, value);
      at = this.#skipFlowBlank(value.kind === 'nothing' ? at : this.#endOfFlow(at));
      if (this.#text.charCodeAt(at) === COMMA) at = this.#skipFlowBlank(at + 1);
    }
    node.items = items;
    node.fields = fields;
  }

  #flowNode(start: number, key: Place | null): Node {
    const unit = this.#text.charCodeAt(start);
    const kind =
      unit === OPEN_BRACE
        ? 'flow mapping'
        : unit === OPEN_BRACKET
          ? 'flow list'
          : unit === COMMA || unit === CLOSE_BRACE
            ? 'nothing'
            : 'flow scalar';
    return { start, column: 0, key, kind, items: null, fields: null, next: start };
  }

  /** The offset after the flow collection, quoted or plain scalar at `start`. */
  #endOfFlow(start: number): number {
    const text = this.#text;
    let depth = 0;
    let at = start;
    do {
      const unit = text.charCodeAt(at);
      if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
        depth++;
        at++;
      } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) {
        depth--;
        at++;
      } else if (unit === DOUBLE || unit === SINGLE) at = closingQuote(text, at, this.#end) + 1;
      else if (unit === COMMA || unit === COLON) at++;
      else at = this.#endOfFlowPlain(at);
      if (depth > 0) at = this.#skipFlowBlank(at);
    } while (depth > 0 && at < this.#end);
    return at;
  }

  #endOfFlowPlain(start: number): number {
    const text = this.#text;
    let at = start;
    for (; at < this.#end; at++) {
      const unit = text.charCodeAt(at);
      if (unit === COMMA || unit === CLOSE_BRACE || unit === CLOSE_BRACKET || unit === LF) break;
      if (unit === COLON && isGap(text, at + 1, this.#end)) break;
      if (unit === HASH && text.charCodeAt(at - 1) === SPACE) break;
    }
    while (at > start + 1 && text.charCodeAt(at - 1) <= SPACE) at--;
    return Math.max(at, start + 1);
  }

  #skipFlowBlank(from: number): number {
    let at = from;
    for (; at < this.#end; at++) {
      const unit = this.#text.charCodeAt(at);
      if (unit === HASH && this.#text.charCodeAt(at - 1) <= SPACE) at = lineEnd(this.#text, at, this.#end);
      else if (unit > SPACE) break;
    }
    return at;
  }

  #endOf(node: Node): number {
    const text = this.#text;
    const { start } = node;
    const unit = text.charCodeAt(start);
    switch (node.kind) {
      case 'nothing':
        return start;
      case 'flow list':
      case 'flow mapping':
      case 'flow scalar':
        return this.#endOfFlow(start);
      case 'scalar':
        if (unit === DOUBLE || unit === SINGLE) return closingQuote(text, start, this.#end) + 1;
        if (unit === PIPE || unit === GREATER) return trimEnd(text, start, lineEnd(text, start, this.#end));
        return this.#endOfPlain(start);
      default: {
        let last = start;
        for (let line = contentFrom(text, lineEnd(text, start, this.#end) + 1, this.#end); line !== null; ) {
          const isInside =
            line.indent > node.column ||
            (line.indent === node.column && (node.kind === 'mapping' || isDash(text, line.at, this.#end)));
          if (!isInside) break;
          last = line.at;
          line = contentFrom(text, lineEnd(text, last, this.#end) + 1, this.#end);
        }
        return trimEnd(text, start, lineEnd(text, last, this.#end));
      }
    }
  }

  #endOfPlain(start: number): number {
    const line = this.#text.slice(start, lineEnd(this.#text, start, this.#end));
    const comment = line.indexOf(' #');
    return trimEnd(this.#text, start, start + (comment === -1 ? line.length : comment));
  }
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && text.charCodeAt(at - 1) <= SPACE) at--;
  return at;
}
