// Rules and policies that time does something to: what several checks look through.
import type { Layer } from '../../../../model/layer.ts';
import type { Policy, Rule } from '../../../../model/policy.ts';
import type { Instant } from '../../../../model/time.ts';

/** A policy, or (of a policy that has no end itself) a rule. */
export interface Ending {
  readonly layer: Layer;
  readonly what: 'policy' | 'rule';
  readonly thing: Policy | Rule;
  readonly until: Instant;
}

/** Everything that has an end and is not switched off. */
export function* endings(layers: readonly Layer[]): Generator<Ending> {
  for (const layer of layers) {
    for (const policy of layer.policies) {
      if (policy.disabled) continue;
      if (policy.until !== null) yield { layer, what: 'policy', thing: policy, until: policy.until };
      for (const rule of policy.rules) {
        if (rule.disabled || rule.until === null || (policy.until !== null && policy.until <= rule.until)) continue;
        yield { layer, what: 'rule', thing: rule, until: rule.until };
      }
    }
  }
}
