// Judges pairs of classes for every service at once: one pair, or a source class against every destination class.
// The matrix of all pairs is never kept; what repeats is kept in each layer's automaton.

import { PairTable } from '../base/pair-table.ts';
import { type Tri, type TriSet, triValue } from '../base/tri-set.ts';
import type { Lookup } from '../compile/lookup.ts';
import type { CompiledLayer, CompiledRule } from '../compile/ruleset.ts';
import type { Direction } from '../model/policy.ts';
import { ALL_SERVICES, isNoServices, servicesKey } from '../net/services.ts';
import { createAutomaton } from './automaton.ts';
import { judgeRows, type LayerRow } from './judge-rows.ts';
import { allowAll, combineLayers, combinePoints, type Outcome } from './outcome.ts';
import { type Interner, interner } from './sets/interner.ts';
import { walkLayer } from './walk.ts';

export interface Judge {
  /**
   * What the points at both ends together say, by number. -1: no point judges the pair. `skipIn` leaves out the
   * destination's points of a layer (resident host, semantics §10).
   */
  pair(sourceClass: number, destinationClass: number, skipIn?: (layer: CompiledLayer) => boolean): number;
  /** `pair` for every destination class. The array is the caller's. */
  row(sourceClass: number): Int32Array;
  /** An outcome by its number. Equal outcomes have one number. */
  outcome(id: number): Outcome;
}

type PairJudge = (direction: Direction, sourceClass: number, destinationClass: number) => number;

export function createJudge(lookup: Lookup): Judge {
  const outcomes = interner<Outcome>(outcomeKey);
  const everything = outcomes.intern(allowAll(ALL_SERVICES));
  const layers = lookup.ruleset.layers.map((layer) => judgeLayer(lookup, layer, outcomes));
  const byLayers = remembered((a, b) => outcomes.intern(combineLayers(outcomes.get(a), outcomes.get(b))));
  const byPoints = remembered((a, b) => outcomes.intern(combinePoints(outcomes.get(a), outcomes.get(b))));

  const joinLayers = (a: number, b: number): number => (a === -1 || a === b ? b : b === -1 ? a : byLayers(a, b));
  const joinPoints = (out: number, into: number): number => {
    if (out === -1 || out === into) return into;
    if (into === -1 || into === everything) return out;
    return out === everything ? into : byPoints(out, into);
  };

  // Outcomes in which nothing is left that a second point could change.
  const denied: boolean[] = [];
  function isDenied(id: number): boolean {
    for (let next = denied.length; next <= id; next++) {
      const { allow, unknown } = outcomes.get(next);
      denied.push(isNoServices(allow) && isNoServices(unknown));
    }
    return denied[id] as boolean;
  }

  return {
    pair(source, destination, skipIn) {
      let out = -1;
      for (const { pair } of layers) out = joinLayers(out, pair('out', source, destination));
      if (out !== -1 && isDenied(out)) return out;
      let into = -1;
      for (const { layer, pair } of layers) {
        if (!skipIn?.(layer)) into = joinLayers(into, pair('in', source, destination));
      }
      return joinPoints(out, into);
    },
    row(source) {
      const { count } = lookup.destination;
      const out = new Int32Array(count).fill(-1);
      const into = new Int32Array(count).fill(-1);
      const [only] = layers;
      if (layers.length === 1 && only !== undefined) {
        const own = only.row(source);
        for (let i = 0; i < count; i++) out[i] = joinPoints(own.out[i] as number, own.in[i] as number);
        return out;
      }
      for (const { row } of layers) {
        const own = row(source);
        for (let i = 0; i < count; i++) {
          out[i] = joinLayers(out[i] as number, own.out[i] as number);
          into[i] = joinLayers(into[i] as number, own.in[i] as number);
        }
      }
      for (let i = 0; i < count; i++) out[i] = joinPoints(out[i] as number, into[i] as number);
      return out;
    },
    outcome: outcomes.get,
  };
}

/** One layer's judgement, by outcome number; -1 where the layer has no point. */
function judgeLayer(
  lookup: Lookup,
  layer: CompiledLayer,
  outcomes: Interner<Outcome>,
): { readonly layer: CompiledLayer; readonly pair: PairJudge; readonly row: (sourceClass: number) => LayerRow } {
  const automaton = createAutomaton(layer, outcomes);
  const classes = { out: lookup.source, in: lookup.destination };
  const column = (set: TriSet, direction: Direction): readonly Tri[] =>
    Array.from(classes[direction].representative, (node) => triValue(set, node));
  const hasPoint = { out: column(layer.points, 'out'), in: column(layer.points, 'in') };
  const selected = layer.tiers.map((tier) =>
    tier.selected === null ? null : { out: column(tier.selected.out, 'out'), in: column(tier.selected.in, 'in') },
  );
  const rules: CompiledRule[] = [];
  const isCertain: boolean[] = [];
  const collect = (rule: CompiledRule, certain: boolean): boolean => {
    rules.push(rule);
    isCertain.push(certain);
    return false;
  };
  const pair: PairJudge = (direction, sourceClass, destinationClass) => {
    const own = direction === 'out' ? sourceClass : destinationClass;
    const point = hasPoint[direction][own] as Tri;
    if (point === 'no') return -1;
    rules.length = 0;
    isCertain.length = 0;
    lookup.matches(layer.index, direction, sourceClass, destinationClass, collect);
    const matches = { rules, isCertain };
    const state = walkLayer(
      automaton,
      automaton.start,
      layer,
      matches,
      (tier) => selected[tier.index]?.[direction][own] as Tri,
    );
    return automaton.outcome(state, point);
  };
  return { layer, pair, row: judgeRows(lookup, layer, automaton, hasPoint, selected, pair) };
}

function remembered(compute: (a: number, b: number) => number): (a: number, b: number) => number {
  const table = new PairTable();
  return (a, b) => {
    const known = table.get(a, b);
    if (known !== -1) return known;
    const result = compute(a, b);
    table.set(a, b, result);
    return result;
  };
}

function outcomeKey(outcome: Outcome): string {
  return [outcome.allow, outcome.drop, outcome.reject, outcome.unknown].map(servicesKey).join('|');
}
