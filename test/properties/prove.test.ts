// Proofs on random worlds against every pair and every chain one by one; what is said against a claim is decided again,
// by the evaluator and by the naive one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prove, type Stated } from '../../src/analyze/prove/prove.ts';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { decide } from '../../src/evaluate/decide.ts';
import type { Expectation, Invariant } from '../../src/model/expectation.ts';
import { sampleSize } from '../kit/sample-size.ts';
import { createOracle } from '../oracle/naive.ts';
import { pick, rarely, weighted } from './arbitrary.ts';
import { closed, isBroken, reachOf, tableOf } from './claims.ts';
import { describeWorld } from './describe-world.ts';
import { peer } from './peers.ts';
import { now as AT, icmpSets, match, serviceSets, sourcePortSets } from './pools.ts';
import { worlds } from './worlds.ts';

const SEED = 11;
const WORLDS = Number(process.env.PROOF_WORLDS ?? sampleSize(60));
const span = { file: 'claims', start: 0, end: 0 };

const service = weighted(
  [6, pick(...serviceSets, ...sourcePortSets, ...icmpSets).map((own) => match(own, { text: 'named' }))],
  [1, pick(...serviceSets).map((own) => match(own, { text: 'named', opaque: 'an L7 profile' }))],
  [
    1,
    fc.constant(
      match(serviceSets[0] ?? sourcePortSets[0] ?? ({} as never), {
        named: [{ name: 'metrics', protocol: 'udp', sourcePorts: null }],
        text: 'named',
      }),
    ),
  ],
);
const hops = fc.option(fc.integer({ min: 1, max: 3 }));
const claim: fc.Arbitrary<Invariant> = fc
  .record({
    kind: pick('never', 'only', 'no-path', 'replies'),
    source: peer(true),
    destination: peer(true),
    service,
    hops,
  })
  .map(({ kind, hops: most, ...flow }) =>
    kind === 'no-path' ? { kind, ...flow, hops: most, span } : ({ kind, ...flow, span } as Invariant),
  );
const budget: fc.Arbitrary<Expectation> = fc.record({
  kind: fc.constant('budget' as const),
  name: fc.constant('b'),
  module: fc.constant(null),
  of: peer(true),
  direction: pick<'from' | 'to'>('from', 'to'),
  hops,
  atMost: fc.integer({ min: 0, max: 8 }),
  span: fc.constant(span),
});

function asText(value: unknown): string {
  return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString(16) : item));
}

describe('proofs on random worlds', () => {
  it('hold exactly where no pair and no chain says otherwise', () => {
    const counts: Record<string, number> = {};
    const drawn = fc.sample(
      fc.tuple(
        worlds,
        fc.array(claim, { minLength: 6, maxLength: 6 }),
        fc.array(budget, { minLength: 2, maxLength: 2 }),
        rarely(2, fc.constant(1)),
      ),
      { seed: SEED, numRuns: WORLDS },
    );
    for (const [index, [drawnLayers, claims, budgets]] of drawn.entries()) {
      const base = index % 2 === 0 ? closed(drawnLayers) : drawnLayers;
      const invariant: Expectation = { kind: 'invariant', name: 'i', module: null, claims, span };
      const [first, ...rest] = base;
      if (first === undefined) throw new Error('a world has a layer');
      const layers = [{ ...first, expectations: [invariant, ...budgets] }, ...rest];
      const { snapshot } = buildSnapshot(layers, { at: AT });
      const stated = layers[0]?.expectations.map((expectation) => ({ layer: 0, expectation })) as readonly Stated[];
      const proofs = prove(stated, [{ at: AT, snapshot }]);
      const table = tableOf(snapshot.evaluator);
      const oracle = createOracle(layers, AT);
      for (const proof of proofs) {
        for (const [position, result] of proof.claims.entries()) {
          const { expectation } = proof;
          const show = expectation.kind === 'budget' ? expectation : claims[position];
          const where = (): string => `world ${index}: ${asText(show)}\n${describeWorld(layers)}`;
          let expected: string;
          let kind: string;
          if (expectation.kind === 'budget') {
            kind = `budget ${expectation.direction}`;
            const { sure, possible, perhaps, isEmpty } = reachOf(table, 0, expectation);
            const { atMost } = expectation;
            expected = isEmpty
              ? 'unproved'
              : possible + perhaps <= atMost
                ? 'holds'
                : sure > atMost
                  ? 'broken'
                  : 'unproved';
          } else {
            const own = claims[position] as Invariant;
            kind = own.kind;
            expected = { no: 'holds', maybe: 'unproved', yes: 'broken' }[isBroken(table, 0, own)];
          }
          counts[`${kind} ${result.outcome}`] = (counts[`${kind} ${result.outcome}`] ?? 0) + 1;
          if (result.outcome !== expected) expect(`${kind} ${result.outcome}`, where()).toBe(`${kind} ${expected}`);
          for (const { flows } of result.counterexamples) {
            for (const { question, decision } of flows) {
              const again = decide(snapshot.evaluator, question);
              expect(again.verdict, `world ${index}`).toBe(decision.verdict);
              expect(oracle(question).verdict, `world ${index}`).toBe(decision.verdict);
              expect(['allow', 'unknown'], `world ${index}`).toContain(decision.verdict);
              if (result.outcome === 'broken') expect(decision.verdict, `world ${index}`).toBe('allow');
              if (result.outcome === 'broken' && kind === 'replies')
                expect(again.reply, `world ${index}`).toBe('blocked');
            }
          }
        }
      }
    }
    console.log(`${WORLDS} worlds (seed ${SEED}): ${JSON.stringify(counts)}`);
    const kinds = ['never', 'only', 'no-path', 'replies', 'budget from', 'budget to'];
    // In few worlds the other answers are too rare to be sure of.
    const sure = ['never holds', 'never broken', 'only holds', 'only broken', 'no-path broken', 'budget from holds'];
    for (const each of sure) expect(counts[each] ?? 0, each).toBeGreaterThan(0);
    expect(kinds.every((kind) => Object.keys(counts).some((key) => key.startsWith(kind)))).toBe(true);
  }, 120_000);
});
