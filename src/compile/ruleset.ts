// The intermediate form: per layer, tiers of rules in the order in which they are tried, with peers already turned
// into sets of nodes. `lower` makes it; `lookup` indexes it, `evaluate` walks it, exporters translate it.

import type { TriSet } from '../base/tri-set.ts';
import type { Universe } from '../graph/universe.ts';
import type { Layer } from '../model/layer.ts';
import type { Direction, Policy, Rule, Tier } from '../model/policy.ts';
import type { Instant } from '../model/time.ts';
import type { ServiceSet } from '../net/services.ts';

/**
 * One rule ready to match. A rule with named ports becomes several, one for each meaning the names have at a
 * destination; their destinations are disjoint, so that their order does not matter.
 */
export interface CompiledRule {
  /** Position in the order of its layer: lower is tried first (ties apart). */
  readonly index: number;
  readonly tier: number;
  readonly policy: Policy;
  readonly rule: Rule;
  readonly action: 'allow' | 'drop' | 'reject' | 'pass';
  /** With `pass`: the tier to go to. */
  readonly passTo: number;
  readonly out: boolean;
  readonly in: boolean;
  readonly family: 4 | 6 | null;
  readonly services: ServiceSet;
  readonly source: TriSet;
  readonly destination: TriSet;
  /** Nodes at whose points the rule is present (semantics §3). */
  readonly present: TriSet;
  /** Why a match is only a maybe; null: certain. */
  readonly opaque: string | null;
}

/**
 * Rules from..to-1 that tie. A branch is one tied member (a policy, or a rule) with the ties inside it.
 * `undefined`: each branch may be tried first. `deny-wins`: drop, reject, allow, pass, in this order, over all branches.
 */
export interface Tie {
  readonly from: number;
  readonly to: number;
  readonly how: 'undefined' | 'deny-wins';
  readonly branches: readonly TieBranch[];
}

export interface TieBranch {
  readonly from: number;
  readonly to: number;
  readonly ties: readonly Tie[];
}

export interface CompiledTier {
  readonly index: number;
  readonly tier: Tier;
  /** Its rules are from..to-1. */
  readonly from: number;
  readonly to: number;
  readonly ties: readonly Tie[];
  /** Nodes that some policy of the tier selects (semantics §6); null where nothing of the tier asks. */
  readonly selected: Readonly<Record<Direction, TriSet>> | null;
  /** The same policy by policy, in the order of the layer. */
  readonly selecting: Readonly<Record<Direction, readonly Selecting[]>>;
}

/** A policy of a tier and the nodes that it selects. */
export interface Selecting {
  readonly policy: Policy;
  readonly nodes: TriSet;
}

/** A rule that does not take part at the instant, kept so that `why` can say that it would have matched. */
export interface IdleRule {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly because: 'disabled' | 'staged' | 'expired' | 'outside its window';
}

export interface CompiledLayer {
  readonly index: number;
  readonly layer: Layer;
  readonly tiers: readonly CompiledTier[];
  readonly rules: readonly CompiledRule[];
  readonly idle: readonly IdleRule[];
  /** Nodes at which the layer judges: what it governs, without what it excludes (semantics §2a). */
  readonly points: TriSet;
}

export interface Ruleset {
  readonly universe: Universe;
  readonly at: Instant;
  readonly layers: readonly CompiledLayer[];
}
