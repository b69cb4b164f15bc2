// lint/expiring: a rule or a policy that ends within a month. What that does to flows, `bulkhead expiring` shows.
import { formatInstant } from '../../../../model/time.ts';
import type { LintCheck } from '../../kit/check.ts';
import { makeFinding } from '../../kit/make.ts';
import { endings } from './timed.ts';

const DAY = 24 * 60 * 60 * 1000;
const SOON = 30 * DAY;

export const expiring: LintCheck = {
  code: 'lint/expiring',
  *run({ layers, at }) {
    for (const { layer, what, thing, until } of endings(layers)) {
      if (until <= at || until > at + SOON) continue;
      const days = Math.ceil((until - at) / DAY);
      const when = days === 1 ? 'within a day' : `in ${days} days`;
      yield makeFinding(
        'lint/expiring',
        `the ${what} \`${thing.id}\` ends ${when}, at ${formatInstant(until)}`,
        thing.span,
        {
          layer: layer.name,
          about: thing.id,
          help: 'give it a later end if it is still needed then',
        },
      );
    }
  },
};
