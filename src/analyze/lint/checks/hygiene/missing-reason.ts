// lint/missing-reason: a rule that does not say why it is there: no reason, no ticket and no documentation, neither of its
// own nor of its policy. Runs where it is asked for.
import type { Policy, Rule } from '../../../../model/policy.ts';
import type { LintCheck } from '../../kit/check.ts';
import { makeFinding } from '../../kit/make.ts';

export const missingReason: LintCheck = {
  code: 'lint/missing-reason',
  isOptional: true,
  *run({ layers }) {
    for (const layer of layers) {
      for (const policy of layer.policies) {
        if (isExplained(policy)) continue;
        for (const rule of policy.rules) {
          if (isExplained(rule)) continue;
          yield makeFinding('lint/missing-reason', `\`${rule.id}\` does not say why it is there`, rule.span, {
            layer: layer.name,
            about: rule.id,
            help: 'write `reason "…"` or `ticket "…"`, or a comment with `///` above it',
          });
        }
      }
    }
  },
};

function isExplained({ reason, ticket, doc }: Policy | Rule): boolean {
  return reason !== null || ticket !== null || doc !== null;
}
