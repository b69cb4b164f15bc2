// The file and line of a span, as documents give them.
import { positionAt, type Source, type Span } from '../../text/source.ts';

export type Sources = ReadonlyMap<string, Source>;

export interface FileLine {
  /** null: there is no text to point at. */
  readonly file: string | null;
  /** From 1; null where the file is not at hand. */
  readonly line: number | null;
}

export function fileLineOf(span: Span | null, sources: Sources): FileLine {
  if (span === null) return { file: null, line: null };
  const source = sources.get(span.file);
  return { file: span.file, line: source === undefined ? null : positionAt(source, span.start).line };
}
