// Where a policy says what it applies to, what its rules say has no effect (semantics §3).

import { warning } from '../../text/diagnostic.ts';
import type { Check } from './check.ts';

/** Judges the rules of policies with an `applies to` of their own. */
export const checkScopeIgnored: Check = function* (layer, spans) {
  for (const policy of layer.policies) {
    if (policy.appliesTo === null) continue;
    for (const rule of policy.rules) {
      if (rule.appliesTo === null) continue;
      yield warning(
        'check/scope-ignored',
        `\`${policy.name}\` already says what its rules apply to`,
        spans.of(rule, 'applies-to') ?? rule.span,
        {
          notes: [{ message: 'what the policy applies to decides', span: spans.of(policy, 'applies-to') }],
          help: 'take it away here, or from the policy and write it in every rule',
        },
      );
    }
  }
};
