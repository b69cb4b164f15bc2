// Finds where in a valid JSON text a path lies. Nothing is recorded while parsing: the few places that a diagnostic or
// a rule asks for are searched when they are asked for, and every collection on the way is looked through once.
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

interface Node {
  readonly start: number;
  readonly end: number;
  readonly key: Place | null;
  children: ReadonlyMap<string | number, Node> | null;
}

/** Finds the places of values and keys; the nearest collection that exists where a path does not. */
export class JsonPositions {
  readonly #text: string;
  readonly #root: Node;

  /** `text` must be valid JSON. */
  constructor(text: string) {
    this.#text = text;
    const start = skipBlank(text, 0);
    let end = text.length;
    while (end > start && text.charCodeAt(end - 1) <= 32) end--;
    this.#root = { start, end, key: null, children: null };
  }

  /** Where the value at `path` is, and its key. */
  find(path: Path): { readonly value: Place; readonly key: Place | null; readonly complete: boolean } {
    let node = this.#root;
    for (const step of path) {
      node.children ??= childrenOf(this.#text, node.start);
      const next = node.children.get(step);
      if (next === undefined) return { value: node, key: node.key, complete: false };
      node = next;
    }
    return { value: node, key: node.key, complete: true };
  }
}

function childrenOf(text: string, start: number): ReadonlyMap<string | number, Node> {
  const children = new Map<string | number, Node>();
  const opener = text.charCodeAt(start);
  if (opener !== OPEN_BRACE && opener !== OPEN_BRACKET) return children;
  let at = skipBlank(text, start + 1);
  while (text.charCodeAt(at) !== CLOSE_BRACE && text.charCodeAt(at) !== CLOSE_BRACKET) {
    let name: string | number = children.size;
    let key: Place | null = null;
    if (opener === OPEN_BRACE) {
      key = { start: at, end: endOfString(text, at) };
      name = String(JSON.parse(text.slice(key.start, key.end)));
      at = skipBlank(text, skipBlank(text, key.end) + 1);
    }
    const end = endOfValue(text, at);
    children.set(name, { start: at, end, key, children: null });
    at = skipBlank(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipBlank(text, at + 1);
  }
  return children;
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
