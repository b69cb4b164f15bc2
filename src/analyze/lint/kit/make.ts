// Makes findings, and says a few things that several checks say.
import type { Code } from '../../../text/codes.ts';
import { codes } from '../../../text/codes.ts';
import type { DiagnosticNote } from '../../../text/diagnostic.ts';
import type { Span } from '../../../text/source.ts';
import type { Fix, LintFinding, Witness } from './finding.ts';
import { showWitness } from './witness.ts';

export interface FindingParts {
  readonly layer?: string | null;
  readonly about?: string | null;
  readonly notes?: readonly DiagnosticNote[];
  readonly help?: string | null;
  readonly witness?: Witness | null;
  readonly fix?: Fix | null;
}

/** A finding of the severity that its code has. A witness is shown as the last note. */
export function makeFinding(code: Code, message: string, span: Span | null, parts: FindingParts = {}): LintFinding {
  const { layer = null, about = null, notes = [], help = null, witness = null, fix = null } = parts;
  const shown = witness === null ? notes : [...notes, showWitness(witness)];
  const diagnostic = { code, severity: codes[code].severity, message, span, notes: shown, help };
  return { diagnostic, layer, about, witness, fix };
}

/** `a`, `a and b`, `a, b and 3 more`, each as given. */
export function listSome(items: readonly string[], most = 3): string {
  if (items.length > most) return `${items.slice(0, most - 1).join(', ')} and ${items.length - most + 1} more`;
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
