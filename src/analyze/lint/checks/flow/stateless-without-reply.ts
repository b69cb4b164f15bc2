// lint/stateless-without-reply: a rule that keeps no state allows flows whose answers nothing lets back.
import type { LintCheck } from '../../kit/check.ts';
import { compiledOf, findFlow } from '../../kit/find-flow.ts';
import { makeFinding } from '../../kit/make.ts';

export const statelessWithoutReply: LintCheck = {
  code: 'lint/stateless-without-reply',
  *run(context) {
    const { snapshot } = context;
    for (const { rule, policy, taken, isEffective, layer } of context.facts().values()) {
      const keepsNone = rule.stateless || policy.stateless;
      if (!keepsNone || rule.action !== 'allow' || taken === null || !isEffective) continue;
      for (const { source, destination, services } of compiledOf(snapshot, layer, rule)) {
        const witness = findFlow(
          snapshot,
          source,
          destination,
          services,
          ({ decision }) => decision.reply === 'blocked' && decision.points.some((point) => point.rule === rule.id),
        );
        if (witness === null) continue;
        yield makeFinding(
          'lint/stateless-without-reply',
          `\`${rule.id}\` keeps no state, and answers are not allowed`,
          rule.span,
          {
            layer: context.layers[layer]?.name ?? null,
            about: rule.id,
            help: 'allow the answers by a rule the other way round, with the ports exchanged, or leave out `stateless`',
            witness,
          },
        );
        break;
      }
    }
  },
};
