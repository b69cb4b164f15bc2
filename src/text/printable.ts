// Turns text of unknown origin into text that is safe to print on a terminal, and knows how many columns it takes.
// Control characters could move the cursor, change the title or rewrite lines already printed; bidirectional and
// invisible ones could show a rule as another than it is. All of them are shown by number.

/** A piece of a line ready to print, and which of its columns (from 0) the marked part takes. */
export interface CutLine {
  readonly text: string;
  readonly column: number;
  readonly columns: number;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The text with tabs as two blanks and everything that does not print, line ends included, as `<U+001B>`. */
export function makePrintable(text: string): string {
  return text.replace(UNSAFE, printUnsafe);
}

/** How many terminal columns a printable text takes: two for East Asian wide characters and emoji, none for marks. */
export function countColumns(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOf(character);
  return columns;
}

/** A printable text of at most `limit` characters; `…` stands for the rest. */
export function shorten(text: string, limit: number): string {
  return makePrintable(text.length <= limit ? text : `${text.slice(0, limit - 1)}…`);
}

/**
 * The part of `text` between `line.start` and `line.end` that fits in `width` columns and shows the start of `marked`,
 * which lies in the line, with more after it than before it; `…` stands for what was cut. Looks at no more of the text
 * than `width` calls for, whatever the length of the line.
 */
export function cutLine(text: string, line: Range, marked: Range, width: number): CutLine {
  const left = readCells(text, Math.max(line.start, marked.start - width * REACH), marked.start);
  const right = readCells(text, marked.start, Math.min(line.end, marked.start + width * REACH));
  const complete = marked.start - line.start <= width * REACH && line.end - marked.start <= width * REACH;
  // Two columns are kept for the ellipses unless all of the line fits.
  const room = complete && sumColumns(left) + sumColumns(right) <= width ? width : width - 2;
  const forRight = Math.max(Math.ceil((room * 2) / 3), room - sumColumns(left));
  const before = takeCells(left.reverse(), room - Math.min(sumColumns(right), forRight)).reverse();
  const after = takeCells(right, room - sumColumns(before));
  const head = (before[0] ?? after[0])?.offset === line.start || line.start === line.end ? '' : '…';
  const last = after.at(-1) ?? before.at(-1);
  const tail = last === undefined || last.offset + last.units === line.end ? '' : '…';
  const shown = [...before, ...after].map((cell) => cell.shown).join('');
  const underlined = after.filter((cell) => cell.offset < marked.end);
  const column = head.length + sumColumns(before);
  return { text: head + shown + tail, column, columns: sumColumns(underlined) };
}

// A printed character takes a column or more for each UTF-16 unit, but for marks, which pile up without taking any.
const REACH = 4;

interface Cell {
  readonly offset: number;
  readonly units: number;
  readonly shown: string;
  readonly columns: number;
}

function readCells(text: string, start: number, end: number): Cell[] {
  const cells: Cell[] = [];
  let offset = start;
  // A pair cut in half at the far end of the window would be read as a lone surrogate.
  if (isLowSurrogate(text.charCodeAt(offset)) && isHighSurrogate(text.charCodeAt(offset - 1))) offset++;
  for (const character of text.slice(offset, end)) {
    const shown = makePrintable(character);
    cells.push({ offset, units: character.length, shown, columns: countColumns(shown) });
    offset += character.length;
  }
  return cells;
}

/** As many cells from the front as fit in `columns`. */
function takeCells(cells: readonly Cell[], columns: number): Cell[] {
  let used = 0;
  const end = cells.findIndex((cell) => {
    used += cell.columns;
    return used > columns;
  });
  return cells.slice(0, end === -1 ? cells.length : end);
}

function sumColumns(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.columns, 0);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

// Control, format (bidirectional, zero width, tags), surrogate, private and unassigned characters, and line separators.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const MARK = /^\p{M}/u;
const EMOJI = /^\p{Emoji_Presentation}/u;

function printUnsafe(character: string): string {
  if (character === '\t') return '  ';
  const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `<U+${number}>`;
}

function columnsOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x300) return 1;
  if (MARK.test(character)) return 0;
  return WIDE.some(([first, last]) => point >= first && point <= last) || EMOJI.test(character) ? 2 : 1;
}

// East Asian Wide and Fullwidth blocks (Unicode Standard Annex 11), coarsely: a miss moves an underline by a column.
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];
