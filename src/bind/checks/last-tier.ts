// The last tier decides whatever nothing before it decided, so that its default is a verdict for every point.

import { error } from '../../text/diagnostic.ts';
import type { Check } from './check.ts';

/** Judges the last tier that judges IP flows. */
export const checkLastTier: Check = function* (layer) {
  const last = layer.tiers.filter((tier) => !tier.ethernet).at(-1);
  if (last === undefined) {
    yield error('check/last-tier-passes', 'no tier judges IP flows', layer.tiers.at(-1)?.span ?? null, {
      help: 'add a tier after the ethernet one, such as `application default drop`',
    });
    return;
  }
  if (last.default.verdict !== 'pass' && !last.default.whereSelected) return;
  const why = last.default.verdict === 'pass' ? 'passes on' : 'decides only where a policy selects';
  yield error('check/last-tier-passes', `\`${last.name}\` is the last tier and ${why}`, last.span, {
    help: `write what happens when nothing matched: \`${last.name} default drop\``,
  });
};
