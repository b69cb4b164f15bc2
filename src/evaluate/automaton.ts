// The walk of one layer as an automaton: states (`Progress`) and outcomes are numbered, and what a step makes of a state
// is computed once and then looked up. Pairs of classes share nearly all of their states.

import { PairTable } from '../base/pair-table.ts';
import { remember } from '../base/remember.ts';
import type { Tri } from '../base/tri-set.ts';
import type { CompiledLayer, CompiledRule, CompiledTier } from '../compile/ruleset.ts';
import { ALL_SERVICES, servicesKey, unionServices } from '../net/services.ts';
import { type Interner, interner } from './interner.ts';
import { type Outcome, settle } from './outcome.ts';
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
import type { Walker } from './walk.ts';

export interface Automaton extends Walker<number> {
  readonly start: number;
  /** The outcome of a state after the last tier; `maybe` where it is in doubt whether there is a point at all. */
  outcome(state: number, hasPoint: Tri): number;
}

/** Starts with every service open. Outcomes are numbered by the interner given, which layers share. */
export function createAutomaton(layer: CompiledLayer, outcomes: Interner<Outcome>): Automaton {
  const states = interner<Progress>(progressKey);
  const settled: boolean[] = [];
  const number = (progress: Progress): number => {
    const id = states.intern(progress);
    if (id === settled.length) settled.push(isSettled(progress));
    return id;
  };
  // Rules that do the same to the same services are one step; each may match for certain or perhaps.
  const steps = interner<CompiledRule>((rule) => `${rule.action} ${rule.passTo} ${servicesKey(rule.services)}`);
  const stepOf = Int32Array.from(layer.rules, steps.intern);
  const stepTable = new PairTable();
  const tierTable = new PairTable();
  const next = (table: PairTable, state: number, step: number, compute: (progress: Progress) => Progress): number => {
    const known = table.get(state, step);
    if (known !== -1) return known;
    const result = number(compute(states.get(state)));
    table.set(state, step, result);
    return result;
  };
  const tierStep = (tier: CompiledTier, selected: Tri, isLeaving: boolean): number =>
    tier.index * 6 + (selected === 'yes' ? 2 : selected === 'maybe' ? 1 : 0) * 2 + (isLeaving ? 1 : 0);
  const final = { yes: new Map<number, number>(), maybe: new Map<number, number>() };

  return {
    start: number(startProgress(ALL_SERVICES)),
    enter: (state, tier, selected) =>
      next(tierTable, state, tierStep(tier, selected, false), (progress) => enterTier(progress, tier, selected)),
    leave: (state, tier, selected) =>
      next(tierTable, state, tierStep(tier, selected, true), (progress) => leaveTier(progress, tier, selected)),
    step: (state, rule, isCertain) =>
      next(stepTable, state, (stepOf[rule.index] as number) * 2 + (isCertain ? 1 : 0), (progress) =>
        applyStep(progress, { ...rule, isCertain }),
      ),
    branch: (state) => number(startBranch(states.get(state))),
    join: (before, branches, tie) => number(joinTie(states.get(before), branches.map(states.get), tie.how)),
    isSettled: (state) => settled[state] as boolean,
    outcome: (state, hasPoint) =>
      remember(final[hasPoint === 'yes' ? 'yes' : 'maybe'], state, () => {
        const progress = finish(states.get(state));
        const allow = hasPoint === 'yes' ? progress.allow : unionServices(progress.allow, ALL_SERVICES);
        return outcomes.intern(settle({ ...progress, allow }));
      }),
  };
}

function progressKey(progress: Progress): string {
  const parts = [progress.open, progress.allow, progress.drop, progress.reject, progress.unknown].map(servicesKey);
  return [...parts, ...progress.waiting.map((item) => `${item.tier}:${servicesKey(item.services)}`)].join('|');
}
