// Walks the rules of one layer at one point, tier by tier. The order itself comes with the ruleset (`compile/precedence`);
// what a step does to a state is the walker's: exact and explained (`trace`), or by number and remembered (`judge`).

import type { Tri } from '../base/tri-set.ts';
import type { CompiledLayer, CompiledRule, CompiledTier, Tie } from '../compile/ruleset.ts';

/** The rules that match a pair at a point, in order, and which of them match for certain. */
export interface Matches {
  readonly rules: readonly CompiledRule[];
  readonly isCertain: readonly boolean[];
}

export interface Walker<S> {
  enter(state: S, tier: CompiledTier, selected: Tri): S;
  step(state: S, rule: CompiledRule, isCertain: boolean): S;
  leave(state: S, tier: CompiledTier, selected: Tri): S;
  /** A state for one tied branch, and the state after all of them. */
  branch(state: S): S;
  join(before: S, branches: readonly S[], tie: Tie): S;
  isSettled(state: S): boolean;
}

/** The state after the last tier. `selected` says whether a tier selects the point (asked only where it matters). */
export function walkLayer<S>(
  walker: Walker<S>,
  start: S,
  layer: CompiledLayer,
  matches: Matches,
  selected: (tier: CompiledTier) => Tri,
): S {
  let state = start;
  let from = 0;
  for (const tier of layer.tiers) {
    const chosen = tier.selected === null ? 'no' : selected(tier);
    let to = from;
    while (to < matches.rules.length && (matches.rules[to] as CompiledRule).index < tier.to) to++;
    state = walker.enter(state, tier, chosen);
    state = walkRange(walker, state, matches, from, to, tier.ties);
    state = walker.leave(state, tier, chosen);
    if (walker.isSettled(state)) break;
    from = to;
  }
  return state;
}

/** Tries matches from..to-1 in order; those inside a tie are tried branch by branch. */
function walkRange<S>(
  walker: Walker<S>,
  start: S,
  matches: Matches,
  from: number,
  to: number,
  ties: readonly Tie[],
): S {
  let state = start;
  let next = 0;
  for (let i = from; i < to; ) {
    const rule = matches.rules[i] as CompiledRule;
    while (next < ties.length && (ties[next] as Tie).to <= rule.index) next++;
    const tie = ties[next];
    if (tie === undefined || rule.index < tie.from) {
      state = walker.step(state, rule, matches.isCertain[i] as boolean);
      i++;
      continue;
    }
    let end = i;
    while (end < to && (matches.rules[end] as CompiledRule).index < tie.to) end++;
    state = walkTie(walker, state, matches, i, end, tie);
    i = end;
  }
  return state;
}

/** Branches without a match do nothing; one that stands alone is simply next. */
function walkTie<S>(walker: Walker<S>, state: S, matches: Matches, from: number, to: number, tie: Tie): S {
  const parts: (readonly [number, number, readonly Tie[]])[] = [];
  let i = from;
  for (const branch of tie.branches) {
    const start = i;
    while (i < to && (matches.rules[i] as CompiledRule).index < branch.to) i++;
    if (i > start) parts.push([start, i, branch.ties]);
  }
  const only = parts[0];
  if (parts.length === 1 && only !== undefined) return walkRange(walker, state, matches, only[0], only[1], only[2]);
  const branches = parts.map(([start, end, ties]) =>
    walkRange(walker, walker.branch(state), matches, start, end, ties),
  );
  return walker.join(state, branches, tie);
}
