// The look-up gives exactly the rules that a scan over all compiled rules finds, in order, with the same certainty.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { triAnd, triValue } from '../../src/base/tri-set.ts';
import { buildLookup } from '../../src/compile/lookup.ts';
import { lower } from '../../src/compile/lower.ts';
import type { CompiledRule } from '../../src/compile/ruleset.ts';
import { createMembership } from '../../src/graph/membership.ts';
import { buildUniverse } from '../../src/graph/universe.ts';
import type { Direction } from '../../src/model/policy.ts';
import { noon } from '../kit/layers.ts';
import { worlds } from '../properties/worlds.ts';

it('finds what a scan finds', () => {
  let found = 0;
  let doubtful = 0;
  fc.assert(
    fc.property(worlds, (layers) => {
      const { universe } = buildUniverse(layers);
      const { ruleset } = lower(createMembership(universe), noon);
      const lookup = buildLookup(ruleset);
      for (const layer of ruleset.layers) {
        for (const direction of ['out', 'in'] as const satisfies readonly Direction[]) {
          for (let source = 0; source < universe.nodes.length; source++) {
            for (let destination = 0; destination < universe.nodes.length; destination += 5) {
              if (universe.nodes[source]?.family !== universe.nodes[destination]?.family) continue;
              const own = direction === 'out' ? source : destination;
              const match = (rule: CompiledRule) => {
                if (
                  !rule[direction] ||
                  (rule.family ?? universe.nodes[source]?.family) !== universe.nodes[source]?.family
                )
                  return 'no';
                const known = triAnd(
                  triValue(rule.source, source),
                  triValue(rule.destination, destination),
                  triValue(rule.present, own),
                );
                return known === 'yes' && rule.opaque !== null ? 'maybe' : known;
              };
              const expected = layer.rules.flatMap((rule) =>
                match(rule) === 'no' ? [] : [`${rule.index} ${match(rule)}`],
              );
              const actual: string[] = [];
              lookup.matches(
                layer.index,
                direction,
                lookup.source.of[source] as number,
                lookup.destination.of[destination] as number,
                (rule, isCertain) => {
                  actual.push(`${rule.index} ${isCertain ? 'yes' : 'maybe'}`);
                  return false;
                },
              );
              if (actual.join() !== expected.join()) expect(actual).toEqual(expected);
              found += actual.length;
              doubtful += actual.filter((item) => item.endsWith('maybe')).length;
            }
          }
        }
      }
    }),
    { numRuns: 20, seed: 20261 },
  );
  expect(found).toBeGreaterThan(1000);
  expect(doubtful).toBeGreaterThan(10);
});

it('ends the search when the visitor has seen enough', () => {
  const layers = fc.sample(worlds, { numRuns: 1, seed: 4 })[0] ?? [];
  const { universe } = buildUniverse(layers);
  const lookup = buildLookup(lower(createMembership(universe), noon).ruleset);
  for (let source = 0; source < lookup.source.count; source++) {
    for (let destination = 0; destination < lookup.destination.count; destination++) {
      let seen = 0;
      lookup.matches(0, 'out', source, destination, () => ++seen === 1);
      expect(seen).toBeLessThanOrEqual(1);
    }
  }
});
