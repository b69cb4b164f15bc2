// Judges pairs of classes with a shared walker: the numbers of outcomes of all rulesets that share it can be compared.
import { PairTable } from '../../base/pair-table.ts';
import { remember } from '../../base/remember.ts';
import { type Tri, triValue } from '../../base/tri-set.ts';
import type { Lookup } from '../../compile/lookup.ts';
import type { CompiledLayer, CompiledRule, CompiledTier } from '../../compile/ruleset.ts';
import type { Judge } from '../../evaluate/judge.ts';
import { walkLayer } from '../../evaluate/walk.ts';
import type { Direction } from '../../model/policy.ts';
import type { SharedWalker } from './shared-walker.ts';

/** `known`: the outcome of a pair that need not be walked, or null. */
export function createSharedJudge(
  lookup: Lookup,
  walker: SharedWalker,
  known: ((source: number, destination: number) => number | null) | null,
): Judge {
  const { source: sources, destination: destinations, ruleset } = lookup;
  const table = new PairTable();
  const plain = new Map<CompiledLayer, boolean>();

  function judgePoint(layer: CompiledLayer, direction: Direction, source: number, destination: number): number {
    const node = (
      direction === 'out' ? sources.representative[source] : destinations.representative[destination]
    ) as number;
    const point: Tri = triValue(layer.points, node);
    if (point === 'no') return -1;
    const isPlain = remember(plain, layer, () => layer.tiers.every(({ selected, ties }) => selected === null && ties.length === 0)); // biome-ignore format: one step
    const state = (isPlain ? walkPlain : walkAny)(layer, direction, source, destination, node);
    return walker.outcome(state, point);
  }

  /** Where no tier selects and nothing ties: from one rule that matches to the next, over whatever tiers are between. */
  function walkPlain(layer: CompiledLayer, direction: Direction, source: number, destination: number): number {
    const { tiers } = layer;
    let state = walker.start;
    // Before the first tier.
    let tier = -1;
    let isDone = false;
    lookup.matches(layer.index, direction, source, destination, (rule, isCertain) => {
      if (rule.tier > tier) {
        state = walker.cross(state, tiers, tier, rule.tier);
        tier = rule.tier;
        isDone = tier > 0 && walker.isSettled(state);
      }
      if (!isDone) state = walker.step(state, rule, isCertain);
      return isDone;
    });
    return isDone ? state : walker.cross(state, tiers, tier, tiers.length);
  }

  function walkAny(
    layer: CompiledLayer,
    direction: Direction,
    source: number,
    destination: number,
    node: number,
  ): number {
    const rules: CompiledRule[] = [];
    const isCertain: boolean[] = [];
    lookup.matches(layer.index, direction, source, destination, (rule, certain) => {
      rules.push(rule);
      isCertain.push(certain);
      return false;
    });
    const selected = ({ selected: set }: CompiledTier): Tri => (set === null ? 'no' : triValue(set[direction], node));
    return walkLayer(walker, walker.start, layer, { rules, isCertain }, selected);
  }

  function walk(source: number, destination: number, skipIn?: (layer: CompiledLayer) => boolean): number {
    let out = -1;
    let into = -1;
    for (const layer of ruleset.layers) {
      out = walker.joinLayers(out, judgePoint(layer, 'out', source, destination));
      if (!skipIn?.(layer)) into = walker.joinLayers(into, judgePoint(layer, 'in', source, destination));
    }
    return walker.joinPoints(out, into);
  }

  function pair(source: number, destination: number, skipIn?: (layer: CompiledLayer) => boolean): number {
    if (skipIn !== undefined && ruleset.layers.some(skipIn)) return walk(source, destination, skipIn);
    const found = table.get(source, destination);
    // -1 is both "not there" and "no point judges it": numbers are kept one higher.
    if (found !== -1) return found - 1;
    const own = known?.(source, destination) ?? walk(source, destination);
    table.set(source, destination, own + 1);
    return own;
  }

  return {
    pair,
    row: (source) => Int32Array.from({ length: destinations.count }, (_, destination) => pair(source, destination)),
    outcome: walker.outcomes.get,
  };
}
