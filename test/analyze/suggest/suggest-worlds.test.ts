// In random worlds every suggestion does what it says: the naive evaluator allows, or denies, the flow afterwards, and as
// many other pairs change as brute force counts. Nothing is suggested past a denial of a higher tier.
// SUGGEST_WORLDS sets how many worlds are looked at.
import { describe, expect, it } from 'vitest';
import { suggest } from '../../../src/analyze/suggest/suggest.ts';
import { changesNothingElse, type Wanted } from '../../../src/analyze/suggest/suggestion.ts';
import { makeBaseline } from '../../../src/analyze/what-if/what-if.ts';
import { buildSnapshot, type Snapshot } from '../../../src/engine/pipeline.ts';
import type { Question } from '../../../src/model/question.ts';
import { NO_SERVICES } from '../../../src/net/services.ts';
import { hasErrors } from '../../../src/text/diagnostic.ts';
import { sampleSize } from '../../kit/sample-size.ts';
import { createOracle } from '../../oracle/naive.ts';
import { randomWorlds } from '../../properties/compare.ts';
import { describeQuestion } from '../../properties/describe-world.ts';
import { changeText, endsOf, expectedChange, isPair } from '../diff/brute-force.ts';
import { AT } from './kit.ts';

const SEED = 7;
const WORLDS = Number(process.env.SUGGEST_WORLDS ?? sampleSize(15));
const NOTHING = changeText(NO_SERVICES, NO_SERVICES, NO_SERVICES, NO_SERVICES);

/** Ordered pairs of different endpoints between which something changes. */
function changedPairs(before: Snapshot, after: Snapshot): number {
  const ends = endsOf(before.evaluator, after.evaluator).filter(({ endpoint }) => endpoint !== null);
  const changed = expectedChange(before.evaluator, after.evaluator);
  const found = new Set<string>();
  for (const source of ends) {
    for (const destination of ends) {
      if (!isPair(source, destination) || changed(source, destination) === NOTHING) continue;
      found.add(`${source.endpoint} ${destination.endpoint}`);
    }
  }
  return found.size;
}

describe('suggestions in random worlds', () => {
  it('do what they say', () => {
    const seen = { suggestions: 0, alone: 0, exceptions: 0, refused: 0 };
    const kinds = new Set<string>();
    for (const layers of randomWorlds(WORLDS, SEED)) {
      const built = buildSnapshot(
        layers.map((layer) => ({ ...layer, expectations: [] })),
        { at: AT },
      );
      if (hasErrors(built.diagnostics)) continue;
      const { snapshot } = built;
      const ids = layers.flatMap(({ world }) => world.workloads.map(({ id }) => id));
      const asked = [0, 1].flatMap((i) => {
        const [source, destination] = [ids[i], ids[ids.length - 1 - i]];
        return source === undefined || destination === undefined || source === destination
          ? []
          : [[source, destination] as const];
      });
      for (const [source, destination] of asked) {
        const question: Question = {
          source: { kind: 'workload', id: source, interface: null },
          destination: { kind: 'workload', id: destination, interface: null },
          family: null,
          service: { protocol: 6, a: 443, b: null },
        };
        for (const wanted of ['allow', 'deny'] as const satisfies readonly Wanted[]) {
          const { isAlready, suggestions, exceptions, obstacles } = suggest(makeBaseline(snapshot), question, wanted);
          if (isAlready) continue;
          if (suggestions.length === 0) expect(obstacles.length).toBeGreaterThan(0);
          seen.refused += suggestions.length === 0 ? 1 : 0;
          seen.exceptions += exceptions.length;
          for (const { edits, after, cost, overrides, diff } of suggestions) {
            seen.suggestions++;
            for (const { kind } of edits) kinds.add(kind);
            expect(overrides).toEqual([]);
            const oracle = createOracle(after.layers, AT);
            const verdicts = wanted === 'allow' ? ['allow'] : ['drop', 'reject'];
            const answer = oracle({ ...question, service: { protocol: 6, a: 443, b: 40_000 } });
            expect(verdicts, describeQuestion(question)).toContain(answer.verdict);
            expect(cost.otherPairs).toBe(changedPairs(snapshot, after) - 1);
            if (changesNothingElse(cost)) {
              seen.alone++;
              expect([diff.gained.length, diff.lost.length].sort()).toEqual([0, 1]);
            }
          }
        }
      }
    }
    expect(seen.suggestions).toBeGreaterThan(WORLDS);
    expect(seen.alone).toBeGreaterThan(0);
    expect([...kinds].sort()).toContain('rule');
  });
});
