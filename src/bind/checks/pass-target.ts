// `pass` goes on to the next tier, `pass to TIER` to a later one: a rule that has nowhere to go would never decide.

import { listNames } from '../../base/bounded-suggest.ts';
import type { PartSpans } from '../../model/part-spans.ts';
import type { Rule, Tier } from '../../model/policy.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Check } from './check.ts';

/** The position of each tier, by name, in order. */
export type TierOrder = ReadonlyMap<string, number>;

/** The order of a root's tiers. */
export function orderTiers(tiers: readonly Tier[]): TierOrder {
  return new Map(tiers.map(({ name }, i) => [name, i]));
}

/** Judges every rule that passes. */
export const checkPassTargets: Check = function* (layer, spans) {
  const order = orderTiers(layer.tiers);
  for (const policy of layer.policies) {
    for (const rule of policy.rules) yield* checkPassTarget(rule, policy.tier, order, spans);
  }
};

/** Judges one rule in a tier. */
export function* checkPassTarget(rule: Rule, tier: string, order: TierOrder, spans: PartSpans): Generator<Diagnostic> {
  if (rule.action !== 'pass') return;
  const from = order.get(tier) ?? 0;
  if (from === order.size - 1) {
    yield error('check/pass-target', `\`${tier}\` is the last tier: there is nothing to pass to`, rule.span, {
      help: 'write `allow`, `drop` or `reject`',
    });
    return;
  }
  if (rule.passTo === null || (order.get(rule.passTo) ?? 0) > from) return;
  const what =
    rule.passTo === tier ? `\`${tier}\` is this rule's own tier` : `\`${rule.passTo}\` comes before \`${tier}\``;
  yield error('check/pass-target', `${what}: a rule passes to a later one`, spans.of(rule, 'pass-to') ?? rule.span, {
    help: `the later tiers are ${listNames([...order.keys()].slice(from + 1))}`,
  });
}
