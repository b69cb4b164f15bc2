// Turns something a user should know into a value: what is wrong, how bad, where, and what to do about it.
// Every code is registered once in codes.ts. Drawing is left to render.ts, the JSON form to diagnostic-json.ts.
import { compareText } from '../base/order.ts';
import type { Severity } from './codes/code-info.ts';
import type { Code } from './codes.ts';
import type { Span } from './source.ts';

export type { Severity };

/** A further place that helps to understand a diagnostic, such as the first of two declarations. */
export interface DiagnosticNote {
  readonly message: string;
  readonly span: Span | null;
}

/**
 * Messages are lower case without a full stop, user text in backticks. `help` says what to do, as one line or several.
 * `span` is null only where there is no text to point at.
 */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span | null;
  readonly notes: readonly DiagnosticNote[];
  readonly help: string | null;
}

export interface DiagnosticExtra {
  readonly notes?: readonly DiagnosticNote[];
  readonly help?: string | null;
}

/** The input is wrong: nothing is answered from it. */
export function error(code: Code, message: string, span: Span | null, extra?: DiagnosticExtra): Diagnostic {
  return make('error', code, message, span, extra);
}

/** The input has one meaning, but probably not the intended one. */
export function warning(code: Code, message: string, span: Span | null, extra?: DiagnosticExtra): Diagnostic {
  return make('warning', code, message, span, extra);
}

/** Worth saying, nothing to mend: an assumption made aloud. */
export function note(code: Code, message: string, span: Span | null, extra?: DiagnosticExtra): Diagnostic {
  return make('note', code, message, span, extra);
}

/** Whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}

/**
 * By file, then place, then severity, code and message, so that output repeats byte for byte whatever the order in
 * which checks ran. Those without a place come first. Equal ones keep their order.
 */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      compareSpans(a.span, b.span) ||
      RANK[a.severity] - RANK[b.severity] ||
      compareText(a.code, b.code) ||
      compareText(a.message, b.message),
  );
}

/**
 * At most `limit` of each severity, in the order given, so that a flood of warnings never hides an error. What was
 * left out is counted in a last note, never dropped quietly.
 */
export function limitDiagnostics(diagnostics: readonly Diagnostic[], limit: number): readonly Diagnostic[] {
  const seen: Record<Severity, number> = { error: 0, warning: 0, note: 0 };
  const kept = diagnostics.filter((d) => ++seen[d.severity] <= limit);
  const left = SEVERITIES.filter((severity) => seen[severity] > limit).map((severity) =>
    plural(seen[severity] - limit, severity),
  );
  if (left.length === 0) return diagnostics;
  return [...kept, note('workspace/more-diagnostics', `and ${left.join(', ')} more`, null)];
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

function make(severity: Severity, code: Code, message: string, span: Span | null, extra?: DiagnosticExtra): Diagnostic {
  return { code, severity, message, span, notes: extra?.notes ?? [], help: extra?.help ?? null };
}

function compareSpans(a: Span | null, b: Span | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return compareText(a.file, b.file) || a.start - b.start || a.end - b.end;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
