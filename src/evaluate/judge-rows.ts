// Judges one source class against every destination class at once: the state of each destination is kept in an array,
// and each rule of the source touches only the destinations it names. Most rules name few, so that a row costs little
// more than its length.

import type { Tri } from '../base/tri-set.ts';
import type { Lookup } from '../compile/lookup.ts';
import { scopeOf } from '../compile/presence.ts';
import type { CompiledLayer, CompiledRule, CompiledTier } from '../compile/ruleset.ts';
import type { Direction } from '../model/policy.ts';
import type { Family } from '../net/address.ts';
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
  const { nodes } = lookup.ruleset.universe;
  const familyOf = (source: number): Family => nodes[lookup.source.representative[source] as number]?.family ?? 4;
  const hasTies = layer.tiers.some((tier) => tier.ties.length > 0);
  // Where every rule stands at both ends alike, one walk serves both points.
  const isUniform =
    layer.tiers.every((tier) => tier.selected === null) &&
    layer.rules.every((rule) => rule.out && rule.in && scopeOf(rule.policy, rule.rule) === null);
  const plain = plainBorders(layer);
  const states = { out: new Int32Array(count), in: new Int32Array(count) };
  const row = { out: new Int32Array(count), in: new Int32Array(count) };

  /** The states of the source's family at the end; those of the other family mean nothing. */
  function walk(direction: Direction, source: number, family: Family): Int32Array {
    const state = states[direction].fill(automaton.start);
    const everyone = lookup.destinations[family];
    for (const tier of layer.tiers) {
      if (!plain[tier.index - 1]) crossBorder(state, everyone, direction, source, tier, false);
      lookup.rulesOf(layer.index, direction, source, tier.from, tier.to, (rule, isCertain) =>
        applyRule(state, direction, rule, isCertain, family),
      );
      if (!plain[tier.index]) crossBorder(state, everyone, direction, source, tier, true);
    }
    return state;
  }

  /** The start or the end of a tier. */
  function crossBorder(
    state: Int32Array,
    everyone: Int32Array,
    direction: Direction,
    source: number,
    tier: CompiledTier,
    isLeaving: boolean,
  ): void {
    const column = selected[tier.index]?.[direction] ?? null;
    if (column === null || direction === 'out') {
      automaton.advanceAll(state, everyone, automaton.tierStep(tier, column?.[source] ?? 'no', isLeaving));
      return;
    }
    for (const destination of everyone) {
      const step = automaton.tierStep(tier, column[destination] as Tri, isLeaving);
      state[destination] = automaton.advance(state[destination] as number, step);
    }
  }

  function applyRule(
    state: Int32Array,
    direction: Direction,
    rule: CompiledRule,
    sourceCertain: boolean,
    family: Family,
  ): void {
    const { classes, isDoubtful } = lookup.destinationsOf(layer.index, direction, rule, family);
    const perhaps = automaton.stepOf(rule, false);
    const step = sourceCertain && rule.opaque === null ? automaton.stepOf(rule, true) : perhaps;
    if (isDoubtful === null) {
      automaton.advanceAll(state, classes, step);
      return;
    }
    for (const destination of classes) {
      const own = isDoubtful(destination) ? perhaps : step;
      state[destination] = automaton.advance(state[destination] as number, own);
    }
  }

  return (source) => {
    const family = familyOf(source);
    const everyone = lookup.destinations[family];
    row.out.fill(-1);
    row.in.fill(-1);
    if (hasTies) {
      for (const destination of everyone) {
        for (const direction of ['out', 'in'] as const)
          row[direction][destination] = pair(direction, source, destination);
      }
      return row;
    }
    const outPoint = hasPoint.out[source] as Tri;
    const into = walk('in', source, family);
    const out = outPoint === 'no' || isUniform ? into : walk('out', source, family);
    for (const destination of everyone) {
      const inPoint = hasPoint.in[destination] as Tri;
      if (inPoint !== 'no') row.in[destination] = automaton.outcome(into[destination] as number, inPoint);
      if (outPoint !== 'no') row.out[destination] = automaton.outcome(out[destination] as number, outPoint);
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
