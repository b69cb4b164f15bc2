// Whether a rule could be taken away at all without more being changed than what it decides. Where that is not plain it
// counts as needed: a record that it writes, a demand on connections, a reply that would be lost, a selection.
import type { CompiledLayer } from '../../../compile/ruleset.ts';
import type { Direction, Options, Policy, Rule } from '../../../model/policy.ts';

export function canBeNeedless({ tiers }: CompiledLayer, policy: Policy, rule: Rule): boolean {
  const has = (option: (of: Options) => boolean): boolean => option(policy) || option(rule);
  if (has((of) => of.log) || has((of) => of.strict) || has((of) => of.stateless)) return false;
  const tier = tiers.find((own) => own.tier.name === policy.tier);
  return tier?.selected == null || selectsWithout(policy, rule);
}

/** Whether the policy selects the same points without the rule (semantics §6), as far as that is plain to see. */
function selectsWithout(policy: Policy, rule: Rule): boolean {
  const hasScope = policy.appliesTo !== null && policy.appliesTo.kind !== 'any';
  const others = policy.rules.filter((other) => other !== rule && !other.disabled && !other.staged);
  const isAlike = (other: Rule): boolean => hasScope || other.appliesTo === rule.appliesTo;
  if (policy.directions !== null) return hasScope || others.some(isAlike);
  const directions: readonly Direction[] = rule.direction === 'both' ? ['in', 'out'] : [rule.direction];
  return directions.every((own) =>
    others.some((other) => isAlike(other) && (other.direction === own || other.direction === 'both')),
  );
}
