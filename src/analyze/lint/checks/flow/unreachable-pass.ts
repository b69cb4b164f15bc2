// lint/unreachable-pass: a rule that passes no flow on, because earlier rules or defaults of earlier tiers have decided
// all that it names.
import type { LintCheck } from '../../kit/check.ts';
import { removeRule } from '../../kit/edits.ts';
import { makeFinding } from '../../kit/make.ts';
import { witnessAt } from '../../kit/witness.ts';
import { describeOthers, noteOthers } from './others.ts';

export const unreachablePass: LintCheck = {
  code: 'lint/unreachable-pass',
  *run(context) {
    for (const fact of context.facts().values()) {
      const { rule, taken, missed } = fact;
      if (taken !== null || missed === null || rule.action !== 'pass') continue;
      yield makeFinding(
        'lint/unreachable-pass',
        `\`${rule.id}\` passes nothing on: ${describeOthers(fact)}`,
        rule.span,
        {
          layer: context.layers[fact.layer]?.name ?? null,
          about: rule.id,
          notes: noteOthers(fact),
          help: 'remove it, or move it before what decides its flows',
          witness: witnessAt(missed),
          fix: removeRule(context, rule),
        },
      );
    }
  },
};
