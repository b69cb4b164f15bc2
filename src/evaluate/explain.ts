// Explains a decision: which policies isolate a workload whose default decided, and which rules nearly matched.

import { hasBit } from '../base/bitset.ts';
import { triValue } from '../base/tri-set.ts';
import { scopeOf } from '../compile/presence.ts';
import type { CompiledRule, IdleRule } from '../compile/ruleset.ts';
import type { Node } from '../graph/universe.ts';
import type { Peer } from '../model/peer.ts';
import type { Action, Direction } from '../model/policy.ts';
import type { Question } from '../model/question.ts';
import type { Family } from '../net/address.ts';
import { overlapsServices } from '../net/services.ts';
import type { Span } from '../text/source.ts';
import { type Decision, decide } from './decide.ts';
import type { Evaluator } from './evaluator.ts';
import type { PairTrace, PointTrace } from './trace.ts';

export type FailedField =
  | 'source'
  | 'destination'
  | 'service'
  | 'applied-to'
  | 'direction'
  | 'family'
  | IdleRule['because'];

/** A rule that would have changed the answer, had it matched. */
export interface NearMiss {
  readonly direction: Direction;
  readonly layer: string;
  readonly tier: string;
  readonly policy: string;
  readonly rule: string;
  readonly action: string;
  readonly span: Span | null;
  /** What did not match. */
  readonly failed: readonly FailedField[];
}

/** Policies that select the workload in a tier whose default decided (semantics §6). */
export interface Isolation {
  readonly direction: Direction;
  readonly layer: string;
  readonly tier: string;
  readonly policies: readonly { readonly id: string; readonly span: Span | null }[];
}

export interface Explanation extends Decision {
  readonly near: readonly NearMiss[];
  readonly isolatedBy: readonly Isolation[];
}

/** As `decide`, with at most `limit` near misses, the nearest first. */
export function explain(evaluator: Evaluator, question: Question, limit = 5): Explanation {
  const decision = decide(evaluator, question);
  const { trace } = decision;
  if (trace === null) return { ...decision, near: [], isolatedBy: [] };
  return {
    ...decision,
    near: nearMisses(evaluator, decision, trace).slice(0, limit),
    isolatedBy: trace.points.flatMap((point) => isolations(trace, point)),
  };
}

/** Rules of the other kind of action that fail in one field at the points that made the verdict, or else in two. */
function nearMisses(evaluator: Evaluator, decision: Decision, trace: PairTrace): readonly NearMiss[] {
  const close = rulesFailing(1, evaluator, decision, trace);
  return close.length > 0 ? close : rulesFailing(2, evaluator, decision, trace);
}

function rulesFailing(most: number, evaluator: Evaluator, decision: Decision, trace: PairTrace): readonly NearMiss[] {
  const near: (NearMiss & { readonly order: number })[] = [];
  for (const [index, point] of trace.points.entries()) {
    const verdict = decision.points[index]?.verdict ?? decision.verdict;
    if (decision.verdict !== 'allow' && verdict === 'allow') continue;
    for (const [{ rule, policy }, failed] of closest(most, evaluator, point, trace, decision.verdict !== 'allow')) {
      if (failed.length === 0) continue;
      near.push({
        direction: point.direction,
        layer: point.layer.layer.name,
        tier: policy.tier,
        policy: policy.id,
        rule: rule.id,
        action: rule.action,
        span: rule.span ?? policy.span,
        failed,
        order: near.length,
      });
    }
  }
  return near.sort((a, b) => distance(a) - distance(b) || a.order - b.order).map(({ order: _, ...item }) => item);
}

/** A rule that is there and lacks a port is nearer than one for other ends, and that nearer than one for other points. */
function distance({ failed }: NearMiss): number {
  const of = (field: FailedField): number => (field === 'service' ? 0 : field === 'applied-to' ? 2 : 1);
  return failed.reduce((sum, field) => sum + of(field), 0);
}

/** Each rule that allows (or denies) with what failed: of a rule with several meanings of its ports, the nearest one. */
function closest(
  most: number,
  evaluator: Evaluator,
  point: PointTrace,
  trace: PairTrace,
  wantsAllow: boolean,
): Iterable<readonly [CompiledRule | IdleRule, readonly FailedField[]]> {
  const best = new Map<string, readonly [CompiledRule | IdleRule, readonly FailedField[]]>();
  const consider = (candidate: CompiledRule | IdleRule, failed: readonly FailedField[]): void => {
    if (failed.length > most) return;
    const known = best.get(candidate.rule.id);
    if (known === undefined || failed.length < known[1].length) best.set(candidate.rule.id, [candidate, failed]);
  };
  const isWanted = (action: Action): boolean => (action === 'allow' || action === 'pass') === wantsAllow;
  for (const rule of point.layer.rules) {
    if (isWanted(rule.action) && !isFarOff(most, rule, point, trace))
      consider(rule, failedFields(evaluator, rule, point, trace));
  }
  for (const rule of point.layer.idle) {
    if (isWanted(rule.rule.action)) consider(rule, idleFailedFields(evaluator, rule, point, trace));
  }
  return best.values();
}

/** Whether too many fields fail without looking closer; so it is with most of the many rules of a layer. */
function isFarOff(
  most: number,
  rule: CompiledRule,
  { direction }: PointTrace,
  { source, destination }: PairTrace,
): boolean {
  let failed = rule[direction] ? 0 : 1;
  if (!hasBit(rule.source.possible, source)) failed++;
  if (!hasBit(rule.present.possible, direction === 'out' ? source : destination)) failed++;
  // As a destination or, with a port of another number, as a service.
  if (!hasBit(rule.destination.possible, destination)) failed++;
  return failed > most;
}

/** Which fields of a rule do not match; a maybe counts as matching. */
function failedFields(
  evaluator: Evaluator,
  candidate: CompiledRule,
  point: PointTrace,
  trace: PairTrace,
): readonly FailedField[] {
  const { rule } = candidate;
  const failed: FailedField[] = [];
  const own = point.direction === 'out' ? trace.source : trace.destination;
  if (!candidate[point.direction]) failed.push('direction');
  if (!hasBit(candidate.present.possible, own)) failed.push('applied-to');
  if (!hasBit(candidate.source.possible, trace.source)) failed.push('source');
  // A named port has another number elsewhere: then it is the service that fails, not the destination.
  const isHere = hasBit(candidate.destination.possible, trace.destination);
  const isElsewhere =
    !isHere &&
    rule.service.named.length > 0 &&
    triValue(evaluator.membership.evaluate(point.layer.index, rule.destination), trace.destination) !== 'no';
  if (!isHere && !isElsewhere) failed.push('destination');
  if (candidate.family !== null && candidate.family !== familyOf(evaluator, trace)) failed.push('family');
  if (isElsewhere || !overlapsServices(candidate.services, trace.services)) failed.push('service');
  return failed;
}

/** The same for a rule that takes no part; that is one of its failures. */
function idleFailedFields(
  evaluator: Evaluator,
  { policy, rule, because }: IdleRule,
  point: PointTrace,
  trace: PairTrace,
): readonly FailedField[] {
  const { membership } = evaluator;
  const layer = point.layer.index;
  const own = point.direction === 'out' ? trace.source : trace.destination;
  const meets = (peer: Peer, node: number): boolean => triValue(membership.evaluate(layer, peer), node) !== 'no';
  const scope = scopeOf(policy, rule);
  const isPresent = scope === null || triValue(membership.evaluateScope(layer, scope), own) !== 'no';
  const family = rule.family ?? policy.family;
  // What a named port of an idle rule means is not worked out.
  const { named, set } = rule.service;
  const fails: readonly (readonly [FailedField, boolean])[] = [
    ['direction', rule.direction !== 'both' && rule.direction !== point.direction],
    ['applied-to', !isPresent],
    ['source', !meets(rule.source, trace.source)],
    ['destination', !meets(rule.destination, trace.destination)],
    ['family', family !== null && family !== familyOf(evaluator, trace)],
    ['service', named.length === 0 && !overlapsServices(set, trace.services)],
    [because, true],
  ];
  return fails.filter(([, isFailed]) => isFailed).map(([field]) => field);
}

function familyOf({ universe }: Evaluator, trace: PairTrace): Family {
  return (universe.nodes[trace.source] as Node).family;
}

/** The policies behind a default that applies where selected. */
function isolations(trace: PairTrace, point: PointTrace): readonly Isolation[] {
  const own = point.direction === 'out' ? trace.source : trace.destination;
  return point.layer.tiers.flatMap((compiled) => {
    const { tier, selecting } = compiled;
    const decided = point.taken.some((step) => step.tier === compiled && step.rule === null);
    if (!tier.default.whereSelected || !decided) return [];
    return [
      {
        direction: point.direction,
        layer: point.layer.layer.name,
        tier: tier.name,
        policies: selecting[point.direction]
          .filter(({ nodes }) => hasBit(nodes.possible, own))
          .map(({ policy }) => ({ id: policy.id, span: policy.span })),
      },
    ];
  });
}
