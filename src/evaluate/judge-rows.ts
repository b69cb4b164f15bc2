// Judges one source class against every destination class at once: the state of each destination is kept in an array,
// and each rule of the source touches only the destinations it names. Most rules name few, so that a row costs little
// more than its length.

import type { Tri } from '../base/tri-set.ts';
import type { Lookup } from '../compile/lookup.ts';
import type { CompiledLayer, CompiledRule } from '../compile/ruleset.ts';
import type { Direction } from '../model/policy.ts';
import type { Automaton } from './automaton.ts';

/** Outcome numbers at both points, by destination class; -1 where there is no point. Overwritten by the next row. */
export interface LayerRow {
  readonly out: Int32Array;
  readonly in: Int32Array;
}

type PerDirection<T> = Readonly<Record<Direction, T>>;

export function judgeRows(
  lookup: Lookup,
  layer: CompiledLayer,
  automaton: Automaton,
  hasPoint: PerDirection<readonly Tri[]>,
  selected: readonly (PerDirection<readonly Tri[]> | null)[],
  pair: (direction: Direction, source: number, destination: number) => number,
): (sourceClass: number) => LayerRow {
  const { count } = lookup.destination;
  const familyOf = (classes: Lookup['source']): Uint8Array =>
    Uint8Array.from(classes.representative, (node) => lookup.ruleset.universe.nodes[node]?.family ?? 0);
  const families = { out: familyOf(lookup.source), in: familyOf(lookup.destination) };
  const hasTies = layer.tiers.some((tier) => tier.ties.length > 0);
  // Where every rule stands at both ends alike, one walk serves both points.
  const isUniform =
    layer.tiers.every((tier) => tier.selected === null) &&
    layer.rules.every((rule) => rule.out && rule.in && rule.policy.appliesTo === null && rule.rule.appliesTo === null);
  const plain = plainBorders(layer);
  const states = { out: new Int32Array(count), in: new Int32Array(count) };
  const row = { out: new Int32Array(count), in: new Int32Array(count) };

  function walk(direction: Direction, source: number): Int32Array {
    const state = states[direction].fill(automaton.start);
    for (const tier of layer.tiers) {
      const column = selected[tier.index]?.[direction] ?? null;
      const chosen = (destination: number): Tri => column?.[direction === 'out' ? source : destination] ?? 'no';
      if (!plain[tier.index - 1]) {
        mapStates(state, (own, destination) => automaton.enter(own, tier, chosen(destination)), column === null);
      }
      lookup.rulesOf(layer.index, direction, source, tier.from, tier.to, (rule, isCertain) =>
        applyRule(state, direction, rule, isCertain),
      );
      if (!plain[tier.index]) {
        mapStates(state, (own, destination) => automaton.leave(own, tier, chosen(destination)), column === null);
      }
    }
    return state;
  }

  function applyRule(state: Int32Array, direction: Direction, rule: CompiledRule, sourceCertain: boolean): void {
    const { classes, isDoubtful } = lookup.destinationsOf(layer.index, direction, rule);
    const sure = automaton.stepOf(rule, true);
    const perhaps = automaton.stepOf(rule, false);
    const step = sourceCertain && rule.opaque === null ? sure : perhaps;
    // Neighbours are often in one state.
    let lastFrom = -1;
    let lastTo = -1;
    for (let i = 0; i < classes.length; i++) {
      const destination = classes[i] as number;
      const own = state[destination] as number;
      if (isDoubtful !== null) {
        state[destination] = automaton.advance(own, isDoubtful(destination) ? perhaps : step);
        continue;
      }
      if (own !== lastFrom) {
        lastFrom = own;
        lastTo = automaton.advance(own, step);
      }
      state[destination] = lastTo;
    }
  }

  function pairByPair(source: number): LayerRow {
    for (let destination = 0; destination < count; destination++) {
      const isJudged = families.out[source] === families.in[destination];
      for (const direction of ['out', 'in'] as const) {
        row[direction][destination] = isJudged ? pair(direction, source, destination) : -1;
      }
    }
    return row;
  }

  return (source) => {
    if (hasTies) return pairByPair(source);
    const outPoint = hasPoint.out[source] as Tri;
    const into = walk('in', source);
    const out = outPoint === 'no' || isUniform ? into : walk('out', source);
    const family = families.out[source];
    for (let destination = 0; destination < count; destination++) {
      const inPoint = family === families.in[destination] ? (hasPoint.in[destination] as Tri) : 'no';
      row.in[destination] = inPoint === 'no' ? -1 : automaton.outcome(into[destination] as number, inPoint);
    }
    for (let destination = 0; destination < count; destination++) {
      const isJudged = outPoint !== 'no' && family === families.in[destination];
      row.out[destination] = isJudged ? automaton.outcome(out[destination] as number, outPoint) : -1;
    }
    return row;
  };
}

/**
 * By tier: whether what is open at its end is exactly what is open in the next. The tier's default passes, nothing is
 * sent to the next tier by rule or left to it undecided, and the next decides everything. Then no state changes.
 */
function plainBorders(layer: CompiledLayer): readonly boolean[] {
  const sent = new Set(layer.rules.filter((rule) => rule.action === 'pass').map((rule) => rule.passTo));
  return layer.tiers.map(({ tier }, index) => {
    const next = layer.tiers[index + 1];
    if (next === undefined || sent.has(index + 1)) return false;
    return tier.default.verdict === 'pass' && tier.decides === null && next.tier.decides === null;
  });
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
