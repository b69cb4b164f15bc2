// What running an expectation gives: line by line whether it holds, and where it does not, flows that show it.
import type { Instant } from '../model/time.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import type { Counterexample } from './assertion.ts';

export type TestOutcome = 'passed' | 'failed' | 'unsupported';

/** One line of an expectation: an assertion, a claim, a bound, what a change opens or closes. */
export interface LineResult {
  readonly span: Span;
  readonly holds: boolean;
  /** Pairs of addresses that it was tried on one by one; 0 where it was proved of all of them at once. */
  readonly pairs: number;
  /** Why it does not hold; null where it does. */
  readonly problem: string | null;
  /** When the counterexamples are; null: at the instant of the run, or of the line. */
  readonly at: Instant | null;
  /** Pairs each against the line, or with `isChain` the hops of one chain. */
  readonly counterexamples: readonly Counterexample[];
  readonly isChain: boolean;
}

export interface TestResult {
  readonly kind: 'test' | 'invariant' | 'budget' | 'change' | 'scenario';
  readonly name: string;
  readonly module: string | null;
  readonly layer: string;
  readonly span: Span;
  readonly outcome: TestOutcome;
  readonly assertions: readonly LineResult[];
  /** What kept it from being run as written. */
  readonly diagnostics: readonly Diagnostic[];
}
