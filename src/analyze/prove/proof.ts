// What a proof gives: whether a claim holds of all flows at all times, and where it does not, flows that show it.

import type { Instant } from '../../model/time.ts';
import type { Span } from '../../text/source.ts';
import type { FlowWitness } from '../reach/witness.ts';

/** `broken`: a counterexample shows it. `unproved`: something that is not known keeps it from being proved. */
export type ProofOutcome = 'holds' | 'broken' | 'unproved';

/** Flows against a claim: one, or the hops of a chain in path order; all of them at the instant. */
export interface Counterexample {
  readonly at: Instant;
  readonly flows: readonly FlowWitness[];
}

export interface ClaimProof {
  readonly span: Span;
  readonly outcome: ProofOutcome;
  /** Why it does not hold; null where it does. */
  readonly problem: string | null;
  readonly counterexamples: readonly Counterexample[];
}
