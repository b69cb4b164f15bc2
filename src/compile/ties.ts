// Finds ties that matter, where the dialect forbids them (semantics §5): two policies of one tier and priority whose
// rules share a point, overlap in source, destination and service, and differ in action.

import {
  addBit,
  type Bitset,
  emptyBitset,
  intersectBits,
  membersOf,
  orInto,
  overlapBits,
  subtractBits,
} from '../base/bitset.ts';
import { remember } from '../base/remember.ts';
import type { TriSet } from '../base/tri-set.ts';
import type { Policy } from '../model/policy.ts';
import { overlapsServices } from '../net/services.ts';
import { type Diagnostic, error } from '../text/diagnostic.ts';
import { rankOf } from './precedence.ts';
import type { CompiledRule, Ruleset } from './ruleset.ts';

/** One error for each policy that ties with an earlier one, at the first pair of rules that shows it. */
export function checkTies(ruleset: Ruleset): readonly Diagnostic[] {
  return ruleset.layers.flatMap(({ layer, rules, points }) => {
    if (layer.dialect.ties !== 'error') return [];
    const diagnostics: Diagnostic[] = [];
    for (let from = 0; from < rules.length; ) {
      const to = endOfRun(rules, from);
      for (const [a, b] of tiedIn(rules.slice(from, to), points)) {
        diagnostics.push(
          error('evaluate/tie', `\`${a.rule.id}\` and \`${b.rule.id}\` tie, and they differ`, b.rule.span, {
            notes: [{ message: `the same tier and priority ${a.policy.priority}`, span: a.rule.span }],
            help: `give policy \`${a.policy.id}\` or \`${b.policy.id}\` another priority, lower to be tried first`,
          }),
        );
      }
      from = to;
    }
    return diagnostics;
  });
}

/**
 * Pairs of rules of one tier and priority that tie, at most one for each policy of the second. Thousands of rules may
 * share a priority: those that meet at both ends are found by sets, and only they are compared.
 */
function tiedIn(rules: readonly CompiledRule[], points: TriSet): readonly (readonly [CompiledRule, CompiledRule])[] {
  if (new Set(rules.map(({ policy }) => policy)).size < 2 || new Set(rules.map(effectOf)).size < 2) return [];
  const same = rulesBy(rules, effectOf);
  const sources = meeting(rules, ({ source }) => source.possible);
  const destinations = meeting(rules, ({ destination }) => destination.possible);
  const found: [CompiledRule, CompiledRule][] = [];
  const reported = new Set<Policy>();
  for (const [index, b] of rules.entries()) {
    if (reported.has(b.policy)) continue;
    const candidates = subtractBits(intersectBits(sources(b), destinations(b)), same.get(effectOf(b)) as Bitset);
    const first = membersOf(candidates).find((other) => {
      const a = rules[other] as CompiledRule;
      return other < index && a.policy !== b.policy && meetSomewhere(a, b, points);
    });
    if (first === undefined) continue;
    found.push([rules[first] as CompiledRule, b]);
    reported.add(b.policy);
  }
  return found;
}

/** What a rule does; keeping state of what it allows is a part of it. */
function effectOf({ action, passTo, policy, rule }: CompiledRule): string {
  return `${action} ${passTo} ${action === 'allow' && (policy.stateless || rule.stateless)}`;
}

/** Positions of rules by what they have. */
function rulesBy<K>(rules: readonly CompiledRule[], keyOf: (rule: CompiledRule) => K): ReadonlyMap<K, Bitset> {
  const sets = new Map<K, Bitset>();
  for (const [index, rule] of rules.entries()) {
    addBit(
      remember(sets, keyOf(rule), () => emptyBitset(rules.length)),
      index,
    );
  }
  return sets;
}

/** The rules whose set meets that of a rule. Rules that name the same group share a set. */
function meeting(
  rules: readonly CompiledRule[],
  setOf: (rule: CompiledRule) => Bitset,
): (rule: CompiledRule) => Bitset {
  const bySet = rulesBy(rules, setOf);
  const known = new Map<Bitset, Bitset>();
  return (rule) =>
    remember(known, setOf(rule), () => {
      const all = emptyBitset(rules.length);
      for (const [set, own] of bySet) if (overlapBits(set, setOf(rule))) orInto(all, own);
      return all;
    });
}

function endOfRun(rules: readonly CompiledRule[], from: number): number {
  const first = rules[from] as CompiledRule;
  let to = from + 1;
  while (
    to < rules.length &&
    rules[to]?.tier === first.tier &&
    rankOf((rules[to] as CompiledRule).policy) === rankOf(first.policy)
  )
    to++;
  return to;
}

/** Whether two rules whose ends meet both match some flow at some point. */
function meetSomewhere(a: CompiledRule, b: CompiledRule, points: TriSet): boolean {
  if (a.family !== null && b.family !== null && a.family !== b.family) return false;
  if (!overlapsServices(a.services, b.services)) return false;
  return (
    (a.out && b.out && meetAll(points, a.source, b.source, a.present, b.present)) ||
    (a.in && b.in && meetAll(points, a.destination, b.destination, a.present, b.present))
  );
}

/** Whether some node is in all the sets: a point at which both rules are present and match. */
function meetAll(...sets: readonly TriSet[]): boolean {
  const [first, ...rest] = sets as readonly [TriSet, ...TriSet[]];
  for (let word = 0; word < first.possible.length; word++) {
    if (rest.reduce((bits, set) => bits & (set.possible[word] as number), first.possible[word] as number) !== 0)
      return true;
  }
  return false;
}
