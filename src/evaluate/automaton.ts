// The walk of one layer as an automaton: states (`Progress`) and outcomes are numbered, and what a step makes of a state
// is computed once and then looked up. Pairs of classes share nearly all of their states.

import type { Tri } from '../base/tri-set.ts';
import type { CompiledLayer, CompiledRule, CompiledTier } from '../compile/ruleset.ts';
import { ALL_SERVICES } from '../net/services.ts';
import { type Outcome, settle } from './outcome.ts';
import { type Progress, progressSteps } from './progress.ts';
import { type Interner, interner } from './sets/interner.ts';
import { numberedSets } from './sets/set-algebra.ts';
import type { Walker } from './walk.ts';

const triValues: readonly Tri[] = ['no', 'maybe', 'yes'];

export interface Automaton extends Walker<number> {
  readonly start: number;
  /** The number of what a rule does, for `advance`. */
  stepOf(rule: CompiledRule, isCertain: boolean): number;
  /** The number of what the start, or the end, of a tier does. */
  tierStep(tier: CompiledTier, selected: Tri, isLeaving: boolean): number;
  advance(state: number, step: number): number;
  /** `advance` for the states at these indexes, in place. */
  advanceAll(states: Int32Array, at: Int32Array, step: number): void;
  /** The outcome of a state after the last tier; `maybe` where it is in doubt whether there is a point at all. */
  outcome(state: number, hasPoint: Tri): number;
}

/** Starts with every service open. Outcomes are numbered by the interner given, which layers share. */
export function createAutomaton(layer: CompiledLayer, outcomes: Interner<Outcome>): Automaton {
  const sets = numberedSets();
  const steps = progressSteps(sets);
  const everything = sets.of(ALL_SERVICES);
  const states = interner<Progress<number>>(progressKey);
  const settled: boolean[] = [];
  const number = (progress: Progress<number>): number => {
    const id = states.intern(progress);
    if (id === settled.length) settled.push(steps.isSettled(progress));
    return id;
  };
  // Rules that do the same to the same services are one step; each may match for certain or perhaps.
  const kinds = interner<CompiledRule>((rule) => `${rule.action} ${rule.passTo} ${sets.of(rule.services)}`);
  const kindOf = Int32Array.from(layer.rules, kinds.intern);
  // What each numbered step does, and per step the next state by state (-1: not known yet). This is walked millions of
  // times, so plain arrays and no function made on the way.
  const firstTierStep = 2 * layer.rules.length;
  const effects: ((progress: Progress<number>) => Progress<number>)[] = [];
  for (const rule of layer.rules) {
    for (const isCertain of [false, true]) {
      effects[stepOf(rule, isCertain)] ??= (progress) => steps.apply(progress, rule, isCertain);
    }
  }
  for (const tier of layer.tiers) {
    for (const selected of triValues) {
      effects[tierStep(tier, selected, false)] = (progress) => steps.enter(progress, tier, selected);
      effects[tierStep(tier, selected, true)] = (progress) => steps.leave(progress, tier, selected);
    }
  }
  const tables = effects.map(() => new Int32Array(0));

  function stepOf(rule: CompiledRule, isCertain: boolean): number {
    return (kindOf[rule.index] as number) * 2 + (isCertain ? 1 : 0);
  }
  function tierStep(tier: CompiledTier, selected: Tri, isLeaving: boolean): number {
    return firstTierStep + (tier.index * triValues.length + triValues.indexOf(selected)) * 2 + (isLeaving ? 1 : 0);
  }
  function advance(state: number, step: number): number {
    const table = tables[step] as Int32Array;
    const known = state < table.length ? (table[state] as number) : -1;
    return known === -1 ? learn(state, step) : known;
  }
  function learn(state: number, step: number): number {
    const effect = effects[step] as (typeof effects)[number];
    const result = number(effect(states.get(state)));
    let table = tables[step] as Int32Array;
    if (state >= table.length) {
      const grown = new Int32Array(Math.max(64, 2 * (state + 1))).fill(-1);
      grown.set(table);
      tables[step] = grown;
      table = grown;
    }
    table[state] = result;
    return result;
  }
  function advanceAll(all: Int32Array, at: Int32Array, step: number): void {
    let table = tables[step] as Int32Array;
    for (let i = 0; i < at.length; i++) {
      const index = at[i] as number;
      const state = all[index] as number;
      let next = state < table.length ? (table[state] as number) : -1;
      if (next === -1) {
        next = learn(state, step);
        table = tables[step] as Int32Array;
      }
      all[index] = next;
    }
  }
  const final: Record<'yes' | 'maybe', number[]> = { yes: [], maybe: [] };

  return {
    start: number(steps.start(everything)),
    stepOf,
    tierStep,
    advance,
    advanceAll,
    enter: (state, tier, selected) => advance(state, tierStep(tier, selected, false)),
    leave: (state, tier, selected) => advance(state, tierStep(tier, selected, true)),
    step: (state, rule, isCertain) => advance(state, stepOf(rule, isCertain)),
    branch: (state) => number(steps.branch(states.get(state))),
    join: (before, branches, tie) => number(steps.join(states.get(before), branches.map(states.get), tie.how)),
    isSettled: (state) => settled[state] as boolean,
    outcome(state, hasPoint) {
      const table = final[hasPoint === 'yes' ? 'yes' : 'maybe'];
      const known = table[state];
      if (known !== undefined && known !== -1) return known;
      while (table.length <= state) table.push(-1);
      const { open, allow, drop, reject, unknown } = steps.finish(states.get(state));
      const plain = sets.get;
      const reached = hasPoint === 'yes' ? allow : sets.union(allow, everything);
      const id = outcomes.intern(
        settle({
          open: plain(open),
          allow: plain(reached),
          drop: plain(drop),
          reject: plain(reject),
          unknown: plain(unknown),
          waiting: [],
        }),
      );
      table[state] = id;
      return id;
    },
  };
}

function progressKey(progress: Progress<number>): string {
  const { open, allow, drop, reject, unknown, waiting } = progress;
  return `${open} ${allow} ${drop} ${reject} ${unknown}${waiting.map((item) => ` ${item.tier}:${item.services}`).join('')}`;
}
