// The snapshot after an edit, from the one before it. What it is made of is the same as if it were built from nothing,
// step by step and number by number: universe, membership, ruleset, classes. An edit that is not recognised is built
// from nothing.

import { type Bitset, bitsetOf } from '../../base/bitset.ts';
import type { TriSet } from '../../base/tri-set.ts';
import { buildLookup } from '../../compile/lookup.ts';
import { lower } from '../../compile/lower.ts';
import type { RuleShift } from '../../compile/patch-rows.ts';
import type { CompiledLayer, CompiledRule, Ruleset } from '../../compile/ruleset.ts';
import { checkTies } from '../../compile/ties.ts';
import { createEvaluator } from '../../evaluate/evaluator.ts';
import { patchMembership } from '../../graph/patch-membership.ts';
import { patchUniverse } from '../../graph/patch-universe.ts';
import type { Layer } from '../../model/layer.ts';
import type { Instant } from '../../model/time.ts';
import { equalServices } from '../../net/services.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { buildSnapshot, type Snapshot } from '../pipeline.ts';

export interface NextSnapshot {
  readonly snapshot: Snapshot;
  /** What compiling found; where nothing was built anew, without what only merging worlds shows. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether nodes have kept their numbers and only what the edit touches was worked out. */
  readonly isPatched: boolean;
}

export function nextSnapshot(before: Snapshot, layers: readonly Layer[], at: Instant): NextSnapshot {
  const { evaluator } = before;
  const patched = patchUniverse(evaluator.universe, layers);
  if (patched === null) return { ...buildSnapshot(layers, { at }), isPatched: false };
  const membership = patchMembership(evaluator.membership, patched);
  const { ruleset, diagnostics } = lower(membership, at);
  const kept = whatIsKept(evaluator.ruleset, ruleset, patched.nodes);
  const lookup = buildLookup(ruleset, { lookup: evaluator.lookup, moved: patched.nodes, ...kept });
  return {
    snapshot: { layers, at, evaluator: createEvaluator(membership, lookup) },
    diagnostics: [...diagnostics, ...checkTies(ruleset)],
    isPatched: true,
  };
}

/** What the rulesets share, whatever they say of these nodes. */
function whatIsKept(
  a: Ruleset,
  b: Ruleset,
  nodes: readonly number[],
): { readonly shifts: readonly RuleShift[]; readonly sameSets: boolean } {
  const mask = bitsetOf(a.universe.nodes.length, nodes);
  const sameSet: SameSet = (x, y) =>
    x === y || (equalOutside(x.sure, y.sure, mask) && equalOutside(x.possible, y.possible, mask));
  const pairs = a.layers.map((layer, index) => [layer, b.layers[index] as CompiledLayer] as const);
  const shifts = pairs.map(([before, after]) => shiftBetween(before.rules, after.rules, sameSet));
  const sameSets =
    shifts.every(({ removed, added }) => removed === 0 && added === 0) &&
    pairs.every(([before, after]) => sameOrder(before, after) && samePoints(before, after, sameSet));
  return { shifts, sameSets };
}

type SameSet = (x: TriSet, y: TriSet) => boolean;

/** Everything between the rules that are the same from the first on and those that are from the last on. */
function shiftBetween(a: readonly CompiledRule[], b: readonly CompiledRule[], sameSet: SameSet): RuleShift {
  const shared = Math.min(a.length, b.length);
  let prefix = 0;
  while (prefix < shared && sameRule(a[prefix], b[prefix], sameSet)) prefix++;
  let suffix = 0;
  while (suffix < shared - prefix && sameRule(a.at(-1 - suffix), b.at(-1 - suffix), sameSet)) suffix++;
  return { prefix, removed: a.length - suffix - prefix, added: b.length - suffix - prefix };
}

function sameRule(a: CompiledRule | undefined, b: CompiledRule | undefined, sameSet: SameSet): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.rule === b.rule &&
    a.out === b.out &&
    a.in === b.in &&
    a.family === b.family &&
    (a.services === b.services || equalServices(a.services, b.services)) &&
    sameSet(a.source, b.source) &&
    sameSet(a.destination, b.destination) &&
    sameSet(a.present, b.present)
  );
}

/** Sets are told apart by the order in which they come: it must be the same for their classes to be. */
function sameOrder(a: CompiledLayer, b: CompiledLayer): boolean {
  return a.rules.length === b.rules.length && a.tiers.length === b.tiers.length;
}

function samePoints(a: CompiledLayer, b: CompiledLayer, sameSet: SameSet): boolean {
  return (
    sameSet(a.points, b.points) &&
    a.tiers.every(({ selected }, index) => {
      const other = b.tiers[index]?.selected ?? null;
      if (selected === null || other === null) return selected === other;
      return sameSet(selected.in, other.in) && sameSet(selected.out, other.out);
    })
  );
}

function equalOutside(a: Bitset, b: Bitset, mask: Bitset): boolean {
  if (a === b) return true;
  for (let i = 0; i < a.length; i++) {
    if ((((a[i] as number) ^ (b[i] as number)) & ~(mask[i] as number)) !== 0) return false;
  }
  return true;
}
