// lint/staged: a rule or a policy that is staged and says no end: it waits for somebody to decide, and nobody is reminded.
import type { LintCheck } from '../../kit/check.ts';
import { makeFinding } from '../../kit/make.ts';

export const staged: LintCheck = {
  code: 'lint/staged',
  *run({ layers }) {
    for (const layer of layers) {
      for (const policy of layer.policies) {
        const things = policy.staged ? [policy] : policy.rules.filter((rule) => rule.staged);
        for (const thing of things) {
          if (thing.until !== null || policy.until !== null) continue;
          const what = thing === policy ? 'policy' : 'rule';
          yield makeFinding('lint/staged', `the ${what} \`${thing.id}\` is staged without an end`, thing.span, {
            layer: layer.name,
            about: thing.id,
            help: 'enable it, remove it, or say with `until` when that is to be decided',
          });
        }
      }
    }
  },
};
