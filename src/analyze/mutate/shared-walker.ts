// The walk over rules for many variants of the same layers: states and what steps make of them are remembered by what a
// step does, not by which rule it is, so that all variants learn from one another. As `evaluate/automaton`, which is for
// one ruleset and faster once it has been built.
import { PairTable } from '../../base/pair-table.ts';
import { remember } from '../../base/remember.ts';
import type { Tri } from '../../base/tri-set.ts';
import type { CompiledRule, CompiledTier } from '../../compile/ruleset.ts';
import { allowAll, combineLayers, combinePoints, type Outcome, settle } from '../../evaluate/outcome.ts';
import { type Progress, progressSteps } from '../../evaluate/progress.ts';
import { type Interner, interner } from '../../evaluate/sets/interner.ts';
import { numberedSets } from '../../evaluate/sets/set-algebra.ts';
import type { Walker } from '../../evaluate/walk.ts';
import { ALL_SERVICES, servicesKey } from '../../net/services.ts';

export interface SharedWalker extends Walker<number> {
  readonly start: number;
  readonly outcomes: Interner<Outcome>;
  /**
   * Out of the tier at one place of the list and over those between into another, where no tier selects the point; -1 is
   * before the first one. Where the state settles on the way, it stays as it is there.
   */
  cross(state: number, tiers: readonly CompiledTier[], from: number, to: number): number;
  /** The outcome of a state after the last tier. */
  outcome(state: number, hasPoint: Tri): number;
  /** Several layers at one point, and both ends; -1 is no point. */
  joinLayers(a: number, b: number): number;
  joinPoints(out: number, into: number): number;
}

export function createSharedWalker(): SharedWalker {
  const sets = numberedSets();
  const steps = progressSteps(sets);
  const states = interner<Progress<number>>(progressKey);
  const outcomes = interner<Outcome>(outcomeKey);
  const everything = outcomes.intern(allowAll(ALL_SERVICES));
  const table = new PairTable(12);
  const settled: boolean[] = [];
  const number = (progress: Progress<number>): number => {
    const id = states.intern(progress);
    if (id === settled.length) settled.push(steps.isSettled(progress));
    return id;
  };
  // Steps by what they do.
  const kinds = new Map<string, number>();
  const kindOf = (key: string): number => remember(kinds, key, () => kinds.size);
  const ofRule = [new WeakMap<CompiledRule, number>(), new WeakMap<CompiledRule, number>()] as const;
  const ofTier = new WeakMap<CompiledTier, Map<string, number>>();
  const advance = (state: number, kind: number, effect: (progress: Progress<number>) => Progress<number>): number => {
    const known = table.get(state, kind);
    if (known !== -1) return known;
    const result = number(effect(states.get(state)));
    table.set(state, kind, result);
    return result;
  };
  const tierKind = (tier: CompiledTier, selected: Tri, isLeaving: boolean): number => {
    const own = remember(ofTier, tier, () => new Map<string, number>());
    return remember(own, `${selected} ${isLeaving}`, () => {
      const { default: last, decides } = tier.tier;
      const decided = decides === null ? '' : sets.of(decides);
      return kindOf(`tier ${tier.index} ${selected} ${isLeaving} ${last.verdict} ${last.whereSelected} ${decided}`);
    });
  };
  const crossings = new WeakMap<readonly CompiledTier[], Int32Array>();
  const crossingKind = (tiers: readonly CompiledTier[], from: number, to: number): number => {
    const width = tiers.length + 1;
    const known = remember(crossings, tiers, () => new Int32Array(width * (width + 1)).fill(-1));
    const at = (from + 1) * width + to;
    if (known[at] === -1) {
      const passed = tiers.slice(Math.max(from, 0), to + 1).map((tier) => `${tierKind(tier, 'no', false)} ${tierKind(tier, 'no', true)}`); // biome-ignore format: one step
      known[at] = kindOf(`cross ${from === -1} ${to === tiers.length} ${passed.join(' ')}`);
    }
    return known[at] as number;
  };
  const cross = (
    start: Progress<number>,
    tiers: readonly CompiledTier[],
    from: number,
    to: number,
  ): Progress<number> => {
    let progress = start;
    for (let i = from; i < to; i++) {
      if (i >= 0) progress = steps.leave(progress, tiers[i] as CompiledTier, 'no');
      if (i >= 0 && steps.isSettled(progress)) return progress;
      const next = tiers[i + 1];
      if (next !== undefined) progress = steps.enter(progress, next, 'no');
    }
    return progress;
  };
  const final = { yes: new Map<number, number>(), maybe: new Map<number, number>() };
  const byLayers = remembered((a, b) => outcomes.intern(combineLayers(outcomes.get(a), outcomes.get(b))));
  const byPoints = remembered((a, b) => outcomes.intern(combinePoints(outcomes.get(a), outcomes.get(b))));

  return {
    start: number(steps.start(sets.of(ALL_SERVICES))),
    outcomes,
    enter: (state, tier, selected) =>
      advance(state, tierKind(tier, selected, false), (progress) => steps.enter(progress, tier, selected)),
    leave: (state, tier, selected) =>
      advance(state, tierKind(tier, selected, true), (progress) => steps.leave(progress, tier, selected)),
    cross: (state, tiers, from, to) =>
      advance(state, crossingKind(tiers, from, to), (progress) => cross(progress, tiers, from, to)),
    step(state, rule, isCertain) {
      const kind = remember(ofRule[isCertain ? 1 : 0], rule, () =>
        kindOf(`${rule.action} ${rule.passTo} ${sets.of(rule.services)} ${isCertain}`),
      );
      return advance(state, kind, (progress) => steps.apply(progress, rule, isCertain));
    },
    branch: (state) => number(steps.branch(states.get(state))),
    join: (before, branches, tie) => number(steps.join(states.get(before), branches.map(states.get), tie.how)),
    isSettled: (state) => settled[state] as boolean,
    outcome(state, hasPoint) {
      return remember(final[hasPoint === 'yes' ? 'yes' : 'maybe'], state, () => {
        const { open, allow, drop, reject, unknown } = steps.finish(states.get(state));
        const reached = hasPoint === 'yes' ? allow : sets.union(allow, sets.of(ALL_SERVICES));
        const plain = sets.get;
        return outcomes.intern(
          settle({
            open: plain(open),
            allow: plain(reached),
            drop: plain(drop),
            reject: plain(reject),
            unknown: plain(unknown),
            waiting: [],
          }),
        );
      });
    },
    joinLayers: (a, b) => (a === -1 || a === b ? b : b === -1 ? a : byLayers(a, b)),
    joinPoints(out, into) {
      if (out === -1 || out === into) return into;
      if (into === -1 || into === everything) return out;
      return out === everything ? into : byPoints(out, into);
    },
  };
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

function progressKey({ open, allow, drop, reject, unknown, waiting }: Progress<number>): string {
  return `${open} ${allow} ${drop} ${reject} ${unknown}${waiting.map((item) => ` ${item.tier}:${item.services}`).join('')}`;
}

function outcomeKey(outcome: Outcome): string {
  return [outcome.allow, outcome.drop, outcome.reject, outcome.unknown].map(servicesKey).join('|');
}
