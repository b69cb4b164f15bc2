// Colors for text that people read, or none; and columns that line up whatever is in them.
import { createColors } from 'picocolors';
import { countColumns } from '../../text/printable.ts';

export type Paint = ReturnType<typeof createColors>;

export function makePaint(isColored: boolean): Paint {
  return createColors(isColored);
}

/** The color of a verdict. `deny` stands for drop and reject together. */
export function paintVerdict(paint: Paint, verdict: string, text: string = verdict): string {
  if (verdict === 'allow') return paint.green(text);
  return verdict === 'unknown' ? paint.yellow(text) : paint.red(text);
}

/** Fills a cell with blanks to a width in terminal columns; color comes after. */
export function padCell(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - countColumns(text)));
}

/** The widths of the columns of rows, the last column left out: nothing comes after it. */
export function columnWidths(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.slice(0, -1).entries()) widths[i] = Math.max(widths[i] ?? 0, countColumns(cell));
  }
  return widths;
}
