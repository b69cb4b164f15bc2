// `pass` goes on to the next tier, `pass to TIER` to a later one: a rule that has nowhere to go would never decide.

import type { PartSpans } from '../../model/part-spans.ts';
import type { Rule, Tier } from '../../model/policy.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Check } from './check.ts';

/** Judges every rule that passes. */
export const checkPassTargets: Check = function* (layer, spans) {
  for (const policy of layer.policies) {
    for (const rule of policy.rules) yield* checkPassTarget(rule, policy.tier, layer.tiers, spans);
  }
};

/** Judges one rule in a tier. */
export function* checkPassTarget(
  rule: Rule,
  tier: string,
  tiers: readonly Tier[],
  spans: PartSpans,
): Generator<Diagnostic> {
  if (rule.action !== 'pass') return;
  const names = tiers.map(({ name }) => name);
  const from = names.indexOf(tier);
  const later = names.slice(from + 1);
  if (later.length === 0) {
    yield error('check/pass-target', `\`${tier}\` is the last tier: there is nothing to pass to`, rule.span, {
      help: 'write `allow`, `drop` or `reject`',
    });
  } else if (rule.passTo !== null && !later.includes(rule.passTo)) {
    const what =
      rule.passTo === tier ? `\`${tier}\` is this rule's own tier` : `\`${rule.passTo}\` comes before \`${tier}\``;
    yield error('check/pass-target', `${what}: a rule passes to a later one`, spans.of(rule, 'pass-to') ?? rule.span, {
      help: `the later tiers are ${later.map((name) => `\`${name}\``).join(', ')}`,
    });
  }
}
