// Where a rule is present (semantics §3): its policy's scope; where the policy has none, its own; else everywhere; and
// of that only what its policy is confined to. Who a scope means is asked of `graph`.

import type { Peer } from '../model/peer.ts';
import type { Options, Policy } from '../model/policy.ts';

/** The scope that counts for the rule, or null for none: `any` on the policy is as good as none there. */
export function scopeOf(policy: Options & Pick<Policy, 'within'>, rule: Options): Peer | null {
  const scope = policy.appliesTo === null || policy.appliesTo.kind === 'any' ? rule.appliesTo : policy.appliesTo;
  if (policy.within === undefined) return scope;
  return scope === null || scope.kind === 'any' ? policy.within : { kind: 'intersect', of: [scope, policy.within] };
}
