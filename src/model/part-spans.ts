// Where the parts of a thing were written: the label value of a workload, the tier of a policy, one option of a rule.
// The model keeps one span for each thing. Whoever reads a file leaves word here of how to find the others, and they
// are looked for only when somebody asks: most are never asked for.

import type { Span } from '../text/source.ts';

export interface PartSpans {
  /** Where the part was written; null if that is not known. */
  of(thing: object, part: string): Span | null;
}

/** Finds the parts of one thing by name. */
export type FindPart = (part: string) => Span | null | undefined;

/** Spans that can still be added to. */
export interface PartSpanTable extends PartSpans {
  keep(thing: object, find: FindPart): void;
}

/** An empty table. Things are told apart by identity. */
export function makePartSpans(): PartSpanTable {
  const finders = new Map<object, FindPart>();
  return {
    of: (thing, part) => finders.get(thing)?.(part) ?? null,
    keep: (thing, find) => {
      finders.set(thing, find);
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

/** Answers so many times and then knows nothing: where there are more problems than anybody reads, coarse places do. */
export function limitPartSpans(spans: PartSpans, most: number): PartSpans {
  let left = most;
  return { of: (thing, part) => (left-- > 0 ? spans.of(thing, part) : null) };
}
