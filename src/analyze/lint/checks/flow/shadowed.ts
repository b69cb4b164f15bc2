// lint/shadowed: a rule that decides no flow, at no instant: earlier rules, one or several together, or defaults of
// earlier tiers take everything that it names.
import type { LintCheck } from '../../kit/check.ts';
import { removeRule } from '../../kit/edits.ts';
import { makeFinding } from '../../kit/make.ts';
import { witnessAt } from '../../kit/witness.ts';
import { describeOthers, noteOthers } from './others.ts';

export const shadowed: LintCheck = {
  code: 'lint/shadowed',
  *run(context) {
    for (const fact of context.facts().values()) {
      const { rule, taken, missed } = fact;
      if (taken !== null || missed === null || rule.action === 'pass') continue;
      yield makeFinding('lint/shadowed', `\`${rule.id}\` decides nothing: ${describeOthers(fact)}`, rule.span, {
        layer: context.layers[fact.layer]?.name ?? null,
        about: rule.id,
        notes: noteOthers(fact),
        help: 'remove it, or move it before what takes its flows',
        witness: witnessAt(missed),
        fix: removeRule(context, rule),
      });
    }
  },
};
