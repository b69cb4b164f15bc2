// Writes names, paths, addresses, numbers, times and comments: everything that is one token.
import { escapeUnsafe } from './lexical/characters.ts';
import type { Comment } from './lexical/comment.ts';
import { type NameRole, needsQuotes, quote } from './lexical/quote.ts';
import type { AddressText, Name, NumberText, OffsetText, Path, RangeNode, TimeText } from './tree.ts';

/** A name, quoted if it was or if it must be. */
export function printName(name: Name, role: NameRole = 'name'): string {
  return name.quoted || needsQuotes(name.text, role) ? quote(name.text) : name.text;
}

/** A text that is always quoted. */
export function printQuoted(name: Name): string {
  return quote(name.text);
}

/** A path; `role` is that of its first part when there is no other. */
export function printPath(path: Path, role: NameRole = 'name'): string {
  const dotted = (parts: readonly Name[]): string =>
    parts
      .map((part, i) =>
        printName(part, parts.length > 1 && isNumber(part) ? 'value' : i === 0 ? first(role, parts) : 'name'),
      )
      .join('.');
  return path.module === undefined ? dotted(path.parts) : `${dotted(path.module)}/${dotted(path.parts)}`;
}

// `10.0.0.1` is an address, and a reserved word is none before a dot.
function first(role: NameRole, parts: readonly Name[]): NameRole {
  return role === 'reference' && parts.length > 1 ? 'name' : role;
}

function isNumber(name: Name): boolean {
  return /^[0-9]+(?:-[0-9]+)?$/.test(name.text);
}

export function printAddress(address: AddressText): string {
  return ADDRESS.test(address.text) ? address.text : quote(address.text);
}

export function printAddressItem(item: AddressText | Path): string {
  return item.kind === 'path' ? printPath(item, 'reference') : printAddress(item);
}

export function printNumber(number: NumberText): string {
  return String(number.value);
}

export function printTime(time: TimeText | OffsetText): string {
  if (time.kind === 'offset') return printOffset(time.milliseconds);
  return TIME.test(time.text) ? time.text : quote(time.text);
}

export function printRange({ from, to }: RangeNode): string {
  return from === to ? String(from) : `${from}-${to}`;
}

/** A comment as it stands in a file, whatever its text. */
export function printComment({ text, style }: Pick<Comment, 'text' | 'style'>): string {
  const safe = escapeUnsafe(text, showUnsafe).trimEnd();
  if (style === 'doc') return safe === '' ? '///' : `/// ${safe}`;
  if (safe === '') return '//';
  // A row of slashes is a rule drawn across the page.
  return /^\/{2,}$/.test(safe) ? `//${safe}` : `// ${safe}`;
}

const ADDRESS = /^[0-9A-Fa-f:.]+(?:\/[0-9]+)?(?:-[0-9A-Fa-f:.]+)?$/;
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}[0-9A-Z:.+-]*$/;

const OFFSET_UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

function printOffset(milliseconds: number): string {
  const [unit, size] = OFFSET_UNITS.find(([, scale]) => milliseconds > 0 && milliseconds % scale === 0) ?? ['s', 1000];
  return `+${milliseconds / size}${unit}`;
}

function showUnsafe(character: string): string {
  if (character === '\t') return character;
  if (character === '\n' || character === '\r') return ' ';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
