// Coverage beside the source: every policy file with a rule in it, line by line, each rule marked.

import type { CoverageState } from '../../../analyze/coverage/coverage.ts';
import { groupBy } from '../../../base/multimap.ts';
import { compareText } from '../../../base/order.ts';
import { makePrintable } from '../../../text/printable.ts';
import type { Sources } from '../place.ts';
import type { CoverageDocument, CoverageRow } from './document.ts';

export interface AnnotatedLine {
  readonly number: number;
  readonly text: string;
  /** What begins in the line; empty for all other lines. */
  readonly items: readonly CoverageRow[];
}

export interface AnnotatedFile {
  readonly file: string;
  readonly lines: readonly AnnotatedLine[];
}

/** Files in the order of their names. Those whose text is not at hand are left out. */
export function annotate({ items }: CoverageDocument, sources: Sources): readonly AnnotatedFile[] {
  const placed = items.filter(({ file, line }) => file !== null && line !== null);
  const files = [...groupBy(placed, ({ file }) => file as string)].sort(([a], [b]) => compareText(a, b));
  return files.flatMap(([file, rows]) => {
    const source = sources.get(file);
    if (source === undefined) return [];
    const byLine = groupBy(rows, ({ line }) => line as number);
    const texts = source.text.split(/\r\n|\r|\n/);
    if (texts.at(-1) === '') texts.pop();
    return [{ file, lines: texts.map((text, i) => ({ number: i + 1, text, items: byLine.get(i + 1) ?? [] })) }];
  });
}

/** The weakest state of what begins in the line, ways of denying included; null: nothing does. */
export function stateOf(items: readonly CoverageRow[]): CoverageState | 'partly' | null {
  const states = items.map(({ state, denies }) =>
    state === 'covered' && denies.some((deny) => deny.state === 'uncovered') ? 'partly' : state,
  );
  for (const state of ['uncovered', 'partly', 'unreached', 'idle', 'covered'] as const) {
    if (states.includes(state)) return state;
  }
  return null;
}

export const MARKS: Readonly<Record<CoverageState | 'partly', string>> = {
  covered: '+',
  partly: '~',
  uncovered: '-',
  unreached: '.',
  idle: '.',
};

/** `+` exercised, `~` denies in a way that is not, `-` not exercised, `.` not counted; then the number of expectations. */
export function renderAnnotated(document: CoverageDocument, sources: Sources): string {
  return annotate(document, sources)
    .map(({ file, lines }) => {
      const width = String(lines.length).length;
      const rows = lines.map(({ number, text, items }) => {
        const state = stateOf(items);
        const count = items.reduce((sum, { by }) => sum + by.length, 0);
        const mark = state === null ? '' : `${MARKS[state]}${state === 'covered' || state === 'partly' ? count : ''}`;
        return `${mark.padEnd(4)}${String(number).padStart(width)}  ${makePrintable(text)}`.trimEnd();
      });
      return `${makePrintable(file)}\n${rows.join('\n')}\n`;
    })
    .join('\n');
}
