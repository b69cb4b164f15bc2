// Collects what is wrong with one file, up to a bound: after that many errors the rest of a file says little.

import type { Code } from '../../text/codes.ts';
import { type Diagnostic, error, note } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';

export interface Reports {
  readonly all: readonly Diagnostic[];
  /** Whether the bound is reached: reading may end. */
  readonly full: boolean;
  add(code: Code, message: string, start: number, end: number, help?: string | null): void;
}

/** No more errors than this are found in one file. */
const MAXIMUM_ERRORS = 50;

/** An empty collection for the file of that name. */
export function startReports(file: string): Reports {
  const all: Diagnostic[] = [];
  let full = false;
  const spanOf = (start: number, end: number): Span => ({ file, start, end });
  return {
    all,
    get full() {
      return full;
    },
    add(code, message, start, end, help = null) {
      if (full) return;
      all.push(error(code, message, spanOf(start, end), { help }));
      if (all.length < MAXIMUM_ERRORS) return;
      full = true;
      all.push(
        note(
          'syntax/too-many-errors',
          `the rest of the file is not read after ${MAXIMUM_ERRORS} errors`,
          spanOf(end, end),
        ),
      );
    },
  };
}
