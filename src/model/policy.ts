// Tiers, policies and rules after names are resolved and before any inventory is known.
// Order, presence and matching are given by semantics §3–§6; `compile` implements them.

import type { ServiceSet } from '../net/services.ts';
import type { Span } from '../text/source.ts';
import type { Peer } from './peer.ts';
import type { ServiceMatch } from './service.ts';
import type { Instant, Window } from './time.ts';

/** `allow`, `drop`, `reject` are final at a point; `pass` leaves the tier; `log` never decides. */
export type Action = 'allow' | 'drop' | 'reject' | 'pass' | 'log';
export type Direction = 'in' | 'out';
export type FinalVerdict = 'allow' | 'drop' | 'reject';
export type Verdict = FinalVerdict | 'unknown';

export interface TierDefault {
  readonly verdict: FinalVerdict | 'pass';
  /** Applies only to points that a policy of the tier selects (semantics §6). */
  readonly whereSelected: boolean;
}

export interface Tier {
  readonly name: string;
  readonly default: TierDefault;
  /** What the tier decides; other protocols are `unknown` where it selects (semantics §10, Kubernetes). null: everything. */
  readonly decides: ServiceSet | null;
  /** An ethernet tier: judges below IP and never meets an IP flow's rules. */
  readonly ethernet: boolean;
  readonly span: Span | null;
}

/** What a policy and a rule have in common; a rule's own value wins where both speak, unless semantics §3 says otherwise. */
export interface Options {
  readonly appliesTo: Peer | null;
  readonly family: 4 | 6 | null;
  readonly stateless: boolean;
  readonly strict: boolean;
  readonly disabled: boolean;
  readonly staged: boolean;
  readonly log: boolean;
  readonly window: Window | null;
  readonly until: Instant | null;
  readonly reason: string | null;
  readonly owner: string | null;
  readonly ticket: string | null;
}

export interface Rule extends Options {
  readonly name: string;
  /** `module/policy.rule`, or `policy.rule` without a module; unique in its layer. */
  readonly id: string;
  readonly action: Action;
  /** With `pass`: the later tier to go to; null: the next. */
  readonly passTo: string | null;
  readonly direction: Direction | 'both';
  readonly source: Peer;
  readonly destination: Peer;
  readonly service: ServiceMatch;
  /** The action as the platform writes it, where import lowered it (semantics §10, serial rule sets). */
  readonly originalAction: string | null;
  /** The order within the policy where the platform numbers its rules: equal numbers tie. null: file order. */
  readonly sequence: number | null;
  /** The rule is known only in part: it matches as a maybe, and this says why. null: known. */
  readonly opaque: string | null;
  readonly doc: string | null;
  readonly span: Span | null;
}

export interface Policy extends Options {
  readonly name: string;
  /** `module/policy`, or `policy` without a module. */
  readonly id: string;
  readonly tier: string;
  /** Lower first; equal numbers are ties, resolved by the dialect. */
  readonly priority: number;
  /** Declared directions; null: those of its rules. */
  readonly directions: readonly Direction[] | null;
  /** Present at these points only, whatever it and its rules say (semantics §3, projects). Absent: no such limit. */
  readonly within?: Peer;
  readonly rules: readonly Rule[];
  readonly doc: string | null;
  readonly span: Span | null;
}

export const noOptions: Options = {
  appliesTo: null,
  family: null,
  stateless: false,
  strict: false,
  disabled: false,
  staged: false,
  log: false,
  window: null,
  until: null,
  reason: null,
  owner: null,
  ticket: null,
};
