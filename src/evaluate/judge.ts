// Judges pairs of classes for every service at once, fast: states and steps are numbered, and what a step makes of a
// state is computed once (`progress`) and then looked up. Pairs of classes share nearly all of their states.

import { PairTable } from '../base/pair-table.ts';
import { remember as rememberIn } from '../base/remember.ts';
import { type Tri, triValue } from '../base/tri-set.ts';
import type { Lookup } from '../compile/lookup.ts';
import type { CompiledLayer, CompiledRule, CompiledTier, Tie } from '../compile/ruleset.ts';
import type { Direction } from '../model/policy.ts';
import { ALL_SERVICES, isNoServices, servicesKey, unionServices } from '../net/services.ts';
import { allowAll, combineLayers, combinePoints, type Outcome, settle } from './outcome.ts';
import {
  applyStep,
  enterTier,
  finish,
  isSettled,
  joinTie,
  leaveTier,
  type Progress,
  startBranch,
  startProgress,
} from './progress.ts';
import { type Matches, type Walker, walkLayer } from './walk.ts';

export interface Judge {
  /**
   * What the points at both ends together say, by number. -1: no point judges the pair. `skipIn` leaves out the
   * destination's points of a layer (resident host, semantics §10).
   */
  pair(sourceClass: number, destinationClass: number, skipIn?: (layer: CompiledLayer) => boolean): number;
  /** An outcome by its number. Equal outcomes have one number. */
  outcome(id: number): Outcome;
}

export function createJudge(lookup: Lookup): Judge {
  const outcomes = interner<Outcome>(outcomeKey);
  const denied: boolean[] = [];
  const everything = outcomes.intern(allowAll(ALL_SERVICES));
  const layers = lookup.ruleset.layers.map((layer) => layerJudge(lookup, layer, outcomes.intern));
  const byLayers = memo2((a, b) => outcomes.intern(combineLayers(outcomes.get(a), outcomes.get(b))));
  const byPoints = memo2((a, b) => outcomes.intern(combinePoints(outcomes.get(a), outcomes.get(b))));

  function point(
    direction: Direction,
    source: number,
    destination: number,
    skip: ((layer: CompiledLayer) => boolean) | undefined,
  ): number {
    let result = -1;
    for (let i = 0; i < layers.length; i++) {
      if (skip?.(lookup.ruleset.layers[i] as CompiledLayer)) continue;
      const own = (layers[i] as (typeof layers)[number])(direction, source, destination);
      if (own !== -1) result = result === -1 ? own : byLayers(result, own);
    }
    return result;
  }

  return {
    pair(source, destination, skipIn) {
      const out = point('out', source, destination, undefined);
      if (out !== -1 && isDenied(out)) return out;
      const into = point('in', source, destination, skipIn);
      if (out === -1 || out === everything) return into === -1 ? out : into;
      return into === -1 || into === everything || into === out ? out : byPoints(out, into);
    },
    outcome: outcomes.get,
  };

  /** Nothing is left that the second point could change. */
  function isDenied(id: number): boolean {
    for (let next = denied.length; next <= id; next++) {
      const { allow, unknown } = outcomes.get(next);
      denied.push(isNoServices(allow) && isNoServices(unknown));
    }
    return denied[id] as boolean;
  }
}

/** One layer's verdicts: the number of an outcome, or -1 where the layer has no point. */
function layerJudge(
  lookup: Lookup,
  layer: CompiledLayer,
  intern: (outcome: Outcome) => number,
): (direction: Direction, source: number, destination: number) => number {
  const states = interner<Progress>(progressKey);
  const settled: boolean[] = [];
  const number = (progress: Progress): number => {
    const id = states.intern(progress);
    if (id === settled.length) settled.push(isSettled(progress));
    return id;
  };
  const start = number(startProgress(ALL_SERVICES));

  // Rules that do the same to the same services are one step; each may match for certain or perhaps.
  const steps = interner<CompiledRule>((rule) => `${rule.action} ${rule.passTo} ${servicesKey(rule.services)}`);
  const stepOf = Int32Array.from(layer.rules, steps.intern);
  const stepTable = new PairTable();
  const tierTable = new PairTable();
  const remember = (
    table: PairTable,
    state: number,
    step: number,
    compute: (progress: Progress) => Progress,
  ): number => {
    const known = table.get(state, step);
    if (known !== -1) return known;
    const result = number(compute(states.get(state)));
    table.set(state, step, result);
    return result;
  };
  const tierStep = (tier: CompiledTier, selected: Tri, leaving: 0 | 1): number =>
    tier.index * 6 + (selected === 'yes' ? 2 : selected === 'maybe' ? 1 : 0) * 2 + leaving;

  const walker: Walker<number> = {
    enter: (state, tier, selected) =>
      remember(tierTable, state, tierStep(tier, selected, 0), (progress) => enterTier(progress, tier, selected)),
    leave: (state, tier, selected) =>
      remember(tierTable, state, tierStep(tier, selected, 1), (progress) => leaveTier(progress, tier, selected)),
    step: (state, rule, isCertain) =>
      remember(stepTable, state, (stepOf[rule.index] as number) * 2 + (isCertain ? 1 : 0), (progress) =>
        applyStep(progress, { ...rule, isCertain }),
      ),
    branch: (state) => number(startBranch(states.get(state))),
    join: (before, branches, tie: Tie) => number(joinTie(states.get(before), branches.map(states.get), tie.how)),
    isSettled: (state) => settled[state] as boolean,
  };

  // An outcome a final state, with and without the doubt whether there is a point at all.
  const final = [new Map<number, number>(), new Map<number, number>()] as const;
  const finalOutcome = (state: number, hasPoint: Tri): number =>
    rememberIn(final[hasPoint === 'yes' ? 1 : 0], state, () => {
      const progress = finish(states.get(state));
      const judged =
        hasPoint === 'yes' ? progress : { ...progress, allow: unionServices(progress.allow, ALL_SERVICES) };
      return intern(settle(judged));
    });

  const { source, destination } = lookup;
  const perClass = { out: source, in: destination };
  const hasPoint = {
    out: triColumn(layer.points, perClass.out.representative),
    in: triColumn(layer.points, perClass.in.representative),
  };
  const selected = layer.tiers.map((tier) =>
    tier.selected === null
      ? null
      : {
          out: triColumn(tier.selected.out, perClass.out.representative),
          in: triColumn(tier.selected.in, perClass.in.representative),
        },
  );
  const rules: CompiledRule[] = [];
  const isCertain: boolean[] = [];
  const matches: Matches = { rules, isCertain };
  const collect = (rule: CompiledRule, certain: boolean): boolean => {
    rules.push(rule);
    isCertain.push(certain);
    return false;
  };

  return (direction, sourceClass, destinationClass) => {
    const own = direction === 'out' ? sourceClass : destinationClass;
    const point = hasPoint[direction][own] as Tri;
    if (point === 'no') return -1;
    rules.length = 0;
    isCertain.length = 0;
    lookup.matches(layer.index, direction, sourceClass, destinationClass, collect);
    const state = walkLayer(walker, start, layer, matches, (tier) => selected[tier.index]?.[direction][own] as Tri);
    return finalOutcome(state, point);
  };
}

function triColumn(set: Parameters<typeof triValue>[0], representatives: Int32Array): readonly Tri[] {
  return Array.from(representatives, (node) => triValue(set, node));
}

interface Interner<T> {
  intern(value: T): number;
  get(id: number): T;
  size(): number;
}

function interner<T>(key: (value: T) => string): Interner<T> {
  const ids = new Map<string, number>();
  const values: T[] = [];
  return {
    intern(value) {
      const text = key(value);
      let id = ids.get(text);
      if (id === undefined) {
        id = values.length;
        ids.set(text, id);
        values.push(value);
      }
      return id;
    },
    get: (id) => values[id] as T,
    size: () => values.length,
  };
}

function memo2(compute: (a: number, b: number) => number): (a: number, b: number) => number {
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

function progressKey(progress: Progress): string {
  const parts = [progress.open, progress.allow, progress.drop, progress.reject, progress.unknown].map(servicesKey);
  return [...parts, ...progress.waiting.map((item) => `${item.tier}:${servicesKey(item.services)}`)].join('|');
}
