// lint/redundant: a rule that decides flows, every one of which would get the same verdict without it. Where that is so
// only because a dead rule would step in, the dead one is what is reported.
import type { LintCheck } from '../../kit/check.ts';
import { removeRule } from '../../kit/edits.ts';
import { listSome, makeFinding } from '../../kit/make.ts';
import { witnessAt } from '../../kit/witness.ts';
import { namesOf, noteOthers } from './others.ts';

export const redundant: LintCheck = {
  code: 'lint/redundant',
  *run(context) {
    const facts = context.facts();
    for (const fact of facts.values()) {
      const { rule, taken, isNeeded, others } = fact;
      if (taken === null || isNeeded) continue;
      if ([...others].some((other) => facts.get(other.rule)?.taken === null)) continue;
      const names = namesOf(fact);
      const verb = names.length > 1 ? 'do' : 'does';
      const instead = names.length === 0 ? 'nothing changes without it' : `${listSome(names)} ${verb} the same`;
      yield makeFinding('lint/redundant', `\`${rule.id}\` changes nothing: ${instead}`, rule.span, {
        layer: context.layers[fact.layer]?.name ?? null,
        about: rule.id,
        notes: noteOthers(fact),
        help: 'remove it, or make it record what it matches with `log` if that is what it is for',
        witness: witnessAt(taken),
        fix: removeRule(context, rule),
      });
    }
  },
};
