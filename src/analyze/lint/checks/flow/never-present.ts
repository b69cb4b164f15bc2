// lint/never-present: a rule whose scope holds neither its sources nor its destinations, so that it stands nowhere where
// one of its flows is judged.

import { intersectBits, isEmptyBits } from '../../../../base/bitset.ts';
import { remember } from '../../../../base/remember.ts';
import type { CompiledLayer, CompiledRule } from '../../../../compile/ruleset.ts';
import type { Rule } from '../../../../model/policy.ts';
import type { LintCheck } from '../../kit/check.ts';
import { removeRule } from '../../kit/edits.ts';
import { findFlow } from '../../kit/find-flow.ts';
import { makeFinding } from '../../kit/make.ts';

export const neverPresent: LintCheck = {
  code: 'lint/never-present',
  *run(context) {
    const { snapshot } = context;
    for (const layer of snapshot.evaluator.ruleset.layers) {
      // A rule with named ports has several forms, each for its own destinations.
      const forms = new Map<Rule, CompiledRule[]>();
      for (const item of layer.rules) remember(forms, item.rule, () => []).push(item);
      for (const [rule, items] of forms) {
        if (items.some((item) => isPresent(layer, item))) continue;
        const witness = findFirst(items, ({ source, destination, present, services }) =>
          [source, destination, present].some((set) => isEmptyBits(set.possible))
            ? null
            : findFlow(snapshot, source, destination, services, ({ decision }) => decision.points.length > 0),
        );
        if (witness === null) continue;
        const { policy } = items[0] as CompiledRule;
        const scope = policy.appliesTo !== null && policy.appliesTo.kind !== 'any' ? `policy \`${policy.id}\`` : 'it';
        yield makeFinding('lint/never-present', `\`${rule.id}\` stands nowhere where its flows are judged`, rule.span, {
          layer: layer.layer.name,
          about: rule.id,
          help: `what ${scope} applies to has neither its sources nor its destinations: let it apply to one of them`,
          witness,
          fix: removeRule(context, rule),
        });
      }
    }
  },
};

function isPresent({ points }: CompiledLayer, { out, in: into, source, destination, present }: CompiledRule): boolean {
  const here = intersectBits(present.possible, points.possible);
  const meets = (end: typeof source): boolean => !isEmptyBits(intersectBits(here, end.possible));
  return (out && meets(source)) || (into && meets(destination));
}

function findFirst<T, R>(items: readonly T[], find: (item: T) => R | null): R | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}
