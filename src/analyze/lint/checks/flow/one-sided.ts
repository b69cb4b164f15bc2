// lint/one-sided: a rule that allows flows at one end, none of which is allowed at the other.
import type { LintCheck } from '../../kit/check.ts';
import { makeFinding } from '../../kit/make.ts';
import { witnessAt } from '../../kit/witness.ts';

export const oneSided: LintCheck = {
  code: 'lint/one-sided',
  *run(context) {
    for (const { rule, taken, isEffective, layer } of context.facts().values()) {
      if (taken === null || isEffective) continue;
      const witness = witnessAt(taken);
      const [own, other] = taken.direction === 'out' ? ['going out', 'coming in'] : ['coming in', 'going out'];
      const denying = witness.decision.points.find(({ verdict }) => verdict === 'drop' || verdict === 'reject');
      yield makeFinding(
        'lint/one-sided',
        `\`${rule.id}\` allows in vain: what it allows ${own} is denied ${other}`,
        rule.span,
        {
          layer: context.layers[layer]?.name ?? null,
          about: rule.id,
          notes:
            denying?.rule == null
              ? []
              : [{ message: `\`${denying.rule}\` denies it at the other end`, span: denying.span }],
          help: `allow it ${other} as well, or remove the rule`,
          witness,
        },
      );
    }
  },
};
