// Binds policy text for tests, and shows each diagnostic by its code and the text that it underlines.

import { type BoundRoot, bindRoot, type RootOptions } from '../../src/bind/bind.ts';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import type { Diagnostic } from '../../src/text/diagnostic.ts';
import { makeSource, type Source, type Span } from '../../src/text/source.ts';

export interface BoundText extends BoundRoot {
  /** `code «underlined»`, in the order of files and places. */
  readonly found: readonly string[];
  /** All diagnostics of one code. */
  of(code: string): readonly Diagnostic[];
  /** The text that a span covers. */
  at(span: Span | null): string;
}

/** Binds a root of one text or of several files. The text must be free of syntax errors. */
export function bindText(
  files: string | Readonly<Record<string, string>>,
  options: Partial<RootOptions> = {},
): BoundText {
  const named = typeof files === 'string' ? { 'root.seg': files } : files;
  const sources = Object.entries(named).map(([name, text]) => makeSource(name, text));
  const parsed = sources.map(parsePolicyFile);
  const broken = parsed.flatMap((file) => file.diagnostics.filter((d) => d.severity === 'error'));
  if (broken.length > 0) throw new Error(`the text has syntax errors: ${broken.map((d) => d.message).join('; ')}`);
  const root = bindRoot(
    parsed.map((file) => file.tree),
    { name: 'root', ...options },
  );
  return describeRoot(root, sources);
}

/** What was found, in words, for a root bound in any other way. */
export function describeRoot(root: BoundRoot, sources: readonly Source[]): BoundText {
  const at = (span: Span | null): string => textAt(span, sources);
  const place = (d: Diagnostic): string =>
    `${String(sources.findIndex((s) => s.name === d.span?.file)).padStart(4)}:${String(d.span?.start ?? 0).padStart(9)}`;
  const sorted = [...root.diagnostics].sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
  return {
    ...root,
    found: sorted.map((d) => `${d.code} «${at(d.span)}»`),
    of: (code) => sorted.filter((d) => d.code === code),
    at,
  };
}

/** The text that a span covers; `(nowhere)` for none. */
export function textAt(span: Span | null, sources: readonly Source[]): string {
  if (span === null) return '(nowhere)';
  const source = sources.find((s) => s.name === span.file);
  return source === undefined ? `(in ${span.file})` : source.text.slice(span.start, span.end);
}
