// Which points a policy selects in its tier (semantics §6): an enabled policy that is present there and has the direction.
// Windows and expiry do not matter; what is disabled or staged, a policy or a rule of it, does not select.

import { type TriSet, triUnion } from '../base/tri-set.ts';
import type { Dialect } from '../model/dialect.ts';
import type { Peer } from '../model/peer.ts';
import { type Direction, noOptions, type Policy, type Rule } from '../model/policy.ts';
import { scopeOf } from './presence.ts';

/** The nodes that the policy selects in the direction, or null for none. `everywhere` is the set of all nodes. */
export function selectedBy(
  policy: Policy,
  direction: Direction,
  dialect: Dialect,
  evaluateScope: (peer: Peer) => TriSet,
  everywhere: TriSet,
): TriSet | null {
  if (policy.disabled || policy.staged) return null;
  const directions: readonly Direction[] = dialect.selection === 'any-direction' ? ['in', 'out'] : [direction];
  const enabled = policy.rules.filter((rule) => !rule.disabled && !rule.staged);
  const sets = directions.flatMap((own) => {
    const rules = enabled.filter((rule) => rule.direction === own || rule.direction === 'both');
    if (!(policy.directions?.includes(own) ?? rules.length > 0)) return [];
    return [presence(policy, policy.directions === null ? rules : enabled, evaluateScope, everywhere)];
  });
  return sets.length === 0 ? null : sets.reduce(triUnion);
}

/** Where a policy is present: its own scope, else those of its rules (semantics §3). */
function presence(
  policy: Policy,
  rules: readonly Rule[],
  evaluateScope: (peer: Peer) => TriSet,
  everywhere: TriSet,
): TriSet {
  const scopes = (rules.length === 0 ? [noOptions] : rules).map((rule) => scopeOf(policy, rule));
  return scopes.map((scope) => (scope === null ? everywhere : evaluateScope(scope))).reduce(triUnion);
}
