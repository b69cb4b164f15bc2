// What is suggested: edits in the terms of the layer that they are for, and a proof of everything that they do.
import type { Snapshot } from '../../engine/pipeline.ts';
import type { Verdict } from '../../model/policy.ts';
import type { ServiceSet } from '../../net/services.ts';
import type { Span } from '../../text/source.ts';
import type { Diff } from '../diff/diff-row.ts';
import type { Flip } from '../what-if/what-if.ts';

/** A rule in the place where it belongs. */
export interface RuleEdit {
  readonly kind: 'rule';
  readonly layer: string;
  readonly tier: string;
  readonly policy: string;
  /** Id of the rule that it comes before; null: it is the last of its policy. */
  readonly before: string | null;
  /** As `fmt` writes it; for a policy of manifests, the entry as YAML. */
  readonly text: string;
  readonly language: 'seg' | 'yaml';
  /** The same as a change statement. */
  readonly statement: string;
  /** The rule that it comes before, or the policy. */
  readonly span: Span | null;
}

/** A rule goes. */
export interface RemovalEdit {
  readonly kind: 'removal';
  readonly layer: string;
  readonly policy: string;
  readonly rule: string;
  readonly statement: string;
  readonly span: Span | null;
}

/** A workload gets one value of one label instead of those it has. */
export interface LabelEdit {
  readonly kind: 'label';
  readonly workload: string;
  readonly key: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly statement: string;
  readonly span: Span | null;
}

/** A value that a selector of an imported policy compares with gives way to one that there is. */
export interface SelectorEdit {
  readonly kind: 'selector';
  readonly layer: string;
  readonly policy: string;
  /** null: the selector says which workloads the policy is about. */
  readonly rule: string | null;
  readonly where: 'applied-to' | 'source' | 'destination';
  readonly key: string;
  readonly from: string;
  readonly to: string;
  /** No statement of the language changes a selector. */
  readonly statement: null;
  /** The selector. */
  readonly span: Span | null;
}

/** A policy that is not there yet. */
export interface PolicyEdit {
  readonly kind: 'policy';
  readonly layer: string;
  readonly tier: string;
  readonly policy: string;
  readonly text: string;
  readonly language: 'seg' | 'yaml';
  /** No statement of the language adds a policy. */
  readonly statement: null;
  readonly span: null;
}

export type SuggestedEdit = RuleEdit | RemovalEdit | LabelEdit | SelectorEdit | PolicyEdit;

/** What the edits do beside what was asked for. */
export interface Cost {
  /** Other ordered pairs of workloads and hosts between which something opens or closes. */
  readonly otherPairs: number;
  /** Other flows from or to addresses outside: addresses, counted once for each endpoint that they meet. */
  readonly otherAddresses: number;
  /** Services that the pair that was asked about gains or loses beside the one; null: none. */
  readonly otherServices: ServiceSet | null;
  /** Service addresses that an end goes behind, or is not behind any more. */
  readonly serviceAddresses: readonly string[];
  /** Whether something closes that should not, or opens that should not. */
  readonly isMixed: boolean;
}

export interface Suggestion {
  /** All of them together. */
  readonly edits: readonly SuggestedEdit[];
  /** Denials of higher tiers that the edits go past: none, but in an exception. */
  readonly overrides: readonly string[];
  readonly cost: Cost;
  /** Everything that they open and close, the flow that was asked for among it. */
  readonly diff: Diff;
  /** Tests, invariants and budgets with another outcome. */
  readonly flips: readonly Flip[];
  readonly after: Snapshot;
}

export type Wanted = 'allow' | 'deny';

/** Why nothing can be suggested, and what would do. */
export interface Obstacle {
  readonly why: string;
  readonly would: string | null;
  readonly span: Span | null;
}

export interface Suggestions {
  readonly wanted: Wanted;
  /** Of the flow as things are. */
  readonly verdict: Verdict;
  readonly isAlready: boolean;
  /** The best first; empty where things are as wanted, or no small change makes them so. */
  readonly suggestions: readonly Suggestion[];
  /** What would do, but goes past a denial of a higher tier; empty where there are suggestions. */
  readonly exceptions: readonly Suggestion[];
  /** Of a flow that nothing is suggested for. */
  readonly obstacles: readonly Obstacle[];
}

/** Whether nothing but what was asked for changes. */
export function changesNothingElse({ otherPairs, otherAddresses, otherServices, serviceAddresses }: Cost): boolean {
  return otherPairs === 0 && otherAddresses === 0 && otherServices === null && serviceAddresses.length === 0;
}
