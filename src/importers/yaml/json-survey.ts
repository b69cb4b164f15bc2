// Looks over a JSON text without building anything: how deep it is, how many keys it has, where it goes wrong, which
// key comes twice. JSON.parse is fast but says none of this reliably: it keeps the last of two equal keys in silence
// and does not always say where it stopped.

export interface Survey {
  /** How many collections lie in each other at most. */
  readonly depth: number;
  /** How many colons stand outside strings: the number of keys, if the text is valid. */
  readonly keys: number;
}

/** Depth and number of keys, in one pass without memory of its own. Says nothing about validity. */
export function surveyJson(text: string): Survey {
  let depth = 0;
  let deepest = 0;
  let keys = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(text, at) - 1;
    else if (unit === COLON) keys++;
    else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      if (++depth > deepest) deepest = depth;
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) depth--;
  }
  return { depth: deepest, keys };
}

/** How many keys a parsed value has, to compare with a survey: fewer means that the text repeats some. */
export function countKeys(value: unknown): number {
  let keys = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) {
      for (const item of next) if (typeof item === 'object' && item !== null) open.push(item);
    } else if (typeof next === 'object' && next !== null) {
      const items: unknown[] = Object.values(next);
      keys += items.length;
      for (const item of items) if (typeof item === 'object' && item !== null) open.push(item);
    }
  }
  return keys;
}

export interface JsonProblem {
  readonly start: number;
  readonly end: number;
  /** What was expected there. */
  readonly message: string;
}

/** The first place where the text stops being JSON (RFC 8259), or null if it never does. */
export function findJsonProblem(text: string): JsonProblem | null {
  const closers: number[] = [];
  let expects: 'value' | 'value or end' | 'key' | 'key or end' | 'separator' | 'nothing' = 'value';
  let at = 0;
  const closes = (unit: number): boolean => closers.at(-1) === unit;
  const afterValue = (): typeof expects => (closers.length === 0 ? 'nothing' : 'separator');
  for (;;) {
    at = skipBlank(text, at);
    if (at >= text.length) {
      if (expects === 'nothing') return null;
      return problem(text.length, text.length, `the text ends where ${WORDS[expects]} is expected`);
    }
    const unit = text.charCodeAt(at);
    if (expects === 'nothing') return problem(at, at + 1, 'something follows the end of the document');
    if (expects === 'separator') {
      if (unit === COMMA) expects = closes(CLOSE_BRACE) ? 'key' : 'value';
      else if (closes(unit)) {
        closers.pop();
        expects = afterValue();
      } else return problem(at, at + 1, `${WORDS.separator} is expected here`);
      at++;
    } else if (expects === 'key' || expects === 'key or end') {
      if (expects === 'key or end' && unit === CLOSE_BRACE) {
        closers.pop();
        expects = afterValue();
        at++;
      } else if (unit !== QUOTE) return problem(at, at + 1, `${WORDS[expects]} is expected here`);
      else {
        const end = endOfString(text, at);
        const wrong = findStringProblem(text, at, end);
        if (wrong !== null) return wrong;
        at = skipBlank(text, end);
        if (text.charCodeAt(at) !== COLON) return problem(at, at + 1, '`:` is expected after a key');
        at++;
        expects = 'value';
      }
    } else if (expects === 'value or end' && unit === CLOSE_BRACKET) {
      closers.pop();
      expects = afterValue();
      at++;
    } else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      closers.push(unit === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET);
      expects = unit === OPEN_BRACE ? 'key or end' : 'value or end';
      at++;
    } else if (unit === QUOTE) {
      const end = endOfString(text, at);
      const wrong = findStringProblem(text, at, end);
      if (wrong !== null) return wrong;
      at = end;
      expects = afterValue();
    } else {
      WORD.lastIndex = at;
      const word = WORD.exec(text)?.[0] ?? text.charAt(at);
      if (!LITERAL.test(word)) return problem(at, at + word.length, `${WORDS[expects]} is expected here`);
      at += word.length;
      expects = afterValue();
    }
  }
}

export interface RepeatedKey {
  readonly key: string;
  readonly first: { readonly start: number; readonly end: number };
  readonly again: { readonly start: number; readonly end: number };
}

/** Keys given twice in one object of a valid JSON text, `limit` of them at most. */
export function findRepeatedKeys(text: string, limit: number): readonly RepeatedKey[] {
  const found: RepeatedKey[] = [];
  const objects: (Map<string, { start: number; end: number }> | null)[] = [];
  let at = 0;
  while (at < text.length && found.length < limit) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      const end = endOfString(text, at);
      const keys = objects.at(-1);
      if (keys && text.charCodeAt(skipBlank(text, end)) === COLON) {
        const key = String(JSON.parse(text.slice(at, end)));
        const first = keys.get(key);
        const place = { start: at, end };
        if (first === undefined) keys.set(key, place);
        else found.push({ key, first, again: place });
      }
      at = end;
      continue;
    }
    if (unit === OPEN_BRACE) objects.push(new Map());
    else if (unit === OPEN_BRACKET) objects.push(null);
    else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) objects.pop();
    at++;
  }
  return found;
}

/** The offset after the string that starts with a quote at `at`; the end of the text if it is not closed. */
export function endOfString(text: string, at: number): number {
  // Most strings are short: looking at each character is faster than searching for the quote.
  for (let next = at + 1; next < text.length; next++) {
    const unit = text.charCodeAt(next);
    if (unit === QUOTE) return next + 1;
    if (unit === BACKSLASH) next++;
  }
  return text.length;
}

/** The first offset from `at` on that is no white space of JSON. */
export function skipBlank(text: string, at: number): number {
  let next = at;
  for (;;) {
    const unit = text.charCodeAt(next);
    if (unit !== 32 && unit !== 10 && unit !== 13 && unit !== 9) return next;
    next++;
  }
}

export const QUOTE = 34;
export const COMMA = 44;
export const COLON = 58;
export const OPEN_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;

const WORDS = {
  value: 'a value',
  'value or end': 'a value or `]`',
  key: 'a key in double quotes',
  'key or end': 'a key in double quotes or `}`',
  separator: '`,` or the end of the collection',
} as const;

const WORD = /[\w.+-]+/y;
const LITERAL = /^(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u001f]/;
const VALID_ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const ESCAPE = /\\./gs;

function findStringProblem(text: string, start: number, end: number): JsonProblem | null {
  let slashes = end - 2;
  while (text.charCodeAt(slashes) === BACKSLASH) slashes--;
  const isClosed = end - start >= 2 && text.charCodeAt(end - 1) === QUOTE && (end - slashes) % 2 === 0;
  if (!isClosed) {
    return problem(start, Math.min(end, start + 1), 'a string starts here and does not end');
  }
  // Pairs of backslash and character are looked at as units, so that `\\n` is not taken for an escape of n.
  const body = text.slice(start, end);
  for (const { index, 0: written } of body.matchAll(ESCAPE)) {
    VALID_ESCAPE.lastIndex = index;
    if (!VALID_ESCAPE.test(body)) {
      return problem(start + index, start + index + written.length, 'this escape is not known in JSON');
    }
  }
  const plain = body.replace(ESCAPE, '  ');
  const bad = plain.search(CONTROL);
  if (bad === -1) return null;
  return problem(start + bad, start + bad + 1, 'a line ends inside a string, or a control character is in it');
}

function problem(start: number, end: number, message: string): JsonProblem {
  return { start, end, message };
}
