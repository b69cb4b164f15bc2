// Judging by number is judging: for random worlds every pair of classes gets the outcome that the exact, explained walk
// gives, and a row of a source class is its pairs.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tracePair } from '../../src/evaluate/trace.ts';
import { formatServices } from '../../src/net/service-text.ts';
import { ALL_SERVICES, equalServices } from '../../src/net/services.ts';
import { evaluatorOf } from '../kit/ask.ts';
import { worlds } from '../properties/worlds.ts';

const verdicts = ['allow', 'drop', 'reject', 'unknown'] as const;

it('every pair of classes has the outcome of the exact walk, and every row is its pairs', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(worlds, (layers) => {
      const { lookup, judge, universe } = evaluatorOf(layers);
      const familyOf = (node: number) => universe.nodes[node]?.family;
      for (const [source, from] of lookup.source.representative.entries()) {
        const row = judge.row(source);
        for (const [destination, to] of lookup.destination.representative.entries()) {
          if (familyOf(from) !== familyOf(to)) continue;
          const id = judge.pair(source, destination);
          if (row[destination] !== id)
            expect([source, destination, row[destination]]).toEqual([source, destination, id]);
          const trace = tracePair(lookup, from, to, ALL_SERVICES, () => false);
          if (id === -1) {
            expect(trace.points).toEqual([]);
            continue;
          }
          const outcome = judge.outcome(id);
          for (const verdict of verdicts) {
            if (!equalServices(outcome[verdict], trace.outcome[verdict]))
              expect([verdict, formatServices(outcome[verdict])]).toEqual([
                verdict,
                formatServices(trace.outcome[verdict]),
              ]);
            if (formatServices(outcome[verdict]) !== 'nothing') seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
          }
        }
      }
    }),
    { numRuns: 10, seed: 20262 },
  );
  for (const verdict of verdicts) expect(seen.get(verdict)).toBeGreaterThan(20);
});

it('leaves out the points of a layer that does not judge a resident host', () => {
  const layers = fc.sample(worlds, { numRuns: 3, seed: 11 });
  for (const world of layers) {
    const { judge, lookup } = evaluatorOf(world);
    for (let source = 0; source < lookup.source.count; source++) {
      for (let destination = 0; destination < lookup.destination.count; destination++) {
        const trace = tracePair(
          lookup,
          lookup.source.representative[source] as number,
          lookup.destination.representative[destination] as number,
          ALL_SERVICES,
          () => true,
        );
        const id = judge.pair(source, destination, () => true);
        expect(id === -1).toBe(trace.points.length === 0);
        if (id !== -1) expect(equalServices(judge.outcome(id).allow, trace.outcome.allow)).toBe(true);
      }
    }
  }
});
