// Turns diagnostics into the document that other programs read: places as lines and columns instead of offsets.
// The format is `bulkhead.diagnostics/1`; its schema is in docs/schemas. Text is left as it is: JSON escapes it.
import type { Diagnostic } from './diagnostic.ts';
import { positionAt, type Source, type Span } from './source.ts';

export const DIAGNOSTICS_FORMAT = 'bulkhead.diagnostics/1';

/** Lines and columns from 1, columns in UTF-16 units, the end exclusive; null where the source is not at hand. */
interface PlaceJson {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
}

interface NoteJson extends PlaceJson {
  readonly message: string;
}

export interface DiagnosticJson extends NoteJson {
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  readonly notes: readonly NoteJson[];
  readonly help: string | null;
}

export interface DiagnosticsJson {
  readonly format: typeof DIAGNOSTICS_FORMAT;
  readonly diagnostics: readonly DiagnosticJson[];
}

/** The document for the diagnostics in the order given. */
export function makeDiagnosticsDocument(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, Source>,
): DiagnosticsJson {
  return { format: DIAGNOSTICS_FORMAT, diagnostics: diagnostics.map((d) => toJson(d, sources)) };
}

/** One diagnostic of the document. */
export function toJson(diagnostic: Diagnostic, sources: ReadonlyMap<string, Source>): DiagnosticJson {
  const { code, severity, message, span, notes, help } = diagnostic;
  return {
    code,
    severity,
    message,
    ...placeOf(span, sources),
    notes: notes.map((note) => ({ message: note.message, ...placeOf(note.span, sources) })),
    help,
  };
}

function placeOf(span: Span | null, sources: ReadonlyMap<string, Source>): PlaceJson {
  const source = span === null ? undefined : sources.get(span.file);
  if (span === null || source === undefined) {
    return { file: span?.file ?? null, line: null, column: null, endLine: null, endColumn: null };
  }
  const start = positionAt(source, span.start);
  const end = positionAt(source, span.end);
  return { file: span.file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
