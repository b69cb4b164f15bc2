// Where the parts of a thing were written: the label value of a workload, the tier of a policy, one option of a rule.
// The model keeps one span for each thing; whoever reads a file keeps the others here, for those who judge the result.

import type { Span } from '../text/source.ts';

export interface PartSpans {
  /** Where the part was written; null if that is not known. */
  of(thing: object, part: string): Span | null;
}

/** Spans that can still be added to. */
export interface PartSpanTable extends PartSpans {
  mark(thing: object, part: string, span: Span): void;
}

/** An empty table. Things are told apart by identity. */
export function makePartSpans(): PartSpanTable {
  const table = new Map<object, Map<string, Span>>();
  return {
    of: (thing, part) => table.get(thing)?.get(part) ?? null,
    mark: (thing, part, span) => {
      const parts = table.get(thing);
      if (parts === undefined) table.set(thing, new Map([[part, span]]));
      else parts.set(part, span);
    },
  };
}

/** The first table that knows the part answers. */
export function joinPartSpans(tables: readonly PartSpans[]): PartSpans {
  return {
    of: (thing, part) => {
      for (const table of tables) {
        const span = table.of(thing, part);
        if (span !== null) return span;
      }
      return null;
    },
  };
}
