// Turns the text of a name into what is written in a file, and what stands between quotes back into text.
// Whatever the text, what is written is one token on one line, without control, bidirectional or invisible characters:
// names come from platforms that allow anything.
import { escapeUnsafe, findNameProblem } from './characters.ts';
import { isContinuation, isReserved, isWordOperator, propertyWords } from './words.ts';

/**
 * Where a name stands, which decides what may stand there without quotes. `name`: any word, but for those that a
 * line never ends with. `reference`: in a peer or a
 * service, where reserved words and numbers mean something else. `value`: of a property, where property words and
 * numbers do. `line`: at the start of a line of a block, where some words would go on with the line above.
 */
export type NameRole = 'name' | 'reference' | 'value' | 'line';

/** Whether the text must be quoted to be a name in that place. */
export function needsQuotes(text: string, role: NameRole): boolean {
  if (!BARE.test(text) || findNameProblem(text) !== null || isWordOperator(text)) return true;
  if (role === 'reference') return isReserved(text) || NUMBERS.test(text);
  if (role === 'value') return properties.has(text) || NUMBERS.test(text);
  return role === 'line' && isContinuation(text);
}

/** The text between quotes, with everything escaped that would end it, or that a reader could not see. */
export function quote(text: string): string {
  const escaped = escapeUnsafe(text.replace(/["\\]/g, '\\$&'), escapeCharacter);
  const plain = findWordProblem(escaped) ? escaped.replace(/[^ -~]/gu, escapeCharacter) : escaped;
  return `"${plain}"`;
}

/** What stands between two quotes, with its escapes resolved. The scanner has refused escapes that mean nothing. */
export function unquote(written: string): string {
  return written.includes('\\') ? written.replace(ESCAPE, resolveEscape) : written;
}

/** Where the first escape without a meaning is, as offset and length, or null. */
export function findBadEscape(written: string): { readonly offset: number; readonly length: number } | null {
  for (const match of written.matchAll(/\\(u\{[^}]*\}?|[\s\S]?)/gu)) {
    if (!isEscape(match[0])) return { offset: match.index, length: match[0].length };
  }
  return null;
}

const BARE = /^[\p{L}\p{N}\p{M}_]+(?:-+[\p{L}\p{N}\p{M}_]+)*$/u;
const NUMBERS = /^[0-9]+(?:-[0-9]+)?$/;
const ESCAPE = /\\(?:u\{([0-9A-Fa-f]{1,6})\}|([\s\S]))/g;
const SIMPLE: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

const properties: ReadonlySet<string> = new Set(propertyWords);

function findWordProblem(text: string): boolean {
  return (
    /[^ -~]/.test(text) && (text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).some((word) => findNameProblem(word) !== null)
  );
}

function escapeCharacter(character: string): string {
  for (const [letter, meaning] of Object.entries(SIMPLE)) if (meaning === character) return `\\${letter}`;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function resolveEscape(_: string, hex: string | undefined, letter: string | undefined): string {
  return hex === undefined ? (SIMPLE[letter ?? ''] ?? '') : String.fromCodePoint(Number.parseInt(hex, 16));
}

function isEscape(written: string): boolean {
  const hex = /^\\u\{([0-9A-Fa-f]{1,6})\}$/.exec(written)?.[1];
  if (hex === undefined) return written.length === 2 && Object.hasOwn(SIMPLE, written.slice(1));
  const point = Number.parseInt(hex, 16);
  return point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
}
