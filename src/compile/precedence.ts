// The order in which the rules of a tier are tried, and which of them tie (semantics §5).
// The only code that orders rules: everything else keeps the order that it is given here.

import { compareText } from '../base/order.ts';
import type { Dialect } from '../model/dialect.ts';
import type { Policy, Rule } from '../model/policy.ts';

/** A member of a tier: a policy's rule, or several members that tie, or (in a tie) several in order. */
export type Ordered =
  | { readonly kind: 'rule'; readonly policy: Policy; readonly rule: Rule }
  | { readonly kind: 'sequence'; readonly of: readonly Ordered[] }
  | { readonly kind: 'tie'; readonly how: 'undefined' | 'deny-wins'; readonly of: readonly Ordered[] };

/**
 * Where a policy stands in its tier, lower first. One that is confined comes after all of its priority that are not, so that
 * a project can neither be before, nor tie with, what the provider says at the same number.
 */
export function rankOf({ priority, within }: Policy): number {
  return within === undefined ? priority : priority + 0.5;
}

/** Policies of one tier, by rank; equal ones as the dialect says. */
export function orderTier(policies: readonly Policy[], dialect: Dialect): Ordered {
  return {
    kind: 'sequence',
    of: runs(policies, rankOf).map((run) =>
      resolveTie(
        run,
        (policy) => policy.id,
        (policy) => orderPolicy(policy, dialect),
        dialect,
      ),
    ),
  };
}

/** Rules of one policy, from the top; where the platform numbers them, by number, and equal numbers tie. */
function orderPolicy(policy: Policy, dialect: Dialect): Ordered {
  const numbered = policy.rules.some((rule) => rule.sequence !== null);
  const toOrdered = (rule: Rule): Ordered => ({ kind: 'rule', policy, rule });
  if (!numbered) return { kind: 'sequence', of: policy.rules.map(toOrdered) };
  return {
    kind: 'sequence',
    of: runs(policy.rules, (rule) => rule.sequence ?? 0).map((run) =>
      resolveTie(run, (rule) => rule.id, toOrdered, dialect),
    ),
  };
}

function resolveTie<T>(
  run: readonly T[],
  name: (item: T) => string,
  order: (item: T) => Ordered,
  dialect: Dialect,
): Ordered {
  if (run.length === 1) return order(run[0] as T);
  switch (dialect.ties) {
    case 'undefined':
    case 'deny-wins':
      return tie(run.map(order), dialect.ties);
    case 'by-name':
      return { kind: 'sequence', of: [...run].sort((a, b) => compareText(name(a), name(b))).map(order) };
    // A tie that could matter is refused by `check`, so that declaration order decides only where it cannot be seen.
    case 'error':
      return { kind: 'sequence', of: run.map(order) };
  }
}

/** Members that all do the same can be tried in any order: no tie is left. Keeping state or not is a difference (§9). */
function tie(members: readonly Ordered[], how: 'undefined' | 'deny-wins'): Ordered {
  const effects = new Set(members.flatMap(effectsOf));
  return effects.size <= 1 ? { kind: 'sequence', of: members } : { kind: 'tie', how, of: members };
}

function effectsOf(item: Ordered): readonly string[] {
  if (item.kind !== 'rule') return item.of.flatMap(effectsOf);
  const { action, passTo, stateless } = item.rule;
  if (action === 'log') return [];
  const keepsState = action !== 'allow' || !(stateless || item.policy.stateless);
  return [`${action} ${passTo ?? ''} ${keepsState}`];
}

/** Sorted by number (stable), then split where it changes. */
function runs<T>(items: readonly T[], number: (item: T) => number): readonly (readonly T[])[] {
  const sorted = [...items].sort((a, b) => number(a) - number(b));
  const result: T[][] = [];
  for (const item of sorted) {
    const last = result.at(-1);
    if (last !== undefined && number(last[0] as T) === number(item)) last.push(item);
    else result.push([item]);
  }
  return result;
}
