// Where a rule is present (semantics §3): its policy's scope; where the policy has none, its own; else everywhere.
// Who a scope means is asked of `graph`.

import type { Peer } from '../model/peer.ts';
import type { Options } from '../model/policy.ts';

/** The scope that counts for the rule, or null for none: `any` on the policy is as good as none there. */
export function scopeOf(policy: Options, rule: Options): Peer | null {
  return policy.appliesTo === null || policy.appliesTo.kind === 'any' ? rule.appliesTo : policy.appliesTo;
}
