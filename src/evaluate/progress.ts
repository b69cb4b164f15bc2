// How far the services of a flow have come at a point, while rules are tried: what is still open, and which verdicts
// can be reached. Exact for every service at once: each field is a set of services.
//
// A maybe leaves a service open and records what the rule would do; so a service ends with the set of all verdicts it
// can get when each maybe goes either way (semantics §4). One verdict is certain, several are unknown.

import type { Tri } from '../base/tri-set.ts';
import type { CompiledTier } from '../compile/ruleset.ts';
import {
  intersectServices,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  subtractServices,
  unionServices,
} from '../net/services.ts';

export interface Progress {
  /** Not decided yet, in the tier at hand. */
  readonly open: ServiceSet;
  /** Services that can get the verdict. A service may be in several. */
  readonly allow: ServiceSet;
  readonly drop: ServiceSet;
  readonly reject: ServiceSet;
  /** Unknown whatever the maybes do: undefined by the platform. */
  readonly unknown: ServiceSet;
  /** Services that have left for a later tier, by its index; ascending. */
  readonly waiting: readonly { readonly tier: number; readonly services: ServiceSet }[];
}

/** What a rule does to the services it matches. */
export interface Step {
  readonly services: ServiceSet;
  readonly action: 'allow' | 'drop' | 'reject' | 'pass';
  readonly passTo: number;
  readonly isCertain: boolean;
}

export function startProgress(services: ServiceSet): Progress {
  return {
    open: NO_SERVICES,
    allow: NO_SERVICES,
    drop: NO_SERVICES,
    reject: NO_SERVICES,
    unknown: NO_SERVICES,
    waiting: [{ tier: 0, services }],
  };
}

/** Whether no rule can change it any more. */
export function isSettled(progress: Progress): boolean {
  return progress.waiting.length === 0 && isNoServices(progress.open);
}

/** Opens a tier: takes what waits for it, and sets aside what the tier does not decide (semantics §10). */
export function enterTier(progress: Progress, tier: CompiledTier, selected: Tri): Progress {
  const entering = progress.waiting.find((item) => item.tier === tier.index)?.services ?? NO_SERVICES;
  const rest: Progress = {
    ...progress,
    open: entering,
    waiting: progress.waiting.filter((item) => item.tier !== tier.index),
  };
  if (tier.tier.decides === null) return rest;
  const outside = subtractServices(entering, tier.tier.decides);
  if (isNoServices(outside)) return rest;
  const inside: Progress = { ...rest, open: intersectServices(entering, tier.tier.decides) };
  const judged = selected === 'no' ? inside : { ...inside, unknown: unionServices(inside.unknown, outside) };
  return selected === 'yes' ? judged : sendTo(judged, tier.index + 1, outside);
}

export function applyStep(progress: Progress, step: Step): Progress {
  const matched = intersectServices(progress.open, step.services);
  if (isNoServices(matched)) return progress;
  const open = step.isCertain ? subtractServices(progress.open, matched) : progress.open;
  const rest: Progress = { ...progress, open };
  if (step.action === 'pass') return sendTo(rest, step.passTo, matched);
  return { ...rest, [step.action]: unionServices(rest[step.action], matched) };
}

/** Closes a tier: what no rule took gets the tier's default (semantics §5, §6). */
export function leaveTier(progress: Progress, tier: CompiledTier, selected: Tri): Progress {
  const { open } = progress;
  if (isNoServices(open)) return progress;
  const rest: Progress = { ...progress, open: NO_SERVICES };
  const { verdict, whereSelected } = tier.tier.default;
  const applies = whereSelected ? selected : 'yes';
  if (verdict === 'pass' || applies === 'no') return sendTo(rest, tier.index + 1, open);
  const decided: Progress = { ...rest, [verdict]: unionServices(rest[verdict], open) };
  return applies === 'yes' ? decided : sendTo(decided, tier.index + 1, open);
}

/** After the last tier nothing may wait; what does was passed on by a last tier that does not decide, and stays unknown. */
export function finish(progress: Progress): Progress {
  const left = progress.waiting.reduce((set, item) => unionServices(set, item.services), NO_SERVICES);
  return { ...progress, waiting: [], unknown: unionServices(progress.unknown, left) };
}

function sendTo(progress: Progress, tier: number, services: ServiceSet): Progress {
  const known = progress.waiting.find((item) => item.tier === tier);
  const others = progress.waiting.filter((item) => item.tier !== tier);
  const waiting = [
    ...others,
    { tier, services: known === undefined ? services : unionServices(known.services, services) },
  ];
  return { ...progress, waiting: waiting.sort((a, b) => a.tier - b.tier) };
}

/** What tied branches can do to the same open services, each started alone. */
export function joinTie(before: Progress, branches: readonly Progress[], how: 'undefined' | 'deny-wins'): Progress {
  const outcomes = branches.map((branch) => outcomesOf(before, branch));
  const joined = how === 'undefined' ? anyFirst(outcomes) : strongest(outcomes);
  let result: Progress = {
    ...before,
    open: joined.get('open') ?? NO_SERVICES,
    allow: unionServices(before.allow, joined.get('allow') ?? NO_SERVICES),
    drop: unionServices(before.drop, joined.get('drop') ?? NO_SERVICES),
    reject: unionServices(before.reject, joined.get('reject') ?? NO_SERVICES),
    unknown: unionServices(before.unknown, joined.get('unknown') ?? NO_SERVICES),
  };
  for (const [outcome, services] of joined) if (typeof outcome === 'number') result = sendTo(result, outcome, services);
  return result;
}

/** `open`: fell through. A number: passed to that tier. */
type Outcome = 'drop' | 'reject' | 'unknown' | 'allow' | 'open' | number;
type Outcomes = ReadonlyMap<Outcome, ServiceSet>;

/** A branch alone, started from the open services with nothing decided. */
export function startBranch(progress: Progress): Progress {
  return { ...startProgress(NO_SERVICES), open: progress.open, waiting: [] };
}

function outcomesOf(before: Progress, branch: Progress): Outcomes {
  const outcomes = new Map<Outcome, ServiceSet>([
    ['open', intersectServices(branch.open, before.open)],
    ['allow', branch.allow],
    ['drop', branch.drop],
    ['reject', branch.reject],
    ['unknown', branch.unknown],
  ]);
  for (const item of branch.waiting) outcomes.set(item.tier, item.services);
  return outcomes;
}

/** Each branch may be tried first: everything any of them does is possible, falling through only if all of them do. */
function anyFirst(branches: readonly Outcomes[]): Outcomes {
  return branches.reduce((a, b) => {
    const joined = new Map<Outcome, ServiceSet>();
    for (const outcome of new Set([...a.keys(), ...b.keys()])) {
      const [x, y] = [a.get(outcome) ?? NO_SERVICES, b.get(outcome) ?? NO_SERVICES];
      joined.set(outcome, outcome === 'open' ? intersectServices(x, y) : unionServices(x, y));
    }
    return joined;
  });
}

/** For every combination of what the branches can do, the strongest: drop, reject, unknown, allow, pass, fall through. */
function strongest(branches: readonly Outcomes[]): Outcomes {
  const rank = (outcome: Outcome): number =>
    typeof outcome === 'number' ? 4 : { drop: 0, reject: 1, unknown: 2, allow: 3, open: 6 }[outcome];
  return branches.reduce((a, b) => {
    const joined = new Map<Outcome, ServiceSet>();
    for (const [x, xs] of a) {
      for (const [y, ys] of b) {
        const both = intersectServices(xs, ys);
        if (isNoServices(both)) continue;
        const winner = rank(x) <= rank(y) ? x : y;
        joined.set(winner, unionServices(joined.get(winner) ?? NO_SERVICES, both));
      }
    }
    return joined;
  });
}
