// On random worlds: a rule that is called dead never decides a flow to the naive evaluator, one that is not decides its
// witness; without a rule that is called needless the flows are the same. LINT_WORLDS sets how many worlds are judged.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowsDiffer } from '../../../src/analyze/diff/flows-differ.ts';
import { witnessAt } from '../../../src/analyze/lint/kit/witness.ts';
import { findRuleFacts, type Place } from '../../../src/analyze/lint/liveness/rule-facts.ts';
import type { CompiledLayer } from '../../../src/compile/ruleset.ts';
import { buildSnapshot, type Snapshot } from '../../../src/engine/pipeline.ts';
import type { Layer } from '../../../src/model/layer.ts';
import type { Rule } from '../../../src/model/policy.ts';
import { noon } from '../../kit/layers.ts';
import { createOracle } from '../../oracle/naive.ts';
import { describeWorld } from '../../properties/describe-world.ts';
import { worlds } from '../../properties/worlds.ts';

const SEED = 23;
const WORLDS = Number(process.env.LINT_WORLDS ?? 20);

/** Rules by id decided by the naive evaluator at the points of a flow. */
function without(layers: readonly Layer[], gone: Rule): readonly Layer[] {
  return layers.map((layer) => ({
    ...layer,
    policies: layer.policies.map((policy) => ({ ...policy, rules: policy.rules.filter((rule) => rule !== gone) })),
  }));
}

function isTied({ evaluator }: Snapshot, layer: number, rule: Rule): boolean {
  const { tiers, rules } = evaluator.ruleset.layers[layer] as CompiledLayer;
  const own = rules.filter((item) => item.rule === rule).map(({ index }) => index);
  return tiers.some(({ ties }) => ties.some(({ from, to }) => own.some((index) => from <= index && index < to)));
}

describe(`facts of rules, on ${WORLDS} random worlds (seed ${SEED})`, () => {
  it('agree with the naive evaluator', () => {
    const seen = { dead: 0, live: 0, needless: 0, ineffective: 0 };
    for (const layers of fc.sample(worlds, { seed: SEED, numRuns: WORLDS })) {
      const { snapshot, diagnostics } = buildSnapshot(layers, { at: noon });
      if (diagnostics.some((d) => d.severity === 'error')) continue;
      const oracle = createOracle(layers, noon);
      const { nodes } = snapshot.evaluator.universe;
      const blame = (rule: Rule, why: string): never => expect.fail(`${rule.id}: ${why}\n${describeWorld(layers)}`);
      for (const { rule, layer, taken, missed, isNeeded, isEffective } of findRuleFacts([
        { at: noon, snapshot },
      ]).values()) {
        const name = layers[layer]?.name;
        // `alone`: nobody else may decide it as well. Of tied rules that do the same only the first counts.
        const decides = (place: Place, alone: boolean): boolean | null => {
          const { question } = witnessAt(place);
          const { points } = oracle(question);
          // A question that means several addresses of one machine is none about this pair.
          if (points.length === 0) return null;
          const own = points.filter((point) => point.layer === name && point.by.includes(rule.id));
          return own.some(({ by }) => !alone || by.length === 1);
        };
        if (taken !== null) {
          seen.live++;
          // Which of tied rules decides is a matter of reading, and said of the tie as a whole.
          if (rule.action !== 'pass' && !isTied(snapshot, layer, rule) && decides(taken, false) === false)
            blame(rule, 'does not decide its witness');
          if (!isEffective) {
            seen.ineffective++;
            if (witnessAt(taken).decision.verdict === 'allow') blame(rule, 'is effective');
          }
        } else {
          seen.dead++;
          if (missed === null) continue;
          const step = Math.max(1, Math.floor(nodes.length / 4));
          for (let from = seen.dead % 3; from < nodes.length; from += step) {
            for (let to = seen.dead % 5; to < nodes.length; to += step) {
              if (nodes[from]?.family !== nodes[to]?.family) continue;
              if (decides({ ...missed, from, to }, true) === true) blame(rule, `decides ${from} -> ${to}`);
            }
          }
        }
        if (taken === null || isNeeded) continue;
        seen.needless++;
        const after = buildSnapshot(without(layers, rule), { at: noon }).snapshot;
        const difference = flowsDiffer(snapshot, after);
        if (difference !== null)
          blame(
            rule,
            `is missed: ${JSON.stringify(difference, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))}`,
          );
      }
    }
    expect(seen.dead).toBeGreaterThan(WORLDS / 2);
    expect(seen.live).toBeGreaterThan(WORLDS);
    expect(seen.needless).toBeGreaterThan(WORLDS / 4);
    expect(seen.ineffective).toBeGreaterThan(WORLDS / 10);
  }, 600_000);
});
