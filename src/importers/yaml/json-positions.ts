// Finds where in a valid JSON text a path lies. Nothing is recorded while parsing: the few places that a diagnostic or
// a rule asks for are searched when they are asked for, and the text is looked through only as far as they need.
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  endOfString,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipBlank,
} from './json-survey.ts';
import type { Path, Place } from './place.ts';

/** A value that was met on the way to a place. What was found in it once is kept. */
interface Node {
  readonly start: number;
  readonly key: Place | null;
  /** -1: not needed yet. */
  end: number;
  /** Children in order; null until one is looked for. */
  items: Node[] | null;
  /** Children of an object by key. */
  fields: Map<string, Node> | null;
  /** Where the search for further children goes on; -1: there are none. */
  next: number;
}

/** Finds the places of values and keys; the nearest collection that exists where a path does not. */
export class JsonPositions {
  readonly #text: string;
  readonly #root: Node;

  /** `text` must be valid JSON. */
  constructor(text: string) {
    this.#text = text;
    this.#root = nodeAt(text, skipBlank(text, 0), null);
  }

  /** Where the value at `path` is, and its key. */
  find(path: Path): { readonly value: Place; readonly key: Place | null; readonly complete: boolean } {
    let node = this.#root;
    let complete = true;
    for (const step of path) {
      const next = findChild(this.#text, node, step);
      if (next === null) {
        complete = false;
        break;
      }
      node = next;
    }
    return { value: { start: node.start, end: endOf(this.#text, node) }, key: node.key, complete };
  }
}

function nodeAt(text: string, start: number, key: Place | null): Node {
  const opener = text.charCodeAt(start);
  const isCollection = opener === OPEN_BRACE || opener === OPEN_BRACKET;
  return { start, key, end: -1, items: null, fields: null, next: isCollection ? skipBlank(text, start + 1) : -1 };
}

function findChild(text: string, node: Node, step: string | number): Node | null {
  const isList = text.charCodeAt(node.start) === OPEN_BRACKET;
  for (;;) {
    const known = isList ? node.items?.[Number(step)] : node.fields?.get(String(step));
    if (known !== undefined) return known;
    if (!readChild(text, node)) return null;
  }
}

/** Reads one more child of a collection; false if there is none. */
function readChild(text: string, node: Node): boolean {
  if (node.next === -1) return false;
  node.items ??= [];
  const last = node.items.at(-1);
  let at = node.next;
  if (last !== undefined) {
    at = skipBlank(text, endOf(text, last));
    if (text.charCodeAt(at) === COMMA) at = skipBlank(text, at + 1);
  }
  const unit = text.charCodeAt(at);
  if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) {
    node.next = -1;
    return false;
  }
  if (text.charCodeAt(node.start) === OPEN_BRACKET) {
    node.items.push(nodeAt(text, at, null));
    return true;
  }
  const key = { start: at, end: endOfString(text, at) };
  const child = nodeAt(text, skipBlank(text, skipBlank(text, key.end) + 1), key);
  node.items.push(child);
  node.fields ??= new Map();
  node.fields.set(keyText(text, key), child);
  return true;
}

function keyText(text: string, { start, end }: Place): string {
  const raw = text.slice(start + 1, end - 1);
  return raw.includes('\\') ? String(JSON.parse(text.slice(start, end))) : raw;
}

function endOf(text: string, node: Node): number {
  if (node.end === -1) node.end = endOfValue(text, node.start);
  return node.end;
}

/** The offset after the value that starts at `start`. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      at = endOfString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (unit === OPEN_BRACE || unit === OPEN_BRACKET) depth++;
    else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (unit === COMMA || unit === COLON || unit <= 32)) return at;
    at++;
  }
  return at;
}
