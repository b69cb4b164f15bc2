// Judges one source class against every destination class at once: the state of each destination is kept in an array,
// and each rule of the source touches only the destinations it names. Most rules name few, so that a row costs little
// more than its length.

import type { Tri } from '../base/tri-set.ts';
import type { Lookup } from '../compile/lookup.ts';
import type { CompiledLayer } from '../compile/ruleset.ts';
import type { Direction } from '../model/policy.ts';
import type { Automaton } from './automaton.ts';

/** Calls `visit` with each destination class and the outcome numbers at both points; -1 where there is none. */
export type LayerRows = (
  sourceClass: number,
  visit: (destinationClass: number, out: number, into: number) => void,
) => void;

type PerDirection<T> = Readonly<Record<Direction, T>>;

export function judgeRows(
  lookup: Lookup,
  layer: CompiledLayer,
  automaton: Automaton,
  hasPoint: PerDirection<readonly Tri[]>,
  selected: readonly (PerDirection<readonly Tri[]> | null)[],
  pair: (direction: Direction, source: number, destination: number) => number,
): LayerRows {
  const { count } = lookup.destination;
  const families = [lookup.source, lookup.destination].map((classes) =>
    Uint8Array.from(classes.representative, (node) => lookup.ruleset.universe.nodes[node]?.family ?? 0),
  ) as [Uint8Array, Uint8Array];
  const hasTies = layer.tiers.some((tier) => tier.ties.length > 0);
  // Where every rule stands at both ends alike, one walk serves both points.
  const isUniform =
    layer.tiers.every((tier) => tier.selected === null) &&
    layer.rules.every((rule) => rule.out && rule.in && rule.policy.appliesTo === null && rule.rule.appliesTo === null);
  const states = { out: new Int32Array(count), in: new Int32Array(count) };

  function walk(direction: Direction, source: number): Int32Array {
    const state = states[direction].fill(automaton.start);
    for (const tier of layer.tiers) {
      const column = selected[tier.index]?.[direction] ?? null;
      const chosen = (destination: number): Tri => column?.[direction === 'out' ? source : destination] ?? 'no';
      mapStates(state, (own, destination) => automaton.enter(own, tier, chosen(destination)), column === null);
      lookup.rulesOf(layer.index, direction, source, tier.from, tier.to, (rule, sourceCertain) => {
        const { classes, isDoubtful } = lookup.destinationsOf(layer.index, direction, rule);
        const certain = sourceCertain && rule.opaque === null;
        const sure = automaton.stepOf(rule, true);
        const perhaps = automaton.stepOf(rule, false);
        let lastFrom = -1;
        let lastTo = -1;
        for (let i = 0; i < classes.length; i++) {
          const destination = classes[i] as number;
          const own = state[destination] as number;
          if (isDoubtful !== null || own !== lastFrom) {
            lastFrom = own;
            lastTo = automaton.advance(own, certain && !(isDoubtful?.(destination) ?? false) ? sure : perhaps);
          }
          state[destination] = lastTo;
        }
      });
      mapStates(state, (own, destination) => automaton.leave(own, tier, chosen(destination)), column === null);
    }
    return state;
  }

  return (source, visit) => {
    const outPoint = hasPoint.out[source] as Tri;
    const isOut = outPoint !== 'no';
    if (hasTies) {
      for (let destination = 0; destination < count; destination++) {
        if (families[0][source] !== families[1][destination]) continue;
        visit(destination, pair('out', source, destination), pair('in', source, destination));
      }
      return;
    }
    const into = walk('in', source);
    const out = isOut && !isUniform ? walk('out', source) : into;
    for (let destination = 0; destination < count; destination++) {
      if (families[0][source] !== families[1][destination]) continue;
      const inPoint = hasPoint.in[destination] as Tri;
      visit(
        destination,
        isOut ? automaton.outcome(out[destination] as number, outPoint) : -1,
        inPoint === 'no' ? -1 : automaton.outcome(into[destination] as number, inPoint),
      );
    }
  };
}

/** Neighbours are often in one state: the last answer is kept where it depends on the state alone. */
function mapStates(state: Int32Array, next: (own: number, index: number) => number, byStateAlone: boolean): void {
  let lastFrom = -1;
  let lastTo = -1;
  for (let i = 0; i < state.length; i++) {
    const own = state[i] as number;
    if (own !== lastFrom || !byStateAlone) {
      lastFrom = own;
      lastTo = next(own, i);
    }
    state[i] = lastTo;
  }
}
