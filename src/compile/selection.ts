// Which points a policy selects in its tier (semantics §6): an enabled policy that is present there and has the direction.
// Windows and expiry do not matter; disabled and staged policies do not select.

import { type TriSet, triUnion } from '../base/tri-set.ts';
import type { Dialect } from '../model/dialect.ts';
import type { Peer } from '../model/peer.ts';
import type { Direction, Policy, Rule } from '../model/policy.ts';

/** The nodes that the policy selects in the direction, or null for none. `everywhere` is the set of all nodes. */
export function selectedBy(
  policy: Policy,
  direction: Direction,
  dialect: Dialect,
  evaluate: (peer: Peer) => TriSet,
  everywhere: TriSet,
): TriSet | null {
  if (policy.disabled || policy.staged) return null;
  const directions: readonly Direction[] = dialect.selection === 'any-direction' ? ['in', 'out'] : [direction];
  const sets = directions.flatMap((own) => {
    const rules = policy.rules.filter((rule) => rule.direction === own || rule.direction === 'both');
    if (!(policy.directions?.includes(own) ?? rules.length > 0)) return [];
    return [presence(policy, policy.directions === null ? rules : policy.rules, evaluate, everywhere)];
  });
  return sets.length === 0 ? null : sets.reduce(triUnion);
}

/** Where a policy is present: its own scope, else those of its rules (semantics §3). */
function presence(
  policy: Policy,
  rules: readonly Rule[],
  evaluate: (peer: Peer) => TriSet,
  everywhere: TriSet,
): TriSet {
  if (policy.appliesTo !== null) return evaluate(policy.appliesTo);
  if (rules.length === 0) return everywhere;
  return rules.map((rule) => (rule.appliesTo === null ? everywhere : evaluate(rule.appliesTo))).reduce(triUnion);
}
