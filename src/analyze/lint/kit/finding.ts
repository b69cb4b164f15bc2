// What lint gives: a diagnostic, with a flow that proves it where it speaks of flows, and an edit where one is safe.
// A witness is a question that `decide` answers as the finding says; a fix is text to put in the place of other text.
import type { Instant } from '../../../model/time.ts';
import type { Diagnostic } from '../../../text/diagnostic.ts';
import type { Span } from '../../../text/source.ts';
import type { FlowWitness } from '../../reach/witness.ts';

export interface Witness extends FlowWitness {
  /** The instant that it is decided at. */
  readonly at: Instant;
}

/** Replaces each span by its text; the spans of one fix are apart. */
export interface Fix {
  readonly what: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}

export interface LintFinding {
  readonly diagnostic: Diagnostic;
  readonly layer: string | null;
  /** The rule, group or other definition that it is about; null: neither. */
  readonly about: string | null;
  readonly witness: Witness | null;
  readonly fix: Fix | null;
}
