// lint/expired: a rule or a policy whose end is over: it does nothing any more, and reads as if it did.
import { formatInstant } from '../../../../model/time.ts';
import type { LintCheck } from '../../kit/check.ts';
import { removeSpan } from '../../kit/edits.ts';
import { makeFinding } from '../../kit/make.ts';
import { endings } from './timed.ts';

export const expired: LintCheck = {
  code: 'lint/expired',
  *run(context) {
    for (const { layer, what, thing, until } of endings(context.layers)) {
      if (until > context.at) continue;
      yield makeFinding('lint/expired', `the ${what} \`${thing.id}\` ended at ${formatInstant(until)}`, thing.span, {
        layer: layer.name,
        about: thing.id,
        help: 'remove it, or give it a later end',
        fix: removeSpan(context, thing.span, `remove the ${what} \`${thing.id}\``),
      });
    }
  },
};
