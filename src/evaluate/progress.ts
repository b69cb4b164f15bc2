// How far the services of a flow have come at a point, while rules are tried: what is still open, and which verdicts
// can be reached. Exact for every service at once: each field is a set of services.
//
// A maybe leaves a service open and records what the rule would do; so a service ends with the set of all verdicts it
// can get when each maybe goes either way (semantics §4). One verdict is certain, several are unknown.
//
// Written over any representation of sets: plain ones where steps are explained, numbered ones where speed counts.

import type { Tri } from '../base/tri-set.ts';
import type { CompiledTier } from '../compile/ruleset.ts';
import type { ServiceSet } from '../net/services.ts';
import type { SetAlgebra } from './sets/set-algebra.ts';

export interface Progress<S> {
  /** Not decided yet, in the tier at hand. */
  readonly open: S;
  /** Services that can get the verdict. A service may be in several. */
  readonly allow: S;
  readonly drop: S;
  readonly reject: S;
  /** Unknown whatever the maybes do: undefined by the platform. */
  readonly unknown: S;
  /** Services that have left for a later tier, by its index; ascending. */
  readonly waiting: readonly { readonly tier: number; readonly services: S }[];
}

/** What a rule does to the services it matches. */
export interface Step {
  readonly services: ServiceSet;
  readonly action: 'allow' | 'drop' | 'reject' | 'pass';
  readonly passTo: number;
}

export interface ProgressSteps<S> {
  /** Before the first tier. */
  start(services: S): Progress<S>;
  /** Whether no rule can change it any more. */
  isSettled(progress: Progress<S>): boolean;
  /** Opens a tier: takes what waits for it, and sets aside what the tier does not decide (semantics §10). */
  enter(progress: Progress<S>, tier: CompiledTier, selected: Tri): Progress<S>;
  apply(progress: Progress<S>, step: Step, isCertain: boolean): Progress<S>;
  /** Closes a tier: what no rule took gets the tier's default (semantics §5, §6). */
  leave(progress: Progress<S>, tier: CompiledTier, selected: Tri): Progress<S>;
  /**
   * After the last tier nothing may wait; what does was passed on by a last tier that does not decide, and stays unknown.
   */
  finish(progress: Progress<S>): Progress<S>;
  /** A tied branch alone, started from the open services with nothing decided. */
  branch(progress: Progress<S>): Progress<S>;
  /** What tied branches can do to the same open services, each started alone. */
  join(before: Progress<S>, branches: readonly Progress<S>[], how: 'undefined' | 'deny-wins'): Progress<S>;
}

export function progressSteps<S>(sets: SetAlgebra<S>): ProgressSteps<S> {
  const { none, union, intersect, subtract, isEmpty } = sets;
  const nothing = { open: none, allow: none, drop: none, reject: none, unknown: none, waiting: [] };

  function sendTo(progress: Progress<S>, tier: number, services: S): Progress<S> {
    const known = progress.waiting.find((item) => item.tier === tier);
    const others = progress.waiting.filter((item) => item.tier !== tier);
    const sent = { tier, services: known === undefined ? services : union(known.services, services) };
    return { ...progress, waiting: [...others, sent].sort((a, b) => a.tier - b.tier) };
  }

  return {
    start: (services) => ({ ...nothing, waiting: [{ tier: 0, services }] }),
    isSettled: (progress) => progress.waiting.length === 0 && isEmpty(progress.open),
    enter(progress, tier, selected) {
      const entering = progress.waiting.find((item) => item.tier === tier.index)?.services ?? none;
      const waiting = progress.waiting.filter((item) => item.tier !== tier.index);
      const rest: Progress<S> = { ...progress, open: entering, waiting };
      if (tier.tier.decides === null) return rest;
      const decides = sets.of(tier.tier.decides);
      const outside = subtract(entering, decides);
      if (isEmpty(outside)) return rest;
      const inside: Progress<S> = { ...rest, open: intersect(entering, decides) };
      const judged = selected === 'no' ? inside : { ...inside, unknown: union(inside.unknown, outside) };
      return selected === 'yes' ? judged : sendTo(judged, tier.index + 1, outside);
    },
    apply(progress, step, isCertain) {
      const matched = intersect(progress.open, sets.of(step.services));
      if (isEmpty(matched)) return progress;
      const rest: Progress<S> = isCertain ? { ...progress, open: subtract(progress.open, matched) } : progress;
      if (step.action === 'pass') return sendTo(rest, step.passTo, matched);
      return { ...rest, [step.action]: union(rest[step.action], matched) };
    },
    leave(progress, tier, selected) {
      const { open } = progress;
      if (isEmpty(open)) return progress;
      const rest: Progress<S> = { ...progress, open: none };
      const { verdict, whereSelected } = tier.tier.default;
      const applies = whereSelected ? selected : 'yes';
      if (verdict === 'pass' || applies === 'no') return sendTo(rest, tier.index + 1, open);
      const decided: Progress<S> = { ...rest, [verdict]: union(rest[verdict], open) };
      return applies === 'yes' ? decided : sendTo(decided, tier.index + 1, open);
    },
    finish(progress) {
      const left = progress.waiting.reduce((all, item) => union(all, item.services), none);
      return { ...progress, waiting: [], unknown: union(progress.unknown, left) };
    },
    branch: (progress) => ({ ...nothing, open: progress.open }),
    join(before, branches, how) {
      const outcomes = branches.map((branch) => outcomesOf(sets, before, branch));
      const joined = how === 'undefined' ? anyFirst(sets, outcomes) : strongest(sets, outcomes);
      const of = (outcome: Outcome): S => joined.get(outcome) ?? none;
      let result: Progress<S> = {
        ...before,
        open: of('open'),
        allow: union(before.allow, of('allow')),
        drop: union(before.drop, of('drop')),
        reject: union(before.reject, of('reject')),
        unknown: union(before.unknown, of('unknown')),
      };
      for (const [outcome, services] of joined) {
        if (typeof outcome === 'number') result = sendTo(result, outcome, services);
      }
      return result;
    },
  };
}

/** `open`: fell through. A number: passed to that tier. */
type Outcome = 'drop' | 'reject' | 'unknown' | 'allow' | 'open' | number;
type Outcomes<S> = ReadonlyMap<Outcome, S>;

function outcomesOf<S>(sets: SetAlgebra<S>, before: Progress<S>, branch: Progress<S>): Outcomes<S> {
  const outcomes = new Map<Outcome, S>([
    ['open', sets.intersect(branch.open, before.open)],
    ['allow', branch.allow],
    ['drop', branch.drop],
    ['reject', branch.reject],
    ['unknown', branch.unknown],
  ]);
  for (const item of branch.waiting) outcomes.set(item.tier, item.services);
  return outcomes;
}

/** Each branch may be tried first: everything any of them does is possible, falling through only if all of them do. */
function anyFirst<S>(sets: SetAlgebra<S>, branches: readonly Outcomes<S>[]): Outcomes<S> {
  return branches.reduce((a, b) => {
    const joined = new Map<Outcome, S>();
    for (const outcome of new Set([...a.keys(), ...b.keys()])) {
      const [x, y] = [a.get(outcome) ?? sets.none, b.get(outcome) ?? sets.none];
      joined.set(outcome, outcome === 'open' ? sets.intersect(x, y) : sets.union(x, y));
    }
    return joined;
  });
}

/**
 * For every combination of what the branches can do, the strongest: drop, reject, unknown, allow, pass, fall through.
 * Passes to different tiers are equally strong, and either may be the one.
 */
function strongest<S>(sets: SetAlgebra<S>, branches: readonly Outcomes<S>[]): Outcomes<S> {
  const rank = (outcome: Outcome): number =>
    typeof outcome === 'number' ? 4 : { drop: 0, reject: 1, unknown: 2, allow: 3, open: 6 }[outcome];
  return branches.reduce((a, b) => {
    const joined = new Map<Outcome, S>();
    for (const [x, xs] of a) {
      for (const [y, ys] of b) {
        const both = sets.intersect(xs, ys);
        if (sets.isEmpty(both)) continue;
        for (const outcome of new Set([x, y])) {
          if (rank(outcome) > Math.min(rank(x), rank(y))) continue;
          joined.set(outcome, sets.union(joined.get(outcome) ?? sets.none, both));
        }
      }
    }
    return joined;
  });
}
