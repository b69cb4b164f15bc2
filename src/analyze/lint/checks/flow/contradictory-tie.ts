// lint/contradictory-tie: policies of one priority, or rules of one number, that meet on a flow which gets another verdict
// if the other one comes first, where the platform orders them by name or not at all. Where a tie is an error, `check`
// has refused it.

import { intersectBits, isEmptyBits, membersOf } from '../../../../base/bitset.ts';
import type { TriSet } from '../../../../base/tri-set.ts';
import { rankOf } from '../../../../compile/precedence.ts';
import type { CompiledLayer, CompiledRule } from '../../../../compile/ruleset.ts';
import type { Snapshot } from '../../../../engine/pipeline.ts';
import { isSelf } from '../../../../evaluate/evaluator.ts';
import type { Node } from '../../../../graph/universe.ts';
import type { Direction } from '../../../../model/policy.ts';
import { intersectServices, isNoServices } from '../../../../net/services.ts';
import type { LintCheck } from '../../kit/check.ts';
import type { Witness } from '../../kit/finding.ts';
import { makeFinding } from '../../kit/make.ts';
import { witnessBetween } from '../../kit/witness.ts';
import { type CellMatches, type LayerWalk, makeLayerWalk, type PointOutcome } from '../../liveness/layer-walk.ts';

export const contradictoryTie: LintCheck = {
  code: 'lint/contradictory-tie',
  *run({ snapshot }) {
    for (const layer of snapshot.evaluator.ruleset.layers) {
      const { ties } = layer.layer.dialect;
      if (ties !== 'by-name' && ties !== 'undefined') continue;
      for (const { a, b, witness } of findTies(snapshot, layer)) {
        const who = ties === 'by-name' ? 'their names say which comes first' : 'nothing says which comes first';
        yield makeFinding('lint/contradictory-tie', `\`${a.rule.id}\` and \`${b.rule.id}\` tie: ${who}`, b.rule.span, {
          layer: layer.layer.name,
          about: b.rule.id,
          notes: [{ message: `\`${a.rule.id}\` is here`, span: a.rule.span }],
          help: 'give one of them another number, lower to be tried first',
          witness,
        });
      }
    }
  },
};

interface FoundTie {
  readonly a: CompiledRule;
  readonly b: CompiledRule;
  readonly witness: Witness;
}

/** Pairs of classes that are tried for two rules, and in all. */
const MOST = 200;
const MOST_IN_ALL = 50_000;

/** One for each pair of tied members. */
function* findTies(snapshot: Snapshot, layer: CompiledLayer): Generator<FoundTie> {
  const { rules } = layer;
  const reported = new Set<string>();
  // Without ties the rules are tried as they are listed, so that both orders can be walked.
  const tiers = layer.tiers.map((tier) => ({ ...tier, ties: [] }));
  const walk = makeLayerWalk(snapshot.evaluator.lookup, { ...layer, tiers });
  const budget = { left: MOST_IN_ALL };
  for (const [i, a] of rules.entries()) {
    for (let j = i + 1; j < rules.length; j++) {
      const b = rules[j] as CompiledRule;
      if (b.tier !== a.tier || rankOf(b.policy) !== rankOf(a.policy)) break;
      if (!isTie(a, b) || (a.action === b.action && a.passTo === b.passTo)) continue;
      const pair = a.policy === b.policy ? `${a.rule.id} ${b.rule.id}` : `${a.policy.id} ${b.policy.id}`;
      if (reported.has(pair)) continue;
      const witness = findWitness(snapshot, walk, a, b, budget);
      if (witness === null) continue;
      reported.add(pair);
      yield { a, b, witness };
    }
  }
}

/** Different policies of one priority, or rules of one policy and number. */
function isTie(a: CompiledRule, b: CompiledRule): boolean {
  if (a.policy !== b.policy) return (a.out && b.out) || (a.in && b.in);
  const isNumbered = a.policy.rules.some((rule) => rule.sequence !== null);
  return isNumbered && (a.rule.sequence ?? 0) === (b.rule.sequence ?? 0);
}

/** A flow of both rules that gets another verdict at its point when `b` goes first, and that neither end hides. */
function findWitness(
  snapshot: Snapshot,
  walk: LayerWalk,
  a: CompiledRule,
  b: CompiledRule,
  budget: { left: number },
): Witness | null {
  if (budget.left <= 0) return null;
  const services = intersectServices(a.services, b.services);
  const [from, to] = [meet(a.source, b.source), meet(a.destination, b.destination)];
  if (isNoServices(services) || isEmptyBits(from) || isEmptyBits(to)) return null;
  const { evaluator } = snapshot;
  const { lookup, universe } = evaluator;
  const [own, names] = [walk.sets.of(services), [a.rule.id, b.rule.id]];
  let left = Math.min(MOST, budget.left);
  for (const source of oneOfEach(lookup.source.of, from)) {
    for (const destination of oneOfEach(lookup.destination.of, to)) {
      const [x, y] = [universe.nodes[source] as Node, universe.nodes[destination] as Node];
      if (x.family !== y.family || isSelf(x, y)) continue;
      if (left-- <= 0) return null;
      budget.left--;
      const cell = [lookup.source.of[source] as number, lookup.destination.of[destination] as number] as const;
      for (const direction of ['out', 'in'] as const) {
        const differing = walk.sets.intersect(own, orderMatters(walk, direction, cell, a, b));
        if (walk.sets.isEmpty(differing)) continue;
        const witness = witnessBetween(snapshot, source, destination, walk.sets.get(differing));
        const { points, verdict } = witness.decision;
        if (verdict === 'unknown' || points.some(({ rule }) => rule !== null && names.includes(rule))) return witness;
      }
    }
  }
  return null;
}

/** Services, by set number, of which the verdict at the point differs when the member of `b` goes before that of `a`. */
function orderMatters(
  walk: LayerWalk,
  direction: Direction,
  [source, destination]: readonly [number, number],
  a: CompiledRule,
  b: CompiledRule,
): number {
  const { sets } = walk;
  const nothing = sets.none;
  if (walk.hasPoint(direction, source, destination) === 'no') return nothing;
  const matches = walk.matches(direction, source, destination);
  if (!matches.rules.includes(a) || !matches.rules.includes(b)) return nothing;
  const first = walk.walk(direction, source, destination, matches).outcome;
  const second = walk.walk(direction, source, destination, withFirst(matches, b, a)).outcome;
  return VERDICTS.map((verdict) => sets.intersect(first[verdict], othersOf(second, verdict))).reduce(
    sets.union,
    nothing,
  );

  function othersOf(outcome: PointOutcome, verdict: (typeof VERDICTS)[number]): number {
    return VERDICTS.filter((other) => other !== verdict)
      .map((other) => outcome[other])
      .reduce(sets.union, nothing);
  }
}

const VERDICTS = ['allow', 'drop', 'reject'] as const;

/** The matches with all that belongs to the member of `first` before all that belongs to the member of `second`. */
function withFirst(matches: CellMatches, first: CompiledRule, second: CompiledRule): CellMatches {
  const isOf = (member: CompiledRule, rule: CompiledRule): boolean =>
    first.policy === second.policy
      ? rule.rule === member.rule
      : rule.policy === member.policy && rule.tier === member.tier;
  const all = matches.rules.map((rule, i) => ({ rule, isCertain: matches.isCertain[i] as boolean }));
  const moved = all.filter(({ rule }) => isOf(first, rule));
  const rest = all.filter(({ rule }) => !isOf(first, rule));
  const at = rest.findIndex(({ rule }) => isOf(second, rule));
  const ordered = rest.toSpliced(at, 0, ...moved);
  return { rules: ordered.map(({ rule }) => rule), isCertain: ordered.map(({ isCertain }) => isCertain) };
}

function meet(a: TriSet, b: TriSet): Uint32Array {
  return intersectBits(a.sure, b.sure);
}

/** One node of each class. */
function oneOfEach(classes: Int32Array, nodes: Uint32Array): readonly number[] {
  return [...new Map(membersOf(nodes).map((node) => [classes[node] as number, node])).values()];
}
