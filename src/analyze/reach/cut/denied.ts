// The same layers with some allow rules denying instead: as an evaluator that shares everything but the judgement, for
// trying, and as layers compiled anew, for proof.

import type { CompiledRule } from '../../../compile/ruleset.ts';
import { buildSnapshot, type Snapshot } from '../../../engine/pipeline.ts';
import type { Evaluator } from '../../../evaluate/evaluator.ts';
import { createJudge } from '../../../evaluate/judge.ts';
import type { Layer } from '../../../model/layer.ts';

/** A rule of a layer. Its compiled forms, one for each meaning of its ports, go together. */
export interface CutRule {
  readonly layer: number;
  readonly id: string;
}

export function cutKey({ layer, id }: CutRule): string {
  return `${layer} ${id}`;
}

/** An evaluator in which these rules drop what they match. Only its judgement of pairs is changed. */
export function denying(evaluator: Evaluator, cut: readonly CutRule[]): Evaluator {
  const keys = new Set(cut.map(cutKey));
  const { ruleset } = evaluator;
  const layers = ruleset.layers.map((layer) => {
    const deny = (rule: CompiledRule): CompiledRule =>
      keys.has(cutKey({ layer: layer.index, id: rule.rule.id })) ? { ...rule, action: 'drop' } : rule;
    return { ...layer, rules: layer.rules.map(deny) };
  });
  const lookup = { ...evaluator.lookup, ruleset: { ...ruleset, layers } };
  return { ...evaluator, ruleset: lookup.ruleset, lookup, judge: createJudge(lookup) };
}

/** The snapshot with these rules written as drops. */
export function withDenied({ layers, at }: Snapshot, cut: readonly CutRule[]): Snapshot {
  const keys = new Set(cut.map(cutKey));
  const changed = layers.map((layer, index): Layer => {
    if (!cut.some((rule) => rule.layer === index)) return layer;
    const policies = layer.policies.map((policy) => ({
      ...policy,
      rules: policy.rules.map((rule) =>
        keys.has(cutKey({ layer: index, id: rule.id })) ? { ...rule, action: 'drop' as const } : rule,
      ),
    }));
    return { ...layer, policies };
  });
  return buildSnapshot(changed, { at }).snapshot;
}
