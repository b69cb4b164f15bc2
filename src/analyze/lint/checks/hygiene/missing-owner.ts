// lint/missing-owner: a rule for which nobody answers, neither by itself nor by its policy. Runs where it is asked for.
import type { LintCheck } from '../../kit/check.ts';
import { makeFinding } from '../../kit/make.ts';

export const missingOwner: LintCheck = {
  code: 'lint/missing-owner',
  isOptional: true,
  *run({ layers }) {
    for (const layer of layers) {
      for (const policy of layer.policies) {
        if (policy.owner !== null) continue;
        const without = policy.rules.filter((rule) => rule.owner === null);
        if (without.length === 0) continue;
        const isAll = without.length === policy.rules.length;
        for (const thing of isAll ? [policy] : without) {
          yield makeFinding('lint/missing-owner', `\`${thing.id}\` has no owner`, thing.span, {
            layer: layer.name,
            about: thing.id,
            help: 'write `owner "…"` in the policy, or behind the rule',
          });
        }
      }
    }
  },
};
