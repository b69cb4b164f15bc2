// What a report looks like on any page: sections with an introduction, their scores, and tables of cells. How a cell is
// written is left to html.ts and markdown.ts; which rows there are, and how many, is said in sections.ts.
import type { ScoreJson, SectionId, ShareJson } from './shape.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'plain';

/** Text is in the style of diagnostics: parts in backticks are of a user. */
export type Cell =
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Tone }
  /** Names and flows of a user, one under the other or side by side. */
  | {
      readonly kind: 'code';
      readonly texts: readonly string[];
      readonly stacked?: boolean;
      /** How many are left out. */
      readonly more?: number;
    }
  | { readonly kind: 'number'; readonly value: number | null }
  | { readonly kind: 'share'; readonly share: ShareJson; readonly isBad?: boolean };

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly title: string;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Cell[])[];
      /** Rows that are left out. */
      readonly more: number;
      /** Said where there is no row. */
      readonly otherwise: string;
    };

export interface Section {
  readonly id: SectionId;
  readonly title: string;
  readonly intro: string;
  readonly scores: readonly ScoreJson[];
  readonly blocks: readonly Block[];
}

export interface Page {
  readonly title: string;
  /** With parts of a user in backticks, as everywhere. */
  readonly subtitle: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly sections: readonly Section[];
}

/** Rows of one table on a page. */
export const MOST_ROWS = 40;
/** Names in one cell. */
const MOST_NAMES = 6;

export const text = (value: string, tone?: Tone): Cell => ({
  kind: 'text',
  text: value,
  ...(tone === undefined ? {} : { tone }),
});
export const code = (...texts: readonly string[]): Cell => ({ kind: 'code', texts });
export const number = (value: number | null): Cell => ({ kind: 'number', value });
export const share = (value: ShareJson, isBad = false): Cell => ({ kind: 'share', share: value, isBad });

/** Names side by side, the first of many. */
export function names(list: readonly string[], most = MOST_NAMES): Cell {
  if (list.length <= most) return code(...list);
  return { kind: 'code', texts: list.slice(0, most - 1), more: list.length - most + 1 };
}

/** A table of the first rows. `titles`: those of numbers end in `#`. */
export function table<T>(
  title: string,
  titles: readonly string[],
  items: readonly T[],
  row: (item: T) => readonly Cell[],
  otherwise: string,
): Block {
  return {
    kind: 'table',
    title,
    columns: titles.map((name) =>
      name.endsWith('#') ? { title: name.slice(0, -1), isNumber: true } : { title: name },
    ),
    rows: items.slice(0, MOST_ROWS).map(row),
    more: Math.max(0, items.length - MOST_ROWS),
    otherwise,
  };
}
