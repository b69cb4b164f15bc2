// What a check is, and what it is given. Each check is one file with one code; what several need is made once, and only
// when one asks for it.
import type { Snapshot } from '../../../engine/pipeline.ts';
import type { Layer } from '../../../model/layer.ts';
import type { Instant } from '../../../model/time.ts';
import type { Tree } from '../../../syntax/tree.ts';
import type { Code } from '../../../text/codes.ts';
import type { Diagnostic } from '../../../text/diagnostic.ts';
import type { Source } from '../../../text/source.ts';
import type { RuleFacts } from '../liveness/rule-facts.ts';
import type { LintFinding } from './finding.ts';

export interface LintContext {
  readonly layers: readonly Layer[];
  /** The layers at the instant of the run; without an error. */
  readonly snapshot: Snapshot;
  readonly at: Instant;
  readonly sources: ReadonlyMap<string, Source>;
  /** Of the policy files, where there are any. */
  readonly trees: readonly Tree[];
  /** What was said before lint: what is in here is not said again. */
  readonly known: readonly Diagnostic[];
  /** Of every rule in force at some time from `at` on. */
  facts(): RuleFacts;
}

export interface LintCheck {
  readonly code: Code;
  /** Runs only where the configuration judges its code: what it asks for is a custom of the house. */
  readonly isOptional?: true;
  run(context: LintContext): Iterable<LintFinding>;
}
