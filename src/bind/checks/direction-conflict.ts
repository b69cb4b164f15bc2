// A policy that declares its directions has no rules of another.

import { error } from '../../text/diagnostic.ts';
import type { Check } from './check.ts';

/** Judges the rules of policies that declare directions. */
export const checkDirections: Check = function* (layer, spans) {
  for (const { directions, name, rules } of layer.policies) {
    if (directions === null) continue;
    for (const rule of rules) {
      const { direction } = rule;
      if (direction === 'both' || directions.includes(direction)) continue;
      yield error(
        'check/direction-conflict',
        `\`${name}\` has the directions ${directions.map((each) => `\`${each}\``).join(', ')}, this rule has \`${direction}\``,
        spans.of(rule, 'name') ?? rule.span,
        { help: 'write `directions in, out` in the policy, or move the rule' },
      );
    }
  }
};
